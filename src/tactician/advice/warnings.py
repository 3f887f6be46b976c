"""The warnings that the facts raise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tactician.inference.consultation import Consultation, Witness
from tactician.knowledge.rules import Warn


@dataclass(frozen=True, slots=True)
class RaisedWarning:
    """A fired rule that warns."""

    rule: str
    text: str
    advice: str
    segments: tuple[str, ...]
    """Where it holds."""
    about: tuple[str, ...]
    """The recommended records it is about; none where it stands by itself."""
    witnesses: tuple[Witness, ...]


def warnings(consultation: Consultation, recommended: Collection[str]) -> tuple[RaisedWarning, ...]:
    """The warnings of a plan that recommends these records, in the order of the rulebase."""
    found = []
    for rule in consultation.rulebase.rules:
        if not isinstance(rule.then, Warn):
            continue
        about = tuple(record for record in rule.then.for_any if record in recommended)
        if rule.then.for_any and not about:
            continue
        fired = {
            segment.name: findings.fired[rule.id].witnesses
            for segment, findings in zip(consultation.client.segments, consultation.segments, strict=True)
            if rule.id in findings.fired
        }
        if fired:
            witnesses = next(iter(fired.values()))
            found.append(
                RaisedWarning(rule.id, rule.then.text, rule.then.advice, tuple(fired), about, witnesses)
            )
    return tuple(found)
