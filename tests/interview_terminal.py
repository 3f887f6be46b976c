"""A real terminal in which `tactician ask` runs, and somebody who types."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pexpect

from interview_owner import CUE

WAIT = 60


class Terminal:
    """One run of the command; everything is kept in one folder."""

    def __init__(self, folder: Path, *arguments: str, environment: Mapping[str, str] = {}) -> None:
        self.folder = folder
        place = {"XDG_STATE_HOME": str(folder / "state"), "TERM": "dumb", "PYTHONUNBUFFERED": "1"}
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "tactician", "ask", *arguments],
            cwd=folder,
            env={**os.environ, **place, **environment},
            encoding="utf-8",
            timeout=WAIT,
            dimensions=(60, 120),
            echo=True,
        )
        self.seen = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.close(force=True)

    def prompt(self) -> tuple[str, str]:
        """What is shown up to the next prompt, and the prompt itself; raises pexpect.EOF at the end."""
        self.child.expect(CUE.pattern.replace("$", r"\Z").replace("(?m)^", r"(?:^|(?<=\n))"))
        screen = self.child.before.replace("\r\n", "\n")
        cue = self.child.after
        self.seen += screen + cue
        return screen, cue

    def type(self, text: str) -> None:
        """A line and Enter."""
        self.child.sendline(text)

    def rest(self) -> str:
        """What is shown until the command ends."""
        self.child.expect(pexpect.EOF)
        text = str(self.child.before).replace("\r\n", "\n")
        self.seen += text
        return text

    @property
    def exit_code(self) -> int:
        """What the command ended with; 128 and the number of the signal when one killed it."""
        self.child.close()
        signal = self.child.signalstatus
        return 128 + signal if signal is not None else int(self.child.exitstatus)


def type_all(terminal: Terminal, lines: Sequence[str]) -> None:
    """Type some lines, each at the next prompt."""
    for line in lines:
        terminal.prompt()
        terminal.type(line)
