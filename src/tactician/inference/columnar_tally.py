"""How often each record ranks and is blocked, and what its rules weigh, over all clients of a run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tactician.inference.columnar_items import Integers
from tactician.inference.columnar_program import Program
from tactician.inference.columnar_totals import Grid, Totals
from tactician.inference.columnar_truth import Segments


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that add up over pieces of a run; by record or condition in the order of the program."""

    clients: int
    segments: int
    ranked: Grid
    """By record and rank: the number of clients."""
    above: Integers
    """By record: the clients for whom its total is above 0."""
    blocked: Integers
    """By record: the clients for whom it is blocked in every segment."""
    fired: Integers
    """By condition: the segments in which it is true."""
    strength: Integers
    """By condition: the item weights of those segments summed up, in thousandths; 0 where items do not matter."""

    @staticmethod
    def empty(program: Program) -> Tally:
        """The counts over nobody."""
        records, conditions = len(program.records), len(program.columns)
        none = np.zeros(records, dtype=np.int64)
        never = np.zeros(conditions, dtype=np.int64)
        return Tally(0, 0, np.zeros((records, records), dtype=np.int64), none, none, never, never)

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in Tally.__slots__))

    def numbers(self) -> Integers:
        """All counts in one row, for those who can only carry numbers."""
        return np.concatenate([np.ravel(getattr(self, name)) for name in Tally.__slots__])

    @staticmethod
    def of(numbers: Integers, program: Program) -> Tally:
        """The counts that `numbers` put in a row."""
        shapes = [np.shape(getattr(Tally.empty(program), name)) for name in Tally.__slots__]
        parts = np.split(numbers, np.cumsum([math.prod(shape) for shape in shapes])[:-1])
        clients, segments, *arrays = (part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))
        return Tally(int(clients), int(segments), *arrays)

    def records(self, program: Program) -> pa.Table:
        """One row for each record: `record`, `group`, `ranked` (clients by rank), `above_zero`, `blocked`."""
        groups = [record.group for record in program.records]
        sizes = {group: span.stop - span.start for group, span in program.groups.items()}
        ranked = [row[: sizes[group]].tolist() for row, group in zip(self.ranked, groups, strict=True)]
        return pa.table(
            {
                "record": [record.id for record in program.records],
                "group": groups,
                "ranked": pa.array(ranked, pa.list_(pa.int64())),
                "above_zero": self.above,
                "blocked": self.blocked,
            }
        )

    def rules(self, program: Program) -> pa.Table:
        """One row for each record and rule that bears on it, as `RULES`."""
        rows = [
            {
                "record": record.id,
                "rule": voice.rule.id,
                "blocks": blocks,
                "segments": int(self.fired[voice.column]),
                "weight": voice.weight
                * int((self.strength if program.is_weighted(voice) else self.fired)[voice.column]),
            }
            for blocks, side in ((False, program.voices), (True, program.blocks))
            for record, voices in zip(program.records, side, strict=True)
            for voice in voices
        ]
        return pa.Table.from_pylist(rows, RULES)


RULES = pa.schema(
    [
        ("record", pa.string()),
        ("rule", pa.string()),
        ("blocks", pa.bool_()),
        ("segments", pa.int64()),
        ("weight", pa.int64()),
    ]
)
"""In how many segments a rule fired; weights in 10⁻⁶ point, summed over them whatever their share."""


def tally(segments: Segments, totals: Totals, order: Grid) -> Tally:
    """The counts of one piece; `order` gives by rank (rows) and client (columns) the record, group after group."""
    program = segments.program
    ranked = np.zeros((len(program.records), len(program.records)), dtype=np.int64)
    for span in program.groups.values():
        for rank, chosen in enumerate(order[span]):
            ranked[:, rank] += np.bincount(chosen, minlength=len(program.records))
    strength = [
        int(segments.strength(position).sum()) if program.conditions.weighted[position] else 0
        for position in program.columns
    ]
    return Tally(
        clients=totals.total.shape[1],
        segments=segments.rows.count,
        ranked=ranked,
        above=(totals.total > 0).sum(axis=1),
        blocked=totals.blocked.sum(axis=1),
        fired=np.count_nonzero(totals.fired, axis=1),
        strength=np.array(strength, dtype=np.int64),
    )
