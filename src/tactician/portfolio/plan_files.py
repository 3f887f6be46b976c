"""A folder with a plan for each client, and an index of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tactician.knowledge.rules import Rulebase
from tactician.portfolio.outcomes import Outcome
from tactician.portfolio.output_rows import SUMMARY_COLUMNS, Row
from tactician.portfolio.writers import write_table
from tactician.presentation.file_names import file_name

INDEX = "index.csv"
SUMMARY = "summary.csv"
CLIENTS = "clients.jsonl"
SOURCE = "source.json"
"""In a folder of tables of ranks: where the tables of its clients are."""
INDEX_COLUMNS = ("client", "file", "first", "second", "third")


class PlanFilesWriter:
    """One file for each client, under names that cannot leave the folder."""

    def __init__(self, folder: Path, rulebase: Rulebase, suffix: str) -> None:
        self.folder = folder
        self.rulebase = rulebase
        self.suffix = suffix
        self._index: list[Row] = []
        self._taken: set[str] = set()
        folder.mkdir()

    def add(self, outcome: Outcome) -> None:
        """Write a client's plan."""
        name = file_name(outcome.id, self.suffix)
        while name in self._taken:
            name = file_name(f"{outcome.id}\0{name}", self.suffix)
        self._taken.add(name)
        (self.folder / name).write_text(outcome.page, encoding="utf-8", errors="replace", newline="\n")
        first = [row.record for row in outcome.rows if row.group == "tactics"][:3]
        names = [self.rulebase.records[record].name for record in first]
        values = (outcome.id, name, *names, *[None] * (3 - len(names)))
        self._index.append(dict(zip(INDEX_COLUMNS, values, strict=True)))

    def finish(self, summary: Sequence[Row], rejects: Iterable[Row]) -> None:  # noqa: ARG002 (beside the folder)
        """Write the index and the summary."""
        write_table(self.folder / INDEX, INDEX_COLUMNS, self._index)
        write_table(self.folder / SUMMARY, SUMMARY_COLUMNS, summary)

    def close(self) -> None:
        """Nothing: each file is closed when it is written."""
