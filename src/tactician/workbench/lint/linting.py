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
from tactician.workbench.lint.pairs import check_pairs
from tactician.workbench.lint.records import check_records, check_support
from tactician.workbench.lint.spaces import Spaces
from tactician.workbench.lint.texts import check_texts
from tactician.workbench.lint.use import check_use


@dataclass(frozen=True)
class Report:
    """What lint found, in reading order, and a witness for every rule that can fire."""

    rulebase: Rulebase
    findings: tuple[Finding, ...]
    witnesses: Mapping[str, Situation]

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
    spaces, search = Spaces(rulebase), Search(rulebase)
    witnesses = dict(_witnesses(rulebase, search))
    shown = [folder.as_posix() for folder in folders[1:]]
    found = [
        *check_conditions(rulebase, spaces, search),
        *check_pairs(rulebase, spaces),
        *check_use(rulebase),
        *check_records(rulebase, search),
        *check_support(rulebase),
        *check_texts(folders, ["rules", *shown]),
        *_unreachable(rulebase, witnesses),
    ]
    return Report(rulebase, tuple(sorted(_without_echoes(found), key=lambda each: each.order)), witnesses)


def _witnesses(rulebase: Rulebase, search: Search) -> Iterator[tuple[str, Situation]]:
    for rule in rulebase.rules:
        situation = search.find((rule.when, True))
        if situation is not None:
            yield rule.id, situation


def _unreachable(rulebase: Rulebase, witnesses: Mapping[str, Situation]) -> Iterator[Finding]:
    entries = {entry.rule for fact in rulebase.derived for entry in fact.entries}
    for rule in rulebase.rules:
        if rule.id not in witnesses and rule.id not in entries:
            what = "no client was found for which it fires"
            yield Finding(
                finding.UNREACHABLE_RULE, rule.place, rule.id, what, "Look at the facts it is built on."
            )


def _without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without those that only repeat an impossible condition."""
    found = list(findings)
    cause = {finding.IMPOSSIBLE_TEST, finding.CONTRADICTION}
    broken = {each.where for each in found if each.check in cause}
    echo = {finding.UNREACHABLE_RULE, finding.SHADOWED_ENTRY}
    return [each for each in found if not (each.check in echo and each.where in broken)]
