"""The direct engine for thousands of variants of one segment at once: one bit of a long integer for each.

A variant changes facts or lists of items. Each condition is two long integers, the variants in which it is true and
those in which it is false; totals stand side by side in one integer, 64 bits each. What no change touches is
settled once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tactician.facts.client import Client
from tactician.facts.item_weights import FULL
from tactician.facts.vocabulary import ITEM_KINDS
from tactician.inference.direct import DirectEngine, Score
from tactician.inference.possibility import all_tests
from tactician.inference.truth_table import Bits, Composite, set_bits
from tactician.inference.variant_memory import Column, Columns, ItemList, Known, Memory, looked_at
from tactician.inference.wide import Lanes, Wide, union
from tactician.knowledge.rules import Block, DerivedFact, Evidence, Rule

Spoken = tuple[Rule, int, tuple[str, ...]]
"""A rule, the position of its condition, and the records that it speaks about."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One record in every variant: what it counts in the segment, in 10⁻⁶ point, and where it is blocked."""

    total: int
    """Wide, and as if nothing blocked it."""
    blocked: Lanes
    wide: Wide

    @property
    def counts(self) -> list[int]:
        """Variant by variant; where it is blocked, no more than nothing."""
        counts = self.wide.read(self.total)
        if not self.blocked:
            return counts
        marks = reversed(f"{self.blocked:0{self.wide.count}b}")
        return [0 if mark == "1" and each > 0 else each for each, mark in zip(counts, marks, strict=True)]

    @property
    def counted(self) -> int:
        """The same, wide."""
        return self.wide.pack(self.counts) if self.blocked else self.total


