"""Everything an owner has said, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tactician.interview.events import Stated
from tactician.interview.slots import Slot


@dataclass(frozen=True, slots=True)
class LinkSaid:
    """That a product answers an item, and how."""

    item: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemSaid:
    """A pain, gain, job or product as the owner put it."""

    kind: str
    id: str
    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[LinkSaid, ...] | None = None
    """What a product answers; None until it is asked."""


@dataclass(frozen=True, slots=True)
class SegmentSaid:
    """A group of customers: its answers by fact id, and its lists; a kind that is missing is not known."""

    name: str
    share: float | None = None
    facts: Mapping[str, Stated] = field(default_factory=dict)
    items: Mapping[str, tuple[ItemSaid, ...]] = field(default_factory=dict)

    def item(self, name: str) -> ItemSaid:
        """The item of an id; raises KeyError."""
        return {item.id: item for items in self.items.values() for item in items}[name]


@dataclass(frozen=True, slots=True)
class Answers:
    """The state of an interview."""

    client: str = ""
    currency: str = ""
    """Empty until it is asked."""
    running: tuple[str, ...] | None = None
    facts: Mapping[str, Stated] = field(default_factory=dict)
    segments: tuple[SegmentSaid, ...] = ()
    removed: tuple[SegmentSaid, ...] = ()
    skipped: frozenset[Slot] = frozenset()
    """What the owner does not know."""
    open_lists: frozenset[Slot] = frozenset()
    """Lists that are being entered."""
    done: frozenset[str] = frozenset()
    declined: Mapping[str, int] = field(default_factory=dict)
    """By certainty: after how many questions the owner would rather go on."""
    trail: tuple[Slot, ...] = ()
    """The questions that were answered, the latest last; a fact of segments stands without a segment."""

    def segment(self, name: str) -> SegmentSaid:
        """The group of a name; raises KeyError."""
        return {segment.name: segment for segment in self.segments}[name]

    def stated(self, slot: Slot) -> Stated | None:
        """The answer that fills a slot of a fact or attribute, None when there is none."""
        if not slot.segment:
            return self.facts.get(slot.fact)
        segment = self.segment(slot.segment)
        if not slot.item:
            return segment.facts.get(slot.fact)
        if slot.scope == "link":
            product, _, item = slot.item.partition(">")
            links = {link.item: link for link in segment.item(product).addresses or ()}
            return links[item].attributes.get(slot.name)
        return segment.item(slot.item).attributes.get(slot.name)
