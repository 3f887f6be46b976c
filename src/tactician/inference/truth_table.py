"""The Rulebase as bits: every distinct condition is one bit, and a fact's value says which tests it settles.

A state of Kleene's logic over all conditions is then two integers, the true bits and the false bits; a bit in
neither is unknown. Facts set the bits of their tests by table; composite conditions follow in order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt, ne

from tactician.facts.client import Item
from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test

Bits = tuple[int, int]
"""The bits that are true and the bits that are false."""
NOTHING: Bits = (0, 0)


def set_bits(mask: int) -> Iterator[int]:
    """The positions of the bits of a mask, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@dataclass(slots=True)
class FactTable:
    """Which tests of one fact are true and false for each of its values."""

    by_value: dict[Value, Bits] = field(default_factory=dict)
    """Of a fact that is not a number."""
    thresholds: list[float] = field(default_factory=list)
    cells: list[Bits] = field(default_factory=list)
    """Of a number: below the first threshold, at it, between it and the next, …"""
    when_known: int = 0
    """The bits of `known`: true with any value, false without one."""

    def bits(self, value: Value | None) -> Bits:
        """The tests settled by a value, or by its absence."""
        if value is None:
            return 0, self.when_known
        true, false = self._cell(value) if self.cells else self.by_value.get(value, NOTHING)
        return true | self.when_known, false

    def _cell(self, value: Value) -> Bits:
        assert isinstance(value, float)
        at = bisect_left(self.thresholds, value)
        return self.cells[2 * at + (at < len(self.thresholds) and self.thresholds[at] == value)]


@dataclass(frozen=True, slots=True)
class Composite:
    """An `all` or `any` over bits that are settled before its own."""

    bit: int
    mask: int
    is_all: bool
    parts: tuple[int, ...]
    """Positions of its parts, in reading order."""


@dataclass(frozen=True, slots=True)
class ItemElement:
    """A `some` or `no` over the items of a kind."""

    bit: int
    is_some: bool
    where: int
    """The bits, in the table of its kind, that an item must pass."""


class ItemTable:
    """The tests that `some` and `no` put to the items of one kind, as bits of their own."""

    def __init__(self, specs: Mapping[str, tuple[str | bool, ...]]) -> None:
        self._specs = specs
        self._tests: dict[Test, int] = {}
        self.tables: dict[str, FactTable] = {}
        self.elements: list[ItemElement] = []

    def add(self, bit: int, element: Some | No) -> None:
        """Take in one element that has the given bit."""
        where = 0
        for test in element.where:
            if test not in self._tests:
                self._tests[test] = 1 << len(self._tests)
                tabulate(self.tables.setdefault(test.fact, FactTable()), test, self._tests[test], self._specs)
            where |= self._tests[test]
        self.elements.append(ItemElement(bit, isinstance(element, Some), where))

    def item_bits(self, item: Item) -> Bits:
        """The tests that one item passes and fails; those on attributes not stated are in neither."""
        true = false = 0
        for attribute, table in self.tables.items():
            more_true, more_false = table.bits(item.attributes.get(attribute.partition(".")[2]))
            true |= more_true
            false |= more_false
        return true, false


def tabulate(table: FactTable, test: Test, bit: int, values_of: Mapping[str, tuple[str | bool, ...]]) -> None:
    """Enter a test of a fact that is not a number."""
    assert test.allowed is not None
    for value in values_of[test.fact]:
        true, false = table.by_value.get(value, NOTHING)
        table.by_value[value] = (true | bit, false) if value in test.allowed else (true, false | bit)


COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": eq, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt,
}  # fmt: skip


def passes(op: str, values: tuple[float, ...], number: float) -> bool:
    """Whether a number passes a test."""
    if op in COMPARE:
        return COMPARE[op](number, values[0])
    inside = values[0] <= number <= values[1]
    return inside if op == "between" else not inside


def tabulate_numbers(table: FactTable, tests: Iterable[tuple[Test, int]]) -> None:
    """Enter all tests of a number: its line is cut at every threshold, and each cut and gap is a cell."""
    chosen = [(test, tuple(float(value) for value in test.values), bit) for test, bit in tests]
    table.thresholds = sorted({value for _, values, _ in chosen for value in values})
    for sample in _samples(table.thresholds):
        true = false = 0
        for test, values, bit in chosen:
            if passes(test.op, values, sample):
                true |= bit
            else:
                false |= bit
        table.cells.append((true, false))


def _samples(thresholds: list[float]) -> list[float]:
    """One number in every cell: below, at each threshold, between neighbours, above."""
    if not thresholds:
        return [0.0]
    samples = [thresholds[0] - 1]
    for low, high in zip(thresholds, [*thresholds[1:], thresholds[-1] + 2], strict=True):
        samples += [low, low + (high - low) / 2]
    return samples


class ConditionBits:
    """Gives every distinct condition its bit and keeps what settles it."""

    def __init__(self, values_of: Mapping[str, tuple[str | bool, ...]]) -> None:
        self._values_of = values_of
        self._position: dict[Element, int] = {}
        self._numbers: dict[str, list[tuple[Test, int]]] = {}
        self.elements: list[Element] = []
        self.facts: dict[str, FactTable] = {}
        self.items: dict[str, ItemTable] = {}
        self.composites: dict[int, Composite] = {}

    def position(self, element: Element) -> int:
        """The position of a condition that was added."""
        return self._position[element]

    def add(self, element: Element) -> int:
        """The position of an element's bit, given on first sight; parts come before wholes."""
        known = self._position.get(element)
        if known is not None:
            return known
        parts = tuple(self.add(part) for part in element.parts) if isinstance(element, All | Any) else ()
        position = self._position[element] = len(self.elements)
        self.elements.append(element)
        self._enter(element, position, parts)
        return position

    def _enter(self, element: Element, position: int, parts: tuple[int, ...]) -> None:
        bit = 1 << position
        match element:
            case Test(fact, allowed=None):
                self._numbers.setdefault(fact, []).append((element, bit))
            case Test(fact):
                tabulate(self.facts.setdefault(fact, FactTable()), element, bit, self._values_of)
            case Known(fact):
                self.facts.setdefault(fact, FactTable()).when_known |= bit
            case Some(kind) | No(kind):
                self.items.setdefault(kind, ItemTable(self._values_of)).add(bit, element)
            case All() | Any():
                mask = sum({1 << part for part in parts})
                self.composites[position] = Composite(bit, mask, isinstance(element, All), parts)

    def close(self) -> None:
        """Tabulate the numbers, once every test is known."""
        for fact, tests in self._numbers.items():
            tabulate_numbers(self.facts.setdefault(fact, FactTable()), tests)
