"""What must be done, or checked, before a record can be taken on."""

from __future__ import annotations

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
    steps, checks = [], []
    for rule in consultation.rulebase.rules:
        if not isinstance(rule.then, Prepare) or record not in rule.then.before:
            continue
        fired = [found.fired[rule.id] for found in consultation.segments if rule.id in found.fired]
        if fired:
            steps.append(Step(rule.id, rule.then.text, rule.then.hours, fired[0].witnesses))
        elif any(rule.id not in found.refuted for found in consultation.segments):
            checks.append(Step(rule.id, rule.then.text, rule.then.hours))
    return tuple(steps), tuple(checks)


def prepare_rules(consultation: Consultation) -> tuple[Rule, ...]:
    """Every rule that prepares for something."""
    return tuple(rule for rule in consultation.rulebase.rules if isinstance(rule.then, Prepare))
