"""What a computed fact reads, what type it has and between which values it lies: expressions and measures."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tactician.errors import did_you_mean
from tactician.facts.measures import READS, SOUGHT
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec
from tactician.knowledge.expressions import (
    BadExpression,
    Expression,
    Fact,
    Number,
    Operation,
    Range,
    facts_of,
    parse,
)
from tactician.knowledge.passages import Passage
from tactician.knowledge.terms import Terms

RANGES: Mapping[str, Range] = {"canvas_fit": (0.0, 1.0), "value_balance": (-1.0, 1.0)}
"""Between which values each measure lies."""


def read_expression(
    passage: Passage, terms: Terms, spec: FactSpec, parameters: Mapping[str, float]
) -> Expression | None:
    """The expression a passage states for a fact; None, after noting why, when it cannot stand."""
    try:
        expression = parse(str(passage.value), parameters)
    except BadExpression as error:
        named = str(error).rpartition(" called ")[2]
        passage.refuse(str(error), did_you_mean(named, parameters))
        return None
    found = [terms.fact(name, passage) for name in dict.fromkeys(facts_of(expression))]
    if None in found:
        return None
    try:
        kind = _kind(expression, terms)
        if kind != _kind_of(spec):
            raise BadExpression(f"this gives {_told(kind)}, and {spec.id} is {_told(_kind_of(spec))}")
    except BadExpression as error:
        passage.refuse(str(error))
        return None
    return expression


def read_measure(passage: Passage, terms: Terms, spec: FactSpec) -> frozenset[str]:
    """The facts and lists that a measure named by a passage reads; notes what does not fit."""
    name = str(passage.value)
    if name not in READS:
        hint = did_you_mean(name, READS) or f"Measures are {' and '.join(READS)}."
        passage.refuse(f"there is no measure {name}", hint)
        return frozenset()
    if not spec.is_number or spec.scope != "segment":
        passage.refuse("a measure is a number of a segment", "Write scope: segment and type: number.")
        return frozenset()
    missing = sorted(READS[name] - {*ITEM_KINDS, *terms.specs, *terms.broken})
    for attribute, level in SOUGHT[name]:
        found = terms.specs.get(attribute)
        if attribute not in terms.broken and (found is None or level not in found.levels):
            missing.append(f"the level {level} of {attribute}")
    if missing:
        passage.refuse(
            f"{name} reads {', '.join(missing)}, which does not exist", "Add it to the vocabulary."
        )
    return READS[name]


def range_of(spec: FactSpec) -> Range:
    """The lowest and highest value of a number; infinite where none is stated."""
    low, high = spec.minimum, spec.maximum
    return -math.inf if low is None else low, math.inf if high is None else high


def _kind(expression: Expression, terms: Terms) -> tuple[str, ...]:
    match expression:
        case Fact(name):
            return _kind_of(terms.specs[name])
        case Operation("coalesce", (left, right)):
            if _kind(left, terms) != _kind(right, terms):
                raise BadExpression("coalesce takes two facts of the same type, with the same levels")
            return _kind(left, terms)
        case Operation(op, parts):
            for part in parts:
                if (kind := _kind(part, terms)) != ("number",):
                    raise BadExpression(f"{op} takes numbers, not {_told(kind)}")
        case Number():
            pass
    return ("number",)


def _kind_of(spec: FactSpec) -> tuple[str, ...]:
    return (spec.type, *spec.levels)


def _told(kind: tuple[str, ...]) -> str:
    levels = f" of {', '.join(kind[1:])}" if len(kind) > 1 else ""
    return f"{'an' if kind[0][0] in 'aeo' else 'a'} {kind[0]}{levels}"
