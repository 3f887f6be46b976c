"""Damaged and hostile files: each is named, nothing else suffers, and nothing is swallowed."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import tactician
from portfolio_world import evaluation_of
from tactician.errors import Problem
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.candidates import Candidate
from tactician.portfolio.inputs import Inputs

HEAD = "client;churn;segment\n"
GOOD = "Good {0};1{0},5;all\n"


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return tactician.open_rulebase()


@pytest.fixture
def read(rulebase: Rulebase) -> Callable[..., tuple[list[str], list[Problem], list[str]]]:
    """Reads some inputs: the clients that are sound, all problems, and what was said."""

    def call(*paths: Path) -> tuple[list[str], list[Problem], list[str]]:
        evaluation, said = evaluation_of(rulebase), list[str]()
        inputs = Inputs(rulebase, evaluation.tactic_names, say=said.append)
        found: list[Candidate] = [
            pending.resolve(evaluation.reader) for pending in inputs.pending(inputs.find([*map(str, paths)]))
        ]
        good = [each.id for each in found if each.client is not None]
        return good, [problem for each in found for problem in each.problems], said

    return call


DAMAGED = {
    "unclosed quote": (
        HEAD + GOOD.format(1) + 'Bad;"12,5;all\n' + GOOD.format(2) + GOOD.format(3),
        (3, 2),
        "quote",
    ),
    "text after a quote": (HEAD + GOOD.format(1) + 'Bad;"12",5;all\n' + GOOD.format(2), (3, 2), "quote"),
    "too many cells": (HEAD + GOOD.format(1) + "Bad;12;5;all\n" + GOOD.format(2), (3, None), "4 cells"),
    "too few cells": (HEAD + GOOD.format(1) + "Bad;12,5\n" + GOOD.format(2), (3, None), "2 cells"),
    "nul": (HEAD + GOOD.format(1) + "Bad;12,5;a\0b\n" + GOOD.format(2), (3, 3), "U+0000"),
    "huge cell": (HEAD + GOOD.format(1) + f"Bad;12,5;{'x' * 200_000}\n" + GOOD.format(2), (3, 3), "131,072"),
    "long text": (HEAD + GOOD.format(1) + f"Bad;12,5;{'x' * 20_000}\n" + GOOD.format(2), (3, 3), "10,000"),
    "escape": (HEAD + GOOD.format(1) + "Bad;12,5;a\x1b[2Jb\n" + GOOD.format(2), (3, 3), "U+001B"),
    "no name": (HEAD + GOOD.format(1) + ";12,5;all\n" + GOOD.format(2), (3, 1), "no client"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_row_is_named_and_the_others_are_read(name: str, tmp_path: Path, read) -> None:
    text, (row, column), what = DAMAGED[name]
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    good, problems, _ = read(path)
    assert good == [f"Good {n}" for n in range(1, text.count("Good") + 1)]
    (problem,) = problems
    assert (problem.place.line, problem.place.column) == (row, column)
    assert what in str(problem)
    assert problem.hint


@pytest.mark.parametrize("length", [20_000, 200_000])
def test_the_bound_of_texts_can_be_raised(
    length: int, tmp_path: Path, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"client;pain 1\nLong;{'x' * length}\n", encoding="utf-8")
    good, problems, _ = read(path)
    assert good == []
    assert "10,000 are allowed; shorten it, or set TACTICIAN_MAX_TEXT" in problems[0].hint
    before = csv.field_size_limit()
    try:
        monkeypatch.setenv("TACTICIAN_MAX_TEXT", str(length))
        assert read(path)[0] == ["Long"]
    finally:
        csv.field_size_limit(before)


def test_a_client_with_a_damaged_row_is_not_read_without_it(tmp_path: Path, read) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "Two rows;10;one\nTwo rows;10\nOther;10;one\n", encoding="utf-8")
    good, problems, _ = read(path)
    assert good == ["Other"]
    assert problems[0].place.line == 3


def test_a_quoted_cell_may_have_lines(tmp_path: Path, read) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'client;churn;note\r\nA;10;"one\r\ntwo ""quoted"" ; three"\r\nB;20;x\r\n')
    assert read(path)[0] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("\n\n  \n", "empty"),
        ("client;churn\n", "no clients"),
        ("a;b\n1;2\n", "no row has headings"),
        ("churn;segment\n12;all\n", "no column has the heading client"),
        ("client;churn;churn\nA;1;2\n", "says the same as column"),
        ("client;Månedligt budget;monthly_budget\nA;1;2\n", "says the same as column"),
        ("client;Tillid;TILLID\nA;lav;lav\n", "says the same as column"),
        ("client;Ma\u030anedligt budget;Månedligt budget\nA;1;2\n", "says the same as column"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, what: str, tmp_path: Path, read) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    good, problems, _ = read(path)
    assert good == []
    assert what in problems[0].what
    assert str(path) in str(problems[0])


def test_a_file_of_nothing_but_damage_ends(tmp_path: Path, read) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + 'x;"a""\n' * 5000, encoding="utf-8")
    started = time.monotonic()
    good, problems, _ = read(path)
    assert good == []
    assert any("more than 100 rows" in problem.what for problem in problems)
    assert time.monotonic() - started < 20


def test_what_is_no_file_is_named(tmp_path: Path, read) -> None:
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    os.mkfifo(tmp_path / "pipe.xlsx")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    names = [
        "none.csv",
        "none.xlsx",
        "nothing*.yaml",
        "loop.csv",
        "pipe.xlsx",
        "pipe.csv",
        "old.xls",
        "none.jsonl",
    ]
    _, problems, _ = read(*(tmp_path / name for name in names))
    assert [Path(problem.place.file).name for problem in problems] == names
    assert all(problem.what for problem in problems)


def workbook(**parts: bytes) -> bytes:
    """A workbook with one sheet, some of its parts replaced or added."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    for column, text in enumerate(("client", "churn")):
        sheet.write_string(0, column, text)
    sheet.write_string(1, 0, "Good")
    sheet.write_number(1, 1, 12.5)
    book.close()
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(part.filename, parts.pop(part.filename, source.read(part)))
        for name, data in parts.items():
            target.writestr(name, data)
    return result.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BEGIN = b'<?xml version="1.0"?><worksheet ' + NS + b"><sheetData>"
