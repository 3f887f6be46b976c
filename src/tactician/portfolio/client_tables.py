"""Folders of Parquet tables, as the columnar engine reads them, one client at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tactician.errors import MissingExtra
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.candidates import Pending, PendingMapping
from tactician.portfolio.documents import client_document

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
    """Every client in a folder of tables, unchecked; raises UnreadableInput or MissingExtra."""
    try:
        from tactician.inference import columnar, columnar_reading  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("Reading Parquet files", "columnar") from error
    for piece in columnar_reading.pieces(folder, rulebase, AT_ONCE):
        for client in columnar.clients(piece, rulebase):
            yield PendingMapping(client_document(client, rulebase.vocabulary), str(folder))
