"""Recognises what earlier runs wrote: that is never read as a portfolio, and nothing else is ever replaced."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from tactician.errors import CannotWrite, UsageError
from tactician.facts.storage import told_as_unwritable
from tactician.portfolio.journal import journal_of
from tactician.portfolio.options import Paths
from tactician.portfolio.output_rows import RANKING_COLUMNS, REJECT_COLUMNS, SUMMARY_COLUMNS
from tactician.portfolio.plan_files import CLIENTS, INDEX, INDEX_COLUMNS, SOURCE, SUMMARY

TELLING = 4
"""So many first columns tell a table of ours; people add some of their own at the end."""
RANKING, INDEXED = RANKING_COLUMNS[:TELLING], INDEX_COLUMNS[:TELLING]
HEADINGS = {RANKING, INDEXED, SUMMARY_COLUMNS[:TELLING], REJECT_COLUMNS[:TELLING]}
SHEETS = {"ranking", "summary", "rejected"}
TABLES = {"ranks", "rejected", "records", "rules"}
"""The folders of Parquet in a folder of tables."""
PART_NAME = re.compile(r"\.parquet$|\.crc$|^_SUCCESS$")
"""A part of a table, and what Spark puts beside it."""
SHEET_NAME = re.compile(rb'<sheet\b[^>]*?\bname="([^"]*)"')
JSON_OF_OURS = re.compile(r'\s*\{\s*("client"\s*:\s*\{|"source"\s*:\s*")')
"""How a plan and the note about tables begin; in a client file `client` is a text."""
COMPANION = f".{CLIENTS}"
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers leave behind in every folder that they show."""
TOLD = 3
LONGEST_LINE = 2 * 1024 * 1024


def is_earlier(path: Path) -> bool:
    """Whether a file is an output of an earlier run, by what stands first in it or beside it."""
    try:
        return _is_earlier(path, path.suffix.lower())
    except Exception:  # there are many ways to be no file of ours
        return False


def few(names: Iterable[object]) -> str:
    """The first of some names, and how many more there are."""
    told = [str(name) for name in names]
    rest = f" and {len(told) - TOLD:,} more" if len(told) > TOLD else ""
    return ", ".join(told[:TOLD]) + rest


def check_replaceable(paths: Paths) -> None:
    """Raises CannotWrite when something stands where an output goes that no earlier run wrote.

    Raises UsageError for a folder where a file goes.
    """
    with told_as_unwritable(paths.output):
        _check(paths)


def _check(paths: Paths) -> None:
    if paths.is_folder or paths.is_tables:
        check_folder(paths.output, _own(paths.output))
    elif paths.output.is_dir():
        raise UsageError(
            f"{paths.output} is a folder.", "Give the name of a file, or a folder without an ending."
        )
    for path in paths.all:
        if path.is_file() and path.stat().st_size and not is_earlier(path):
            raise CannotWrite(
                f"{path} is no earlier output, and would be replaced.", "Move it, or choose another output."
            )


def check_folder(folder: Path, own: Collection[str]) -> None:
    """Raises CannotWrite for a folder that holds something else than some files of ours: it would be lost."""
    if not folder.exists():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise CannotWrite(f"{folder} is not a folder.", "Choose another output.")
    others = sorted({str(path.relative_to(folder)) for path in _files(folder)} - set(own))
    if others:
        hint = "The folder would be replaced: move them, or choose another one."
        raise CannotWrite(f"{folder} holds other files: {few(others)}.", hint)


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.name not in LITTER and (path.is_symlink() or not path.is_dir()):
            yield path


def _own(folder: Path) -> set[str]:
    """The files of a folder of plans that its index names, and those of a folder of tables."""
    own = set[str]()
    if is_earlier(folder / INDEX) and _heading(folder / INDEX) == INDEXED:
        place = INDEX_COLUMNS.index("file")
        own |= {INDEX, SUMMARY, CLIENTS, *(row[place] for row in _rows(folder / INDEX) if len(row) > place)}
    if is_earlier(folder / SOURCE):
        parts = (
            path for table in TABLES for path in (folder / table).rglob("*") if PART_NAME.search(path.name)
        )
        own |= {SOURCE, *(str(path.relative_to(folder)) for path in parts)}
    return own


def _is_earlier(path: Path, suffix: str) -> bool:
    if suffix == ".csv":
        return _heading(path) in HEADINGS
    if suffix == ".xlsx":
        return _sheets(path) >= SHEETS
    if suffix == ".jsonl":
        return _first_keys(path) == RANKING or _is_companion(path)
    if suffix == ".parquet":
        return is_earlier(path.parent.parent / SOURCE) or _columns(path) == RANKING
    if suffix == ".json":
        with path.open(encoding="utf-8") as file:
            return JSON_OF_OURS.match(file.read(200)) is not None
    return False


def _is_companion(path: Path) -> bool:
    """Whether a file of clients stands beside the output that it belongs to."""
    if path.name == CLIENTS:
        return is_earlier(path.with_name(INDEX))
    if not path.name.endswith(COMPANION):
        return False
    stem = path.name.removesuffix(COMPANION)
    outputs = [path.with_name(f"{stem}{ending}") for ending in (".csv", ".xlsx")]
    beside = [*outputs, path.with_name(f"{stem}.{SUMMARY}")]
    return any(map(is_earlier, beside)) or any(journal_of(output).exists() for output in outputs)


def _rows(path: Path) -> Iterator[Sequence[str]]:
    """The rows of a CSV file of ours, also where a spreadsheet has saved it again with its own separator."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = re.search(r"[,;\t]", file.readline(LONGEST_LINE))
        file.seek(0)
        yield from csv.reader(file, delimiter=separator[0] if separator else ",")


def _heading(path: Path) -> tuple[str, ...]:
    return tuple(next(_rows(path), ()))[:TELLING]


def _first_keys(path: Path) -> tuple[str, ...]:
    with path.open(encoding="utf-8") as file:
        line = file.readline(LONGEST_LINE)
    first = json.loads(line) if line.endswith("\n") else None
    return tuple(first)[:TELLING] if isinstance(first, dict) else ()


def _sheets(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as book, book.open("xl/workbook.xml") as part:
        return {name.decode("utf-8", "replace") for name in SHEET_NAME.findall(part.read(LONGEST_LINE))}


def _columns(path: Path) -> tuple[str, ...]:
    from pyarrow import parquet  # noqa: PLC0415 (an extra)

    return tuple(parquet.read_schema(path).names)[:TELLING]
