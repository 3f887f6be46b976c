"""What a condition says of plain facts, worked out slowly from its text; shares no code with the engines.

Drafted cases take their expectations from here, and failed cases their reasons.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any as Anything

from tactician.facts.client import Client, Item, Segment
from tactician.facts.item_weights import FULL, divide
from tactician.facts.measures import measure
from tactician.facts.vocabulary import FactSpec, Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.expressions import Expression, Fact, Number, Operation
from tactician.knowledge.rules import DerivedFact, Rulebase

Truth = bool | None
"""True, false, or None for unknown."""

COMPARE = {
    "==": operator.eq, "!=": operator.ne, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
CALCULATE: dict[str, Callable[[Anything, Anything], Anything]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "min": min, "max": max,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """What is known about one segment of one client; concluded facts are worked out when asked for."""

    rulebase: Rulebase
    facts: Mapping[str, Value]
    """The stated facts of the business, the offering and the segment."""
    segment: Segment
    concluded: dict[str, Value | None] = field(default_factory=dict)

    @staticmethod
    def of(client: Client, index: int, rulebase: Rulebase) -> View:
        """The view of one segment of a client."""
        segment = client.segments[index]
        return View(rulebase, {**client.facts, **segment.facts}, segment)

    def value(self, fact: str) -> Value | None:
        """The value of a fact, stated or concluded; None when it is unknown."""
        derived = self.rulebase.derived_by_id.get(fact)
        if derived is None:
            return self.facts.get(fact)
        if fact not in self.concluded:
            self.concluded[fact] = self._conclude(derived)
        return self.concluded[fact]

    def truth(self, element: Element) -> Truth:
        """Whether a condition is true, false or unknown."""
        match element:
            case Test(fact):
                return self._holds(element, self.value(fact))
            case Known(fact):
                return self.value(fact) is not None
            case Some(kind, where) | No(kind, where):
                found = self._some(kind, where)
                return found if isinstance(element, Some) or found is None else not found
            case All(parts):
                return every(self.truth(part) for part in parts)
            case Any(parts):
                return some(self.truth(part) for part in parts)

    def passing(self, kind: str, where: Iterable[Test]) -> tuple[Item, ...]:
        """The items of a kind that pass every test."""
        return tuple(item for item in self.segment.items.get(kind, ()) if self._passes(item, where))

    def strength(self, element: Element) -> int:
        """The item weight, in thousandths, of a condition that is true."""
        match element:
            case Some(kind, where):
                return max(self._weight(item) for item in self.passing(kind, where))
            case All(parts):
                return min((self.strength(part) for part in parts), default=FULL)
            case Any(parts):
                return max(self.strength(part) for part in parts if self.truth(part))
        return FULL

    def _some(self, kind: str, where: tuple[Test, ...]) -> Truth:
        items = self.segment.items.get(kind)
        return None if items is None else some(self._passes(item, where) for item in items)

    def _passes(self, item: Item, where: Iterable[Test]) -> Truth:
        return every(self._holds(test, item.attributes.get(_bare(test.fact))) for test in where)

    def _holds(self, test: Test, value: Value | None) -> Truth:
        return None if value is None else holds(test, value, self.rulebase.specs[test.fact])

    def _weight(self, item: Item) -> int:
        weight = FULL
        for attribute, table in self.rulebase.parameters.item_weights.items():
            if attribute.startswith(f"{item.kind}."):
                typical = self.rulebase.vocabulary[attribute].typical
                weight = divide(weight * table[str(item.attributes.get(_bare(attribute), typical))], FULL)
        return weight

    def _conclude(self, fact: DerivedFact) -> Value | None:
        if fact.measure:
            base = self.rulebase
            steps = measure(fact.measure, self.facts, self.segment, base.vocabulary, base.parameters)
            return None if steps is None else steps.value
        if fact.expression is not None:
            return self._compute(fact.expression)
        for entry in fact.entries:
            decided = True if entry.when is None else self.truth(entry.when)
            if decided is not False:
                return entry.value if decided else None
        return None

    def _compute(self, expression: Expression) -> Value | None:
        match expression:
            case Number(value):
                return value
            case Fact(name):
                return self.value(name)
            case Operation("coalesce", (first, second)):
                known = self._compute(first)
                return self._compute(second) if known is None else known
            case Operation(op, parts):
                inputs = [self._compute(part) for part in parts]
                return None if None in inputs else reduce(CALCULATE[op], inputs)
        raise AssertionError(expression)


def holds(test: Test, value: Value, spec: FactSpec) -> bool:
    """Whether a known value passes a test, going by its operator and constants; levels compare by their order."""
    if test.op in ("in", "not in"):
        return (value in test.values) == (test.op == "in")
    at, *bounds = (_rank(each, spec) for each in (value, *test.values))
    if test.op in ("between", "outside"):
        return (bounds[0] <= at <= bounds[1]) == (test.op == "between")
    return bool(COMPARE[test.op](at, bounds[0]))


def every(truths: Iterable[Truth]) -> Truth:
    """Kleene's and."""
    found = set(truths)
    return False if False in found else None if None in found else True


def some(truths: Iterable[Truth]) -> Truth:
    """Kleene's or."""
    found = set(truths)
    return True if True in found else None if None in found else False


def _rank(value: Value, spec: FactSpec) -> float:
    return float(value) if spec.is_number else spec.values.index(value)


def _bare(attribute: str) -> str:
    return attribute.partition(".")[2]
