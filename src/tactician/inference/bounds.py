"""The lowest and highest total of each record that unknown facts still allow, over every completion.

Always sound: rules that are undecided are added up as intervals. Made tight by cases: where few facts are open,
their product is gone through part by part; where many are, each rule is judged with the open fact it shares with
most others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import prod

from tactician.facts.client import Client, Segment
from tactician.facts.measures import measure
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.direct import DirectEngine, engine_for
from tactician.inference.item_possibility import Strength, is_complete, look_at
from tactician.inference.item_weights import FULL
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
from tactician.knowledge.conditions import Known, Test, facts_read
from tactician.knowledge.expressions import facts_of
from tactician.knowledge.rules import Block, DerivedFact, Evidence, Rule, Rulebase

Interval = tuple[int, int]
MOST_CASES = 600
"""Cases gone through for one record; beyond it, rules are grouped by one shared open fact each."""

Assignment = dict[str, Domain]


@dataclass(frozen=True)
class Slice:
    """Everything that decides some rules: the facts behind them, by stage, and their conditions."""

    rules: tuple[tuple[Rule, int], ...]
    stages: tuple[tuple[tuple[DerivedFact, ...], tuple[Composite, ...]], ...]
    raw: tuple[str, ...]
    mask: int
    in_arithmetic: frozenset[str]


class BoundsEngine:
    """Bounds over one Rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.direct: DirectEngine = engine_for(rulebase)
        self.bits = self.direct.bits
        self.slices = {name: self._slice(rules) for name, rules in rulebase.by_target.items()}

    def _slice(self, rules: Iterable[Rule]) -> Slice:
        positions, facts = self._closure([self.direct.position[rule.id] for rule in rules])
        derived = [fact for fact in self.rulebase.derived if fact.spec.id in facts]
        arithmetic = {name for fact in derived if fact.expression for name in facts_of(fact.expression)}
        arithmetic |= {name for fact in derived if fact.measure for name in fact.reads}
        stages = tuple(
            (
                tuple(fact for fact in stage_facts if fact.spec.id in facts),
                tuple(each for each in composites if each.bit.bit_length() - 1 in positions),
            )
            for stage_facts, composites in self.direct.stages
        )
        raw = tuple(name for name in self.rulebase.vocabulary.facts if name in facts)
        mask = sum(1 << position for position in positions)
        chosen = tuple((rule, self.direct.position[rule.id]) for rule in rules)
        return Slice(chosen, stages, raw, mask, frozenset(arithmetic))

    def _closure(self, start: list[int]) -> tuple[set[int], set[str]]:
        positions, facts = set[int](), set[str]()
        todo = list(start)
        while todo:
            position = todo.pop()
            if position in positions:
                continue
            positions.add(position)
            composite = self.bits.composites.get(position)
            todo += composite.parts if composite else ()
            element = self.bits.elements[position]
            if isinstance(element, Test | Known):
                todo += self._behind(element.fact, facts)
        return positions, facts

    def _behind(self, fact: str, seen: set[str]) -> list[int]:
        """The positions of the conditions behind a fact; notes it and every fact behind it in `seen`."""
        if fact in seen or fact in ITEM_KINDS:
            return []
        seen.add(fact)
        derived = self.rulebase.derived_by_id.get(fact)
        if derived is None:
            return []
        found = [at for at, _ in self.direct.lists[fact] if at is not None]
        if derived.expression is not None or derived.measure:
            for name in derived.reads:
                found += self._behind(name, seen)
        return found

    def bounds(self, client: Client) -> dict[str, Interval]:
        """The lowest and highest total of every record, in 10⁻¹² point."""
        views = [SegmentView(self, client, segment) for segment in client.segments]
        return {name: self._record(views, part) for name, part in self.slices.items()}

    def _record(self, views: list[SegmentView], part: Slice) -> Interval:
        first = views[0]
        shared = [name for name in first.open_facts(part) if not name.startswith("segment.")]
        own = [[n for n in view.open_facts(part) if n.startswith("segment.")] for view in views]
        common = [first.parts(name, part) for name in shared]
        single = [[view.parts(n, part) for n in names] for view, names in zip(views, own, strict=True)]
        cases = prod(map(len, common)) * sum(prod(map(len, parts)) for parts in single)
        if cases > MOST_CASES:
            return _weighed([(view.segment.ppm, view.grouped(part)) for view in views])
        totals = []
        for values in product(*common):
            fixed = dict(zip(shared, values, strict=True))
            intervals = [
                (view.segment.ppm, _hull(view.cases(part, fixed, names, parts)))
                for view, names, parts in zip(views, own, single, strict=True)
            ]
            totals.append(_weighed(intervals))
        return _hull(totals)


