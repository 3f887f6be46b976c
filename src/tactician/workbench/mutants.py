"""The small mistakes one could make in a rulebase: mutants, each of one rule or one concluded fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tactician.errors import Place
from tactician.facts.vocabulary import FactSpec
from tactician.knowledge.expressions import (
    BadExpression,
    Expression,
    Fact,
    Number,
    Operation,
    show,
    value_range,
)
from tactician.knowledge.formulas import range_of
from tactician.knowledge.rules import Block, Conclude, DerivedFact, Entry, Evidence, Rule, Rulebase, Warn
from tactician.knowledge.weights import weight_of
from tactician.workbench.mutant_conditions import Mistakes
from tactician.workbench.notation import show_value

CF_STEP = 0.1
HIGHEST_CF = 0.9
OTHER_OPERATION = {"+": "-", "-": "+", "*": "/", "/": "*", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule, or a concluded fact, with one mistake in it."""

    subject: str
    """The id of the rule (of a decision list: of its line), or of the concluded fact."""
    what: str
    """The mistake in words."""
    place: Place
    changed: Rule | DerivedFact


def mutants(rulebase: Rulebase) -> Iterator[Mutant]:
    """Every mutant of a rulebase, in the order of its concluded facts and then of its rules."""
    mistakes = Mistakes(rulebase.specs)
    for fact in rulebase.derived:
        yield from _of_fact(fact, mistakes)
    for rule in rulebase.rules:
        if not isinstance(rule.then, Conclude):
            yield from _of_rule(rule, mistakes)


def _of_rule(rule: Rule, mistakes: Mistakes) -> Iterator[Mutant]:
    for when, what in mistakes.variants(rule.when):
        yield Mutant(rule.id, what, rule.place, replace(rule, when=when))
    if isinstance(rule.then, Evidence):
        for cf in (-rule.then.cf, _stronger(rule.then.cf)):
            then = replace(rule.then, cf=cf, weight=weight_of(cf))
            what = f"the certainty factor {rule.then.cf:+g} becomes {cf:+g}"
            yield Mutant(rule.id, what, rule.place, replace(rule, then=then))
    elif isinstance(rule.then, Block):
        yield Mutant(rule.id, "it no longer blocks", rule.place, replace(rule, then=Warn("")))


def _stronger(cf: float) -> float:
    """A step stronger, or weaker at the top."""
    size = abs(cf) + CF_STEP if abs(cf) + CF_STEP <= HIGHEST_CF else abs(cf) - CF_STEP
    return round(size if cf > 0 else -size, 6)


def _of_fact(fact: DerivedFact, mistakes: Mistakes) -> Iterator[Mutant]:
    if fact.expression is not None:
        for changed in _sound(_expressions(fact.expression), mistakes.specs):
            what = f"{show(fact.expression)} becomes {show(changed)}"
            yield Mutant(fact.spec.id, what, fact.place, replace(fact, expression=changed))
    for at, entry in enumerate(fact.entries):
        for changed_entry, what in _entries(entry, mistakes):
            entries = (*fact.entries[:at], changed_entry, *fact.entries[at + 1 :])
            yield Mutant(entry.rule, what, fact.place, replace(fact, entries=entries))
    yield from _lists(fact)


def _sound(expressions: Iterable[Expression], specs: Mapping[str, FactSpec]) -> Iterator[Expression]:
    """Those that a rulebase may hold: no divisor can be zero."""
    ranges = {name: range_of(spec) for name, spec in specs.items() if spec.is_number}
    for expression in expressions:
        try:
            value_range(expression, ranges)
        except BadExpression:
            continue
        yield expression


def _entries(entry: Entry, mistakes: Mistakes) -> Iterator[tuple[Entry, str]]:
    if entry.when is not None:
        for when, what in mistakes.variants(entry.when):
            yield replace(entry, when=when), what


def _lists(fact: DerivedFact) -> Iterator[Mutant]:
    """A decision list with a line dropped, two lines swapped, or the values of two lines swapped."""
    for at, entry in enumerate(fact.entries[:-1]):
        below = fact.entries[at + 1]
        before, after = fact.entries[:at], fact.entries[at + 2 :]
        changes = [((*before, below, *after), "the line is dropped")]
        if below.when is not None:
            changes.append(((*before, below, entry, *after), f"it stands below {below.rule}"))
        if entry.value != below.value:
            swapped = (replace(entry, value=below.value), replace(below, value=entry.value))
            words = f"its value {show_value(entry.value)} is swapped with {show_value(below.value)} of {below.rule}"
            changes.append(((*before, *swapped, *after), words))
        for entries, what in changes:
            yield Mutant(entry.rule, what, fact.place, replace(fact, entries=entries))


def _expressions(expression: Expression) -> Iterator[Expression]:
    """The expression with one operation or constant changed."""
    match expression:
        case Number(value, name):
            yield Number(value * (1 + CF_STEP) or 1.0, name and f"{name} and a tenth")
        case Fact():
            return
        case Operation("coalesce", (first, second)):
            yield Operation("coalesce", (second, first))
        case Operation(op, parts):
            yield Operation(OTHER_OPERATION[op], parts)
            for at, part in enumerate(parts):
                for changed in _expressions(part):
                    yield Operation(op, (*parts[:at], changed, *parts[at + 1 :]))
