"""MYCIN's reading of the same evidence: measures of belief and disbelief, and their difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tactician.advice.ranking import Piece, Ranked
from tactician.facts.client import MILLION
from tactician.facts.item_weights import FULL


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence and the measures after it."""

    piece: Piece
    cf: float
    """Its certainty factor times its item weight."""
    belief: float
    disbelief: float


@dataclass(frozen=True, slots=True)
class Reading:
    """MB, MD and CF = MB − MD of a record in one segment."""

    segment: str
    ppm: int
    steps: tuple[Step, ...]
    belief: float
    disbelief: float
    blocked: bool

    @property
    def certainty(self) -> float:
        """MB − MD; at most 0 where the record is blocked."""
        certainty = self.belief - self.disbelief
        return min(0.0, certainty) if self.blocked else certainty


def readings(entry: Ranked) -> tuple[Reading, ...]:
    """The reading of a record in each segment."""
    found = []
    for segment in entry.segments:
        pieces = [piece for piece in entry.evidence if piece.segment == segment.name]
        steps = tuple(_steps(sorted(pieces, key=lambda piece: (-abs(piece.weight), piece.rule))))
        belief, disbelief = (steps[-1].belief, steps[-1].disbelief) if steps else (0.0, 0.0)
        found.append(Reading(segment.name, segment.ppm, steps, belief, disbelief, segment.blocked))
    return tuple(found)


def certainty(entry: Ranked) -> float:
    """The mean of the segments' CF, each weighted with its share: MYCIN itself knows no segments."""
    return sum(reading.ppm * reading.certainty for reading in readings(entry)) / MILLION


def ranks(group: Sequence[Ranked]) -> dict[str, int]:
    """The rank of every record by MYCIN's CF; equal ones keep the order they have by points."""
    ordered = sorted(group, key=lambda entry: (entry.blocked, -certainty(entry), entry.rank))
    return {entry.id: place for place, entry in enumerate(ordered, start=1)}


def _steps(pieces: Iterable[Piece]) -> list[Step]:
    steps = []
    belief = disbelief = 0.0
    for piece in pieces:
        cf = piece.cf * piece.item_weight / FULL
        if cf > 0:
            belief += cf * (1 - belief)
        else:
            disbelief += -cf * (1 - disbelief)
        steps.append(Step(piece, cf, belief, disbelief))
    return steps
