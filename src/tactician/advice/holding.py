"""Whether a condition that stands in process data is true in a segment, after everything was concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from tactician.facts.client import Item
from tactician.facts.vocabulary import Value
from tactician.inference import truth_table
from tactician.inference.consultation import Consultation
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test


def holds(consultation: Consultation, segment: int, condition: Element | None) -> bool:
    """Whether a condition is true in a segment; what is unknown is not. No condition always holds."""
    if condition is None:
        return True
    client, found = consultation.client, consultation.segments[segment]
    concluded = {name: conclusion.value for name, conclusion in found.derived.items()}
    values = {**client.facts, **client.segments[segment].facts, **concluded}
    return _Segment(values, client.segments[segment].items).holds(condition)


class _Segment:
    def __init__(self, values: Mapping[str, Value], items: Mapping[str, Sequence[Item]]) -> None:
        self.values = values
        self.items = items

    def holds(self, element: Element) -> bool:
        match element:
            case Test(fact):
                return passes(element, self.values.get(fact)) is True
            case Known(fact):
                return fact in self.values
            case Some(kind, where):
                return any(_passes(item, where) is True for item in self.items.get(kind, ()))
            case No(kind, where):
                return kind in self.items and all(_passes(item, where) is False for item in self.items[kind])
            case All(parts):
                return all(self.holds(part) for part in parts)
            case Any(parts):
                return any(self.holds(part) for part in parts)


def passes(test: Test, value: Value | None) -> bool | None:
    """Whether a value passes a test; None when there is none."""
    if value is None:
        return None
    if test.allowed is not None:
        return value in test.allowed
    return truth_table.passes(test.op, cast(tuple[float, ...], test.values), cast(float, value))


def _passes(item: Item, where: Sequence[Test]) -> bool | None:
    truths = [passes(test, item.attributes.get(test.fact.partition(".")[2])) for test in where]
    return False if False in truths else None if None in truths else True
