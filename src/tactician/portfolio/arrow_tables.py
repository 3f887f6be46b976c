"""Tables in memory (Arrow, Polars, pandas) and Parquet files as sheets; knows each library only by its shape."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tactician.errors import MissingExtra, Place, Problem, UnreadableInput, UsageError
from tactician.facts.building import from_environment
from tactician.portfolio.delimited import clean_text
from tactician.portfolio.sheets import Cell, Fault, Row, Sheet, number_cell
from tactician.portfolio.tables import MOST_ROWS, ROWS_VARIABLE


def is_table(value: object) -> bool:
    """Whether a value is an Arrow, Polars or pandas table."""
    return hasattr(value, "column_names") or (hasattr(value, "columns") and hasattr(value, "shape"))


def sheet_of(table: Any, name: str = "table") -> Sheet:
    """The sheet in a table in memory; raises UsageError for other things."""
    headings, rows = _rows(table)
    numbered = [Row(1, tuple(str(heading) for heading in headings))]
    for number, values in enumerate(rows, start=2):
        numbered.append(Row(number, tuple(_cell(value) for value in values)))
    return Sheet(name, "", numbered)


def read_parquet(path: Path) -> Sheet:
    """The sheet in a Parquet file with a column for each fact; raises UnreadableInput or MissingExtra."""
    try:
        from pyarrow import parquet  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("Reading Parquet files", "columnar") from error
    try:
        with parquet.ParquetFile(path) as file:
            most = from_environment(ROWS_VARIABLE, MOST_ROWS)
            if file.metadata.num_rows > most:
                what = f"there are {file.metadata.num_rows:,} rows, and {most:,} are allowed here"
                hint = f"Set {ROWS_VARIABLE} to a higher number, or use the tables of the columnar engine."
                raise UnreadableInput([Problem(Place(str(path)), "", what, hint)])
            table = file.read()
    except (UnreadableInput, UsageError):
        raise
    except Exception as error:  # pyarrow has many kinds of errors for a damaged file
        raise UnreadableInput([Problem(Place(str(path)), "", "this is not a whole Parquet file")]) from error
    sheet = sheet_of(table, str(path))
    sheet.read_as = ["Parquet"]
    return sheet


def _rows(table: Any) -> tuple[Sequence[object], Iterable[Sequence[object]]]:
    if hasattr(table, "read_all"):
        table = table.read_all()
    if hasattr(table, "column_names"):
        columns = [column.to_pylist() for column in table.columns]
        return table.column_names, zip(*columns, strict=True)
    if hasattr(table, "iter_rows"):
        return table.columns, table.iter_rows()
    if hasattr(table, "itertuples"):
        return list(table.columns), (
            tuple(map(_pandas, row)) for row in table.itertuples(index=False, name=None)
        )
    raise UsageError(f"A {type(table).__name__} is not a table.", "Give an Arrow, Polars or pandas table.")


def _pandas(value: object) -> object:
    """Pandas writes what is missing as NaN, NaT or NA."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


def _cell(value: object) -> Cell:
    if hasattr(value, "item") and not isinstance(value, str | bytes):
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value.strip())
    if isinstance(value, int | float | Decimal):
        if not math.isfinite(value):
            return Fault(str(value), "this is not a finite number", "Leave it null when it is not known.")
        return number_cell(value if isinstance(value, Decimal) else Decimal(repr(value)))
    if isinstance(value, list | tuple):
        return clean_text("; ".join(map(str, value))) if value else "none"
    return Fault(
        str(value)[:100], f"a {type(value).__name__} cannot be a fact", "Use texts, numbers and truths."
    )
