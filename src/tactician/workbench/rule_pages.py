"""A page about any rule, record or derived fact, under fixed headings, from its typed fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any as Anything

from tactician.errors import UsageError, did_you_mean
from tactician.inference.weights import points
from tactician.knowledge.conditions import facts_read
from tactician.knowledge.expressions import show as show_expression
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import (
    Block,
    Conclude,
    DerivedFact,
    Evidence,
    Prepare,
    Record,
    Rule,
    Rulebase,
    Warn,
)
from tactician.presentation.condition_words import in_words
from tactician.presentation.page import Block as PageBlock
from tactician.presentation.page import Bullets, Heading, Table, Text
from tactician.presentation.words import FAMILY_AIM, hours, listed, number, sentence, weeks
from tactician.workbench.case_files import InvalidCases, find_case_files, read_cases
from tactician.workbench.case_folders import cases_folder
from tactician.workbench.notation import show_value
from tactician.workbench.reference_pages import reference_names, reference_page

GRADES = {
    "A": "experiment or meta-analysis",
    "B": "observation: study, survey or case",
    "C": "theory, standard work or judgement",
    "N": "the notes alone",
}
MILLI = 1_000
Tests = Mapping[str, Sequence[str]]
"""By rule: the names of the cases that speak of it."""


def load(folders: Sequence[Path]) -> Rulebase:
    """The rulebase made of some folders; raises InvalidRulebase."""
    return load_rulebase(*folders)


def tests_by_rule(folders: Sequence[Path], rulebase: Rulebase) -> tuple[Tests, int]:
    """The names of the cases that speak of each rule, and how many case files cannot be read.

    The cases are those beside the rules, if there are any.
    """
    folder = cases_folder(None, folders)
    found: dict[str, list[str]] = {}
    unread = 0
    for path in find_case_files(folder) if folder.is_dir() else ():
        try:
            (file,) = read_cases([path], rulebase)
        except InvalidCases:
            unread += 1
            continue
        for case in file.cases:
            for rule in sorted(case.rules):
                found.setdefault(rule, []).append(case.name)
    return found, unread


def table_json(table: Table) -> str:
    """A table for other programs: one object a row."""
    rows = [dict(zip((header.lower() for header in table.headers), row, strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def page(name: str, rulebase: Rulebase, tests: Tests) -> list[PageBlock]:
    """The page about a record, rule, fact, source, parameter or check; raises UsageError for anything else."""
    record = rulebase.record_called(name)
    if record is not None:
        return list(record_page(record, rulebase, tests))
    if name in rulebase.rule:
        return list(_rule_page(rulebase.rule[name], rulebase, tests))
    derived = {fact.spec.id: fact for fact in rulebase.derived}
    by_short = {fact.spec.name: fact for fact in rulebase.derived}
    fact = derived.get(name) or by_short.get(name)
    if fact is not None:
        return list(derived_page(fact, rulebase))
    referred = reference_page(name, rulebase)
    if referred is not None:
        return referred
    known = [*rulebase.records, *rulebase.rule, *by_short, *reference_names(rulebase)]
    raise UsageError(f"Nothing in the rulebase is called {name!r}.", did_you_mean(name, known))


def overview(rulebase: Rulebase) -> Table:
    """Every record with its family and how many rules speak for, against and block it."""
    rows = []
    for record in rulebase.records.values():
        rules = rulebase.by_target[record.id]
        evidence = [rule.then.cf for rule in rules if isinstance(rule.then, Evidence)]
        rows.append(
            (
                record.id,
                record.name,
                record.family,
                str(sum(cf > 0 for cf in evidence)),
                str(sum(cf < 0 for cf in evidence)),
                str(sum(isinstance(rule.then, Block) for rule in rules)),
            )
        )
    numeric = frozenset({"For", "Against", "Blocks"})
    return Table(("Id", "Name", "Family", "For", "Against", "Blocks"), tuple(rows), numeric)


def record_page(record: Record, rulebase: Rulebase, tests: Tests) -> Iterator[PageBlock]:
    """Everything known about a tactic, lever or improvement."""
    yield Heading(record.name, 1)
    yield Heading("What it is")
    yield Text(record.definition)
    others = [f"{name} ({language})" for language, name in record.names.items() if language != "en"]
    yield Text(f"{', '.join(others)}.", "In other languages")
    yield Text(f"to {FAMILY_AIM[record.family]}.", "Serves")
    yield from _rules_of(record, rulebase, tests)
    yield from _needed_first(record, rulebase)
    yield from _cost(record)
    yield from _relations(record, rulebase)
    yield from _practice(record)
    yield Heading("Sources")
    yield Bullets(tuple(_sources(record, rulebase)))


def _rules_of(record: Record, rulebase: Rulebase, tests: Tests) -> Iterator[PageBlock]:
    rules = rulebase.by_target[record.id]
    spoken = [(rule, rule.then.weight) for rule in rules if isinstance(rule.then, Evidence)]
    strongest = sorted(spoken, key=lambda pair: (-abs(pair[1]), pair[0].id))
    yield Heading("When it fits")
    yield Bullets(tuple(_line(rule, rulebase, tests) for rule, weight in strongest if weight > 0))
    yield Heading("When it does not")
    yield Bullets(tuple(_line(rule, rulebase, tests) for rule, weight in strongest if weight < 0))
    blocks = tuple(_line(rule, rulebase, tests) for rule in rules if isinstance(rule.then, Block))
    yield Heading("What rules it out")
    yield Bullets(blocks) if blocks else Text("Nothing by itself.")


def _line(rule: Rule, rulebase: Rulebase, tests: Tests) -> str:
    """One rule as a sentence: its weight, its condition, its reason and its support."""
    covered = len(tests.get(rule.id, ()))
    support = f"{rule.id}, grade {rule.grade}" + (f", {covered} cases" if covered else "")
    when = in_words(rule.when, rulebase.specs)
    return f"{_effect(rule)}when {when}. {sentence(rule.because)} ({support})"


def _effect(rule: Rule) -> str:
    match rule.then:
        case Evidence(weight=weight):
            return f"{'+' if weight > 0 else ''}{points(weight, MILLI)} points "
        case Prepare(text=text, hours=needed):
            return f"Prepare ({hours(needed)}): {sentence(text)} Needed "
        case Warn(text=text):
            return f"Warn: {sentence(text)} Raised "
        case Conclude(value=value):
            return f"Concludes {show_value(value)} "
    return "Ruled out "


def _needed_first(record: Record, rulebase: Rulebase) -> Iterator[PageBlock]:
    steps = [
        f"{sentence(rule.then.text)} ({hours(rule.then.hours)}, when {in_words(rule.when, rulebase.specs)})"
        for rule in rulebase.rules
        if isinstance(rule.then, Prepare) and record.id in rule.then.before
    ]
    tactics = [f"First run {rulebase.records[each].name}." for each in record.required_tactics]
    if steps or tactics:
        yield Heading("What it needs first")
        yield Bullets((*tactics, *steps))


def _cost(record: Record) -> Iterator[PageBlock]:
    cost = record.cost
    yield Heading("What it takes")
    yield Bullets(
        (
            f"To set up: {_euros(cost.setup_eur)} and {hours(cost.hours_setup)}.",
            f"To run: {_euros(cost.running_eur_month)} a month and {hours(cost.hours_per_week)} a week.",
            f"An effect shows after {weeks(*cost.weeks_to_effect)}.",
        )
    )


def _euros(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{number(high)} EUR" if low == high else f"{number(low)} to {number(high)} EUR"


def _relations(record: Record, rulebase: Rulebase) -> Iterator[PageBlock]:
    if record.complements:
        yield Heading("What goes well with it")
        yield Text(sentence(listed([rulebase.records[each].name for each in record.complements])))
    if record.conflicts:
        yield Heading("What does not go with it")
        yield Bullets(
            tuple(
                f"{rulebase.records[each.other].name} ({each.severity}): {sentence(each.why)}"
                for each in record.conflicts
            )
        )


def _practice(record: Record) -> Iterator[PageBlock]:
    details: Mapping[str, Anything] = record.details
    headings = (("first_steps", "First steps"), ("tasks", "Keep in mind"), ("risks", "What can go wrong"))
    for key, heading in headings:
        if details.get(key):
            yield Heading(heading)
            yield Bullets(tuple(sentence(each) for each in details[key]))
    yield Heading("How to see whether it works")
    yield Bullets(
        tuple(f"{kpi['name']}: {kpi['formula']}; target: {kpi['target']}." for kpi in details.get("kpis", ()))
    )
    yield Heading("Whom to convince")
    shift = details.get("jury_shift", {})
    yield Bullets(
        (
            f"Where users decide for themselves: {sentence(shift.get('same', ''))}",
            f"Where somebody else decides: {sentence(shift.get('different', ''))}",
        )
    )
    yield Heading("Examples")
    yield Bullets(tuple(sentence(each) for each in details.get("examples", {}).values() if each))
    notes = [*details.get("notes", ()), *details.get("legal", ())]
    if notes:
        yield Heading("Good to know")
        yield Bullets(tuple(sentence(each["note"]) for each in notes))


def _sources(record: Record, rulebase: Rulebase) -> Iterator[str]:
    cited = {source for rule in rulebase.by_target[record.id] for source in rule.sources}
    for name in sorted(cited):
        yield source_line(name, rulebase)


def source_line(name: str, rulebase: Rulebase) -> str:
    """One source as a line of a bibliography."""
    source = rulebase.sources[name]
    author = f"{source.author}: " if source.author else ""
    year = f" ({source.year})" if source.year else ""
    unread = " Not read for this." if source.kind != "estimate" and not source.retrieved else ""
    return f"{author}{source.title}{year}.{unread} [{name}]"


def _rule_page(rule: Rule, rulebase: Rulebase, tests: Tests) -> Iterator[PageBlock]:
    yield Heading(rule.id, 1)
    yield Text(sentence(f"{_effect(rule)}when {in_words(rule.when, rulebase.specs)}"), "Says")
    yield Text(sentence(rule.because) if rule.because else "It follows from the record.", "Because")
    yield Text(f"{rule.grade} ({GRADES.get(rule.grade, '')}).", "Grade")
    if rule.targets:
        yield Text(sentence(listed([rulebase.records[each].name for each in rule.targets])), "About")
    if rule.origin != "authored":
        yield Text(f"Compiled from the field {rule.origin}.", "Origin")
    if rule.on_top_of:
        yield Text(sentence(listed(rule.on_top_of)), "Knowingly repeats")
    yield Text(f"{rule.place}", "Stands at")
    if rule.sources:
        yield Bullets(tuple(source_line(each, rulebase) for each in rule.sources), "Sources")
    cases = tuple(tests.get(rule.id, ()))
    if cases:
        yield Bullets(cases, "Tested by")
    else:
        yield Text("No case speaks of it.", "Tested by")


def derived_page(fact: DerivedFact, rulebase: Rulebase) -> Iterator[PageBlock]:
    """How a derived fact comes about."""
    yield Heading(fact.spec.name.replace("_", " ").capitalize(), 1)
    yield Text(sentence(fact.because))
    if fact.spec.levels:
        yield Bullets(
            tuple(f"{level}: {fact.spec.meanings.get(level, '')}" for level in fact.spec.levels), "Values"
        )
    if fact.expression is not None:
        yield Text(f"{show_expression(fact.expression)}", "Computed as")
    elif fact.measure:
        yield Text(f"the measure {fact.measure.replace('_', ' ')}.", "Computed by")
    else:
        yield Bullets(tuple(_entries(fact, rulebase)), "The first that holds decides")
    yield Text(f"{fact.grade} ({GRADES.get(fact.grade, '')}).", "Grade")
    used = [rule.id for rule in rulebase.rules if fact.spec.id in facts_read(rule.when)]
    yield Text(sentence(listed(used)) if used else "No rule.", "Used by")
    yield Bullets(tuple(source_line(each, rulebase) for each in fact.sources), "Sources")


def _entries(fact: DerivedFact, rulebase: Rulebase) -> Iterable[str]:
    for entry in fact.entries:
        when = "otherwise" if entry.when is None else f"when {in_words(entry.when, rulebase.specs)}"
        yield f"{show_value(entry.value)} {when} ({entry.rule})"
