"""A whole portfolio in one run: nothing lost, nothing half written, and a killed run can go on."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tactician.errors import Problem, ProblemsError, UsageError
from tactician.facts.storage import told_as_unwritable
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.assembly import Assembly
from tactician.portfolio.candidates import Pending
from tactician.portfolio.columnar_evaluation import columnar_outcomes
from tactician.portfolio.earlier import check_replaceable
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.inputs import STDIN, Inputs, Say, silent
from tactician.portfolio.journal import Journal
from tactician.portfolio.lock import locked
from tactician.portfolio.options import Options, Paths
from tactician.portfolio.outcomes import Outcome
from tactician.portfolio.plan_pages import PAGES
from tactician.portfolio.progress import Progress
from tactician.portfolio.sorting_out import sort_out
from tactician.portfolio.staging import Staging, clean_up
from tactician.portfolio.summary import Standing
from tactician.portfolio.workers import outcomes
from tactician.portfolio.writers import check_writer
from tactician.version import VERSION

CHUNK = 1 << 20
MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Report:
    """What a batch did."""

    ranked: int
    rejected: int
    """Clients, files and rows that could not be used."""
    files: tuple[Path, ...]
    rejects: Path | None
    problems: tuple[Problem, ...]
    """The first of what is in the list of rejects."""
    standings: tuple[Standing, ...]
    unnamed: int = 0
    """How many of the rejected are files and rows in which no client is named."""


@dataclass(frozen=True)
class Batch:
    """One run over some inputs into one output."""

    rulebase: Rulebase
    output: Path
    options: Options = field(default_factory=Options)
    say: Say = silent

    def run(self, names: Sequence[str]) -> Report:
        """Evaluate every client and write the output.

        Raises UsageError, CannotWrite, and with `fail_fast` the problems of the first bad client.
        """
        paths = Paths(self.output)
        check_writer(self.output.suffix.lower())
        if paths.is_folder and self.options.engine == "columnar":
            raise UsageError(
                "The columnar engine makes rankings, not plans.", "Use --engine direct for a folder of plans."
            )
        inputs = Inputs(self.rulebase, self._evaluation.tactic_names, self.options.decimal, self.say)
        files = inputs.find(names, paths.all)
        check_replaceable(paths)
        with locked(self.output):
            clean_up(paths.all)
            return self._locked_run(inputs, files, paths)

    def _locked_run(self, inputs: Inputs, files: Sequence[Path], paths: Paths) -> Report:
        journal = Journal(self.output, self._identity(files))
        self._open(journal, files)
        done = False
        try:
            self._evaluate(inputs, files, journal)
            report = self._assemble(journal, paths)
            done = True
        except BaseException as error:
            done = not journal.entries or Path(STDIN) in files or self._waits_for_other_inputs(error)
            if not done:
                self.say("Not finished: the same command with --resume goes on from here.")
            raise
        finally:
            journal.close(done=done)
        return report

    def _waits_for_other_inputs(self, error: BaseException) -> bool:
        """Whether the next run cannot go on with this one's journal, because its inputs will be others."""
        return self.options.fail_fast and isinstance(error, ProblemsError)

    @cached_property
    def _evaluation(self) -> Evaluation:
        _, page = PAGES[self.options.plans]
        chosen = page if Paths(self.output).is_folder else None
        return Evaluation(self.rulebase, self.options.engine, self.options.top, chosen)

    def _identity(self, files: Sequence[Path]) -> dict[str, object]:
        """What must be the same for a run to go on with an earlier one's journal."""
        return {
            "version": VERSION,
            "rules": self.rulebase.digest,
            "engine": self.options.engine,
            "top": self.options.top,
            "decimal": self.options.decimal,
            "plans": self.options.plans,
            "inputs": [[str(path), *_content(path)] for path in files],
        }

    def _open(self, journal: Journal, files: Sequence[Path]) -> None:
        if self.options.resume and Path(STDIN) in files:
            raise UsageError("What came through a pipe is gone, so this run cannot be resumed.")
        if self.options.resume and journal.exists:
            journal.resume()
            self.say(f"Going on after {len(journal.entries):,} clients.")
            return
        if journal.exists:
            self.say("An earlier run was not finished; starting over. Use --resume to go on with one.")
        journal.start()

    def _evaluate(self, inputs: Inputs, files: Sequence[Path], journal: Journal) -> None:
        progress = Progress(sum(_size(path) for path in files), is_on=self.options.progress)
        pending = inputs.pending(files)
        for _ in journal.entries:
            progress.skip(next(pending).bytes)
        with closing(self._outcomes(pending)) as stream:
            for outcome, size in stream:
                journal.append(outcome)
                progress.advance(size)
                if outcome.problems and self.options.fail_fast:
                    progress.end()
                    raise ProblemsError(outcome.problems)
        progress.end()

    def _outcomes(self, pending: Iterator[Pending]) -> Generator[tuple[Outcome, int], None, None]:
        if self.options.engine == "columnar":
            return columnar_outcomes(pending, self._evaluation)
        return outcomes(pending, self._evaluation, self.options.jobs)

    def _assemble(self, journal: Journal, paths: Paths) -> Report:
        """Write everything from the journal, in the order of the clients' names; without any, only the rejects."""
        good, rejects = sort_out(journal)
        staging = Staging()
        if not good:
            self.say(f"No client can be ranked, so {self.output} is not written.")
        try:
            with told_as_unwritable(self.output):
                assembly = Assembly(self.rulebase, paths, self.options.plans, staging)
                reject_rows = assembly.write_rejects(rejects)
                standings = assembly.write(journal.outcomes(good), reject_rows) if good else ()
            check_replaceable(paths)
            staging.commit()
        finally:
            staging.discard()
        written = tuple(path for path in paths.all if path in staging.targets)
        found = paths.rejected if rejects else None
        told = tuple(problem for outcome in rejects for problem in outcome.problems)[:MOST_TOLD]
        unnamed = sum(not outcome.id for outcome in rejects)
        return Report(len(good), len(rejects), written, found, told, standings, unnamed)


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(_size(each) for each in path.rglob("*") if each.is_file())
    return path.stat().st_size if path.is_file() else 0


def _content(path: Path) -> tuple[int, str]:
    """The size and the hash of a file; of a folder, of all in it."""
    if path.is_dir():
        parts = [_content(each) for each in sorted(path.rglob("*")) if each.is_file()]
        return sum(size for size, _ in parts), hashlib.sha256(
            "".join(h for _, h in parts).encode()
        ).hexdigest()
    if not path.is_file():
        return 0, ""
    size, digest = 0, hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                digest.update(chunk)
    except OSError:
        return 0, ""
    return size, digest.hexdigest()
