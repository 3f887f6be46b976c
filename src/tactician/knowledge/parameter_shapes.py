"""The shape of the sections of parameters.yaml, and between what each number may lie."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tactician.facts.item_weights import FULL
from tactician.knowledge.files import Name, RuleId, Shape, Text

Count = Annotated[int, Field(ge=1)]
Thousandths = Annotated[int, Field(ge=0, le=1_000_000)]
Part = Annotated[int, Field(ge=0, le=FULL, description=f"Thousandths from 0 to {FULL}, which is all of it.")]
Weight = Annotated[
    int, Field(ge=1, le=FULL, description=f"Thousandths from 1 to {FULL}, which counts in full.")
]
Proportion = Annotated[
    int,
    Field(ge=1, le=1_000_000, description="Thousandths from 1 up, which count in relation to each other."),
]
Rate = Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,9})?$")]
"""A decimal number as text, so that no digit is lost."""


class NumberShape(Shape):
    """A named number for expressions."""

    value: float
    unit: str = ""
    why: Text
    sources: list[Name] = Field(default_factory=list)


class CountShape(Shape):
    """A whole number of at least one."""

    value: Count
    why: Text


class ThousandthsShape(Shape):
    """A whole number of thousandths."""

    value: Thousandths
    why: Text


class ProportionShape(Shape):
    """A whole number of thousandths that counts in relation to others."""

    value: Proportion
    why: Text


class ScaleShape(Shape):
    """The highest score; the lowest is 0."""

    value: Annotated[int, Field(ge=1, le=1_000)]
    why: Text


class SecondsShape(Shape):
    """A time in seconds."""

    value: Annotated[float, Field(gt=0)]
    why: Text


class ShareShape(Shape):
    """A share from 0 to 1."""

    value: Annotated[float, Field(ge=0, le=1)]
    why: Text


class CfShape(Shape):
    """A signed certainty factor; 0 says nothing."""

    value: Annotated[float, Field(ge=-0.9, le=0.9)]
    why: Text


class PartsShape(Shape):
    """How much of something each level is, in thousandths."""

    values: Annotated[dict[Name, Part], Field(min_length=1)]
    why: Text


class WeightsShape(Shape):
    """What each level or kind weighs, in thousandths."""

    values: Annotated[dict[Name, Weight], Field(min_length=1)]
    why: Text


class ProportionsShape(Shape):
    """What each level weighs in relation to the others, in thousandths."""

    values: Annotated[dict[Name, Proportion], Field(min_length=1)]
    why: Text


class CurrenciesShape(Shape):
    """Dated rates, in units of the currency per euro."""

    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    source: Text
    why: Text
    per_euro: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Rate]


class CanvasFitShape(Shape):
    """Numbers of the measure canvas_fit."""

    effect: PartsShape
    proof: PartsShape
    category_weights: WeightsShape
    focus_limit: CountShape
    required_gain_coverage: ThousandthsShape
    required_gain_cap: ThousandthsShape
    listed_below: ThousandthsShape
    open_below: ThousandthsShape


class ValueBalanceShape(Shape):
    """Numbers of the measure value_balance."""

    scale: ScaleShape
    cost_weights: ProportionsShape
    unknown_cost_weight: ProportionShape
    benefit_target: CountShape
    cost_target: CountShape


class LifecycleShape(Shape):
    """What each grade of a record's lifecycle is worth."""

    good: CfShape
    possible: CfShape
    poor: CfShape


class PlanShape(Shape):
    """How much a plan takes on."""

    now: CountShape
    next: CountShape
    setup_spread: CountShape


class LimitsShape(Shape):
    """Bounds of one consultation."""

    firings_per_rule: CountShape
    seconds_per_segment: SecondsShape
    segments: CountShape
    items: CountShape


class ParametersShape(Shape):
    """parameters.yaml."""

    arithmetic: dict[Name, NumberShape] = Field(default_factory=dict)
    currencies: CurrenciesShape
    item_weights: dict[str, WeightsShape]
    canvas_fit: CanvasFitShape
    value_balance: ValueBalanceShape
    lifecycle: LifecycleShape
    jury_partly: ShareShape
    plan: PlanShape
    limits: LimitsShape
    prior_share: ShareShape = ShareShape(value=1.0, why="A reason is worth what it says beyond the usual.")
    priors: dict[RuleId, int] = Field(default_factory=dict)
