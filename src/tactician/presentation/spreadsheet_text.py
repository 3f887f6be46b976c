"""Text that goes into cells of CSV files and workbooks, where it must not turn into a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from tactician.facts.building import UNPRINTABLE

STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet take a text for a formula or a command."""
IGNORED = " \u00a0\"'\u200b\ufeff"
"""What spreadsheets skip before they look."""

Value = str | bool | int | float | None


def printable(text: str) -> str:
    """The text without control characters other than line breaks and tabs."""
    return UNPRINTABLE.sub("\ufffd", text)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet could take it for a formula."""
    clean = printable(text)
    start = clean.lstrip(IGNORED)[:1]
    return f"'{clean}" if start in STARTS and start else clean


def as_written(text: str) -> str:
    """The text that `harmless` was given, whether or not it put an apostrophe before it."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def csv_line(values: Iterable[Value]) -> str:
    """One line of CSV; numbers stay numbers, and texts are made harmless."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([_shown(value) for value in values])
    return buffer.getvalue()


def _shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else repr(value)
