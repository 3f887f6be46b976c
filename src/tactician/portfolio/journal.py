"""The journal of a batch: what was found out so far, so that a killed run can go on where it stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tactician.errors import UsageError
from tactician.facts.storage import synchronise, told_as_unwritable
from tactician.portfolio.outcomes import Outcome, load_outcome
from tactician.portfolio.staging import remove

SYNCHRONISED_EVERY = 5.0
"""Seconds: what a loss of power may cost; being killed costs nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the outcome of a client stands."""

    id: str
    is_rejected: bool
    offset: int
    length: int


def journal_of(output: Path) -> Path:
    """Where the journal of an output is, until its run is finished."""
    return output.with_name(f".{output.name}.journal")


class Journal:
    """Outcomes in the order in which clients were found, one line each, after a line that says what run this is."""

    def __init__(self, output: Path, run: Mapping[str, object]) -> None:
        self.path = journal_of(output)
        self.entries: list[Entry] = []
        self._output = output
        self._header = json.dumps({"run": run}, sort_keys=True).encode() + b"\n"
        self._file: BinaryIO | None = None
        self._synchronised = time.monotonic()

    @property
    def exists(self) -> bool:
        """Whether an earlier run left one."""
        return self.path.exists()

    def start(self) -> None:
        """Begin anew."""
        with told_as_unwritable(self._output):
            self._file = self.path.open("w+b")
            self._file.write(self._header)
            self._file.flush()

    def resume(self) -> None:
        """Go on with the outcomes of an earlier run; raises UsageError when it was another one."""
        with told_as_unwritable(self._output):
            self._file = self.path.open("r+b")
        header = self._file.readline()
        if not header.endswith(b"\n"):
            self._file.close()
            self.start()
            return
        if header != self._header:
            self._file.close()
            raise UsageError(
                f"The unfinished run of {self._output} had other inputs, rules or options.",
                "Run without --resume to start over.",
            )
        self._read_entries(self._file)

    def _read_entries(self, file: BinaryIO) -> None:
        """All whole lines; a last one that was torn off is cut away."""
        offset = file.tell()
        for line in file:
            try:
                outcome = (
                    load_outcome(line.decode("utf-8", "surrogatepass")) if line.endswith(b"\n") else None
                )
            except ValueError:
                outcome = None
            if outcome is None:
                break
            self._note(outcome, offset, len(line))
            offset += len(line)
        with told_as_unwritable(self._output):
            file.seek(offset)
            file.truncate()

    def append(self, outcome: Outcome) -> None:
        """Keep one more outcome; it survives the death of this process from here on."""
        assert self._file is not None
        line = outcome.dump().encode("utf-8", "surrogatepass") + b"\n"
        with told_as_unwritable(self._output):
            offset = self._file.seek(0, 2)
            self._file.write(line)
            self._file.flush()
            if time.monotonic() - self._synchronised > SYNCHRONISED_EVERY:
                synchronise(self.path)
                self._synchronised = time.monotonic()
        self._note(outcome, offset, len(line))

    def _note(self, outcome: Outcome, offset: int, length: int) -> None:
        self.entries.append(Entry(outcome.id, outcome.is_rejected, offset, length))

    def outcomes(self, entries: Iterable[Entry]) -> Iterator[Outcome]:
        """The outcomes of some entries, one at a time."""
        assert self._file is not None
        for entry in entries:
            self._file.seek(entry.offset)
            yield load_outcome(self._file.read(entry.length).decode("utf-8", "surrogatepass"))

    def close(self, *, done: bool) -> None:
        """Close it; when everything is done, it is not needed any more."""
        with told_as_unwritable(self._output):
            if self._file is not None:
                self._file.close()
            if done:
                remove(self.path)
