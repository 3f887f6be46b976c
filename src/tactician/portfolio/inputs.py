"""Finds clients in files, folders, globs and tables, in any mix and always in the same order."""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from tactician.errors import Place, Problem, ProblemsError, UsageError
from tactician.facts.number_words import DecimalMark
from tactician.facts.opening import nearby
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.arrow_tables import read_parquet, sheet_of
from tactician.portfolio.candidates import Pending, PendingDraft, PendingFile, PendingLine, refused
from tactician.portfolio.client_tables import is_tables_folder, pending_in
from tactician.portfolio.collecting import Collecting, TacticNames
from tactician.portfolio.delimited import read_csv
from tactician.portfolio.earlier import few, is_earlier
from tactician.portfolio.headings import KIND_OF_SHEET, Headings, sheet_kind
from tactician.portfolio.overlap import Replaced
from tactician.portfolio.readers import check_readers
from tactician.portfolio.sheets import Sheet, shown
from tactician.portfolio.tables import Table, understand
from tactician.portfolio.workbook import read_workbook

STDIN = "-"
CLIENT_FILES = (".yaml", ".yml", ".json")
LINES = (".jsonl", ".ndjson")
CSV_FILES = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm")
PARQUET = (".parquet",)
KNOWN = (*CLIENT_FILES, *LINES, ".csv", ".tsv", *WORKBOOKS, *PARQUET)
OTHER_BOOKS = (".xls", ".xlsb", ".ods", ".numbers")
LONGEST_LINE = 2 * 1024 * 1024

Say = Callable[[str], None]


def silent(words: str) -> None:
    """Says nothing."""


