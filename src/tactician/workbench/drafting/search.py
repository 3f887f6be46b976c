"""Finds situations in which conditions come out as wanted, by working back from conclusions to stated facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.expressions import Fact, Operation
from tactician.knowledge.rules import DerivedFact, Rulebase
from tactician.workbench.drafting.completion import Completion
from tactician.workbench.drafting.demands import Demands
from tactician.workbench.drafting.grid import Grid
from tactician.workbench.drafting.situations import Goal, Situation, smallest
from tactician.workbench.second_opinion import holds

WAYS = 400
"""How many ways of reaching the goals are looked at."""
COMPARED = 6
"""Of how many situations the smallest is taken."""


class Search:
    """Looks for situations under one rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.grid = Grid(rulebase)
        self.completion = Completion(rulebase, self.grid)

    def find(self, *goals: Goal) -> Situation | None:
        """A small situation in which every condition is what it should be; None when none was found."""
        found = list(islice(self._situations(goals), COMPARED))
        small = (smallest(situation, goals, self.rulebase) for situation in found)
        return min(small, key=lambda situation: len(situation.parts), default=None)

    def _situations(self, goals: tuple[Goal, ...]) -> Iterator[Situation]:
        for demands in islice(self._traced(list(goals), Demands()), WAYS):
            for situation in self.completion.situations(demands):
                if situation.meets(goals, self.rulebase):
                    yield situation
                    break

    def _traced(self, goals: list[Goal], demands: Demands) -> Iterator[Demands]:
        """The demands of goals, concluded facts traced from the highest stratum down."""
        for found in self._demands(goals, demands):
            pending = [
                fact
                for fact in self.rulebase.derived
                if fact.spec.id in found.allowed and fact.spec.id not in found.settled
            ]
            if not pending:
                yield found
                continue
            highest = max(pending, key=lambda fact: fact.stratum)
            for more in self._ways(highest, found):
                yield from self._traced(more, found.settle(highest.spec.id))

    def _ways(self, fact: DerivedFact, demands: Demands) -> Iterator[list[Goal]]:
        """The goals that give a concluded fact one of the values it may have."""
        allowed = demands.allowed[fact.spec.id]
        if isinstance(fact.expression, Operation) and fact.expression.op == "coalesce":
            first, second = fact.expression.parts
            assert isinstance(first, Fact)
            assert isinstance(second, Fact)
            spec = self.rulebase.specs[first.id]
            values = tuple(value for value in spec.values if value in allowed)
            yield [(Test(first.id, "in", values, values), True)]
            yield [(_unknown(first.id), False), (Test(second.id, "in", values, values), True)]
        for at, entry in enumerate(fact.entries):
            if entry.value in allowed:
                earlier = [(other.when, False) for other in fact.entries[:at] if other.when is not None]
                own = [] if entry.when is None else [(entry.when, True)]
                yield [*own, *earlier]

    def _demands(self, goals: list[Goal], demands: Demands) -> Iterator[Demands]:
        """The demands of goals on facts and items; what leaves a choice comes last."""
        waiting = sorted(goals, key=lambda goal: _branches(*goal))
        if not waiting:
            yield demands
            return
        (element, wanted), *rest = waiting
        match element:
            case All(parts) | Any(parts) if isinstance(element, All) == wanted:
                yield from self._demands([*((part, wanted) for part in parts), *rest], demands)
            case All(parts) | Any(parts):
                for part in parts:
                    yield from self._demands([(part, wanted), *rest], demands)
            case _:
                more = self._leaf(element, wanted, demands)
                if more is not None:
                    yield from self._demands(rest, more)

    def _leaf(self, element: Element, wanted: bool, demands: Demands) -> Demands | None:
        match element:
            case Some(kind, where):
                return demands.item(kind, where, wanted)
            case No(kind, where):
                return demands.item(kind, where, not wanted)
            case Known(fact):
                return demands.narrowed(fact, self._all(fact)) if wanted else demands.without(fact)
            case Test(fact):
                spec = self.rulebase.specs[fact]
                if spec.derived and spec.is_number:
                    return demands.computing(fact, element, wanted)
                return demands.narrowed(
                    fact, (v for v in self._all(fact) if holds(element, v, spec) == wanted)
                )
        raise AssertionError(element)

    def _all(self, fact: str) -> Iterable[str | bool | float]:
        spec = self.rulebase.specs[fact]
        return spec.values if spec.derived else self.grid.values(fact)


def _unknown(fact: str) -> Known:
    return Known(fact)


def _branches(element: Element, wanted: bool) -> bool:
    """Whether a goal can be met in several ways."""
    return isinstance(element, Any if wanted else All)
