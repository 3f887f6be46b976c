"""Arithmetic over facts: a small tree, read from a whitelist of Python syntax and never run as Python."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
LONGEST = 1000
"""Characters in an expression."""
LARGEST = 1e15
"""The largest number in one, as in every file."""
DEEPEST = 100
"""Operations inside one another."""


class BadExpression(ValueError):
    """An expression outside the grammar; the message says which part."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant; `name` is the parameter it came from, if any."""

    value: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """The value of a fact."""

    id: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`+ - * /` of two parts, `min` or `max` of two or more, `coalesce` of two facts."""

    op: str
    parts: tuple[Expression, ...]


Expression = Number | Fact | Operation


def parse(text: str, parameters: Mapping[str, float]) -> Expression:
    """The tree of an expression; raises BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression(f"the expression is longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, Warning, ValueError, RecursionError, MemoryError) as error:
        raise BadExpression("this is not an expression") from error
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise BadExpression(f"the expression is nested deeper than {DEEPEST} operations")
    return _read(tree, parameters)


def _read(node: ast.expr, parameters: Mapping[str, float]) -> Expression:
    match node:
        case ast.Constant(value=value) if _is_number(value):
            return Number(float(value))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if _is_number(value):
            return Number(-float(value))
        case ast.Attribute(value=ast.Name(id="parameter"), attr=name):
            if name not in parameters:
                raise BadExpression(f"there is no parameter called {name}")
            return Number(parameters[name], name)
        case ast.Attribute(value=ast.Name(id=scope), attr=name):
            return Fact(f"{scope}.{name}")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return Operation(OPERATORS[type(op)], (_read(left, parameters), _read(right, parameters)))
        case ast.Call(func=ast.Name(id="min" | "max" | "coalesce" as name), args=args, keywords=[]):
            return _call(name, [_read(arg, parameters) for arg in args])
    allowed = "facts, parameters, numbers, + - * /, min, max and coalesce"
    raise BadExpression(f"{ast.unparse(node)!r} is not allowed: use {allowed}")


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _call(name: str, parts: list[Expression]) -> Operation:
    if name == "coalesce" and (len(parts) != 2 or not all(isinstance(part, Fact) for part in parts)):
        raise BadExpression("coalesce takes exactly two facts")
    if len(parts) < 2:
        raise BadExpression(f"{name} takes at least two parts")
    return Operation(name, tuple(parts))


def facts_of(expression: Expression) -> Iterator[str]:
    """The ids of the facts it reads, in reading order, with repetitions."""
    match expression:
        case Fact(name):
            yield name
        case Operation(_, parts):
            for part in parts:
                yield from facts_of(part)


def show(expression: Expression) -> str:
    """The expression as text, in its own grammar."""
    match expression:
        case Number(value, name):
            return f"parameter.{name}" if name else f"{value:g}"
        case Fact(name):
            return name
        case Operation("min" | "max" | "coalesce" as op, parts):
            return f"{op}({', '.join(show(part) for part in parts)})"
        case Operation(op, (left, right)):
            return f"({show(left)} {op} {show(right)})"
    raise AssertionError(expression)


Range = tuple[float, float]


def value_range(expression: Expression, ranges: Mapping[str, Range]) -> Range:
    """The lowest and highest value, given those of the facts; raises BadExpression if a divisor may be zero."""
    match expression:
        case Number(value):
            return value, value
        case Fact(name):
            return ranges.get(name, (float("-inf"), float("inf")))
        case Operation(op, parts):
            return _operation_range(op, expression, [value_range(part, ranges) for part in parts])
    raise AssertionError(expression)


def _operation_range(op: str, expression: Expression, parts: list[Range]) -> Range:
    if op == "min":
        return min(low for low, _ in parts), min(high for _, high in parts)
    if op == "max":
        return max(low for low, _ in parts), max(high for _, high in parts)
    if op == "coalesce":
        return min(low for low, _ in parts), max(high for _, high in parts)
    (a, b), (c, d) = parts
    if op == "+":
        return a + c, b + d
    if op == "-":
        return a - d, b - c
    if op == "/" and c <= 0 <= d:
        raise BadExpression(f"the divisor in {show(expression)} may be zero")
    corners = [_times(x, y) if op == "*" else _over(x, y) for x in (a, b) for y in (c, d)]
    return min(corners), max(corners)


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0 or y == 0 else x * y


def _over(x: float, y: float) -> float:
    return _times(x, 1 / y) if math.isinf(y) else x / y
