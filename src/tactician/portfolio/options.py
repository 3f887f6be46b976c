"""How a portfolio is run, and where everything of its output goes."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from tactician.errors import UsageError, did_you_mean
from tactician.facts.number_words import DecimalMark

ENDINGS = (".csv", ".jsonl", ".xlsx", ".parquet")
"""Of outputs that are one file; anything else is a folder."""


def output_path(stated: str | Path) -> Path:
    """Where an output goes, by the name that somebody gave it; raises UsageError for an ending that is unknown.

    A folder whose name has a dot is named with a / at its end, or is there already.
    """
    path = Path(stated)
    suffix = path.suffix.lower()
    if suffix not in ENDINGS and not names_a_folder(stated):
        known = f"Known are {', '.join(ENDINGS)}; a folder of this name is {stated}{os.sep}."
        raise UsageError(
            f"Outputs that end in {path.suffix} cannot be written.",
            f"{did_you_mean(suffix, ENDINGS)} {known}".lstrip(),
        )
    return Path(os.path.realpath(path)) if path.is_symlink() or path.name in ("", "..") else path


def names_a_folder(stated: str | Path) -> bool:
    """Whether the name of an output means a folder: it has no ending, or a / at its end, or is a folder."""
    path = Path(stated)
    return not path.suffix or str(stated).endswith(("/", os.sep)) or path.is_dir()


@dataclass(frozen=True, slots=True)
class Options:
    """How a batch is run."""

    engine: str = "direct"
    top: int = 5
    decimal: DecimalMark | None = None
    plans: str = "markdown"
    """The format of a folder of plans."""
    jobs: int = 1
    resume: bool = False
    fail_fast: bool = False
    backend: str | None = None
    """The Spark master that computes tables of clients; None for this machine."""
    progress: bool = False
    """Whether to tell on stderr how far the run is."""

    def with_engine(self, engine: str) -> Options:
        """The same with another engine."""
        return replace(self, engine=engine)


@dataclass(frozen=True)
class Paths:
    """Where everything of an output goes; all of it is left out when inputs are looked for."""

    output: Path
    is_tables: bool = False
    """Whether the output is a folder of tables."""

    @property
    def is_folder(self) -> bool:
        """Whether the output is a folder of plans."""
        return not self.is_tables and self.output.suffix.lower() not in ENDINGS

    @property
    def _stem(self) -> str:
        has_ending = self.output.suffix.lower() in ENDINGS
        return self.output.stem if has_ending else self.output.name

    @property
    def rejected(self) -> Path:
        """The list of what could not be used."""
        return self.output.with_name(f"{self._stem}.rejected.csv")

    @property
    def summary(self) -> Path | None:
        """The summary, where the output does not hold it itself."""
        if self.is_folder or self.output.suffix.lower() == ".xlsx":
            return None
        return self.output.with_name(f"{self._stem}.summary.csv")

    @property
    def clients(self) -> Path | None:
        """The facts of all clients, where the output does not hold them itself."""
        if self.is_folder or self.output.suffix.lower() not in (".csv", ".xlsx"):
            return None
        return self.output.with_name(f"{self._stem}.clients.jsonl")

    @property
    def all(self) -> tuple[Path, ...]:
        """Every file or folder of the output."""
        return tuple(path for path in (self.output, self.rejected, self.summary, self.clients) if path)
