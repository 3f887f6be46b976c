"""Reads CSV text into rows; a damaged row is named and the others are kept."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from sys import intern

from tactician.errors import Place, Problem, UnreadableInput
from tactician.facts.building import UNPRINTABLE, VARIABLES, from_environment
from tactician.facts.opening import read_bytes
from tactician.portfolio.encodings import decode_table
from tactician.portfolio.sheets import Cell, Damaged, Fault, Row, Sheet, letters
from tactician.presentation.spreadsheet_text import as_written

CSV_BYTES = 256 * 1024 * 1024
LONGEST_TEXT = 10_000
TEXT_VARIABLE = VARIABLES["text"]
MOST_COLUMNS = 512
MOST_DAMAGED = 100
LONGEST_INTERNED = 40
DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
STATED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
LOOKED_AT = 20

Recognise = Callable[[Sequence[str]], int]
"""How many of the texts of a row are known headings."""


def read_csv(path: Path, recognise: Recognise) -> Sheet:
    """The sheet in a CSV file; raises UnreadableInput when there is none."""
    file = str(path)
    # The bound of the csv module holds for the whole process, so it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), _longest()))
    decoded = decode_table(read_bytes(path, limit=CSV_BYTES, noun="CSV file"), file)
    lines = list(io.StringIO(decoded.text, newline=""))
    if not any(line.strip() for line in lines):
        raise UnreadableInput([Problem(Place(file), "", "the file is empty", "Save the sheet again.")])
    delimiter, skipped = _delimiter(lines, recognise)
    sheet = Sheet(file, "", [], read_as=[DELIMITERS.get(delimiter, repr(delimiter)), decoded.encoding])
    sheet.warnings = list(decoded.warnings)
    for number, cells in _records(lines, delimiter, skipped, sheet):
        sheet.rows.append(Row(number, tuple(_cell(text) for text in cells)))
    return sheet


def _delimiter(lines: list[str], recognise: Recognise) -> tuple[str, int]:
    """What separates the cells, and how many lines come before the first row."""
    stated = STATED.fullmatch(lines[0])
    if stated:
        return stated[1], 1
    head = lines[:LOOKED_AT]

    def score(delimiter: str) -> tuple[int, int]:
        rows = [[text.strip().strip('"') for text in line.split(delimiter)] for line in head if line.strip()]
        return max(recognise(row) for row in rows), max(map(len, rows))

    return max(DELIMITERS, key=score), 0


def _records(lines: list[str], delimiter: str, at: int, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers; after a damaged row reading goes on with the next line."""
    number = at
    while at < len(lines):
        reader = csv.reader(islice(lines, at, None), delimiter=delimiter, strict=True)
        start = at
        try:
            for cells in reader:
                number += 1
                start = at + reader.line_num
                yield number, cells
            return
        except csv.Error as error:
            number += 1
            at = start + 1
            sheet.damaged.append(_damage(sheet, number, lines[start], str(error), delimiter))
        if len(sheet.damaged) >= MOST_DAMAGED:
            what = f"more than {MOST_DAMAGED} rows are damaged"
            told = [damaged.problem for damaged in sheet.damaged]
            raise UnreadableInput([*told, Problem(Place(sheet.file), "", what, "Save the sheet again.")])


def _damage(sheet: Sheet, number: int, line: str, error: str, delimiter: str) -> Damaged:
    texts = line.rstrip("\r\n").split(delimiter)
    what, hint = "a quote is opened here and not closed", 'Write " twice inside a quoted cell.'
    column = max(range(len(texts)), key=lambda at: (texts[at].count('"') % 2, '"' in texts[at], -at))
    if "field limit" in error:
        what, hint = f"a cell has more than {csv.field_size_limit():,} characters", _shorter()
        column = max(range(len(texts)), key=lambda at: len(texts[at]))
    place = Place(sheet.place, number, column + 1)
    cells = tuple(text.strip().strip('"') for text in texts)
    return Damaged(Problem(place, f"cell {letters(column)}{number}", what, hint), Row(number, cells))


def _cell(text: str) -> Cell:
    return clean_text(as_written(text.strip()))


def clean_text(text: str) -> Cell:
    """A text cell without blanks around it; a fault when it is too long or has control characters."""
    if len(text) > LONGEST_TEXT and len(text) > _longest():
        return Fault(text, f"the text has {len(text):,} characters", _shorter())
    if text.isascii() and text.isprintable():
        return intern(text) if len(text) <= LONGEST_INTERNED else text
    found = UNPRINTABLE.search(text)
    if found:
        shown = UNPRINTABLE.sub("\ufffd", text)
        return Fault(shown, f"the cell contains the control character U+{ord(found[0]):04X}", "Remove it.")
    return unicodedata.normalize("NFC", text)


def _longest() -> int:
    return from_environment(TEXT_VARIABLE, LONGEST_TEXT)


def _shorter() -> str:
    return f"{_longest():,} are allowed; shorten it, or set {TEXT_VARIABLE} to a higher number."
