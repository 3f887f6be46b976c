"""Checks of records and of what supports their rules: reach, relations, names, sources, strength."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from tactician.knowledge.rules import Block, Evidence, Record, Rule, Rulebase
from tactician.workbench.drafting.search import Search
from tactician.workbench.drafting.situations import Situation
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding
from tactician.workbench.second_opinion import View

LANGUAGES = ("en", "da", "nb", "nl")
HEAVY = 0.6
WEAK_GRADES = ("C", "N")


def check_records(rulebase: Rulebase, recommended: Collection[str], search: Search) -> Iterator[Finding]:
    """What is wrong with whole records, given those for which a witness was found."""
    for record in rulebase.records.values():
        yield from _check_reach(record, recommended, rulebase, search)
        yield from _check_relations(record, rulebase)
        for language in LANGUAGES:
            if not record.names.get(language):
                yield Finding(
                    finding.MISSING_NAME, record.place, record.id, f"there is no name in {language}"
                )


def _check_reach(
    record: Record, recommended: Collection[str], rulebase: Rulebase, search: Search
) -> Iterator[Finding]:
    blocks = [rule for rule in rulebase.by_target[record.id] if isinstance(rule.then, Block)]
    always = [rule for rule in blocks if search.find((rule.when, False)) is None]
    for rule in always:
        what = f"no client was found that escapes {rule.id}"
        yield Finding(finding.ALWAYS_BLOCKED, rule.place, record.id, what, "Narrow the block.")
    if not always and record.id not in recommended:
        what = "no client was found for which more speaks for it than against it, and nothing blocks it"
        yield Finding(finding.NEVER_RECOMMENDED, record.place, record.id, what, "Say when it is a good idea.")


def recommended_when(record: str, rulebase: Rulebase, search: Search) -> Situation | None:
    """A situation in which a record's total is above zero and nothing blocks it; None when none was found."""
    rules = rulebase.by_target[record]
    favours = [rule for rule in rules if isinstance(rule.then, Evidence) and rule.then.cf > 0]
    against = tuple(
        (rule.when, False) for rule in rules if isinstance(rule.then, Evidence) and rule.then.cf < 0
    )
    unblocked = tuple((rule.when, False) for rule in rules if isinstance(rule.then, Block))
    for others in ((), unblocked, (*unblocked, *against)):
        for rule in sorted(favours, key=_strength, reverse=True):
            situation = search.find((rule.when, True), *others)
            if situation is not None and _recommended(rules, situation.view(rulebase)):
                return situation
    return None


def _strength(rule: Rule) -> int:
    return rule.then.weight if isinstance(rule.then, Evidence) else 0


def _recommended(rules: Sequence[Rule], view: View) -> bool:
    """Whether the total of a record, priors included, is above zero, and no block holds."""
    total = 0
    for rule in rules:
        truth = view.truth(rule.when)
        if truth and isinstance(rule.then, Block):
            return False
        if truth:
            total += _strength(rule) * view.strength(rule.when)
        if truth is not None:
            total -= rule.expected
    return total > 0


def _check_relations(record: Record, rulebase: Rulebase) -> Iterator[Finding]:
    foes = {conflict.other: conflict.severity for conflict in record.conflicts}
    for other in record.complements:
        if record.id not in rulebase.records[other].complements:
            what = f"{other} does not name {record.id} as its complement"
            yield Finding(
                finding.LOPSIDED_COMPLEMENT, record.place, record.id, what, "Write it in both records."
            )
    for other in record.required_tactics:
        if foes.get(other) == "strong":
            what = f"it requires {other} and conflicts strongly with it"
            yield Finding(finding.IMPOSSIBLE_REQUIREMENT, record.place, record.id, what, "Drop one of them.")


def check_support(rulebase: Rulebase) -> Iterator[Finding]:
    """What rests on too little."""
    for rule in rulebase.rules:
        if rule.origin == "authored" and isinstance(rule.then, Evidence | Block):
            if not any(rulebase.sources[source].retrieved for source in rule.sources):
                what = f"nobody has read {', '.join(rule.sources)}"
                yield Finding(finding.UNRETRIEVED_SOURCE, rule.place, rule.id, what)
            yield from _heavy(rule)


def _heavy(rule: Rule) -> Iterator[Finding]:
    if isinstance(rule.then, Evidence) and abs(rule.then.cf) >= HEAVY and rule.grade in WEAK_GRADES:
        what = f"a certainty factor of {rule.then.cf:+g} rests on grade {rule.grade}"
        yield Finding(finding.HEAVY_GUESS, rule.place, rule.id, what)
