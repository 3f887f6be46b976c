"""The direct engine for thousands of variants of one segment at once: one bit of a long integer for each.

A variant changes a few facts, or lists of items. Each condition is two long integers, the variants in which it is
true and those in which it is false; totals stand side by side in one integer, 64 bits each. What no change touches
is settled once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tactician.facts.client import Client, Item
from tactician.facts.item_weights import FULL
from tactician.facts.measures import measure
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.arithmetic import evaluate
from tactician.inference.direct import DirectEngine, State
from tactician.inference.open_closure import consequences
from tactician.inference.possibility import all_tests
from tactician.inference.truth_table import Composite, set_bits
from tactician.knowledge.rules import Block, DerivedFact, Evidence, Rule


@dataclass(frozen=True, eq=False, slots=True)
class ItemList:
    """All items of a kind, where a variant has others than those stated."""

    items: tuple[Item, ...]


Known = Value | ItemList
Given = Sequence[tuple[str, Known]]
"""Facts with values, and kinds with items, that they have in some variants."""
Variant = Sequence[int]
"""The numbers of what is given in it; the other facts are as stated."""
Lanes = int
"""A set of variants: bit n stands for variant n."""
Column = dict[Known, Lanes]
"""By value of a fact, or list of a kind, the variants that have it; the others do not know it."""
WORD = 8
BIAS = 1 << 62
"""Added before totals are taken apart, so that none is negative then."""
EXPANDED = [b"".join(bytes([byte >> bit & 1]) + bytes(WORD - 1) for bit in range(8)) for byte in range(256)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One record in every variant: what it counts in the segment, in 10⁻⁶ point, and where it is blocked."""

    counts: list[int]
    blocked: Lanes


class Variants:
    """One segment of one client, to be looked at in variants."""

    def __init__(self, engine: DirectEngine, client: Client, index: int) -> None:
        self.engine = engine
        self.state = engine.settle(client, index)
        self.known: dict[str, Known] = dict(self.state.values)
        """Everything known of the segment as stated, with the lists of its items."""
        self.known.update((kind, ItemList(items)) for kind, items in self.state.segment.items.items())
        self._computed: dict[object, Value | None] = {}

    def outcomes(
        self, given: Given, variants: Sequence[Variant], records: Iterable[str]
    ) -> dict[str, Outcome]:
        """What each of some records comes to in every variant."""
        run = _Run(self, given, variants)
        return {record: run.outcome(record) for record in records}

    def looked_at(self, kind: str, listed: Known) -> State:
        """What items settle by themselves."""
        assert isinstance(listed, ItemList)
        state = State(self.state.client, self.state.segment, {})
        self.engine.look_at(state, kind, listed.items)
        return state

    def computed(self, fact: DerivedFact, values: Mapping[str, Known]) -> Value | None:
        """An expression or a measure of the segment, computed once for the same values."""
        key = fact.spec.id, tuple(values.items())
        if key not in self._computed:
            self._computed[key] = self._compute(fact, values)
        return self._computed[key]

    def _compute(self, fact: DerivedFact, known: Mapping[str, Known]) -> Value | None:
        segment, values = self.state.segment, dict[str, Value]()
        for name, value in known.items():
            if isinstance(value, ItemList):
                segment = segment.with_items(name, value.items)
            else:
                values[name] = value
        if fact.expression is not None:
            return evaluate(fact.expression, values)
        base = self.engine.rulebase
        result = measure(fact.measure, values, segment, base.vocabulary, base.parameters)
        return None if result is None else result.value