def columns_of(given: Sequence[tuple[str, Known]], variants: Sequence[Sequence[int]]) -> Columns:
    """The columns of variants each of which has some of what is given, by its numbers."""
    having = [bytearray((len(variants) + 7) // 8) for _ in given]
    for lane, variant in enumerate(variants):
        byte, bit = lane >> 3, 1 << (lane & 7)
        for number in variant:
            having[number][byte] |= bit
    columns: dict[str, dict[Known, Lanes]] = {}
    for (fact, value), members in zip(given, having, strict=True):
        if lanes := int.from_bytes(members, "little"):
            columns.setdefault(fact, {})[value] = lanes
    return columns


@lru_cache(maxsize=8)
def rules_about(engine: DirectEngine, records: tuple[str, ...]) -> tuple[Spoken, ...]:
    """The rules about any of some records."""
    chosen, base = set(records), engine.rulebase
    rules = dict.fromkeys(rule.id for record in records for rule in base.by_target[record])
    return tuple(
        (
            base.rule[name],
            engine.position[name],
            tuple(each for each in base.rule[name].targets if each in chosen),
        )
        for name in rules
    )


class Variants:
    """One segment of one client, to be looked at in variants."""

    def __init__(self, memory: Memory, client: Client, index: int) -> None:
        self.memory = memory
        self.state = memory.engine.settle(client, index)
        self.known: dict[str, Known] = dict(self.state.values)
        """Everything known of the segment as stated, with the lists of its items."""
        self.known.update((kind, memory.listed(items)) for kind, items in self.state.segment.items.items())

    @cached_property
    def scores(self) -> dict[str, Score]:
        """What every record comes to as stated."""
        return self.memory.engine.scores(self.state)

    def outcomes(self, columns: Columns, wide: Wide, records: Iterable[str]) -> dict[str, Outcome]:
        """What each of some records comes to in every variant."""
        return _Run(self, columns, wide).outcomes(tuple(records))


class _Run:
    def __init__(self, view: Variants, columns: Columns, wide: Wide) -> None:
        self.view = view
        self.engine = view.memory.engine
        self.wide = wide
        self.every = wide.every
        self.true: dict[int, Lanes] = {}
        self.false: dict[int, Lanes] = {}
        self.weights: dict[int, dict[int, Lanes]] = {}
        """By the position of a `some` over items that vary: its strengths, each with the variants that have it."""
        self.columns: dict[str, Column] = {fact: self._filled(fact, columns[fact]) for fact in columns}
        self._settle()

    def _filled(self, fact: str, column: Column) -> Column:
        """A column with what is stated in the variants that do not change it."""
        known, others = self.view.known.get(fact), self.every & ~union(column.values())
        if known is None or not others:
            return column
        return {**column, known: column.get(known, 0) | others}

    def _settle(self) -> None:
        for fact in list(self.columns):
            if fact in ITEM_KINDS:
                self._look_at(fact)
            else:
                self._enter(fact)
        for derived, composites in self.engine.stages:
            for each in derived:
                if not self.columns.keys().isdisjoint(each.reads):
                    self.columns[each.spec.id] = self._conclude(each)
                    self._enter(each.spec.id)
            for composite in composites:
                if not self.true.keys().isdisjoint(composite.parts):
                    self._combine(composite)

    def _look_at(self, kind: str) -> None:
        """Settle what is asked of the items of a kind by its column."""
        memory, column = self.view.memory, self.columns[kind]
        true, false, weights = memory.once(kind, [column], lambda: looked_at(memory, kind, column))
        self.true |= true
        self.false |= false
        self.weights |= weights

    def _enter(self, fact: str) -> None:
        """Settle the tests of a fact by its column."""
        table = self.engine.bits.facts.get(fact)
        if table is None:
            return
        settled: dict[Bits, Lanes] = {}
        absent = self.every
        for value, lanes in self.columns[fact].items():
            assert not isinstance(value, ItemList)
            bits = table.bits(value)
            settled[bits] = settled.get(bits, 0) | lanes
            absent &= ~lanes
        settled[table.bits(None)] = settled.get(table.bits(None), 0) | absent
        for position in set_bits(all_tests(table)):
            self.true[position] = self.false[position] = 0
        for (true, false), lanes in settled.items():
            for position in set_bits(true):
                self.true[position] |= lanes
            for position in set_bits(false):
                self.false[position] |= lanes

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
        sources = [self.columns.get(read, self.view.known.get(read)) for read in sorted(fact.reads)]
        return self.view.memory.once((fact.spec.id, self.every), sources, lambda: self._compute(fact))

    def _compute(self, fact: DerivedFact) -> Column:
        """An expression or a measure, once for each combination of what it reads."""
        found: dict[Known, Lanes] = {}
        for known, lanes in self._combinations(sorted(fact.reads)):
            value = self.view.memory.computed(fact, known)
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
            if column is None:
                known = self.view.known.get(fact)
                if known is not None:
                    found = [({**values, fact: known}, lanes) for values, lanes in found]
                continue
            absent = self.every & ~union(column.values())
            split = []
            for values, lanes in found:
                split += [
                    ({**values, fact: value}, lanes & own) for value, own in column.items() if lanes & own
                ]
                split += [(values, lanes & absent)] if lanes & absent else []
            found = split
        yield from found

    def outcomes(self, records: tuple[str, ...]) -> dict[str, Outcome]:
        """What each of some records comes to: as stated, but for the rules whose conditions vary."""
        scores, state = self.view.scores, self.view.state
        fixed = {record: scores[record].total for record in records}
        varying, blocked = dict.fromkeys(records, 0), dict.fromkeys(records, 0)
        for rule, position, targets in rules_about(self.engine, records):
            if isinstance(rule.then, Block):
                blocked[rule.then.target] |= self._truth(position)[0]
            if position not in self.true:
                continue
            always, sometimes = -self.engine.contribution(state, rule), 0
            for weight, lanes in self._weights(rule, position):
                if lanes == self.every:
                    always += weight
                else:
                    sometimes += weight * self.wide.spread(lanes)
            for target in targets:
                fixed[target] += always
                varying[target] += sometimes
        ones = self.wide.ones
        return {
            record: Outcome(varying[record] + fixed[record] * ones, blocked[record], self.wide)
            for record in records
        }

    def _weights(self, rule: Rule, position: int) -> Iterator[tuple[int, Lanes]]:
        """What a rule adds, prior included, and in which variants."""
        true, false = self.true[position], self.false[position]
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
