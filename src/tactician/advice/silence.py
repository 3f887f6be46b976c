"""Why rules stay silent: the conditions that are not true, what is found in their place, and what that costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tactician.advice.holding import passes
from tactician.advice.unknowns import missing_behind
from tactician.facts.client import Item
from tactician.facts.item_weights import FULL
from tactician.facts.vocabulary import Value
from tactician.inference.direct import DirectEngine, State
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.rules import Block, Evidence, Rule


@dataclass(frozen=True, slots=True)
class Missed:
    """An item, with the tests of a condition that it does not pass, each false or unknown (None)."""

    item: Item
    tests: tuple[tuple[Test, bool | None], ...]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that is not true: false, or unknown (truth is None)."""

    element: Element
    truth: bool | None
    value: Value | None = None
    """Of a test, what its fact is; None while it is unknown."""
    missing: tuple[str, ...] = ()
    """Of a test that is unknown, the facts without a value that keep it so."""
    parts: tuple[Unmet, ...] = ()
    """Of an `all` or `any`, the parts that are not true."""
    items: tuple[Missed, ...] | None = None
    """Of a `some` the items, of a `no` those that stand, or may stand, in its way. None where no list is given."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A rule about a record that does not fire in a segment."""

    rule: Rule
    segment: str
    ppm: int
    unmet: Unmet

    @property
    def truth(self) -> bool | None:
        """False, or None where it is unknown."""
        return self.unmet.truth

    @property
    def worth(self) -> int:
        """What it would add at full weight, in 10⁻¹² point; negative speaks against.

        One that is unknown would then count for the prior as well.
        """
        if not isinstance(self.rule.then, Evidence):
            return 0
        return self.ppm * (self.rule.then.weight * FULL - (self.rule.expected if self.truth is None else 0))


@dataclass(frozen=True, slots=True)
class Lost:
    """A rule that stays silent in one segment or more."""

    rule: Rule
    worth: int
    """Over these segments, in 10⁻¹² point."""
    where: tuple[Silent, ...]


def silent(engine: DirectEngine, state: State, record: str) -> tuple[Silent, ...]:
    """The rules about a record that do not fire in a settled segment, in the order of the rulebase."""
    return tuple(
        Silent(rule, state.segment.name, state.segment.ppm, unmet(engine, state, rule.when))
        for rule in engine.rulebase.by_target[record]
        if engine.truth(state, rule.id) is not True
    )


def lost(silences: Iterable[Silent]) -> tuple[Lost, ...]:
    """Rules that speak for a record and stay silent: what would add most comes first."""
    found: dict[str, list[Silent]] = {}
    for each in silences:
        if isinstance(each.rule.then, Evidence) and each.rule.then.weight > 0:
            found.setdefault(each.rule.id, []).append(each)
    made = [Lost(where[0].rule, sum(each.worth for each in where), tuple(where)) for where in found.values()]
    return tuple(sorted(made, key=lambda each: (-each.worth, each.rule.id)))


def open_blocks(silences: Iterable[Silent]) -> tuple[Silent, ...]:
    """The rules that would rule a record out if what is unknown turned out so."""
    return tuple(each for each in silences if isinstance(each.rule.then, Block) and each.truth is None)


def unmet(engine: DirectEngine, state: State, element: Element) -> Unmet:
    """Why a condition is not true: the parts of it that are not."""
    truth = engine.element_truth(state, element)
    match element:
        case Test(fact) | Known(fact):
            missing = dict.fromkeys(missing_behind(engine, state, fact))
            return Unmet(element, truth, state.values.get(fact), tuple(missing))
        case All(parts) | Any(parts):
            failing = (part for part in parts if engine.element_truth(state, part) is not True)
            return Unmet(element, truth, parts=tuple(unmet(engine, state, part) for part in failing))
        case Some(kind, where):
            given = state.segment.items.get(kind)
            return Unmet(element, truth, items=None if given is None else tuple(_failing(given, where)))
        case No(kind, where):
            given = state.segment.items.get(kind)
            return Unmet(element, truth, items=None if given is None else tuple(_standing(given, where)))


def _failing(items: Iterable[Item], where: tuple[Test, ...]) -> Iterator[Missed]:
    """Every item with the tests that it does not pass."""
    for item in items:
        yield Missed(item, tuple(tested for tested in _tested(item, where) if tested[1] is not True))


def _standing(items: Iterable[Item], where: tuple[Test, ...]) -> Iterator[Missed]:
    """The items that pass, or may pass, every test; with the tests of which nobody knows."""
    for item in items:
        tested = _tested(item, where)
        if all(truth is not False for _, truth in tested):
            yield Missed(item, tuple(each for each in tested if each[1] is None))


def _tested(item: Item, where: tuple[Test, ...]) -> list[tuple[Test, bool | None]]:
    return [(test, passes(test, item.attributes.get(test.fact.partition(".")[2]))) for test in where]
