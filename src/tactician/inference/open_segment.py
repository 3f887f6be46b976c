"""One segment with the domain of every fact, stated or open: what its rules can still add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from tactician.facts.client import Client, Segment
from tactician.facts.measures import measure
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.direct import DirectEngine
from tactician.inference.item_possibility import Strength, is_complete, look_at
from tactician.facts.item_weights import FULL
from tactician.inference.possibility import (
    UNKNOWN,
    Domain,
    Possible,
    all_tests,
    anything,
    compute,
    exactly,
    split,
    union,
)
from tactician.inference.truth_table import Composite, FactTable
from tactician.knowledge.conditions import Known, Test
from tactician.knowledge.expressions import facts_of
from tactician.knowledge.rules import Block, DerivedFact, Evidence, Rule

Interval = tuple[int, int]
Assignment = dict[str, Domain]
NO_TABLE = FactTable()


@dataclass(frozen=True, slots=True)
class OpenPart:
    """What is undecided about one record in one segment, and everything that could decide it."""

    rules: tuple[tuple[Rule, int], ...]
    """The undecided rules with their positions."""
    settled: Interval
    """What the decided rules add up to."""
    facts: tuple[str, ...]
    """The open raw facts behind the undecided rules."""
    stages: tuple[tuple[tuple[DerivedFact, ...], tuple[Composite, ...]], ...]
    """The open derived facts and the undecided conditions, in the order in which they are settled."""
    mask: int
    """The bits of all tests and conditions among them."""
    in_arithmetic: frozenset[str]
    blocks: tuple[tuple[Rule, int], ...]


class OpenSegment:
    """One segment of one client as far as it is known."""

    def __init__(self, engine: DirectEngine, client: Client, segment: Segment) -> None:
        self.engine = engine
        self.segment = segment
        base = engine.rulebase
        stated: Mapping[str, Value] = {**client.facts, **segment.facts}
        self.domains: Assignment = {
            name: exactly(stated[name]) if name in stated else anything(spec)
            for name, spec in base.vocabulary.facts.items()
        }
        self.possible = Possible()
        self._enter(self.possible, (name for name in self.domains if name in engine.bits.facts), self.domains)
        self.strengths: dict[int, Strength] = {}
        for kind, table in engine.bits.items.items():
            self.strengths |= look_at(table, kind, segment.items.get(kind), base, self.possible)
        self._settle(self.possible, self.domains, engine.stages)

    def _enter(self, possible: Possible, facts: Iterable[str], domains: Mapping[str, Domain]) -> None:
        for name in facts:
            possible.enter(self.engine.bits.facts.get(name, NO_TABLE), domains[name])

    def _settle(
        self,
        possible: Possible,
        domains: Assignment,
        stages: Iterable[tuple[tuple[DerivedFact, ...], tuple[Composite, ...]]],
    ) -> None:
        for derived, composites in stages:
            for fact in derived:
                domains[fact.spec.id] = self._conclude(fact, domains, possible)
            self._enter(possible, (fact.spec.id for fact in derived), domains)
            possible.combine(composites)

    def _conclude(self, fact: DerivedFact, domains: Assignment, possible: Possible) -> Domain:
        if fact.measure:
            return self._measure(fact, domains)
        if fact.expression is not None:
            return compute(fact.expression, domains)
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
    def _items_complete(self) -> bool:
        return all(is_complete(self.segment.items.get(kind), kind) for kind in ITEM_KINDS)

    def _measure(self, fact: DerivedFact, domains: Assignment) -> Domain:
        base = self.engine.rulebase
        read = {name: domains[name] for name in fact.reads if name not in ITEM_KINDS}
        if not self._items_complete or any(is_open(domain) for domain in read.values()):
            return anything(fact.spec)
        known = {name: value for name, domain in read.items() if (value := only_value(domain)) is not None}
        result = measure(fact.measure, known, self.segment, base.vocabulary, base.parameters)
        return UNKNOWN if result is None else exactly(result.value)

    def open_part(self, record: str) -> OpenPart:
        """What is undecided about a record."""
        low = high = 0
        undecided, blocks, start = [], [], []
        for rule in self.engine.rulebase.by_target[record]:
            position = self.engine.position[rule.id]
            if isinstance(rule.then, Block):
                blocks.append((rule, position))
            least, most = self.contribution(rule, position, self.possible)
            if self.undecided(position) or (isinstance(rule.then, Evidence) and least != most):
                undecided.append((rule, position))
                start.append(position)
            else:
                low, high = low + least, high + most
        closure = _Closure(self, start)
        return OpenPart(
            tuple(undecided),
            (low, high),
            tuple(name for name in self.domains if name in closure.raw),
            closure.stages,
            closure.mask,
            closure.in_arithmetic,
            tuple(blocks),
        )

    def undecided(self, position: int) -> bool:
        """Whether a condition can be more than one of true, false and unknown."""
        options = (self.possible.true, self.possible.false, self.possible.unknown)
        return sum(bits >> position & 1 for bits in options) > 1

    def parts(self, name: str, views: Sequence[OpenPart]) -> list[Domain]:
        """The parts of an open fact's domain that can make a difference to some undecided records."""
        table = self.engine.bits.facts.get(name, NO_TABLE)
        mask = 0
        for part in views:
            mask |= part.mask
        return split(self.domains[name], table, mask, any(name in part.in_arithmetic for part in views))

    def cases(
        self, part: OpenPart, fixed: Assignment, names: list[str], parts: list[list[Domain]]
    ) -> Iterator[Interval]:
        """The total in every case of the segment's own open facts, given the shared ones."""
        for values in product(*parts):
            assignment = {**fixed, **dict(zip(names, values, strict=True))}
            possible = self._narrowed(part, assignment)
            spoken = add(self.contribution(rule, at, possible) for rule, at in part.rules)
            yield self._after_blocks(part, add((part.settled, spoken)), possible)

    def _narrowed(self, part: OpenPart, assignment: Assignment) -> Possible:
        """What is possible once the open facts have these domains."""
        possible = self._without(part.mask)
        domains = {**self.domains, **assignment}
        self._enter(possible, assignment, domains)
        self._settle(possible, domains, part.stages)
        return possible

    def _without(self, mask: int) -> Possible:
        settled = self.possible
        return Possible(settled.true & ~mask, settled.false & ~mask, settled.unknown & ~mask)

    def contribution(self, rule: Rule, position: int, possible: Possible) -> Interval:
        """The least and greatest evidence of a rule, less what the prior takes off."""
        if not isinstance(rule.then, Evidence):
            return 0, 0
        bit = 1 << position
        options = []
        if possible.true & bit:
            strengths = self._strength(position, possible)
            options += [rule.then.weight * strength - rule.expected for strength in strengths]
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

    def _after_blocks(self, part: OpenPart, total: Interval, possible: Possible) -> Interval:
        """A blocked segment contributes no more than nothing."""
        low, high = total
        for _, position in part.blocks:
            if possible.true >> position & 1:
                low = min(0, low)
                if not (possible.false | possible.unknown) >> position & 1:
                    high = min(0, high)
        return low, high

    def grouped(self, part: OpenPart) -> Interval:
        """The total where too many facts are open: each rule goes with the open fact it shares with most."""
        total = part.settled
        for name, rules in self._groups(part).items():
            total = add((total, self._group(name, rules, part)))
        return self._after_blocks(part, total, self.possible)

    def _groups(self, part: OpenPart) -> Mapping[str, list[tuple[Rule, int]]]:
        reads = {rule.id: sorted(self._open_reads(position)) for rule, position in part.rules}
        common = Counter(name for names in reads.values() for name in names)
        groups: dict[str, list[tuple[Rule, int]]] = {}
        for rule, position in part.rules:
            name = max(reads[rule.id], key=lambda each: (common[each], each), default="")
            groups.setdefault(name, []).append((rule, position))
        return groups

    def _open_reads(self, position: int) -> Iterator[str]:
        composite = self.engine.bits.composites.get(position)
        element = self.engine.bits.elements[position]
        if composite is not None:
            for each in composite.parts:
                yield from self._open_reads(each)
        elif isinstance(element, Test | Known) and is_open(self.domains[element.fact]):
            yield element.fact

    def _group(self, name: str, rules: list[tuple[Rule, int]], part: OpenPart) -> Interval:
        """The sum of some rules over the parts of the one open fact that they share."""
        if not name:
            return add(self.contribution(rule, at, self.possible) for rule, at in rules)
        table = self.engine.bits.facts[name]
        wholes = [each for _, composites in part.stages for each in composites]
        mask = all_tests(table)
        for each in wholes:
            mask |= each.bit
        totals = []
        for piece in split(self.domains[name], table, part.mask, keep_all=False):
            possible = self._without(mask)
            possible.enter(table, piece)
            possible.combine(wholes)
            totals.append(add(self.contribution(rule, at, possible) for rule, at in rules))
        return hull(totals)


