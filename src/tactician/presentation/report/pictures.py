"""The geometry of the report's pictures: plain numbers, which the templates draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon, Line, Load
from tactician.advice.proposition import Balance
from tactician.advice.ranking import Ranked

WIDTH = 100
"""Pictures are drawn on a scale from 0 to 100, so that they fit any screen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a scale from 0 to 100."""

    start: float
    width: float

    @property
    def end(self) -> float:
        """Where it ends."""
        return round(self.start + self.width, 2)


@dataclass(frozen=True, slots=True)
class RoadmapRow:
    """One tactic on the time axis."""

    name: str
    horizon: Horizon
    setup: Bar | None
    effect: Bar | None
    """From the soonest to the latest week in which an effect shows."""


@dataclass(frozen=True, slots=True)
class Roadmap:
    """What runs, starts and follows, in weeks from today."""

    rows: tuple[RoadmapRow, ...]
    ticks: tuple[tuple[float, int], ...]
    """Positions and their weeks."""
    weeks: int


def roadmap(advice: Advice) -> Roadmap:
    """The time axis of what runs, of now and of next."""
    setup = advice.consultation.rulebase.parameters.plan.setup_spread
    starts = {Horizon.RUNNING: 0, Horizon.NOW: 0, Horizon.NEXT: setup}
    lines = [(line, start) for horizon, start in starts.items() for line in advice.plan[horizon]]
    ends = [
        start + line.ranked.record.cost.weeks_to_effect[1] for line, start in lines if start or _starts(line)
    ]
    weeks = max([2 * setup, *(int(-(-end // 4) * 4) for end in ends)])
    step = 4 if weeks <= 32 else 13
    return Roadmap(
        tuple(_row(line, start, setup, weeks) for line, start in lines),
        tuple((_at(week, weeks), week) for week in range(0, weeks + 1, step)),
        weeks,
    )


def _starts(line: Line) -> bool:
    return line.horizon is not Horizon.RUNNING


def _row(line: Line, start: int, setup: int, weeks: int) -> RoadmapRow:
    if not _starts(line):
        return RoadmapRow(line.ranked.record.name, line.horizon, None, None)
    soonest, latest = line.ranked.record.cost.weeks_to_effect
    effect = Bar(_at(start + soonest, weeks), max(_at(latest - soonest, weeks), 0.6))
    return RoadmapRow(
        line.ranked.record.name, line.horizon, Bar(_at(start, weeks), _at(setup, weeks)), effect
    )


def _at(value: float, whole: float) -> float:
    return round(WIDTH * value / whole, 2) if whole else 0.0


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a limit the tactics of now take, one bar each; without a limit the bars fill the scale."""

    bars: tuple[tuple[str, Bar], ...]
    used: Fraction
    limit: Fraction | None


def money_meter(advice: Advice) -> Meter:
    """Euros a month of now against the budget."""
    return _meter(
        advice.plan[Horizon.NOW], advice.plan.budget, [line.setup for line in advice.plan[Horizon.NOW]], 0
    )


def hours_meter(advice: Advice) -> Meter:
    """Hours a week of now against the hours there are."""
    return _meter(
        advice.plan[Horizon.NOW], advice.plan.hours, [line.setup for line in advice.plan[Horizon.NOW]], 1
    )


def _meter(lines: Sequence[Line], limit: Fraction | None, loads: Iterable[Load], part: int) -> Meter:
    amounts = [(load.euros, load.hours)[part] for load in loads]
    used = sum(amounts, Fraction(0))
    whole = limit or used
    bars, start = [], 0.0
    for line, amount in zip(lines, amounts, strict=True):
        width = _at(float(amount), float(whole))
        bars.append((line.ranked.record.name, Bar(round(start, 2), width)))
        start += width
    return Meter(tuple(bars), used, limit)


@dataclass(frozen=True, slots=True)
class RankBar:
    """Points against (to the left of `zero`) and for (to the right), with the range that is still possible."""

    against: Bar
    favour: Bar
    total: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class RankBars:
    """Bars of one list, on one scale."""

    zero: float
    bars: tuple[RankBar, ...]


def rank_bars(entries: Sequence[Ranked]) -> RankBars:
    """The bars of a ranked list; every bar, total and bound lies on the scale."""
    left = max([1, *(max(e.points_against, -(e.low or 0), -e.total) for e in entries)])
    right = max([1, *(max(e.points_for, e.high or 0, e.total) for e in entries)])
    whole = left + right
    zero = _at(left, whole)

    def place(value: int) -> float:
        return round(zero + WIDTH * value / whole, 2)

    return RankBars(
        zero,
        tuple(
            RankBar(
                Bar(place(-entry.points_against), round(zero - place(-entry.points_against), 2)),
                Bar(zero, round(place(entry.points_for) - zero, 2)),
                place(entry.total),
                None if entry.low is None else place(entry.low),
                None if entry.high is None else place(entry.high),
            )
            for entry in entries
        ),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """One benefit or sacrifice with its score and weight, both on the scale."""

    name: str
    score: int
    bar: Bar


def balance_scales(balance: Balance, top: int) -> tuple[tuple[Scale, ...], tuple[Scale, ...]]:
    """What customers get and what they give, scores from 0 to `top`."""
    measure = balance.measure
    got, given = (
        tuple(Scale(side.name, side.score, Bar(0, _at(side.score, top))) for side in sides)
        for sides in (measure.benefits, measure.costs)
    )
    return got, given
