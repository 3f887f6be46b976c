"""The values a test can tell apart, the ways to meet a condition, and what one condition says of another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count, islice, pairwise

from tactician.facts.vocabulary import FactSpec, Value
from tactician.knowledge.conditions import All, Any, Element, Known, Leaf, No, Some, Test, leaves
from tactician.knowledge.rules import Rulebase
from tactician.workbench.lint.process_conditions import process_conditions
from tactician.workbench.second_opinion import holds

MOST_WAYS = 64
"""Ways to meet a condition that are compared; of a condition with more nothing is claimed."""
MOST_STEPS = 20_000
"""Steps of looking for them, after which nothing is claimed either."""
Values = frozenset[Value]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to meet a condition: the values each fact may have, and the item elements that must hold."""

    facts: Mapping[str, Values]
    items: frozenset[Some | No]
    known: frozenset[str]


NO_DEMANDS = Way({}, frozenset(), frozenset())


class _TooManySteps(Exception):
    """The search for ways was given up."""


class Spaces:
    """Every fact of a rulebase as the finite set of values that its tests can tell apart."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.specs = rulebase.specs
        cuts: dict[str, set[float]] = {}
        for test in _tests(rulebase):
            if self.specs[test.fact].is_number:
                cuts.setdefault(test.fact, set()).update(float(value) for value in test.values)
        self._numbers = {fact: _points(sorted(found), self.specs[fact]) for fact, found in cuts.items()}
        self._ways_of: dict[Element, tuple[Way, ...] | None] = {}

    def of(self, fact: str) -> Values:
        """Every value of a fact that can make a difference."""
        spec = self.specs[fact]
        return self._numbers.get(fact, frozenset()) if spec.is_number else frozenset(spec.values)

    def passing(self, test: Test) -> Values:
        """The values that pass a test."""
        spec = self.specs[test.fact]
        return frozenset(value for value in self.of(test.fact) if holds(test, value, spec))

    def ways(self, element: Element) -> tuple[Way, ...] | None:
        """The ways to meet a condition, none when it contradicts itself; None when there are too many."""
        if element not in self._ways_of:
            self._ways_of[element] = self._found(element)
        return self._ways_of[element]

    def contradictory(self, element: Element) -> bool:
        """Whether a condition surely cannot hold, as far as its own tests go."""
        return self.ways(element) == ()

    def together(self, first: Element, second: Element) -> bool:
        """Whether both conditions can hold at once, as far as their own tests go."""
        return not self.contradictory(All((first, second)))

    def implies(self, first: Element, second: Element) -> bool:
        """Whether the second condition surely holds whenever the first does; False when it is not clear."""
        narrower, wider = self.ways(first), self.ways(second)
        if not narrower or not wider:
            return False
        return all(any(self._inside(way, other) for other in wider) for way in narrower)

    def _found(self, element: Element) -> tuple[Way, ...] | None:
        try:
            found = tuple(islice(self._ways((element,), NO_DEMANDS, count()), MOST_WAYS + 1))
        except _TooManySteps:
            return None
        return None if len(found) > MOST_WAYS else found

    def _ways(self, waiting: tuple[Element, ...], way: Way, steps: Iterator[int]) -> Iterator[Way]:
        """The ways that go on from one, given what still has to hold; what leaves a choice comes last."""
        if next(steps) > MOST_STEPS:
            raise _TooManySteps
        if not waiting:
            yield way
            return
        element, *rest = sorted(waiting, key=lambda each: isinstance(each, Any))
        match element:
            case All(parts):
                yield from self._ways((*parts, *rest), way, steps)
            case Any(parts):
                for part in parts:
                    yield from self._ways((part, *rest), way, steps)
            case _:
                more = self._with(way, element)
                if more is not None:
                    yield from self._ways(tuple(rest), more, steps)

    def _with(self, way: Way, leaf: Leaf) -> Way | None:
        """A way on which a leaf holds as well; None when that cannot be."""
        match leaf:
            case Test(fact):
                left = self.passing(leaf) & way.facts.get(fact, self.of(fact))
                return replace(way, facts={**way.facts, fact: left}) if left else None
            case Known(fact):
                return replace(way, known=way.known | {fact})
            case Some() | No():
                items = way.items | {leaf}
                return replace(way, items=items) if self._possible(items) else None
        raise AssertionError(leaf)

    def _possible(self, items: frozenset[Some | No]) -> bool:
        """Whether every demanded item can exist, and none is ruled out."""
        demanded = [each for each in items if isinstance(each, Some)]
        refused = [each for each in items if isinstance(each, No)]
        return all(self.passing(test) for some in demanded for test in some.where) and not any(
            self._excluded(some, no) for some in demanded for no in refused
        )

    def _excluded(self, some: Some, no: No) -> bool:
        """Whether the item that one element demands is one that the other rules out."""
        return some.item == no.item and self._narrower(some.where, no.where)

    def _inside(self, way: Way, other: Way) -> bool:
        facts = all(fact in way.facts and way.facts[fact] <= values for fact, values in other.facts.items())
        items = all(any(self._item_implies(mine, theirs) for mine in way.items) for theirs in other.items)
        return facts and items and other.known <= (way.known | way.facts.keys())

    def _item_implies(self, first: Some | No, second: Some | No) -> bool:
        if type(first) is not type(second) or first.item != second.item:
            return False
        narrow, wide = (first, second) if isinstance(first, Some) else (second, first)
        return self._narrower(narrow.where, wide.where)

    def _narrower(self, narrow: tuple[Test, ...], wide: tuple[Test, ...]) -> bool:
        """Whether every item that passes the first tests passes the second ones too."""
        return all(
            any(mine.fact == theirs.fact and self.passing(mine) <= self.passing(theirs) for mine in narrow)
            for theirs in wide
        )


def _points(cuts: list[float], spec: FactSpec) -> Values:
    """A number at, below, between and above all thresholds, as far as the fact's range goes."""
    low = cuts[0] - 1 if spec.minimum is None else spec.minimum
    high = cuts[-1] + 1 if spec.maximum is None else spec.maximum
    edges = sorted({low, high, *cuts})
    if spec.whole:
        near = {
            float(side(edge) + by) for edge in edges for side in (math.floor, math.ceil) for by in (-1, 0, 1)
        }
        return frozenset(value for value in near if low <= value <= high)
    between = [one + (other - one) / 2 for one, other in pairwise(edges)]
    return frozenset(value for value in (*edges, *between) if low <= value <= high)


def _tests(rulebase: Rulebase) -> Iterator[Test]:
    conditions = [rule.when for rule in rulebase.rules]
    conditions += [
        entry.when for fact in rulebase.derived for entry in fact.entries if entry.when is not None
    ]
    conditions += [when for _, _, when in process_conditions(rulebase)]
    for condition in conditions:
        for leaf in leaves(condition):
            yield from tests_of(leaf)


def tests_of(leaf: Leaf) -> tuple[Test, ...]:
    """The tests in a leaf: itself, or those of its `where`."""
    if isinstance(leaf, Test):
        return (leaf,)
    return leaf.where if isinstance(leaf, Some | No) else ()
