"""The direct engine for hundreds of completions at once: one bit of a long integer for each.

A completion is a client in which open facts have drawn values. Each condition is two long integers, the completions
in which it is true and those in which it is false, so that one operation settles it in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tactician.facts.client import Client, Item, Segment
from tactician.facts.item_weights import item_weight
from tactician.facts.measures import measure
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.arithmetic import evaluate
from tactician.inference.direct import engine_for
from tactician.inference.truth_table import Bits, Composite, FactTable, ItemTable
from tactician.interview.wide import MOST_KEPT, Lanes, crossed, members
from tactician.knowledge.rules import DerivedFact, Rulebase

Items = tuple[Item, ...]


@dataclass(frozen=True, eq=False)
class DrawnLists:
    """The lists of one kind that are drawn for a segment, each with the completions that have it."""

    lists: tuple[tuple[Items, Lanes], ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn for one segment: by open fact, and by kind of item, the completions of each value."""

    facts: Mapping[str, Mapping[Value, Lanes]] = field(default_factory=dict)
    items: Mapping[str, DrawnLists] = field(default_factory=dict)


@dataclass(slots=True)
class LaneState:
    """One segment in every completion: where each condition is true and false, and the values of facts."""

    segment: Segment
    fixed: dict[str, Value]
    """What is the same in every completion."""
    drawn: dict[str, Mapping[Value, Lanes]]
    items: Mapping[str, DrawnLists]
    true: list[Lanes]
    false: list[Lanes]
    strengths: dict[int, Mapping[int, Lanes]] = field(default_factory=dict)
    """By the position of a weighing `some`: where its strongest item has each weight, in thousandths."""


@dataclass(slots=True)
class Look:
    """What the lists of one kind settle."""

    true: dict[int, Lanes] = field(default_factory=dict)
    false: dict[int, Lanes] = field(default_factory=dict)
    strengths: dict[int, dict[int, Lanes]] = field(default_factory=dict)
    alike: dict[frozenset[int], Lanes] = field(default_factory=dict)
    """The completions by the elements that their lists pass: lists that pass the same answer the same."""


