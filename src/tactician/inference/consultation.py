"""What an engine finds out about one client: derived facts, fired rules and decided rules, segment by segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tactician.facts.client import Client
from tactician.facts.vocabulary import Value
from tactician.knowledge.rules import Rulebase


@dataclass(frozen=True, slots=True, order=True)
class Witness:
    """Something in working memory that helped to satisfy a condition.

    Either a fact with its value (`segment.price_sensitivity`, `high`), or an item (fact is its kind, value its id),
    or, for a `no` element, the list it looked through (fact is the kind, value None).
    """

    fact: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Firing:
    """That a rule's condition is true. `item_weight` is in thousandths; witnesses are sorted and without repetition.

    Of an `any`, the witnesses of all true branches count; of a `some`, every item that passes.
    """

    rule: str
    item_weight: int
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The value of a derived fact and what gave it: a rule id, or the fact's own id for expressions and measures."""

    fact: str
    value: Value
    rule: str
    witnesses: tuple[Witness, ...]
    arithmetic: object = None
    """For measures, the steps (a frozen value of facts.measures); else None."""


@dataclass(frozen=True)
class SegmentFindings:
    """Everything concluded in one segment."""

    derived: Mapping[str, Conclusion]
    """Known derived facts by id; one that is missing is unknown."""
    fired: Mapping[str, Firing]
    """Rules whose condition is true, by id, in the order of the rulebase."""
    refuted: frozenset[str]
    """Those rules with `Rule.refutable` whose condition is known to be false; neither fired nor refuted is undecided."""


@dataclass(frozen=True)
class Consultation:
    """One run for one client: the same on every engine."""

    client: Client
    rulebase: Rulebase
    segments: tuple[SegmentFindings, ...]
    engine: str = field(compare=False, default="")
