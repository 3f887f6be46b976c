"""Why one record ranks above another, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

from tactician.advice.advise import Advice
from tactician.advice.explanation import find
from tactician.advice.ranking import Piece, Ranked
from tactician.errors import UsageError
from tactician.knowledge.rules import Rule


@dataclass(frozen=True, slots=True)
class Row:
    """What one rule adds to each of two records, in 10⁻¹² point."""

    rule: Rule
    first: int
    second: int
    pieces: tuple[Piece, ...]
    """Its evidence, for whichever of the two it speaks of."""

    @property
    def lead(self) -> int:
        """What it adds to the first more than to the second."""
        return self.first - self.second


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side. The leads of all rows, the priors and the cuts add up to the lead in points."""

    advice: Advice
    first: Ranked
    second: Ranked
    rows: tuple[Row, ...]
    """What separates them most first; rules that give both the same come last."""
    cuts: tuple[int, int]
    """What being blocked takes from each, in 10⁻¹² point; never above 0."""

    @property
    def lead(self) -> int:
        """How many 10⁻¹² points the first has more."""
        return self.first.total - self.second.total

    @property
    def by_tie(self) -> bool:
        """Whether their points are equal, so that cost, weeks to effect and id decide."""
        return self.lead == 0 and self.first.blocked == self.second.blocked

    def __repr__(self) -> str:
        return f"<Comparison for {self.advice.consultation.client.id}: {self.first!r} above {self.second!r}>"


def compare(advice: Advice, first: str, second: str) -> Comparison:
    """Two records of one group side by side, the higher ranked one first; raises UsageError."""
    one, other = find(advice, first), find(advice, second)
    if one.record.group != other.record.group or one.id == other.id:
        what = "the same" if one.id == other.id else "ranked apart"
        raise UsageError(f"{one.record.name} and {other.record.name} are {what}.", "Name two of one ranking.")
    one, other = sorted((one, other), key=lambda entry: entry.rank)
    pieces: dict[str, list[Piece]] = {}
    for entry in (one, other):
        for piece in entry.evidence:
            pieces.setdefault(piece.rule, []).append(piece)
    base = advice.consultation.rulebase
    rows = [
        Row(base.rule[rule], _share(one, rule), _share(other, rule), tuple(dict.fromkeys(found)))
        for rule, found in pieces.items()
    ]
    rows.sort(key=lambda row: (-abs(row.lead), row.rule.id))
    return Comparison(advice, one, other, tuple(rows), (_cut(one), _cut(other)))


def _share(entry: Ranked, rule: str) -> int:
    return sum(piece.share for piece in entry.evidence if piece.rule == rule)


def _cut(entry: Ranked) -> int:
    return entry.total - sum(segment.ppm * segment.total for segment in entry.segments)
