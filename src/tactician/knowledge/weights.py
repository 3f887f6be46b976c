"""The weight of evidence of a certainty factor, as an integer: PROSPECTOR's calculus."""

from __future__ import annotations

import math

MILLI = 1_000
"""Units of 1/1000 deciban in a deciban, which is a point."""


def weight_of(cf: float) -> int:
    """The weight of evidence of a certainty factor in (−1, 1), in 1/1000 deciban."""
    return round(10 * MILLI * math.log10((1 + cf) / (1 - cf)))
