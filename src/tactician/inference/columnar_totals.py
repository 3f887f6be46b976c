"""The totals of all records for many clients, in exact whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tactician.inference.columnar_bits import Flags
from tactician.inference.columnar_facts import one_array
from tactician.inference.columnar_items import Integers
from tactician.inference.columnar_program import Terms
from tactician.inference.columnar_truth import Segments

Grid = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Totals:
    """By record (rows, in the order of the program) and client (columns); in 10⁻¹² point."""

    total: Grid
    prior: Grid
    blocked: Flags
    """Whether a record is blocked in every segment of a client."""
    starts: Integers
    """By client, the row of its first segment."""
    fired: Flags
    """By condition of the program (rows) and segment (columns)."""


def totals(segments: Segments) -> Totals:
    """What every record sums up to for every client."""
    program = segments.program
    fired = _flags(segments, [segments.truth(position).true for position in program.columns])
    truths = [segments.truth(position) for position in program.decided]
    prior = _summed(program.priors, _flags(segments, [truth.true | truth.false for truth in truths]))
    total = prior + _evidence(segments, fired)
    blocked = np.zeros(total.shape, dtype=np.bool_)
    for record, blocks in enumerate(program.blocks):
        for block in blocks:
            blocked[record] |= fired[block.column]
    ppm = one_array(segments.tables["segments"].column("ppm")).to_numpy().astype(np.int64)
    starts = np.flatnonzero(np.diff(segments.clients, prepend=-1))
    return Totals(
        total=np.add.reduceat(np.where(blocked, np.minimum(total, 0), total) * ppm, starts, axis=1),
        prior=np.add.reduceat(prior * ppm, starts, axis=1),
        blocked=np.logical_and.reduceat(blocked, starts, axis=1),
        starts=starts,
        fired=fired,
    )


def _flags(segments: Segments, bits: list[npt.NDArray[np.uint8]]) -> Flags:
    """By condition (rows) and segment (columns)."""
    packed = np.array(bits, dtype=np.uint8).reshape(len(bits), len(segments.rows.none))
    return np.unpackbits(packed, axis=1, count=segments.rows.count).view(np.bool_)


def _evidence(segments: Segments, fired: Flags) -> Grid:
    """By record and segment the evidence of its fired rules, in 10⁻⁶ point."""
    program = segments.program
    plain = [
        [(voice.column, voice.weight) for voice in voices if not program.is_weighted(voice)]
        for voices in program.voices
    ]
    found = _summed(plain, fired)
    for record, voices in enumerate(program.voices):
        for voice in voices:
            if program.is_weighted(voice):
                found[record] += segments.strength(program.columns[voice.column]) * voice.weight
    return found


def _summed(sums: list[Terms], flags: Flags) -> Grid:
    """Each sum over the flags of its columns; in half as many bytes where no sum can outgrow them."""
    largest = max((sum(abs(weight) for _, weight in terms) for terms in sums), default=0)
    kind = np.int32 if largest < 2**31 else np.int64
    found = np.zeros((len(sums), flags.shape[1]), dtype=kind)
    for row, terms in enumerate(sums):
        for column, weight in terms:
            found[row] += flags[column] * kind(weight)
    return found.astype(np.int64)