class _Run:
    def __init__(self, view: Variants, given: Given, variants: Sequence[Variant]) -> None:
        self.view = view
        self.engine = view.engine
        self.count = len(variants)
        self.every: Lanes = (1 << self.count) - 1
        self.ones = int.from_bytes(EXPANDED[1][:WORD] * self.count, "little")
        self.true: dict[int, Lanes] = {}
        self.false: dict[int, Lanes] = {}
        self.weights: dict[int, dict[int, Lanes]] = {}
        """By the position of a `some` over items that vary: its strengths, each with the variants that have it."""
        self.spreads: dict[Lanes, int] = {}
        self.columns = self._stated(given, variants)
        following = consequences(self.engine)
        self.touched = 0
        self.moved = set[str]()
        for fact in self.columns:
            self.touched |= following[fact][0]
            self.moved |= following[fact][1]
        self._settle()

    def _stated(self, given: Given, variants: Sequence[Variant]) -> dict[str, Column]:
        sets = [bytearray((self.count + 7) // 8) for _ in given]
        for lane, variant in enumerate(variants):
            byte, bit = lane >> 3, 1 << (lane & 7)
            for number in variant:
                sets[number][byte] |= bit
        columns: dict[str, Column] = {}
        for (fact, value), members in zip(given, sets, strict=True):
            if lanes := int.from_bytes(members, "little"):
                columns.setdefault(fact, {})[value] = lanes
        for fact, column in columns.items():
            known = self.view.known.get(fact)
            if known is not None:
                column[known] = column.get(known, 0) | (self.every & ~sum_of(column))
        return columns

    def _settle(self) -> None:
        for fact in list(self.columns):
            if fact in ITEM_KINDS:
                self._look_at(fact)
            else:
                self._enter(fact)
        for derived, composites in self.engine.stages:
            for each in derived:
                if each.spec.id in self.moved:
                    self.columns[each.spec.id] = self._conclude(each)
                    self._enter(each.spec.id)
            for composite in composites:
                if composite.bit & self.touched:
                    self._combine(composite)

    def _look_at(self, kind: str) -> None:
        """Settle what is asked of the items of a kind by its column."""
        table = self.engine.bits.items.get(kind)
        if table is None:
            return
        looks = [(self.view.looked_at(kind, each), lanes) for each, lanes in self.columns[kind].items()]
        for position in (element.bit.bit_length() - 1 for element in table.elements):
            self.true[position] = sum_of_lanes(lanes for look, lanes in looks if look.true >> position & 1)
            self.false[position] = sum_of_lanes(lanes for look, lanes in looks if look.false >> position & 1)
            found = self.weights[position] = {}
            for look, lanes in looks:
                if position in look.weights:
                    weight = look.weights[position]
                    found[weight] = found.get(weight, 0) | lanes

    def _enter(self, fact: str) -> None:
        """Settle the tests of a fact by its column."""
        table = self.engine.bits.facts.get(fact)
        if table is None:
            return
        column = self.columns[fact]
        settled = [
            (table.bits(value), lanes) for value, lanes in column.items() if not isinstance(value, ItemList)
        ]
        settled.append((table.bits(None), self.every & ~sum_of(column)))
        for position in set_bits(all_tests(table)):
            self.true[position] = sum_of_lanes(lanes for (true, _), lanes in settled if true >> position & 1)
            self.false[position] = sum_of_lanes(
                lanes for (_, false), lanes in settled if false >> position & 1
            )

    def _truth(self, position: int) -> tuple[Lanes, Lanes]:
        """The variants in which a condition is true, and in which it is false."""
        if position in self.true:
            return self.true[position], self.false[position]
        state = self.view.state
        true, false = state.true >> position & 1, state.false >> position & 1
        return self.every if true else 0, self.every if false else 0

    def _combine(self, composite: Composite) -> None:
        every, some = self.every, 0
        for part in composite.parts:
            true, false = self._truth(part)
            every &= true if composite.is_all else false
            some |= false if composite.is_all else true
        position = composite.bit.bit_length() - 1
        self.true[position], self.false[position] = (every, some) if composite.is_all else (some, every)

    def _conclude(self, fact: DerivedFact) -> Column:
        if fact.entries:
            return self._decide(fact.spec.id)
        found: Column = {}
        for values, lanes in self._combinations(sorted(fact.reads)):
            value = self.view.computed(fact, values)
            if value is not None:
                found[value] = found.get(value, 0) | lanes
        return found

    def _decide(self, fact: str) -> Column:
        """The first true line of a decision list decides; an unknown one stops."""
        going, found = self.every, dict[Known, Lanes]()
        for position, entry in self.engine.lists[fact]:
            true, false = (self.every, 0) if position is None else self._truth(position)
            if going & true:
                found[entry.value] = found.get(entry.value, 0) | going & true
            going &= false
        return found

    def _combinations(self, facts: Sequence[str]) -> Iterator[tuple[dict[str, Known], Lanes]]:
        """Every combination of what some facts are in a variant, with the variants that have it."""
        found: list[tuple[dict[str, Known], Lanes]] = [({}, self.every)]
        for fact in facts:
            column = self.columns.get(fact)
            known = self.view.known.get(fact)
            if column is None:
                found = [
                    (values if known is None else {**values, fact: known}, lanes) for values, lanes in found
                ]
                continue
            absent = self.every & ~sum_of(column)
            split = []
            for values, lanes in found:
                split += [
                    ({**values, fact: value}, lanes & own) for value, own in column.items() if lanes & own
                ]
                split += [(values, lanes & absent)] if lanes & absent else []
            found = split
        yield from found

    def outcome(self, record: str) -> Outcome:
        fixed = varying = blocked = 0
        for rule in self.engine.rulebase.by_target[record]:
            position = self.engine.position[rule.id]
            true, false = self._truth(position)
            if isinstance(rule.then, Block):
                blocked |= true
            for weight, lanes in self._weights(rule, position, true, false):
                if lanes == self.every:
                    fixed += weight
                else:
                    varying += weight * self._spread(lanes)
        totals = array("Q")
        totals.frombytes((varying + (BIAS + fixed) * self.ones).to_bytes(self.count * WORD, "little"))
        counts = [total - BIAS for total in totals]
        if blocked:
            marks = reversed(f"{blocked:0{self.count}b}")
            counts = [
                0 if mark == "1" and each > 0 else each for each, mark in zip(counts, marks, strict=True)
            ]
        return Outcome(counts, blocked)

    def _weights(self, rule: Rule, position: int, true: Lanes, false: Lanes) -> Iterator[tuple[int, Lanes]]:
        """What a rule adds, prior included, and in which variants."""
        if rule.expected and true | false:
            yield -rule.expected, true | false
        if isinstance(rule.then, Evidence) and true:
            for strength, lanes in self._strengths(position, true):
                yield rule.then.weight * strength, lanes

    def _strengths(self, position: int, within: Lanes) -> Iterator[tuple[int, Lanes]]:
        """The item weights of a condition in variants in which it is true."""
        if position not in self.engine.weighted:
            yield FULL, within
            return
        composite = self.engine.bits.composites.get(position)
        if composite is None and position in self.weights:
            every = self.weights[position].items()
            yield from ((weight, lanes & within) for weight, lanes in every if lanes & within)
            return
        if composite is None:
            yield self.view.state.weights[position], within
            return
        found: dict[int, Lanes] = {FULL if composite.is_all else 0: within}
        choose = min if composite.is_all else max
        for part in composite.parts:
            true, _ = self._truth(part)
            split: dict[int, Lanes] = {}
            for strength, lanes in found.items():
                if lanes & ~true:
                    split[strength] = split.get(strength, 0) | lanes & ~true
                for own, there in self._strengths(part, lanes & true) if lanes & true else ():
                    chosen = choose(strength, own)
                    split[chosen] = split.get(chosen, 0) | there
            found = split
        yield from found.items()

    def _spread(self, lanes: Lanes) -> int:
        """1 in the word of each variant of a set."""
        wide = self.spreads.get(lanes)
        if wide is None:
            parts = [EXPANDED[byte] for byte in lanes.to_bytes((self.count + 7) // 8, "little")]
            wide = self.spreads[lanes] = int.from_bytes(b"".join(parts), "little")
        return wide


def sum_of(column: Column) -> Lanes:
    """All variants that a column knows."""
    return sum_of_lanes(column.values())


def sum_of_lanes(lanes: Iterable[Lanes]) -> Lanes:
    """The union of some sets of variants."""
    found = 0
    for each in lanes:
        found |= each
    return found
