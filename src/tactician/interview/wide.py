"""Sets of completions as bits, and numbers side by side in one long integer: sums for all of them at once."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from tactician.inference.truth_table import set_bits

Lanes = int
"""A set of completions: bit n stands for completion n."""
WORD = 8
"""Bytes of one number."""
BIAS = 1 << 62
"""Added before numbers are taken apart, so that none is negative then."""
MOST_KEPT = 4096
SPARSE = 16
"""Sets with fewer than one in so many members are gone through bit by bit."""

V = TypeVar("V", bound=Hashable)


def members(lanes: Lanes) -> Iterable[int]:
    """The completions in a set, in order."""
    if lanes.bit_count() * SPARSE > lanes.bit_length():
        return [lane for lane, bit in enumerate(reversed(f"{lanes:b}")) if bit == "1"]
    return set_bits(lanes)


def lanes_by(column: Sequence[V]) -> dict[V, Lanes]:
    """For each value of a column the completions that have it."""
    found: dict[V, Lanes] = {}
    bit = 1
    for value in column:
        found[value] = found.get(value, 0) | bit
        bit <<= 1
    return found


def crossed(columns: Sequence[Mapping[V, Lanes]], within: Lanes) -> Iterator[tuple[tuple[V, ...], Lanes]]:
    """Every combination of values that some completion has, with the completions that have it.

    Each column says for every completion in `within` which value it has.
    """
    if not within:
        return
    spread = [_spread(column, within) for column in columns if len(column) > 1]
    if not spread:
        yield tuple(next(iter(column)) for column in columns), within
        return
    found: dict[tuple[V, ...], Lanes] = {}
    for lane, varying in zip(members(within), zip(*spread, strict=True), strict=True):
        found[varying] = found.get(varying, 0) | 1 << lane
    for varying, lanes in found.items():
        values = iter(varying)
        yield tuple(next(values) if len(column) > 1 else next(iter(column)) for column in columns), lanes


def _spread(column: Mapping[V, Lanes], within: Lanes) -> list[V]:
    """The value of each completion in a set, in order."""
    by_lane = {lane: value for value, lanes in column.items() for lane in members(lanes & within)}
    return [by_lane[lane] for lane in members(within)]


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
