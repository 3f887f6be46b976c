"""The one family of errors: what went wrong, where, why, and what to try."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; line and column count from 1, and are None where there is no text position."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding about a file: `where` names the field in the reader's words, `hint` says what to try."""

    place: Place
    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        parts = [f"{self.place}: "]
        if self.where:
            parts.append(f"{self.where}: ")
        parts.append(self.what if self.what.endswith((".", "?")) else f"{self.what}.")
        if self.hint:
            parts.append(f" {self.hint}")
        return "".join(parts)


class TacticianError(Exception):
    """Base of every error of this package; `exit_code` is what a command ends with."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class ProblemsError(TacticianError):
    """Everything that is wrong with some input, all at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=_reading_order))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnreadableInput(ProblemsError):
    """A file that cannot be opened, decoded or parsed, or that exceeds a limit."""


class InvalidClient(ProblemsError):
    """A client file that says something the vocabulary does not allow."""


class InvalidRulebase(ProblemsError):
    """A rulebase that does not hold together."""

    exit_code = 3


class LimitExceeded(TacticianError):
    """A run that went over a limit; the message says which, where, and how to raise it."""


class CheckFailed(TacticianError):
    """A check that the user asked for did not pass."""


class UsageError(TacticianError):
    """A request that makes no sense as asked."""

    exit_code = 2


class MissingExtra(UsageError):
    """A feature whose optional dependency is not installed; the message names the command that installs it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the extra '{extra}'.", f"Install it: pip install 'tactician[{extra}]'"
        )


class CannotWrite(TacticianError):
    """An output that could not be written; nothing was changed."""

    exit_code = 4


def _reading_order(problem: Problem) -> tuple[str, int, int, str, str]:
    place = problem.place
    return place.file, place.line or 0, place.column or 0, problem.where, problem.what


ALIKE = 0.6
"""How alike words are, from 0 to 1, that may be meant."""
ALIKE_FILES = 0.85
"""The same of the names of files, which are alike by their endings already."""


def did_you_mean(word: object, known: Iterable[str], limit: int = 3, alike: float = ALIKE) -> str:
    """The close matches of a word among the known ones, as a sentence; empty when there are none.

    Where none is spelt alike, those of which it is a part: `stage` for business_stage, `bakery` for bakery.yaml.
    """
    choices: Sequence[str] = list(known)
    close = difflib.get_close_matches(str(word), choices, n=limit, cutoff=alike)
    close = close or [name for name in choices if str(word) in re.split("[_.]", name)][:limit]
    return f"Did you mean {' or '.join(close)}?" if close else ""
