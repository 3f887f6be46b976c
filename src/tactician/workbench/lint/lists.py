"""Checks of decision lists: entries that are never reached, levels that are never concluded, lists left open."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.knowledge.rules import DerivedFact, Rulebase
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding
from tactician.workbench.lint.places import Places
from tactician.workbench.lint.spaces import Spaces
from tactician.workbench.notation import show_value


def check_lists(rulebase: Rulebase, spaces: Spaces, places: Places) -> Iterator[Finding]:
    """What is wrong with whole decision lists."""
    for fact in rulebase.derived:
        if fact.entries:
            yield from _shadowed(fact, rulebase, spaces, places)
            yield from _check_values(fact)


def _shadowed(fact: DerivedFact, rulebase: Rulebase, spaces: Spaces, places: Places) -> Iterator[Finding]:
    for number, entry in enumerate(fact.entries):
        if spaces.contradictory(rulebase.rule[entry.rule].when):
            what = f"the entry that concludes {show_value(entry.value)} is never reached"
            place = places.entry(fact.spec.id, number)
            yield Finding(finding.SHADOWED_ENTRY, place, entry.rule, what, "Move it up, or drop it.")


def _check_values(fact: DerivedFact) -> Iterator[Finding]:
    name = fact.spec.id
    if fact.entries[-1].when is not None:
        hint = "Where no entry holds, the fact stays unknown: add otherwise, unless that is meant."
        yield Finding(finding.OPEN_LIST, fact.place, name, "the list has no `otherwise`", hint)
    concluded = {entry.value for entry in fact.entries}
    for value in fact.spec.values:
        if value not in concluded:
            what = f"no entry concludes {show_value(value)}"
            yield Finding(finding.MISSING_LEVEL, fact.place, name, what, "Conclude it, or drop the level.")
