"""What a case is: the facts of a client and what must hold of them, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tactician.errors import Place
from tactician.facts.client import Client

RULE_KINDS = ("fires", "silent", "undecided", "evidence", "warns")
"""Kinds of expectation whose subject is a rule."""
PLAN_KINDS = ("rank", "outranks", "horizon", "warns", "prepares", "checks")
"""Kinds of expectation that need the ranking or the plan, and hold of the client as a whole."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that must hold."""

    kind: str
    """The key it stands under in the case file: `fires`, `derived`, `rank` …"""
    subject: str
    """The id of a rule, fact or record."""
    expected: object
    """True where the subject says all; else points, a value, a range of ranks, horizons, a rule or a record."""
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """A client, often with no more than the few facts that matter, and what must hold of it."""

    name: str
    """A sentence."""
    client: Client
    expectations: tuple[Expectation, ...]
    place: Place
    segments: tuple[int, ...]
    """The positions of the segments in which expectations about rules and facts must hold."""
    margin: float
    """How far numbers may be off."""
    drafted: bool = False
    """Whether it was drafted from the rules and may be drafted again."""

    @property
    def needs_plan(self) -> bool:
        """Whether it speaks of the ranking or the plan, not only of rules and facts."""
        return any(expectation.kind in PLAN_KINDS for expectation in self.expectations)

    @property
    def rules(self) -> frozenset[str]:
        """The rules it names."""
        named = {each.subject for each in self.expectations if each.kind in RULE_KINDS}
        return frozenset(
            named | {str(e.expected) for e in self.expectations if e.kind in ("prepares", "checks")}
        )


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one file, in its order."""

    file: str
    """As people are shown it."""
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that should hold and does not."""

    expectation: Expectation
    expected: str
    found: str
    why: str = ""
    """Which condition decided it, with the value it met."""
    segment: str = ""
    """Where, in a case with several segments."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case."""

    name: str
    place: Place
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything held."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What came of all cases, file by file."""

    files: Mapping[str, tuple[CaseResult, ...]]

    @property
    def results(self) -> tuple[CaseResult, ...]:
        """Every result, in order."""
        return tuple(result for results in self.files.values() for result in results)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases in which something did not hold."""
        return tuple(result for result in self.results if not result.passed)
