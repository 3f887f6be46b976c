"""Where a number that feeds arithmetic must be cut, so that tests of what is computed change only at the cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from math import nextafter

from tactician.facts.vocabulary import Value
from tactician.inference.arithmetic import evaluate
from tactician.inference.possibility import Domain, cell_of, is_open, only_value
from tactician.inference.truth_table import FactTable
from tactician.knowledge.expressions import Expression, facts_of
from tactician.knowledge.rules import DerivedFact

Chain = tuple[tuple[str, Expression], ...]
"""Computed facts with their expressions, each built on those before it."""
Inputs = tuple[tuple[str, Value], ...]


def cuts(
    fact: str,
    interval: tuple[float, float],
    computed: Iterable[DerivedFact],
    tables: Mapping[str, FactTable],
    domains: Mapping[str, Domain],
) -> list[float]:
    """The last number before each change of a test of the facts computed from a number.

    `computed` lists the facts that may be computed from it, in the order in which they are concluded; those that
    read something else that is open are left out.
    """
    chain: Chain = ()
    inputs: dict[str, Value] = {}
    found: set[float] = set()
    for derived in computed:
        expression = derived.expression
        if expression is None:
            continue
        reached = {fact, *(name for name, _ in chain)}
        read = set(facts_of(expression))
        beside = {name: domains[name] for name in read - reached}
        if read.isdisjoint(reached) or any(is_open(domain) for domain in beside.values()):
            continue
        inputs |= {
            name: value for name, domain in beside.items() if (value := only_value(domain)) is not None
        }
        chain = (*chain, (derived.spec.id, expression))
        table = tables.get(derived.spec.id)
        if table is not None and table.cells:
            thresholds = tuple(table.thresholds)
            found |= _changes(fact, interval, chain, tuple(sorted(inputs.items())), thresholds)
    return sorted(found)


@lru_cache(maxsize=1024)
def _changes(
    fact: str, interval: tuple[float, float], chain: Chain, inputs: Inputs, thresholds: tuple[float, ...]
) -> frozenset[float]:
    """The last number in each stretch over which the last fact of a chain stays between the same thresholds."""
    cell = _cell(fact, chain, dict(inputs), thresholds)
    found = set()
    stretches = [(*interval, cell(interval[0]), cell(interval[1]))]
    while stretches:
        start, end, before, after = stretches.pop()
        if before == after:
            continue
        middle = start + (end - start) / 2
        if not start < middle < end or nextafter(start, end) == end:
            found.add(start)
            continue
        at = cell(middle)
        stretches += [(start, middle, before, at), (middle, end, at, after)]
    return frozenset(found)


def _cell(
    fact: str, chain: Chain, inputs: Mapping[str, Value], thresholds: tuple[float, ...]
) -> Callable[[float], int]:
    table = FactTable(thresholds=list(thresholds))

    def cell(number: float) -> int:
        known: dict[str, Value] = {**inputs, fact: number}
        for name, expression in chain:
            value = evaluate(expression, known)
            if value is None:
                return -1
            known[name] = value
        assert isinstance(value, float)
        return cell_of(table, value)

    return cell
