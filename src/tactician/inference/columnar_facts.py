"""The values of one fact in many segments, as bits by level or as doubles, and the tests put to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tactician.facts.vocabulary import FactSpec, Value
from tactician.inference.columnar_bits import Bits, Flags, Rows, Truth, pack
from tactician.knowledge.conditions import Test

Numbers = npt.NDArray[np.float64]
"""Unknown is NaN, which arithmetic carries on."""
Codes = npt.NDArray[np.signedinteger[npt.NBitBase]]


@dataclass(frozen=True, slots=True)
class Levels:
    """A fact that is not a number: by value, the segments that have it."""

    known: Bits
    having: Mapping[Value, Bits]

    def test(self, test: Test, rows: Rows) -> Truth:
        """Where the value is allowed, and where it is another."""
        true = reduce(or_, (self.having[value] for value in test.allowed or ()), rows.none)
        return Truth(true, self.known & ~true)


@dataclass(slots=True)
class Figures:
    """A fact that is a number."""

    values: Numbers
    known: Bits = field(init=False)

    def __post_init__(self) -> None:
        self.known = pack(~np.isnan(self.values))

    def test(self, test: Test, rows: Rows) -> Truth:  # noqa: ARG002 - the same signature as for levels
        """Where the number passes, and where it is known and does not."""
        true = pack(_passes(test.op, [float(value) for value in test.values], self.values)) & self.known
        return Truth(true, self.known & ~true)


Column = Levels | Figures


COMPARE: Mapping[str, Callable[[Numbers, float], Flags]] = {
    "==": np.equal, "!=": np.not_equal, ">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less,
}  # fmt: skip


def _passes(op: str, constants: list[float], numbers: Numbers) -> Flags:
    if op in COMPARE:
        return COMPARE[op](numbers, constants[0])
    inside = (numbers >= constants[0]) & (numbers <= constants[1])
    return inside if op == "between" else ~inside


def unknown(spec: FactSpec | None, rows: Rows) -> Column:
    """A column without any value; also of a fact that the vocabulary does not have."""
    if spec is None or spec.is_number:
        return Figures(np.full(rows.count, np.nan))
    return Levels(rows.none, dict.fromkeys(spec.values, rows.none))


def column(spec: FactSpec, stored: pa.ChunkedArray) -> Column:
    """A column of a table of clients."""
    array = one_array(stored)
    if spec.is_number:
        return Figures(array.to_numpy(zero_copy_only=False))
    known = pack(array.is_valid().to_numpy(zero_copy_only=False))
    if spec.type == "bool":
        true = pack(array.fill_null(False).to_numpy(zero_copy_only=False))
        return Levels(known, {True: true, False: known & ~true})
    codes, names = encoded(array)
    at = {name: code for code, name in enumerate(names)}
    nowhere = np.zeros_like(known)
    having: dict[Value, Bits] = {
        level: pack(codes == at[level]) & known if level in at else nowhere for level in spec.levels
    }
    return Levels(known, having)


def one_array(stored: pa.ChunkedArray) -> pa.Array:
    """A stored column in one piece."""
    return stored.chunk(0) if stored.num_chunks == 1 else stored.combine_chunks()


def flags_of(stored: pa.ChunkedArray) -> Flags:
    """A stored column of truths, false where it is null."""
    flags: Flags = one_array(stored).fill_null(False).to_numpy(zero_copy_only=False)
    return flags


def encoded(array: pa.Array) -> tuple[Codes, list[str]]:
    """The codes of a column of levels, without meaning where it is null, and the level of each code."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    indices = array.indices
    plain = pa.Array.from_buffers(
        indices.type, len(indices), [None, indices.buffers()[1]], offset=indices.offset
    )
    return plain.to_numpy(), array.dictionary.to_pylist()
