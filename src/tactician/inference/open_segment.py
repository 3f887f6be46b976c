"""One segment with the domain of every fact, stated or open: what its conditions and derived facts can still be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tactician.facts.client import Client, Segment
from tactician.facts.item_weights import FULL
from tactician.facts.measures import READS, attributes_read, measure
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.direct import DirectEngine
from tactician.inference.intervals import Interval
from tactician.inference.item_possibility import Strength, is_complete, look_at
from tactician.inference.open_closure import Closure
from tactician.inference.possibility import (
    UNKNOWN,
    Domain,
    Possible,
    all_tests,
    anything,
    compute,
    exactly,
    is_open,
    only_value,
    split,
    union,
)
from tactician.inference.preimages import cuts
from tactician.inference.truth_table import Composite, FactTable
from tactician.knowledge.rules import DerivedFact, Evidence, Rule

NO_TABLE = FactTable()
LISTS = frozenset(ITEM_KINDS)


@dataclass(slots=True)
class OpenState:
    """What a segment still allows, perhaps after some facts were narrowed to a part of their domain."""

    possible: Possible
    domains: dict[str, Domain]
    narrowed: frozenset[str] = frozenset()
    """The facts that were narrowed: each test of theirs is settled."""
    open_bits: int = 0
    """The conditions that can be more than one of true, false and unknown."""

    def undecided(self, position: int) -> bool:
        """Whether a condition can be more than one of true, false and unknown."""
        return bool(self.open_bits >> position & 1)

    def leaves_choice(self, fact: str) -> bool:
        """Whether a fact is open and was not narrowed."""
        return fact not in self.narrowed and is_open(self.domains[fact])


class OpenSegment:
    """One segment of one client as far as it is known."""

    def __init__(self, engine: DirectEngine, client: Client, segment: Segment) -> None:
        self.engine = engine
        self.segment = segment
        self.cases = 0
        """How often a fact was narrowed."""
        base = engine.rulebase
        stated: Mapping[str, Value] = {**client.facts, **segment.facts}
        domains: dict[str, Domain] = {
            name: exactly(stated[name]) if name in stated else anything(spec)
            for name, spec in base.vocabulary.facts.items()
        }
        possible = Possible()
        for name, table in engine.bits.facts.items():
            if name in domains:
                possible.enter(table, domains[name])
        self.strengths: dict[int, Strength] = {}
        for kind, items in engine.bits.items.items():
            self.strengths |= look_at(items, kind, segment.items.get(kind), base, possible)
        self.root = OpenState(possible, domains)
        self._settle(self.root, engine.stages)

    def narrowed(self, state: OpenState, closure: Closure, fact: str, part: Domain) -> OpenState:
        """The state in which a fact has only a part of its domain, as far as a closure looks."""
        self.cases += 1
        closure = closure.after(self.engine, fact)
        table = self.engine.bits.facts.get(fact, NO_TABLE)
        possible = state.possible.without(closure.mask | all_tests(table))
        made = OpenState(possible, {**state.domains, fact: part}, state.narrowed | {fact})
        possible.enter(table, part)
        self._settle(made, closure.stages)
        return made

    def _settle(
        self, state: OpenState, stages: Iterable[tuple[tuple[DerivedFact, ...], tuple[Composite, ...]]]
    ) -> None:
        for derived, composites in stages:
            for fact in derived:
                name = fact.spec.id
                if name not in state.narrowed:
                    state.domains[name] = self._conclude(fact, state)
                if name in self.engine.bits.facts:
                    state.possible.enter(self.engine.bits.facts[name], state.domains[name])
            state.possible.combine(composites)
        true, false, unknown = state.possible.true, state.possible.false, state.possible.unknown
        state.open_bits = true & false | true & unknown | false & unknown

    def _conclude(self, fact: DerivedFact, state: OpenState) -> Domain:
        if fact.measure:
            return self._measure(fact, state.domains)
        if fact.expression is not None:
            return compute(fact.expression, state.domains)
        possible = state.possible
        found: Domain | None = None
        for position, entry in self.engine.lists[fact.spec.id]:
            bit = 0 if position is None else 1 << position
            if position is None or possible.true & bit:
                found = _also(found, exactly(entry.value))
            if possible.unknown & bit:
                found = _also(found, UNKNOWN)
            if position is None or not possible.false & bit:
                break
        else:
            found = _also(found, UNKNOWN)
        return found or UNKNOWN

    @cached_property
    def _settled_measures(self) -> frozenset[str]:
        """The measures that nothing left open in lists, items and links can change."""
        items, parameters = self.segment.items, self.engine.rulebase.parameters
        read = {name: attributes_read(name, parameters) for name in READS}
        return frozenset(
            name
            for name, attributes in read.items()
            if all(is_complete(items.get(kind), kind, attributes) for kind in READS[name] & LISTS)
        )

    def _measure(self, fact: DerivedFact, domains: Mapping[str, Domain]) -> Domain:
        base = self.engine.rulebase
        read = {name: domains[name] for name in fact.reads if name not in LISTS}
        if fact.measure not in self._settled_measures or any(map(is_open, read.values())):
            return anything(fact.spec)
        known = {name: value for name, domain in read.items() if (value := only_value(domain)) is not None}
        result = measure(fact.measure, known, self.segment, base.vocabulary, base.parameters)
        return UNKNOWN if result is None else exactly(result.value)

    def parts(self, state: OpenState, closure: Closure, fact: str) -> list[Domain]:
        """The parts of an open fact's domain that can make a difference to what a closure looks at."""
        tables = self.engine.bits.facts
        domain, points, marks = state.domains[fact], False, []
        if domain.interval is not None and fact in closure.in_arithmetic:
            computed = (each for derived, _ in closure.stages for each in derived)
            points = self.engine.rulebase.specs[fact].whole
            marks = cuts(fact, domain.interval, computed, tables, state.domains)
        return split(domain, tables.get(fact, NO_TABLE), closure.tests, points=points, cuts=marks)

    def contribution(self, rule: Rule, position: int, possible: Possible) -> Interval:
        """The least and greatest evidence of a rule, less what the prior takes off."""
        bit = 1 << position
        options = []
        if possible.true & bit:
            if isinstance(rule.then, Evidence):
                strengths = self._strength(position, possible)
                options += [rule.then.weight * strength - rule.expected for strength in strengths]
            else:
                options.append(-rule.expected)
        if possible.false & bit:
            options.append(-rule.expected)
        if possible.unknown & bit:
            options.append(0)
        return min(options), max(options)

    def _strength(self, position: int, possible: Possible) -> Strength:
        if position not in self.engine.weighted:
            return FULL, FULL
        composite = self.engine.bits.composites.get(position)
        if composite is None:
            return self.strengths[position]
        can = [part for part in composite.parts if possible.true >> part & 1]
        ranges = {part: self._strength(part, possible) for part in can}
        if composite.is_all:
            return min(low for low, _ in ranges.values()), min(high for _, high in ranges.values())
        maybe_not = possible.false | possible.unknown
        sure = [ranges[part][0] for part in can if not maybe_not >> part & 1]
        least = max(sure) if sure else min(low for low, _ in ranges.values())
        return least, max(high for _, high in ranges.values())


def _also(found: Domain | None, domain: Domain) -> Domain:
    return domain if found is None else union(found, domain)
