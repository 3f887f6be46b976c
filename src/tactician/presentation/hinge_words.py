"""The answers a plan hangs by, in words for the owner."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.advice.advise import Advice
from tactician.advice.hinges import Hinge
from tactician.presentation.page import Block, Bullets, Heading, Text
from tactician.presentation.words import answer, in_words, label, listed

SHOWN = 3


def hinge_blocks(advice: Advice) -> Iterator[Block]:
    """The answers that should be right, the weightiest first, or that none alone would change the first three."""
    yield Heading("What the plan hangs by")
    if not advice.hinges:
        yield Text(
            "No single answer, a step more or less, would change the first three in the ranking of tactics."
        )
        return
    answers = f"{in_words(len(advice.hinges))} of your answers"
    yield Text(
        f"The first three in the ranking of tactics hang by {answers}: a step more or less in any of them, and "
        "another tactic is there. Make sure of these first:"
    )
    yield Bullets(tuple(_hinge(advice, hinge) for hinge in advice.hinges[:SHOWN]))


def _hinge(advice: Advice, hinge: Hinge) -> str:
    client, base = advice.consultation.client, advice.consultation.rulebase
    spec = base.specs[hinge.fact]
    where = f" of {hinge.segment}" if hinge.segment and len(client.segments) > 1 else ""
    gone = listed([base.records[record].name for record in hinge.gone])
    instead = listed([base.records[record].name for record in hinge.instead])
    was, other = answer(spec, hinge.answer, client), answer(spec, hinge.other, client)
    then = f"{instead} would take the place of {gone}"
    return f"You said “{was}” ({label(spec)}{where}). If it were “{other}”, {then}."
