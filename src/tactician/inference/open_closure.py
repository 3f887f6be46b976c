"""Everything open behind some undecided conditions: what is settled again when one of those facts is narrowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_

from tactician.facts.vocabulary import ITEM_KINDS
from tactician.inference.direct import DirectEngine
from tactician.inference.possibility import all_tests
from tactician.inference.settling import Stage
from tactician.inference.truth_table import set_bits
from tactician.knowledge.conditions import Known, No, Some, Test
from tactician.knowledge.expressions import facts_of


@dataclass(frozen=True, slots=True)
class Closure:
    """The open derived facts and the undecided conditions behind some rules, in the order they are settled in."""

    stages: tuple[Stage, ...]
    mask: int
    """The bits that are settled again: its conditions and the tests of its derived facts."""
    tests: int
    """Those, and the tests of the raw facts it looks at."""
    in_arithmetic: frozenset[str]
    """The facts that its expressions and measures read."""
    _after: dict[str, Closure] = field(default_factory=dict)

    def after(self, engine: DirectEngine, fact: str) -> Closure:
        """The part of it that changes with one fact."""
        part = self._after.get(fact)
        if part is None:
            mask, facts = consequences(engine)[fact]
            stages = (
                (
                    tuple(each for each in derived if each.spec.id in facts),
                    tuple(each for each in composites if each.bit & mask),
                )
                for derived, composites in self.stages
            )
            part = Closure(_filled(stages), self.mask & mask, self.tests, self.in_arithmetic)
            self._after[fact] = part
        return part


@lru_cache(maxsize=8)
def consequences(engine: DirectEngine) -> Mapping[str, tuple[int, frozenset[str]]]:
    """By fact or kind of items the bits of all conditions that look at it, however indirectly, and such facts."""
    names = (*engine.rulebase.specs, *ITEM_KINDS)
    origins = {name: 1 << number for number, name in enumerate(names)}
    """By fact a bit for each name it follows from, its own among them."""
    for derived in engine.rulebase.derived:
        for read in derived.reads:
            origins[derived.spec.id] |= origins[read]
    masks = [0] * len(names)
    seen: list[int] = []
    for position, element in enumerate(engine.bits.elements):
        composite = engine.bits.composites.get(position)
        if composite is not None:
            seen.append(reduce(or_, (seen[part] for part in composite.parts), 0))
        else:
            assert isinstance(element, Test | Known | Some | No)
            seen.append(origins[element.item if isinstance(element, Some | No) else element.fact])
        for number in set_bits(seen[position]):
            masks[number] |= 1 << position
    facts: list[set[str]] = [set() for _ in names]
    for derived in engine.rulebase.derived:
        for number in set_bits(origins[derived.spec.id]):
            facts[number].add(derived.spec.id)
    return {
        name: (mask, frozenset(own - {name})) for name, mask, own in zip(names, masks, facts, strict=True)
    }


def _filled(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    return tuple(stage for stage in stages if any(stage))


def closure_of(
    engine: DirectEngine,
    undecided: Callable[[int], bool],
    is_open: Callable[[str], bool],
    start: Iterable[int],
) -> Closure:
    """The closure of the conditions at some positions."""
    walk = _Walk(engine, undecided, is_open)
    for position in start:
        walk.visit(position)
    return walk.closure()


class _Walk:
    def __init__(
        self, engine: DirectEngine, undecided: Callable[[int], bool], is_open: Callable[[str], bool]
    ) -> None:
        self.engine = engine
        self.undecided = undecided
        self.is_open = is_open
        self.positions = set[int]()
        self.facts = set[str]()
        self.mask = 0
        self.tests = 0

    def visit(self, position: int) -> None:
        if position in self.positions or not self.undecided(position):
            return
        self.positions.add(position)
        composite = self.engine.bits.composites.get(position)
        if composite is not None:
            self.mask |= composite.bit
            for part in composite.parts:
                self.visit(part)
            return
        element = self.engine.bits.elements[position]
        if isinstance(element, Test | Known):
            self.look_behind(element.fact)

    def look_behind(self, name: str) -> None:
        base = self.engine.rulebase
        if name in self.facts or name not in base.specs or not self.is_open(name):
            return
        self.facts.add(name)
        table = self.engine.bits.facts.get(name)
        tests = all_tests(table) if table else 0
        self.tests |= tests
        fact = base.derived_by_id.get(name)
        if fact is None:
            return
        self.mask |= tests
        for position, _ in self.engine.lists[name]:
            if position is not None:
                self.visit(position)
        if not fact.entries:
            for read in fact.reads:
                self.look_behind(read)

    def closure(self) -> Closure:
        arithmetic = set[str]()
        for name in self.facts:
            fact = self.engine.rulebase.derived_by_id.get(name)
            if fact is not None:
                arithmetic |= set(facts_of(fact.expression)) if fact.expression else set()
                arithmetic |= fact.reads if fact.measure else frozenset()
        stages = (
            (
                tuple(fact for fact in derived if fact.spec.id in self.facts),
                tuple(each for each in composites if each.bit & self.mask),
            )
            for derived, composites in self.engine.stages
        )
        return Closure(_filled(stages), self.mask, self.mask | self.tests, frozenset(arithmetic))
