"""The shares of a client's segments: what is left unsaid, and whole parts per million that sum to one million."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tactician.facts.client import MILLION

TOLERANCE = Decimal("0.01")


def share_problem(shares: Sequence[Decimal | None]) -> str:
    """What is wrong with the stated shares taken together; empty when nothing is."""
    total = sum((share for share in shares if share is not None), Decimal(0))
    if None in shares:
        return f"the shares sum to {total}, which leaves nothing for the others" if total >= 1 else ""
    return f"the shares sum to {total}, not to 1" if abs(total - 1) > TOLERANCE else ""


def parts_per_million(shares: Sequence[Decimal | None]) -> tuple[int, ...]:
    """The shares in parts per million by largest remainder, equal remainders in file order.

    Shares that are not stated divide what is left of 1 equally.
    """
    stated = [Fraction(share) for share in shares if share is not None]
    unstated = len(shares) - len(stated)
    rest = (1 - sum(stated)) / unstated if unstated else Fraction(0)
    parts = [rest if share is None else Fraction(share) for share in shares]
    exact = [part * MILLION / sum(parts) for part in parts]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (whole[index] - exact[index], index))
    for index in by_remainder[: MILLION - sum(whole)]:
        whole[index] += 1
    return tuple(whole)
