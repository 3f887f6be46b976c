"""How many questions are likely still to come."""

from __future__ import annotations

import math

from tactician.interview.agenda import opening_left
from tactician.interview.standing import Standing

USUAL = 32
"""How many questions usually follow the opening."""
PART = 0.6
"""The part of the questions that matter which is usually asked until the top three are likely settled …"""
SHRINKING = 0.7
"""… with the part of the completions that have other top three to this power. Both fit the curve in docs/."""
STEP = 5
"""About a number means to the next multiple of this."""


def expected(standing: Standing) -> int:
    """About how many questions are left, this one included."""
    opening = opening_left(standing)
    if opening:
        return opening + USUAL
    questions = len({slot if slot.is_list or slot.item else slot.fact for slot in standing.open})
    left = PART * questions * math.pow(1 - standing.foreseen, SHRINKING)
    return max(1, min(questions, round(left)))


def total(standing: Standing) -> int:
    """About how many questions there will have been, in round numbers."""
    asked = len(standing.answers.trail)
    return -(-(asked + expected(standing)) // STEP) * STEP
