"""Defining and validating the promise: activities, preparation, metrics and checks for one plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tactician.advice.holding import holds
from tactician.advice.plan import Horizon, Plan
from tactician.advice.preparation import Step, missing
from tactician.advice.process_data import Data, condition, entries, names, number, part, text
from tactician.inference.consultation import Consultation
from tactician.knowledge.rules import Record

PLANNED = (Horizon.RUNNING, Horizon.NOW, Horizon.NEXT)


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of defining and validating the promise."""

    id: str
    text: str
    tasks: tuple[str, ...]
    hours: float
    needs: tuple[str, ...]
    """Ids of preparation rules that fired: these come first."""


@dataclass(frozen=True, slots=True)
class Return:
    """That the result of one activity sends back to an earlier one."""

    id: str
    start: str
    back_to: str
    text: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """A missing prerequisite, and what waits for it: planned records, and activities."""

    step: Step
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """What to measure, how often, and what to do when the target is missed."""

    id: str
    name: str
    formula: str
    target: str
    frequency: str
    months: int | None
    """None where it is measured after each campaign."""
    question: str
    if_missed: str
    records: tuple[str, ...]
    """The planned records it belongs to."""


@dataclass(frozen=True, slots=True)
class Check:
    """A good practice as a check on the plan."""

    id: str
    text: str
    check: str
    records: tuple[str, ...]
    """The planned records it has something to say about."""


@dataclass(frozen=True, slots=True)
class Process:
    """Everything about how to define and validate the promise."""

    activities: tuple[Activity, ...]
    returns: tuple[Return, ...]
    preparation: tuple[Preparation, ...]
    metrics: tuple[Metric, ...]
    checks: tuple[Check, ...]

    def metrics_of(self, record: str) -> tuple[Metric, ...]:
        """The metrics of one planned record."""
        return tuple(metric for metric in self.metrics if record in metric.records)


def process(consultation: Consultation, plan: Plan) -> Process:
    """The process for one plan."""
    planned = [line.ranked.record for horizon in PLANNED for line in plan[horizon]]
    if plan.direction is not None:
        planned.append(plan.direction.record)
    activities = tuple(_activities(consultation))
    return Process(
        activities,
        tuple(_returns(consultation)),
        tuple(_preparation(consultation, planned, activities)),
        tuple(_metrics(consultation, planned)),
        tuple(_checks(consultation, plan, planned)),
    )


def _segments(consultation: Consultation, entry: Data) -> tuple[str, ...]:
    """The segments in which the condition of an entry holds."""
    named = enumerate(consultation.client.segments)
    return tuple(segment.name for index, segment in named if holds(consultation, index, condition(entry)))


def _activities(consultation: Consultation) -> Iterator[Activity]:
    fired = {rule for findings in consultation.segments for rule in findings.fired}
    for entry in entries(consultation.rulebase, "activities", "activities"):
        if _segments(consultation, entry):
            needs = tuple(rule for rule in names(entry.get("needs")) if rule in fired)
            hours = number(entry, "hours") or 0.0
            yield Activity(text(entry, "id"), text(entry, "text"), names(entry.get("tasks")), hours, needs)


def _returns(consultation: Consultation) -> Iterator[Return]:
    for entry in entries(consultation.rulebase, "activities", "returns"):
        segments = _segments(consultation, entry)
        if segments:
            yield Return(
                text(entry, "id"), text(entry, "from"), text(entry, "to"), text(entry, "text"), segments
            )


def _preparation(
    consultation: Consultation, planned: Sequence[Record], activities: Sequence[Activity]
) -> Iterator[Preparation]:
    for rule, step in missing(consultation):
        before = [record.id for record in planned if record.id in rule.before]
        before += [activity.id for activity in activities if step.rule in activity.needs]
        if before:
            yield Preparation(step, tuple(before))


def _metrics(consultation: Consultation, planned: Sequence[Record]) -> Iterator[Metric]:
    base = consultation.rulebase
    most = int(number(part(base, "metrics", "choice"), "per_recommendation") or 0)
    found = list(entries(base, "metrics", "metrics"))
    chosen: dict[str, list[str]] = {}
    for record in planned:
        fitting = [(closeness, entry) for entry in found if (closeness := _closeness(entry, record))]
        for _, entry in sorted(fitting, key=lambda pair: (*pair[0], text(pair[1], "id")))[:most]:
            chosen.setdefault(text(entry, "id"), []).append(record.id)
    for entry in found:
        if text(entry, "id") in chosen:
            yield _metric(entry, tuple(chosen[text(entry, "id")]))


def _closeness(entry: Data, record: Record) -> tuple[int, float] | None:
    """How closely a metric belongs to a record: by its name before by its family, then the more frequent."""
    attached = entry.get("attach_to")
    attach_to: Data = attached if isinstance(attached, dict) else {}
    months = number(entry, "frequency_months")
    often = float("inf") if months is None else months
    if record.id in names(attach_to.get("records")):
        return 1, often
    return (2, often) if record.family in names(attach_to.get("families")) else None


def _metric(entry: Data, records: tuple[str, ...]) -> Metric:
    target = entry.get("target")
    goal: Data = target if isinstance(target, dict) else {}
    months = number(entry, "frequency_months")
    return Metric(
        id=text(entry, "id"),
        name=text(entry, "name"),
        formula=text(entry, "formula"),
        target=f"{goal.get('op', '')} {goal.get('value', '')} {goal.get('unit', '')}".strip(),
        frequency=text(entry, "frequency"),
        months=None if months is None else int(months),
        question=text(entry, "survey_question"),
        if_missed=text(entry, "if_missed"),
        records=records,
    )


def _checks(consultation: Consultation, plan: Plan, planned: Sequence[Record]) -> Iterator[Check]:
    for entry in entries(consultation.rulebase, "practices", "practices"):
        if not _segments(consultation, entry):
            continue
        concerned: tuple[str, ...] = ()
        limit = number(entry, "setup_eur_above")
        if limit is not None:
            new = [line.ranked.record for line in (*plan[Horizon.NOW], *plan[Horizon.NEXT])]
            concerned = tuple(record.id for record in new if record.cost.setup_eur[1] > limit)
        elif entry.get("against_direction") and plan.direction is not None:
            rivals = {conflict.other for conflict in plan.direction.record.conflicts}
            concerned = tuple(record.id for record in planned if record.id in rivals)
        yield Check(text(entry, "id"), text(entry, "text"), text(entry, "check"), concerned)
