"""Reads case files, or says everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field

from tactician.advice.plan import Horizon
from tactician.errors import Place, Problem, ProblemsError, did_you_mean
from tactician.facts.document import Document, read_document
from tactician.facts.reading import ClientReader
from tactician.facts.shape import UNKNOWN
from tactician.facts.vocabulary import Value
from tactician.knowledge.fact_entries import check_value
from tactician.knowledge.files import Text
from tactician.knowledge.passages import Passage, RuleFile
from tactician.knowledge.rules import GROUPS, Rulebase
from tactician.knowledge.shapes import fit, fit_entries
from tactician.workbench.case_facts import spell_out
from tactician.workbench.cases import Case, CaseFile, Expectation

CASES_LIMIT = 4 * 1024 * 1024
MARGIN = 0.01
"""How far a number may be off where a case does not say."""
NO_HORIZON = "none"
HORIZONS = (*(horizon.value for horizon in Horizon), NO_HORIZON)
RULES_OF_A_PACK = "The cases of a pack are found with: --rules PACK"
RANKS = 'Write 1, "<= 5", ">= 10" or "between 2 and 4".'


class InvalidCases(ProblemsError):
    """Case files that cannot be run."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CasesShape(_Shape):
    """A case file."""

    cases: list[Any]


class CaseShape(_Shape):
    """One case."""

    name: Text
    facts: dict[str, Any] = {}
    in_: str | None = Field(None, alias="in")
    margin: float = Field(MARGIN, ge=0)
    drafted: bool = False
    fires: list[str] = []
    silent: list[str] = []
    undecided: list[str] = []
    evidence: dict[str, float] = {}
    derived: dict[str, Any] = {}
    fit: Any = None
    blocked: list[str] = []
    not_blocked: list[str] = []
    rank: dict[str, int | str] = {}
    outranks: dict[str, list[str]] = {}
    horizon: dict[str, str | list[str]] = {}
    warns: list[str] = []
    prepares: dict[str, list[str]] = {}
    checks: dict[str, list[str]] = {}


