"""Writes tables of clients, and what was found out about them, as folders of Parquet, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from tactician.errors import CannotWrite
from tactician.facts.storage import synchronise, told_as_unwritable
from tactician.inference.columnar_consultation import Outcome
from tactician.inference.columnar_program import Program
from tactician.inference.columnar_schema import RESULTS
from tactician.inference.columnar_tables import Tables

SEARCHED = ["client", "segment", "id", "group", "rank", "record", "total"]
"""Columns with statistics, which let a reader skip; on the lists they would cost a third of the time."""


class Folder(AbstractContextManager["Folder"]):
    """A new folder that appears under its name once everything in it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unfinished = path.with_name(f".{path.name}.unfinished")

    def __enter__(self) -> Folder:
        if self.path.exists():
            raise CannotWrite(f"{self.path} exists already.", "Choose another name, or remove it first.")
        with told_as_unwritable(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(self.unfinished, ignore_errors=True)
            self.unfinished.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with told_as_unwritable(self.path):
                if kind is None:
                    self._finish()
                elif isinstance(error, OSError):
                    raise error
        finally:
            shutil.rmtree(self.unfinished, ignore_errors=True)

    def _finish(self) -> None:
        for path in (*self.unfinished.rglob("*"), self.unfinished):
            synchronise(path)
        self.unfinished.rename(self.path)
        synchronise(self.path.parent)

    def write(self, name: str, table: pa.Table) -> None:
        """A table as the file of a name (`ranks/part-000001`)."""
        path = self.unfinished / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        pq.write_table(
            table,
            path,
            compression="zstd",
            write_statistics=[column for column in SEARCHED if column in table.column_names],
        )

    def write_ranks(self, number: int, outcome: Outcome) -> Outcome:
        """The ranks of one piece as a file of their own; what is left is the outcome without them."""
        self.write(f"ranks/part-{number:06}", outcome.results)
        return Outcome(RESULTS.empty_table(), outcome.rejected, outcome.tally)

    def write_summary(self, outcome: Outcome, program: Program) -> None:
        """What holds for all clients: who was set aside, and how often records rank and rules fire."""
        self.write("rejected/part-000000", outcome.rejected)
        self.write("records/part-000000", outcome.tally.records(program))
        self.write("rules/part-000000", outcome.tally.rules(program))


def write(pieces: Iterable[Tables], path: Path) -> None:
    """Tables of clients as a new folder that `columnar.run` reads; raises CannotWrite.

    The keys of the clients rise from piece to piece.
    """
    with Folder(path) as folder:
        for number, piece in enumerate(pieces):
            for name, table in piece.tables.items():
                folder.write(f"{name}/part-{number:06}", table)
