"""Intervals of whole numbers: the least and the greatest that a sum can be."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]
ZERO: Interval = (0, 0)


def add(intervals: Iterable[Interval]) -> Interval:
    """The sum of intervals."""
    low = high = 0
    for least, most in intervals:
        low, high = low + least, high + most
    return low, high


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval around some."""
    every = list(intervals)
    return min(low for low, _ in every), max(high for _, high in every)


def times(factor: int, interval: Interval) -> Interval:
    """An interval multiplied by a number that is not negative."""
    return factor * interval[0], factor * interval[1]
