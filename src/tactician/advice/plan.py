"""The plan as data: which tactics in which horizon, what each takes, and why it stands where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tactician.advice.preparation import Step
from tactician.advice.ranking import Ranked
from tactician.advice.serving import Served


class Horizon(StrEnum):
    """When a tactic is taken on; an alternative is one that gave way to another."""

    RUNNING = "running"
    NOW = "now"
    NEXT = "next"
    LATER = "later"
    ALTERNATIVE = "alternative"


class Cause(StrEnum):
    """Why a tactic stands where it stands, or was passed over for an earlier horizon."""

    ALREADY_RUNNING = "already_running"
    RUNNING_BUT_BLOCKED = "running_but_blocked"
    RUNNING_BUT_WEAK = "running_but_weak"
    FITS = "fits"
    TOO_MUCH_MONEY = "too_much_money"
    TOO_MANY_HOURS = "too_many_hours"
    NO_PLACE_LEFT = "no_place_left"
    NEEDS_FIRST = "needs_first"
    STRONG_CONFLICT = "strong_conflict"
    MILD_CONFLICT = "mild_conflict"
    BEYOND_BUDGET = "beyond_budget"
    BEYOND_HOURS = "beyond_hours"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the decision about a tactic."""

    cause: Cause
    horizon: Horizon
    """The horizon that was being filled."""
    needed: Fraction | None = None
    """Euros a month, or hours a week."""
    left: Fraction | None = None
    other: str = ""
    """The record it conflicts with, or needs first."""
    why: str = ""
    """Of a conflict, as the record says it."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a tactic takes: euros a month and hours a week."""

    euros: Fraction
    hours: Fraction

    def __add__(self, other: Load) -> Load:
        return Load(self.euros + other.euros, self.hours + other.hours)


NOTHING = Load(Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True)
class Line:
    """One tactic of the plan."""

    ranked: Ranked
    horizon: Horizon
    setup: Load
    """While it is being set up."""
    running: Load
    """Afterwards."""
    reasons: tuple[Reason, ...]
    preparation: tuple[Step, ...]
    checks: tuple[Step, ...]
    """Preparation that may be needed: nobody knows yet."""
    serves: tuple[Served, ...]

    @property
    def id(self) -> str:
        """The id of the tactic."""
        return self.ranked.id

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments it is meant for: more speaks for it there than against it, and nothing blocks it."""
        return tuple(each.name for each in self.ranked.segments if each.total > 0 and not each.blocked)

    def __repr__(self) -> str:
        return f"<Line {self.id}: {self.horizon}>"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, in order. Budget and hours are None where the client did not state them: no limit then."""

    budget: Fraction | None
    """Euros a month."""
    hours: Fraction | None
    """Hours a week."""
    lines: Mapping[Horizon, tuple[Line, ...]]
    good: int
    """How many tactics have more reasons for than against."""
    wanted: int
    """How many the plan would start now."""
    direction: Ranked | None
    """The leading lever; None when no lever has more for it than against it."""

    def __getitem__(self, horizon: Horizon) -> tuple[Line, ...]:
        """The lines of one horizon, in order."""
        return self.lines[horizon]

    def __iter__(self) -> Iterator[Line]:
        return (line for lines in self.lines.values() for line in lines)

    @property
    def horizons(self) -> Mapping[str, Horizon]:
        """The horizon of every tactic that has one."""
        return {line.id: line.horizon for line in self}

    @property
    def recommended(self) -> frozenset[str]:
        """The ids the plan stands for: what runs, now, next, and the leading lever."""
        lever = {self.direction.id} if self.direction else set()
        lines = (*self[Horizon.RUNNING], *self[Horizon.NOW], *self[Horizon.NEXT])
        return frozenset(line.id for line in lines) | lever

    def __repr__(self) -> str:
        now = ", ".join(line.id for line in self[Horizon.NOW])
        return f"<Plan: now: {now or 'nothing'}; tactics in all: {len(self.horizons)}>"