class SegmentView:
    """One segment of one client, with the domain of every stated or open fact."""

    def __init__(self, engine: BoundsEngine, client: Client, segment: Segment) -> None:
        self.engine = engine
        self.segment = segment
        self.values: dict[str, Value] = {**client.facts, **segment.facts}
        self._raw = engine.rulebase.vocabulary.facts
        self.settled = Possible()
        for name, value in self.values.items():
            if name in engine.bits.facts:
                self.settled.enter(engine.bits.facts[name], exactly(value))
        self.strengths: dict[int, Strength] = {}
        for kind, table in engine.bits.items.items():
            items = segment.items.get(kind)
            self.strengths |= look_at(table, kind, items, engine.rulebase, self.settled)

    @cached_property
    def items_complete(self) -> bool:
        """Whether measures can be computed as they stand."""
        return all(is_complete(self.segment.items.get(kind), kind) for kind in ITEM_KINDS)

    def open_facts(self, part: Slice) -> list[str]:
        """The facts behind a slice that nobody has stated."""
        return [name for name in part.raw if name not in self.values]

    def parts(self, name: str, part: Slice) -> list[Domain]:
        """The parts of an open fact's domain that can make a difference in a slice."""
        table = self.engine.bits.facts.get(name, FactTable())
        return split(anything(self._raw[name]), table, part.mask, name in part.in_arithmetic)

    def cases(
        self, part: Slice, fixed: Assignment, names: list[str], parts: list[list[Domain]]
    ) -> Iterator[Interval]:
        """The total of the segment in every case of its own open facts."""
        for values in product(*parts):
            yield self._total(part, {**fixed, **dict(zip(names, values, strict=True))})

    def _total(self, part: Slice, assignment: Assignment) -> Interval:
        possible, _ = self._run(part, assignment)
        spoken = [self._contribution(rule, at, possible) for rule, at in part.rules]
        low, high = sum(each[0] for each in spoken), sum(each[1] for each in spoken)
        return _blocked((low, high), self._blocks(part, possible))

    def _run(self, part: Slice, assignment: Assignment) -> tuple[Possible, Assignment]:
        """What is possible once the open facts have these domains."""
        domains = {name: exactly(self.values[name]) for name in part.raw if name in self.values} | assignment
        settled = self.settled
        possible = Possible(settled.true, settled.false, settled.unknown)
        for name, domain in assignment.items():
            if name in self.engine.bits.facts:
                possible.enter(self.engine.bits.facts[name], domain)
        for derived, composites in part.stages:
            for fact in derived:
                domain = domains[fact.spec.id] = self._conclude(fact, domains, possible)
                if fact.spec.id in self.engine.bits.facts:
                    possible.enter(self.engine.bits.facts[fact.spec.id], domain)
            possible.combine(composites)
        return possible, domains

    def _conclude(self, fact: DerivedFact, domains: Assignment, possible: Possible) -> Domain:
        if fact.measure:
            return self._measure(fact, domains)
        if fact.expression is not None:
            return compute(fact.expression, domains)
        found: Domain | None = None
        for position, entry in self.engine.direct.lists[fact.spec.id]:
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

    def _measure(self, fact: DerivedFact, domains: Assignment) -> Domain:
        base = self.engine.rulebase
        read = {name: domains[name] for name in fact.reads if name not in ITEM_KINDS}
        values = {name: _single(domain) for name, domain in read.items()}
        if self.items_complete and all(values[n] is not None or read[n] == UNKNOWN for n in read):
            known = {name: value for name, value in values.items() if value is not None}
            result = measure(fact.measure, known, self.segment, base.vocabulary, base.parameters)
            return UNKNOWN if result is None else exactly(result.value)
        return anything(fact.spec)

    def _contribution(self, rule: Rule, position: int, possible: Possible) -> Interval:
        """The least and greatest evidence of a rule, less what the prior takes off."""
        if not isinstance(rule.then, Evidence):
            return 0, 0
        bit = 1 << position
        options = []
        if possible.true & bit:
            options += [
                rule.then.weight * strength - rule.expected for strength in self._strength(position, possible)
            ]
        if possible.false & bit:
            options.append(-rule.expected)
        if possible.unknown & bit:
            options.append(0)
        return min(options), max(options)

    def _strength(self, position: int, possible: Possible) -> Strength:
        composite = self.engine.bits.composites.get(position)
        if composite is None:
            return self.strengths.get(position, (FULL, FULL))
        if position not in self.engine.direct.weighted:
            return FULL, FULL
        can = [part for part in composite.parts if possible.true >> part & 1]
        ranges = {part: self._strength(part, possible) for part in can}
        if composite.is_all:
            return min(low for low, _ in ranges.values()), min(high for _, high in ranges.values())
        maybe_not = possible.false | possible.unknown
        sure = [ranges[part][0] for part in can if not maybe_not >> part & 1]
        least = max(sure) if sure else min(low for low, _ in ranges.values())
        return least, max(high for _, high in ranges.values())

    def _blocks(self, part: Slice, possible: Possible) -> tuple[bool, bool]:
        """Whether the record can be blocked, and whether it must be."""
        can = must = False
        for rule, position in part.rules:
            if isinstance(rule.then, Block) and possible.true >> position & 1:
                can = True
                must = must or not (possible.false | possible.unknown) >> position & 1
        return can, must

    def grouped(self, part: Slice) -> Interval:
        """The total when too many facts are open: each rule goes with the open fact it shares with most."""
        assignment = {name: anything(self._raw[name]) for name in self.open_facts(part)}
        possible, domains = self._run(part, assignment)
        low = high = 0
        for name, rules in self._groups(part, possible, domains).items():
            least, most = self._group(name, rules, part, possible, domains)
            low, high = low + least, high + most
        return _blocked((low, high), self._blocks(part, possible))

    def _groups(
        self, part: Slice, possible: Possible, domains: Assignment
    ) -> Mapping[str, list[tuple[Rule, int]]]:
        """The rules by the open fact they are judged with; those with none under the empty name."""
        reads = {}
        for rule, position in part.rules:
            options = (possible.true, possible.false, possible.unknown)
            decided = sum(bits >> position & 1 for bits in options) == 1
            read = sorted(facts_read(rule.when)) if not decided else []
            reads[rule.id] = [n for n in read if n in domains and _is_open(domains[n])]
        common = Counter(name for names in reads.values() for name in names)
        groups: dict[str, list[tuple[Rule, int]]] = {}
        for rule, position in part.rules:
            name = max(reads[rule.id], key=lambda each: (common[each], each), default="")
            groups.setdefault(name, []).append((rule, position))
        return groups

    def _group(
        self,
        name: str,
        rules: list[tuple[Rule, int]],
        part: Slice,
        possible: Possible,
        domains: Assignment,
    ) -> Interval:
        if not name:
            return _sum(self._contribution(rule, at, possible) for rule, at in rules)
        table = self.engine.bits.facts[name]
        tests = all_tests(table)
        wholes = [each for _, composites in part.stages for each in composites]
        cleared = ~(tests | sum(each.bit for each in wholes))
        totals = []
        for piece in split(domains[name], table, part.mask, False):
            narrowed = Possible(possible.true & cleared, possible.false & cleared, possible.unknown & cleared)
            narrowed.enter(table, piece)
            narrowed.combine(wholes)
            totals.append(_sum(self._contribution(rule, at, narrowed) for rule, at in rules))
        return _hull(totals)


