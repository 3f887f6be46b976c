"""Pages about what rules are made of: facts that clients state, sources, parameters, and what lint looks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tactician.facts.vocabulary import FactSpec
from tactician.knowledge.conditions import Element, Known, leaves
from tactician.knowledge.expressions import show as show_expression
from tactician.knowledge.rules import Rulebase, Source
from tactician.presentation.page import Block, Bullets, Heading, Parts, Table, Text
from tactician.presentation.words import listed, number, sentence
from tactician.workbench.lint.finding import CHECKS, Check
from tactician.workbench.lint.spaces import tests_of

EFFORT = ("the owner cannot change it", "easy to change", "takes months to change", "hard to change")
PARAMETER = re.compile(r"\bparameter\.([a-z0-9_]+)")


def reference_page(name: str, rulebase: Rulebase) -> list[Block] | None:
    """The page about a fact, source, parameter or check; None when the name is none of these."""
    shorts = {spec.name: spec for spec in rulebase.vocabulary.facts.values()}
    spec = rulebase.vocabulary.facts.get(name) or shorts.get(name)
    if spec is not None:
        return [Heading(spec.id, 1), *fact_blocks(spec), *_used_by(users_of_fact(spec.id, rulebase))]
    if name in rulebase.sources:
        return list(_source_page(rulebase.sources[name], rulebase))
    path = name.replace("parameter.", "arithmetic.", 1)
    if path in rulebase.parameters.reasons:
        return list(_parameter_page(path, rulebase))
    check = next((check for check in CHECKS if name in (check.code, check.name)), None)
    return None if check is None else list(_check_page(check))


def reference_names(rulebase: Rulebase) -> tuple[str, ...]:
    """Every name that has a page here."""
    parameters = (_shown(path) for path in rulebase.parameters.reasons)
    checks = (check.code for check in CHECKS)
    return (*rulebase.vocabulary.facts, *rulebase.sources, *parameters, *checks)


def fact_blocks(spec: FactSpec) -> Iterator[Block]:
    """What is asked about a fact, and what the answers mean."""
    yield Text(sentence(spec.question))
    if spec.help:
        yield Text(sentence(spec.help), "Why it is asked")
    if spec.is_number:
        low, high = number(spec.minimum or 0, 4), number(spec.maximum or 0, 4)
        yield Text(f"a number from {low} to {high} {spec.unit}.", "Answer")
        yield Bullets(tuple(f"{number(band.value, 4)}: {band.meaning}" for band in spec.bands))
    elif spec.levels:
        yield Bullets(tuple(f"{level}: {spec.meanings.get(level, '')}" for level in spec.levels), "Answer")
    else:
        yield Text("true or false.", "Answer")
    yield Text(sentence(EFFORT[spec.changeable]), "Changeable")
    if spec.better:
        yield Text("more of it." if spec.better == "up" else "less of it.", "What owners want")


def checks_table() -> Table:
    """Everything that lint looks for."""
    rows = tuple((check.code, check.name, str(check.severity), Parts.of(check.why)) for check in CHECKS)
    return Table(("Code", "Name", "Severity", "What is wrong"), rows)


def users_of_fact(fact: str, rulebase: Rulebase) -> list[str]:
    """The rules and derived facts that look at a fact or an attribute of items."""
    used = [rule.id for rule in rulebase.rules if fact in _read(rule.when)]
    return [*used, *(derived.spec.id for derived in rulebase.derived if fact in derived.reads)]


def _read(when: Element) -> set[str]:
    found: set[str] = set()
    for leaf in leaves(when):
        found |= {leaf.fact} if isinstance(leaf, Known) else {test.fact for test in tests_of(leaf)}
    return found


def _source_page(source: Source, rulebase: Rulebase) -> Iterator[Block]:
    yield Heading(source.title, 1)
    for label, text in (("Author", source.author), ("Year", source.year), ("Kind", source.kind)):
        if text:
            yield Text(text, label)
    if source.url:
        yield Text(source.url, "Address")
    yield Text("yes." if source.retrieved else "no.", "Read for this")
    yield from _used_by(
        [rule.id for rule in rulebase.rules if source.id in rule.sources]
        + [fact.spec.id for fact in rulebase.derived if source.id in fact.sources]
    )


def _parameter_page(path: str, rulebase: Rulebase) -> Iterator[Block]:
    yield Heading(_shown(path), 1)
    short = path.removeprefix("arithmetic.")
    if short in rulebase.parameters.arithmetic:
        yield Text(f"{number(rulebase.parameters.arithmetic[short], 6)}.", "Value")
    yield Text(sentence(rulebase.parameters.reasons[path]), "Why")
    yield Text("parameters.yaml.", "Stands in")
    if path.startswith("arithmetic."):
        yield from _used_by(
            [
                fact.spec.id
                for fact in rulebase.derived
                if fact.expression is not None
                and short in PARAMETER.findall(show_expression(fact.expression))
            ]
        )


def _check_page(check: Check) -> Iterator[Block]:
    yield Heading(f"{check.code} {check.name}", 1)
    yield Text(sentence(check.why))
    yield Text(f"{check.severity}.", "Severity")


def _used_by(names: Iterable[str]) -> Iterator[Block]:
    found = list(names)
    yield Text(f"{listed(found)}." if found else "Nothing looks at it by name.", "Used by")


def _shown(path: str) -> str:
    return path.replace("arithmetic.", "parameter.", 1)