@dataclass(frozen=True)
class Inputs:
    """How inputs are read: against which vocabulary, with which decimal mark, and who is told what was detected."""

    rulebase: Rulebase
    tactic_names: TacticNames = field(default_factory=dict)
    decimal: DecimalMark | None = None
    say: Say = silent

    @property
    def headings(self) -> Headings:
        """The headings that are understood."""
        return Headings(self.rulebase.vocabulary)

    def find(self, paths: Sequence[str], excluded: Collection[Path] = ()) -> list[Path]:
        """Every file meant by some files, folders and globs, once each; problems are left for `pending`.

        What a folder or glob brings in is left out where it is `excluded`, as an output goes there, or where an
        earlier run wrote it. Raises UsageError for a name that is excluded, and when no file is left.
        """
        found: dict[Path, Path] = {}
        earlier: list[Path] = []
        replaced = Replaced(excluded)
        for name in paths:
            if name != STDIN and replaced.covers(Path(name)):
                raise UsageError(f"{name} is both input and output.", "Name another output.")
            for path in _meant(name):
                is_brought = path != Path(name)
                if is_brought and not replaced.covers(path) and is_earlier(path):
                    earlier.append(path)
                elif not is_brought or not replaced.covers(path):
                    found.setdefault(path if str(path) == STDIN else Path(os.path.realpath(path)), path)
        if earlier:
            self.say(f"Left out what earlier runs wrote: {few(earlier)}.")
        if not found:
            raise UsageError(
                f"There is no file of clients in {few(paths)}.", f"Known are {', '.join(KNOWN)}."
            )
        return list(found.values())

    def pending(self, files: Sequence[Path]) -> Iterator[Pending]:
        """Every client in some files, unread; a file that cannot be used is one candidate with problems.

        Raises MissingExtra, before the first client, and UsageError.
        """
        check_readers(files)
        headings = self.headings
        for group in _grouped(files):
            try:
                yield from self._group(group, headings)
            except ProblemsError as error:
                yield refused(str(group[0]), error.problems)

    def of_table(self, table: object) -> Iterator[Pending]:
        """Every client in a table in memory."""
        yield from self._tables([understand(sheet_of(table), self.headings, None, self.decimal)], "table", 0)

    def _group(self, group: list[Path], headings: Headings) -> Iterator[Pending]:
        path = group[0]
        suffix = path.suffix.lower()
        size = sum(_size(each) for each in group)
        if str(path) == STDIN or suffix in LINES:
            yield from _lines(path)
        elif path.is_dir():
            yield from pending_in(path, self.rulebase)
        elif suffix in (*WORKBOOKS, *PARQUET) and (problem := _unusable(path)):
            yield refused(str(path), (problem,))
        elif suffix in CLIENT_FILES:
            yield PendingFile(str(path), size)
        elif suffix in CSV_FILES:
            sheets = [(read_csv(each, headings.recognised), each.stem) for each in group]
            yield from self._sheets(sheets, headings, size, is_set=len(group) > 1)
        elif suffix in WORKBOOKS:
            sheets = [(sheet, sheet.name) for sheet in read_workbook(path)]
            yield from self._sheets(sheets, headings, size, is_set=True)
        elif suffix in PARQUET:
            yield from self._sheets([(read_parquet(path), "")], headings, size, is_set=False)
        else:
            yield refused(str(path), (_not_an_input(path),))

    def _sheets(
        self, sheets: Iterable[tuple[Sheet, str]], headings: Headings, size: int, *, is_set: bool
    ) -> Iterator[Pending]:
        tables, file = [], ""
        for sheet, name in sheets:
            file = file or sheet.file
            known = sheet_kind(name) if is_set else None
            if is_set and known is None and not _has_clients(sheet, headings):
                self.say(f"{sheet.place}: left out, as it has no column client.")
            elif sheet.rows:
                tables.append(understand(sheet, headings, KIND_OF_SHEET.get(known or ""), self.decimal))
        yield from self._tables(tables, file, size)

    def _tables(self, tables: Sequence[Table], file: str, size: int) -> Iterator[Pending]:
        for table in tables:
            self._tell(table)
        problems = [problem for table in tables for problem in table.problems]
        if not problems and not any(table.rows or table.sheet.damaged for table in tables):
            problems = [
                Problem(Place(file), "", "there are no clients in it", "Write them under the headings.")
            ]
        if problems:
            yield refused(file, ProblemsError(problems).problems)
            return
        collecting = Collecting(tables, self.tactic_names)
        drafts = list(collecting.collect())
        for draft in drafts:
            yield PendingDraft(draft, size // len(drafts))
        for problem in collecting.lost:
            yield refused(problem.place.file, (problem,))

    def _tell(self, table: Table) -> None:
        place = table.sheet.place
        if not table.problems:
            self.say(f"{place}: read as {table.described()}.")
        if table.ignored:
            self.say(f"{place}: left out the columns {', '.join(table.ignored)}.")
        for warning in table.sheet.warnings:
            self.say(f"{place}: warning: {warning}.")


def _meant(name: str) -> Iterator[Path]:
    """The files that a path, folder or glob means; a path that means nothing is left to be named later."""
    path = Path(name)
    if name == STDIN or is_tables_folder(path):
        yield path
    elif path.is_dir():
        for each in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
            if each.suffix.lower() in KNOWN and not hidden and each.is_file():
                yield each
    elif glob.has_magic(name) and not path.exists():
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 (the pattern may be absolute)
        yield from (found for match in matches for found in _meant(match)) if matches else iter([path])
    else:
        yield path


def _grouped(files: Sequence[Path]) -> Iterator[list[Path]]:
    """CSV files that are the sheets of one set (clients.csv, segments.csv …) together, others one by one."""
    order = {path: at for at, path in enumerate(files)}
    csv = [path for path in files if path.suffix.lower() in CSV_FILES and sheet_kind(path.stem)]
    sets: dict[Path, list[Path]] = {}
    for folder, group in groupby(
        sorted(csv, key=lambda path: (path.parent, order[path])), lambda path: path.parent
    ):
        members = list(group)
        if {"clients", "segments"} <= {sheet_kind(path.stem) for path in members}:
            sets[folder] = members
    told: set[Path] = set()
    for path in files:
        members = sets.get(path.parent, [])
        if path not in members:
            yield [path]
        elif path.parent not in told:
            told.add(path.parent)
            yield members


def _has_clients(sheet: Sheet, headings: Headings) -> bool:
    for row in sheet.rows[:20]:
        targets = [headings.find(shown(cell)) for cell in row.cells]
        if any(target and target.name == "client" for target in targets):
            return True
    return False


def _lines(path: Path) -> Iterator[Pending]:
    """Every line of a JSONL file."""
    if str(path) != STDIN and (problem := _unusable(path)):
        yield refused(str(path), (problem,))
        return
    try:
        if str(path) == STDIN:
            yield from _lines_of(sys.stdin.buffer, "stdin")
        else:
            with path.open("rb") as stream:
                yield from _lines_of(stream, str(path))
    except OSError as error:
        yield refused(
            str(path), (Problem(Place(str(path)), "", f"the file cannot be read: {error.strerror}"),)
        )


def _lines_of(stream: BinaryIO, name: str) -> Iterator[Pending]:
    """A client for each line; of one that is too long, so much that it can be refused."""
    number = 0
    while data := stream.readline(LONGEST_LINE):
        number += 1
        if data.strip():
            yield PendingLine(name, number, data.removeprefix(b"\xef\xbb\xbf"), len(data))
        while not data.endswith(b"\n") and len(data) == LONGEST_LINE:
            data = stream.readline(LONGEST_LINE)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _unusable(path: Path) -> Problem | None:
    """What is wrong with a path before its content is looked at."""
    try:
        mode = path.stat().st_mode
    except OSError:
        what = "nothing matches" if glob.has_magic(str(path)) else "there is no such file"
        return Problem(Place(str(path)), "", what, nearby(path))
    if not stat.S_ISREG(mode):
        return Problem(Place(str(path)), "", "this is not a file", "Give files, folders or globs.")
    return None


def _not_an_input(path: Path) -> Problem:
    problem = _unusable(path)
    if problem:
        return problem
    hint = f"Known are {', '.join(KNOWN)}."
    if path.suffix.lower() in OTHER_BOOKS:
        hint = "Save it as .xlsx."
    return Problem(Place(str(path)), "", f"files that end in {path.suffix or 'nothing'} cannot be read", hint)
