"""Shows a page as plain text for a terminal of a given width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from tabulate import tabulate

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
from tactician.presentation.terminal import bold, clean, faint

Hang = tuple[str, str]
"""What a paragraph's first line and its other lines begin with."""
WIDTH = 80
NARROWEST, WIDEST = 40, 100
PADDING = 2
"""What tabulate leaves beside a header."""


def render(blocks: Iterable[Block], width: int = WIDTH, colour: bool = False) -> str:
    """The page as text, ending in one line break; nothing in it can steer the terminal."""
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Text) and not block.indent and not isinstance(before, Heading | None):
            lines.append("")
        lines.extend(_lines(block, max(NARROWEST, min(width, WIDEST)), colour))
        before = block
    return "\n".join(lines).strip("\n") + "\n"


def _lines(block: Block, width: int, colour: bool) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield from _heading(clean(one_line(text)), level, colour)
        case Text(text, label, indent):
            yield from _wrapped(text, label, (" " * indent, " " * indent), width, colour)
        case Bullets(items, label, indent):
            if label and items:
                yield from _wrapped("", label, (" " * indent, ""), width, colour)
            for item in items:
                yield from _wrapped(item, "", (" " * indent + "- ", " " * (indent + 2)), width, colour)
        case Outline(nodes, label):
            if label and nodes:
                yield from _wrapped("", label, ("", ""), width, colour)
            yield from (line for node in nodes for line in _nested(node, 0, width, colour))
        case Table():
            yield from _table(block, width)
        case Lines(lines):
            yield from (clean(one_line(line)) for line in lines)
        case Commands(commands):
            yield from _commands(commands, width, colour)


def _nested(node: Node, indent: int, width: int, colour: bool) -> Iterator[str]:
    mark = clean(one_line(node.mark or "-"))
    hang = indent + len(mark) + 1
    first, *others = _wrapped(node.text, "", (" " * indent + mark + " ", " " * hang), width, colour)
    yield first.replace(mark, bold(mark), 1) if colour and node.mark else first
    yield from others
    for below in node.below:
        yield from _nested(below, hang, width, colour)


def _commands(commands: tuple[tuple[str, str], ...], width: int, colour: bool) -> Iterator[str]:
    """Each command with what it does beside it, or above it where that would be too wide."""
    longest = max(len(command) for command, _ in commands)
    beside = all(longest + len(purpose) + 6 <= width for _, purpose in commands)
    for command, purpose in commands:
        note = faint(f"# {clean(purpose)}") if colour else f"# {clean(purpose)}"
        if beside:
            yield f"  {clean(command):<{longest}}  {note}"
        else:
            yield from (f"  {note}", f"  {clean(command)}")


def _heading(text: str, level: int, colour: bool) -> Iterator[str]:
    yield ""
    yield bold(text) if colour else text
    if level == 1:
        yield "=" * len(text)
        yield ""
    elif level == 2:
        yield "-" * len(text)


def _wrapped(text: str, label: str, hang: Hang, width: int, colour: bool) -> Iterator[str]:
    opening = f"{clean(one_line(label))}: " if label else ""
    whole = (opening + clean(one_line(text))).rstrip()
    lines = textwrap.wrap(
        whole, width, initial_indent=hang[0], subsequent_indent=hang[1], break_on_hyphens=False
    )
    for number, line in enumerate(lines or [""]):
        if colour and opening and number == 0:
            yield line.replace(opening.rstrip(), bold(opening.rstrip()), 1)
        else:
            yield line


def _table(table: Table, width: int) -> Iterator[str]:
    rows = [[clean(one_line(cell)) for cell in row] for row in table.rows]
    align = ["right" if header in table.numeric else "left" for header in table.headers]
    widths = _column_widths(table.headers, rows, width)
    text = tabulate(
        rows,
        headers=table.headers,
        tablefmt="simple",
        colalign=align,
        disable_numparse=True,
        maxcolwidths=widths,
    )
    yield from text.split("\n")


def _column_widths(headers: tuple[str, ...], rows: list[list[str]], width: int) -> list[int]:
    """The natural width of each column; the widest gives way until the table fits."""
    columns = list(zip(headers, *rows, strict=True))
    widths = [max(len(column[0]) + PADDING, *(len(cell) for cell in column)) for column in columns]
    narrowest = [
        max(len(column[0]) + PADDING, *(len(word) for cell in column for word in cell.split()))
        for column in columns
    ]
    while sum(widths) + 2 * (len(widths) - 1) > width:
        slack = [have - need for have, need in zip(widths, narrowest, strict=True)]
        if max(slack) <= 0:
            break
        widths[slack.index(max(slack))] -= 1
    return widths
