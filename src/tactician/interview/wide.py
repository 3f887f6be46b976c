"""Sets of completions as bits, and numbers side by side in one long integer: sums for all of them at once."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

Lanes = int
"""A set of completions: bit n stands for completion n."""
WORD = 8
"""Bytes of one number."""
BIAS = 1 << 62
"""Added before numbers are taken apart, so that none is negative then."""
MOST_KEPT = 4096

V = TypeVar("V", bound=Hashable)


def members(lanes: Lanes) -> Iterator[int]:
    """The completions in a set, in order."""
    while lanes:
        low = lanes & -lanes
        yield low.bit_length() - 1
        lanes ^= low


def lanes_by(column: Sequence[V]) -> dict[V, Lanes]:
    """For each value of a column the completions that have it."""
    found: dict[V, Lanes] = {}
    bit = 1
    for value in column:
        found[value] = found.get(value, 0) | bit
        bit <<= 1
    return found


class Wide:
    """Numbers below 2⁶² in size, 64 bits for each of `count` completions; added and multiplied as one."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.ones = sum(1 << 8 * WORD * lane for lane in range(count))
        self._bytes = [
            b"".join(bytes([byte >> bit & 1]) + bytes(WORD - 1) for bit in range(8)) for byte in range(256)
        ]
        self._spread: dict[Lanes, int] = {}

    def spread(self, lanes: Lanes) -> int:
        """1 for each completion of a set, 0 for the others."""
        wide = self._spread.get(lanes)
        if wide is None:
            if len(self._spread) > MOST_KEPT:
                self._spread.clear()
            parts = [self._bytes[byte] for byte in lanes.to_bytes((self.count + 7) // 8, "little")]
            wide = self._spread[lanes] = int.from_bytes(b"".join(parts), "little")
        return wide

    def pack(self, column: Sequence[int]) -> int:
        """The numbers of a column as one."""
        words = array("Q", [number + BIAS for number in column])
        return int.from_bytes(words.tobytes(), "little") - BIAS * self.ones

    def read(self, wide: int) -> list[int]:
        """The numbers of each completion."""
        words = array("Q")
        words.frombytes((wide + BIAS * self.ones).to_bytes(self.count * WORD, "little"))
        return [word - BIAS for word in words]
