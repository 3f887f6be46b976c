"""Folders of Parquet tables, as the columnar engine reads them, one client at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tactician.errors import MissingExtra, Place, Problem
from tactician.facts.client import Client
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.candidates import Candidate, Pending, PendingClient, PendingMapping
from tactician.portfolio.documents import client_document

if TYPE_CHECKING:
    from tactician.inference.columnar_tables import Tables

NEEDED = ("clients", "segments")
AT_ONCE = 2_000


def is_tables_folder(path: Path) -> bool:
    """Whether a folder holds the tables of clients and segments."""
    return path.is_dir() and all(
        (path / f"{name}.parquet").is_file() or any((path / name).glob("*.parquet")) for name in NEEDED
    )


def count_clients(folder: Path) -> int:
    """How many clients a folder of tables holds; raises MissingExtra."""
    try:
        from pyarrow import parquet  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("Reading Parquet files", "columnar") from error
    single = folder / "clients.parquet"
    files = [single] if single.is_file() else (folder / "clients").glob("*.parquet")
    return sum(int(parquet.read_metadata(file).num_rows) for file in files)


def pending_in(folder: Path, rulebase: Rulebase) -> Iterator[Pending]:
    """Every client in a folder of tables; those whose rows cannot be used are candidates with problems.

    Raises UnreadableInput or MissingExtra.
    """
    try:
        from tactician.inference import columnar_reading  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("Reading Parquet files", "columnar") from error
    for piece in columnar_reading.pieces(folder, rulebase, AT_ONCE):
        for found in clients_of(piece, str(folder), rulebase):
            if isinstance(found, Candidate):
                yield PendingClient(found)
            else:
                yield PendingMapping(client_document(found, rulebase.vocabulary), str(folder))


def clients_of(tables: Tables, file: str, rulebase: Rulebase) -> Iterator[Client | Candidate]:
    """Each client of some tables in their order, or what is wrong with its rows; raises UnreadableInput."""
    from tactician.inference import columnar, columnar_checks  # noqa: PLC0415 (an extra)

    usable, rejected = columnar_checks.sound(tables, rulebase)
    wrong: dict[int, list[Problem]] = {}
    for row in rejected.to_pylist():
        problem = Problem(Place(file), f"{row['table']}, {row['column']}", row["what"])
        wrong.setdefault(row["client"], []).append(problem)
    clients = columnar.clients(usable, rulebase)
    for row in tables["clients"].select(["client", "id"]).to_pylist():
        problems = wrong.get(row["client"])
        yield Candidate(row["id"] or "", file, problems=tuple(problems)) if problems else next(clients)
