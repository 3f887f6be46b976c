"""Hands out the ranks of one client after the other as lines of JSON, for a pipe: nothing is kept for later."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing

from tactician.errors import Place, Problem, UsageError
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.batch import MOST_TOLD, Report
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.inputs import Inputs, Say
from tactician.portfolio.options import Options
from tactician.portfolio.output_rows import data_rows
from tactician.portfolio.workers import outcomes
from tactician.presentation.spreadsheet_text import printable

STDOUT = "-"


def stream(
    names: Sequence[str], rulebase: Rulebase, options: Options, say: Say, write: Callable[[str], object]
) -> Report:
    """Write each client's ranks as it comes; bad clients are told at once. Raises UsageError."""
    if options.resume or options.engine not in ("direct", "forward"):
        raise UsageError("What goes through a pipe is computed once, by the direct or forward engine.")
    evaluation = Evaluation(rulebase, options.engine, options.top)
    inputs = Inputs(rulebase, evaluation.tactic_names, options.decimal, say)
    ranked, problems, seen = 0, list[Problem](), set[str]()
    rejected = 0
    with closing(
        outcomes(inputs.pending(inputs.find(names)), evaluation, options.jobs)
    ) as stream_of_outcomes:
        for outcome, _ in stream_of_outcomes:
            found = list(outcome.problems)
            if outcome.id in seen:
                found = [
                    Problem(Place(outcome.file), "client", f"a client called {outcome.id!r} came before")
                ]
            if found:
                rejected += 1
                problems += found
                continue
            seen.add(outcome.id)
            ranked += 1
            for row in data_rows(outcome, rulebase):
                write(printable(json.dumps(row, ensure_ascii=False, allow_nan=False)) + "\n")
    return Report(ranked, rejected, (), None, tuple(problems[:MOST_TOLD]), ())
