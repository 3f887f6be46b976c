"""A whole portfolio in one run: nothing lost, nothing half written, and a killed run can go on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tactician.errors import Place, Problem, ProblemsError, UsageError
from tactician.facts.number_words import DecimalMark
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.inputs import STDIN, Inputs, Say, silent
from tactician.portfolio.journal import Entry, Journal
from tactician.portfolio.lock import locked
from tactician.portfolio.outcomes import Outcome
from tactician.portfolio.output_rows import REJECT_COLUMNS, SUMMARY_COLUMNS, Row, reject_rows, summary_row
from tactician.portfolio.plan_files import CLIENTS, PlanFilesWriter, check_folder
from tactician.portfolio.plan_pages import PAGES
from tactician.portfolio.progress import Progress
from tactician.portfolio.sidecar import ClientsFile
from tactician.portfolio.staging import Staging, told_as_unwritable
from tactician.portfolio.summary import Standing, Summary
from tactician.portfolio.workers import outcomes
from tactician.portfolio.writers import WRITERS, Writer, write_table
from tactician.version import VERSION

CHUNK = 1 << 20


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


@dataclass(frozen=True, slots=True)
class Report:
    """What a batch did."""

    ranked: int
    rejected: int
    """Clients, files and rows that could not be used."""
    files: tuple[Path, ...]
    rejects: Path | None
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Paths:
    """Where everything of an output goes; all of it is left out when inputs are looked for."""

    output: Path

    @property
    def is_folder(self) -> bool:
        """Whether the output is a folder of plans."""
        return self.output.suffix.lower() not in WRITERS

    @property
    def _stem(self) -> str:
        return self.output.name if self.is_folder else self.output.stem

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


@dataclass(frozen=True)
class Batch:
    """One run over some inputs into one output."""

    rulebase: Rulebase
    output: Path
    options: Options = field(default_factory=Options)
    say: Say = silent
    quiet: bool = False

    def run(self, names: Sequence[str]) -> Report:
        """Evaluate every client and write the output.

        Raises UsageError, CannotWrite, and with `fail_fast` the problems of the first bad client.
        """
        paths = Paths(self.output)
        if paths.is_folder:
            check_folder(self.output)
        elif self.output.is_dir():
            raise UsageError(
                f"{self.output} is a folder.", "Give the name of a file, or a folder without an ending."
            )
        with locked(self.output):
            return self._locked_run(names, paths)

    def _locked_run(self, names: Sequence[str], paths: Paths) -> Report:
        inputs = Inputs(self.rulebase, self._evaluation.tactic_names, self.options.decimal, self.say)
        files = inputs.find(names, paths.all)
        journal = Journal(self.output, self._identity(files))
        self._open(journal, files)
        done = False
        try:
            self._evaluate(inputs, files, journal)
            report = self._assemble(journal, paths)
            done = True
        except ProblemsError:
            done = self.options.fail_fast
            raise
        finally:
            journal.close(done=done)
        return report

    @property
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
        progress = Progress(
            0 if self.quiet else sum(_content(path)[0] for path in files), is_on=not self.quiet
        )
        pending = inputs.pending(files)
        for _ in journal.entries:
            progress.skip(next(pending).bytes)
        with closing(outcomes(pending, self._evaluation, self.options.jobs)) as stream:
            for outcome, size in stream:
                journal.append(outcome)
                progress.advance(size)
                if outcome.problems and self.options.fail_fast:
                    progress.end()
                    raise ProblemsError(outcome.problems)
        progress.end()

    def _assemble(self, journal: Journal, paths: Paths) -> Report:
        """Write everything from the journal, in the order of the clients' names."""
        good, rejects = _sorted_out(journal)
        staging = Staging()
        try:
            standings = self._write(journal, good, rejects, paths, staging)
            staging.commit()
        finally:
            staging.discard()
        written = tuple(path for path in paths.all if path.exists())
        found = paths.rejected if rejects else None
        return Report(len(good), len(rejects), written, found, standings)

    def _write(
        self,
        journal: Journal,
        good: Sequence[Entry],
        rejects: Sequence[Outcome],
        paths: Paths,
        staging: Staging,
    ) -> tuple[Standing, ...]:
        summary = Summary(self.rulebase)
        told = [row for outcome in rejects for row in reject_rows(outcome)]
        if told:
            with told_as_unwritable(paths.rejected):
                write_table(staging.path(paths.rejected), REJECT_COLUMNS, told)
        else:
            staging.drop(paths.rejected)
        clients = ClientsFile(staging.path(paths.clients)) if paths.clients else None
        summary_path = staging.path(paths.summary) if paths.summary else None
        part = staging.path(self.output)
        with told_as_unwritable(self.output):
            writer = self._writer(part, paths)
            clients = ClientsFile(part / CLIENTS) if paths.is_folder else clients
            for outcome in journal.outcomes(good):
                summary.add(outcome)
                writer.add(outcome)
                if clients:
                    clients.add(outcome)
            standings = tuple(summary.standings())
            rows: list[Row] = [summary_row(standing) for standing in standings]
            writer.finish(rows, told)
            if clients:
                clients.close()
            if summary_path:
                write_table(summary_path, SUMMARY_COLUMNS, rows)
        return standings

    def _writer(self, part: Path, paths: Paths) -> Writer:
        if paths.is_folder:
            return PlanFilesWriter(part, self.rulebase, PAGES[self.options.plans][0])
        return WRITERS[self.output.suffix.lower()](part, self.rulebase)


def _sorted_out(journal: Journal) -> tuple[list[Entry], list[Outcome]]:
    """The clients to write, by name, and what is rejected: those with problems, and those given twice."""
    counts = Counter(entry.id for entry in journal.entries if entry.id)
    good = sorted(
        (entry for entry in journal.entries if not entry.is_rejected and counts[entry.id] == 1),
        key=lambda entry: entry.id,
    )
    bad = [entry for entry in journal.entries if entry.is_rejected or counts[entry.id] > 1]
    found = list(journal.outcomes(bad))
    files: dict[str, list[str]] = {}
    for outcome in found:
        if counts[outcome.id] > 1:
            files.setdefault(outcome.id, []).append(outcome.file)
    rejects = [_doubled(outcome, files[outcome.id]) if outcome.id in files else outcome for outcome in found]
    return good, sorted(rejects, key=_reject_order)


def _doubled(outcome: Outcome, files: Sequence[str]) -> Outcome:
    others = sorted(files)
    others.remove(outcome.file)
    what = f"there is another client called {outcome.id!r}, in {', '.join(others)}"
    problem = Problem(Place(outcome.file), "client", what, "Give each client a name of its own.")
    return Outcome(outcome.id, outcome.file, problems=[*outcome.problems, problem])


def _reject_order(outcome: Outcome) -> tuple[str, str, list[str]]:
    return outcome.id, outcome.file, [str(problem) for problem in outcome.problems]


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