def _also(found: Domain | None, domain: Domain) -> Domain:
    return domain if found is None else union(found, domain)


def _is_open(domain: Domain) -> bool:
    return domain != UNKNOWN and _single(domain) is None


def _single(domain: Domain) -> Value | None:
    """The one value of a settled domain."""
    if domain.unknown:
        return None
    if domain.interval is not None:
        return domain.interval[0] if domain.interval[0] == domain.interval[1] else None
    return next(iter(domain.levels)) if len(domain.levels) == 1 else None


def _blocked(total: Interval, blocks: tuple[bool, bool]) -> Interval:
    """A blocked segment contributes no more than nothing."""
    low, high = total
    can, must = blocks
    return (min(0, low) if can else low), (min(0, high) if must else high)


def _sum(intervals: Iterable[Interval]) -> Interval:
    low = high = 0
    for least, most in intervals:
        low, high = low + least, high + most
    return low, high


def _weighed(segments: Iterable[tuple[int, Interval]]) -> Interval:
    return _sum((ppm * low, ppm * high) for ppm, (low, high) in segments)


def _hull(intervals: Iterable[Interval]) -> Interval:
    every = list(intervals)
    return min(low for low, _ in every), max(high for _, high in every)


@lru_cache(maxsize=8)
def _engine_for(rulebase: Rulebase) -> BoundsEngine:
    return BoundsEngine(rulebase)


def bounds(client: Client, rulebase: Rulebase) -> dict[str, Interval]:
    """The lowest and highest total of every record, in 10⁻¹² point, over every completion of unknown facts."""
    return _engine_for(rulebase).bounds(client)
