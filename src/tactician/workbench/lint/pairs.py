"""Checks of pairs of rules about one record or family: said twice, counted twice, for and against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from tactician.knowledge.conditions import facts_read
from tactician.knowledge.elements import subjects
from tactician.knowledge.rules import Block, Conclusion, Evidence, Prepare, Rule, Rulebase, Warn
from tactician.workbench.lint import finding
from tactician.workbench.lint.finding import Finding
from tactician.workbench.lint.spaces import Spaces


def check_pairs(rulebase: Rulebase, spaces: Spaces) -> Iterator[Finding]:
    """What rules about the same record, or about the same family, do to one another."""
    for group in _groups(rulebase):
        for first, second in combinations(group, 2):
            yield from _check_pair(first, second, spaces)
        yield from _blocked_favours(group, spaces)
    for record in rulebase.records:
        yield from _repeated_fields(rulebase.by_target[record], spaces)
    for rule in rulebase.rules:
        yield from _idle(rule, rulebase, spaces)


def _groups(rulebase: Rulebase) -> Iterator[list[Rule]]:
    """Authored rules that speak of the same: of a record, for a family, or with the same words.

    A rule for a whole family has grounds of its own, so it repeats nothing that a record says.
    """
    families: dict[str, list[Rule]] = {}
    told: dict[Conclusion, list[Rule]] = {}
    for rule in (rule for rule in rulebase.rules if rule.origin == "authored"):
        if family := _family(rule):
            families.setdefault(family, []).append(rule)
        if isinstance(rule.then, Warn | Prepare):
            told.setdefault(rule.then, []).append(rule)
    for record in rulebase.records:
        rules = rulebase.by_target[record]
        yield [rule for rule in rules if rule.origin == "authored" and not _family(rule)]
    yield from families.values()
    yield from told.values()


def _check_pair(first: Rule, second: Rule, spaces: Spaces) -> Iterator[Finding]:
    same = _direction(first) == _direction(second)
    forth, back = spaces.implies(first.when, second.when), spaces.implies(second.when, first.when)
    if first.when == second.when or (forth and back):
        if same:
            what = f"it says what {first.id} says"
            yield Finding(finding.DUPLICATE_RULE, second.place, second.id, what, "Drop one of them.")
        elif _direction(first) and _direction(second):
            what = f"{first.id} speaks the other way under the same condition"
            yield Finding(finding.FOR_AND_AGAINST, second.place, second.id, what, "Keep the one you mean.")
    elif same and not _excused(first, second):
        yield from _overlap(first, second, forth, back, spaces)


def _overlap(first: Rule, second: Rule, forth: bool, back: bool, spaces: Spaces) -> Iterator[Finding]:
    """What two rules of one direction have in common, short of saying the same."""
    if forth or back:
        narrow, wide = (first, second) if forth else (second, first)
        what = f"whenever it fires, {wide.id} has said the same already"
        hint = f"Drop it, narrow {wide.id}, or write on_top_of: [{wide.id}]."
        yield Finding(finding.SUBSUMED_RULE, narrow.place, narrow.id, what, hint)
        return
    shared = facts_read(first.when) & facts_read(second.when) & frozenset(spaces.specs)
    beside = first.place.file == second.place.file  # only there can on_top_of name the other
    if shared and beside and _direction(first) and spaces.together(first.when, second.when):
        earlier, later = sorted((first, second), key=lambda rule: (len(facts_read(rule.when)), rule.place))
        what = f"{' and '.join(sorted(shared))} is counted by {earlier.id} as well"
        hint = f"Write on_top_of: [{earlier.id}] where that is meant."
        yield Finding(finding.DOUBLE_COUNT, later.place, later.id, what, hint)


def _blocked_favours(rules: Sequence[Rule], spaces: Spaces) -> Iterator[Finding]:
    blocks = [rule for rule in rules if isinstance(rule.then, Block)]
    for rule in rules:
        for block in blocks:
            if _direction(rule) > 0 and spaces.implies(rule.when, block.when):
                what = f"whenever it fires, {block.id} blocks the record"
                hint = "Drop it, or narrow the block."
                yield Finding(finding.BLOCKED_FAVOUR, rule.place, rule.id, what, hint)


def _repeated_fields(rules: Sequence[Rule], spaces: Spaces) -> Iterator[Finding]:
    """Rules that count the stage of the business or the jury, which a typed field of the record counts already."""
    fields = [rule for rule in rules if rule.origin in ("lifecycle", "jury_shift")]
    for rule in (rule for rule in rules if rule.origin == "authored" and not _family(rule)):
        for compiled in fields:
            shared = facts_read(rule.when) & facts_read(compiled.when)
            same = _direction(rule) == _direction(compiled)
            if shared and same and spaces.together(rule.when, compiled.when):
                what = f"{' and '.join(sorted(shared))} is counted by {compiled.id} as well"
                hint = f"Leave it to the field {compiled.origin}, unless it says more."
                yield Finding(finding.REPEATED_FIELD, rule.place, rule.id, what, hint)


def _idle(rule: Rule, rulebase: Rulebase, spaces: Spaces) -> Iterator[Finding]:
    """The rules that a rule says it repeats, and does not."""
    for name in rule.on_top_of:
        other = rulebase.rule[name]
        if not subjects(rule.when) & subjects(other.when):
            what = f"it looks at nothing that {name} looks at"
        elif _direction(rule) != _direction(other):
            what = f"{name} speaks the other way"
        elif not spaces.together(rule.when, other.when):
            what = f"it never fires together with {name}"
        else:
            continue
        hint = f"Take {name} out of on_top_of."
        yield Finding(finding.IDLE_EXCUSE, rule.place, rule.id, what, hint)


def _direction(rule: Rule) -> int:
    """1 for, −1 against, 0 where the rule blocks, warns, prepares or concludes."""
    if not isinstance(rule.then, Evidence):
        return 0
    return 1 if rule.then.cf > 0 else -1


def _family(rule: Rule) -> str:
    return rule.then.family or "" if isinstance(rule.then, Evidence) else ""


def _excused(first: Rule, second: Rule) -> bool:
    """Whether one rule says that it knowingly repeats the other."""
    return first.id in second.on_top_of or second.id in first.on_top_of
