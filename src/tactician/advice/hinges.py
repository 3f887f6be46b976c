"""The answers a plan hangs by: a step more or less in one of them, and other tactics are the first three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tactician.advice.ranking import Ranked
from tactician.advice.single_steps import fact_steps, orders_after
from tactician.advice.unknowns import TOP
from tactician.facts.vocabulary import Value
from tactician.inference.consultation import Consultation


@dataclass(frozen=True, slots=True)
class Hinge:
    """An answer one step of which changes the first three. `segment` is empty for business and offering facts."""

    fact: str
    segment: str
    answer: Value
    other: Value
    """The nearest answer that changes them, the lower one of two."""
    gone: tuple[str, ...]
    """The tactics that would leave the first three …"""
    instead: tuple[str, ...]
    """… and those that would take their place."""


def hinges(consultation: Consultation, tactics: Sequence[Ranked]) -> tuple[Hinge, ...]:
    """The answers by which the first three hang; those that would change the first tactic come first."""
    first = [entry.id for entry in tactics[:TOP]]
    vocabulary = consultation.rulebase.vocabulary
    taken = [step for step in fact_steps(consultation.client, vocabulary) if vocabulary[step.fact].is_ordered]
    found: dict[tuple[str, str], Hinge] = {}
    for step, order in zip(taken, orders_after(consultation, tactics, taken), strict=True):
        after = order[:TOP]
        gone = tuple(record for record in first if record not in after)
        if gone and (step.fact, step.segment) not in found:
            instead = tuple(record for record in after if record not in first)
            hinge = Hinge(step.fact, step.segment, step.before, step.after, gone, instead)
            found[step.fact, step.segment] = hinge
    return tuple(sorted(found.values(), key=lambda hinge: (first[0] not in hinge.gone, -len(hinge.gone))))
