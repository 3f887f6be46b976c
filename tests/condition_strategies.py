"""Hypothesis strategies: vocabularies, and the conditions and expressions that can be said in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from tactician.errors import Place
from tactician.facts.vocabulary import ITEM_KINDS, Band, FactSpec, Value, Vocabulary
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

CONSTANTS = (*map(Number, NUMBERS), Number(1 / 3, "third"))
OPERATORS = {
    "ordinal": ("==", "!=", ">=", "<=", ">", "<", "in", "not in"),
    "enum": ("==", "!=", "in", "not in"),
    "bool": ("==", "!="),
    "number": ("==", "!=", ">=", "<=", ">", "<", "between", "outside"),
}


def spec(
    scope: str, name: str, kind: str, levels: Sequence[str] = (), typical: Value | None = None
) -> FactSpec:
    least, most = (min(NUMBERS), max(NUMBERS)) if kind == "number" else (None, None)
    bands = tuple(Band(value, "") for value in NUMBERS) if kind == "number" else ()
    return FactSpec(
        scope,
        name,
        kind,
        tuple(levels),
        minimum=least,
        maximum=most,
        bands=bands,
        typical=typical,
        changeable=1,
    )


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


@cache
def upto(most: int) -> st.SearchStrategy[int]:
    """A number from 0 to `most`, by a strategy made only once: making strategies takes most of the time."""
    return st.sampled_from(range(most + 1))


def one(draw: Draw, options: Sequence[T]) -> T:
    """One of these; the first is the simplest."""
    return options[draw(upto(len(options) - 1))]


@st.composite
def vocabularies(draw: Draw) -> Vocabulary:
    """Two to seven facts of every scope and type, and the attributes of items."""
    facts = {}
    for number in range(2 + draw(upto(5))):
        scope = one(draw, ("segment", "offering", "business"))
        kind = one(draw, ("ordinal", "number", "enum", "bool"))
        levels = LEVELS[: 2 + draw(upto(2))] if kind in ("ordinal", "enum") else ()
        made = spec(scope, f"raw_{number}", kind, levels)
        facts[made.id] = made
    balanced = BALANCED if draw(upto(7)) == 7 else ()
    return Vocabulary({**facts, **{made.id: made for made in (*balanced, *ATTRIBUTES)}})


def fact_test(draw: Draw, made: FactSpec) -> Test:
    """Any legal test of a fact, and the ones that only negation writes."""
    op = one(draw, OPERATORS[made.type])
    values = NUMBERS if made.is_number else made.values
    most = {"in": 1 + draw(upto(2)), "not in": 2, "between": 2, "outside": 2}.get(op, 1)
    chosen = tuple(dict.fromkeys(one(draw, values) for _ in range(most)))
    if made.is_number:
        return Test(made.id, op, tuple(sorted((*chosen, *chosen)[:most])))
    return Test(made.id, op, chosen, allowed(made, op, chosen))


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


def item_element(draw: Draw) -> Some | No:
    """A `some` or `no` with up to two tests."""
    kind = one(draw, ITEM_KINDS)
    attributes = [made for made in ATTRIBUTES if made.scope == kind]
    chosen = {made.id: made for made in (one(draw, attributes) for _ in range(draw(upto(2))))}
    where = tuple(fact_test(draw, made) for made in chosen.values())
    return Some(kind, where) if draw(upto(1)) else No(kind, where)


def element(draw: Draw, specs: Sequence[FactSpec], depth: int = 2, known: bool = False) -> Element:
    """A condition over some facts, `not` already pushed to its leaves; `known` where it is wanted."""
    composites = ["all", "any", "not"] if depth else []
    shape = one(draw, ["test"] * 3 + ["item"] * 2 + ["known"] * known + composites)
    if shape == "test":
        return fact_test(draw, one(draw, specs))
    if shape == "item":
        return item_element(draw)
    if shape == "known":
        return Known(one(draw, specs).id)
    if shape == "not":
        return negate(element(draw, specs, depth - 1), values_of(specs))
    parts = tuple(element(draw, specs, depth - 1, known) for _ in range(draw(upto(3))))
    return All(parts) if shape == "all" else Any(parts)


def values_of(specs: Sequence[FactSpec]) -> dict[str, tuple[str | bool, ...]]:
    """All legal values of each fact that is not a number, as `negate` wants them."""
    return {made.id: made.values for made in (*specs, *ATTRIBUTES) if not made.is_number}


def expression(draw: Draw, numbers: Sequence[FactSpec], depth: int = 2) -> Expression:
    """Arithmetic over facts and constants; every divisor is above zero."""
    operations = ["+", "-", "*", "/", "min", "max", "coalesce"] if depth else []
    shape = one(draw, ["fact"] * 3 + ["constant"] + operations)
    if shape == "fact":
        return Fact(one(draw, numbers).id)
    if shape == "constant":
        return one(draw, CONSTANTS)
    if shape == "coalesce":
        return Operation("coalesce", (Fact(one(draw, numbers).id), Fact(one(draw, numbers).id)))
    if shape == "*":
        return Operation("*", (expression(draw, numbers, depth - 1), one(draw, CONSTANTS)))
    left, right = (expression(draw, numbers, depth - 1) for _ in range(2))
    return Operation(shape, (left, Operation("max", (right, Number(0.5))) if shape == "/" else right))
