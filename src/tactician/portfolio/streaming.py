"""Hands out the ranks of one client after the other as lines of JSON, for a pipe: nothing is kept for later."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing

from tactician.errors import Place, Problem, ProblemsError, UsageError
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.batch import Report
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.inputs import Inputs, Say
from tactician.portfolio.options import Options
from tactician.portfolio.output_rows import data_rows
from tactician.portfolio.workers import outcomes
from tactician.presentation.spreadsheet_text import printable
from tactician.presentation.terminal import clean

STDOUT = "-"


def stream(names: Sequence[str], rulebase: Rulebase, options: Options, say: Say) -> Report:
    """Write each client's ranks to stdout as it comes; what is wrong with a bad one goes to stderr at once.

    Raises UsageError, and with `fail_fast` the problems of the first bad client.
    """
    if options.resume or options.backend or options.engine not in ("direct", "forward"):
        raise UsageError("What goes through a pipe is computed once, by the direct or forward engine.")
    evaluation = Evaluation(rulebase, options.engine, options.top)
    inputs = Inputs(rulebase, evaluation.tactic_names, options.decimal, say)
    ranked, rejected, unnamed, seen = 0, 0, 0, set[str]()
    with closing(
        outcomes(inputs.pending(inputs.find(names)), evaluation, options.jobs)
    ) as stream_of_outcomes:
        for outcome, _ in stream_of_outcomes:
            found = list(outcome.problems)
            if outcome.id in seen:
                what = f"a client called {outcome.id!r} came before"
                found.append(Problem(Place(outcome.file), "client", what))
            if found:
                if options.fail_fast:
                    raise ProblemsError(found)
                rejected += 1
                unnamed += not outcome.id
                # Nothing else keeps it, so nobody can ask not to hear of it.
                sys.stderr.write(clean(f"{ProblemsError(found)}\n"))
                continue
            seen.add(outcome.id)
            ranked += 1
            for row in data_rows(outcome, rulebase):
                sys.stdout.write(printable(json.dumps(row, ensure_ascii=False, allow_nan=False)) + "\n")
    return Report(ranked, rejected, (), None, (), (), unnamed)
