"""A sheet as a portfolio knows it, whatever file it came from: rows of cells, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from tactician.errors import Place, Problem
from tactician.facts.number_words import Figure

LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be read: what it shows, what is wrong, and what to try."""

    shown: str
    what: str
    hint: str = ""


Cell = str | bool | Figure | Fault | None
"""A text, a truth, a number with its unit, something unreadable, or nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, and its cells."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell is not None and cell != "" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row that could not be read, and what seems to stand in its cells: enough to tell whose it is."""

    problem: Problem
    row: Row


@dataclass(slots=True)
class Sheet:
    """One sheet of a file; `name` is empty where a file has only one."""

    file: str
    name: str
    rows: list[Row]
    damaged: list[Damaged] = field(default_factory=list)
    """Rows that could not be read."""
    read_as: list[str] = field(default_factory=list)
    """What was detected: `semicolon`, `cp1252` …"""
    warnings: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The file and sheet, as errors name them."""
        return f"{self.file} [{self.name}]" if self.name else self.file


@dataclass(frozen=True, slots=True, order=True)
class CellProblem(Problem):
    """A problem with one cell, for lists that have a column for each part of its place."""

    heading: str = ""
    value: str = ""


def letters(column: int) -> str:
    """The name of a column, counted from 0, in a spreadsheet: 0 is A, 27 is AB."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def shown(cell: Cell) -> str:
    """A cell as text, shortened."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    text = cell if isinstance(cell, str) else cell.text if isinstance(cell, Figure) else cell.shown
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def number_cell(value: Decimal, *, percent: bool = False) -> Figure:
    """A number that a file states as one; a percentage is stored as a part of 1 and read as it is shown."""
    exact = value * 100 if percent else value
    plain = exact.normalize()
    exact = plain.quantize(Decimal(1)) if plain == plain.to_integral() else plain
    return Figure(f"{exact:f}{' %' if percent else ''}", exact, exact, "%" if percent else "")


def cell_problem(sheet: Sheet, row: Row, at: tuple[int, str], what: str, hint: str = "") -> CellProblem:
    """A problem with a cell of a row; `at` is the position of its column from 0, and its heading."""
    column, heading = at
    value = shown(row.cells[column]) if column < len(row.cells) else ""
    where = f'column "{heading}" ({letters(column)}{row.number})'
    return CellProblem(Place(sheet.place, row.number, column + 1), where, what, hint, heading, value)


def row_problem(sheet: Sheet, number: int, what: str, hint: str = "") -> Problem:
    """A problem with a whole row."""
    return Problem(Place(sheet.place, number), "", what, hint)


def filled(rows: list[Row]) -> Iterator[Row]:
    """The rows in which something stands."""
    return (row for row in rows if not row.is_empty)
