"""Compiles authored rules: what a record, a family of needs or the process says when its condition is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tactician.errors import Place
from tactician.facts.parameters import Parameters
from tactician.knowledge.conditions import facts_read
from tactician.knowledge.elements import Reader
from tactician.knowledge.files import NeedsRule, ProcessRule, RecordRule, RuleShape
from tactician.knowledge.passages import Passage
from tactician.knowledge.rules import Block, Conclusion, Evidence, Prepare, Rule, Warn
from tactician.knowledge.shapes import fit_entries
from tactician.knowledge.strata import stratum_of
from tactician.knowledge.terms import Terms
from tactician.knowledge.weights import weight_of


def evidence(targets: Sequence[str], cf: float, family: str | None = None) -> Evidence:
    """The conclusion that speaks with a signed certainty factor for or against some records."""
    return Evidence(tuple(targets), cf, weight_of(cf), family)


def stem_of(record: str) -> str:
    """What the ids of a record's rules start with: `FREE-PRODUCT-SAMPLE`."""
    return record.upper().replace("_", "-")


@dataclass
class Compiler:
    """Makes rules and keeps their ids apart."""

    terms: Terms
    parameters: Parameters
    strata: Mapping[str, int]
    """Of derived facts, by id."""
    rules: list[Rule] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    """Of every rule id, where it is given."""

    def __post_init__(self) -> None:
        self.reader = Reader(self.terms)
        self.process_reader = Reader(self.terms, known=True)

    def add(self, rule: Rule, passage: Passage) -> None:
        """Takes a rule up with its stratum and prior, unless its id is taken, which is noted."""
        if rule.id in self.places:
            passage.refuse(
                f"{rule.id} is already given in {self.places[rule.id]}", "Ids are never used twice."
            )
            return
        self.places[rule.id] = rule.place
        stratum = rule.stratum or stratum_of(facts_read(rule.when), self.strata)
        self.rules.append(replace(rule, stratum=stratum, expected=self.parameters.priors.get(rule.id, 0)))

    def record_rules(self, record: str, top: Passage) -> list[tuple[Passage, RecordRule, Rule]]:
        """The rules of a record, with the passage and the shape of each; notes what is wrong."""
        found = []
        for passage, shape in fit_entries(RecordRule, top.at("rules")):
            if shape is None:
                continue
            then = self._record_conclusion(record, shape, passage)
            rule = self._rule(passage, shape, then, self.reader)
            if rule is not None:
                found.append((passage, shape, rule))
        check_on_top_of(top)
        return found

    def needs_rules(self, top: Passage, families: Mapping[str, Sequence[str]]) -> None:
        """Takes up the rules of a file of needs/; each speaks for all records of its family."""
        for passage, shape in fit_entries(NeedsRule, top.at("rules")):
            if shape is None:
                continue
            told, cf = shape.then, _signed(shape.then.favour, shape.then.against)
            if cf is None:
                passage.at("then").refuse("exactly one of favour and against belongs here")
            then = None if cf is None else evidence(families.get(told.family, ()), cf, told.family)
            rule = self._rule(passage, shape, then, self.reader)
            if rule is not None:
                self.add(rule, passage.at("id"))
        check_on_top_of(top)

    def process_rules(self, top: Passage) -> None:
        """Takes up the rules of a file of process/: warnings and preparation."""
        for passage, shape in fit_entries(ProcessRule, top.at("rules")):
            if shape is None:
                continue
            then = self._process_conclusion(shape, passage.at("then"))
            rule = self._rule(passage, shape, then, self.process_reader)
            if rule is not None:
                self.add(rule, passage.at("id"))
        check_on_top_of(top)

    def _rule(
        self, passage: Passage, shape: RuleShape, then: Conclusion | None, reader: Reader
    ) -> Rule | None:
        self.terms.check_sources(passage.at("sources"))
        when = reader.when(passage.at("when"))
        if when is None or then is None:
            return None
        return Rule(
            id=shape.id, when=when, then=then, because=shape.because, grade=shape.grade,
            sources=tuple(shape.sources), stratum=0, place=passage.place, on_top_of=tuple(shape.on_top_of),
            link=shape.link,
        )  # fmt: skip

    def _record_conclusion(self, record: str, shape: RecordRule, passage: Passage) -> Conclusion | None:
        then = shape.then
        cf = _signed(then.favour, then.against)
        if len(then.model_fields_set) != 1:
            passage.at("then").refuse("exactly one of favour, against and block belongs here")
            return None
        letter = "B" if cf is None else "F" if cf > 0 else "A"
        stem = f"{stem_of(record)}-{letter}"
        if not (shape.id.startswith(stem) and shape.id[len(stem) :].isdecimal()):
            hint = "Ids are the record's id in capitals, then F for, A against or B block."
            passage.at("id").refuse(f"{shape.id} is not {stem} and a number", hint)
        if shape.cf_if_false is not None and letter != "F":
            passage.at("cf_if_false").refuse("only a rule that favours has cf_if_false", key=True)
        return Block(record) if cf is None else evidence((record,), cf)

    def _process_conclusion(self, shape: ProcessRule, passage: Passage) -> Conclusion | None:
        then, given = shape.then, shape.then.model_fields_set
        self.terms.check_records(passage.at("for"))
        self.terms.check_records(passage.at("before"))
        if then.warn is not None and given <= {"warn", "advice", "for_"}:
            return Warn(then.warn, then.advice, tuple(then.for_))
        if then.prepare is not None and then.hours is not None and given <= {"prepare", "hours", "before"}:
            return Prepare(then.prepare, then.hours, tuple(then.before))
        passage.refuse("either warn (with advice and for) or prepare, hours and before belong here")
        return None


def check_on_top_of(top: Passage) -> None:
    """Notes each rule that a rule of the file repeats and that is not in the same file, or is itself."""
    entries = list(top.at("rules").entries())
    ids = {entry.at("id").value for entry in entries}
    for entry in entries:
        for other in entry.at("on_top_of").entries():
            if other.value not in ids:
                other.refuse(f"there is no rule {other.value} in this file", "Name a rule of the same file.")
            elif other.value == entry.at("id").value:
                other.refuse("a rule cannot stand on top of itself")


def _signed(favour: float | None, against: float | None) -> float | None:
    """The signed certainty factor; None unless exactly one direction is given."""
    if (favour is None) == (against is None):
        return None
    return favour if favour is not None else -(against or 0)
