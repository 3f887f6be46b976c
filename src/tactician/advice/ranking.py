"""Ranking: from the evidence of a consultation to totals and ranks, in exact integers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tactician.inference.consultation import Consultation, Witness
from tactician.inference.weights import TOTAL_POINT
from tactician.knowledge.rules import GROUPS, TACTIC_FAMILIES, Block, Evidence, Record

Bounds = Mapping[str, tuple[int, int]]
"""By record: the lowest and highest total that unknown facts still allow, in 10⁻¹² point."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence: a fired rule's weight for or against a record in one segment."""

    rule: str
    segment: str
    ppm: int
    cf: float
    weight: int
    """Rule weight × item weight, in 10⁻⁶ point; negative speaks against."""
    item_weight: int
    """Thousandths."""
    witnesses: tuple[Witness, ...]

    @property
    def share(self) -> int:
        """What it adds to the total over all segments, in 10⁻¹² point."""
        return self.ppm * self.weight


@dataclass(frozen=True, slots=True)
class Blocking:
    """That a block rule is true in a segment."""

    rule: str
    segment: str
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class SegmentTotal:
    """One record in one segment; total (prior included) and prior in 10⁻⁶ point."""

    name: str
    ppm: int
    total: int
    prior: int
    blocked: bool

    @property
    def share(self) -> int:
        """What it adds to the total over all segments, in 10⁻¹² point: nothing above 0 where it is blocked."""
        return self.ppm * (min(0, self.total) if self.blocked else self.total)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A record with its rank and everything that gave it. Totals and bounds are in 10⁻¹² point."""

    record: Record
    rank: int
    total: int
    segments: tuple[SegmentTotal, ...]
    evidence: tuple[Piece, ...]
    """Strongest first."""
    blocks: tuple[Blocking, ...]
    low: int | None = None
    high: int | None = None

    @property
    def id(self) -> str:
        """The id of the record."""
        return self.record.id

    @property
    def blocked(self) -> bool:
        """Whether it is blocked in every segment."""
        return all(segment.blocked for segment in self.segments)

    @property
    def points_for(self) -> int:
        """The evidence for it over all segments, in 10⁻¹² point."""
        return sum(piece.share for piece in self.evidence if piece.weight > 0)

    @property
    def points_against(self) -> int:
        """The evidence against it over all segments as a positive number, in 10⁻¹² point."""
        return -sum(piece.share for piece in self.evidence if piece.weight < 0)

    @property
    def prior(self) -> int:
        """The prior over all segments, in 10⁻¹² point."""
        return sum(segment.ppm * segment.prior for segment in self.segments)

    def __repr__(self) -> str:
        return f"<Ranked {self.id}: {self.rank_and_points}>"

    @property
    def rank_and_points(self) -> str:
        """Where it stands, in short."""
        return f"rank {self.rank}, {self.total / TOTAL_POINT:+.1f} points"


def rank(consultation: Consultation, bounds: Bounds | None = None) -> dict[str, tuple[Ranked, ...]]:
    """The records of each group (tactics, levers, improvements), best first."""
    limits = bounds or {}
    return {
        group: _in_order(
            _weigh(consultation, record, limits) for record in consultation.rulebase.group(group)
        )
        for group in GROUPS
    }


def needs(consultation: Consultation) -> dict[str, int]:
    """How strongly the client needs each family of tactics: Σ ppm × weight of its fired rules, in 10⁻¹² point."""
    sums = dict.fromkeys(TACTIC_FAMILIES, 0)
    rules = consultation.rulebase.rule
    for segment, findings in zip(consultation.client.segments, consultation.segments, strict=True):
        for firing in findings.fired.values():
            then = rules[firing.rule].then
            if isinstance(then, Evidence) and then.family:
                sums[then.family] += segment.ppm * then.weight * firing.item_weight
    return sums


def _weigh(consultation: Consultation, record: Record, bounds: Bounds) -> Ranked:
    pieces = sorted(_evidence(consultation, record.id), key=lambda piece: (-abs(piece.share), piece.rule))
    blocks = tuple(_blockings(consultation, record.id))
    blocked = {blocking.segment for blocking in blocks}
    segments = tuple(_segment_totals(consultation, record.id, pieces, blocked))
    low, high = bounds.get(record.id, (None, None))
    return Ranked(
        record,
        rank=0,
        total=sum(segment.share for segment in segments),
        segments=segments,
        evidence=tuple(pieces),
        blocks=blocks,
        low=low,
        high=high,
    )


def _evidence(consultation: Consultation, record: str) -> Iterator[Piece]:
    for segment, findings in zip(consultation.client.segments, consultation.segments, strict=True):
        for rule in consultation.rulebase.by_target[record]:
            firing = findings.fired.get(rule.id)
            if firing is not None and isinstance(rule.then, Evidence):
                yield Piece(
                    rule.id,
                    segment.name,
                    segment.ppm,
                    rule.then.cf,
                    rule.then.weight * firing.item_weight,
                    firing.item_weight,
                    firing.witnesses,
                )


def _blockings(consultation: Consultation, record: str) -> Iterator[Blocking]:
    for segment, findings in zip(consultation.client.segments, consultation.segments, strict=True):
        for rule in consultation.rulebase.by_target[record]:
            if isinstance(rule.then, Block) and rule.id in findings.fired:
                yield Blocking(rule.id, segment.name, findings.fired[rule.id].witnesses)


def _segment_totals(
    consultation: Consultation, record: str, pieces: Iterable[Piece], blocked: Collection[str]
) -> Iterator[SegmentTotal]:
    sums = {segment.name: 0 for segment in consultation.client.segments}
    for piece in pieces:
        sums[piece.segment] += piece.weight
    for segment, findings in zip(consultation.client.segments, consultation.segments, strict=True):
        prior = -sum(
            rule.expected
            for rule in consultation.rulebase.by_target[record]
            if rule.id in findings.fired or rule.id in findings.refuted
        )
        yield SegmentTotal(
            segment.name, segment.ppm, prior + sums[segment.name], prior, segment.name in blocked
        )


def _in_order(group: Iterable[Ranked]) -> tuple[Ranked, ...]:
    return tuple(replace(entry, rank=place) for place, entry in enumerate(sorted(group, key=_order), start=1))


def _order(entry: Ranked) -> tuple[bool, int, tuple[float, float, float, str]]:
    """Blocked everywhere last; then the total; ties by the cost of the first year, weeks to effect, and id."""
    return entry.blocked, -entry.total, entry.record.tie_order
