"""Shows a page as Markdown; every text is escaped, so that data stays data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tactician.presentation.page import (
    Block,
    Bullets,
    Code,
    Commands,
    Heading,
    Lines,
    Link,
    Node,
    Outline,
    Parts,
    Table,
    Text,
    one_line,
)
from tactician.presentation.terminal import clean

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
OPENS_A_BLOCK = re.compile(r"^([-+=]|\d+(?=[.)]))")
OPENS_A_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")
BLANKS = re.compile(r"\s+")
BLANK_LINES = re.compile(r"\n{3,}")
ALIGNED = {True: "---:", False: "---"}


def render(blocks: Iterable[Block]) -> str:
    """The page as Markdown, ending in one line break."""
    text = "\n".join(line for block in blocks for line in _lines(block)).strip("\n") + "\n"
    return BLANK_LINES.sub("\n\n", text)


def escape(text: str) -> str:
    """The text such that Markdown shows it as it is: no markup, no HTML, no link."""
    return OPENS_A_BLOCK.sub(
        lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", inline(text)
    )


def inline(text: str) -> str:
    """The text escaped for where no block can begin: in a heading or a table."""
    parts = text.parts if isinstance(text, Parts) else (text,)
    return "".join(_part(part) for part in parts).strip()


def _part(text: str) -> str:
    """A part of a line, with the blanks at its ends."""
    if isinstance(text, Link):
        return f"[{inline(str(text))}]({text.to})"
    if isinstance(text, Code):
        return "`" + _code(text).replace("`", "'") + "`"
    safe = SPECIAL.sub(r"\\\1", clean(BLANKS.sub(" ", text)))
    return OPENS_A_LINK.sub(r"\1\\", safe)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield from ("", f"{'#' * level} {inline(text)}", "")
        case Text(text, label):
            yield from (f"{_label(label)}{escape(text)}", "")
        case Bullets(items, label):
            if label and items:
                yield from (_label(label).rstrip(), "")
            yield from (f"- {escape(item)}" for item in items)
            yield from [""] if items else []
        case Outline(nodes, label):
            if label and nodes:
                yield from (_label(label).rstrip(), "")
            yield from (line for node in nodes for line in _nested(node, ""))
            yield from [""] if nodes else []
        case Table(headers, rows, numeric):
            yield _row(headers)
            yield "| " + " | ".join(ALIGNED[header in numeric] for header in headers) + " |"
            yield from (_row(row) for row in rows)
            yield ""
        case Lines(lines):
            yield from ("```", *(_code(line) for line in lines), "```", "")
        case Commands(commands):
            yield "```sh"
            yield from (f"{_code(command)}  # {_code(purpose)}" for command, purpose in commands)
            yield from ("```", "")


def _nested(node: Node, indent: str) -> Iterator[str]:
    mark = f"**{inline(node.mark)}** " if node.mark else ""
    yield f"{indent}- {mark}{inline(node.text) if mark else escape(node.text)}"
    for below in node.below:
        yield from _nested(below, indent + "  ")


def _label(label: str) -> str:
    return f"**{inline(label)}:** " if label else ""


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(inline(cell) for cell in cells) + " |"


def _code(text: str) -> str:
    """Inside a code block only its own fence must not appear."""
    return clean(one_line(text)).replace("```", "'''")
