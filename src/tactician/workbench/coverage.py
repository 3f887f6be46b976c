"""Which rules and conditions some cases and clients have seen true, false and unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from tactician.errors import Place
from tactician.facts.client import Client
from tactician.inference.direct import DirectEngine, engine_for
from tactician.knowledge.conditions import Element, Known, leaves
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rule, Rulebase
from tactician.workbench.case_files import find_case_files, read_cases
from tactician.workbench.case_folders import cases_for, pack_folders, read_clients
from tactician.workbench.case_kinds import Lack, lacking, stated_outcomes, written_conditions
from tactician.workbench.cases import CaseFile
from tactician.workbench.notation import show

OUTCOMES = ("true", "false", "unknown")


@dataclass(frozen=True, slots=True)
class ConditionCoverage:
    """One condition element of a rule and what it has been seen to be."""

    text: str
    possible: tuple[str, ...]
    """The outcomes it can have: being known is never unknown."""
    seen: tuple[str, ...]

    @property
    def unseen(self) -> tuple[str, ...]:
        """The outcomes it has not been seen to have."""
        return tuple(outcome for outcome in self.possible if outcome not in self.seen)


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """One rule: what its whole condition has been seen to be, and what cases say of it."""

    rule: str
    place: Place
    seen: tuple[str, ...]
    stated: tuple[str, ...]
    """The outcomes that some case expects of it."""
    conditions: tuple[ConditionCoverage, ...]

    @property
    def fired(self) -> bool:
        """Whether it has fired."""
        return "true" in self.seen


@dataclass(frozen=True, slots=True)
class FactCoverage:
    """A concluded fact: whether it has been seen known and unknown."""

    fact: str
    place: Place
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a rulebase, rules in order of files."""

    rules: tuple[RuleCoverage, ...]
    facts: tuple[FactCoverage, ...]
    lacks: tuple[Lack, ...]
    """The kinds of cases that rules lack."""
    cases: int
    clients: int

    @property
    def rules_fired(self) -> tuple[int, int]:
        """How many rules have fired, of how many."""
        return sum(rule.fired for rule in self.rules), len(self.rules)

    @property
    def outcomes_seen(self) -> tuple[int, int]:
        """How many outcomes of condition elements have been seen, of how many."""
        return outcomes_of(self.rules)

    def within(self, folders: tuple[str, ...]) -> Coverage:
        """The coverage of the rules and facts in some folders only, by the same cases and clients."""
        return replace(
            self,
            rules=tuple(rule for rule in self.rules if rule.place.file.startswith(folders)),
            facts=tuple(fact for fact in self.facts if fact.place.file.startswith(folders)),
            lacks=tuple(lack for lack in self.lacks if lack.place.file.startswith(folders)),
        )

    @property
    def by_file(self) -> Mapping[str, tuple[RuleCoverage, ...]]:
        """The rules of each file of the rulebase."""
        files: dict[str, list[RuleCoverage]] = {}
        for rule in self.rules:
            files.setdefault(rule.place.file, []).append(rule)
        return {file: tuple(rules) for file, rules in files.items()}


def outcomes_of(rules: Iterable[RuleCoverage]) -> tuple[int, int]:
    """How many outcomes of the condition elements of some rules have been seen, of how many."""
    conditions = [condition for rule in rules for condition in rule.conditions]
    return sum(len(c.possible) - len(c.unseen) for c in conditions), sum(len(c.possible) for c in conditions)


def percent(seen: tuple[int, int]) -> float:
    """A part of a whole in percent; nothing of nothing is everything."""
    return 100 * seen[0] / seen[1] if seen[1] else 100.0


def coverage_of(
    folders: Sequence[Path],
    cases: str | None = None,
    clients: str | None = None,
    *,
    cases_only: bool = False,
    every: bool = False,
) -> Coverage:
    """What is seen of the rules in the packs among these folders, or of `every` rule; raises TacticianError.

    Counted are the cases at a path, else those beside the rules, and client files, else the example clients.
    """
    rulebase = load_rulebase(*folders)
    files = read_cases(find_case_files(cases_for(cases, folders)), rulebase)
    measured = measure_coverage(rulebase, files, () if cases_only else read_clients(clients, rulebase))
    packs = pack_folders(folders)
    return measured.within(packs) if packs and not every else measured


def measure_coverage(
    rulebase: Rulebase, files: Sequence[CaseFile], clients: Sequence[Client] = ()
) -> Coverage:
    """The coverage by the clients of some cases, and by other clients."""
    cases = [case for file in files for case in file.cases]
    tally = _Tally(engine_for(rulebase))
    for client in (*(case.client for case in cases), *clients):
        tally.take(client)
    stated = stated_outcomes(files)
    written = written_conditions(rulebase)
    rules = sorted(rulebase.rules, key=lambda rule: (_order(rule.place), rule.id))
    facts = [FactCoverage(fact.spec.id, fact.place, tally.known(fact.spec.id)) for fact in rulebase.derived]
    return Coverage(
        tuple(_rule(rule, written[rule.id], tally, stated.get(rule.id, set())) for rule in rules),
        tuple(facts),
        tuple(lacking(rulebase, files)),
        len(cases),
        len(clients),
    )


class _Tally:
    """What every bit of the direct engine has been."""

    def __init__(self, engine: DirectEngine) -> None:
        self.engine = engine
        self.true = self.false = self.unknown = 0
        self.whole = (1 << len(engine.bits.elements)) - 1
        self.facts: dict[str, set[str]] = {}

    def take(self, client: Client) -> None:
        """Adds what the conditions are for each segment of a client."""
        for index in range(len(client.segments)):
            state = self.engine.settle(client, index)
            self.true |= state.true
            self.false |= state.false
            self.unknown |= self.whole & ~(state.true | state.false)
            for fact in self.engine.rulebase.derived:
                known = "known" if fact.spec.id in state.values else "unknown"
                self.facts.setdefault(fact.spec.id, set()).add(known)

    def seen(self, element: Element) -> tuple[str, ...]:
        """What a condition has been."""
        position = self.engine.bits.position(element)
        masks = zip(OUTCOMES, (self.true, self.false, self.unknown), strict=True)
        return tuple(outcome for outcome, mask in masks if mask >> position & 1)

    def known(self, fact: str) -> tuple[str, ...]:
        """Whether a fact has been known, unknown, or both."""
        return tuple(sorted(self.facts.get(fact, ())))


def _rule(rule: Rule, written: Element | None, tally: _Tally, stated: set[str]) -> RuleCoverage:
    distinct = dict.fromkeys(leaves(written)) if written is not None else {}
    conditions = (
        ConditionCoverage(show(leaf), OUTCOMES[:2] if isinstance(leaf, Known) else OUTCOMES, tally.seen(leaf))
        for leaf in distinct
    )
    return RuleCoverage(
        rule.id,
        rule.place,
        tally.seen(rule.when),
        tuple(outcome for outcome in OUTCOMES if outcome in stated),
        tuple(conditions),
    )


def _order(place: Place) -> tuple[str, int]:
    return str(PurePosixPath(place.file)), place.line or 0
