"""The columnar engine: whole tables of clients at once, from Parquet to Parquet, on this machine or on a cluster."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tactician.inference.columnar_checks import REJECTED, sound
from tactician.inference.columnar_program import Program, program_for
from tactician.inference.columnar_ranking import ranks, results
from tactician.inference.columnar_reading import pieces
from tactician.inference.columnar_schema import RESULTS
from tactician.inference.columnar_tables import Tables, clients, tables
from tactician.inference.columnar_tally import Tally, tally
from tactician.inference.columnar_totals import totals
from tactician.inference.columnar_truth import Segments
from tactician.knowledge.rules import Rulebase

__all__ = ["Outcome", "Tables", "clients", "consult", "run", "stream", "tables"]
PIECE = 20_000
"""Clients computed at a time: enough to keep the work in columns, little enough for the memory of a laptop."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is found out about some clients."""

    results: pa.Table
    """Ranked records, as `columnar_schema.RESULTS`."""
    rejected: pa.Table
    """Why clients were set aside, as `columnar_checks.REJECTED`."""
    tally: Tally | None
    """Counts over all clients; None when there were none."""


def consult(source: Tables, rulebase: Rulebase, *, top: int | None = 3, justify: bool = True) -> Outcome:
    """Everything found out about the clients of some tables, in one piece.

    Of each group the `top` best records, or all of them where it is None; with `justify`, the rules that fired.
    """
    program = program_for(rulebase)
    usable, rejected = sound(source, rulebase)
    if not usable.clients:
        return Outcome(RESULTS.empty_table(), rejected, None)
    segments = Segments(program, usable)
    found = totals(segments)
    order = ranks(program, found)
    return Outcome(
        results(segments, found, order, top, justify), rejected, tally(segments, found, order)
    )
