"""Clients drawn by number for any rulebase: the same number gives the same client."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random

from tactician.facts.client import MILLION, Client, Item, Link, Segment
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, FactSpec, Value
from tactician.knowledge.rules import Rulebase

LINKED = ("pain", "gain", "job")


def drawn_client(rulebase: Rulebase, number: int, unknown: float = 0.3) -> Client:
    """A client of one to three segments; each fact, list and attribute is left open with a chance of `unknown`."""
    dice = Random(f"client {number}")
    facts = _facts(rulebase, ("business", "offering"), dice, unknown)
    count = dice.choice((1, 1, 2, 2, 3))
    shares = _shares(count, dice)
    segments = tuple(
        Segment(
            f"segment {at}",
            share,
            _facts(rulebase, ("segment",), dice, unknown),
            _lists(rulebase, dice, unknown),
        )
        for at, share in enumerate(shares, start=1)
    )
    tactics = [record.id for record in rulebase.group("tactics")]
    running = tuple(dice.sample(tactics, dice.choice((0, 0, 1, 2))))
    currency, rate = dice.choice(sorted(rulebase.parameters.rates.items()))
    return Client(f"Client {number}", currency, Decimal(rate), running, facts, segments)


def _shares(count: int, dice: Random) -> list[int]:
    cuts = sorted(dice.sample(range(1, 100), count - 1))
    edges = [0, *(cut * MILLION // 100 for cut in cuts), MILLION]
    return [high - low for low, high in pairwise(edges)]


def _facts(rulebase: Rulebase, scopes: tuple[str, ...], dice: Random, unknown: float) -> dict[str, Value]:
    specs = [spec for spec in rulebase.vocabulary.facts.values() if spec.scope in scopes]
    return {spec.id: _value(spec, dice) for spec in specs if dice.random() >= unknown}


def _value(spec: FactSpec, dice: Random) -> Value:
    if spec.scope not in FACT_SCOPES or not spec.is_number:
        return dice.choice(spec.values)
    low, high = dice.choice(spec.choices), dice.choice(spec.choices)
    between = (float(low) + float(high)) / 2
    return float(round(between)) if spec.whole else round(between, 2)


def _lists(rulebase: Rulebase, dice: Random, unknown: float) -> dict[str, tuple[Item, ...]]:
    lists = {}
    for kind in ITEM_KINDS:
        if dice.random() >= unknown:
            lists[kind] = tuple(
                Item(kind, f"{kind}_{at}", f"{kind} number {at}", _attributes(rulebase, kind, dice, unknown))
                for at in range(1, dice.choice((0, 1, 2, 3, 4)) + 1)
            )
    linkable = [item.id for kind in LINKED for item in lists.get(kind, ())]
    if "product" in lists:
        lists["product"] = tuple(
            replace(product, addresses=_links(rulebase, linkable, dice, unknown))
            for product in lists["product"]
        )
    return lists


def _attributes(rulebase: Rulebase, kind: str, dice: Random, unknown: float) -> dict[str, str]:
    specs = rulebase.vocabulary.of_scope(kind)
    return {spec.name: str(dice.choice(spec.values)) for spec in specs if dice.random() >= unknown}


def _links(rulebase: Rulebase, ids: list[str], dice: Random, unknown: float) -> tuple[Link, ...]:
    chosen = dice.sample(ids, min(len(ids), dice.choice((0, 1, 2))))
    return tuple(Link(item, **_attributes(rulebase, "link", dice, unknown)) for item in chosen)
