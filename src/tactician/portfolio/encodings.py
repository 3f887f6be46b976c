"""Decodes the bytes of a CSV file as spreadsheets write them, and says what it took them for."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from tactician.errors import Place, Problem, UnreadableInput

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
EXPECTED = frozenset("æøåÆØÅäöüÄÖÜëïéèêáàâóòôíìîúùûñçßËÏÉÈÁÓÍÚ§°·½²³«»€£–—‘’“”•…®©™\u00a0")
"""Letters and marks that stand in Nordic and Dutch spreadsheets."""
SAMPLE = 4096
MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""UTF-8 that was decoded as cp1252 once too often: Ã¸ for ø."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a table, what it was taken for, and what the reader should know about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode_table(data: bytes, file: str) -> Decoded:
    """The text of a CSV file without its byte-order mark; raises UnreadableInput."""
    encoding, name, warnings = _guess(data)
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"byte 0x{data[error.start]:02X} is not {name} text"
        hint = 'Save the sheet again, as "CSV UTF-8".'
        raise UnreadableInput([Problem(Place(file, line), "", what, hint)]) from error
    return Decoded(text, name, (*warnings, *_signs_of_damage(text)))


def _guess(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """The codec, its name for people, and warnings."""
    for mark, encoding, name in MARKS:
        if data.startswith(mark):
            return encoding, name, ()
    if data[:SAMPLE].count(0) > len(data[:SAMPLE]) // 5:
        even = data[:SAMPLE:2].count(0)
        odd = data[1:SAMPLE:2].count(0)
        return ("utf-16-be" if even > odd else "utf-16-le"), "UTF-16", ()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _one_byte(data)
    return "utf-8", "UTF-8", ()


def _one_byte(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Windows or old Mac, by whose letters come out as letters that people use."""
    high = bytes(byte for byte in data if byte >= 0x80)
    windows = _share_expected(high, "cp1252")
    mac = _share_expected(high, "mac-roman")
    if mac > windows:
        return (
            "mac-roman",
            "mac-roman",
            ("it looks like an old Mac file; check that æ, ø, å and ë came out right",),
        )
    return "cp1252", "cp1252", ()


def _share_expected(high: bytes, encoding: str) -> float:
    text = high.decode(encoding, errors="replace")
    return sum(char in EXPECTED for char in text) / max(1, len(text))


def _signs_of_damage(text: str) -> list[str]:
    found = MOJIBAKE.search(text)
    if found is None:
        return []
    line = text.count("\n", 0, found.start()) + 1
    return [
        f"line {line} has {found[0]!r}, which looks like a letter that was garbled before; check the names"
    ]
