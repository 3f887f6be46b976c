"""Truth of many segments at once: one bit for each that it is true, one that it is false, neither for unknown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


class Truth(NamedTuple):
    """In which segments something is true, and in which it is false; unknown in the others."""

    true: Bits
    false: Bits


class Rows:
    """A number of segments, and how flags about them become bits and back."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.all = np.packbits(np.ones(count, dtype=np.bool_))
        self.none = np.zeros_like(self.all)

    def flags(self, bits: Bits) -> Flags:
        """The bits as one truth for each segment."""
        return np.unpackbits(bits, count=self.count).view(np.bool_)

    def all_of(self, parts: Iterable[Truth]) -> Truth:
        """Kleene's conjunction."""
        found = list(parts)
        return Truth(
            reduce(and_, (part.true for part in found), self.all),
            reduce(or_, (part.false for part in found), self.none),
        )

    def any_of(self, parts: Iterable[Truth]) -> Truth:
        """Kleene's disjunction."""
        found = list(parts)
        return Truth(
            reduce(or_, (part.true for part in found), self.none),
            reduce(and_, (part.false for part in found), self.all),
        )


def pack(flags: Flags) -> Bits:
    """One truth for each segment as bits."""
    return np.packbits(flags)
