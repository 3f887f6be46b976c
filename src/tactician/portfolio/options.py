"""How a portfolio is run, and where everything of its output goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tactician.facts.number_words import DecimalMark

ENDINGS = (".csv", ".jsonl", ".xlsx", ".parquet")
"""Of outputs that are one file; anything else is a folder."""


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
