"""parameters.yaml: the typed Parameters it becomes, and what must hold across its sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tactician.errors import did_you_mean
from tactician.facts.canvas_fit import CATEGORIES
from tactician.facts.item_weights import multiplied
from tactician.facts.parameters import CanvasFit, Limits, Parameters, PlanNumbers, ValueBalance
from tactician.facts.vocabulary import ITEM_KINDS
from tactician.knowledge.parameter_shapes import (
    LifecycleShape,
    ParametersShape,
    ValueBalanceShape,
    WeightsShape,
)
from tactician.knowledge.passages import Passage
from tactician.knowledge.terms import Terms

KEYED = (
    ("canvas_fit", "category_weights", CATEGORIES),
    ("value_balance", "cost_weights", ("low", "medium", "high")),
)
"""Tables that are not by the levels of an attribute, and their keys."""


def build_parameters(shape: ParametersShape, top: Passage) -> Parameters:
    """The typed parameters of a file that has the right shape."""
    canvas, balance = shape.canvas_fit, shape.value_balance
    return Parameters(
        arithmetic={name: number.value for name, number in shape.arithmetic.items()},
        rates={"EUR": Decimal(1)} | {code: Decimal(rate) for code, rate in shape.currencies.per_euro.items()},
        rates_date=shape.currencies.date,
        item_weights={attribute: table.values for attribute, table in shape.item_weights.items()},
        canvas_fit=CanvasFit(
            effect=canvas.effect.values,
            proof=canvas.proof.values,
            category_weights=canvas.category_weights.values,
            focus_limit=canvas.focus_limit.value,
            required_gain_coverage=canvas.required_gain_coverage.value,
            required_gain_cap=canvas.required_gain_cap.value,
            listed_below=canvas.listed_below.value,
            open_below=canvas.open_below.value,
        ),
        value_balance=ValueBalance(
            scale=balance.scale.value,
            cost_weights=balance.cost_weights.values,
            unknown_cost_weight=balance.unknown_cost_weight.value,
            benefit_target=balance.benefit_target.value,
            cost_target=balance.cost_target.value,
        ),
        lifecycle={grade: getattr(shape.lifecycle, grade).value for grade in LifecycleShape.model_fields},
        jury_partly=shape.jury_partly.value,
        plan=PlanNumbers(shape.plan.now.value, shape.plan.next.value, shape.plan.setup_spread.value),
        limits=Limits(
            firings_per_rule=shape.limits.firings_per_rule.value,
            seconds_per_segment=shape.limits.seconds_per_segment.value,
            segments=shape.limits.segments.value,
            items=shape.limits.items.value,
        ),
        prior_share=shape.prior_share.value,
        priors=shape.priors,
        reasons=dict(_reasons(top.value, "")),
    )


def check_parameters(shape: ParametersShape, top: Passage, terms: Terms) -> None:
    """Notes numbers that leave nothing to divide by, and tables that do not speak of the vocabulary's levels."""
    for code, rate in shape.currencies.per_euro.items():
        if code == "EUR" or not Decimal(rate):
            what = "EUR is what the others are measured in" if code == "EUR" else "a rate must be above 0"
            top.at("currencies", "per_euro", code).refuse(what)
    _check_balance(shape.value_balance, top.at("value_balance"))
    _check_least_weights(shape.item_weights, top.at("item_weights"))
    tables = {
        ("item_weights", attribute): (attribute, table.values)
        for attribute, table in shape.item_weights.items()
    } | {
        ("canvas_fit", "effect"): ("link.relevance", shape.canvas_fit.effect.values),
        ("canvas_fit", "proof"): ("link.proof", shape.canvas_fit.proof.values),
    }
    for section, table, keys in KEYED:
        _check_keys(top.at(section, table, "values"), keys)
    for path, (attribute, values) in tables.items():
        _check_table(top.at(*path), attribute, values, terms)


def _check_balance(numbers: ValueBalanceShape, section: Passage) -> None:
    if numbers.cost_target.value >= numbers.scale.value:
        what = f"the target of sacrifices must be below the scale, which is {numbers.scale.value}"
        section.at("cost_target", "value").refuse(what, "A sacrifice at the top of the scale needs repair.")


def _check_least_weights(tables: Mapping[str, WeightsShape], section: Passage) -> None:
    """Several weights of a kind multiply; together they must not round to nothing."""
    for kind in ITEM_KINDS:
        lowest = [min(table.values.values()) for name, table in tables.items() if name.startswith(f"{kind}.")]
        if not multiplied(lowest):
            what = f"the lowest weights of a {kind} multiply to less than a thousandth"
            section.refuse(
                what, "Raise one of them: whatever is listed has to count for something.", key=True
            )


def _check_keys(table: Passage, keys: Sequence[str]) -> None:
    given = table.value if isinstance(table.value, dict) else {}
    for key in (key for key in given if key not in keys):
        table.at(key).refuse(f"there is no key {key!r} here", f"Known here: {', '.join(keys)}.", key=True)
    if missing := [key for key in keys if key not in given]:
        table.refuse(f"{', '.join(missing)} is missing")


def _check_table(table: Passage, attribute: str, values: Mapping[str, int], terms: Terms) -> None:
    spec = terms.specs.get(attribute)
    if attribute in terms.broken:
        return
    if spec is None or spec.scope not in (*ITEM_KINDS, "link"):
        attributes = [name for name, other in terms.specs.items() if other.scope in (*ITEM_KINDS, "link")]
        table.refuse(f"there is no attribute {attribute}", did_you_mean(attribute, attributes), key=True)
        return
    for level in values.keys() - set(spec.levels):
        hint = f"Levels: {', '.join(spec.levels)}."
        table.at("values", level).refuse(f"{level} is no level of {attribute}", hint, key=True)
    missing = [level for level in spec.levels if level not in values]
    if missing:
        table.at("values").refuse(f"{', '.join(missing)} of {attribute} is missing")
    if spec.typical is None:
        table.refuse(
            f"{attribute} has no typical level", "An attribute that weighs needs one in the vocabulary."
        )


def _reasons(value: object, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key == "why":
            yield path, str(inner)
        else:
            yield from _reasons(inner, f"{path}.{key}" if path else key)
