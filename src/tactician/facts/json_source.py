"""JSON as a source of events for the builder: a small iterative reader that knows where everything stands."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import NoReturn

from tactician.facts.building import Builder, Scalar, Spot
from tactician.facts.scalars import TooManyDigits, integer

SPACE = re.compile(r"[ \t\r\n]*")
STRING = re.compile(r'"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"')
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?(?![0-9A-Za-z_.+-])")
WORD = re.compile(r"[-+A-Za-z0-9_.]+")
LITERALS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
LINE_END = re.compile(r"\r\n|\r|\n")
CLOSING = {"{": "}", "[": "]"}


def feed_json(text: str, builder: Builder) -> None:
    """Feeds a JSON text to the builder; raises UnreadableInput."""
    _Reader(text, builder).read()


class _Reader:
    def __init__(self, text: str, builder: Builder) -> None:
        self.text = text
        self.builder = builder
        self.at = 0
        self.open: list[tuple[str, int]] = []
        self.lines = [0, *(found.end() for found in LINE_END.finditer(text))]

    def read(self) -> None:
        if self.peek() == "":
            self.builder.stop(None, "the file is empty")
        self.value()
        while self.open:
            bracket = self.open[-1][0]
            sign = self.peek()
            if sign == CLOSING[bracket]:
                self.close()
            elif sign == ",":
                self.comma(CLOSING[bracket])
            else:
                self.unexpected(f"a comma or {CLOSING[bracket]} is missing here")
        if self.peek():
            self.wrong("something follows after the end of the document", "Check the brackets before it.")

    def peek(self) -> str:
        found = SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def comma(self, closing: str) -> None:
        comma, self.at = self.at, self.at + 1
        if self.peek() == closing:
            self.at = comma
            self.wrong("there is a comma before the closing bracket", "Remove the comma.")
        self.part()

    def part(self) -> None:
        """The next entry of the innermost mapping or list."""
        if self.open[-1][0] == "{":
            self.key()
        self.value()

    def value(self) -> None:
        """A value; of a mapping or list only its start and, through `part`, nothing deeper: `read` goes on."""
        while (sign := self.peek()) in ("{", "["):
            self.builder.opens({} if sign == "{" else [], self.spot())
            self.open.append((sign, self.at))
            self.at += 1
            if self.peek() == CLOSING[sign]:
                self.close()
                return
            if sign == "{":
                self.key()
        if sign == '"':
            spot = self.spot()
            self.builder.scalar(self.string(), spot)
        else:
            self.literal()

    def key(self) -> None:
        if self.peek() != '"':
            self.unexpected("a key in double quotes is missing here", "Put keys and texts in double quotes.")
        spot = self.spot()
        self.builder.key(self.string(), spot)
        if self.peek() != ":":
            self.unexpected("a colon is missing after the key")
        self.at += 1

    def close(self) -> None:
        self.at += 1
        self.open.pop()
        self.builder.closes()

    def string(self) -> str:
        found = STRING.match(self.text, self.at)
        if not found:
            self.wrong(
                "this quote is not closed on its line", r"Add the closing quote; write a line break as \n."
            )
        try:
            read = json.loads(found[0], strict=False)
        except ValueError:
            self.wrong(
                "a backslash here is not followed by one of its known letters", r"Write a backslash as \\."
            )
        self.at = found.end()
        return str(read)

    def literal(self) -> None:
        spot = self.spot()
        number = NUMBER.match(self.text, self.at)
        word = WORD.match(self.text, self.at)
        if number:
            self.builder.scalar(self.number(number), spot)
            self.at = number.end()
        elif word and word[0] in LITERALS:
            self.builder.scalar(LITERALS[word[0]], spot)
            self.at = word.end()
        elif word:
            self.wrong(f"{word[0][:40]!r} is not a JSON value", 'Put a text in double quotes, as "unknown".')
        else:
            self.unexpected("a value is missing here")

    def number(self, found: re.Match[str]) -> Scalar:
        if found[1] or found[2]:
            return float(found[0])
        try:
            return integer(found[0])
        except TooManyDigits as error:
            self.builder.report(
                self.spot(), str(error), "Check the digits, or put it in quotes if it is a text."
            )
            return None

    def spot(self) -> Spot:
        line = bisect_right(self.lines, self.at)
        return line, self.at - self.lines[line - 1] + 1

    def unexpected(self, what: str, hint: str = "Check commas, quotes and brackets.") -> NoReturn:
        if self.at < len(self.text):
            self.wrong(what, hint)
        bracket, opened = self.open[-1]
        self.at = opened
        self.wrong(
            f"what is opened here with {bracket} is never closed", f"Add the missing {CLOSING[bracket]}."
        )

    def wrong(self, what: str, hint: str) -> NoReturn:
        self.builder.stop(self.spot(), what, hint)
