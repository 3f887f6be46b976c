"""Which kinds of cases a rule still lacks: one where it fires, one where not, each boundary, a missing fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from tactician.errors import Place
from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import Element, Known, Test, leaves
from tactician.knowledge.rules import Conclude, Rule, Rulebase
from tactician.workbench.cases import Case, CaseFile
from tactician.workbench.drafting.grid import Grid
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.notation import show_value

STATED_BY = {"fires": "true", "evidence": "true", "warns": "true", "silent": "false", "undecided": "unknown"}
"""The outcome of a rule that each kind of expectation states."""
WANTED = {"true": "it fires", "false": "it is silent", "unknown": "it is undecided"}


@dataclass(frozen=True, slots=True)
class Lack:
    """A kind of case that a rule lacks."""

    rule: str
    place: Place
    what: str
    """`it is silent`, `segment.segment_size is 19999`."""


def written_conditions(rulebase: Rulebase) -> dict[str, Element | None]:
    """The condition of each rule as it was written: of a line of a decision list without the lines before it."""
    lines = {entry.rule: entry.when for fact in rulebase.derived for entry in fact.entries}
    return {
        rule.id: lines.get(rule.id) if isinstance(rule.then, Conclude) else rule.when
        for rule in rulebase.rules
    }


def stated_outcomes(files: Iterable[CaseFile]) -> dict[str, set[str]]:
    """By rule: the outcomes that some case expects of it."""
    stated: dict[str, set[str]] = {}
    for case in (case for file in files for case in file.cases):
        for expectation in case.expectations:
            if expectation.kind in STATED_BY:
                stated.setdefault(expectation.subject, set()).add(STATED_BY[expectation.kind])
    return stated


def lacking(rulebase: Rulebase, files: Iterable[CaseFile]) -> Iterator[Lack]:
    """The kinds of cases that are lacking, in the order of rules.

    Boundaries are looked for in tests of stated facts; those of concluded facts are boundaries of other rules.
    """
    files = list(files)
    stated = stated_outcomes(files)
    naming: dict[str, list[Case]] = {}
    for case in (case for file in files for case in file.cases):
        for rule in case.rules:
            naming.setdefault(rule, []).append(case)
    grid = Grid(rulebase)
    for name, condition in written_conditions(rulebase).items():
        subject = rulebase.rule[name]
        for outcome, words in WANTED.items():
            if outcome not in stated.get(name, ()) and (
                outcome != "unknown" or _can_be_open(condition, grid)
            ):
                yield Lack(name, subject.place, words)
        yield from _boundaries(subject, condition, naming.get(name, []), rulebase, grid)


def _can_be_open(condition: Element | None, grid: Grid) -> bool:
    """Whether a condition can be unknown: tests for being known can rule that out."""
    asked = {leaf.fact for leaf in leaves(condition) if isinstance(leaf, Known)} if condition else set()
    if condition is None or not asked:
        return True
    choices = [(None, *grid.values(fact)) for fact in sorted(asked)]
    return any(
        Situation(
            {fact: value for fact, value in zip(sorted(asked), chosen, strict=True) if value is not None}
        )
        .view(grid.rulebase)
        .truth(condition)
        is None
        for chosen in product(*choices)
    )


def _boundaries(
    rule: Rule, condition: Element | None, naming: Iterable[Case], rulebase: Rulebase, grid: Grid
) -> Iterator[Lack]:
    tests = leaves(condition) if condition is not None else ()
    stated = [leaf for leaf in tests if isinstance(leaf, Test) and not rulebase.specs[leaf.fact].derived]
    seen: dict[str, set[Value | None]] = {
        fact: {case.client.value(fact, index) for case in naming for index in case.segments}
        for fact in {test.fact for test in stated}
    }
    for test in stated:
        for value in grid.telling(test):
            if value not in seen[test.fact]:
                yield Lack(rule.id, rule.place, f"{test.fact} is {show_value(value)}")
