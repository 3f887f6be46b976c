"""What an engine finds out about one client, segment by segment: derived facts, fired and refuted rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tactician.facts.client import Client
from tactician.facts.vocabulary import Value
from tactician.knowledge.rules import Rulebase


@dataclass(frozen=True, slots=True)
class Witness:
    """Something in working memory that helped to satisfy a condition.

    Either a fact with its value (`segment.price_sensitivity`, `high`), or an item (fact is its kind, value its
    id), or, for a `no` element, the list it looked through (fact is the kind, value None).
    """

    fact: str
    value: Value | None


def in_order(witnesses: Iterable[Witness]) -> tuple[Witness, ...]:
    """Witnesses without repetition, by fact and then by value as text: the order of every engine."""
    found = {(witness.fact, str(witness.value)): witness for witness in witnesses}
    return tuple(found[key] for key in sorted(found))


@dataclass(frozen=True, slots=True)
class Firing:
    """That a rule's condition is true. `item_weight` is in thousandths; witnesses are `in_order`.

    Of an `any`, the witnesses of all true branches count; of a `some`, every item that passes.
    """

    rule: str
    item_weight: int
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The value of a derived fact and what gave it: a rule, or for expressions and measures the fact itself."""

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
    """Known derived facts by id; a missing one is unknown. Measures have `arithmetic` instead of witnesses."""
    fired: Mapping[str, Firing]
    """Rules whose condition is true, by id, in the order of the rulebase."""
    refuted: frozenset[str]
    """The rules with `Rule.refutable` whose condition is known to be false; the others are fired or undecided."""

    def __repr__(self) -> str:
        return f"<SegmentFindings: derived facts: {len(self.derived)}, rules fired: {len(self.fired)}>"


@dataclass(frozen=True)
class Consultation:
    """One run for one client: the same on every engine."""

    client: Client
    rulebase: Rulebase
    segments: tuple[SegmentFindings, ...]
    engine: str = field(compare=False, default="")

    def __repr__(self) -> str:
        fired = sum(len(found.fired) for found in self.segments)
        return f"<Consultation for {self.client.id}: segments: {len(self.segments)}, rules fired: {fired}>"
