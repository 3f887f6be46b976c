"""Checks of what nothing uses: facts nobody looks at, derived facts without readers, sources without citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from tactician.facts.measures import attributes_read
from tactician.knowledge.conditions import All, Any, Known, No, Some, Test, leaves
from tactician.knowledge.expressions import Expression, Number, Operation
from tactician.knowledge.rules import Rulebase
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding
from tactician.workbench.lint.places import Places
from tactician.workbench.lint.spaces import tests_of

NOTES = frozenset({"judgement"})
"""Sources that stand for no publication."""


def check_use(rulebase: Rulebase, places: Places) -> Iterator[Finding]:
    """What could be dropped without anybody noticing."""
    read = facts_looked_at(rulebase)
    for fact in rulebase.derived:
        if fact.spec.id not in read:
            what = "no rule, derived fact or text looks at it"
            yield Finding(finding.UNUSED_DERIVED, fact.place, fact.spec.id, what, "Use it, or drop it.")
    for name in rulebase.vocabulary.facts:
        if name not in read:
            what = "no rule, derived fact or text looks at it"
            yield Finding(
                finding.UNUSED_FACT, places.fact(name), name, what, "Use it, or stop asking for it."
            )
    yield from _check_sources(rulebase, places)
    named = {name for fact in rulebase.derived for name in _parameters(fact.expression)}
    for name in rulebase.parameters.arithmetic:
        if name not in named:
            place = places.parameter("arithmetic", name)
            what = "no expression names it"
            yield Finding(finding.UNUSED_PARAMETER, place, f"parameter.{name}", what, "Use it, or drop it.")


def _check_sources(rulebase: Rulebase, places: Places) -> Iterator[Finding]:
    cited = {*_sources(rulebase), *places.sources_of_parameters()}
    for name, source in rulebase.sources.items():
        if name in NOTES:
            continue
        if name not in cited:
            what = "nothing cites it"
            yield Finding(finding.UNUSED_SOURCE, places.source(name), name, what, "Cite it, or drop it.")
        elif not (source.author or source.url):
            what = "it has neither an author nor an address"
            hint = "Say who wrote it, or where it can be read."
            yield Finding(finding.MISSING_SOURCE, places.source(name), name, what, hint)


def facts_looked_at(rulebase: Rulebase) -> frozenset[str]:
    """Every fact and attribute that a rule, a derived fact, a measure, a weight or the process data looks at."""
    read: set[str] = set(rulebase.parameters.item_weights)
    for rule in rulebase.rules:
        read |= _read_by(rule.when)
    for fact in rulebase.derived:
        read |= fact.reads
        if fact.measure:
            read |= attributes_read(fact.measure, rulebase.parameters)
    return frozenset(read | _in_data(rulebase.process) | _BESIDES)


_BESIDES = frozenset({
    "pain.phase", "product.nature", "product.relevance",
    "business.monthly_budget", "business.staff_hours_available",
})  # fmt: skip
"""What a canvas records by note 004, and what plans are scheduled by, without a rule that looks at it."""


def _read_by(element: object) -> set[str]:
    found: set[str] = set()
    assert isinstance(element, Test | Known | Some | No | All | Any)
    for leaf in leaves(element):
        found |= {leaf.fact} if isinstance(leaf, Known) else {test.fact for test in tests_of(leaf)}
    return found


def _parameters(expression: Expression | None) -> Iterator[str]:
    match expression:
        case Number(name=name) if name:
            yield name
        case Operation(parts=parts):
            for part in parts:
                yield from _parameters(part)


def _in_data(data: object) -> set[str]:
    """The facts in the conditions of process data, however deep, and those it names outright."""
    if isinstance(data, Test | Known | Some | No | All | Any):
        return _read_by(data)
    if isinstance(data, Mapping):
        return set().union(*(_in_data(value) for value in data.values()))
    if isinstance(data, list | tuple):
        return set().union(*(_in_data(value) for value in data))
    if is_dataclass(data) and not isinstance(data, type):
        return set().union(*(_in_data(getattr(data, each.name)) for each in fields(data)))
    return {data} if isinstance(data, str) and "." in data else set()


def _sources(rulebase: Rulebase) -> Iterator[str]:
    for rule in rulebase.rules:
        yield from rule.sources
    for fact in rulebase.derived:
        yield from fact.sources
    for record in rulebase.records.values():
        yield from _cited(record.details)
    yield from _cited(rulebase.process)


def _cited(data: object) -> Iterator[str]:
    """Every text under `source` or `sources`, and every word that could be one: ids are unmistakable."""
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _cited(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _cited(value)
    elif isinstance(data, str) and " " not in data:
        yield data
