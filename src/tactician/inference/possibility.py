"""What unknown facts still allow: which conditions can be true, false or unknown, over every completion.

An abstract run of the direct engine. Each fact has a domain instead of a value; each condition has three bits
(can be true, can be false, can be unknown). It always includes what any completion gives, and staying unknown.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tactician.facts.vocabulary import FactSpec, Value
from tactician.inference.arithmetic import APPLY
from tactician.inference.truth_table import Composite, FactTable
from tactician.knowledge.expressions import Expression, Fact, Number, Operation


@dataclass(frozen=True, slots=True)
class Domain:
    """The values a fact may have: some levels, or (of a number) a closed interval of doubles; and being unknown."""

    levels: frozenset[Value] = frozenset()
    interval: tuple[float, float] | None = None
    unknown: bool = False


UNKNOWN = Domain(unknown=True)


def exactly(value: Value | None) -> Domain:
    """The domain of a fact that is settled."""
    if value is None:
        return UNKNOWN
    if isinstance(value, float):
        return Domain(interval=(value, value))
    return Domain(frozenset((value,)))


def anything(spec: FactSpec) -> Domain:
    """The domain of a fact nobody has stated: every legal value, or none."""
    if not spec.is_number:
        return Domain(frozenset(spec.values), unknown=True)
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum
    return Domain(interval=(low, high), unknown=True)


def union(first: Domain, second: Domain) -> Domain:
    """Every value of either."""
    intervals = [d.interval for d in (first, second) if d.interval is not None]
    hull = (min(i[0] for i in intervals), max(i[1] for i in intervals)) if intervals else None
    return Domain(first.levels | second.levels, hull, first.unknown or second.unknown)


def only_value(domain: Domain) -> Value | None:
    """The one value of a settled domain; None when it is open, or settled as unknown."""
    if domain.unknown:
        return None
    if domain.interval is not None:
        return domain.interval[0] if domain.interval[0] == domain.interval[1] else None
    return next(iter(domain.levels)) if len(domain.levels) == 1 else None


def is_open(domain: Domain) -> bool:
    """Whether a domain leaves a choice."""
    return domain != UNKNOWN and only_value(domain) is None


@dataclass(slots=True)
class Possible:
    """Bits of the conditions that can be true, can be false, can be unknown."""

    true: int = 0
    false: int = 0
    unknown: int = 0

    def enter(self, table: FactTable, domain: Domain) -> None:
        """Add what the tests of a fact can be."""
        true, false = _reach(table, domain)
        if domain.unknown:
            absent_true, absent_false = table.bits(None)
            self.unknown |= all_tests(table) & ~absent_false
            true |= absent_true
            false |= absent_false
        self.true |= true
        self.false |= false

    def without(self, mask: int) -> Possible:
        """A copy in which the bits of a mask are not settled."""
        return Possible(self.true & ~mask, self.false & ~mask, self.unknown & ~mask)

    def combine(self, composites: Iterable[Composite]) -> None:
        """Settle composites, whose parts are settled."""
        true, false, unknown = self.true, self.false, self.unknown
        for composite in composites:
            mask, bit = composite.mask, composite.bit
            every, any_one = (true, false) if composite.is_all else (false, true)
            if unknown & mask and (every | unknown) & mask == mask:
                unknown |= bit
            can_be_every, can_be_any = every & mask == mask, any_one & mask != 0
            if can_be_every if composite.is_all else can_be_any:
                true |= bit
            if can_be_any if composite.is_all else can_be_every:
                false |= bit
        self.true, self.false, self.unknown = true, false, unknown


def all_tests(table: FactTable) -> int:
    """Every bit that a table can set."""
    mask = table.when_known
    for true, false in [*table.by_value.values(), *table.cells]:
        mask |= true | false
    return mask


def _reach(table: FactTable, domain: Domain) -> tuple[int, int]:
    true = false = 0
    if domain.interval is not None:
        known = [table.cells[at] for at in _cells_between(table, *domain.interval)]
    else:
        known = [table.by_value.get(level, (0, 0)) for level in domain.levels]
    for more_true, more_false in known:
        true |= more_true | table.when_known
        false |= more_false
    return true, false


def _cells_between(table: FactTable, low: float, high: float) -> range:
    if not table.cells:
        return range(0)
    return range(cell_of(table, low), cell_of(table, high) + 1)


def cell_of(table: FactTable, value: float) -> int:
    """The number of the cell a value lies in: below the first threshold, at it, between it and the next, …"""
    left = bisect_left(table.thresholds, value)
    return left + bisect_right(table.thresholds, value)


FEW = 20
"""Whole numbers between two neighbours up to which each is a part of its own."""


def split(
    domain: Domain, table: FactTable, mask: int, *, points: bool = False, cuts: Iterable[float] = ()
) -> list[Domain]:
    """The parts of a domain within which every test in `mask` has one value.

    Neighbouring cells of a number that agree on `mask` stay together, except at `cuts`: the last numbers before a
    change elsewhere. With `points` each of few whole numbers is a part.
    """
    parts = [Domain(frozenset((level,))) for level in sorted(domain.levels, key=str)]
    if domain.interval is not None:
        low, high = domain.interval
        if points and high - low <= FEW:
            parts += [exactly(float(value)) for value in range(math.ceil(low), math.floor(high) + 1)]
        else:
            pieces = _cells(domain.interval, table, mask)
            parts += [Domain(interval=piece) for whole in pieces for piece in _cut(whole, cuts)]
    return parts + ([UNKNOWN] if domain.unknown else [])


def _cells(interval: tuple[float, float], table: FactTable, mask: int) -> list[tuple[float, float]]:
    low, high = interval
    parts: list[tuple[float, float]] = []
    settled: tuple[int, int] | None = None
    for at in _cells_between(table, low, high):
        bits = (table.cells[at][0] & mask, table.cells[at][1] & mask)
        start, end = _edges(table, at)
        piece = (max(low, start), min(high, end))
        if bits == settled:
            parts[-1] = (parts[-1][0], piece[1])
        else:
            parts.append(piece)
        settled = bits
    return parts or [interval]


def _cut(interval: tuple[float, float], cuts: Iterable[float]) -> list[tuple[float, float]]:
    low, high = interval
    parts = []
    for cut in cuts:
        if low <= cut < high:
            parts.append((low, cut))
            low = math.nextafter(cut, math.inf)
    return [*parts, (low, high)]


def _edges(table: FactTable, at: int) -> tuple[float, float]:
    """The first and last double of a cell."""
    cut, is_threshold = at // 2, at % 2
    if is_threshold:
        return table.thresholds[cut], table.thresholds[cut]
    start = math.nextafter(table.thresholds[cut - 1], math.inf) if cut else -math.inf
    end = math.nextafter(table.thresholds[cut], -math.inf) if cut < len(table.thresholds) else math.inf
    return start, end


def compute(expression: Expression, domains: Mapping[str, Domain]) -> Domain:
    """The domain of an expression. Doubles round monotonically, so that the ends of intervals are exact."""
    match expression:
        case Number(value):
            return exactly(value)
        case Fact(name):
            return domains[name]
        case Operation("coalesce", (Fact(first), Fact(second))):
            known = domains[first]
            if not known.unknown:
                return known
            return union(Domain(known.levels, known.interval), domains[second])
        case Operation(op, parts):
            result, *rest = (compute(part, domains) for part in parts)
            for operand in rest:
                result = _apply(op, result, operand)
            return result
    raise AssertionError(expression)


def _apply(op: str, first: Domain, second: Domain) -> Domain:
    unknown = first.unknown or second.unknown
    if first.interval is None or second.interval is None:
        return UNKNOWN
    corners = [APPLY[op](a, b) for a in first.interval for b in second.interval]
    # An infinite range times zero has no value of its own; the range of a real fact is finite.
    finite = [0.0 if math.isnan(corner) else corner for corner in corners]
    return Domain(interval=(min(finite), max(finite)), unknown=unknown)
