"""Expressions: what is read, what is refused, and between which values the result lies."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactician.inference.arithmetic import evaluate
from tactician.knowledge.expressions import (
    BadExpression,
    Expression,
    Fact,
    Number,
    Operation,
    facts_of,
    parse,
    show,
    value_range,
)

RANGES = {"a.x": (0.0, 10.0), "a.y": (-5.0, 5.0), "a.z": (1.0, math.inf)}


def test_an_expression_is_a_tree():
    tree = parse(" a.x * 2 + max(a.y, parameter.least) ", {"least": 3.5})
    times = Operation("*", (Fact("a.x"), Number(2.0)))
    assert tree == Operation("+", (times, Operation("max", (Fact("a.y"), Number(3.5, "least")))))
    assert list(facts_of(tree)) == ["a.x", "a.y"]
    assert parse(show(tree), {"least": 3.5}) == tree


@pytest.mark.parametrize(
    "text",
    ["a.x ** 2", "a.x // 2", "a.x % 2", "-a.x", "a.x if a.y else 1", "[a.x]", "a.x[0]", "a.x.y", "x", "True", "'a'",
     "f(a.x, a.y)", "max(a.x)", "max(*a)", "max(a.x, a.y, key=a.z)", "coalesce(a.x, 1)", "a.x = 1", "a.x; a.y", "",
     "lambda: 1", "(yield)", "a.x < 1", "1j", "1_0j", "a.x or a.y", "{{7*7}}", "f'{a.x}'", "1e999", "2e15",
     "1if 1else 2"],
)  # fmt: skip
def test_anything_else_is_refused(text: str):
    with pytest.raises(BadExpression):
        parse(text, {})


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a.x + a.y", -5, 15),
        ("a.x - a.y", -5, 15),
        ("a.x * a.y", -50, 50),
        ("a.y / max(a.x, 2)", -2.5, 2.5),
        ("a.x / a.z", 0, 10),
        ("a.z / a.z", 0, math.inf),
        ("a.z * 0", 0, 0),
        ("a.z - a.z", -math.inf, math.inf),
        ("min(a.x, a.y, 3)", -5, 3),
        ("max(a.x, a.y)", 0, 10),
        ("coalesce(a.x, a.y)", -5, 10),
        ("a.unbounded * 2", -math.inf, math.inf),
        ("-3", -3, -3),
    ],
)
def test_the_range_follows_from_those_of_the_facts(text: str, low: float, high: float):
    assert value_range(parse(text, {}), RANGES) == (low, high)


@pytest.mark.parametrize("text", ["1 / a.x", "1 / a.y", "1 / (a.x - 3)", "1 / a.unbounded", "1 / 0"])
def test_a_divisor_that_may_be_zero_is_refused(text: str):
    with pytest.raises(BadExpression, match="may be zero"):
        value_range(parse(text, {}), RANGES)


NUMBERS = st.integers(-20, 20).map(lambda n: Number(n / 4))
TREES: st.SearchStrategy[Expression] = st.recursive(
    NUMBERS | st.sampled_from([Fact("a.x"), Fact("a.y")]),
    lambda part: st.builds(
        Operation, st.sampled_from(["+", "-", "*", "/", "min", "max"]), st.tuples(part, part)
    ),
    max_leaves=6,
)


@given(TREES, st.floats(0, 10), st.floats(-5, 5))
def test_no_value_lies_outside_its_range(tree: Expression, x: float, y: float):
    try:
        low, high = value_range(tree, RANGES)
    except BadExpression:
        return
    value = evaluate(tree, {"a.x": x, "a.y": y})
    assert value is not None
    assert low <= float(value) <= high


@given(TREES)
def test_what_is_shown_reads_back_as_the_same(tree: Expression):
    assert parse(show(tree), {}) == tree
