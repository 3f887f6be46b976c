"""How good a ranking is, beside chance and beside what is popular, with how far the figures can be trusted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from statistics import fmean

TOP = 3
WIDER = 5
SAMPLES = 2000
SEED = 20250630
Wanted = Mapping[str, frozenset[str]]
"""By case: the records that count."""
Orders = Mapping[str, Sequence[str]]
"""By case: the records, best first."""
Score = Callable[[Sequence[str], frozenset[str]], float]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure over cases, with its 95 % interval, and the same for two rankings that know nothing."""

    name: str
    value: float
    low: float
    high: float
    random: float
    popular: float
    cases: int


def hit(k: int) -> Score:
    """1 when one of the wanted is among the first k, else 0."""
    return lambda order, wanted: float(any(record in wanted for record in order[:k]))


def reciprocal(order: Sequence[str], wanted: frozenset[str]) -> float:
    """One over the rank of the best-ranked of the wanted."""
    return 1 / next(place for place, record in enumerate(order, start=1) if record in wanted)


def measures(orders: Orders, wanted: Wanted, forbidden: Wanted) -> tuple[Measure, ...]:
    """The figures for one group: wanted records among the first, and forbidden ones that should not be there."""
    first = f"in the top {TOP}"
    return (
        _measure(f"wanted {first}", orders, wanted, wanted, hit(TOP)),
        _measure(f"wanted in the top {WIDER}", orders, wanted, wanted, hit(WIDER)),
        _measure("mean reciprocal rank", orders, wanted, wanted, reciprocal),
        _measure(f"must not, {first}", orders, forbidden, wanted, hit(TOP)),
    )


def _measure(name: str, orders: Orders, counted: Wanted, popular: Wanted, score: Score) -> Measure:
    cases = [case for case in orders if counted.get(case)]
    if not cases:
        return Measure(name, 0.0, 0.0, 0.0, 0.0, 0.0, 0)
    values = [score(orders[case], counted[case]) for case in cases]
    low, high = interval(values)
    by_chance = [_by_chance(score, len(orders[case]), len(counted[case])) for case in cases]
    by_fame = [score(_popular(case, orders, popular), counted[case]) for case in cases]
    return Measure(name, fmean(values), low, high, fmean(by_chance), fmean(by_fame), len(cases))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean: the same for the same values."""
    draw = random.Random(SEED)
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(SAMPLES))
    return means[round(0.025 * SAMPLES)], means[round(0.975 * SAMPLES) - 1]


def _by_chance(score: Score, size: int, wanted: int) -> float:
    """What a random order scores on average: exact, over the rank of the first of the wanted."""
    total = 0.0
    for rank in range(1, size - wanted + 2):
        chance = comb(size - rank, wanted - 1) / comb(size, wanted)
        total += chance * score([*[""] * (rank - 1), "wanted"], frozenset({"wanted"}))
    return total


def _popular(case: str, orders: Orders, wanted: Wanted) -> list[str]:
    """The records by how many other cases want them."""
    fame = Counter(record for other, records in wanted.items() if other != case for record in records)
    return sorted(orders[case], key=lambda record: (-fame[record], record))


def often(orders: Orders, top: int = TOP) -> Iterator[tuple[str, int]]:
    """How many cases have each record among their first, the most frequent first."""
    counts = Counter(record for order in orders.values() for record in order[:top])
    records = next(iter(orders.values()), ())
    yield from sorted(((record, counts[record]) for record in records), key=lambda pair: (-pair[1], pair[0]))
