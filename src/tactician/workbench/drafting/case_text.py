"""Writes drafted cases as YAML that people read, and lays them below the hand-written cases of a file."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tactician.facts.client import Item
from tactician.facts.document import Document, parse_document
from tactician.facts.vocabulary import LIST_OF
from tactician.workbench.drafting.drafts import Draft
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.notation import show_value

WIDTH = 110
PLAIN = re.compile(r"[A-Za-z0-9_“](?:[A-Za-z0-9_ .,;()/%+<>=“”’–—?!'-]|:(?! ))*")
"""Words that mean themselves in YAML without quotes (outside of lists and mappings on one line)."""
IN_FLOW = re.compile(r"[A-Za-z0-9_.+-]+")
WORDS = frozenset({"true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"})
HEADING = "# Cases of {name}. `tactician rules draft` writes those marked drafted anew and keeps the others."
DRAFTED = "  # Drafted from the rules. To keep one, change it and take its `drafted` away."


def file_text(name: str, kept: Kept, drafts: Iterable[Draft]) -> str:
    """A case file: what is kept (or a heading), then the drafted cases."""
    lines = [kept.text.rstrip("\n") or f"{HEADING.format(name=name)}\ncases:"]
    written = ["\n".join(case_lines(draft)) for draft in drafts if draft.name not in kept.names]
    if written:
        lines += ["", DRAFTED, "\n\n".join(written)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a case file when its cases are drafted anew."""

    text: str = ""
    """The beginning, and every case that is not drafted, as it was written."""
    names: frozenset[str] = frozenset()
    """The names of these cases: what people took over is not drafted again."""


def hand_written(text: str) -> Kept:
    """What people wrote in a case file; raises UnreadableInput."""
    if not text.strip():
        return Kept()
    document = parse_document(text, format="yaml")
    value = document.value
    cases = value.get("cases") if isinstance(value, dict) else None
    if not isinstance(cases, list) or not cases:
        return Kept(text)
    lines = text.splitlines()
    starts = [_start(document, at, lines) for at in range(len(cases))]
    ends = [*starts[1:], len(lines)]
    kept = [line for line in lines[: starts[0]] if line != DRAFTED]
    names = []
    for case, start, end in zip(cases, starts, ends, strict=True):
        if not (isinstance(case, dict) and case.get("drafted") is True):
            kept += [line for line in lines[start:end] if line != DRAFTED]
            names.append(str(case.get("name")) if isinstance(case, dict) else "")
    return Kept("\n".join(kept), frozenset(names))


def _start(document: Document, at: int, lines: list[str]) -> int:
    """The first line of a case, with the comments right above it."""
    line = (document.place(["cases", at]).line or 1) - 1
    while line > 0 and lines[line - 1].lstrip().startswith("#") and lines[line - 1] != DRAFTED:
        line -= 1
    return line


def case_lines(draft: Draft) -> Iterator[str]:
    """The lines of one case."""
    yield from _name(draft.name)
    yield "    drafted: true"
    yield from _facts(draft.situation)
    for key, rules in (("fires", draft.fires), ("silent", draft.silent), ("undecided", draft.undecided)):
        if rules:
            yield from _wrapped(key, list(rules), "[]")
    for key, pairs in (("evidence", draft.evidence), ("derived", draft.derived)):
        if pairs:
            yield from _wrapped(key, _pairs(pairs), "{}")
    if draft.blocked:
        yield from _wrapped("blocked", list(draft.blocked), "[]")


def _facts(situation: Situation) -> Iterator[str]:
    parts = _pairs(situation.facts)
    parts += [f"{LIST_OF[kind]}: [{', '.join(map(_item, items))}]" for kind, items in situation.items.items()]
    line = f"    facts: {{{', '.join(parts)}}}"
    if len(line) <= WIDTH:
        yield line
        return
    yield "    facts:"
    yield from (f"      {part}" for part in parts)


def _item(item: Item) -> str:
    parts = _pairs(item.attributes)
    if item.addresses:
        links = [
            "{"
            + ", ".join([f"item: {link.item}", *_pairs({"relevance": link.relevance, "proof": link.proof})])
            + "}"
            for link in item.addresses
        ]
        parts.append(f"addresses: [{', '.join(links)}]")
    return f"{{{', '.join(parts)}}}"


def _pairs(mapping: Mapping[str, object]) -> list[str]:
    return [f"{key}: {_scalar(value)}" for key, value in mapping.items()]


def _scalar(value: object) -> str:
    text = show_value(value)
    return (
        text
        if not isinstance(value, str) or (IN_FLOW.fullmatch(text) and text not in WORDS)
        else json.dumps(text)
    )


def _name(text: str) -> Iterator[str]:
    plain = PLAIN.fullmatch(text) and not text.endswith((" ", ":"))
    line = f"  - name: {text if plain else json.dumps(text, ensure_ascii=False)}"
    if len(line) <= WIDTH:
        yield line
    else:
        yield "  - name: >-"
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6, break_on_hyphens=False
        )


def _wrapped(key: str, parts: list[str], brackets: str) -> Iterator[str]:
    """A list or mapping on one line, or over several where it is long."""
    opening, closing = brackets[0], brackets[1]
    line = f"    {key}: {opening}"
    for at, part in enumerate(parts):
        piece = part + (closing if at == len(parts) - 1 else ",")
        if len(line) + len(piece) + 1 > WIDTH:
            yield line
            line = "      " + piece
        else:
            line += piece if line.endswith(opening) else f" {piece}"
    yield line
