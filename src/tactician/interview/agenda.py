"""Which question comes next: an open list, the opening, what could change the top three most, and then the rest."""

from __future__ import annotations

from dataclasses import dataclass

from tactician.interview.answers import Answers
from tactician.interview.slots import Slot
from tactician.interview.standing import Standing

Question = tuple[Slot, ...]
"""The slots that one question fills; a step of the opening that fills none stands as a slot of its name."""
TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is asked: everything, whether it matters or not, or so many questions at most."""

    everything: bool = False
    most: int | None = None

    def is_reached(self, answers: Answers) -> bool:
        """Whether so many questions were answered."""
        return self.most is not None and len(answers.trail) >= self.most


WHAT_MATTERS = Extent()


def pending(standing: Standing) -> Question:
    """The question that has to come first: a list that is being entered, or a step of the opening."""
    answers = standing.answers
    names = [segment.name for segment in answers.segments]
    open_lists = [slot for slot in sorted(answers.open_lists) if slot.segment in names]
    steps = (_step(standing, step) for step in standing.desk.opening)
    return tuple(open_lists[:1]) or next((question for question in steps if question), ())


def opening_left(standing: Standing) -> int:
    """How many steps of the opening have not been taken."""
    return sum(bool(_step(standing, step)) for step in standing.desk.opening)


def _step(standing: Standing, step: str) -> Question:
    """The question of a step of the opening; empty when it has been taken."""
    answers = standing.answers
    names = [segment.name for segment in answers.segments]
    if step in standing.desk.rulebase.vocabulary:
        of = names if step.startswith("segment.") else [""]
        return tuple(slot for name in of if (slot := Slot(step, name)) in standing.empty)
    if step == TROUBLE:
        return tuple(slot for name in names[:1] if (slot := Slot("pain", name)) in standing.empty)
    wants_shares = len(names) > 1 and "shares" not in answers.done
    if step == "segments" and step in answers.done and wants_shares:
        return (Slot("shares"),)
    taken = {
        "name": bool(answers.client),
        "currency": bool(answers.currency),
        "segments": step in answers.done,
        "running": answers.running is not None,
    }
    return () if taken[step] else (Slot(step),)


def following(standing: Standing, extent: Extent) -> Question:
    """The question after the opening; empty when nothing is left to ask."""
    return standing.next_slots or (_rest(standing) if extent.everything else ())


def _rest(standing: Standing) -> Question:
    """What cannot change the plan, in the order of the vocabulary; lists come last."""
    places = standing.desk.places
    empty = sorted(standing.empty, key=lambda slot: (slot.is_list, places.get(slot.fact, 0), slot))
    return tuple(
        slot for slot in empty if slot.fact == empty[0].fact and (not slot.is_list or slot == empty[0])
    )


def asked_before(standing: Standing, back: int) -> Question:
    """The question that was answered so many questions ago; empty when it makes no sense any more."""
    slot = standing.answers.trail[-back]
    names = [segment.name for segment in standing.answers.segments]
    if slot.scope == "segment":
        return tuple(Slot(slot.fact, name) for name in names)
    return (slot,) if not slot.segment or slot.segment in names else ()
