"""Shows a page as a piece of HTML, for notebooks; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from tactician.presentation.page import (
    Block,
    Bullets,
    Commands,
    Heading,
    Lines,
    Node,
    Outline,
    Table,
    Text,
    one_line,
)
from tactician.presentation.terminal import clean


def render(blocks: Iterable[Block]) -> str:
    """The page as one `div`: no script, no style sheet, nothing loaded."""
    return '<div class="tactician">' + "".join(part for block in blocks for part in _parts(block)) + "</div>"


def _text(text: str) -> str:
    return escape(clean(one_line(text)))


def _label(label: str) -> str:
    return f"<b>{_text(label)}:</b> " if label else ""


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"<h{level + 1}>{_text(text)}</h{level + 1}>"
        case Text(text, label):
            yield f"<p>{_label(label)}{_text(text)}</p>"
        case Bullets(items, label):
            if items:
                rows = "".join(f"<li>{_text(item)}</li>" for item in items)
                yield f"{f'<p>{_label(label)}</p>' if label else ''}<ul>{rows}</ul>"
        case Outline(nodes, label):
            if nodes:
                yield f"{f'<p>{_label(label)}</p>' if label else ''}{_list(nodes)}"
        case Table(headers, rows, numeric):
            head = "".join(f"<th>{_text(header)}</th>" for header in headers)
            sides = ["right" if header in numeric else "left" for header in headers]
            cells = ("".join(map(_cell, row, sides)) for row in rows)
            body = "".join(f"<tr>{row}</tr>" for row in cells)
            yield f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        case Lines(lines):
            yield f"<pre>{chr(10).join(_text(line) for line in lines)}</pre>"
        case Commands(lines):
            yield "<ul>" + "".join(f"<li><code>{_text(a)}</code> {_text(b)}</li>" for a, b in lines) + "</ul>"


def _cell(text: str, side: str) -> str:
    return f'<td style="text-align:{side}">{_text(text)}</td>'


def _list(nodes: Iterable[Node]) -> str:
    rows = (
        f"<li>{f'<b>{_text(node.mark)}</b> ' if node.mark else ''}{_text(node.text)}{_list(node.below)}</li>"
        for node in nodes
    )
    text = "".join(rows)
    return f"<ul>{text}</ul>" if text else ""
