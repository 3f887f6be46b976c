"""What was found in client files, as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tactician.errors import Problem
from tactician.facts.checking import CheckedFile
from tactician.presentation.page import Block, Lines
from tactician.presentation.words import count


def checked_page(checked: Sequence[CheckedFile]) -> Iterator[Block]:
    """One line for each file that can be used, and every problem of each that cannot."""
    for file in checked:
        if file.client is None:
            yield Lines(tuple(str(problem) for problem in file.problems))
        else:
            segments = count(len(file.client.segments), "segment")
            fine = f"{file.file}: fine; {segments}, {file.stated} of {file.asked} facts stated"
            yield Lines((fine, *file.notes))


def checked_json(checked: Sequence[CheckedFile]) -> str:
    """The same as JSON text."""
    data = [
        {
            "file": file.file,
            "client": None if file.client is None else file.client.id,
            "stated": file.stated,
            "asked": file.asked,
            "notes": list(file.notes),
            "problems": [_problem(problem) for problem in file.problems],
        }
        for file in checked
    ]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "line": problem.place.line,
        "column": problem.place.column,
        "where": problem.where,
        "what": problem.what,
        "hint": problem.hint,
    }
