"""Numbers that may be meant in two ways: `1.500`, where half of Europe puts a point between thousands."""

from __future__ import annotations

from collections.abc import Mapping

from tactician.errors import Problem
from tactician.facts.document import Document
from tactician.facts.scalars import may_be_grouped
from tactician.facts.sentences import Said, scope_of
from tactician.facts.vocabulary import FactSpec, Vocabulary


def doubtful_numbers(document: Document, vocabulary: Vocabulary) -> Mapping[tuple[str | int, ...], Problem]:
    """By its path, each number of a fact that may be meant in two ways."""
    found: dict[tuple[str | int, ...], Problem] = {}
    for path, written in document.doubtful.items():
        spec = vocabulary.facts.get(f"{scope_of(path)}.{path[-1]}" if path else "")
        if spec is not None and spec.is_number and (said := doubt(written, spec)):
            found[path] = document.problem(path, *said)
    return found


def doubt(written: str, spec: FactSpec) -> Said | None:
    """What to say of a number as it is written, and a hint; None when it can only be meant in one way."""
    grouped = int(written.replace(".", "")) if may_be_grouped(written) else None
    if grouped is None or (not spec.is_money and spec.maximum is not None and grouped > spec.maximum):
        return None
    read = f"{float(written):g}"
    return f"{written} may mean {grouped} or {read}", f"Write {grouped}{'' if spec.whole else f' or {read}'}."
