"""Why a record did not get among the first: what decided against it, beside what outranked it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tactician.knowledge.rules import Block, Evidence, Rule, Rulebase
from tactician.workbench.calibration.evidence import Scale, Weighed

SHOWN = 4


class Part(StrEnum):
    """What part a rule played."""

    FOR = "for"
    AGAINST = "against"
    BLOCKS = "blocks"
    FAILED = "failed"
    """A reason for it whose condition is known to be false."""
    UNKNOWN = "unknown"
    """A reason for it that nobody can tell."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule's part over all segments; points in 10⁻¹² point, of reasons that did not count what they could."""

    rule: str
    part: Part
    points: int
    because: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A wanted record beside the lowest of those that outranked it."""

    record: str
    rank: int
    total: int
    reasons: tuple[Reason, ...]
    """What decided against it, the heaviest of each part first."""
    rival: str
    rival_total: int
    rival_reasons: tuple[Reason, ...]


def compare(
    record: str, order: Sequence[str], top: int, segments: Sequence[Weighed], scale: Scale
) -> Comparison:
    """A record that is not among the first `top`, beside the one in the last of those places."""
    rival = order[top - 1]
    return Comparison(
        record,
        order.index(record) + 1,
        scale.standing(record, segments).total,
        tuple(_against(record, segments, scale.rulebase)),
        rival,
        scale.standing(rival, segments).total,
        tuple(_heaviest(_reasons(rival, segments, scale.rulebase), Part.FOR)),
    )


def _against(record: str, segments: Sequence[Weighed], rulebase: Rulebase) -> Iterable[Reason]:
    reasons = list(_reasons(record, segments, rulebase))
    for part in (Part.BLOCKS, Part.AGAINST, Part.FAILED, Part.UNKNOWN):
        yield from _heaviest(reasons, part)


def _heaviest(reasons: Iterable[Reason], part: Part) -> list[Reason]:
    chosen = [reason for reason in reasons if reason.part is part]
    return sorted(chosen, key=lambda reason: (-abs(reason.points), reason.rule))[:SHOWN]


def _reasons(record: str, segments: Sequence[Weighed], rulebase: Rulebase) -> Iterable[Reason]:
    for rule in rulebase.by_target[record]:
        parts: dict[Part, int] = {}
        for segment in segments:
            part = _part(rule, record, segment)
            if part is not None:
                parts[part] = parts.get(part, 0) + segment.ppm * _size(rule, segment)
        yield from (Reason(rule.id, part, points, rule.because) for part, points in parts.items())


def _part(rule: Rule, record: str, segment: Weighed) -> Part | None:
    if isinstance(rule.then, Block):
        return Part.BLOCKS if rule.id in segment.blocks.get(record, ()) else None
    if rule.id in segment.evidence:
        return Part.FOR if segment.evidence[rule.id] > 0 else Part.AGAINST
    if isinstance(rule.then, Evidence) and rule.then.weight > 0:
        return Part.FAILED if rule.id in segment.decided else Part.UNKNOWN
    return None


def _size(rule: Rule, segment: Weighed) -> int:
    full = rule.then.weight * 1000 if isinstance(rule.then, Evidence) else 0
    return segment.evidence.get(rule.id, full)
