"""For one condition: the situations that show it true, false on each side of every boundary, and unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from tactician.facts.client import Item
from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import All, Any, Element, Known, Leaf, No, Some, Test
from tactician.knowledge.expressions import Fact, Operation
from tactician.knowledge.rules import DerivedFact
from tactician.workbench.drafting.completion import balances, canvases
from tactician.workbench.drafting.grid import step
from tactician.workbench.drafting.search import Search
from tactician.workbench.drafting.situations import Goal, Situation
from tactician.workbench.second_opinion import holds

MEASURED = 8
"""How many situations show a measure."""


class Kind(StrEnum):
    """What a situation is there to show."""

    FIRES = "fires"
    BOUNDARY = "boundary"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Probe:
    """A situation that shows something about a rule, or about a concluded fact."""

    subject: str
    kind: Kind
    situation: Situation
    about: str
    """The fact or kind of item that makes the difference."""


class Prober:
    """Makes probes under one rulebase."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.rulebase = search.rulebase

    def rule(self, subject: str, element: Element, given: tuple[Goal, ...] = ()) -> Iterator[Probe]:
        """The probes of a condition; `given` are goals that hold in all of them."""
        base = self.search.find((element, True), *given)
        if base is None:
            return
        yield Probe(subject, Kind.FIRES, base, next(iter(base.parts), ""))
        for leaf, siblings in deciding(element):
            goals = (*given, *siblings)
            shown = (
                base
                if base.meets((*goals, (leaf, True)), self.rulebase)
                else self.search.find((leaf, True), *goals)
            )
            if shown is None:
                continue
            for about, situation in self._varied(leaf, goals, shown):
                yield Probe(subject, Kind.BOUNDARY, situation, about)
            for part in self._under(leaf, shown):
                yield Probe(subject, Kind.MISSING, shown.lacking(part), part)

    def concluding(self, fact: DerivedFact) -> Iterator[Probe]:
        """The probes of a concluded fact, however it is concluded."""
        if fact.entries:
            yield from self._decided(fact)
        elif fact.measure:
            yield from self._measured(fact)
        elif isinstance(fact.expression, Operation) and fact.expression.op == "coalesce":
            yield from self._chosen(fact, fact.expression)
        else:
            yield from self._computed(fact)

    def _measured(self, fact: DerivedFact) -> Iterator[Probe]:
        plain = Situation()
        shown = canvases(plain, self.rulebase) if fact.measure == "canvas_fit" else balances(plain, {})
        found = list(islice(shown, MEASURED))
        for situation in found:
            yield Probe(fact.spec.id, Kind.FIRES, situation, "")
        for part in found[0].parts:
            yield Probe(fact.spec.id, Kind.MISSING, found[0].lacking(part), part)

    def _remaining(self, subject: str, given: tuple[Goal, ...]) -> Iterator[Probe]:
        """The probes of the last line of a decision list: where all others are false."""
        base = self.search.find(*given)
        if base is not None:
            yield Probe(subject, Kind.FIRES, base, next(iter(base.parts), ""))
            for part in base.parts:
                yield Probe(subject, Kind.MISSING, base.lacking(part), part)

    def _decided(self, fact: DerivedFact) -> Iterator[Probe]:
        """The probes of every line of a decision list, each where the earlier ones are false."""
        earlier: list[Goal] = []
        for entry in fact.entries:
            if entry.when is None:
                yield from self._remaining(fact.spec.id, tuple(earlier))
            else:
                yield from self.rule(fact.spec.id, entry.when, tuple(earlier))
                earlier.append((entry.when, False))

    def _computed(self, fact: DerivedFact) -> Iterator[Probe]:
        """The probes of a number that is computed: usual inputs, each one low, high and missing."""
        inputs = sorted(set(self.search.completion.inputs(fact.spec.id)))
        plain = {name: self.search.grid.plain(name) for name in inputs}
        usual = Situation({name: values[0] for name, values in plain.items()})
        yield Probe(fact.spec.id, Kind.FIRES, usual, inputs[0])
        for name in inputs:
            for value in (plain[name][1:2] + plain[name][-1:]) if len(plain[name]) > 1 else ():
                yield Probe(fact.spec.id, Kind.BOUNDARY, usual.having(name, value), name)
            yield Probe(fact.spec.id, Kind.MISSING, usual.lacking(name), name)

    def _chosen(self, fact: DerivedFact, choice: Operation) -> Iterator[Probe]:
        """The probes of a choice between two facts: each value, both known and apart, only the second, none."""
        for value in fact.spec.values:
            found = self.search.find((Test(fact.spec.id, "==", (value,), (value,)), True))
            if found is not None:
                yield Probe(fact.spec.id, Kind.FIRES, found, next(iter(found.parts), ""))
        first, second = (part.id for part in choice.parts if isinstance(part, Fact))
        for one, other in (
            (value, last) for value in fact.spec.values for last in fact.spec.values if value != last
        ):
            goals = ((_equal(first, one), True), (_equal(second, other), True))
            found = self.search.find(*goals)
            if found is not None:
                yield Probe(fact.spec.id, Kind.BOUNDARY, found, first)
                break
        second_only = self.search.find((Known(first), False), (_equal(second, fact.spec.values[0]), True))
        if second_only is not None:
            yield Probe(fact.spec.id, Kind.FIRES, second_only, second)
            for part in second_only.parts:
                yield Probe(fact.spec.id, Kind.MISSING, second_only.lacking(part), part)

    def _varied(
        self, leaf: Leaf, goals: tuple[Goal, ...], shown: Situation
    ) -> Iterator[tuple[str, Situation]]:
        match leaf:
            case Some(kind, where) | No(kind, where):
                found: Iterable[Situation] = self._items(kind, where, shown)
                yield from ((kind, situation) for situation in found if situation.meets(goals, self.rulebase))
            case Test(fact) if not self.rulebase.specs[fact].derived:
                for value in self._telling(leaf, alone=not goals):
                    situation = self._equalled(fact, value, goals, shown)
                    if situation is not None:
                        yield fact, situation
            case Test(fact) if self.rulebase.specs[fact].is_number:
                yield from self._crossed(leaf, goals, shown)
            case Test(fact):
                fixed = self._besides(fact, shown)
                for value in self.search.grid.telling(leaf):
                    wanted = (_equal(fact, value), True)
                    situation = self.search.find(wanted, *goals, *fixed) or self.search.find(wanted, *goals)
                    if situation is not None:
                        yield fact, situation

    def _telling(self, test: Test, alone: bool) -> tuple[Value, ...]:
        """All levels where nothing else matters, else those at a boundary."""
        spec = self.rulebase.specs[test.fact]
        return spec.values if alone and not spec.is_number else self.search.grid.telling(test)

    def _equalled(
        self, fact: str, value: Value, goals: tuple[Goal, ...], shown: Situation
    ) -> Situation | None:
        situation = shown.having(fact, value)
        if situation.meets(goals, self.rulebase):
            return situation
        return self.search.find((_equal(fact, value), True), *goals)

    def _besides(self, fact: str, shown: Situation) -> tuple[Goal, ...]:
        """That the stated facts stay as they are that do not go into a concluded fact."""
        under = self._inputs(fact)
        return tuple((_equal(name, value), True) for name, value in shown.facts.items() if name not in under)

    def _crossed(
        self, test: Test, goals: tuple[Goal, ...], shown: Situation
    ) -> Iterator[tuple[str, Situation]]:
        """Neighbouring values of an input between which a computed number crosses a threshold; and just at it."""
        if self.rulebase.derived_by_id[test.fact].measure:
            for wanted in (True, False):
                found = self.search.find((test, wanted), *goals)
                if found is not None:
                    yield test.fact, found
            return
        for name in (name for name in shown.facts if name in self._inputs(test.fact)):
            for situation in self._bisected(name, test, shown):
                if situation.meets(goals, self.rulebase):
                    yield name, situation
        for bound in test.values:
            exact = self.search.find((_equal(test.fact, bound), True), *goals)
            if exact is not None:
                yield test.fact, exact

    def _bisected(self, name: str, test: Test, shown: Situation) -> Iterator[Situation]:
        spec = self.rulebase.specs[name]
        passes = shown.view(self.rulebase).truth(test)
        for end in (spec.minimum, spec.maximum):
            at = shown.facts[name]
            if end is None or shown.having(name, end).view(self.rulebase).truth(test) in (passes, None):
                continue
            size = step(1, spec) if spec.whole else 0.01
            near, far = round(float(at) / size), round(end / size)
            while abs(far - near) > 1:
                middle = (near + far) // 2
                same = shown.having(name, round(middle * size, 6)).view(self.rulebase).truth(test) is passes
                near, far = (middle, far) if same else (near, middle)
            yield from (shown.having(name, round(place * size, 6)) for place in (near, far))

    def _items(self, kind: str, where: tuple[Test, ...], shown: Situation) -> Iterator[Situation]:
        """The list without an item that passes, with one, and with one of another level or of none."""
        passing = shown.view(self.rulebase).passing(kind, where)
        rest = tuple(item for item in shown.items.get(kind, ()) if item not in passing)
        first = passing[0] if passing else self._passing_item(kind, where, len(rest) + 1)
        yield shown.listing(kind, (*rest, first))
        if not first.addresses and not _linked(first, shown):
            yield shown.listing(kind, rest)
        for test in where:
            spec, name = self.rulebase.specs[test.fact], test.fact.partition(".")[2]
            open_left = {other: level for other, level in first.attributes.items() if other != name}
            changed = [{**first.attributes, name: str(level)} for level in spec.values]
            for attributes in (*changed, open_left):
                yield shown.listing(kind, (*rest, replace(first, attributes=attributes)))

    def _passing_item(self, kind: str, where: tuple[Test, ...], number: int) -> Item:
        levels: dict[str, str] = {}
        for test in where:
            spec = self.rulebase.specs[test.fact]
            passing = [level for level in spec.values if holds(test, level, spec)]
            levels[test.fact.partition(".")[2]] = str(self.search.grid.pick(test.fact, passing))
        return Item(kind, f"{kind}_{number}", f"{kind}_{number}", levels)

    def _under(self, leaf: Leaf, shown: Situation) -> Iterator[str]:
        """What is stated and goes into a leaf."""
        inputs = self._inputs(leaf.fact if isinstance(leaf, Test | Known) else leaf.item)
        yield from (part for part in shown.parts if part in inputs)

    def _inputs(self, name: str) -> frozenset[str]:
        """The stated facts and kinds of items that a fact goes back to; a stated one to itself."""
        derived = self.rulebase.derived_by_id.get(name)
        if derived is None:
            return frozenset({name})
        return frozenset().union(*(self._inputs(read) for read in derived.reads))


def deciding(element: Element, goals: tuple[Goal, ...] = ()) -> Iterator[tuple[Leaf, tuple[Goal, ...]]]:
    """Each leaf, with the goals under which it alone decides."""
    if not isinstance(element, All | Any):
        yield element, goals
        return
    for at, part in enumerate(element.parts):
        others = ((other, isinstance(element, All)) for n, other in enumerate(element.parts) if n != at)
        yield from deciding(part, (*goals, *others))


def _equal(fact: str, value: Value) -> Test:
    return Test(fact, "==", (value,), None if isinstance(value, float) else (value,))


def _linked(item: Item, situation: Situation) -> bool:
    return any(
        link.item == item.id for product in situation.items.get("product", ()) for link in product.addresses
    )
