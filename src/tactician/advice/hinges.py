"""The answers a plan hangs by: a step more or less in one of them, and other tactics are the first three."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tactician.advice.change_totals import ChangeTotals
from tactician.advice.ranking import Ranked
from tactician.advice.unknowns import TOP
from tactician.facts.client import Client
from tactician.facts.steps import steps
from tactician.facts.vocabulary import Value
from tactician.inference.consultation import Consultation
from tactician.knowledge.rules import Rulebase


@dataclass(frozen=True, slots=True)
class Hinge:
    """An answer one step of which changes the first three. `segment` is empty for business and offering facts."""

    fact: str
    segment: str
    answer: Value
    other: Value
    """The nearest answer that changes them."""
    gone: tuple[str, ...]
    """The tactics that would leave the first three …"""
    instead: tuple[str, ...]
    """… and those that would take their place."""


@dataclass(frozen=True, slots=True)
class _Step:
    fact: str
    place: int | None
    """The number of its segment; None for business and offering facts."""
    answer: Value
    other: Value


def hinges(consultation: Consultation, tactics: Sequence[Ranked]) -> tuple[Hinge, ...]:
    """The answers by which the first three hang; those that would change the first tactic come first."""
    client, first = consultation.client, [entry.id for entry in tactics[:TOP]]
    taken = list(_steps(client, consultation.rulebase))
    found: dict[tuple[str, int | None], Hinge] = {}
    for step, after in zip(taken, _first_after(consultation, tactics, taken), strict=True):
        gone = tuple(record for record in first if record not in after)
        if gone and (step.fact, step.place) not in found:
            instead = tuple(record for record in after if record not in first)
            segment = "" if step.place is None else client.segments[step.place].name
            found[step.fact, step.place] = Hinge(step.fact, segment, step.answer, step.other, gone, instead)
    return tuple(sorted(found.values(), key=lambda hinge: (first[0] not in hinge.gone, -len(hinge.gone))))


def _steps(client: Client, rulebase: Rulebase) -> Iterator[_Step]:
    """Every step from an answer, the nearest of each answer first."""
    stated = [(None, client.facts), *((at, segment.facts) for at, segment in enumerate(client.segments))]
    for place, facts in stated:
        for fact, answer in facts.items():
            for other in steps(rulebase.vocabulary[fact], answer):
                yield _Step(fact, place, answer, other)


def _first_after(
    consultation: Consultation, tactics: Sequence[Ranked], taken: Sequence[_Step]
) -> Iterator[list[str]]:
    """The first three after each of some steps."""
    changes = [(step.fact, step.other, step.place) for step in taken]
    records = [entry.id for entry in tactics]
    reckoned = ChangeTotals(consultation.client, consultation.rulebase, changes, records)
    totals, blocked = reckoned.after([(number,) for number in range(len(taken))])
    for number in range(len(taken)):
        keys = {
            entry.id: (bool(marks and marks[number]), -column[number], entry.record.tie_order)
            for entry, column, marks in zip(tactics, totals, blocked, strict=True)
        }
        yield sorted(keys, key=keys.__getitem__)[:TOP]
