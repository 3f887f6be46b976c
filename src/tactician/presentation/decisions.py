"""Sentences for the decisions of a plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from tactician.advice.advise import Advice
from tactician.advice.plan import Cause, Horizon, Line, Plan, Reason
from tactician.presentation.words import hours, listed, reckoned

WHEN = {
    Horizon.RUNNING: "running",
    Horizon.NOW: "now",
    Horizon.NEXT: "next",
    Horizon.LATER: "later",
    Horizon.ALTERNATIVE: "instead",
}
TEMPLATES = {
    Cause.ALREADY_RUNNING: "you do it already: keep it and improve it",
    Cause.RUNNING_BUT_BLOCKED: "your answers speak against doing it at all; see below what rules it out",
    Cause.RUNNING_BUT_WEAK: "more speaks against it than for it; look whether it still pays",
    Cause.FITS: "it fits {means}",
    Cause.TOO_MUCH_MONEY: "it needs {needed} a month, {left} is then left",
    Cause.TOO_MANY_HOURS: "it needs {needed} a week, {left} are then left",
    Cause.NO_PLACE_LEFT: "others come first",
    Cause.NEEDS_FIRST: "it needs “{other}” first",
    Cause.STRONG_CONFLICT: "it does not go together with “{other}”: {why}",
    Cause.MILD_CONFLICT: "take care beside “{other}”: {why}",
    Cause.BEYOND_BUDGET: "by itself it needs {needed} a month, more than your whole {left}",
    Cause.BEYOND_HOURS: "by itself it needs {needed} a week, more than your whole {left}",
}
IN_HOURS = frozenset({Cause.TOO_MANY_HOURS, Cause.BEYOND_HOURS})


def reason_words(reason: Reason, advice: Advice) -> str:
    """One reason as a clause."""
    records = advice.consultation.rulebase.records
    return TEMPLATES[reason.cause].format(
        needed=_quantity(reason, reason.needed, advice, math.ceil),
        left=_quantity(reason, reason.left, advice, math.floor),
        other=records[reason.other].name if reason.other in records else reason.other,
        why=reason.why.rstrip("."),
        means=_means(advice.plan),
    )


def _means(plan: Plan) -> str:
    """What a tactic was held against."""
    stated = [
        *(["money"] if plan.budget is not None else []),
        *(["hours"] if plan.hours is not None else []),
    ]
    return f"your {listed(stated)}" if stated else "as far as is known: you named neither money nor hours"


def _quantity(
    reason: Reason, value: Fraction | None, advice: Advice, towards: Callable[[Fraction], int]
) -> str:
    if value is None:
        return ""
    shown = max(value, Fraction(0))
    if reason.cause in IN_HOURS:
        return hours(shown)
    return reckoned(shown, advice.consultation.client, towards)


def waiting_words(line: Line, advice: Advice) -> str:
    """Why a tactic waits: its last obstacles, without repeating what holds for every one that waits."""
    obstacles = [reason for reason in line.reasons if reason.cause not in _NO_OBSTACLES]
    hard = any(reason.cause in (Cause.BEYOND_BUDGET, Cause.BEYOND_HOURS) for reason in obstacles)
    last = [reason for reason in obstacles if reason.horizon is obstacles[-1].horizon]
    chosen = [reason for reason in last if not hard or reason.cause not in _COVERED]
    notes = [reason for reason in line.reasons if reason.cause is Cause.MILD_CONFLICT]
    return "; ".join(dict.fromkeys(reason_words(reason, advice) for reason in (*chosen, *notes)))


_NO_OBSTACLES = frozenset({Cause.FITS, Cause.NO_PLACE_LEFT, Cause.MILD_CONFLICT})
_COVERED = frozenset({Cause.TOO_MUCH_MONEY, Cause.TOO_MANY_HOURS})
