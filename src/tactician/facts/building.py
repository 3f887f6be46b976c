"""Turns events into plain values and their positions, within bounds, without recursion; knows no file format."""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from tactician.errors import Place, Problem, UnreadableInput, UsageError

Scalar = str | bool | int | float | None
Spot = tuple[int, int] | None
"""Line and column, both from 1; None where a value has no text position."""
Path = Sequence[str | int]

LARGEST = 1e15
INTEGER_DIGITS = 18
LONGEST_SHOWN = 60
MOST_PROBLEMS = 100
"""As many are told at once; a file with more is not the kind of file it should be."""
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
VARIABLES = {"depth": "TACTICIAN_MAX_DEPTH", "nodes": "TACTICIAN_MAX_NODES", "text": "TACTICIAN_MAX_TEXT"}
SIZE_VARIABLE = "TACTICIAN_MAX_BYTES"


def from_environment(variable: str, default: int) -> int:
    """A bound, raised by an environment variable when that is set; raises UsageError when it is no number."""
    stated = os.environ.get(variable, "")
    if not stated:
        return default
    if not stated.isdecimal() or len(stated) > INTEGER_DIGITS:
        raise UsageError(
            f"{variable} is {stated!r}, which is not a whole number.", f"Try {variable}={default}."
        )
    return max(default, int(stated))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much structure a document may have; each can be raised by an environment variable."""

    depth: int = 32
    nodes: int = 200_000
    text: int = 10_000

    @staticmethod
    def current() -> Bounds:
        """The bounds, with what the environment raises."""
        standard = Bounds()
        return Bounds(
            **{name: from_environment(var, getattr(standard, name)) for name, var in VARIABLES.items()}
        )


@dataclass(slots=True)
class Region:
    """A mapping or list under construction, and afterwards where its parts stand."""

    value: dict[str, object] | list[object]
    here: Spot
    at: dict[str | int, Spot] = field(default_factory=dict)
    keys: dict[str, Spot] = field(default_factory=dict)
    inside: dict[str | int, Region] = field(default_factory=dict)
    pending: str | None = None
    """In a mapping, the key whose value comes next."""
    last: str | int = 0
    """Where the latest value stands."""


def shorten(text: str) -> str:
    """A text that may be long, cut for a message."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def show_path(path: Path, root: object) -> str:
    """A path in the reader's words: `segments[commuters].pains[#2]`, numbered where there is no name."""
    words: list[str] = []
    value = root
    for part in path:
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
            names = value if isinstance(value, dict) else {}
            named = (names[key] for key in ("name", "id") if isinstance(names.get(key), str))
            words.append(f"[{shorten(next(named, f'#{part + 1}'))}]")
        else:
            value = value.get(part) if isinstance(value, dict) else None
            words.append(f".{shorten(part)}" if words else shorten(part))
    return "".join(words)


