"""Checks of the text of rule files: characters that hide what is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from tactician.errors import Place
from tactician.facts.opening import decode
from tactician.knowledge.packs import PackFile
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding

HIDING = ("Cf", "Zl", "Zp")
"""Unicode categories: format characters (invisible and bidirectional ones), line and paragraph separators."""
BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that look like nothing."""
CODES = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(00[0-9A-Fa-f]{6}))")


def check_texts(files: Iterable[PackFile]) -> Iterator[Finding]:
    """Every hidden character in some files, written as itself or by its code."""
    for file in files:
        for number, line in enumerate(decode(file.data, file.shown).split("\n"), start=1):
            yield from _check_line(line, file.shown, number)


def _check_line(line: str, file: str, number: int) -> Iterator[Finding]:
    found = [(column, character) for column, character in enumerate(line, start=1)]
    found += [(match.start() + 1, chr(int("".join(match.groups("")), 16))) for match in CODES.finditer(line)]
    for column, character in found:
        if unicodedata.category(character) in HIDING or character in BLANKS:
            name = unicodedata.name(character, "without a name").lower()
            what = f"U+{ord(character):04X} ({name}) cannot be seen"
            yield Finding(finding.HIDDEN_CHARACTER, Place(file, number, column), "", what, "Delete it.")
