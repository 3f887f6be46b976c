"""Looks a workbook over before it is opened: what it would unpack to, and what it tries to pull in."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import NoReturn

from tactician.errors import Place, Problem, UnreadableInput
from tactician.facts.building import from_environment

MEBIBYTE = 1024 * 1024
MOST_UNPACKED = 128 * MEBIBYTE
MOST_PART = {"xl/sharedStrings.xml": 24 * MEBIBYTE, "xl/styles.xml": 8 * MEBIBYTE}
"""Parts that are held in memory whole."""
UNPACKED_VARIABLE = "TACTICIAN_MAX_UNPACKED"
MOST_RATIO = 100
"""How many times its packed size a part of more than a mebibyte may have."""
MOST_PARTS = 2_000
MOST_SHEETS = 100
HEAD = 65_536
DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AGAIN = "Open it in a spreadsheet and save it as .xlsx, without a password."


def check_workbook(path: Path) -> None:
    """Raises UnreadableInput for a workbook that is broken, locked, or would do harm when opened."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            start = stream.read(len(OLD_OR_LOCKED))
        if start == OLD_OR_LOCKED:
            _refuse(file, "this is an old .xls file or is locked with a password", SAVE_AGAIN)
        if not start:
            _refuse(file, "the file is empty", SAVE_AGAIN)
        if not start.startswith(b"PK"):
            _refuse(file, "this is not a workbook, whatever its name says", "If it is text, name it .csv.")
        with zipfile.ZipFile(path) as archive:
            _check_sizes(file, archive.infolist())
            _check_parts(file, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        _refuse(file, "the workbook is cut off or damaged", SAVE_AGAIN, error)


def _check_sizes(file: str, parts: list[zipfile.ZipInfo]) -> None:
    sheets = sum(
        part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml") for part in parts
    )
    if sheets > MOST_SHEETS:
        _refuse(file, f"the workbook has {sheets:,} sheets, and {MOST_SHEETS} are allowed", "Split it.")
    if len(parts) > MOST_PARTS:
        _refuse(file, f"the workbook has {len(parts):,} parts, and {MOST_PARTS:,} are allowed")
    unpacked = sum(part.file_size for part in parts)
    most = from_environment(UNPACKED_VARIABLE, MOST_UNPACKED)
    if unpacked > most:
        hint = f"Set {UNPACKED_VARIABLE} to a higher number if you trust it."
        _refuse(file, f"the workbook unpacks to {unpacked:,} bytes, and {most:,} are allowed", hint)
    for part in parts:
        if part.file_size > MEBIBYTE and part.file_size > MOST_RATIO * part.compress_size:
            _refuse(
                file, f"{part.filename} unpacks to more than {MOST_RATIO} times its size", "Do not open it."
            )
        if part.file_size > MOST_PART.get(part.filename, most):
            _refuse(
                file,
                f"{part.filename} unpacks to {part.file_size:,} bytes",
                "Delete unused texts and formats.",
            )


def _check_parts(file: str, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        _refuse(file, "this archive is not a workbook", SAVE_AGAIN)
    for part in archive.infolist():
        if part.flag_bits & 1:
            _refuse(file, "the workbook is locked with a password", SAVE_AGAIN)
        if part.filename.endswith((".xml", ".rels", ".vml")):
            with archive.open(part) as stream:
                head = stream.read(HEAD)
            if any(declaration in head for declaration in DECLARATIONS):
                _refuse(file, f"{part.filename} declares entities, as no spreadsheet does", "Do not open it.")


def _refuse(file: str, what: str, hint: str = "", cause: Exception | None = None) -> NoReturn:
    raise UnreadableInput([Problem(Place(file), "", what, hint)]) from cause
