"""Everything that follows from the facts of many segments: derived facts, and the truth of every condition."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from tactician.facts.item_weights import FULL
from tactician.facts.vocabulary import LIST_OF, Value
from tactician.inference.columnar_bits import Bits, Rows, Truth
from tactician.inference.columnar_facts import Column, Figures, Levels, Numbers, column, flags_of, unknown
from tactician.inference.columnar_items import Integers, Items
from tactician.inference.columnar_measures import Surroundings, measure
from tactician.inference.columnar_program import Program
from tactician.inference.columnar_tables import MOST_SEGMENTS, Tables
from tactician.knowledge.conditions import All, Any, Known, No, Some, Test
from tactician.knowledge.expressions import Expression, Fact, Number, Operation
from tactician.knowledge.rules import DerivedFact


class Segments:
    """The segments of some clients, and what is found out about them, each thing once and when it is asked for."""

    def __init__(self, program: Program, tables: Tables) -> None:
        self.program = program
        self.tables = tables
        self.rulebase = program.rulebase
        self.rows = Rows(tables["segments"].num_rows)
        self.clients, number = np.divmod(tables.segment_keys("segments"), MOST_SEGMENTS)
        self.numbers = number.astype(np.int16)
        """By segment: the place of its client, and its number there."""
        self._facts: dict[str, Column] = {}
        self._items: dict[str, Items] = {}
        self._truths: dict[int, Truth] = {}
        self._strengths: dict[int, Integers] = {}

    def fact(self, name: str) -> Column:
        """A stated or derived fact."""
        if name not in self._facts:
            derived = self.rulebase.derived_by_id.get(name)
            self._facts[name] = self._stated(name) if derived is None else self._concluded(derived)
        return self._facts[name]

    def values(self, name: str) -> list[Value | None]:
        """The value of a fact in each segment, None where it is unknown."""
        column = self.fact(name)
        if isinstance(column, Figures):
            return [None if math.isnan(value) else value for value in column.values.tolist()]
        found: list[Value | None] = [None] * self.rows.count
        for value, bits in column.having.items():
            for row in np.flatnonzero(self.rows.flags(bits)).tolist():
                found[row] = value
        return found

    def _stated(self, name: str) -> Column:
        spec = self.rulebase.vocabulary.facts.get(name)
        table = self.tables["segments"]
        if spec is None or name not in table.column_names:
            return unknown(spec, self.rows)
        return column(spec, table.column(name))

    def items(self, kind: str) -> Items:
        """The items of a kind, or with `link` the links."""
        if kind not in self._items:
            name = LIST_OF.get(kind, "links")
            stored = self.tables["segments"].column(name) if kind in LIST_OF else None
            given = np.ones(self.rows.count, np.bool_) if stored is None else flags_of(stored)
            self._items[kind] = Items(
                kind, self.tables[name], self.tables.segment_rows(name), given, self.rulebase
            )
        return self._items[kind]

    def truth(self, position: int) -> Truth:
        """Where the condition at a position is true, and where it is false."""
        if position not in self._truths:
            self._truths[position] = self._truth(position)
        return self._truths[position]

    def _truth(self, position: int) -> Truth:
        match self.program.conditions.elements[position]:
            case Test() as test:
                return self.fact(test.fact).test(test, self.rows)
            case Known(fact):
                known = self.fact(fact).known
                return Truth(known, self.rows.all & ~known)
            case Some(kind, where):
                return self.items(kind).some(where)
            case No(kind, where):
                some = self.items(kind).some(where)
                return Truth(some.false, some.true)
            case All():
                return self.rows.all_of(self.truth(part) for part in self.program.conditions.parts[position])
            case Any():
                return self.rows.any_of(self.truth(part) for part in self.program.conditions.parts[position])
        raise AssertionError(position)

    def strength(self, position: int) -> Integers:
        """The item weight, in thousandths, of a condition where it is true; 0 elsewhere."""
        if position not in self._strengths:
            self._strengths[position] = self._strength(position)
        return self._strengths[position]

    def _strength(self, position: int) -> Integers:
        conditions = self.program.conditions
        element = conditions.elements[position]
        if not conditions.weighted[position]:
            return self.rows.flags(self.truth(position).true).astype(np.int64) * FULL
        if isinstance(element, Some):
            return self.items(element.item).strongest(element.where)
        parts = [self.strength(part) for part in conditions.parts[position]]
        return np.minimum.reduce(parts) if isinstance(element, All) else np.maximum.reduce(parts)

    def _concluded(self, derived: DerivedFact) -> Column:
        if derived.measure:
            look = Surroundings(self.rows, self.fact, self.items, self.rulebase.parameters)
            return Figures(measure(derived.measure, look))
        if derived.expression is not None:
            return self._computed(derived.expression)
        return self._decided(derived)

    def _decided(self, derived: DerivedFact) -> Column:
        """A decision list: the first true line decides, and an unknown line ends the search."""
        undecided = self.rows.all
        having: dict[Value, Bits] = dict.fromkeys(derived.spec.values, self.rows.none)
        for position, value in self.program.lists[derived.spec.id]:
            line = self.rows.all_of(()) if position is None else self.truth(position)
            having[value] = having.get(value, self.rows.none) | (undecided & line.true)
            undecided = undecided & line.false
        if derived.spec.is_number:
            values = np.full(self.rows.count, np.nan)
            for value, bits in having.items():
                values[self.rows.flags(bits)] = value
            return Figures(values)
        return Levels(reduce(np.bitwise_or, having.values(), self.rows.none), having)

    def _computed(self, expression: Expression) -> Column:
        """An expression: of numbers, or a fact or a choice between two facts of any type."""
        match expression:
            case Fact(name):
                return self.fact(name)
            case Operation("coalesce", (Fact(first), Fact(second))):
                return self._coalesced(self.fact(first), self.fact(second))
        return Figures(self._numbers(expression))

    def _coalesced(self, first: Column, second: Column) -> Column:
        if isinstance(first, Levels) and isinstance(second, Levels):
            open_ = ~first.known
            having = {value: bits | (open_ & second.having[value]) for value, bits in first.having.items()}
            return Levels(first.known | second.known, having)
        assert isinstance(first, Figures)
        assert isinstance(second, Figures)
        return Figures(np.where(np.isnan(first.values), second.values, first.values))

    def _numbers(self, expression: Expression) -> Numbers:
        match expression:
            case Number(value):
                return np.full(self.rows.count, value)
            case Operation("+" | "-" | "*" | "/" | "min" | "max" as op, parts):
                return reduce(APPLY[op], (self._numbers(part) for part in parts))
        numbers = self._computed(expression)
        assert isinstance(numbers, Figures)
        return numbers.values


APPLY = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "min": np.minimum,
    "max": np.maximum,
}
"""IEEE doubles as written; NaN, which stands for unknown, is carried on by each."""
