"""Writes the sheets of a portfolio as a workbook or as a folder of CSV files, always the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tactician.errors import ProblemsError, UsageError
from tactician.facts.number_words import DecimalMark
from tactician.facts.storage import told_as_unwritable
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.earlier import check_folder
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.inputs import Inputs
from tactician.portfolio.staging import Staging
from tactician.portfolio.template import (
    CLIENTS,
    Document,
    TemplateColumn,
    TemplateSheet,
    Value,
    help_row,
    template_sheets,
)
from tactician.portfolio.writers import FIXED_DATE, check_writer, close_workbook
from tactician.presentation.spreadsheet_text import harmless, printable

ROWS_TO_FILL = 1_000
FIRST_ROW = 2
"""Counted from 0: after the headings and the help."""
HELP_HEIGHT = 75


def write_template(
    output: Path, rulebase: Rulebase, documents: Sequence[Document] = (), decimal: DecimalMark = "point"
) -> None:
    """Write the sheets to a workbook (.xlsx), or else as CSV files into a folder; raises CannotWrite."""
    check_writer(output.suffix.lower())
    sheets = template_sheets(rulebase, documents)
    staging = Staging()
    try:
        if output.suffix.lower() == ".xlsx":
            part = staging.path(output)
            with told_as_unwritable(output):
                _write_workbook(part, sheets)
        else:
            check_folder(output, {f"{sheet.name}.csv" for sheet in sheets})
            part = staging.path(output)
            with told_as_unwritable(output):
                part.mkdir()
                for sheet in sheets:
                    text = _csv(sheet, decimal)
                    (part / f"{sheet.name}.csv").write_text(text, encoding="utf-8-sig", newline="")
        staging.commit()
    finally:
        staging.discard()


def write_sheets(
    rulebase: Rulebase, form: str, output: str | None, fill: Sequence[str], decimal: DecimalMark
) -> Path:
    """Write the sheets in a format (`xlsx`, `csv`), filled with the clients of some inputs; returns where.

    Raises UsageError, CannotWrite, or the problems of clients that cannot be used.
    """
    target = _target(form, output)
    write_template(target, rulebase, _documents(rulebase, fill), decimal)
    return target


def check_sheets_free(form: str, output: str | None) -> None:
    """Raises UsageError when sheets would be replaced, which may have been filled in."""
    target = _target(form, output)
    if (target if form == "xlsx" else target / f"{CLIENTS}.csv").is_file():
        raise UsageError(f"{target} is there already.", "Add --force to replace it, or name another place.")


def _target(form: str, output: str | None) -> Path:
    if output in (None, "-"):
        raise UsageError("Several sheets cannot go to the screen.", "Say where to: -o portfolio.xlsx")
    target = Path(str(output))
    if form == "csv" and target.suffix.lower() == ".csv":
        raise UsageError("The sheets are six files.", f"Name a folder: -o {target.stem}/")
    if form == "xlsx" and target.suffix.lower() != ".xlsx":
        target = target.with_name(f"{target.name}.xlsx")
    return target


def _documents(rulebase: Rulebase, fill: Sequence[str]) -> list[Document]:
    if not fill:
        return []
    evaluation = Evaluation(rulebase)
    inputs = Inputs(rulebase, evaluation.tactic_names)
    found = [each.resolve(evaluation.reader) for each in inputs.pending(inputs.find(fill))]
    problems = [problem for candidate in found for problem in candidate.problems]
    if problems:
        raise ProblemsError(problems)
    return [candidate.stated for candidate in found if candidate.stated is not None]


def _csv(sheet: TemplateSheet, decimal: DecimalMark) -> str:
    """Semicolons with a decimal comma, commas with a decimal point, as spreadsheets of the two kinds expect."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if decimal == "comma" else ",", lineterminator="\r\n")
    writer.writerow([column.heading for column in sheet.columns])
    writer.writerow(help_row(sheet))
    for row in sheet.rows:
        writer.writerow([_text(value, decimal) for value in row])
    return buffer.getvalue()


def _text(value: Value, decimal: DecimalMark) -> str:
    if value is None or isinstance(value, str):
        return harmless(value or "")
    return number_text(value, decimal)


def number_text(value: int | float, decimal: DecimalMark) -> str:
    """A number that can only be read in one way: 1.125 gets a fourth decimal, as it could be 1125."""
    text = f"{Decimal(repr(value)):f}"
    whole, _, fraction = text.partition(".")
    if len(fraction) == 3:
        fraction += "0"
    mark = "," if decimal == "comma" else "."
    return f"{whole}{mark}{fraction}" if fraction else whole


def _write_workbook(path: Path, sheets: Sequence[TemplateSheet]) -> None:
    import xlsxwriter  # noqa: PLC0415 (an extra)

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": FIXED_DATE})
    head = book.add_format({"bold": True, "bottom": 1})
    small = book.add_format({"italic": True, "font_color": "#666666", "text_wrap": True, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(FIRST_ROW, 1)
        page.set_row(1, HELP_HEIGHT, small)
        for at, (column, told) in enumerate(zip(sheet.columns, help_row(sheet), strict=True)):
            page.set_column(at, at, max(14, len(column.heading) + 2))
            page.write_string(0, at, column.heading, head)
            page.write_string(1, at, told, small)
            _offer(page, at, column)
        for number, row in enumerate(sheet.rows, start=FIRST_ROW):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, at, printable(value))
                elif value is not None:
                    page.write_number(number, at, value)
    close_workbook(book)


def _offer(page: Any, at: int, column: TemplateColumn) -> None:
    """A list to choose from; other words, such as unknown, are let through with a question."""
    if column.refers_to:
        source: Any = f"={column.refers_to}!$A${FIRST_ROW + 1}:$A${FIRST_ROW + ROWS_TO_FILL}"
    elif column.choices:
        source = list(column.choices)
    else:
        return
    rule = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
    page.data_validation(FIRST_ROW, at, FIRST_ROW + ROWS_TO_FILL - 1, at, rule)
