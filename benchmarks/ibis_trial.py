"""The design that was measured and not taken: the Rulebase as ibis expressions, executed by DuckDB.

It finds conditions, totals, and by record and segment the mask of fired rules that a justification would be decoded
from. What would come on top is left out: items, measures, blocks, ranks, and the decoding itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, and_, eq, ge, gt, le, lt, ne, or_
from pathlib import Path

import ibis
import ibis.expr.types as ir

from tactician.facts.item_weights import FULL
from tactician.knowledge.conditions import All, Any, Element, Known, Test, leaves
from tactician.knowledge.expressions import Expression, Fact, Number, Operation
from tactician.knowledge.rules import DerivedFact, Evidence, Rulebase

COMPARE = {"==": eq, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt}
KEYS = ("client", "ppm")
THREADS = 2


def prepared(folder: Path, rulebase: Rulebase) -> Callable[[], object]:
    """The work of summing up every record for every client of a folder."""
    connection = ibis.duckdb.connect()
    connection.raw_sql(f"SET threads = {THREADS}")
    segments = connection.read_parquet(str(folder / "segments" / "*.parquet"))
    statement = connection.compile(totals(with_derived(segments, rulebase), rulebase))
    target = folder.parent / "trial.parquet"
    return lambda: connection.raw_sql(f"COPY ({statement}) TO '{target}' (FORMAT parquet)")


def with_derived(segments: ir.Table, rulebase: Rulebase) -> ir.Table:
    """The table with a column for each derived fact, stratum by stratum."""
    for stratum in sorted({fact.stratum for fact in rulebase.derived}):
        concluded = [fact for fact in rulebase.derived if fact.stratum == stratum]
        segments = segments.mutate(**{fact.spec.id: value(fact, segments) for fact in concluded})
    return segments


def value(fact: DerivedFact, table: ir.Table) -> ir.Value:
    """The value of a derived fact; of a measure some constant, since the trial leaves measures out."""
    if fact.measure:
        return ibis.literal(0.5)
    if fact.expression is not None:
        return computed(fact.expression, table)
    kind = "float64" if fact.spec.is_number else "boolean" if fact.spec.type == "bool" else "string"
    branches: list[tuple[ir.BooleanValue, ir.Value]] = []
    last: ir.Value = ibis.null(kind)
    for entry in fact.entries:
        if entry.when is None:
            last = ibis.literal(entry.value, kind)
            break
        truth = condition(entry.when, table, {})
        branches += [(truth, ibis.literal(entry.value, kind)), (truth.isnull(), ibis.null(kind))]
    return ibis.cases(*branches, else_=last)


def computed(expression: Expression, table: ir.Table) -> ir.Value:
    """An expression over columns."""
    match expression:
        case Number(number):
            return ibis.literal(number, "float64")
        case Fact(name):
            return table[name]
    assert isinstance(expression, Operation)
    parts = [computed(part, table) for part in expression.parts]
    if expression.op == "coalesce":
        return ibis.coalesce(*parts)
    steps: Mapping[str, Callable[[ir.Value, ir.Value], ir.Value]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "min": lambda a, b: ibis.ifelse(b < a, b, a),
        "max": lambda a, b: ibis.ifelse(b > a, b, a),
    }
    return reduce(steps[expression.op], parts)


def condition(element: Element, table: ir.Table, named: Mapping[Element, str]) -> ir.BooleanValue:
    """A condition as a truth that is null where it is unknown; items pass, since the trial leaves them out."""
    if element in named:
        return table[named[element]]
    match element:
        case Test(fact, "between" | "outside" as op, (low, high), None):
            inside = (table[fact] >= float(low)) & (table[fact] <= float(high))
            return inside if op == "between" else ~inside
        case Test(fact, op, (constant, *_), None):
            return COMPARE[op](table[fact], float(constant))
        case Test(fact, _, _, allowed):
            return table[fact].isin(list(allowed or ()))
        case Known(fact):
            return table[fact].notnull()
        case All(parts):
            return reduce(and_, [condition(part, table, named) for part in parts])
        case Any(parts):
            return reduce(or_, [condition(part, table, named) for part in parts])
    return ibis.literal(True)


def totals(table: ir.Table, rulebase: Rulebase) -> ir.Table:
    """By client the total of each record, and the masks of its segments: tests, then conditions, then sums."""
    rules = [rule for rule in rulebase.rules if isinstance(rule.then, Evidence)]
    found = dict.fromkeys(leaf for rule in rules for leaf in leaves(rule.when))
    tests = {leaf: f"t{at}" for at, leaf in enumerate(found)}
    table = table.select(*KEYS, **{name: condition(leaf, table, {}) for leaf, name in tests.items()})
    wholes = {when: f"w{at}" for at, when in enumerate(dict.fromkeys(rule.when for rule in rules))}
    table = table.select(*KEYS, **{name: condition(when, table, tests) for when, name in wholes.items()})
    table = table.select(
        *KEYS, **{name: table[name].fill_null(False).cast("int64") for name in wholes.values()}
    )
    sums, masks = {}, {}
    for record, spoken in rulebase.by_target.items():
        heard = [rule for rule in spoken if isinstance(rule.then, Evidence)]
        fired = [table[wholes[rule.when]] for rule in heard]
        weights = [each * (rule.then.weight * FULL) for each, rule in zip(fired, heard, strict=True)]
        sums[record] = reduce(add, weights) * table["ppm"]
        masks[f"mask {record}"] = reduce(add, [each * 2**bit for bit, each in enumerate(fired)])
    table = table.select("client", **sums, **masks)
    return table.group_by("client").agg(
        **{record: table[record].sum().cast("int64") for record in sums},
        **{mask: table[mask].collect() for mask in masks},
    )
