"""Certainty as additive weight of evidence, in integers: PROSPECTOR's calculus."""

from __future__ import annotations

import math
from decimal import Decimal

from tactician.knowledge.weights import weight_of

__all__ = ["POINT", "TOTAL_POINT", "certainty", "points", "weight_of"]

POINT = 10**6
"""Units of 10⁻⁶ point in a point: evidence and priors."""
TOTAL_POINT = 10**12
"""Units of 10⁻¹² point in a point: totals, which are evidence × parts per million."""


def certainty(total: int) -> float:
    """The certainty factor in (−1, 1) of a total in 10⁻¹² point, as PROSPECTOR's combining function gives."""
    return math.tanh(total / TOTAL_POINT * math.log(10) / 20)


def points(units: int, per_point: int = TOTAL_POINT) -> str:
    """A total (or with POINT, evidence) in points as an exact decimal string without trailing zeros."""
    text = f"{Decimal(units).scaleb(-len(str(per_point)) + 1):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
