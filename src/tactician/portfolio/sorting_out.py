"""Tells apart what of a journal is written and what is rejected, in an order that no order of inputs changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tactician.errors import Place, Problem
from tactician.portfolio.journal import Entry, Journal
from tactician.portfolio.outcomes import Outcome


def sort_out(journal: Journal) -> tuple[list[Entry], list[Outcome]]:
    """The clients to write, by name, and what is rejected: those with problems, and those given twice."""
    counts = Counter(entry.id for entry in journal.entries if entry.id)
    good = sorted(
        (entry for entry in journal.entries if not entry.is_rejected and counts[entry.id] == 1),
        key=lambda entry: entry.id,
    )
    bad = [entry for entry in journal.entries if entry.is_rejected or counts[entry.id] > 1]
    found = list(journal.outcomes(bad))
    files: dict[str, list[str]] = {}
    for outcome in found:
        if counts[outcome.id] > 1:
            files.setdefault(outcome.id, []).append(outcome.file)
    rejects = [_doubled(outcome, files[outcome.id]) if outcome.id in files else outcome for outcome in found]
    return good, sorted(rejects, key=_reject_order)


def _doubled(outcome: Outcome, files: Sequence[str]) -> Outcome:
    others = sorted(files)
    others.remove(outcome.file)
    what = f"there is another client called {outcome.id!r}, in {', '.join(others)}"
    problem = Problem(Place(outcome.file), "client", what, "Give each client a name of its own.")
    return Outcome(outcome.id, outcome.file, problems=[*outcome.problems, problem])


def _reject_order(outcome: Outcome) -> tuple[str, str, list[str]]:
    return outcome.id, outcome.file, [str(problem) for problem in outcome.problems]
