"""The closed list of measures: pure functions over one segment whose value is a fact to every engine."""

from __future__ import annotations

from collections.abc import Mapping

from tactician.facts import canvas_fit as fit
from tactician.facts import value_balance as balance
from tactician.facts.client import Segment
from tactician.facts.parameters import Parameters
from tactician.facts.vocabulary import Value, Vocabulary

Measure = fit.FitMeasure | balance.BalanceMeasure
READS = {
    "canvas_fit": frozenset({*fit.CATEGORIES, "product"}),
    "value_balance": frozenset(
        {*balance.BENEFITS.values(), *(fact for pair in balance.COSTS.values() for fact in pair), "job"}
    ),
}
"""By measure: the facts and item kinds it looks at."""
NEEDED = {
    "value_balance": frozenset({*balance.BENEFITS.values(), *(score for score, _ in balance.COSTS.values())})
}
"""By measure: the facts without any one of which it is unknown."""
SOUGHT = {"canvas_fit": fit.SOUGHT, "value_balance": balance.SOUGHT}
"""By measure: attributes of items and links, each with a level that it looks for."""


def attributes_read(name: str, parameters: Parameters) -> frozenset[str]:
    """Every attribute of items and links (`pain.severity`) that a measure depends on, those that weigh too."""
    return fit.attributes_read(parameters) if name == "canvas_fit" else frozenset(balance.ATTRIBUTES)


def measure(
    name: str, values: Mapping[str, Value], segment: Segment, vocabulary: Vocabulary, parameters: Parameters
) -> Measure | None:
    """A measure of a segment with its steps, given the known facts by id; None when it is unknown."""
    if name == "canvas_fit":
        return fit.canvas_fit(segment, vocabulary, parameters)
    if name == "value_balance":
        return balance.value_balance(values, segment, vocabulary, parameters)
    raise ValueError(f"there is no measure called {name}")
