"""Chooses values and items that meet demands; arithmetic and measures are met by trying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from tactician.facts.canvas_fit import CATEGORIES, FOCUS
from tactician.facts.client import Item, Link
from tactician.facts.value_balance import BENEFITS, COSTS
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.knowledge.conditions import Test
from tactician.knowledge.expressions import facts_of
from tactician.knowledge.rules import Rulebase
from tactician.workbench.drafting.demands import Demands, Where
from tactician.workbench.drafting.grid import Grid, spread
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.second_opinion import holds

MOST_TRIES = 6000
Computed = Mapping[str, tuple[tuple[Test, bool], ...]]
"""By computed number: the tests it must pass or fail."""


class Completion:
    """Turns demands into situations."""

    def __init__(self, rulebase: Rulebase, grid: Grid) -> None:
        self.rulebase = rulebase
        self.grid = grid
        self._found: dict[object, tuple[Value, ...] | None] = {}

    def situations(self, demands: Demands) -> Iterator[Situation]:
        """Situations that meet the demands, as far as can be seen; the simplest first."""
        items = self._items(demands)
        if items is None:
            return
        stated = {
            fact: values for fact, values in demands.allowed.items() if not self.rulebase.specs[fact].derived
        }
        plain = Situation({fact: self.grid.pick(fact, values) for fact, values in stated.items()}, items)
        if not demands.computed:
            yield plain
            return
        for scored in self._measured(demands, plain, stated):
            yield from self._computed(demands, scored, stated)

    def _items(self, demands: Demands) -> dict[str, tuple[Item, ...]] | None:
        lists: dict[str, list[dict[str, str]]] = {kind: [] for kind, _ in (*demands.wanted, *demands.refused)}
        for kind, wanted in demands.wanted:
            attributes = {_bare(test.fact): self._level(test.fact, wanted) for test in wanted}
            lists[kind].append(attributes)
            for refused_kind, where in demands.refused:
                if refused_kind == kind and not self._excluded(attributes, where, wanted):
                    return None
        return {
            kind: tuple(_item(kind, n, each) for n, each in enumerate(found, 1))
            for kind, found in lists.items()
        }

    def _level(self, attribute: str, where: Where) -> str:
        passing = self._passing(attribute, where)
        return str(self.grid.pick(attribute, passing or self.rulebase.specs[attribute].values))

    def _passing(self, attribute: str, where: Where) -> list[str]:
        """The levels of an attribute that pass the tests there are of it."""
        spec = self.rulebase.specs[attribute]
        tests = [test for test in where if test.fact == attribute]
        return [str(level) for level in spec.values if all(holds(test, level, spec) for test in tests)]

    def _excluded(self, attributes: dict[str, str], where: Where, wanted: Where) -> bool:
        """Makes an item fail a test of `where` and still pass those of `wanted`; whether it could."""
        for test in where:
            spec, name = self.rulebase.specs[test.fact], _bare(test.fact)
            failing = [str(level) for level in spec.values if not holds(test, level, spec)]
            if attributes.get(name) in failing:
                return True
            if name not in attributes and failing:
                attributes[name] = failing[0]
                return True
        for test in where:
            spec = self.rulebase.specs[test.fact]
            left = [level for level in self._passing(test.fact, wanted) if not holds(test, level, spec)]
            if left:
                attributes[_bare(test.fact)] = str(self.grid.pick(test.fact, left))
                return True
        return False

    def _measured(
        self, demands: Demands, plain: Situation, stated: Mapping[str, frozenset[Value]]
    ) -> Iterator[Situation]:
        measures = {fact.spec.id: fact.measure for fact in self.rulebase.derived if fact.measure}
        names = {measures[fact] for fact in demands.computed if fact in measures}
        found: Iterator[Situation] = iter([plain])
        if "canvas_fit" in names:
            found = (canvas for situation in found for canvas in canvases(situation, self.rulebase))
        if "value_balance" in names:
            found = (balance for situation in found for balance in balances(situation, stated))
        for situation in found:
            if self._passes(
                situation, {fact: demands.computed[fact] for fact in demands.computed if fact in measures}
            ):
                yield situation

    def _computed(
        self, demands: Demands, situation: Situation, stated: Mapping[str, frozenset[Value]]
    ) -> Iterator[Situation]:
        tests = {
            fact: tests
            for fact, tests in demands.computed.items()
            if not self.rulebase.derived_by_id[fact].measure
        }
        inputs = tuple(sorted({fact for name in tests for fact in self.inputs(name)}))
        if any(fact in demands.absent for fact in inputs):
            return
        choices = tuple(self._choices(fact, stated) for fact in inputs)
        key = tuple(tests.items()), choices
        if key not in self._found:
            self._found[key] = self._first(tests, inputs, choices)
        chosen = self._found[key]
        if chosen is not None:
            yield Situation({**situation.facts, **dict(zip(inputs, chosen, strict=True))}, situation.items)

    def _first(
        self, tests: Computed, inputs: tuple[str, ...], choices: tuple[tuple[Value, ...], ...]
    ) -> tuple[Value, ...] | None:
        """The first choice of inputs for which every computed number is as it must be."""
        for chosen in islice(product(*choices), MOST_TRIES):
            if self._passes(Situation(dict(zip(inputs, chosen, strict=True))), tests):
                return chosen
        return None

    def _choices(self, fact: str, stated: Mapping[str, frozenset[Value]]) -> tuple[Value, ...]:
        if fact not in stated:
            return self.grid.plain(fact)
        best = self.grid.pick(fact, stated[fact])
        others = [value for value in self.grid.values(fact) if value in stated[fact] and value != best]
        return best, *spread(others)

    def inputs(self, fact: str) -> Iterator[str]:
        """The stated numbers that a computed number is worked out from."""
        derived = self.rulebase.derived_by_id.get(fact)
        if derived is None:
            yield fact
        elif derived.expression is not None:
            for name in facts_of(derived.expression):
                yield from self.inputs(name)

    def _passes(self, situation: Situation, computed: Computed) -> bool:
        view = situation.view(self.rulebase)
        return all(view.truth(test) is wanted for tests in computed.values() for test, wanted in tests)


def canvases(situation: Situation, rulebase: Rulebase) -> Iterator[Situation]:
    """The situation with a whole canvas: its items answered by one product ever better, then with one pain more."""
    lists = {kind: situation.items.get(kind, ()) for kind in ITEM_KINDS}
    attribute, level = FOCUS["pain"]
    number = len(lists["pain"]) + 1
    another = {**lists, "pain": (*lists["pain"], _item("pain", number, {_bare(attribute): level}))}
    if any(lists[kind] for kind in CATEGORIES):
        yield from _answered(situation, lists, rulebase)
    yield from _answered(situation, another, rulebase)
    two = {**another, "pain": (*another["pain"], _item("pain", number + 1, {_bare(attribute): level}))}
    yield from _answered(situation, two, rulebase)


def _answered(
    situation: Situation, lists: Mapping[str, tuple[Item, ...]], rulebase: Rulebase
) -> Iterator[Situation]:
    """All items answered alike, from not at all to best; then the first of them better or worse than the others."""
    first, *rest = [item.id for kind in CATEGORIES for item in lists[kind]]
    product_item, *others = lists["product"] or (_item("product", 1, {}),)
    grades = ((), *_link_grades(rulebase))
    pairs = [(grade, grade) for grade in grades]
    pairs += [(one, other) for one in grades for other in grades if rest and one != other]
    for one, other in pairs:
        told = [(first, one), *((item, other) for item in rest)]
        links = tuple(Link(item, *grade) for item, grade in told if grade)
        answering = replace(product_item, addresses=links)
        yield Situation(situation.facts, {**lists, "product": (answering, *others)})


def _link_grades(rulebase: Rulebase) -> list[tuple[str, str]]:
    """The ways in which a product answers an item, by what they cover."""
    numbers = rulebase.parameters.canvas_fit
    grades = product(numbers.effect, numbers.proof)
    return sorted(grades, key=lambda grade: numbers.effect[grade[0]] * numbers.proof[grade[1]])


def balances(situation: Situation, stated: Mapping[str, frozenset[Value]]) -> Iterator[Situation]:
    """The situation with all benefits scored alike, and all sacrifices, in every pair of scores; then one apart."""
    benefits, costs = list(BENEFITS.values()), [score for score, _ in COSTS.values()]
    for apart in (None, costs[0]):
        for got, given in product((4.0, 3.0, 2.0, 1.0, 0.0), repeat=2):
            scores = {**dict.fromkeys(benefits, got), **dict.fromkeys(costs, given)}
            if apart is not None:
                scores[apart] = given + 1 if given < 4 else given - 1
            if all(score in stated.get(fact, {score}) for fact, score in scores.items()):
                yield Situation({**situation.facts, **scores}, situation.items)


def _item(kind: str, number: int, attributes: dict[str, str]) -> Item:
    name = f"{kind}_{number}"
    return Item(kind, name, name, attributes)


def _bare(attribute: str) -> str:
    return attribute.partition(".")[2]