class Builder:
    """Receives `opens`, `key`, `scalar` and `closes` from a source, and holds the value built from them."""

    def __init__(self, file: str, bounds: Bounds) -> None:
        self.file = file
        self.bounds = bounds
        self.problems: list[Problem] = []
        self.doubtful: dict[tuple[str | int, ...], str] = {}
        self.root: object = None
        self.region: Region | None = None
        self.root_spot: Spot = None
        self._stack: list[Region] = []
        self._nodes = 0

    @property
    def wants_key(self) -> bool:
        """Whether the next scalar is a key of a mapping."""
        top = self._stack[-1] if self._stack else None
        return top is not None and top.pending is None and isinstance(top.value, dict)

    def opens(self, value: dict[str, object] | list[object], spot: Spot) -> None:
        """A mapping or list begins."""
        if len(self._stack) >= self.bounds.depth:
            self._over("depth", spot, f"this is nested deeper than {self.bounds.depth} levels")
        if self.wants_key:
            self.fail(spot, "a key must be a word, not a list or a mapping", "Put the key in quotes.")
        region = Region(value, spot)
        part = self._place(value, spot)
        if self._stack and part is not None:
            self._stack[-1].inside[part] = region
        else:
            self.region = region
        self._stack.append(region)

    def closes(self) -> None:
        """The innermost mapping or list ends."""
        self._stack.pop()

    def key(self, key: str, spot: Spot) -> None:
        """The key of the next value; keys that look the same are the same."""
        self._count(spot)
        top = self._stack[-1]
        name = self._text(key, spot)
        if name in top.keys:
            lines = sorted({line for line, _ in filter(None, (top.keys[name], spot))})
            told = " and ".join(f"in line {line}" for line in lines)
            self.report(
                spot,
                f"{shorten(repr(name))} is given twice, {told}"
                if told
                else f"{shorten(repr(name))} is given twice",
                "Keep one of them.",
            )
        else:
            top.keys[name] = spot
        top.pending = name

    def scalar(self, value: Scalar, spot: Spot) -> None:
        """A value that is not a mapping or list."""
        if type(value) is str:
            value = self._text(value, spot)
        elif type(value) is int or type(value) is float:
            self._check_number(value, spot)
        self._place(value, spot)

    def doubt(self, written: str) -> None:
        """Notes that the latest value is a number that may be meant otherwise, as it is written: `1.500`."""
        self.doubtful[tuple(region.last for region in self._stack)] = written

    def here(self) -> str:
        """The path of the value that comes next, in words."""
        path = [region.last for region in self._stack[:-1]]
        if self._stack:
            top = self._stack[-1]
            path += [len(top.value)] if isinstance(top.value, list) else [top.pending] if top.pending else []
        return show_path(path, self.root)

    def report(self, spot: Spot, what: str, hint: str = "") -> None:
        """Notes a problem and goes on, so that all are told at once."""
        self.problems.append(Problem(self._at(spot), self.here(), what, hint))
        if len(self.problems) == MOST_PROBLEMS:
            self.stop(spot, f"reading stops here, after {MOST_PROBLEMS} problems", "Repair these first.")

    def fail(self, spot: Spot, what: str, hint: str = "") -> NoReturn:
        """Raises UnreadableInput with this and every problem noted so far."""
        self.report(spot, what, hint)
        raise UnreadableInput(self.problems)

    def stop(self, spot: Spot, what: str, hint: str = "") -> NoReturn:
        """Raises UnreadableInput for what no value can be read from, with every problem noted so far."""
        raise UnreadableInput([*self.problems, Problem(self._at(spot), "", what, hint)])

    def _at(self, spot: Spot) -> Place:
        return Place(self.file, *spot) if spot else Place(self.file)

    def _over(self, bound: str, spot: Spot, what: str) -> NoReturn:
        self.stop(spot, what, f"Set {VARIABLES[bound]} to a higher number if this is meant.")

    def _place(self, value: object, spot: Spot) -> str | int | None:
        """Puts a value where it belongs and returns its key or index there; None for the whole document."""
        self._count(spot)
        if not self._stack:
            self.root, self.root_spot = value, spot
            return None
        top = self._stack[-1]
        part: str | int
        if isinstance(top.value, list):
            part = len(top.value)
            top.value.append(value)
        else:
            assert top.pending is not None
            part, top.pending = top.pending, None
            top.value[part] = value
        top.at[part] = spot
        top.last = part
        return part

    def _count(self, spot: Spot) -> None:
        self._nodes += 1
        if self._nodes > self.bounds.nodes:
            self._over("nodes", spot, f"there are more than {self.bounds.nodes} keys and values up to here")

    def _text(self, text: str, spot: Spot) -> str:
        if len(text) > self.bounds.text:
            self.report(spot, f"a text of {len(text)} characters, {self.bounds.text} are allowed",
                        f"Set {VARIABLES['text']} to a higher number if this is meant.")  # fmt: skip
        if text.isascii() and text.isprintable():
            return text
        found = UNPRINTABLE.search(text)
        if found:
            self.report(
                spot, f"the text contains the unprintable character U+{ord(found[0]):04X}", "Remove it."
            )
            return UNPRINTABLE.sub("", text)
        return unicodedata.normalize("NFC", text)

    def _check_number(self, number: int | float, spot: Spot) -> None:
        if isinstance(number, float) and not math.isfinite(number):
            self.report(spot, "this is not a finite number", "Write unknown when it is not known.")
        elif abs(number) > LARGEST:
            self.report(spot, "this number is beyond 1,000,000,000,000,000", "Check the digits and the unit.")
