"""Checks of pairs of rules for one record: the same said twice, one fact counted twice, for and against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from tactician.knowledge.conditions import Element, facts_read
from tactician.knowledge.rules import Block, Evidence, Rule, Rulebase
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding
from tactician.workbench.lint.spaces import Spaces


def check_pairs(rulebase: Rulebase, spaces: Spaces) -> Iterator[Finding]:
    """What pairs of authored rules about the same record do to one another."""
    for record in rulebase.records:
        rules = [rule for rule in rulebase.by_target[record] if rule.origin == "authored"]
        spoken = [rule for rule in rules if isinstance(rule.then, Evidence)]
        for first, second in combinations(spoken, 2):
            yield from _check_pair(first, second, spaces)
        yield from _blocked_favours(rules, spaces)


def _check_pair(first: Rule, second: Rule, spaces: Spaces) -> Iterator[Finding]:
    if _of_a_family(first, second):
        return
    if first.when == second.when:
        if _direction(first) != _direction(second):
            what = f"{first.id} speaks the other way under the same condition"
            yield Finding(finding.FOR_AND_AGAINST, second.place, second.id, what, "Keep the one you mean.")
        else:
            what = f"it says what {first.id} says"
            yield Finding(finding.DUPLICATE_RULE, second.place, second.id, what, "Drop one of them.")
        return
    if _direction(first) != _direction(second) or _excused(first, second):
        return
    for narrow, wide in ((first, second), (second, first)):
        if spaces.implies(narrow.when, wide.when):
            what = f"whenever it fires, {wide.id} has counted the same already"
            hint = f"Drop it, narrow {wide.id}, or write on_top_of: [{wide.id}]."
            yield Finding(finding.SUBSUMED_RULE, narrow.place, narrow.id, what, hint)
            return
    yield from _double_count(first, second, spaces)


def _double_count(first: Rule, second: Rule, spaces: Spaces) -> Iterator[Finding]:
    shared = facts_read(first.when) & facts_read(second.when) & frozenset(spaces.specs)
    if not shared or not _together(first.when, second.when, spaces):
        return
    earlier, later = sorted((first, second), key=lambda rule: (len(facts_read(rule.when)), rule.place))
    what = f"{' and '.join(sorted(shared))} is counted by {earlier.id} as well"
    hint = f"Write on_top_of: [{earlier.id}] where that is meant."
    yield Finding(finding.DOUBLE_COUNT, later.place, later.id, what, hint)


def _together(first: Element, second: Element, spaces: Spaces) -> bool:
    """Whether both conditions can hold at once, as far as their own facts go."""
    mine, theirs = spaces.ways(first), spaces.ways(second)
    if not mine or not theirs:
        return True
    return any(all(a.facts[fact] & b.facts[fact] for fact in a.names & b.names) for a in mine for b in theirs)


def _blocked_favours(rules: Sequence[Rule], spaces: Spaces) -> Iterator[Finding]:
    blocks = [rule for rule in rules if isinstance(rule.then, Block)]
    for rule in rules:
        for block in blocks:
            if _direction(rule) > 0 and spaces.implies(rule.when, block.when):
                what = f"whenever it fires, {block.id} blocks the record"
                yield Finding(
                    finding.BLOCKED_FAVOUR, rule.place, rule.id, what, "Drop it, or narrow the block."
                )


def _direction(rule: Rule) -> int:
    if not isinstance(rule.then, Evidence):
        return 0
    return 1 if rule.then.cf > 0 else -1


def _of_a_family(first: Rule, second: Rule) -> bool:
    """Whether one of them speaks for a whole family, on grounds of its own."""
    return any(rule.then.family for rule in (first, second) if isinstance(rule.then, Evidence))


def _excused(first: Rule, second: Rule) -> bool:
    """Whether one rule says that it knowingly repeats the other."""
    return first.id in second.on_top_of or second.id in first.on_top_of
