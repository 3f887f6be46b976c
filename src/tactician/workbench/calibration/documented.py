"""Reads documented businesses: what each told before its choice, and what a source says came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from tactician.errors import Place, Problem, ProblemsError, did_you_mean
from tactician.facts.client import Client
from tactician.facts.document import read_document
from tactician.facts.reading import ClientReader
from tactician.knowledge.files import Text
from tactician.knowledge.passages import Passage, RuleFile
from tactician.knowledge.rules import Rulebase
from tactician.knowledge.shapes import fit, fit_entries

CASES, CLIENTS = "cases.yaml", "clients"
CASES_LIMIT = 4 * 1024 * 1024


class InvalidDocumented(ProblemsError):
    """A folder of documented businesses that cannot be used."""


@dataclass(frozen=True, slots=True)
class Documented:
    """One documented business: what worked for it, what did not, and who says so."""

    id: str
    business: str
    sector: str
    client: Client
    strongest: tuple[str, ...]
    """The tactics that decided."""
    used: tuple[str, ...]
    levers: tuple[str, ...]
    must_not: tuple[str, ...]
    """Records that failed here, or that an expert judges to be wrong here."""
    documented: frozenset[str]
    """Those of `must_not` that a source reports to have failed."""
    source: str


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class MustNotShape(_Shape):
    """A record that is wrong for the business."""

    id: str
    basis: str = "judged"


class GoldShape(_Shape):
    """What came of it."""

    strongest: list[str] = []
    used: list[str] = []
    levers: list[str] = []
    must_not: list[MustNotShape] = []


class SourceShape(_Shape):
    """Where it is reported."""

    title: Text
    url: str = ""


class DocumentedShape(_Shape):
    """One entry of cases.yaml."""

    id: str = Field(min_length=1, pattern=r"^[A-Za-z0-9_-]+$")
    business: Text
    sector: str = ""
    gold: GoldShape
    source: SourceShape | None = None


def read_documented(folder: Path, rulebase: Rulebase) -> tuple[Documented, ...]:
    """The documented businesses of a folder with cases.yaml and clients/ID.yaml, in the order of cases.yaml.

    Raises InvalidDocumented with every problem found.
    """
    problems: list[Problem] = []
    try:
        document = read_document(folder / CASES, limit=CASES_LIMIT, noun="file of cases")
    except ProblemsError as error:
        raise InvalidDocumented(error.problems) from error
    top = RuleFile(str(folder / CASES), document, problems).top
    if not isinstance(top.at("cases").value, list):
        top.refuse("there is no list of cases", "Write cases: and below it one entry for each business.")
        raise InvalidDocumented(problems)
    reader = _Reader(folder, rulebase, problems)
    found = list(reader.read(top.at("cases")))
    if not found and not problems:
        top.at("cases").refuse("this names no business")
    if problems:
        raise InvalidDocumented(problems)
    return tuple(found)


class _Reader:
    """Reads entries against one rulebase and collects what is wrong."""

    def __init__(self, folder: Path, rulebase: Rulebase, problems: list[Problem]) -> None:
        self.folder = folder
        self.rulebase = rulebase
        self.problems = problems
        self.clients = ClientReader(rulebase.vocabulary, rulebase.parameters)

    def read(self, cases: Passage) -> Iterator[Documented]:
        seen: dict[str, Place] = {}
        for passage, shape in fit_entries(DocumentedShape, cases):
            if shape is None:
                continue
            if seen.setdefault(shape.id, passage.place) != passage.place:
                passage.at("id").refuse(f"{shape.id} is there already, in line {seen[shape.id].line}")
                continue
            gold = fit(GoldShape, passage.at("gold"))
            client = self._client(shape.id)
            if gold is not None and self._all_known(gold, passage.at("gold")) and client is not None:
                yield _documented(shape, gold, client)

    def _client(self, name: str) -> Client | None:
        try:
            return self.clients.read(self.folder / CLIENTS / f"{name}.yaml")
        except ProblemsError as error:
            self.problems.extend(error.problems)
            return None

    def _all_known(self, gold: GoldShape, passage: Passage) -> bool:
        lists = {"strongest": gold.strongest, "used": gold.used, "levers": gold.levers}
        lists["must_not"] = [entry.id for entry in gold.must_not]
        unknown = [(key, at, name) for key, at, name in _numbered(lists) if name not in self.rulebase.records]
        for key, at, name in unknown:
            hint = did_you_mean(name, self.rulebase.records) or "See tactician rules list."
            passage.at(key, at).refuse(f"there is no record {name}", hint)
        return not unknown


def _numbered(lists: dict[str, list[str]]) -> Iterable[tuple[str, int, str]]:
    return ((key, at, name) for key, names in lists.items() for at, name in enumerate(names))


def _documented(shape: DocumentedShape, gold: GoldShape, client: Client) -> Documented:
    return Documented(
        shape.id,
        shape.business,
        shape.sector,
        client,
        tuple(gold.strongest),
        tuple(gold.used),
        tuple(gold.levers),
        tuple(entry.id for entry in gold.must_not),
        frozenset(entry.id for entry in gold.must_not if entry.basis == "documented"),
        shape.source.title if shape.source else "",
    )
