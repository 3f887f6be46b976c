"""The journal of an interview: one line for each act, on the disk before the next question is shown."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

from tactician.errors import TacticianError
from tactician.interview.answers import Answers
from tactician.interview.events import DamagedJournal, Event, decode, encode
from tactician.interview.happening import after

VERSION = 1
SUFFIX = ".jsonl"
NAME = "interview"


class InUse(TacticianError):
    """A journal that another window is writing."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How an interview began: what it edits, and where the result goes; empty when that was left open."""

    file: str = ""
    """The client file that is edited, in full."""
    output: str = ""
    mapping: dict[str, Any] = field(default_factory=dict)
    """What that file said."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An interview as its journal tells it."""

    name: str
    path: Path
    beginning: Beginning
    events: tuple[Event, ...]
    size: int
    """How many bytes of it are whole lines."""

    def answers(self, start: Answers) -> Answers:
        """The state after it, from where it began; raises DamagedJournal."""
        answers = start
        for event in self.events:
            try:
                answers = after(answers, event)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                raise DamagedJournal(
                    f"{self.path} does not hold together at {encode(event)}.", HINT
                ) from error
        return answers


HINT = "Move the file away to begin anew; its lines can be read in any editor."


def folder() -> Path:
    """Where journals are kept."""
    return platformdirs.user_state_path("tactician", appauthor=False) / "interviews"


def kept() -> Iterator[Kept]:
    """The interviews that are not finished, the latest first; those that cannot be read are left out."""
    with contextlib.suppress(OSError):
        paths = sorted(folder().glob(f"*{SUFFIX}"), key=lambda path: (-path.stat().st_mtime_ns, path.name))
        for path in paths:
            with contextlib.suppress(TacticianError, OSError):
                yield read(path.stem)


def read(name: str) -> Kept:
    """The interview of a name; raises DamagedJournal. A last line that was torn off is left out."""
    path = folder() / f"{name}{SUFFIX}"
    try:
        data = path.read_bytes() if Path(name).name == name else b""
    except OSError as error:
        raise DamagedJournal(f"There is no interview called {name}: {error.strerror or error}.") from error
    size = data.rfind(b"\n") + 1
    lines = data[:size].split(b"\n")[:-1]
    stated = [_line(path, number, line) for number, line in enumerate(lines, start=1)]
    if not stated or not isinstance(stated[0], dict) or stated[0].get("journal") != VERSION:
        raise DamagedJournal(f"{path} is not a journal of this version.", HINT)
    head = stated[0]
    beginning = Beginning(str(head.get("file", "")), str(head.get("output", "")), head.get("mapping") or {})
    try:
        events = tuple(decode(line) for line in stated[1:])
    except DamagedJournal as error:
        raise DamagedJournal(f"{path}: {error}", HINT) from error
    return Kept(name, path, beginning, events, size)


def _line(path: Path, number: int, line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DamagedJournal(f"{path}:{number} is damaged.", HINT) from error


class Journal:
    """An open journal. Where the folder cannot be written, it keeps nothing and says why in `problem`."""

    def __init__(self, name: str, descriptor: int | None, problem: str = "") -> None:
        self.name = name
        self.problem = problem
        self._descriptor = descriptor

    @staticmethod
    def begin(beginning: Beginning) -> Journal:
        """A new journal."""
        head = {
            "journal": VERSION,
            "file": beginning.file,
            "output": beginning.output,
            "mapping": beginning.mapping,
        }
        try:
            place = folder()
            if not place.is_absolute():
                raise FileNotFoundError(2, "there is no home folder")
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            name, descriptor = _create(place)
        except OSError as error:
            return Journal("", None, f"{folder()}: {error.strerror or error}")
        journal = Journal(name, descriptor)
        journal._write(head)
        _settle(place)
        return journal

    @staticmethod
    def reopen(kept: Kept) -> Journal:
        """The journal of an interview that goes on; a torn last line is cut off.

        Raises InUse when another window has it, or has gone on with it since it was read.
        """
        try:
            descriptor = os.open(kept.path, os.O_RDWR | os.O_APPEND)
        except OSError as error:
            return Journal(kept.name, None, f"{kept.path}: {error.strerror or error}")
        _lock(descriptor, kept.name)
        journal = Journal(kept.name, descriptor)
        try:
            if read(kept.name) != kept:
                what = f"The interview {kept.name} went on in another window."
                raise InUse(what, "Start again to go on from there.")
            os.ftruncate(descriptor, kept.size)
        except OSError as error:
            journal.problem = f"{kept.path}: {error.strerror or error}"
            journal.close()
        except TacticianError:
            journal.close()
            raise
        return journal

    def keep(self, event: Event) -> None:
        """Write down an event and see it onto the disk."""
        self._write(encode(event))

    def _write(self, line: dict[str, Any]) -> None:
        if self._descriptor is None:
            return
        try:
            os.write(self._descriptor, json.dumps(line, ensure_ascii=False).encode() + b"\n")
            os.fsync(self._descriptor)
        except OSError as error:
            self.problem = f"{folder()}: {error.strerror or error}"
            self.close()

    def close(self) -> None:
        """Write nothing more."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def discard(self) -> None:
        """Throw it away: its answers are in a file now, or there are none."""
        self.close()
        if self.name:
            with contextlib.suppress(OSError):
                (folder() / f"{self.name}{SUFFIX}").unlink()


def _create(place: Path) -> tuple[str, int]:
    """A new file of the first free name, which nobody else has open."""
    number = 1
    while True:
        name = f"{NAME}-{number}"
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
            descriptor = os.open(place / f"{name}{SUFFIX}", flags, 0o600)
        except FileExistsError:
            number += 1
            continue
        _lock(descriptor, name)
        return name, descriptor


def _lock(descriptor: int, name: str) -> None:
    """Keep other windows out as long as this process lives, where the system can."""
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise InUse(
            f"The interview {name} is open in another window.", "Go on there, or close it first."
        ) from error


def _settle(place: Path) -> None:
    """Make a new file's name survive a crash; not every file system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
