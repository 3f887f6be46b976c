"""What differs between two rulebases: rules, derived facts, parameters and records, part by part in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from tactician.inference.weights import points
from tactician.knowledge.expressions import show as show_expression
from tactician.knowledge.rules import (
    Block,
    Conclude,
    Conclusion,
    DerivedFact,
    Evidence,
    Prepare,
    Record,
    Rule,
    Rulebase,
    Warn,
)
from tactician.presentation.condition_words import in_words
from tactician.workbench.notation import show_value

Parts = Mapping[str, str]
"""What a thing says, by name of the part."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was added, removed or changed; of a change, what was and what is, part by part."""

    sort: str
    """`rule`, `derived fact`, `parameter` or `record`."""
    name: str
    kind: str
    """`added`, `removed` or `changed`."""
    parts: tuple[tuple[str, str, str], ...] = ()
    """Name of the part, before, after."""


def changes(old: Rulebase, new: Rulebase) -> Iterator[Change]:
    """Everything that differs, rules first, each sort by name."""
    tables: tuple[tuple[str, Callable[[Rulebase], Mapping[str, Parts]]], ...] = (
        ("rule", lambda base: {rule.id: _rule(rule, base) for rule in base.rules}),
        ("derived fact", lambda base: {fact.spec.id: _derived(fact) for fact in base.derived}),
        ("parameter", lambda base: {path: {"value": value} for path, value in _parameters(base)}),
        ("record", lambda base: {record.id: _record(record) for record in base.records.values()}),
    )
    for sort, table in tables:
        yield from _differing(sort, table(old), table(new))


def _differing(sort: str, was: Mapping[str, Parts], now: Mapping[str, Parts]) -> Iterator[Change]:
    for name in sorted(was.keys() | now.keys()):
        if name not in was or name not in now:
            yield Change(sort, name, "removed" if name in was else "added")
            continue
        before, after = was[name], now[name]
        parts = tuple(
            (part, before.get(part, "nothing"), after.get(part, "nothing"))
            for part in dict.fromkeys((*before, *after))
            if before.get(part) != after.get(part)
        )
        if parts:
            yield Change(sort, name, "changed", parts)


def _rule(rule: Rule, rulebase: Rulebase) -> Parts:
    return {
        "when": in_words(rule.when, rulebase.specs),
        **_conclusion(rule.then),
        "because": rule.because,
        "grade": rule.grade,
        "sources": ", ".join(rule.sources),
        "mean evidence": points(rule.expected, 10**6),
    }


def _conclusion(then: Conclusion) -> Parts:
    match then:
        case Evidence(targets=targets, cf=cf, family=family):
            return {"certainty factor": f"{cf:+g}", "about": family or ", ".join(targets)}
        case Block(target):
            return {"blocks": target}
        case Warn(text, advice, for_any):
            return {"warns": text, "advice": advice, "for": ", ".join(for_any)}
        case Prepare(text, hours, before):
            return {"prepares": text, "hours": f"{hours:g}", "before": ", ".join(before)}
        case Conclude(fact, value):
            return {"concludes": f"{fact} is {show_value(value)}"}


def _derived(fact: DerivedFact) -> Parts:
    computed = show_expression(fact.expression) if fact.expression is not None else fact.measure
    return {"computed as": computed or "the first entry that holds", "because": fact.because}


def _parameters(rulebase: Rulebase) -> Iterator[tuple[str, str]]:
    """Every number of parameters.yaml by its path; priors are told with their rules."""
    stated = asdict(rulebase.parameters)
    for section in stated.keys() - {"priors", "reasons"}:
        yield from _flat(stated[section], section)


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}")
    else:
        yield path, f"{value:g}" if isinstance(value, float) else str(value)


def _record(record: Record) -> Parts:
    cost = {part: str(value) for part, value in asdict(record.cost).items()}
    conflicts = ", ".join(f"{each.other} ({each.severity})" for each in record.conflicts)
    return {
        "name": record.name,
        "definition": record.definition,
        "family": record.family,
        **cost,
        "conflicts": conflicts,
        "complements": ", ".join(record.complements),
        "required tactics": ", ".join(record.required_tactics),
    }
