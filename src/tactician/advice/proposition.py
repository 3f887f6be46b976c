"""The value proposition of a segment as data: how well the offer fits, what it is worth, whom it must convince."""

from __future__ import annotations

from dataclasses import dataclass

from tactician.facts.canvas_fit import FitMeasure
from tactician.facts.client import Item
from tactician.facts.value_balance import BalanceMeasure, Side
from tactician.facts.vocabulary import Value


@dataclass(frozen=True, slots=True)
class Gap:
    """An item in focus that the products cover too little; coverage and gap in millionths."""

    item: Item
    coverage: int
    gap: int
    suggested: tuple[str, ...]
    """Records that answer such items and have more for them than against them here, best first."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the products of a segment answer what matters most to it."""

    measure: FitMeasure
    level: Value | None
    gaps: tuple[Gap, ...]
    stage: str
    """How far it has been shown: `on_paper`, `with_customers` or `in_market`."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A way to better the balance."""

    rule: str
    side: Side | None
    """The benefit or sacrifice it repairs; None where it speaks of the balance as a whole."""
    suggested: tuple[str, ...]
    avoid: tuple[str, ...]
    prepare: str
    because: str
    grade: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """What customers feel they get against what they give up."""

    measure: BalanceMeasure
    level: Value | None
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What follows for message and proof from who uses and who decides."""

    rule: str
    text: str
    because: str
    grade: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """The blanks of the promise that can be filled from the canvas; None where somebody has to fill them in."""

    job: Item | None
    product: Item | None
    pain: Item | None
    """The weightiest pain that the product eases."""
    gain: Item | None
    proof: str | None
    """How well the link from product to pain, gain or job is proven."""


@dataclass(frozen=True, slots=True)
class Proposition:
    """Everything about what one segment is promised; fit and balance are None where they are unknown."""

    segment: str
    fit: Fit | None
    balance: Balance | None
    messages: tuple[Message, ...]
    promise: Promise | None
