"""The best records of every client with their justifications, as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any as Anything

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tactician.inference.columnar_items import Integers
from tactician.inference.columnar_program import Program, Voice
from tactician.inference.columnar_schema import BLOCKING, PIECE, RESULTS
from tactician.inference.columnar_totals import Grid, Totals
from tactician.inference.columnar_truth import Segments
from tactician.inference.weights import TOTAL_POINT

LAST = 2**62
"""Added to what is blocked everywhere: more than any total."""


def ranks(program: Program, totals: Totals) -> Grid:
    """By rank (rows, group after group) and client (columns) the record that takes it."""
    key = np.where(totals.blocked, LAST, 0) - totals.total
    # Records stand in the order that ends ties, and the sort is stable.
    orders = [np.argsort(key[span], axis=0, kind="stable") + span.start for span in program.groups.values()]
    return np.concatenate(orders)


def results(segments: Segments, totals: Totals, order: Grid, top: int | None) -> pa.Table:
    """The rows of `RESULTS` for some clients: of each group the `top` best, or all."""
    program = segments.program
    places = [
        (number, rank)
        for number, span in enumerate(program.groups.values())
        for rank in range(min(span.stop - span.start, top or len(program.records)))
    ]
    starts = [span.start for span in program.groups.values()]
    chosen = order[[starts[group] + rank for group, rank in places]]
    clients = chosen.shape[1]
    record = chosen.T.reshape(-1)
    who = np.repeat(np.arange(clients), len(places))
    total = totals.total[record, who]
    table = segments.tables["clients"]
    columns = {
        "client": table.column("client").take(pa.array(who)),
        "id": _named(who.astype(np.int32), table.column("id")),
        "group": _named(
            np.tile(np.array([group for group, _ in places], np.int8), clients), list(program.groups)
        ),
        "rank": np.tile(np.array([rank + 1 for _, rank in places], np.int16), clients),
        "record": _named(record.astype(np.int16), [record.id for record in program.records]),
        "total": total,
        "prior": totals.prior[record, who],
        "certainty": np.round(np.tanh(total / TOTAL_POINT * (np.log(10) / 20)), 6),
        "blocked": totals.blocked[record, who],
        "evidence": _lists(program.voices, chosen, segments, totals).array(program, PIECE),
        "blocks": _lists(program.blocks, chosen, segments, totals).array(program, BLOCKING),
    }
    return pa.table(columns, schema=RESULTS)


def _named(codes: npt.NDArray[Anything], names: object) -> pa.Array:
    values = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else pa.array(names, pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes), values)


@dataclass(slots=True)
class Lists:
    """A list of fired rules for each row of the results."""

    offsets: Integers
    segment: npt.NDArray[np.int16]
    rule: npt.NDArray[np.int16]
    weight: Integers

    def array(self, program: Program, entry: pa.StructType) -> pa.Array:
        """The lists as Arrow has them, with those of their fields that an entry has."""
        rules = _named(self.rule, [rule.id for rule in program.rules])
        fields = {"segment": pa.array(self.segment), "rule": rules, "weight": pa.array(self.weight)}
        parts = pa.StructArray.from_arrays([fields[field.name] for field in entry], fields=list(entry))
        return pa.ListArray.from_arrays(pa.array(self.offsets.astype(np.int32)), parts)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one record adds to the lists: rows of the results, how many entries each, and the entries."""

    rows: Integers
    counts: Integers
    segment: npt.NDArray[np.int16]
    rule: npt.NDArray[np.int16]
    weight: Integers


def _lists(voices: list[list[Voice]], chosen: Grid, segments: Segments, totals: Totals) -> Lists:
    """For each chosen record the rules of `voices` that fired, by segment, the heaviest rule first."""
    shares = [
        _share(heard, np.flatnonzero(chosen.T.reshape(-1) == record), len(chosen), segments, totals)
        for record, heard in enumerate(voices)
        if heard
    ]
    counts = np.zeros(chosen.size, dtype=np.int64)
    for share in shares:
        counts[share.rows] = share.counts
    offsets = np.concatenate(([0], np.cumsum(counts)))
    size = int(offsets[-1])
    made = Lists(offsets, np.empty(size, np.int16), np.empty(size, np.int16), np.empty(size, np.int64))
    for share in shares:
        before = np.cumsum(share.counts) - share.counts
        at = np.repeat(offsets[share.rows] - before, share.counts) + np.arange(len(share.rule))
        made.segment[at] = share.segment
        made.rule[at] = share.rule
        made.weight[at] = share.weight
    return made


def _share(heard: list[Voice], rows: Integers, places: int, segments: Segments, totals: Totals) -> _Share:
    client = rows // places
    ends = np.append(totals.starts[1:], segments.rows.count)
    sizes = ends[client] - totals.starts[client]
    first = np.cumsum(sizes) - sizes
    segment = np.repeat(totals.starts[client] - first, sizes) + np.arange(sizes.sum())
    fired = np.ascontiguousarray(totals.fired[[voice.column for voice in heard]][:, segment].T)
    of_segment, voice = np.divmod(np.flatnonzero(fired), len(heard))
    weight = np.array([each.weight for each in heard])[voice]
    for number, each in enumerate(heard):
        if segments.program.is_weighted(each):
            these = np.flatnonzero(voice == number)
            strength = segments.strength(segments.program.columns[each.column])
            weight[these] *= strength[segment[of_segment[these]]]
    counts = np.add.reduceat(np.count_nonzero(fired, axis=1), first) if len(rows) else rows
    rule = np.array([each.number for each in heard], np.int16)[voice]
    return _Share(rows, counts, segments.numbers[segment[of_segment]], rule, weight)
