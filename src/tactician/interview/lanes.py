"""The direct engine for hundreds of completions at once: one bit of a long integer for each.

A completion is a client in which open facts have drawn values. Each condition is two long integers, the completions
in which it is true and those in which it is false, so that one operation settles it in all of them. The totals are
those the direct engine gives for each completion by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tactician.facts.client import Client, Item, Segment
from tactician.facts.measures import measure
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.arithmetic import evaluate
from tactician.inference.direct import engine_for
from tactician.inference.item_weights import FULL, item_weight
from tactician.inference.truth_table import Composite, FactTable, ItemTable
from tactician.interview.wide import MOST_KEPT, Lanes, Wide, lanes_by, members
from tactician.knowledge.rules import Block, DerivedFact, Evidence, Rule, Rulebase

Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn for one segment: by open fact, and by kind of item, one value in each completion."""

    facts: Mapping[str, Sequence[Value | None]] = field(default_factory=dict)
    items: Mapping[str, Sequence[Items]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Totals:
    """By record its total in each completion, in 10⁻¹² point, and where every segment blocks it."""

    columns: Mapping[str, Sequence[int]]
    blocked: Mapping[str, Lanes]


@dataclass(slots=True)
class LaneState:
    """One segment in every completion: where each condition is true and false, and the values of facts."""

    segment: Segment
    fixed: dict[str, Value]
    """What is the same in every completion."""
    drawn: dict[str, Sequence[Value | None]]
    items: Mapping[str, Sequence[Items]]
    true: list[Lanes]
    false: list[Lanes]
    strengths: dict[int, list[int]] = field(default_factory=dict)
    """By the position of a weighing `some`: its strongest item in each completion, in thousandths."""


class ManyAtOnce:
    """The totals of one group of records in `count` completions of a client."""

    def __init__(self, rulebase: Rulebase, count: int, group: str = "tactics") -> None:
        self.rulebase = rulebase
        self.engine = engine_for(rulebase)
        self.count = count
        self.every: Lanes = (1 << count) - 1
        self.records = tuple(record.id for record in rulebase.group(group))
        self._rules = self._spoken()
        self._wide = Wide(count)
        self._measured: dict[object, tuple[object, Value | None]] = {}

    def _spoken(self) -> list[tuple[Rule, int, tuple[str, ...]]]:
        wanted = set(self.records)
        found = []
        for rule in self.rulebase.rules:
            targets = tuple(target for target in rule.targets if target in wanted)
            if targets:
                found.append((rule, self.engine.position[rule.id], targets))
        return found

    def totals(self, client: Client, draws: Sequence[Draw]) -> Totals:
        """Every record's total in every completion; `draws` has one entry for each segment of the client."""
        sums = dict.fromkeys(self.records, 0)
        everywhere = dict.fromkeys(self.records, self.every)
        for segment, draw in zip(client.segments, draws, strict=True):
            state = self.settle(client, segment, draw)
            blocked = self._blocked(state)
            for name, total in self._evidence(state).items():
                sums[name] += segment.ppm * self._capped(total, blocked[name])
                everywhere[name] &= blocked[name]
        return Totals({name: self._wide.read(total) for name, total in sums.items()}, everywhere)

    def settle(self, client: Client, segment: Segment, draw: Draw) -> LaneState:
        """Every condition of one segment in every completion."""
        size = len(self.engine.bits.elements)
        fixed = {**client.facts, **segment.facts}
        state = LaneState(segment, fixed, dict(draw.facts), draw.items, [0] * size, [0] * size)
        for kind, items in self.engine.bits.items.items():
            self._look_at_items(state, kind, items)
        derived = self.rulebase.derived_by_id
        self._enter(state, (fact for fact in self.engine.bits.facts if fact not in derived))
        for concluded, composites in self.engine.stages:
            for each in concluded:
                self._conclude(state, each)
            self._enter(state, (each.spec.id for each in concluded))
            self._combine(state, composites)
        return state

    def _look_at_items(self, state: LaneState, kind: str, table: ItemTable) -> None:
        drawn = state.items.get(kind)
        given = state.segment.items.get(kind)
        if drawn is not None:
            lists = {id(items): items for items in drawn}
            for key, lanes in lanes_by([id(items) for items in drawn]).items():
                self._enter_items(state, table, lists[key], lanes)
        elif given is not None:
            self._enter_items(state, table, given, self.every)

    def _enter_items(self, state: LaneState, table: ItemTable, items: Items, lanes: Lanes) -> None:
        base = self.rulebase
        looked = [table.item_bits(item) for item in items]
        for element in table.elements:
            position = element.bit.bit_length() - 1
            passed = [n for n, (true, _) in enumerate(looked) if true & element.where == element.where]
            if passed and element.is_some:
                strongest = max(item_weight(items[n], base.vocabulary, base.parameters) for n in passed)
                column = state.strengths.setdefault(position, [0] * self.count)
                for lane in members(lanes):
                    column[lane] = strongest
            if passed or all(false & element.where for _, false in looked):
                (state.true if bool(passed) == element.is_some else state.false)[position] |= lanes

    def _enter(self, state: LaneState, facts: Iterable[str]) -> None:
        for fact in facts:
            table = self.engine.bits.facts.get(fact)
            drawn = state.drawn.get(fact)
            if table is None:
                continue
            if drawn is None:
                _set(state, table, state.fixed.get(fact), self.every)
                continue
            for value, lanes in lanes_by(drawn).items():
                _set(state, table, value, lanes)

    def _combine(self, state: LaneState, composites: Iterable[Composite]) -> None:
        for composite in composites:
            true, false = (state.true, state.false) if composite.is_all else (state.false, state.true)
            every, some = self.every, 0
            for part in composite.parts:
                every &= true[part]
                some |= false[part]
            position = composite.bit.bit_length() - 1
            true[position], false[position] = every, some

    def _conclude(self, state: LaneState, fact: DerivedFact) -> None:
        if fact.entries:
            self._decide(state, fact.spec.id)
        else:
            self._compute(state, fact)

    def _decide(self, state: LaneState, fact: str) -> None:
        """The first true entry of a decision list decides; an unknown one stops."""
        going, found = self.every, dict[Value, Lanes]()
        for position, entry in self.engine.lists[fact]:
            hit = going if position is None else going & state.true[position]
            if hit:
                found[entry.value] = found.get(entry.value, 0) | hit
            going &= 0 if position is None else state.false[position]
        if list(found.values()) == [self.every]:
            state.fixed[fact] = next(iter(found))
        elif found:
            state.drawn[fact] = self._column(found)

    def _column(self, found: Mapping[Value, Lanes]) -> list[Value | None]:
        column: list[Value | None] = [None] * self.count
        for value, lanes in found.items():
            for lane in members(lanes):
                column[lane] = value
        return column

    def _compute(self, state: LaneState, fact: DerivedFact) -> None:
        """An expression or a measure, once for each combination of what it reads."""
        columns: dict[str, Sequence[object]] = {}
        for name in sorted(fact.reads):
            drawn = state.drawn.get(name) or state.items.get(name)
            if drawn is not None:
                columns[name] = drawn
        if not columns:
            value = self._value(fact, state.fixed, state.segment)
            if value is not None:
                state.fixed[fact.spec.id] = value
            return
        results: dict[object, Value | None] = {}
        found = []
        for combination in zip(*columns.values(), strict=True):
            key = tuple(id(part) if isinstance(part, tuple) else part for part in combination)
            if key not in results:
                results[key] = self._in_one(state, fact, dict(zip(columns, combination, strict=True)))
            found.append(results[key])
        state.drawn[fact.spec.id] = found

    def _in_one(self, state: LaneState, fact: DerivedFact, drawn: Mapping[str, object]) -> Value | None:
        values = {name: state.fixed[name] for name in fact.reads if name in state.fixed}
        items = dict(state.segment.items)
        for name, part in drawn.items():
            if isinstance(part, tuple):
                items[name] = part
            elif isinstance(part, str | bool | float):
                values[name] = part
        return self._value(fact, values, Segment(state.segment.name, state.segment.ppm, {}, items))

    def _value(self, fact: DerivedFact, values: Mapping[str, Value], segment: Segment) -> Value | None:
        if fact.expression is not None:
            return evaluate(fact.expression, values)
        lists = tuple(segment.items.get(kind) for kind in ITEM_KINDS if kind in fact.reads)
        key = fact.measure, tuple(values.get(name) for name in sorted(fact.reads)), tuple(map(id, lists))
        kept = self._measured.get(key)
        if kept is None:
            base = self.rulebase
            result = measure(fact.measure, values, segment, base.vocabulary, base.parameters)
            if len(self._measured) > MOST_KEPT:
                self._measured.clear()
            # Keeping the lists keeps their identity: no other list can come to stand under this key.
            kept = self._measured[key] = lists, None if result is None else result.value
        return kept[1]

    def _blocked(self, state: LaneState) -> dict[str, Lanes]:
        blocked = dict.fromkeys(self.records, 0)
        for rule, position, _ in self._rules:
            if isinstance(rule.then, Block):
                blocked[rule.then.target] |= state.true[position]
        return blocked

    def _evidence(self, state: LaneState) -> dict[str, int]:
        """The wide total of every record in a segment, its prior included, in 10⁻⁶ point."""
        always = dict.fromkeys(self.records, 0)
        sums = dict.fromkeys(self.records, 0)
        for rule, position, targets in self._rules:
            fixed, varying = self._contribution(rule, position, state)
            for target in targets if fixed or varying else ():
                always[target] += fixed
                sums[target] += varying
        return {name: sums[name] + always[name] * self._wide.ones for name in self.records}

    def _contribution(self, rule: Rule, position: int, state: LaneState) -> tuple[int, int]:
        """What a rule adds in every completion, and as a wide number what it adds in some."""
        true = state.true[position]
        decided = true | state.false[position] if rule.expected else 0
        fixed = -rule.expected if decided == self.every else 0
        varying = -rule.expected * self._wide.spread(decided) if decided and not fixed else 0
        if not true or not isinstance(rule.then, Evidence):
            return fixed, varying
        if position in self.engine.weighted:
            return fixed, varying + rule.then.weight * self._wide.pack(self._strength(state, position))
        if true == self.every:
            return fixed + rule.then.weight * FULL, varying
        return fixed, varying + rule.then.weight * FULL * self._wide.spread(true)

    def _strength(self, state: LaneState, position: int) -> Sequence[int]:
        """In each completion the item weight of a condition, in thousandths; 0 where it is not true."""
        composite = self.engine.bits.composites.get(position)
        if position not in self.engine.weighted:
            true = state.true[position]
            return [FULL if true >> lane & 1 else 0 for lane in range(self.count)]
        if composite is None:
            return state.strengths.get(position) or [0] * self.count
        choose = min if composite.is_all else max
        columns = [self._strength(state, part) for part in composite.parts]
        return [choose(column) for column in zip(*columns, strict=True)]

    def _capped(self, total: int, blocked: Lanes) -> int:
        """A blocked segment contributes no more than nothing."""
        if not blocked:
            return total
        column = enumerate(self._wide.read(total))
        return self._wide.pack([min(0, each) if blocked >> lane & 1 else each for lane, each in column])


def _set(state: LaneState, table: FactTable, value: Value | None, lanes: Lanes) -> None:
    """Settle every test of a fact where it has this value."""
    true, false = table.bits(value)
    for position in members(true):
        state.true[position] |= lanes
    for position in members(false):
        state.false[position] |= lanes
