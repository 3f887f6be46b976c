"""Checks of records and of what supports their rules: reach, sources, strength, relations, names."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.knowledge.rules import Block, Conclude, Evidence, Prepare, Record, Rule, Rulebase, Warn
from tactician.workbench.drafting.search import Search
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding

LANGUAGES = ("en", "da", "nb", "nl")
HEAVY = 0.6
WEAK_GRADES = ("C", "N")


def check_records(rulebase: Rulebase, search: Search) -> Iterator[Finding]:
    """What is wrong with whole records."""
    for record in rulebase.records.values():
        yield from _check_reach(record, rulebase, search)
        yield from _check_relations(record, rulebase)
        for language in LANGUAGES:
            if not record.names.get(language):
                yield Finding(
                    finding.MISSING_NAME, record.place, record.id, f"there is no name in {language}"
                )


def _check_reach(record: Record, rulebase: Rulebase, search: Search) -> Iterator[Finding]:
    rules = rulebase.by_target[record.id]
    favours = [rule for rule in rules if isinstance(rule.then, Evidence) and rule.then.cf > 0]
    blocks = [rule for rule in rules if isinstance(rule.then, Block)]
    always = [rule for rule in blocks if search.find((rule.when, False)) is None]
    for rule in always:
        what = f"{rule.id} holds for every business"
        yield Finding(finding.ALWAYS_BLOCKED, rule.place, record.id, what, "Narrow the block.")
    unblocked = tuple((block.when, False) for block in blocks)
    if not always and not any(search.find((rule.when, True), *unblocked) for rule in favours):
        what = "no rule can speak for it while nothing blocks it"
        yield Finding(finding.NEVER_RECOMMENDED, record.place, record.id, what, "Say when it is a good idea.")


def _check_relations(record: Record, rulebase: Rulebase) -> Iterator[Finding]:
    foes = {conflict.other: conflict.severity for conflict in record.conflicts}
    for other in record.complements:
        if record.id not in rulebase.records[other].complements:
            what = f"{other} does not name {record.id} as its complement"
            yield Finding(
                finding.LOPSIDED_COMPLEMENT, record.place, record.id, what, "Write it in both records."
            )
        if other in foes:
            what = f"{other} is both a complement and a conflict"
            yield Finding(finding.FRIEND_AND_FOE, record.place, record.id, what, "Decide which.")
    for other in record.required_tactics:
        if foes.get(other) == "strong":
            what = f"it requires {other} and conflicts strongly with it"
            yield Finding(finding.IMPOSSIBLE_REQUIREMENT, record.place, record.id, what)
        if record.id in rulebase.records[other].required_tactics:
            what = f"it requires {other}, which requires it"
            yield Finding(finding.IMPOSSIBLE_REQUIREMENT, record.place, record.id, what)


def check_support(rulebase: Rulebase) -> Iterator[Finding]:
    """What rests on too little."""
    for rule in rulebase.rules:
        if rule.origin != "authored" or isinstance(rule.then, Conclude | Prepare | Warn):
            continue
        if not rule.sources:
            yield Finding(
                finding.MISSING_SOURCE, rule.place, rule.id, "it names no source", "Name one, or judgement."
            )
        elif not any(rulebase.sources[source].retrieved for source in rule.sources):
            names = ", ".join(rule.sources)
            yield Finding(finding.UNRETRIEVED_SOURCE, rule.place, rule.id, f"nobody has read {names}")
        yield from _heavy(rule)


def _heavy(rule: Rule) -> Iterator[Finding]:
    if isinstance(rule.then, Evidence) and abs(rule.then.cf) >= HEAVY and rule.grade in WEAK_GRADES:
        what = f"a certainty factor of {rule.then.cf:+g} rests on grade {rule.grade}"
        yield Finding(finding.HEAVY_GUESS, rule.place, rule.id, what)
