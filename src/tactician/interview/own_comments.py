"""The comments that a person wrote beside the facts of a client file, so that writing it again keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tactician.facts.document import Document
from tactician.facts.vocabulary import FACT_SCOPES, Vocabulary
from tactician.interview.slots import Slot

BESIDE = re.compile(r"^[^#\"']*?(?:\"[^\"]*\"|'[^']*')?\s+#\s*(?P<words>.*\S)")


def own_comments(document: Document, text: str, vocabulary: Vocabulary) -> dict[Slot, str]:
    """What stands after the facts of a file, by the slot that the fact fills."""
    lines = text.splitlines()
    found: dict[Slot, str] = {}
    for slot, path in _paths(document, vocabulary):
        line = document.place(path, key=True).line
        beside = BESIDE.match(lines[line - 1]) if line and line <= len(lines) else None
        if beside:
            found[slot] = beside["words"]
    return found


def _paths(document: Document, vocabulary: Vocabulary) -> Iterator[tuple[Slot, Sequence[str | int]]]:
    """The facts that stand in a file, each with its path."""
    value = document.value if isinstance(document.value, dict) else {}
    for scope in FACT_SCOPES[:2]:
        for spec in vocabulary.of_scope(scope):
            if spec.name in (value.get(scope) or {}):
                yield Slot(spec.id), [scope, spec.name]
    for number, segment in enumerate(value.get("segments") or []):
        for spec in vocabulary.of_scope("segment"):
            if spec.name in segment:
                yield Slot(spec.id, segment["name"]), ["segments", number, spec.name]
