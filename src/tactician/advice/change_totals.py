"""Totals of records after many sets of changes of one client, segment by segment and side by side."""

from __future__ import annotations

from collections.abc import Sequence

from tactician.facts.client import Client
from tactician.inference.direct import engine_for
from tactician.inference.variant_memory import Known, Memory
from tactician.inference.variants import Variants, columns_of
from tactician.inference.wide import Wide
from tactician.knowledge.rules import Rulebase

Numbers = tuple[int, ...]
"""A set of changes, by their numbers."""
Column = list[int]
"""One entry for each set."""
Placed = tuple[str, Known, int | None]
"""A fact with another value, or a kind with other items, and the number of the segment; None where it is of all."""
KEPT_SIZE = 2
"""What a segment comes to after larger sets is not needed again."""


class ChangeTotals:
    """The totals of some records; what a segment comes to after few changes is kept for larger sets."""

    def __init__(
        self, client: Client, rulebase: Rulebase, changes: Sequence[Placed], records: Sequence[str]
    ) -> None:
        self.records = records
        self.shares = [segment.ppm for segment in client.segments]
        memory = Memory(engine_for(rulebase))
        views = [Variants(memory, client, number) for number in range(len(client.segments))]
        self.segments = [_Segment(view, changes, number, records) for number, view in enumerate(views)]

    def after(self, sets: Sequence[Numbers]) -> tuple[list[Column], list[Column | None]]:
        """By record the totals in 10⁻¹² point, and where it is blocked in every segment (None: nowhere)."""
        single = len(self.segments) == 1
        found = [segment.counts(sets, by_itself=single) for segment in self.segments]
        totals = [self._total([counts[at] for counts, _ in found]) for at in range(len(self.records))]
        blocked = [_everywhere([marks[at] for _, marks in found]) for at in range(len(self.records))]
        return totals, blocked

    def _total(self, columns: list[Column]) -> Column:
        total = [self.shares[0] * count for count in columns[0]]
        for share, column in zip(self.shares[1:], columns[1:], strict=True):
            total = [before + share * count for before, count in zip(total, column, strict=True)]
        return total


class _Segment:
    def __init__(
        self, view: Variants, changes: Sequence[Placed], number: int, records: Sequence[str]
    ) -> None:
        self.view = view
        self.given = [(fact, value) for fact, value, _ in changes]
        self.seen = frozenset(at for at, (*_, place) in enumerate(changes) if place in (None, number))
        self.records = records
        self.places: dict[Numbers, int] = {}
        self.counted: list[Column] = [[] for _ in records]
        self.marked: list[Column] = [[] for _ in records]

    def counts(self, sets: Sequence[Numbers], *, by_itself: bool) -> tuple[list[Column], list[Column]]:
        """By record what it counts here in 10⁻⁶ point after each set, and whether it is blocked here."""
        if by_itself:
            return self._looked_at(sets)
        seen = self.seen
        keys = [tuple([each for each in one if each in seen]) for one in sets]
        fresh = [key for key in dict.fromkeys(keys) if key not in self.places]
        fresh.sort(key=len)
        start = len(self.places)
        if fresh:
            counts, marks = self._looked_at(fresh)
            for column, more in zip((*self.counted, *self.marked), (*counts, *marks), strict=True):
                column.extend(more)
            self.places.update((key, start + at) for at, key in enumerate(fresh))
        at_place = [self.places[key] for key in keys]
        found = tuple(
            [[column[at] for at in at_place] for column in side] for side in (self.counted, self.marked)
        )
        self._forget(fresh, start)
        return found[0], found[1]

    def _forget(self, fresh: Sequence[Numbers], start: int) -> None:
        """Let go of sets that no larger set contains."""
        large = [key for key in fresh if len(key) > KEPT_SIZE]
        for key in large:
            del self.places[key]
        for column in (*self.counted, *self.marked):
            del column[start + len(fresh) - len(large) :]

    def _looked_at(self, sets: Sequence[Numbers]) -> tuple[list[Column], list[Column]]:
        outcomes = self.view.outcomes(columns_of(self.given, sets), Wide(len(sets)), self.records)
        counts = [outcomes[record].counts for record in self.records]
        return counts, [_marks(outcomes[record].blocked, len(sets)) for record in self.records]


def _marks(blocked: int, count: int) -> Column:
    return [mark == "1" for mark in reversed(f"{blocked:0{count}b}")] if blocked else [0] * count


def _everywhere(columns: list[Column]) -> Column | None:
    """Where all columns have a mark; None where there is no such place."""
    if not all(any(column) for column in columns):
        return None
    return [all(marks) for marks in zip(*columns, strict=True)]
