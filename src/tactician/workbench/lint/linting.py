"""Runs every check over a rulebase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase
from tactician.workbench.drafting.search import Search
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.lint import finding
from tactician.workbench.lint.conditions import check_conditions
from tactician.workbench.lint.finding import Finding, Severity
from tactician.workbench.lint.lists import check_lists
from tactician.workbench.lint.pairs import check_pairs
from tactician.workbench.lint.places import Places
from tactician.workbench.lint.records import check_records, check_support, recommended_when
from tactician.workbench.lint.spaces import Spaces
from tactician.workbench.lint.texts import check_texts
from tactician.workbench.lint.use import check_use


@dataclass(frozen=True)
class Report:
    """What lint found, in reading order, with a witness for every rule that can fire.

    `recommended` has a witness for every record whose total can be above zero.
    """

    rulebase: Rulebase
    findings: tuple[Finding, ...]
    witnesses: Mapping[str, Situation]
    recommended: Mapping[str, Situation]

    def count(self, severity: Severity) -> int:
        """How many findings are that severe."""
        return sum(each.check.severity == severity for each in self.findings)

    @property
    def clean(self) -> bool:
        """Whether there is no error and no warning."""
        return not self.count(Severity.ERROR) and not self.count(Severity.WARNING)


def lint(folders: Sequence[Path]) -> Report:
    """Every finding about the rulebase made of some folders; raises InvalidRulebase when it does not load."""
    rulebase = load_rulebase(*folders)
    places, spaces, search = Places(folders), Spaces(rulebase), Search(rulebase)
    witnesses = dict(_witnesses(rulebase, search))
    recommended = dict(_recommended(rulebase, search))
    found = [
        *check_conditions(rulebase, spaces, places),
        *check_lists(rulebase, spaces, places),
        *check_pairs(rulebase, spaces),
        *check_use(rulebase, places),
        *check_records(rulebase, recommended, search),
        *check_support(rulebase),
        *check_texts(places.files),
        *_unreachable(rulebase, witnesses),
    ]
    in_order = tuple(sorted(_without_echoes(found), key=lambda each: each.order))
    return Report(rulebase, in_order, witnesses, recommended)


def _witnesses(rulebase: Rulebase, search: Search) -> Iterator[tuple[str, Situation]]:
    for rule in rulebase.rules:
        situation = search.find((rule.when, True))
        if situation is not None:
            yield rule.id, situation


def _recommended(rulebase: Rulebase, search: Search) -> Iterator[tuple[str, Situation]]:
    for record in rulebase.records:
        situation = recommended_when(record, rulebase, search)
        if situation is not None:
            yield record, situation


def _unreachable(rulebase: Rulebase, witnesses: Mapping[str, Situation]) -> Iterator[Finding]:
    for rule in rulebase.rules:
        if rule.id not in witnesses:
            what = "no client was found for which it fires"
            hint = "Look at the facts it is built on."
            yield Finding(finding.UNREACHABLE_RULE, rule.place, rule.id, what, hint)


def _without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without those that only follow from another one about the same condition."""
    found = list(findings)
    never = {finding.IMPOSSIBLE_TEST, finding.CONTRADICTION, finding.SHADOWED_ENTRY}
    broken = {each.where for each in found if each.check in never}
    always = {f"{each.where}-ELSE" for each in found if each.check is finding.EMPTY_TEST}
    shadowed = {each.where for each in found if each.check in never - {finding.SHADOWED_ENTRY}}
    return [
        each
        for each in found
        if not (each.check is finding.UNREACHABLE_RULE and each.where in broken | always)
        and not (each.check is finding.SHADOWED_ENTRY and each.where in shadowed)
    ]
