"""Consults the rulebase for the clients of one piece, and puts the outcomes of pieces together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from tactician.inference.columnar_checks import REJECTED, sound
from tactician.inference.columnar_program import Program, program_for
from tactician.inference.columnar_ranking import ranks, results
from tactician.inference.columnar_schema import RESULTS
from tactician.inference.columnar_tables import Tables
from tactician.inference.columnar_tally import Tally, tally
from tactician.inference.columnar_totals import totals
from tactician.inference.columnar_truth import Segments
from tactician.knowledge.rules import Rulebase


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is found out about some clients."""

    results: pa.Table
    """Ranked records, as `columnar_schema.RESULTS`; empty where they were written to a folder."""
    rejected: pa.Table
    """Why clients were set aside, as `columnar_checks.REJECTED`."""
    tally: Tally
    """Counts over all clients."""


def consult(source: Tables, rulebase: Rulebase, *, top: int | None = 3) -> Outcome:
    """Everything found out about the clients of some tables, in one piece.

    Of each group the `top` best records, or all where it is None, with the rules that fired.
    Raises UnreadableInput when the tables do not fit together.
    """
    program = program_for(rulebase)
    usable, rejected = sound(source, rulebase)
    if not usable.clients:
        return Outcome(RESULTS.empty_table(), rejected, Tally.empty(program))
    segments = Segments(program, usable)
    found = totals(segments)
    order = ranks(program, found)
    ranked = results(segments, found, order, top)
    return Outcome(ranked, rejected, tally(segments, found, order))


def gathered(outcomes: Iterable[Outcome], program: Program) -> Outcome:
    """Several outcomes as one."""
    ranked, rejected, counts = [RESULTS.empty_table()], [REJECTED.empty_table()], Tally.empty(program)
    for outcome in outcomes:
        ranked.append(outcome.results)
        rejected.append(outcome.rejected)
        counts += outcome.tally
    return Outcome(pa.concat_tables(ranked), pa.concat_tables(rejected), counts)
