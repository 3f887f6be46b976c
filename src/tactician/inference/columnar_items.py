"""The pains, gains, jobs or products of many segments: which pass a test, and how much the strongest weighs."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tactician.facts.item_weights import FULL, weighing_attributes
from tactician.inference.columnar_bits import Flags, Truth, pack
from tactician.inference.columnar_facts import Codes, encoded, one_array
from tactician.knowledge.conditions import Test
from tactician.knowledge.rules import Rulebase

Integers = npt.NDArray[np.int64]
Where = tuple[Test, ...]


class Items:
    """The items of one kind (or the links), sorted by segment and number.

    `at` gives for each item the row of its segment; `given` says which segments list this kind at all.
    """

    def __init__(self, kind: str, table: pa.Table, at: Integers, given: Flags, rulebase: Rulebase) -> None:
        self.kind = kind
        self.table = table
        self.at = at
        self.given = given
        self.vocabulary = rulebase.vocabulary
        self.parameters = rulebase.parameters
        self._codes: dict[str, Codes] = {}

    @cached_property
    def starts(self) -> Integers:
        """Where the items of each segment that has any begin."""
        return np.flatnonzero(np.diff(self.at, prepend=-1)).astype(np.int64)

    def codes(self, attribute: str) -> Codes:
        """For each item the position of its level of an attribute (`pain.severity`); −1 where it is not stated."""
        if attribute not in self._codes:
            self._codes[attribute] = self._read(attribute)
        return self._codes[attribute]

    def _read(self, attribute: str) -> Codes:
        spec = self.vocabulary[attribute]
        if spec.name not in self.table.column_names:
            return np.full(len(self.at), -1, dtype=np.int8)
        array = one_array(self.table.column(spec.name))
        codes, names = encoded(array)
        position = np.array([spec.levels.index(name) for name in names] or [0], dtype=np.int8)
        known = array.is_valid().to_numpy(zero_copy_only=False)
        return np.where(known, position[np.where(known, codes, 0)], np.int8(-1))

    def levels(self, attribute: str) -> Integers:
        """For each item the position of its level of an attribute, the typical one where none is stated."""
        codes = self.codes(attribute).astype(np.int64)
        return np.where(codes < 0, self.level(attribute, str(self.vocabulary[attribute].typical)), codes)

    def level(self, attribute: str, level: str) -> int:
        """The position of a level."""
        return self.vocabulary[attribute].levels.index(level)

    def some(self, where: Where) -> Truth:
        """Where an item passes every test, and where the list is given and every item fails one."""
        passing, possible = self._looked(where)
        return Truth(pack(self._present(passing) & self.given), pack(self.given & ~self._present(possible)))

    def _looked(self, where: Where) -> tuple[Flags, Flags]:
        """Which items pass every test, and which fail none."""
        passing = np.ones(len(self.at), dtype=np.bool_)
        possible = passing.copy()
        for test in where:
            codes = self.codes(test.fact)
            allowed = [level in (test.allowed or ()) for level in self.vocabulary[test.fact].levels]
            passes = np.array([*allowed, False])[codes]  # the last is for −1
            passing &= passes
            possible &= passes | (codes < 0)
        return passing, possible

    def _present(self, flags: Flags) -> Flags:
        """The segments of these items."""
        found = np.zeros(len(self.given), dtype=np.bool_)
        found[self.at[flags]] = True
        return found

    def strongest(self, where: Where) -> Integers:
        """By segment the weight of the strongest item that passes; 0 where none does."""
        found = np.zeros(len(self.given), dtype=np.int64)
        if len(self.at):
            passing, _ = self._looked(where)
            weights = np.where(passing, self.weights, 0)
            found[self.at[self.starts]] = np.maximum.reduceat(weights, self.starts)
        return np.where(self.given, found, 0)

    @cached_property
    def weights(self) -> Integers:
        """What each item weighs, in thousandths."""
        weight = np.full(len(self.at), FULL, dtype=np.int64)
        for attribute in weighing_attributes(self.kind, self.parameters):
            table = self.parameters.item_weights[attribute]
            factor = np.array([table[level] for level in self.vocabulary[attribute].levels])
            weight = quotient(weight * factor[self.levels(attribute)], np.int64(FULL))
        return weight


def quotient(dividend: Integers, divisor: Integers | np.int64) -> Integers:
    """The quotients of whole numbers, rounded half up by integer floor, as `facts.item_weights.divide`."""
    return (2 * dividend + divisor) // (2 * divisor)
