"""The plan's algorithm: running first, then by rank what fits beside what was chosen before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from tactician.advice.plan import NOTHING, Cause, Horizon, Line, Load, Plan, Reason
from tactician.advice.preparation import preparation
from tactician.advice.ranking import Ranked
from tactician.advice.serving import serves
from tactician.facts.client import Client
from tactician.inference.consultation import Consultation
from tactician.knowledge.rules import Conflict

BUDGET = "business.monthly_budget"
HOURS = "business.staff_hours_available"
_BESIDE = (Horizon.RUNNING, Horizon.NOW, Horizon.NEXT)
"""What a tactic can come to run beside; of two that are put off, neither has to mind the other yet."""


def make_plan(consultation: Consultation, tactics: Sequence[Ranked], levers: Sequence[Ranked]) -> Plan:
    """The plan for ranked tactics and levers; every line carries the reasons for its place."""
    numbers = consultation.rulebase.parameters.plan
    draft = _Draft(consultation, numbers.setup_spread)
    running = set(consultation.client.running)
    draft.keep(entry for entry in tactics if entry.id in running)
    waiting = [entry for entry in tactics if entry.total > 0 and entry.id not in running]
    waiting = draft.fill(Horizon.NOW, waiting, numbers.now, NOTHING)
    beside = sum((line.running for line in draft.lines[Horizon.NOW]), NOTHING)
    waiting = draft.fill(Horizon.NEXT, waiting, numbers.next, beside)
    draft.postpone(waiting)
    return Plan(
        draft.budget,
        draft.hours,
        lines={horizon: tuple(lines) for horizon, lines in draft.lines.items()},
        good=sum(entry.total > 0 for entry in tactics),
        wanted=numbers.now,
        direction=levers[0] if levers and levers[0].total > 0 else None,
    )


@dataclass
class _Draft:
    """A plan in the making."""

    consultation: Consultation
    spread: int
    lines: dict[Horizon, list[Line]] = field(default_factory=lambda: {horizon: [] for horizon in Horizon})
    passed_over: dict[str, list[Reason]] = field(default_factory=dict)
    _unplaced: dict[str, Line] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.budget = _limit(self.consultation.client, BUDGET)
        self.hours = _limit(self.consultation.client, HOURS)

    def _line(self, entry: Ranked) -> Line:
        """What a tactic takes and serves, found out once: it may be tried for several horizons."""
        if entry.id not in self._unplaced:
            self._unplaced[entry.id] = _line(self.consultation, entry, self.spread)
        return self._unplaced[entry.id]

    def keep(self, running: Iterable[Ranked]) -> None:
        """Take in what the business does already, whatever its total: it costs nothing new."""
        for entry in running:
            reasons = [Reason(Cause.ALREADY_RUNNING, Horizon.RUNNING)]
            if entry.blocked:
                reasons.append(Reason(Cause.RUNNING_BUT_BLOCKED, Horizon.RUNNING))
            elif entry.total <= 0:
                reasons.append(Reason(Cause.RUNNING_BUT_WEAK, Horizon.RUNNING))
            self._place(self._line(entry), Horizon.RUNNING, reasons)

    def fill(self, horizon: Horizon, waiting: Sequence[Ranked], places: int, taken: Load) -> list[Ranked]:
        """Choose for one horizon in rank order; returns those that still wait."""
        earlier = self._chosen()
        still: list[Ranked] = []
        for entry in waiting:
            if self._gives_way(entry, horizon):
                continue
            line = self._line(entry)
            if len(self.lines[horizon]) == places:
                obstacles = [Reason(Cause.NO_PLACE_LEFT, horizon)]
            else:
                obstacles = [*_unmet(entry, horizon, earlier), *self._shortage(line, horizon, taken)]
            if obstacles:
                self.passed_over.setdefault(entry.id, []).extend(obstacles)
                still.append(entry)
            else:
                taken += line.setup
                self._place(line, horizon, [Reason(Cause.FITS, horizon)])
        return still

    def postpone(self, waiting: Iterable[Ranked]) -> None:
        """Put the rest off, saying what stands in the way of each by itself."""
        earlier = self._chosen()
        for entry in waiting:
            if self._gives_way(entry, Horizon.LATER):
                continue
            line = self._line(entry)
            reasons = _unmet(entry, Horizon.LATER, earlier)
            if self.budget is not None and line.setup.euros > self.budget:
                reasons.append(Reason(Cause.BEYOND_BUDGET, Horizon.LATER, line.setup.euros, self.budget))
            if self.hours is not None and line.setup.hours > self.hours:
                reasons.append(Reason(Cause.BEYOND_HOURS, Horizon.LATER, line.setup.hours, self.hours))
            self._place(line, Horizon.LATER, reasons)

    def _chosen(self) -> set[str]:
        return {
            line.id
            for horizon, lines in self.lines.items()
            if horizon is not Horizon.ALTERNATIVE
            for line in lines
        }

    def _gives_way(self, entry: Ranked, horizon: Horizon) -> bool:
        """Whether it conflicts strongly with a chosen one, whose alternative it then becomes."""
        for reason in self._conflicts(entry, horizon):
            if reason.cause is Cause.STRONG_CONFLICT:
                line = self._line(entry)
                self._place(line, Horizon.ALTERNATIVE, [reason], mild=False)
                return True
        return False

    def _conflicts(self, entry: Ranked, horizon: Horizon) -> list[Reason]:
        found = []
        for chosen_in, lines in self.lines.items():
            for line in lines if chosen_in is not Horizon.ALTERNATIVE else ():
                conflict = _conflict(entry, line.ranked)
                if conflict is not None:
                    strong = conflict.severity == "strong"
                    cause = Cause.STRONG_CONFLICT if strong else Cause.MILD_CONFLICT
                    found.append(Reason(cause, horizon, other=line.id, why=conflict.why))
        return found

    def _shortage(self, line: Line, horizon: Horizon, taken: Load) -> list[Reason]:
        found = []
        if self.budget is not None and line.setup.euros > (left := self.budget - taken.euros):
            found.append(Reason(Cause.TOO_MUCH_MONEY, horizon, line.setup.euros, left))
        if self.hours is not None and line.setup.hours > (left := self.hours - taken.hours):
            found.append(Reason(Cause.TOO_MANY_HOURS, horizon, line.setup.hours, left))
        return found

    def _place(self, line: Line, horizon: Horizon, reasons: list[Reason], mild: bool = True) -> None:
        conflicts = self._conflicts(line.ranked, horizon) if mild else []
        beside = {chosen.id for when in _BESIDE for chosen in self.lines[when]}
        notes = [
            reason for reason in conflicts if reason.cause is Cause.MILD_CONFLICT and reason.other in beside
        ]
        before = self.passed_over.pop(line.id, [])
        placed = replace(line, horizon=horizon, reasons=(*before, *reasons, *notes))
        if horizon is Horizon.RUNNING:
            placed = replace(placed, setup=NOTHING, running=NOTHING, preparation=(), checks=())
        self.lines[horizon].append(placed)


def _line(consultation: Consultation, entry: Ranked, spread: int) -> Line:
    """What a tactic takes and serves, before it has a place."""
    steps, checks = preparation(consultation, entry.id)
    cost = entry.record.cost
    running = Load(_exact(cost.running_eur_month[1]), _exact(cost.hours_per_week))
    hours = _exact(cost.hours_setup) + sum(_exact(step.hours) for step in steps)
    once = Load(_exact(cost.setup_eur[1]) / spread, hours / spread)
    served = serves(consultation.client, entry)
    return Line(entry, Horizon.LATER, running + once, running, (), steps, checks, served)


def _unmet(entry: Ranked, horizon: Horizon, earlier: set[str]) -> list[Reason]:
    return [
        Reason(Cause.NEEDS_FIRST, horizon, other=required)
        for required in entry.record.required_tactics
        if required not in earlier
    ]


def _conflict(one: Ranked, other: Ranked) -> Conflict | None:
    """The conflict of two records, from whichever of them states it."""
    for record, against in ((one.record, other.id), (other.record, one.id)):
        for conflict in record.conflicts:
            if conflict.other == against:
                return conflict
    return None


def _limit(client: Client, fact: str) -> Fraction | None:
    value = client.facts.get(fact)
    return None if value is None else _exact(float(value))


@lru_cache(maxsize=4096)
def _exact(number: float) -> Fraction:
    """The number as it was written, so that sums of decimal amounts do not drift."""
    return Fraction(repr(number))
