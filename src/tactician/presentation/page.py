"""A page as data: blocks of text that any renderer can show, each escaping in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


class Code(str):
    """Words to type; where a renderer has no way to show that, plain text."""


class Link(str):
    """Words that lead to another page, at the relative address `to`."""

    to: str

    def __new__(cls, words: str, to: str) -> Self:
        """The words as a link to that address."""
        link = super().__new__(cls, words)
        link.to = to
        return link


class Parts(str):
    """A text of several parts, of which some are code or links; as a plain text, all of them in a row."""

    parts: tuple[str, ...]

    def __new__(cls, *parts: str) -> Self:
        """The text that these parts make."""
        whole = super().__new__(cls, "".join(parts))
        whole.parts = parts
        return whole

    @classmethod
    def of(cls, text: str) -> Self:
        """A sentence of ours, in which backticks enclose code."""
        return cls(*(Code(part) if place % 2 else part for place, part in enumerate(text.split("`"))))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the page."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `label` opens it in bold."""

    text: str
    label: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short paragraphs; `label` stands before it."""

    items: tuple[str, ...]
    label: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; columns named in `numeric` are right-aligned."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Commands:
    """Command lines to copy, each with what it does."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that other programs read too, such as `file:line:column: problem`: never wrapped."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A short paragraph with others below it; `mark` stands before it, such as its points."""

    text: str
    below: tuple[Node, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """Paragraphs inside paragraphs; `label` stands before them."""

    nodes: tuple[Node, ...]
    label: str = ""


Block = Heading | Text | Bullets | Table | Commands | Lines | Outline


def one_line(text: str) -> str:
    """The text without line breaks, so that it cannot pretend to be several lines."""
    return " ".join(text.split())
