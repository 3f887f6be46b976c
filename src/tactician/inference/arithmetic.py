"""The value of an expression: IEEE doubles, evaluated as written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from tactician.facts.vocabulary import Value
from tactician.knowledge.expressions import Expression, Fact, Number, Operation

APPLY: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "min": lambda a, b: b if b < a else a,
    "max": lambda a, b: b if b > a else a,
}


def evaluate(expression: Expression, values: Mapping[str, Value]) -> Value | None:
    """The value of an expression; None when an input is unknown (of `coalesce`, when both are), or for ∞ − ∞."""
    match expression:
        case Number(value):
            return value
        case Fact(name):
            return values.get(name)
        case Operation("coalesce", (Fact(first), Fact(second))):
            known = values.get(first)
            return values.get(second) if known is None else known
        case Operation(op, parts):
            result, *rest = (evaluate(part, values) for part in parts)
            for operand in rest:
                if result is None or operand is None:
                    return None
                assert isinstance(result, float)  # the loader checked types
                assert isinstance(operand, float)
                result = APPLY[op](result, operand)
                if math.isnan(result):
                    return None
            return result
    raise AssertionError(expression)


def inputs_used(expression: Expression, values: Mapping[str, Value]) -> Iterator[str]:
    """The facts that a known value was computed from: of `coalesce`, only the one that decided."""
    match expression:
        case Fact(name):
            yield name
        case Operation("coalesce", (Fact(first), Fact(second))):
            yield second if values.get(first) is None else first
        case Operation(_, parts):
            for part in parts:
                yield from inputs_used(part, values)