def find_case_files(path: Path) -> tuple[Path, ...]:
    """The case files at a path: the file itself, or all below a folder in order of their names.

    Raises InvalidCases when there are none.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("*.yaml") if not file.name.startswith("."))
        if files:
            return tuple(files)
        raise InvalidCases([Problem(Place(str(path)), "", "there are no case files (*.yaml) in this folder")])
    return (path,)


def read_cases(paths: Iterable[Path], rulebase: Rulebase) -> tuple[CaseFile, ...]:
    """The cases in some files; raises InvalidCases with every problem in any of them."""
    problems: list[Problem] = []
    reader = CaseReader(rulebase, problems)
    files = [reader.read(path) for path in paths]
    if problems:
        raise InvalidCases(problems)
    return tuple(file for file in files if file is not None)


class CaseReader:
    """Reads case files against one rulebase and collects what is wrong."""

    def __init__(self, rulebase: Rulebase, problems: list[Problem]) -> None:
        self.rulebase = rulebase
        self.problems = problems
        tactics = [record.id for record in rulebase.group(next(iter(GROUPS)))]
        self.clients = ClientReader(rulebase.vocabulary, rulebase.parameters, known_tactics=tactics)
        self.fit_fact = next(
            (fact.spec.id for fact in rulebase.derived if fact.measure == "canvas_fit"), None
        )

    def read(self, path: Path) -> CaseFile | None:
        """The cases of one file; None, after noting why, when it cannot be read."""
        try:
            document = read_document(path, limit=CASES_LIMIT, noun="case file")
        except ProblemsError as error:
            self.problems.extend(error.problems)
            return None
        return self.from_document(document)

    def from_document(self, document: Document) -> CaseFile | None:
        """The cases that a document states; None, after noting why, when it states none."""
        top = RuleFile(document.file, document, self.problems).top
        if isinstance(top.value, dict) and "rules" in top.value and "cases" not in top.value:
            top.at("rules").refuse("this is a file of rules, not of cases", RULES_OF_A_PACK, key=True)
            return None
        if fit(CasesShape, top) is None:
            return None
        cases = []
        stale = 0
        names: dict[str, Place] = {}
        for passage, shape in fit_entries(CaseShape, top.at("cases")):
            if shape is None:
                continue
            before = len(self.problems)
            case = self._case(passage, shape)
            if case is not None:
                cases.append(case)
            elif shape.drafted:
                del self.problems[before:]
                stale += 1
            first = names.setdefault(shape.name, passage.place)
            if first != passage.place:
                passage.at("name").refuse(
                    f"another case in line {first.line} has this name", "Say what differs."
                )
        if stale:
            what = f"{stale} drafted {'case does' if stale == 1 else 'cases do'} not fit the rules any more"
            top.at("cases").refuse(what, "Draft them anew: tactician rules draft", key=True)
        return CaseFile(document.file, tuple(cases))

    def _case(self, passage: Passage, shape: CaseShape) -> Case | None:
        before = len(self.problems)
        expectations = tuple(_Expectations(self, passage, shape).all())
        if not expectations and len(self.problems) == before:
            passage.refuse(
                "this case expects nothing", "Say what must hold: fires, silent, undecided, rank …"
            )
        facts = passage.at("facts") if "facts" in shape.model_fields_set else _nothing(passage)
        try:
            client = self.clients.from_document(spell_out(facts))
        except ProblemsError as error:
            self.problems.extend(error.problems)
            return None
        segments = tuple(range(len(client.segments)))
        if shape.in_ is not None:
            names = [segment.name for segment in client.segments]
            if shape.in_ not in names:
                hint = did_you_mean(shape.in_, names) or f"Segments: {', '.join(names)}."
                passage.at("in").refuse(f"there is no segment {shape.in_}", hint)
                return None
            segments = (names.index(shape.in_),)
        if len(self.problems) > before:
            return None
        return Case(shape.name, client, expectations, passage.place, segments, shape.margin, shape.drafted)


def _nothing(passage: Passage) -> Passage:
    return Passage(passage.file, passage.path, {})


class _Expectations:
    """The expectations of one case, in the order of the kinds."""

    def __init__(self, reader: CaseReader, passage: Passage, shape: CaseShape) -> None:
        self.rulebase = reader.rulebase
        self.fit_fact = reader.fit_fact
        self.passage = passage
        self.shape = shape

    def all(self) -> Iterator[Expectation]:
        rules, records = self.rulebase.rule, self.rulebase.records
        for kind in ("fires", "silent", "undecided", "warns"):
            yield from self._named(kind, rules, "rule")
        yield from self._mapped("evidence", rules, "rule", lambda at: at.value)
        yield from self._mapped("derived", self.rulebase.derived_by_id, "derived fact", self._value)
        if "fit" in self.shape.model_fields_set:
            yield from self._fit(self.passage.at("fit"))
        for kind in ("blocked", "not_blocked"):
            yield from self._named(kind, records, "record")
        yield from self._mapped("rank", records, "record", _ranks)
        yield from self._mapped("horizon", records, "record", _horizons)
        yield from self._listed("outranks", records, "record")
        for kind in ("prepares", "checks"):
            yield from self._listed(kind, rules, "rule")

    def _named(self, kind: str, known: Iterable[str], noun: str) -> Iterator[Expectation]:
        for entry in self.passage.at(kind).entries():
            if self._knows(str(entry.value), known, noun, entry):
                yield Expectation(kind, str(entry.value), True, entry.place)

    def _mapped(
        self, kind: str, known: Iterable[str], noun: str, read: Callable[[Passage], object]
    ) -> Iterator[Expectation]:
        for name in cast(dict[str, object], self.passage.at(kind).value or {}):
            entry = self.passage.at(kind, name)
            if self._knows(name, known, noun, entry, key=True):
                expected = read(entry)
                if expected is not None:
                    yield Expectation(kind, name, expected, entry.place)

    def _listed(self, kind: str, known: Iterable[str], noun: str) -> Iterator[Expectation]:
        """One expectation for each entry of a list under a record."""
        for name in cast(dict[str, object], self.passage.at(kind).value or {}):
            if self._knows(name, self.rulebase.records, "record", self.passage.at(kind, name), key=True):
                for entry in self.passage.at(kind, name).entries():
                    if self._knows(str(entry.value), known, noun, entry):
                        yield Expectation(kind, name, entry.value, entry.place)

    def _knows(self, name: str, known: Iterable[str], noun: str, at: Passage, *, key: bool = False) -> bool:
        if name in known:
            return True
        at.refuse(f"there is no {noun} {name}", did_you_mean(name, known), key=key)
        return False

    def _value(self, at: Passage) -> Value | None:
        return (
            UNKNOWN
            if at.value == UNKNOWN
            else check_value(at.value, self.rulebase.specs[str(at.path[-1])], at)
        )

    def _fit(self, at: Passage) -> Iterator[Expectation]:
        if self.fit_fact is None:
            at.refuse("this rulebase measures no canvas fit", key=True)
            return
        expected = (
            UNKNOWN if at.value == UNKNOWN else check_value(at.value, self.rulebase.specs[self.fit_fact], at)
        )
        if expected is not None:
            yield Expectation("fit", self.fit_fact, expected, at.place)


def _ranks(at: Passage) -> tuple[int, int] | None:
    """The best and the worst rank that a text or a number allows."""
    words = str(at.value).split()
    match words:
        case [rank] if rank.isdecimal() and int(rank) > 0:
            return int(rank), int(rank)
        case ["<=", worst] if worst.isdecimal() and int(worst) > 0:
            return 1, int(worst)
        case [">=", best] if best.isdecimal():
            return int(best), 10**6
        case ["between", best, "and", worst] if (
            best.isdecimal() and worst.isdecimal() and int(best) <= int(worst)
        ):
            return int(best), int(worst)
    at.refuse(f"{at.value!r} is no bound of a rank", RANKS)
    return None


def _horizons(at: Passage) -> tuple[str, ...] | None:
    stated = at.value if isinstance(at.value, list) else [at.value]
    wrong = [str(name) for name in stated if name not in HORIZONS]
    for name in wrong:
        at.refuse(
            f"there is no horizon {name}", did_you_mean(name, HORIZONS) or f"Known: {', '.join(HORIZONS)}."
        )
    return None if wrong or not stated else tuple(str(name) for name in stated)
