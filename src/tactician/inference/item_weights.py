"""What an item weighs, in thousandths: a fact stated by parameters.yaml, the same for every engine."""

from __future__ import annotations

from functools import reduce

from tactician.facts.client import Item
from tactician.facts.parameters import Parameters
from tactician.facts.vocabulary import Vocabulary

FULL = 1_000
"""The weight of everything that is not an item: thousandths in one."""


def weighing_attributes(kind: str, parameters: Parameters) -> tuple[str, ...]:
    """The attributes (`pain.severity`) that decide what an item of a kind weighs, in order of the parameters."""
    return tuple(name for name in parameters.item_weights if name.partition(".")[0] == kind)


def item_weight(item: Item, vocabulary: Vocabulary, parameters: Parameters) -> int:
    """The weight of an item: the product over its weighing attributes, each division rounded half up.

    An attribute that is not stated counts as its typical level. Items without such attributes weigh 1000.
    """
    factors = []
    for attribute in weighing_attributes(item.kind, parameters):
        level = item.attributes.get(attribute.partition(".")[2], vocabulary[attribute].typical)
        factors.append(parameters.item_weights[attribute][str(level)])
    return reduce(lambda weight, factor: (weight * factor + FULL // 2) // FULL, factors, FULL)
