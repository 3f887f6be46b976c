"""What an item weighs, in thousandths, and the level an attribute counts as when nobody stated it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tactician.facts.client import Item
from tactician.facts.parameters import Parameters
from tactician.facts.vocabulary import Vocabulary

FULL = 1_000
"""The weight of everything that is not an item: thousandths in one."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """That an attribute nobody stated counts as its typical level."""

    holder: str
    """The id of the item; `product -> item` for a link."""
    attribute: str
    level: str


def divide(dividend: int, divisor: int) -> int:
    """The quotient of whole numbers, rounded half up by integer floor; the divisor is above zero."""
    return (2 * dividend + divisor) // (2 * divisor)


def weighing_attributes(kind: str, parameters: Parameters) -> tuple[str, ...]:
    """The attributes (`pain.severity`) that decide what an item of a kind weighs, in order of the parameters."""
    return tuple(name for name in parameters.item_weights if name.partition(".")[0] == kind)


def level_of(stated: Mapping[str, str], attribute: str, vocabulary: Vocabulary) -> str:
    """The stated level of an attribute (`pain.severity`), else its typical one."""
    return stated.get(attribute.partition(".")[2]) or str(vocabulary[attribute].typical)


def item_weight(item: Item, vocabulary: Vocabulary, parameters: Parameters) -> int:
    """The weight of an item: the product over its weighing attributes, each division rounded half up.

    An attribute that is not stated counts as its typical level. Items without such attributes weigh 1000.
    """
    return multiplied(
        [
            parameters.item_weights[attribute][level_of(item.attributes, attribute, vocabulary)]
            for attribute in weighing_attributes(item.kind, parameters)
        ]
    )


def multiplied(weights: Iterable[int]) -> int:
    """The product of weights in thousandths, each division rounded half up."""
    product = FULL
    for weight in weights:
        product = divide(product * weight, FULL)
    return product
