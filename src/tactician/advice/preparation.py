"""What must be done, or checked, before a record can be taken on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tactician.inference.consultation import Consultation, Witness
from tactician.knowledge.rules import Prepare, Rule


@dataclass(frozen=True, slots=True)
class Step:
    """A preparation: what to do, and the hours it takes."""

    rule: str
    text: str
    hours: float
    witnesses: tuple[Witness, ...] = ()
    """What shows that it is missing; empty where nobody knows."""


def preparation(consultation: Consultation, record: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The steps that are known to be missing before a record, and those to check first because nobody knows."""
    before = [(rule, then) for rule, then in consultation.rulebase.preparations if record in then.before]
    return tuple(step for _, step in _missing(consultation, before)), tuple(_undecided(consultation, before))


def missing(consultation: Consultation) -> Iterator[tuple[Prepare, Step]]:
    """Every preparation that is known to be missing in some segment, in the order of the rulebase."""
    return _missing(consultation, consultation.rulebase.preparations)


def _missing(
    consultation: Consultation, among: Iterable[tuple[Rule, Prepare]]
) -> Iterator[tuple[Prepare, Step]]:
    for rule, then in among:
        fired = [found.fired[rule.id] for found in consultation.segments if rule.id in found.fired]
        if fired:
            yield then, Step(rule.id, then.text, then.hours, fired[0].witnesses)


def _undecided(consultation: Consultation, among: Iterable[tuple[Rule, Prepare]]) -> Iterator[Step]:
    """Every preparation of which nobody knows, in some segment and against no other, whether it is missing."""
    for rule, then in among:
        fired = any(rule.id in found.fired for found in consultation.segments)
        if not fired and any(rule.id not in found.refuted for found in consultation.segments):
            yield Step(rule.id, then.text, then.hours)
