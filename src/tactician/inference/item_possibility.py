"""What items still allow: unknown lists and attributes that are not stated, for `some` and `no`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from tactician.facts.client import Item
from tactician.facts.item_weights import FULL, item_weight, weighing_attributes
from tactician.inference.possibility import Possible
from tactician.inference.truth_table import ItemElement, ItemTable
from tactician.knowledge.rules import Rulebase

Strength = tuple[int, int]
"""The least and the greatest item weight, in thousandths, that a true element can have."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One item against the tests of its kind: bits it surely passes, surely fails, and what it can weigh."""

    true: int
    false: int
    weight: Strength


def look_at(
    table: ItemTable, kind: str, items: tuple[Item, ...] | None, rulebase: Rulebase, possible: Possible
) -> dict[int, Strength]:
    """Enter every element over a kind of items; returns the strengths of its `some` elements by position."""
    strengths = {}
    looks = None if items is None else [_look(table, item, rulebase) for item in items]
    for element in table.elements:
        if looks is None:
            possible.true |= element.bit
            possible.false |= element.bit
            possible.unknown |= element.bit
            strength = _range(kind, {}, rulebase)
        else:
            strength = _enter(element, looks, possible)
        if element.is_some:
            strengths[element.bit.bit_length() - 1] = strength
    return strengths


def _look(table: ItemTable, item: Item, rulebase: Rulebase) -> _Look:
    return _Look(*table.item_bits(item), _range(item.kind, dict(item.attributes), rulebase))


def _range(kind: str, stated: dict[str, str], rulebase: Rulebase) -> Strength:
    """The least and greatest weight over every completion of the attributes that are not stated."""
    names = [name.partition(".")[2] for name in weighing_attributes(kind, rulebase.parameters)]
    open_levels = [rulebase.parameters.item_weights[f"{kind}.{name}"] for name in names if name not in stated]
    missing = [name for name in names if name not in stated]
    weights = [
        item_weight(
            Item(kind, "", "", {**stated, **dict(zip(missing, levels, strict=True))}),
            rulebase.vocabulary,
            rulebase.parameters,
        )
        for levels in product(*open_levels)
    ]
    return min(weights), max(weights)


def _enter(element: ItemElement, looks: list[_Look], possible: Possible) -> Strength:
    where = element.where
    sure = [look.weight for look in looks if look.true & where == where]
    maybe = [look.weight for look in looks if not look.false & where]
    if maybe:
        _mark(possible, element, holds=element.is_some)
    if not sure:
        _mark(possible, element, holds=not element.is_some)
        if maybe:
            possible.unknown |= element.bit
    if not maybe:
        return FULL, FULL
    least = max(low for low, _ in sure) if sure else min(low for low, _ in maybe)
    return least, max(high for _, high in maybe)


def _mark(possible: Possible, element: ItemElement, *, holds: bool) -> None:
    if holds:
        possible.true |= element.bit
    else:
        possible.false |= element.bit


def is_complete(items: tuple[Item, ...] | None, kind: str, attributes: Iterable[str]) -> bool:
    """Whether a list is given and states all of these attributes (`pain.severity`) of its items and their links."""
    if items is None:
        return False
    own, linked = (
        [name for holder, _, name in (each.partition(".") for each in attributes) if holder == scope]
        for scope in (kind, "link")
    )
    return all(
        all(name in item.attributes for name in own)
        and all(getattr(link, name) is not None for link in item.addresses for name in linked)
        for item in items
    )
