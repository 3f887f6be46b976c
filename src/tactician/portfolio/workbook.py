"""Reads the sheets of an Excel workbook: values as they are stored, never computed."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tactician.errors import MissingExtra, Place, Problem, UnreadableInput
from tactician.portfolio.delimited import MOST_COLUMNS, clean_text
from tactician.portfolio.sheets import Cell, Fault, Row, Sheet, letters, number_cell
from tactician.portfolio.workbook_safety import MOST_SHEETS, SAVE_AGAIN, check_workbook

QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
NO_VALUE = "its formula has no stored value"
WIDEST_GAP = 100_000
"""Rows without anything in them, after which a cell is a stray."""


def read_workbook(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook; raises UnreadableInput, or MissingExtra without the extra `excel`."""
    check_workbook(path)
    formulas = _sheets_with_formulas(path)
    sheets = []
    with _opened(path, values=True) as book:
        if len(book.sheetnames) > MOST_SHEETS:
            raise _unreadable(path, f"the workbook has more than {MOST_SHEETS} sheets")
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            sheets.append(Sheet(str(path), sheet.title, list(_rows(path, sheet)), read_as=["Excel"]))
    if formulas:
        _mark_formulas(path, sheets)
    for each in sheets:
        width = max((len(row.cells) for row in each.rows), default=0)
        each.rows = [Row(row.number, (*row.cells, *[None] * (width - len(row.cells)))) for row in each.rows]
    return sheets


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Any]:
    try:
        import defusedxml  # noqa: F401, PLC0415 (openpyxl is safe only with it)
        import openpyxl  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("Reading Excel files", "excel") from error
    with path.open("rb") as stream:
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=values, keep_links=False)
            yield book
            book.close()
        except UnreadableInput:
            raise
        except Exception as error:  # openpyxl lets many kinds of errors through when a part is malformed
            raise _unreadable(path, "the workbook is damaged", SAVE_AGAIN) from error


def _rows(path: Path, sheet: Any) -> Iterator[Row]:
    last = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if not cells:
            continue
        width = next((at for at in range(len(cells), 0, -1) if cells[at - 1].value not in (None, "")), 0)
        if not width:
            continue
        if width > MOST_COLUMNS or number - last > WIDEST_GAP:
            stray = f"cell {letters(width - 1)}{number} of sheet {sheet.title!r} lies far from the others"
            raise _unreadable(path, stray, "Delete its row and column, and save the workbook again.")
        last = number
        yield Row(number, tuple(_cell(cell) for cell in cells[:width]))


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if cell.data_type == "e":
        return Fault(str(value), "the cell shows an error", "Correct the formula, or write unknown.")
    if isinstance(value, datetime | date | time | timedelta):
        what, hint = "the cell is a date", "Format the column as numbers and type the number again."
        return Fault(str(value), what, hint)
    return clean_text(str(value).strip())


def _number(value: int | float, number_format: str | None) -> Cell:
    """A spreadsheet keeps 15 digits; what follows them comes from binary arithmetic."""
    if not math.isfinite(value):
        return Fault(str(value), "this is not a finite number", "Write unknown when it is not known.")
    exact = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    percent = "%" in QUOTED.sub("", str(number_format or ""))
    return number_cell(exact, percent=percent)


def _sheets_with_formulas(path: Path) -> bool:
    """Whether any sheet has a formula at all, told from the raw parts."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as stream:
                    tail = b""
                    while chunk := stream.read(1 << 20):
                        if b"<f>" in tail + chunk or b"<f " in tail + chunk or b"<f/" in tail + chunk:
                            return True
                        tail = chunk[-3:]
    return False


def _mark_formulas(path: Path, sheets: list[Sheet]) -> None:
    """A formula that was never computed holds nothing: that is not the same as an empty cell."""
    by_name = {sheet.name: sheet for sheet in sheets}
    with _opened(path, values=False) as book:
        for sheet in book.worksheets:
            if sheet.title in by_name:
                sheet.reset_dimensions()
                _mark_in(by_name[sheet.title], sheet)


def _mark_in(known: Sheet, sheet: Any) -> None:
    position = {row.number: at for at, row in enumerate(known.rows)}
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        for column, cell in enumerate(cells[:MOST_COLUMNS]):
            if cell.data_type != "f":
                continue
            at = position.get(number)
            row = known.rows[at] if at is not None else Row(number, ())
            padded = list(row.cells) + [None] * (column + 1 - len(row.cells))
            if padded[column] is None:
                hint = "Open the workbook in a spreadsheet and save it, so that the values are stored."
                padded[column] = Fault(str(cell.value), NO_VALUE, hint)
                if at is None:
                    position[number] = len(known.rows)
                    known.rows.append(Row(number, tuple(padded)))
                else:
                    known.rows[at] = Row(number, tuple(padded))
    known.rows.sort(key=lambda row: row.number)


def _unreadable(path: Path, what: str, hint: str = "") -> UnreadableInput:
    return UnreadableInput([Problem(Place(str(path)), "", what, hint)])