class LaneEngine:
    """Settles the conditions of segments in `count` completions; keeps results that only drawn values decide."""

    def __init__(self, rulebase: Rulebase, count: int) -> None:
        self.rulebase = rulebase
        self.direct = engine_for(rulebase)
        self.count = count
        self.every: Lanes = (1 << count) - 1
        self._raw = [fact for fact in self.direct.bits.facts if fact not in rulebase.derived_by_id]
        self._looked: dict[int, tuple[DrawnLists, Look]] = {}
        self._computed: dict[object, tuple[object, dict[Value, Lanes]]] = {}

    def settle(self, client: Client, segment: Segment, draw: Draw) -> LaneState:
        """Every condition of one segment in every completion."""
        size = len(self.direct.bits.elements)
        fixed = {**client.facts, **segment.facts}
        state = LaneState(segment, fixed, dict(draw.facts), draw.items, [0] * size, [0] * size)
        for kind, items in self.direct.bits.items.items():
            self._look_at_items(state, kind, items)
        self._enter(state, self._raw)
        for concluded, composites in self.direct.stages:
            for each in concluded:
                self._conclude(state, each)
            self._enter(state, (each.spec.id for each in concluded))
            self._combine(state, composites)
        return state

    def _look_at_items(self, state: LaneState, kind: str, table: ItemTable) -> None:
        drawn = state.items.get(kind)
        given = state.segment.items.get(kind)
        if drawn is not None:
            look = self.look_at_drawn(kind, drawn)
        elif given is not None:
            look = Look()
            self._look(look, table, given, self.every)
        else:
            return
        for position, lanes in look.true.items():
            state.true[position] |= lanes
        for position, lanes in look.false.items():
            state.false[position] |= lanes
        state.strengths |= look.strengths

    def look_at_drawn(self, kind: str, drawn: DrawnLists) -> Look:
        """What drawn lists settle."""
        kept = self._looked.get(id(drawn))
        if kept is None:
            if len(self._looked) > MOST_KEPT:
                self._looked.clear()
            look, table = Look(), self.direct.bits.items.get(kind)
            for items, lanes in drawn.lists if table else ():
                assert table is not None
                self._look(look, table, items, lanes)
            # Keeping the lists keeps their identity: no others can come to stand under this key.
            kept = self._looked[id(drawn)] = drawn, look
        return kept[1]

    def _look(self, look: Look, table: ItemTable, items: Items, lanes: Lanes) -> None:
        base = self.rulebase
        bits = [table.item_bits(item) for item in items]
        weights = [item_weight(item, base.vocabulary, base.parameters) for item in items]
        passing: set[int] = set()
        for element in table.elements:
            position, where = element.bit.bit_length() - 1, element.where
            passed = [
                weight for weight, (true, _) in zip(weights, bits, strict=True) if true & where == where
            ]
            if passed:
                passing.add(position)
            if passed and element.is_some:
                by_weight = look.strengths.setdefault(position, {})
                by_weight[max(passed)] = by_weight.get(max(passed), 0) | lanes
            if passed or all(false & where for _, false in bits):
                target = look.true if bool(passed) == element.is_some else look.false
                target[position] = target.get(position, 0) | lanes
        look.alike[frozenset(passing)] = look.alike.get(frozenset(passing), 0) | lanes

    def _enter(self, state: LaneState, facts: Iterable[str]) -> None:
        for fact in facts:
            table = self.direct.bits.facts.get(fact)
            drawn = state.drawn.get(fact)
            if table is None:
                continue
            if drawn is None:
                _set(state, table.bits(state.fixed.get(fact)), self.every)
                continue
            for bits, lanes in self._by_bits(table, drawn).items():
                _set(state, bits, lanes)

    def _by_bits(self, table: FactTable, drawn: Mapping[Value, Lanes]) -> dict[Bits, Lanes]:
        """The completions by what their values settle; where nothing is drawn, the fact is unknown."""
        found: dict[Bits, Lanes] = {}
        absent = self.every
        for value, lanes in drawn.items():
            bits = table.bits(value)
            found[bits] = found.get(bits, 0) | lanes
            absent ^= lanes
        if absent:
            found[table.bits(None)] = absent
        return found

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
        found = self._decide(state, fact.spec.id) if fact.entries else self._compute(state, fact)
        if list(found.values()) == [self.every]:
            state.fixed[fact.spec.id] = next(iter(found))
        elif found:
            state.drawn[fact.spec.id] = found

    def _decide(self, state: LaneState, fact: str) -> dict[Value, Lanes]:
        """The first true entry of a decision list decides; an unknown one stops."""
        going, found = self.every, dict[Value, Lanes]()
        for position, entry in self.direct.lists[fact]:
            hit = going if position is None else going & state.true[position]
            if hit:
                found[entry.value] = found.get(entry.value, 0) | hit
            going &= 0 if position is None else state.false[position]
        return found

    def _compute(self, state: LaneState, fact: DerivedFact) -> dict[Value, Lanes]:
        """An expression or a measure, once for each combination of what it reads."""
        sources = {name: self._source(state, name) for name in sorted(fact.reads)}
        key = fact.spec.id, tuple(each if isinstance(each, Plain) else id(each) for each in sources.values())
        kept = self._computed.get(key)
        if kept is None:
            if len(self._computed) > MOST_KEPT:
                self._computed.clear()
            # Keeping the sources keeps their identity: no others can come to stand under this key.
            kept = self._computed[key] = sources, self._cross(fact, state.segment, sources)
        return kept[1]

    def _source(self, state: LaneState, name: str) -> Source:
        """What decides a fact or a list: what is drawn, else what is given, None when nothing is."""
        if name in ITEM_KINDS:
            return state.items.get(name) or state.segment.items.get(name)
        return state.drawn.get(name) or state.fixed.get(name)

    def _cross(
        self, fact: DerivedFact, segment: Segment, sources: Mapping[str, Source]
    ) -> dict[Value, Lanes]:
        lists: dict[object, Items] = {}
        columns: list[Mapping[object, Lanes]] = []
        for source in sources.values():
            if isinstance(source, Plain):
                columns.append({source: self.every})
            elif isinstance(source, Mapping):
                absent = self.every & ~sum(source.values())
                columns.append(dict(source) | ({None: absent} if absent else {}))
            else:
                given = source.lists if isinstance(source, DrawnLists) else ((source, self.every),)
                lists |= {id(items): items for items, _ in given}
                columns.append({id(items): lanes for items, lanes in given})
        found: dict[Value, Lanes] = {}
        for combination, lanes in crossed(columns, self.every):
            value = self._one(fact, segment, dict(zip(sources, combination, strict=True)), lists)
            if value is not None:
                found[value] = found.get(value, 0) | lanes
        return found

    def _one(
        self, fact: DerivedFact, segment: Segment, chosen: Mapping[str, object], lists: Mapping[object, Items]
    ) -> Value | None:
        values = {name: part for name, part in chosen.items() if isinstance(part, str | bool | float)}
        if fact.expression is not None:
            return evaluate(fact.expression, values)
        items = {
            name: lists[part] for name, part in chosen.items() if name in ITEM_KINDS and part is not None
        }
        portrait = Segment(segment.name, segment.ppm, {}, items)
        result = measure(fact.measure, values, portrait, self.rulebase.vocabulary, self.rulebase.parameters)
        return None if result is None else result.value


Plain = str | bool | float | None
Source = Plain | Mapping[Value, Lanes] | DrawnLists | Items


def _set(state: LaneState, bits: Bits, lanes: Lanes) -> None:
    """Settle the tests that some value settles, where it holds."""
    true, false = bits
    for position in members(true):
        state.true[position] |= lanes
    for position in members(false):
        state.false[position] |= lanes
