"""The case files of a rulebase with what should be drafted in them, and which of them are stale."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tactician.errors import UsageError, did_you_mean
from tactician.facts.opening import decode, read_bytes
from tactician.knowledge.rules import Rulebase
from tactician.presentation.whole_files import write_whole
from tactician.workbench.case_files import CASES_LIMIT
from tactician.workbench.drafting.case_text import file_text, hand_written
from tactician.workbench.drafting.drafts import Drafting
from tactician.workbench.drafting.groups import groups


@dataclass(frozen=True, slots=True)
class DraftedFile:
    """A case file as it should be."""

    path: Path
    text: str
    drafted: int
    """How many cases in it are drafted."""
    stale: bool
    """Whether the file is not like that yet."""
    unreached: tuple[str, ...]
    """Rules for which no client was found."""

    def write(self) -> None:
        """Make the file as it should be; raises CannotWrite."""
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, self.text)


def draft_files(
    rulebase: Rulebase, cases: Path, names: Collection[str] = (), folder: str = ""
) -> Iterator[DraftedFile]:
    """The case files below a folder for the rules of a rulebase, or for those named: `freemium`, `derived/price`.

    `folder` limits them to what the files of one pack say. Hand-written cases stay as they are. Raises UsageError
    for a name that there is not, UnreadableInput for a case file that cannot be read.
    """
    found = {group.name: group for group in groups(rulebase, folder)}
    for name in names:
        if name not in found:
            raise UsageError(
                f"There is nothing called {name!r} to draft cases for.", did_you_mean(name, found)
            )
    for name, group in found.items():
        if not names or name in names:
            drafting = Drafting(rulebase)
            drafts = drafting.draft(group)
            path = cases / f"{name}.yaml"
            before = _text_of(path)
            text = file_text(name, hand_written(before), drafts)
            yield DraftedFile(path, text, len(drafts), text != before, tuple(drafting.unreached))


def _text_of(path: Path) -> str:
    if not path.exists():
        return ""
    return decode(read_bytes(path, limit=CASES_LIMIT, noun="case file"), str(path))
