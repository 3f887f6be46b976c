"""A sheet with its headings understood: which columns state what, and which rows hold clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tactician.errors import Place, Problem
from tactician.facts.building import from_environment
from tactician.facts.number_words import DecimalMark
from tactician.portfolio.columns import MARK_NAMES, Column, MarkQuestion, decide
from tactician.portfolio.headings import Headings, Target
from tactician.portfolio.sheets import Damaged, Row, Sheet, cell_problem, filled, row_problem, shown

HELP = "# help"
"""Begins the row of a template that explains the columns."""
REMARK = "#"
"""Begins the heading of a column that is left alone."""
LOOKED_AT = 20
MOST_ROWS = 1_048_576
ROWS_VARIABLE = "TACTICIAN_MAX_ROWS"


@dataclass(slots=True)
class Table:
    """A sheet as data; with `problems`, it cannot be used at all."""

    sheet: Sheet
    kind: str | None
    """The kind of item its rows describe; None for a sheet of clients or segments."""
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """Headings that mean nothing here."""

    def has(self, scope: str, name: str) -> bool:
        """Whether a column states this."""
        return any((column.target.scope, column.target.name) == (scope, name) for column in self.columns)

    def column(self, scope: str, name: str) -> Column | None:
        """The column that states this, if there is one."""
        wanted = (scope, name, 0)
        return next(
            (
                each
                for each in self.columns
                if (each.target.scope, each.target.name, each.target.item) == wanted
            ),
            None,
        )

    def described(self) -> str:
        """What it was read as, in a line: `semicolon, cp1252, decimal comma, 412 rows`."""
        marks = {column.decimal for column in self.columns if column.decimal}
        decimals = [MARK_NAMES[mark] for mark in sorted(marks)]
        if len(marks) > 1:
            decimals = [
                f"{MARK_NAMES[mark]} ({', '.join(c.heading for c in self.columns if c.decimal == mark)})"
                for mark in sorted(marks)
            ]
        rows = f"{len(self.rows)} row{'' if len(self.rows) == 1 else 's'}"
        return ", ".join([*self.sheet.read_as, *decimals, rows])


def understand(
    sheet: Sheet, headings: Headings, kind: str | None = None, decimal: DecimalMark | None = None
) -> Table:
    """The table in a sheet: its heading row is the first with known headings."""
    table = Table(sheet, kind)
    at = _heading_row(sheet, headings)
    if at is None:
        what = "no row has headings that are known"
        table.problems.append(
            Problem(Place(sheet.place), "", what, "`tactician facts template --format csv` shows them.")
        )
        return table
    heading_row = sheet.rows[at]
    _name_columns(table, heading_row, headings)
    if not table.has("client", "client"):
        what = "no column has the heading client"
        table.problems.append(
            row_problem(sheet, heading_row.number, what, "Name the column of the clients so.")
        )
    body = [row for row in sheet.rows[at + 1 :] if not (row.is_empty or _is_help(row))]
    width = max(
        (at for at, cell in enumerate(heading_row.cells, start=1) if cell not in (None, "")), default=0
    )
    table.rows = _whole_rows(table, body, width)
    most = from_environment(ROWS_VARIABLE, MOST_ROWS)
    if len(table.rows) > most:
        what = f"there are {len(table.rows):,} rows, and {most:,} are allowed"
        table.problems.append(
            Problem(Place(sheet.place), "", what, f"Set {ROWS_VARIABLE} to a higher number.")
        )
    _decide_marks(table, decimal)
    return table


def _heading_row(sheet: Sheet, headings: Headings) -> int | None:
    """The first of the rows at the top that has most known headings."""
    best, most = None, 0
    for at, row in enumerate(sheet.rows[:LOOKED_AT]):
        known = headings.recognised(shown(cell) for cell in row.cells)
        if known > most:
            best, most = at, known
    return best


def _is_help(row: Row) -> bool:
    first = row.cells[0] if row.cells else None
    return isinstance(first, str) and first.startswith(HELP)


def _name_columns(table: Table, row: Row, headings: Headings) -> None:
    seen: dict[tuple[str, str, int, int], Column] = {}
    for index, cell in enumerate(row.cells):
        heading = shown(cell)
        if not heading or heading.startswith(REMARK):
            continue
        target = headings.find(heading, table.kind)
        if target is None:
            _unknown_heading(table, row, index, heading, headings)
            continue
        column = Column(index, heading, target)
        key = _key(target)
        if key in seen:
            what = (
                f'this says the same as column "{seen[key].heading}" ({index + 1} and {seen[key].index + 1})'
            )
            hint = f"Keep one of them, or begin the heading with {REMARK}."
            table.problems.append(cell_problem(table.sheet, row, (index, heading), what, hint))
        else:
            seen[key] = column
            table.columns.append(column)


def _key(target: Target) -> tuple[str, str, int, int]:
    return target.scope, target.name, target.item, target.link


def _unknown_heading(table: Table, row: Row, index: int, heading: str, headings: Headings) -> None:
    """A heading like a known one is a mistake; another is somebody's own column."""
    near = headings.near(heading, table.kind)
    if near:
        hint = f"{near} Begin it with {REMARK} to leave the column out."
        table.problems.append(
            cell_problem(table.sheet, row, (index, heading), "this heading is not known", hint)
        )
    else:
        table.ignored.append(heading)


def _whole_rows(table: Table, rows: Iterable[Row], width: int) -> list[Row]:
    """The rows that have a cell for each heading; others are damaged."""
    whole = []
    for row in rows:
        extra = [cell for cell in row.cells[width:] if cell not in (None, "")]
        if extra or len(row.cells) < width:
            what = f"the row has {len(row.cells)} cells, and there are {width} headings"
            hint = "Check separators and quotes in this row."
            table.sheet.damaged.append(Damaged(row_problem(table.sheet, row.number, what, hint), row))
        else:
            whole.append(row)
    return whole


def _decide_marks(table: Table, decimal: DecimalMark | None) -> None:
    for at, column in enumerate(table.columns):
        found = decide(column, filled(table.rows), decimal)
        if isinstance(found, MarkQuestion):
            hint = "Say which with --decimal comma or --decimal point."
            table.problems.append(
                cell_problem(table.sheet, found.row, (column.index, column.heading), found.what, hint)
            )
        else:
            table.columns[at] = found
