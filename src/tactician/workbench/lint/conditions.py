"""Checks of single conditions: impossible, empty, contradictory and redundant tests, and decision lists."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.errors import Place
from tactician.knowledge.conditions import All, Any, Element, leaves
from tactician.knowledge.rules import DerivedFact, Rulebase
from tactician.workbench.drafting.search import Search
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding
from tactician.workbench.lint.spaces import Spaces, tests_of
from tactician.workbench.notation import show, show_test, show_value


def check_conditions(rulebase: Rulebase, spaces: Spaces, search: Search) -> Iterator[Finding]:
    """What is wrong inside one condition, rule by rule and list by list."""
    for rule in rulebase.rules:
        if rule.origin == "authored" and rule.id not in _entry_rules(rulebase):
            yield from _check_one(rule.when, rule.place, rule.id, spaces)
    for fact in rulebase.derived:
        for entry in fact.entries:
            if entry.when is not None:
                yield from _check_one(entry.when, fact.place, entry.rule, spaces)
        yield from _check_list(fact, rulebase, search)


def _entry_rules(rulebase: Rulebase) -> frozenset[str]:
    return frozenset(entry.rule for fact in rulebase.derived for entry in fact.entries)


def _check_one(when: Element, place: Place, where: str, spaces: Spaces) -> Iterator[Finding]:
    broken = False
    for leaf in leaves(when):
        for test in tests_of(leaf):
            passing, every = spaces.passing(test), spaces.of(test.fact)
            if not passing:
                broken = True
                what = f"no value of {test.fact} passes {show_test(test)!r}"
                yield Finding(finding.IMPOSSIBLE_TEST, place, where, what, _legal(test.fact, spaces))
            elif passing == every:
                what = f"every value of {test.fact} passes {show_test(test)!r}"
                yield Finding(finding.EMPTY_TEST, place, where, what, "Drop it, or test for less.")
    ways = spaces.ways(when)
    if not broken and ways and not any(way.possible for way in ways):
        yield Finding(finding.CONTRADICTION, place, where, f"{show(when)} can never hold")
    yield from _redundant(when, place, where, spaces)


def _legal(fact: str, spaces: Spaces) -> str:
    spec = spaces.specs[fact]
    if spec.is_number:
        low, high = show_value(spec.minimum), show_value(spec.maximum)
        return f"Its values lie between {low} and {high}."
    return f"Its values are {', '.join(show_value(value) for value in spec.values)}."


def _redundant(element: Element, place: Place, where: str, spaces: Spaces) -> Iterator[Finding]:
    if not isinstance(element, All | Any):
        return
    for part in element.parts:
        yield from _redundant(part, place, where, spaces)
    if isinstance(element, Any):
        yield from _tautology(element, place, where, spaces)
    for part in element.parts:
        for other in element.parts:
            if other is part:
                continue
            narrow, wide = (other, part) if isinstance(element, All) else (part, other)
            if spaces.implies(narrow, wide):
                what = f"{show(part)} adds nothing to {show(other)}"
                yield Finding(finding.REDUNDANT_TEST, place, where, what, "Drop it.")


def _tautology(element: Any, place: Place, where: str, spaces: Spaces) -> Iterator[Finding]:
    passing: dict[str, frozenset[str | bool | float]] = {}
    for way in spaces.ways(element):
        if len(way.facts) == 1 and not way.items and not way.known:
            ((fact, values),) = way.facts.items()
            passing[fact] = passing.get(fact, frozenset()) | values
    for fact, values in passing.items():
        if values == spaces.of(fact):
            what = f"the branches of {show(element)} leave no value of {fact} out"
            yield Finding(
                finding.TAUTOLOGY, place, where, what, "Drop it, or write `known` where that is meant."
            )


def _check_list(fact: DerivedFact, rulebase: Rulebase, search: Search) -> Iterator[Finding]:
    if not fact.entries:
        return
    for entry in fact.entries:
        if search.find((rulebase.rule[entry.rule].when, True)) is None:
            what = f"the entry that concludes {show_value(entry.value)} is never reached"
            yield Finding(finding.SHADOWED_ENTRY, fact.place, entry.rule, what, "Move it up, or drop it.")
    if fact.entries[-1].when is not None:
        yield Finding(finding.OPEN_LIST, fact.place, fact.spec.id, "the list has no `otherwise`")
    concluded = {entry.value for entry in fact.entries}
    for level in fact.spec.levels:
        if level not in concluded:
            what = f"no entry concludes {level}"
            yield Finding(
                finding.MISSING_LEVEL, fact.place, fact.spec.id, what, "Drop the level, or conclude it."
            )
