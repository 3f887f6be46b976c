"""Builds records from their files and checks what they say of one another."""

from __future__ import annotations

from collections.abc import Mapping

from tactician.errors import did_you_mean
from tactician.facts.vocabulary import LIST_OF
from tactician.knowledge.fact_entries import check_value
from tactician.knowledge.files import RecordShape
from tactician.knowledge.packs import FAMILY_OF
from tactician.knowledge.passages import Passage
from tactician.knowledge.rules import Conflict, Cost, Record
from tactician.knowledge.strata import strata
from tactician.knowledge.terms import Terms
from tactician.knowledge.typed_fields import STAGE

TYPED = ("id", "family", "names", "definition", "cost", "requires", "conflicts", "complements", "rules")
"""Fields of a record file that have a place of their own in a Record, or become rules."""


def build_record(shape: RecordShape, top: Passage) -> Record:
    """The record that a file of the right shape describes."""
    cost = shape.cost
    stated = top.value if isinstance(top.value, dict) else {}
    details = {key: value for key, value in stated.items() if key not in TYPED}
    names = {str(language): name for language, name in shape.names.items()}
    return Record(
        id=shape.id, family=shape.family, names=names, definition=shape.definition,
        cost=Cost(
            _pair(cost.setup_eur), _pair(cost.running_eur_month), cost.hours_setup, cost.hours_per_week,
            _pair(cost.weeks_to_effect),
        ),
        conflicts=tuple(Conflict(entry.with_, entry.severity, entry.why) for entry in shape.conflicts),
        complements=tuple(shape.complements), required_tactics=tuple(shape.requires.tactics),
        details={**details, "tasks": list(shape.requires.tasks)}, place=top.place,
    )  # fmt: skip


def _pair(bounds: list[float]) -> tuple[float, float]:
    return bounds[0], bounds[1]


def check_record(shape: RecordShape, top: Passage, terms: Terms) -> None:
    """Notes what a record file says that does not fit its place or the things it names."""
    folder = FAMILY_OF.get(top.file.folder, "")
    if shape.id != top.file.stem:
        top.at("id").refuse(
            f"the record is called {shape.id}, and its file {top.file.stem}", "Give both one name."
        )
    if shape.family != folder:
        top.at("family").refuse(
            f"the family is {shape.family}, and the folder holds {folder}", "Move the file."
        )
    if "en" not in shape.names:
        top.at("names").refuse("'en' is missing", "Every record has an English name.")
    for field in ("setup_eur", "running_eur_month", "weeks_to_effect"):
        low, high = getattr(shape.cost, field)
        if low > high:
            top.at("cost", field).refuse(f"{low:g} is above {high:g}", "Write [lowest, highest].")
    _check_stages(shape, top.at("lifecycle"), terms)
    _check_addressed(top.at("addresses"), terms)
    for path in (("jury_shift", "sources"), ("seed", "note")):
        terms.check_sources(top.at(*path))
    for field in ("kpis", "notes", "legal"):
        for entry in top.at(field).entries():
            terms.check_sources(entry.at("source"))
    _check_relations(shape, top, terms)


def _check_stages(shape: RecordShape, lifecycle: Passage, terms: Terms) -> None:
    spec = terms.specs.get(STAGE)
    if spec is None or not shape.lifecycle:
        return
    for stage in shape.lifecycle.keys() - set(spec.levels):
        lifecycle.at(stage).refuse(
            f"{stage} is no level of {STAGE}", did_you_mean(stage, spec.levels), key=True
        )
    missing = [stage for stage in spec.levels if stage not in shape.lifecycle]
    if missing:
        lifecycle.refuse(f"{', '.join(missing)} is missing")


def _check_addressed(addresses: Passage, terms: Terms) -> None:
    for kind, key in LIST_OF.items():
        for entry in addresses.at(key).entries():
            for attribute in entry.value if isinstance(entry.value, dict) else ():
                spec = terms.specs.get(f"{kind}.{attribute}")
                if spec is not None:
                    check_value(entry.at(attribute).value, spec, entry.at(attribute))
                elif attribute != "how":
                    terms.attribute(kind, attribute, entry.at(attribute))


def _check_relations(shape: RecordShape, top: Passage, terms: Terms) -> None:
    named = [("conflicts", number, "with") for number in range(len(shape.conflicts))]
    named += [("complements", number) for number in range(len(shape.complements))]  # type: ignore[misc]
    seen: dict[object, Passage] = {}
    for passage in (top.at(*path) for path in named):
        terms.check_records(passage)
        if passage.value == shape.id:
            passage.refuse("a record has no relation to itself")
        first = seen.setdefault(passage.value, passage)
        if first is not passage:
            passage.refuse(f"{passage.value} is already named in {first.place}", "Keep one of them.")
    terms.check_records(top.at("requires", "tactics"), tactics=True)
    if shape.id in shape.requires.tactics:
        top.at("requires", "tactics").refuse("a record cannot require itself")


def check_conflicts(records: Mapping[str, tuple[Record, Passage]]) -> None:
    """Notes each conflict that only one of the two records states, or that they grade differently."""
    for name, (record, top) in records.items():
        for number, conflict in enumerate(record.conflicts):
            if conflict.other not in records or conflict.other == name:
                continue
            passage = top.at("conflicts", number)
            back = [other for other in records[conflict.other][0].conflicts if other.other == name]
            if not back:
                what = f"{conflict.other} does not name {name} in return"
                passage.refuse(what, "A conflict is written in both records.")
            elif back[0].severity != conflict.severity and name < conflict.other:
                elsewhere = records[conflict.other][1].place.file
                what = f"this conflict is {conflict.severity} here and {back[0].severity} in {elsewhere}"
                passage.at("severity").refuse(what, "Give both the same severity.")


def check_requirements(records: Mapping[str, tuple[Record, Passage]]) -> None:
    """Notes tactics that require one another in a circle, so that none could ever come first."""
    for loop in strata({name: record.required_tactics for name, (record, _) in records.items()})[1]:
        what = f"{' → '.join(loop)} is a loop"
        records[loop[0]][1].at("requires", "tactics").refuse(what, "One of them must come first.")
