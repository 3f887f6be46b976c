"""What a client could still say: random completions of all it leaves open, and every one where little is open."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from condition_strategies import Draw
from tactician.facts.client import Client, Item, Link, Segment
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, FactSpec, Value
from tactician.inference.direct import engine_for
from tactician.knowledge.rules import Rulebase

Choice = Value | None


def thresholds(rulebase: Rulebase, fact: str) -> list[float]:
    """The numbers at which some test of a fact changes."""
    table = engine_for(rulebase).bits.facts.get(fact)
    return list(table.thresholds) if table else []


def telling_values(rulebase: Rulebase, spec: FactSpec) -> tuple[Value, ...]:
    """All levels; of a number its bands, its ends and both sides of every threshold within them."""
    if not spec.is_number:
        return spec.values
    low, high = spec.minimum or 0.0, spec.maximum if spec.maximum is not None else 1e6
    cuts = thresholds(rulebase, spec.id)
    near = (math.nextafter(cut, to) for cut in cuts for to in (-math.inf, math.inf))
    found = {low, high, *cuts, *near, *(band.value for band in spec.bands)}
    return tuple(sorted(value for value in found if low <= value <= high))


def open_facts(client: Client, rulebase: Rulebase) -> list[tuple[str, int]]:
    """Every fact nobody stated, with the segment it is open in (0 for the others)."""
    found = []
    for spec in rulebase.vocabulary.facts.values():
        if spec.scope == "segment":
            found += [(spec.id, at) for at, each in enumerate(client.segments) if spec.id not in each.facts]
        elif spec.scope in FACT_SCOPES and spec.id not in client.facts:
            found.append((spec.id, 0))
    return found


def with_items(segment: Segment, kind: str, items: tuple[Item, ...]) -> Segment:
    """The same segment with other items of one kind."""
    return replace(segment, items={**segment.items, kind: items})


@st.composite
def completions(draw: Draw, client: Client, rulebase: Rulebase) -> Client:
    """The client with any of its open facts, lists and attributes given, and any still open."""
    for fact, segment in open_facts(client, rulebase):
        values = telling_values(rulebase, rulebase.vocabulary[fact])
        client = client.with_fact(fact, draw(st.sampled_from((None, *values))), segment)
    segments = tuple(draw(filled(segment, rulebase)) for segment in client.segments)
    return replace(client, segments=segments)


@st.composite
def filled(draw: Draw, segment: Segment, rulebase: Rulebase) -> Segment:
    """The segment with open lists and open attributes filled in, or not."""
    items = dict(segment.items)
    for kind in ITEM_KINDS:
        if kind in items:
            items[kind] = tuple(draw(filled_item(item, rulebase)) for item in items[kind])
        elif draw(st.booleans()):
            names = [f"new {kind} {number}" for number in range(draw(st.integers(0, 2)))]
            items[kind] = tuple(draw(filled_item(Item(kind, name, "", {}), rulebase)) for name in names)
    answered = [item.id for kind in ("pain", "gain", "job") for item in items.get(kind, ())]
    if "product" not in segment.items and "product" in items and answered:
        items["product"] = tuple(
            replace(made, addresses=tuple(Link(name) for name in draw(st.sets(st.sampled_from(answered)))))
            for made in items["product"]
        )
    return replace(segment, items=items)


@st.composite
def filled_item(draw: Draw, item: Item, rulebase: Rulebase) -> Item:
    """The item with open attributes of itself and of its links filled in, or not."""
    attributes = dict(item.attributes)
    for spec in rulebase.vocabulary.of_scope(item.kind):
        level = draw(st.sampled_from((None, *spec.levels)))
        if spec.name not in attributes and level is not None:
            attributes[spec.name] = level
    links = tuple(draw(filled_link(link, rulebase)) for link in item.addresses)
    return replace(item, attributes=attributes, addresses=links)


@st.composite
def filled_link(draw: Draw, link: Link, rulebase: Rulebase) -> Link:
    levels = {name: (None, *rulebase.vocabulary[f"link.{name}"].levels) for name in ("relevance", "proof")}
    given = {name: getattr(link, name) or draw(st.sampled_from(levels[name])) for name in levels}
    return Link(link.item, **given)


def all_completions(client: Client, rulebase: Rulebase) -> Iterator[Client]:
    """Every completion of a client whose lists are all given, each fact staying open as well."""
    places = open_facts(client, rulebase)
    choices = [(None, *telling_values(rulebase, rulebase.vocabulary[fact])) for fact, _ in places]
    for values in product(*choices):
        made = client
        for (fact, segment), value in zip(places, values, strict=True):
            made = made.with_fact(fact, value, segment)
        yield made
