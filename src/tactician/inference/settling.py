"""What a rulebase fixes before any client: the order in which conditions are settled, and which of them weigh."""

from __future__ import annotations

from tactician.inference.truth_table import Composite, ConditionBits
from tactician.knowledge.conditions import Known, Some, Test
from tactician.knowledge.rules import DerivedFact, Rulebase

Stage = tuple[tuple[DerivedFact, ...], tuple[Composite, ...]]


def stages(bits: ConditionBits, rulebase: Rulebase) -> tuple[Stage, ...]:
    """By rising stratum: the facts concluded in it, and the composites that are settled once they are."""
    stratum_of = {fact.spec.id: fact.stratum for fact in rulebase.derived}
    level: list[int] = []
    for position, element in enumerate(bits.elements):
        composite = bits.composites.get(position)
        if composite is not None:
            level.append(max((level[part] for part in composite.parts), default=0))
        else:
            level.append(stratum_of.get(element.fact, 0) if isinstance(element, Test | Known) else 0)
    top = max(stratum_of.values(), default=0)
    return tuple(
        (
            tuple(fact for fact in rulebase.derived if fact.stratum == stratum),
            tuple(composite for at, composite in sorted(bits.composites.items()) if level[at] == stratum),
        )
        for stratum in range(top + 1)
    )


def weighted(bits: ConditionBits) -> frozenset[int]:
    """The positions whose strength may differ from 1: those that contain a `some`."""
    found: set[int] = set()
    for position, element in enumerate(bits.elements):
        composite = bits.composites.get(position)
        parts = composite.parts if composite else ()
        if isinstance(element, Some) or any(part in found for part in parts):
            found.add(position)
    return frozenset(found)


def conjunctions(bits: ConditionBits) -> dict[int, tuple[str, ...]]:
    """The facts, in order, of conditions that are nothing but tests of facts that all have to pass."""
    found: dict[int, tuple[str, ...]] = {}
    for position, element in enumerate(bits.elements):
        composite = bits.composites.get(position)
        if isinstance(element, Test | Known):
            found[position] = (element.fact,)
        elif composite and composite.is_all and all(part in found for part in composite.parts):
            found[position] = tuple(sorted({fact for part in composite.parts for fact in found[part]}))
    return found
