"""A Prompter over two text streams: plain lines, no cursor tricks, nothing that a screen reader could miss."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TextIO

from tactician.interview.prompting import InputEnded
from tactician.presentation.terminal import clean


class LinePrompter:
    """Shows lines on one stream, wrapped at spaces, and reads them from another."""

    def __init__(self, source: TextIO, target: TextIO, width: int = 80, *, quiet: bool = False) -> None:
        self._source = source
        self._target = target
        self._width = width
        self._quiet = quiet

    def show(self, lines: Iterable[str]) -> None:
        """Show some lines; what would steer the terminal is shown by its code."""
        if not self._quiet:
            for line in lines:
                self._target.write(f"{self._wrapped(clean(line))}\n")

    def read(self, cue: str) -> str:
        """The next line that is typed, without its end; raises InputEnded."""
        if not self._quiet:
            self._target.write(clean(cue))
            self._target.flush()
        try:
            line = self._source.readline()
        except OSError as error:
            raise InputEnded from error
        if not self._source.isatty():
            # Nobody saw this being typed.
            self.show((line.rstrip("\r\n"),))
        if not line:
            raise InputEnded
        return line.rstrip("\r\n")

    def _wrapped(self, line: str) -> str:
        text = line.lstrip(" ")
        indent = " " * (len(line) - len(text))
        inner = f"{indent}  " if indent else ""
        return textwrap.fill(
            text, self._width, initial_indent=indent, subsequent_indent=inner,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
