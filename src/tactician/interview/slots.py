"""Slots: the places in a client file that one answer fills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tactician.facts.client import Item, Segment
from tactician.facts.vocabulary import ITEM_KINDS, Vocabulary


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A fact, a list of items (`pain`), or an attribute of one item (`pain.severity`)."""

    fact: str
    segment: str = ""
    """Empty for business and offering facts."""
    item: str = ""
    """The id of the item an attribute belongs to; for a link the ids of product and item, as `bag>queue`."""

    @property
    def scope(self) -> str:
        """`business`, `offering`, `segment`, a kind of item, or `link`."""
        return self.fact.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the fact in its scope; empty for a list."""
        return self.fact.partition(".")[2]

    @property
    def is_list(self) -> bool:
        """Whether it is a whole list of items."""
        return self.fact in ITEM_KINDS


LINK = ("relevance", "proof")
"""The attributes of a link."""


def link_id(product: str, item: str) -> str:
    """What stands for the link of a product to an item in a slot."""
    return f"{product}>{item}"


def empty_attributes(segment: Segment, item: Item, vocabulary: Vocabulary) -> Iterator[Slot]:
    """The attributes that an item, or a link of it, does not state."""
    for spec in vocabulary.of_scope(item.kind):
        if spec.name not in item.attributes:
            yield Slot(spec.id, segment.name, item.id)
    for link in item.addresses:
        for name in LINK:
            if getattr(link, name) is None:
                yield Slot(f"link.{name}", segment.name, link_id(item.id, link.item))


def empty_in_segment(segment: Segment, vocabulary: Vocabulary) -> Iterator[Slot]:
    """Everything that a segment leaves open: facts, lists, and attributes of what is listed."""
    for spec in vocabulary.of_scope("segment"):
        if spec.id not in segment.facts:
            yield Slot(spec.id, segment.name)
    for kind in ITEM_KINDS:
        if kind not in segment.items:
            yield Slot(kind, segment.name)
        for item in segment.items.get(kind, ()):
            yield from empty_attributes(segment, item, vocabulary)
