"""Writes the rankings of a batch as CSV, JSON lines, Excel or Parquet."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from tactician.errors import MissingExtra
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.outcomes import Outcome
from tactician.portfolio.output_rows import (
    RANKING_COLUMNS,
    REJECT_COLUMNS,
    SUMMARY_COLUMNS,
    Row,
    data_rows,
    sheet_rows,
)
from tactician.presentation.spreadsheet_text import csv_line, printable

LONGEST_CELL = 32_767
"""What a cell of a workbook can hold."""
MOST_SHEET_ROWS = 1_048_575
FIXED_DATE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
"""Workbooks carry a date; one that never changes keeps their bytes the same."""
ROWS_AT_ONCE = 20_000


class Writer(Protocol):
    """Takes the outcomes of a batch one by one."""

    def add(self, outcome: Outcome) -> None:
        """Write the ranks of a client."""

    def finish(self, summary: Sequence[Row], rejects: Iterable[Row]) -> None:
        """Write what comes at the end."""

    def close(self) -> None:
        """Let go of the file, finished or not."""


class CsvWriter:
    """One row for each rank; rejects and summary go to files of their own."""

    def __init__(self, path: Path, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(csv_line(RANKING_COLUMNS))

    def add(self, outcome: Outcome) -> None:
        """Write the ranks of a client."""
        for row in sheet_rows(outcome, self.rulebase):
            self._file.write(csv_line(row[column] for column in RANKING_COLUMNS))

    def finish(self, summary: Sequence[Row], rejects: Iterable[Row]) -> None:
        """Nothing: both stand elsewhere."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class JsonLinesWriter:
    """One object for each rank."""

    def __init__(self, path: Path, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self._file = path.open("w", encoding="utf-8", newline="")

    def add(self, outcome: Outcome) -> None:
        """Write the ranks of a client."""
        for row in data_rows(outcome, self.rulebase):
            self._file.write(printable(json.dumps(row, ensure_ascii=False, allow_nan=False)) + "\n")

    def finish(self, summary: Sequence[Row], rejects: Iterable[Row]) -> None:
        """Nothing: both stand elsewhere."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class WorkbookWriter:
    """The sheets ranking, summary and rejected."""

    def __init__(self, path: Path, rulebase: Rulebase) -> None:
        import xlsxwriter  # noqa: PLC0415 (an extra)

        self.rulebase = rulebase
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(str(path), {**options, "constant_memory": True})
        self._book.set_properties({"created": FIXED_DATE})
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._sheet = self._new_sheet("ranking", RANKING_COLUMNS)
        self._next = 1

    def _new_sheet(self, name: str, columns: Sequence[str]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, 40 if column in ("because", "reasons", "problem", "remedy") else 16)
            sheet.write_string(0, at, column, self._head)
        return sheet

    def add(self, outcome: Outcome) -> None:
        """Write the ranks of a client; beyond the rows a sheet can have, on a further sheet."""
        for row in sheet_rows(outcome, self.rulebase):
            if self._next > MOST_SHEET_ROWS:
                self._sheet = self._new_sheet(f"ranking {len(self._book.worksheets()) + 1}", RANKING_COLUMNS)
                self._next = 1
            _write_row(self._sheet, self._next, row, RANKING_COLUMNS)
            self._next += 1

    def finish(self, summary: Sequence[Row], rejects: Iterable[Row]) -> None:
        """Write the summary and the rejects, and close the workbook."""
        for name, columns, rows in (
            ("summary", SUMMARY_COLUMNS, summary),
            ("rejected", REJECT_COLUMNS, rejects),
        ):
            sheet = self._new_sheet(name, columns)
            for number, row in enumerate(rows, start=1):
                _write_row(sheet, min(number, MOST_SHEET_ROWS), row, columns)
        close_workbook(self._book)

    def close(self) -> None:
        """Nothing: a workbook is written when it is finished."""


class ParquetWriter:
    """One row for each rank, reasons as lists."""

    def __init__(self, path: Path, rulebase: Rulebase) -> None:
        import pyarrow as pa  # noqa: PLC0415 (an extra)
        from pyarrow import parquet  # noqa: PLC0415

        self.rulebase = rulebase
        reason = pa.struct([("rule", pa.string()), ("weight", pa.int64())])
        types: Mapping[str, Any] = {
            "rank": pa.int16(),
            "total": pa.int64(),
            "certainty": pa.float64(),
            "blocked": pa.bool_(),
            "reasons": pa.list_(reason),
            "blocks": pa.list_(pa.string()),
            "sources": pa.list_(pa.string()),
        }
        names = (
            "client", "group", "rank", "tactic", "name", "points", "total", "certainty", "blocked", "horizon",
            "reasons", "blocks", "because", "sources", "facts",
        )  # fmt: skip
        self._schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
        self._table = pa.Table
        self._file = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def add(self, outcome: Outcome) -> None:
        """Keep the ranks of a client until there are enough for a group of rows."""
        self._rows.extend(data_rows(outcome, self.rulebase))
        if len(self._rows) >= ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self._file.write_table(self._table.from_pylist(self._rows, self._schema))
        self._rows = []

    def finish(self, summary: Sequence[Row], rejects: Iterable[Row]) -> None:  # noqa: ARG002 (elsewhere)
        """Write what is left."""
        self._flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


WRITERS: Mapping[str, Callable[[Path, Rulebase], Writer]] = {
    ".csv": CsvWriter,
    ".jsonl": JsonLinesWriter,
    ".xlsx": WorkbookWriter,
    ".parquet": ParquetWriter,
}


def close_workbook(book: Any) -> None:
    """Write a workbook out; raises OSError when that fails."""
    from xlsxwriter.exceptions import XlsxFileError  # noqa: PLC0415 (an extra)

    try:
        book.close()
    except XlsxFileError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from error


def check_writer(suffix: str) -> None:
    """Raises MissingExtra when what writes files of this kind is not installed: better now than at the end."""
    needed = {
        ".xlsx": ("xlsxwriter", "Writing Excel files", "excel"),
        ".parquet": ("pyarrow", "Writing Parquet files", "columnar"),
    }
    if suffix in needed:
        module, feature, extra = needed[suffix]
        try:
            import_module(module)
        except ImportError as error:
            raise MissingExtra(feature, extra) from error


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A CSV file with these columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(csv_line(columns))
        for row in rows:
            file.write(csv_line(row[column] for column in columns))


def _write_row(sheet: Any, number: int, row: Row, columns: Sequence[str]) -> None:
    for at, column in enumerate(columns):
        value = row[column]
        if isinstance(value, bool):
            sheet.write_boolean(number, at, value)
        elif isinstance(value, int | float):
            sheet.write_number(number, at, value)
        elif value is not None:
            sheet.write_string(number, at, printable(str(value))[:LONGEST_CELL])