class _Closure:
    """Everything open behind some undecided conditions."""

    def __init__(self, segment: OpenSegment, start: list[int]) -> None:
        self._segment = segment
        self._bits = segment.engine.bits
        self._positions = set[int]()
        self._derived = set[str]()
        self.raw = set[str]()
        self.mask = 0
        arithmetic = set[str]()
        for position in start:
            self._visit(position)
        for name in self._derived:
            fact = segment.engine.rulebase.derived_by_id[name]
            arithmetic |= set(facts_of(fact.expression)) if fact.expression else set()
            arithmetic |= fact.reads if fact.measure else frozenset()
        self.in_arithmetic = frozenset(arithmetic)
        self.stages = tuple(
            (
                tuple(fact for fact in derived if fact.spec.id in self._derived),
                tuple(each for each in composites if each.bit.bit_length() - 1 in self._positions),
            )
            for derived, composites in segment.engine.stages
        )

    def _visit(self, position: int) -> None:
        if position in self._positions or not self._segment.undecided(position):
            return
        self._positions.add(position)
        composite = self._bits.composites.get(position)
        if composite is not None:
            self.mask |= composite.bit
            for part in composite.parts:
                self._visit(part)
            return
        element = self._bits.elements[position]
        if isinstance(element, Test | Known):
            self._look_behind(element.fact)

    def _look_behind(self, name: str) -> None:
        if name in ITEM_KINDS or name in self.raw or name in self._derived:
            return
        if not is_open(self._segment.domains[name]):
            return
        self.mask |= all_tests(self._bits.facts.get(name, NO_TABLE))
        fact = self._segment.engine.rulebase.derived_by_id.get(name)
        if fact is None:
            self.raw.add(name)
            return
        self._derived.add(name)
        for position, _ in self._segment.engine.lists[name]:
            if position is not None:
                self._visit(position)
        if not fact.entries:
            for read in fact.reads:
                self._look_behind(read)


def _also(found: Domain | None, domain: Domain) -> Domain:
    return domain if found is None else union(found, domain)


def only_value(domain: Domain) -> Value | None:
    """The one value of a settled domain; None when it is open, or settled as unknown."""
    if domain.unknown:
        return None
    if domain.interval is not None:
        return domain.interval[0] if domain.interval[0] == domain.interval[1] else None
    return next(iter(domain.levels)) if len(domain.levels) == 1 else None


def is_open(domain: Domain) -> bool:
    """Whether a domain leaves a choice."""
    return domain != UNKNOWN and only_value(domain) is None


def add(intervals: Iterable[Interval]) -> Interval:
    """The sum of intervals."""
    low = high = 0
    for least, most in intervals:
        low, high = low + least, high + most
    return low, high


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval around some."""
    every = list(intervals)
    return min(low for low, _ in every), max(high for _, high in every)
