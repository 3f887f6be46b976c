"""How many questions are likely still to come."""

from __future__ import annotations

from tactician.interview.agenda import opening_left
from tactician.interview.standing import Standing

USUAL = 30
"""How many questions usually follow the opening."""


def expected(standing: Standing) -> int:
    """About how many questions are left, the one that is asked now included."""
    left = opening_left(standing)
    if left:
        return left + USUAL
    questions = len({slot if slot.is_list or slot.item else slot.fact for slot in standing.open})
    return max(1, min(questions, round(questions * (1 - standing.unchanged) * 0.6)))
