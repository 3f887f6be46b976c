"""Sets of variants as bits, and numbers side by side in one long integer: sums for all of them at once."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from tactician.inference.truth_table import set_bits

Lanes = int
"""A set of variants: bit n stands for variant n."""
WORD = 8
"""Bytes of one number."""
BIAS = 1 << 62
"""Added before numbers are taken apart, so that none is negative then."""
EXPANDED = [b"".join(bytes([byte >> bit & 1]) + bytes(WORD - 1) for bit in range(8)) for byte in range(256)]
"""The words that stand for the bits of each byte."""
MOST_KEPT = 4096
SPARSE = 16
"""Sets with fewer than one in so many members are gone through bit by bit."""

V = TypeVar("V", bound=Hashable)


def members(lanes: Lanes) -> Iterable[int]:
    """The variants in a set, in order."""
    if lanes.bit_count() * SPARSE > lanes.bit_length():
        return [lane for lane, bit in enumerate(reversed(f"{lanes:b}")) if bit == "1"]
    return set_bits(lanes)


def lanes_by(column: Sequence[V]) -> dict[V, Lanes]:
    """For each value of a column the variants that have it."""
    found: dict[V, Lanes] = {}
    bit = 1
    for value in column:
        found[value] = found.get(value, 0) | bit
        bit <<= 1
    return found


def union(sets: Iterable[Lanes]) -> Lanes:
    """The variants in any of some sets."""
    found = 0
    for lanes in sets:
        found |= lanes
    return found


class Wide:
    """Numbers below 2⁶² in size, 64 bits for each of `count` variants; added and multiplied as one."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.every: Lanes = (1 << count) - 1
        self.ones = int.from_bytes(EXPANDED[1][:WORD] * count, "little")
        self._spread: dict[Lanes, int] = {}

    def spread(self, lanes: Lanes) -> int:
        """1 for each variant of a set, 0 for the others."""
        wide = self._spread.get(lanes)
        if wide is None:
            if len(self._spread) > MOST_KEPT:
                self._spread.clear()
            parts = [EXPANDED[byte] for byte in lanes.to_bytes((self.count + 7) // 8, "little")]
            wide = self._spread[lanes] = int.from_bytes(b"".join(parts), "little")
        return wide

    def pack(self, column: Iterable[int]) -> int:
        """The numbers of a column as one."""
        words = array("Q", [number + BIAS for number in column])
        return int.from_bytes(words.tobytes(), "little") - BIAS * self.ones

    def read(self, wide: int) -> list[int]:
        """The number of each variant."""
        words = array("Q")
        words.frombytes((wide + BIAS * self.ones).to_bytes(self.count * WORD, "little"))
        return [word - BIAS for word in words]
