"""The first words of a plan: how much to start, within which means, and what it is for."""

from __future__ import annotations

from tactician.advice.advise import Advice
from tactician.advice.plan import NOTHING, Horizon, Plan
from tactician.presentation.words import FAMILY_AIM, at_most, count, hours, in_words, listed, money

MANY_RIVALS = 1 / 3
"""The part of all tactics that must still be able to come first for the opening words to warn of it."""

UNANSWERED = (
    "Nothing is answered yet, so there is nothing to choose by. The questions that matter most are below: answer a "
    "few of them for a first plan."
)


def opening(advice: Advice) -> str:
    """What the plan starts with, what that takes together, and what the answers call for."""
    plan = advice.plan
    if advice.consultation.client.is_blank:
        return UNANSWERED
    parts = (
        _start(plan), _few_good(plan), _takes(advice), _room(plan), _unsaid(plan), _needs(advice), _open(advice)
    )  # fmt: skip
    return " ".join(part for part in parts if part)


def _start(plan: Plan) -> str:
    number = len(plan[Horizon.NOW])
    if number:
        return (
            "Start with this one." if number == 1 else f"Start with these {in_words(number)}, in this order."
        )
    if plan.good == 0:
        return "No tactic has more for it than against it, so there is nothing to start now."
    return "There is nothing new to start now; see below what waits, and for what."


def _few_good(plan: Plan) -> str:
    if not 0 < plan.good < plan.wanted:
        return ""
    has = "has" if plan.good == 1 else "have"
    return f"Only {count(plan.good, 'tactic')} {has} more for it than against it; the list is not filled up."


def _takes(advice: Advice) -> str:
    """What the tactics of now take while they are set up, beside what there is."""
    plan, client = advice.plan, advice.consultation.client
    now = plan[Horizon.NOW]
    if not now:
        return ""
    load = sum((line.setup for line in now), NOTHING)
    they, them = ("They take", "them") if len(now) > 1 else ("It takes", "it")
    needed = f"{at_most(load.euros, client)} a month and {hours(load.hours)} a week"
    limits = [
        *([f"{money(plan.budget, client)} a month"] if plan.budget is not None else []),
        *([f"{hours(plan.hours)} a week"] if plan.hours is not None else []),
    ]
    beside = f", of the {listed(limits)} you have" if limits else ""
    return f"{they} up to {needed} while you set {them} up{beside}."


def _room(plan: Plan) -> str:
    """That what waits does so for lack of money or hours, not of merit."""
    chosen = len(plan[Horizon.NOW])
    more = plan[Horizon.NEXT] or plan[Horizon.LATER]
    return "Nothing else fits beside that now." if 0 < chosen < plan.wanted and more else ""


def _unsaid(plan: Plan) -> str:
    missing = [
        *(["how much money a month"] if plan.budget is None else []),
        *(["how many hours a week"] if plan.hours is None else []),
    ]
    if not missing:
        return ""
    return f"You did not say {listed(missing)} you can spend, so that sets no limit here."


def _needs(advice: Advice) -> str:
    ordered = sorted(advice.needs.items(), key=lambda need: -need[1])
    aims = [FAMILY_AIM[family] for family, total in ordered if total > 0][:2]
    return f"What your business needs most is to {listed(aims)}." if aims else ""


def _open(advice: Advice) -> str:
    """A warning where so little is known that much of the ranking could still turn over."""
    if len(advice.rivals) <= MANY_RIVALS * len(advice.tactics):
        return ""
    return (
        f"But much is open: what you did not say could still bring any of {len(advice.rivals)} other tactics among "
        "the first three in the ranking. The questions that matter most are below."
    )
