"""Which answers count: one to a question that another answer has made pointless does not, but is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tactician.inference.truth_table import passes
from tactician.interview.answers import Answers
from tactician.interview.desk import Pointless
from tactician.interview.events import Stated
from tactician.interview.slots import Slot
from tactician.knowledge.conditions import All, Any, Element, Test


@dataclass(frozen=True, slots=True)
class Counted:
    """The answers that count, with what follows from them, and why the others do not."""

    answers: Answers
    pointless: Mapping[Slot, str]
    """Slots that make no sense to fill, with the reason."""


def count(answers: Answers, rules: Iterable[Pointless]) -> Counted:
    """The answers that count."""
    pointless: dict[Slot, str] = {}
    for rule in rules:
        shared = [fact for fact in rule.facts if not fact.startswith("segment.")]
        own = [fact for fact in rule.facts if fact.startswith("segment.")]
        if shared and holds(rule.when, answers.facts):
            answers = replace(answers, facts=_without(answers.facts, shared, rule))
            pointless |= {Slot(fact): rule.because for fact in shared}
        segments = []
        for segment in answers.segments:
            if own and holds(rule.when, {**answers.facts, **segment.facts}):
                segments.append(replace(segment, facts=_without(segment.facts, own, rule)))
                pointless |= {Slot(fact, segment.name): rule.because for fact in own}
            else:
                segments.append(segment)
        answers = replace(answers, segments=tuple(segments))
    return Counted(answers, pointless)


def holds(element: Element, values: Mapping[str, Stated]) -> bool:
    """Whether a condition over facts is known to be true."""
    match element:
        case All(parts):
            return all(holds(part, values) for part in parts)
        case Any(parts):
            return any(holds(part, values) for part in parts)
        case Test(fact, op, wanted, allowed):
            value = values.get(fact)
            if value is None:
                return False
            if allowed is not None:
                return value in allowed
            return passes(op, tuple(float(each) for each in wanted), float(value))
    return False


def _without(facts: Mapping[str, Stated], gone: list[str], rule: Pointless) -> dict[str, Stated]:
    rest = {fact: value for fact, value in facts.items() if fact not in gone}
    return rest if rule.value is None else {**rest, **dict.fromkeys(gone, rule.value)}
