"""Every number that weighs evidence or shapes a plan, typed; the reasons stand in parameters.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CanvasFit:
    """Numbers of the canvas-fit measure, in thousandths."""

    effect: Mapping[str, int]
    proof: Mapping[str, int]
    category_weights: Mapping[str, int]
    """By item kind: job, pain, gain."""
    focus_limit: int
    required_gain_coverage: int
    """A required gain in focus that is covered by less caps the fit …"""
    required_gain_cap: int
    """… at this."""
    listed_below: int
    """Coverage below which a focus element is listed as a gap."""
    open_below: int
    """Coverage below which a severe pain counts as open."""


@dataclass(frozen=True, slots=True)
class ValueBalance:
    """Numbers of the value-balance measure; weights in thousandths, scores from 0 to `scale`."""

    scale: int
    cost_weights: Mapping[str, int]
    """By level low, medium, high."""
    unknown_cost_weight: int
    benefit_target: int
    cost_target: int


@dataclass(frozen=True, slots=True)
class PlanNumbers:
    """How much a plan takes on."""

    now: int
    next: int
    setup_spread: int
    """Months over which set-up cost, and weeks over which set-up hours, are spread."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one consultation."""

    firings_per_rule: int
    seconds_per_segment: float
    segments: int
    items: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """parameters.yaml."""

    arithmetic: Mapping[str, float]
    rates: Mapping[str, Decimal]
    """Units of a currency per euro, EUR included."""
    rates_date: str
    item_weights: Mapping[str, Mapping[str, int]]
    """By attribute (`pain.severity`): level → thousandths."""
    canvas_fit: CanvasFit
    value_balance: ValueBalance
    lifecycle: Mapping[str, float]
    """By grade (good, possible, poor): a signed certainty factor; 0 compiles to nothing."""
    jury_partly: float
    plan: PlanNumbers
    limits: Limits
    prior_share: float = 1.0
    """How much of the mean evidence of a reason its prior takes off, when priors are fitted."""
    priors: Mapping[str, int] = field(default_factory=dict)
    """By rule id: its mean evidence where it is decided, in 10⁻⁶ point."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why each number is what it is, by dotted path."""

    def __repr__(self) -> str:
        return f"<Parameters: {len(self.priors)} priors, {len(self.rates)} currencies>"
