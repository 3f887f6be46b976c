"""The closed list of measures: pure functions over one segment whose value is a fact to every engine."""

from __future__ import annotations

from collections.abc import Mapping

from tactician.facts.canvas_fit import CATEGORIES, FitMeasure, canvas_fit
from tactician.facts.client import Segment
from tactician.facts.parameters import Parameters
from tactician.facts.value_balance import BENEFITS, COSTS, BalanceMeasure, value_balance
from tactician.facts.vocabulary import Value, Vocabulary

Measure = FitMeasure | BalanceMeasure
READS = {
    "canvas_fit": frozenset({*CATEGORIES, "product"}),
    "value_balance": frozenset(
        {*BENEFITS.values(), *(fact for pair in COSTS.values() for fact in pair), "job"}
    ),
}
"""By measure: the facts and item kinds it looks at."""
NEEDED = {"value_balance": frozenset({*BENEFITS.values(), *(score for score, _ in COSTS.values())})}
"""By measure: the facts without any one of which it is unknown."""


def measure(
    name: str, values: Mapping[str, Value], segment: Segment, vocabulary: Vocabulary, parameters: Parameters
) -> Measure | None:
    """A measure of a segment with its steps, given the known facts by id; None when it is unknown."""
    if name == "canvas_fit":
        return canvas_fit(segment, vocabulary, parameters)
    if name == "value_balance":
        return value_balance(values, segment, vocabulary, parameters)
    raise ValueError(f"there is no measure called {name}")