ROWS = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>client</t></is></c>'
    b'<c r="B1" t="inlineStr"><is><t>churn</t></is></c></row>'
    b'<row r="2"><c r="A2" t="inlineStr"><is><t>Good</t></is></c><c r="B2"><v>12.5</v></c></row>'
)
END = b"</sheetData></worksheet>"
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


@cache
def zip_bomb() -> bytes:
    buffer = io.BytesIO(workbook())
    archive = zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as part:
        for _ in range(256):
            part.write(b"\0" * (1 << 20))
    return buffer.getvalue()


def lying_sizes() -> bytes:
    """A part that unpacks to far more than the archive says."""
    data = bytearray(workbook(**{SHEET: BEGIN + ROWS + b" " * (8 << 20) + END}))
    at = data.rindex(SHEET.encode()) - 46
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def many_sheets() -> bytes:
    return workbook(**{f"xl/worksheets/sheet{n}.xml": BEGIN + END for n in range(2, 10_001)})


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return buffer.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "far cell": (lambda: workbook(**{SHEET: BEGIN + ROWS + FAR + END}), "XFD1048576"),
    "zip bomb": (zip_bomb, "unpacks to"),
    "lying sizes": (lying_sizes, "damaged"),
    "entity bomb": (
        lambda: workbook(**{SHEET: b'<?xml version="1.0"?>' + BOMB + BEGIN[21:] + ROWS + END}), "entities"
    ),
    "entity bomb in strings": (
        lambda: workbook(**{"xl/sharedStrings.xml": b'<?xml version="1.0"?>' + BOMB + b"<sst/>"}), "entities"
    ),
    "ten thousand sheets": (many_sheets, "sheets"),
    "encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "password"),
    "renamed text": (lambda: b"client;churn\nA;1\n", "not a workbook"),
    "truncated": (lambda: workbook()[:-200], "damaged"),
    "not xml": (lambda: workbook(**{SHEET: b"<worksheet><sheetData><row"}), "damaged"),
    "another archive": (_archive, "not a workbook"),
    "empty": (lambda: b"", "empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused(name: str, tmp_path: Path, read) -> None:
    make, what = HOSTILE[name]
    path = tmp_path / "a.xlsx"
    path.write_bytes(make())
    good, problems, _ = read(path)
    assert good == []
    assert what in str(problems[0])
    assert str(path) in str(problems[0])


MEASURED = """
import json, re, sys, time
from pathlib import Path
from tactician.errors import UnreadableInput
from tactician.portfolio.workbook import read_workbook
import openpyxl, defusedxml
started = time.process_time()
try:
    read_workbook(Path(sys.argv[1])); said = ""
except UnreadableInput as error:
    said = str(error)
used = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps({"seconds": time.process_time() - started, "mebibytes": int(used[1]) / 1024, "said": said}))
"""


@pytest.mark.parametrize(
    "name", ["far cell", "zip bomb", "lying sizes", "entity bomb", "ten thousand sheets"]
)
def test_a_hostile_workbook_is_refused_soon_and_in_little_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(HOSTILE[name][0]())
    process = subprocess.run(
        [sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True
    )
    measured = json.loads(process.stdout)
    assert measured["said"]
    assert measured["seconds"] < 2
    assert measured["mebibytes"] < 200


def test_a_false_dimension_hides_no_row(tmp_path: Path, read) -> None:
    path = tmp_path / "a.xlsx"
    lie = BEGIN.replace(b"<sheetData>", b'<dimension ref="A1:A1"/><sheetData>')
    path.write_bytes(workbook(**{SHEET: lie + ROWS + END}))
    good, problems, _ = read(path)
    assert (good, problems) == (["Good"], [])


CELLS = {
    "error": (b'<c r="B2" t="e"><v>#DIV/0!</v></c>', "error"),
    "formula never computed": (b'<c r="B2"><f>1+1</f></c>', "no stored value"),
    "text error": (b'<c r="B2" t="inlineStr"><is><t>#REF!</t></is></c>', "not a number"),
    "truth": (b'<c r="B2" t="b"><v>1</v></c>', "truth"),
    "not finite": (b'<c r="B2"><v>1e999</v></c>', "finite"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_holds_no_number_is_named(name: str, tmp_path: Path, read) -> None:
    cell, what = CELLS[name]
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(**{SHEET: BEGIN + ROWS.replace(b'<c r="B2"><v>12.5</v></c>', cell) + END}))
    good, problems, _ = read(path)
    assert good == []
    assert what in problems[0].what
    assert problems[0].where == 'column "churn" (B2)'
    assert "[Sheet1]" in problems[0].place.file


def test_a_date_where_a_number_should_be_is_named(tmp_path: Path, read) -> None:
    import datetime

    import xlsxwriter

    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["client", "churn"])
    sheet.write_string(1, 0, "A")
    sheet.write_datetime(1, 1, datetime.datetime(2025, 5, 1), book.add_format({"num_format": "dd-mm-yyyy"}))
    book.close()
    assert "date" in read(path)[1][0].what


def test_a_computed_formula_counts_by_its_stored_value(tmp_path: Path, read) -> None:
    path = tmp_path / "a.xlsx"
    cell = b'<c r="B2"><f>25/2</f><v>12.5</v></c>'
    path.write_bytes(workbook(**{SHEET: BEGIN + ROWS.replace(b'<c r="B2"><v>12.5</v></c>', cell) + END}))
    assert read(path)[:2] == (["Good"], [])


def test_hidden_sheets_and_sheets_without_clients_are_left_out_and_told(tmp_path: Path, read) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, rows in (("Kunder", [["client", "churn"], ["A", 5]]), ("Notater", [["x"], ["y"]])):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    hidden = book.add_worksheet("Skjult")
    hidden.write_row(0, 0, ["client", "churn"])
    hidden.write_row(1, 0, ["B", 5])
    hidden.hide()
    book.close()
    good, problems, said = read(path)
    assert (good, problems) == (["A"], [])
    assert any("Notater" in line for line in said)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS counts memory in bytes")
def test_a_large_sheet_is_read_in_little_memory(tmp_path: Path, read) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "client;segment;churn\n" + "".join(f"C{n};all;{n % 90},5\n" for n in range(3000)), encoding="utf-8"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read(path)[0]) == 3000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
