"""Checks of single conditions: impossible, empty, contradictory and redundant tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from tactician.errors import Place
from tactician.knowledge.conditions import All, Any, Element, No, Some, leaves, negate
from tactician.knowledge.rules import Rulebase
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Check, Finding
from tactician.workbench.lint.places import Places
from tactician.workbench.lint.process_conditions import process_conditions
from tactician.workbench.lint.spaces import Spaces, Values, tests_of
from tactician.workbench.notation import show, show_test, show_value


@dataclass(frozen=True, slots=True)
class Written:
    """A condition as somebody wrote it, and where."""

    when: Element
    place: Place
    where: str


def check_conditions(rulebase: Rulebase, spaces: Spaces, places: Places) -> Iterator[Finding]:
    """What is wrong inside one condition, wherever it is written."""
    for written in _written(rulebase, places):
        yield from _Condition(written, spaces).findings()


def _written(rulebase: Rulebase, places: Places) -> Iterator[Written]:
    """Every condition that is written in the files, none that was only compiled from others."""
    values_of = {name: spec.values for name, spec in rulebase.specs.items()}
    entries = {entry.rule for fact in rulebase.derived for entry in fact.entries}
    for rule in rulebase.rules:
        if rule.origin == "authored" and rule.id not in entries:
            yield Written(rule.when, rule.place, rule.id)
        elif rule.origin == "requires":
            yield Written(negate(rule.when, values_of), rule.place, rule.id)
    for fact in rulebase.derived:
        for number, entry in enumerate(fact.entries):
            if entry.when is not None:
                yield Written(entry.when, places.entry(fact.spec.id, number), entry.rule)
    for file, path, when in process_conditions(rulebase):
        yield Written(when, *places.process(file, path))


class _Condition:
    """One condition under examination."""

    def __init__(self, written: Written, spaces: Spaces) -> None:
        self.written = written
        self.spaces = spaces
        tests = [test for leaf in leaves(written.when) for test in tests_of(leaf)]
        self.impossible = [test for test in tests if not spaces.passing(test)]
        self.empty = [test for test in tests if spaces.passing(test) == spaces.of(test.fact)]

    def findings(self) -> Iterator[Finding]:
        for test in self.impossible:
            what = f"no value of {test.fact} passes {show_test(test)!r}"
            yield self._finding(finding.IMPOSSIBLE_TEST, what, self._legal(test.fact))
        for test in self.empty:
            what = f"every value of {test.fact} passes {show_test(test)!r}"
            yield self._finding(finding.EMPTY_TEST, what, "Drop it, or test for less.")
        when = self.written.when
        if not self.impossible and self.spaces.contradictory(when):
            hint = "Test for something that can be, or write any: […]."
            yield self._finding(finding.CONTRADICTION, f"{show(when)} can never hold", hint)
        if not self.impossible and not self.empty:
            yield from self._redundant(when)

    def _finding(self, check: Check, what: str, hint: str) -> Finding:
        return Finding(check, self.written.place, self.written.where, what, hint)

    def _legal(self, fact: str) -> str:
        spec = self.spaces.specs[fact]
        if spec.is_number:
            return f"Its values lie between {show_value(spec.minimum)} and {show_value(spec.maximum)}."
        return f"Its values are {', '.join(show_value(value) for value in spec.values)}."

    def _redundant(self, element: Element) -> Iterator[Finding]:
        if not isinstance(element, All | Any):
            return
        for part in element.parts:
            yield from self._redundant(part)
        if isinstance(element, Any):
            yield from self._tautology(element)
        spare: dict[Element, Element] = {}
        for first, second in combinations(element.parts, 2):
            narrow, wide = (first, second) if isinstance(element, All) else (second, first)
            if self.spaces.implies(narrow, wide):
                spare.setdefault(second, first)
            elif self.spaces.implies(wide, narrow):
                spare.setdefault(first, second)
        for part, other in spare.items():
            what = f"{show(part)} adds nothing to {show(other)}"
            yield self._finding(finding.REDUNDANT_TEST, what, "Drop it.")

    def _tautology(self, element: Any) -> Iterator[Finding]:
        hint = "Drop it: it only says that this is known."
        passing: dict[str, Values] = {}
        for way in self.spaces.ways(element) or ():
            if len(way.facts) == 1 and not way.items and not way.known:
                ((fact, values),) = way.facts.items()
                passing[fact] = passing.get(fact, frozenset()) | values
        for fact, values in passing.items():
            if values == self.spaces.of(fact):
                what = f"the branches of {show(element)} leave no value of {fact} out"
                yield self._finding(finding.TAUTOLOGY, what, hint)
        for part in element.parts:
            if isinstance(part, Some) and No(part.item, part.where) in element.parts:
                what = f"the branches of {show(element)} leave no list of {part.item}s out"
                yield self._finding(finding.TAUTOLOGY, what, hint)
