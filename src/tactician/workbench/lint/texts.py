"""Checks of the text of rule files: characters that hide what is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from tactician.errors import Place
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding

BIDIRECTIONAL = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)))
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u3164\u115f\u1160")


def check_texts(folders: Sequence[Path], shown: Sequence[str]) -> Iterator[Finding]:
    """Every hidden character in the YAML files of some folders."""
    for folder, name in zip(folders, shown, strict=True):
        for path in sorted(folder.rglob("*.yaml")):
            file = f"{name}/{path.relative_to(folder).as_posix()}"
            for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
                yield from _check_line(line, file, number)


def _check_line(line: str, file: str, number: int) -> Iterator[Finding]:
    for column, character in enumerate(line, start=1):
        tag = 0xE0000 <= ord(character) <= 0xE007F
        if character in BIDIRECTIONAL or character in INVISIBLE or tag:
            name = unicodedata.name(character, "tag character")
            what = f"U+{ord(character):04X} ({name.lower()}) cannot be seen"
            yield Finding(finding.HIDDEN_CHARACTER, Place(file, number, column), "", what, "Delete it.")
