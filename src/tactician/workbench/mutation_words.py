"""What mutants came to, as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tactician.presentation.page import Block, Heading, Lines, Text
from tactician.workbench.mutants import Mutant
from tactician.workbench.mutation import MutationReport


def mutation_page(report: MutationReport) -> Iterator[Block]:
    """The survivors, each in words, then the score."""
    if report.survivors:
        yield Heading("Mistakes that no case notices")
        yield Lines(tuple(map(survivor_line, report.survivors)))
    yield Text(score(report))


def survivor_line(mutant: Mutant) -> str:
    """One survivor with its place."""
    return f"{mutant.place}: {mutant.subject}: {mutant.what}."


def score(report: MutationReport) -> str:
    """The score in one sentence."""
    percent = int(report.score * 10) / 10
    left = len(report.survivors)
    return f"{report.killed} of {report.tried} mistakes are noticed ({percent:.1f} %), {left} are not."


def mutation_json(report: MutationReport) -> str:
    """Everything, for other programs."""
    survivors = [{"subject": m.subject, "place": str(m.place), "mistake": m.what} for m in report.survivors]
    data = {"tried": report.tried, "killed": report.killed, "survivors": survivors}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
