"""What a conversation shows and reads, line by line; whoever talks to a person or a pipe is a Prompter."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Lines to show, and then one line to read."""

    lines: tuple[str, ...]
    cue: str
    """What stands before the cursor."""
    kind: str
    """What is asked for: `name`, `choice`, `number`, `item` …"""


@dataclass(frozen=True, slots=True)
class Save:
    """The wish to write the client file now; answered with a line to show."""


Talk = Generator[Prompt | Save, str, R]
"""A part of a conversation: gives prompts, takes what was typed, and ends with a result."""


class InputEnded(Exception):
    """Nothing more will be typed."""


class Prompter(Protocol):
    """Shows lines and reads lines."""

    def show(self, lines: tuple[str, ...]) -> None:
        """Show some lines."""

    def read(self, cue: str) -> str:
        """The next line that is typed, without its end; raises InputEnded."""
