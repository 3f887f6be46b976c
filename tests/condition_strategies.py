"""Hypothesis strategies: vocabularies, and the conditions and expressions that can be said in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

from tactician.errors import Place
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec, Value, Vocabulary
from tactician.knowledge.conditions import (
    All,
    Any,
    Element,
    Known,
    No,
    Some,
    Test,
    negate,
)
from tactician.knowledge.expressions import Expression, Fact, Number, Operation

PLACE = Place("generated.yaml", 1)
LEVELS = ("low", "medium", "high", "extreme")
NUMBERS = (-2.0, 0.0, 0.5, 1.0, 1.5, 2.0, 10.0)
"""Constants and stated values come from the same few numbers, so that every threshold is met exactly."""


def spec(scope: str, name: str, kind: str, levels: Sequence[str] = (), typical: Value | None = None) -> FactSpec:
    least, most = (min(NUMBERS), max(NUMBERS)) if kind == "number" else (None, None)
    return FactSpec(scope, name, kind, tuple(levels), minimum=least, maximum=most, typical=typical)


ATTRIBUTES = (
    spec("pain", "severity", "ordinal", ("low", "moderate", "severe", "extreme"), "moderate"),
    spec("pain", "need_class", "enum", ("need_to_have", "nice_to_have"), "need_to_have"),
    spec("pain", "odd__one", "enum", ("x", "y"), "x"),
    spec("gain", "kind", "enum", ("required", "expected", "desired"), "desired"),
    spec("gain", "relevance", "ordinal", ("nice_to_have", "important", "essential"), "important"),
    spec("job", "kind", "enum", ("functional", "social", "emotional"), "functional"),
    spec("job", "importance", "ordinal", ("low", "medium", "high"), "medium"),
    spec("product", "nature", "enum", ("physical", "digital"), "physical"),
    spec("link", "relevance", "ordinal", ("nice_to_have", "essential"), "essential"),
    spec("link", "proof", "ordinal", ("assumed", "customers_said", "tested"), "assumed"),
)
"""Attributes of items are the same in every vocabulary, since measures know some of them by name."""

SCORES = (
    "benefit_functional", "benefit_emotional", "benefit_social",
    "cost_economic", "cost_time", "cost_effort", "cost_risk",
)  # fmt: skip
BALANCED = (
    *(spec("segment", name, "number") for name in SCORES),
    spec("segment", "price_sensitivity", "ordinal", LEVELS[:3]),
    spec("segment", "time_pressure", "ordinal", LEVELS[:3]),
    spec("segment", "perceived_purchase_risk", "ordinal", LEVELS[:3]),
    spec("offering", "product_complexity", "ordinal", LEVELS[:3]),
)
"""What the value balance looks at: in one vocabulary of eight."""

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]


@st.composite
def vocabularies(draw: Draw) -> Vocabulary:
    """Two to seven facts of every scope and type, and the attributes of items."""
    facts = {}
    for number in range(draw(st.integers(2, 7))):
        scope = draw(st.sampled_from(("segment", "offering", "business")))
        kind = draw(st.sampled_from(("ordinal", "number", "enum", "bool")))
        levels = LEVELS[: draw(st.integers(2, 4))] if kind in ("ordinal", "enum") else ()
        made = spec(scope, f"raw_{number}", kind, levels)
        facts[made.id] = made
    balanced = BALANCED if draw(st.integers(0, 7)) == 7 else ()
    return Vocabulary({**facts, **{made.id: made for made in (*balanced, *ATTRIBUTES)}})


def fact_tests(made: FactSpec) -> st.SearchStrategy[Test]:
    """Every legal test of a fact, and the ones that only negation writes."""
    if made.is_number:
        return number_tests(made.id)
    if made.type == "ordinal":
        ops = st.sampled_from(("==", "!=", ">=", "<=", ">", "<", "in", "not in"))
    else:
        ops = st.sampled_from(("==", "!=", "in", "not in") if made.type == "enum" else ("==", "!="))
    return ops.flatmap(lambda op: level_tests(made, op))


def number_tests(fact: str) -> st.SearchStrategy[Test]:
    one = st.sampled_from(NUMBERS)
    pair = st.tuples(one, one).map(lambda two: tuple(sorted(two)))
    single = st.sampled_from(("==", "!=", ">=", "<=", ">", "<"))
    return st.one_of(
        st.builds(lambda op, value: Test(fact, op, (value,)), single, one),
        st.builds(lambda op, values: Test(fact, op, values), st.sampled_from(("between", "outside")), pair),
    )


def level_tests(made: FactSpec, op: str) -> st.SearchStrategy[Test]:
    if op in ("in", "not in"):
        chosen = st.lists(st.sampled_from(made.values), min_size=1, max_size=3, unique=True)
        return chosen.map(lambda values: Test(made.id, op, tuple(values), allowed(made, op, values)))
    return st.sampled_from(made.values).map(lambda value: Test(made.id, op, (value,), allowed(made, op, [value])))


def allowed(made: FactSpec, op: str, values: Sequence[str | bool]) -> tuple[str | bool, ...]:
    """The values that pass, in level order, worked out by position."""
    at = made.values.index(values[0])
    return tuple(
        value
        for position, value in enumerate(made.values)
        if {
            "==": position == at, "!=": position != at, ">=": position >= at, "<=": position <= at,
            ">": position > at, "<": position < at, "in": value in values, "not in": value not in values,
        }[op]
    )  # fmt: skip


@st.composite
def item_elements(draw: Draw) -> Some | No:
    """A `some` or `no` with up to two tests."""
    kind = draw(st.sampled_from(ITEM_KINDS))
    attributes = [made for made in ATTRIBUTES if made.scope == kind]
    chosen = draw(st.lists(st.sampled_from(attributes), max_size=2, unique_by=lambda made: made.id))
    where = tuple(draw(fact_tests(made)) for made in chosen)
    return draw(st.sampled_from((Some, No)))(kind, where)


@st.composite
def elements(draw: Draw, specs: Sequence[FactSpec], depth: int = 2, known: bool = False) -> Element:
    """A condition over some facts, `not` already pushed to its leaves; `known` where it is wanted."""
    shapes = ["test"] * 3 + ["item"] * 2 + ["known"] * known + ["all", "any", "not"] * (depth > 0)
    shape = draw(st.sampled_from(shapes))
    if shape == "test":
        return draw(fact_tests(draw(st.sampled_from(specs))))
    if shape == "item":
        return draw(item_elements())
    if shape == "known":
        return Known(draw(st.sampled_from(specs)).id)
    if shape == "not":
        inner = draw(elements(specs, depth - 1))
        return negate(inner, values_of(specs))
    parts = draw(st.lists(elements(specs, depth - 1, known), max_size=3))
    return (All if shape == "all" else Any)(tuple(parts))


def values_of(specs: Sequence[FactSpec]) -> dict[str, tuple[str | bool, ...]]:
    """All legal values of each fact that is not a number, as `negate` wants them."""
    return {made.id: made.values for made in (*specs, *ATTRIBUTES) if not made.is_number}


@st.composite
def expressions(draw: Draw, numbers: Sequence[FactSpec], depth: int = 2) -> Expression:
    """Arithmetic over facts and constants; every divisor is above zero."""
    operations = ["+", "-", "*", "/", "min", "max", "coalesce"] if depth else []
    shape = draw(st.sampled_from(["fact"] * 3 + ["constant"] + operations))
    pick = st.sampled_from(numbers).map(lambda made: Fact(made.id))
    if shape == "fact":
        return draw(pick)
    if shape == "constant":
        return draw(st.sampled_from((Number(1 / 3, "third"), *map(Number, NUMBERS))))
    if shape == "coalesce":
        return Operation("coalesce", (draw(pick), draw(pick)))
    if shape == "*":
        return Operation("*", (draw(expressions(numbers, depth - 1)), Number(draw(st.sampled_from(NUMBERS)))))
    left, right = (draw(expressions(numbers, depth - 1)) for _ in range(2))
    return Operation(shape, (left, Operation("max", (right, Number(0.5))) if shape == "/" else right))
