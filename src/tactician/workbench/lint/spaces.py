"""The values a test can tell apart, and what one condition says of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod

from tactician.facts.vocabulary import FactSpec, Value
from tactician.knowledge.conditions import All, Any, Element, Known, Leaf, No, Some, Test, leaves
from tactician.knowledge.rules import Rulebase
from tactician.workbench.second_opinion import holds

MOST_WAYS = 64
"""Ways to meet a condition that are compared; beyond it nothing is claimed."""
Values = frozenset[Value]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to meet a condition: the values each fact may have, and the item elements that must hold."""

    facts: Mapping[str, Values]
    items: frozenset[Some | No]
    known: frozenset[str]

    @property
    def possible(self) -> bool:
        """Whether every fact has a value left."""
        return all(self.facts.values())

    @property
    def names(self) -> frozenset[str]:
        """The facts it speaks of."""
        return frozenset(self.facts)


class Spaces:
    """Every fact of a rulebase as the finite set of values that its tests can tell apart."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.specs = rulebase.specs
        cuts: dict[str, set[float]] = {}
        for test in _tests(rulebase):
            if self.specs[test.fact].is_number:
                cuts.setdefault(test.fact, set()).update(float(value) for value in test.values)
        self._numbers = {fact: _points(sorted(found), self.specs[fact]) for fact, found in cuts.items()}

    def of(self, fact: str) -> Values:
        """Every value of a fact that can make a difference."""
        spec = self.specs[fact]
        return self._numbers.get(fact, frozenset()) if spec.is_number else frozenset(spec.values)

    def passing(self, test: Test) -> Values:
        """The values that pass a test."""
        spec = self.specs[test.fact]
        return frozenset(value for value in self.of(test.fact) if holds(test, value, spec))

    def ways(self, element: Element) -> tuple[Way, ...]:
        """The ways to meet a condition; empty when there are too many to compare."""
        return () if _count(element) > MOST_WAYS else tuple(self._ways(element))

    def _ways(self, element: Element) -> Iterator[Way]:
        match element:
            case All(parts):
                for chosen in product(*(tuple(self._ways(part)) for part in parts)):
                    yield _joined(chosen)
            case Any(parts):
                for part in parts:
                    yield from self._ways(part)
            case Test(fact):
                yield Way({fact: self.passing(element)}, frozenset(), frozenset())
            case Known(fact):
                yield Way({}, frozenset(), frozenset({fact}))
            case Some() | No():
                yield Way({}, frozenset({element}), frozenset())

    def implies(self, first: Element, second: Element) -> bool:
        """Whether the second condition surely holds whenever the first does; False when it is not clear."""
        wider = self.ways(second)
        narrower = [way for way in self.ways(first) if way.possible]
        return (
            bool(wider)
            and bool(narrower)
            and all(any(self._inside(way, other) for other in wider) for way in narrower)
        )

    def _inside(self, way: Way, other: Way) -> bool:
        facts = all(way.facts.get(fact, self.of(fact)) <= values for fact, values in other.facts.items())
        stated = all(fact in way.facts for fact in other.facts)
        items = all(any(self._item_implies(mine, theirs) for mine in way.items) for theirs in other.items)
        return facts and stated and items and other.known <= (way.known | way.names)

    def _item_implies(self, first: Some | No, second: Some | No) -> bool:
        if type(first) is not type(second) or first.item != second.item:
            return False
        narrow, wide = (first, second) if isinstance(first, Some) else (second, first)
        return all(
            any(
                mine.fact == theirs.fact and self.passing(mine) <= self.passing(theirs)
                for mine in narrow.where
            )
            for theirs in wide.where
        )


def _joined(ways: Iterable[Way]) -> Way:
    facts: dict[str, Values] = {}
    items: frozenset[Some | No] = frozenset()
    known: frozenset[str] = frozenset()
    for way in ways:
        for fact, values in way.facts.items():
            facts[fact] = facts[fact] & values if fact in facts else values
        items, known = items | way.items, known | way.known
    return Way(facts, items, known)


def _count(element: Element) -> int:
    match element:
        case All(parts):
            return prod(_count(part) for part in parts)
        case Any(parts):
            return sum(_count(part) for part in parts)
    return 1


def _points(cuts: list[float], spec: FactSpec) -> Values:
    """A number at, below, between and above all thresholds, as far as the fact's range goes."""
    low = cuts[0] - 1 if spec.minimum is None else spec.minimum
    high = cuts[-1] + 1 if spec.maximum is None else spec.maximum
    edges = sorted({low, high, *cuts})
    between = [low + (high - low) / 2 for low, high in pairwise(edges)]
    return frozenset(value for value in (*edges, *between) if low <= value <= high)


def _tests(rulebase: Rulebase) -> Iterator[Test]:
    conditions = [rule.when for rule in rulebase.rules]
    conditions += [
        entry.when for fact in rulebase.derived for entry in fact.entries if entry.when is not None
    ]
    for condition in conditions:
        for leaf in leaves(condition):
            yield from tests_of(leaf)


def tests_of(leaf: Leaf) -> tuple[Test, ...]:
    """The tests in a leaf: itself, or those of its `where`."""
    if isinstance(leaf, Test):
        return (leaf,)
    return leaf.where if isinstance(leaf, Some | No) else ()
