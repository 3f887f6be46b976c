"""A client: what one business states about itself, as a frozen value in euros."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tactician.facts.vocabulary import Value

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Link:
    """That a product eases or creates one item; attributes not stated are None."""

    item: str
    relevance: str | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A pain, gain, job or product of a segment; `attributes` holds only what is stated."""

    kind: str
    id: str
    text: str
    attributes: Mapping[str, str]
    addresses: tuple[Link, ...] = ()

    def with_attribute(self, name: str, level: str) -> Item:
        """The same item with one attribute set."""
        return replace(self, attributes={**self.attributes, name: level})


@dataclass(frozen=True, slots=True)
class Segment:
    """One group of customers. A kind of item that is missing from `items` is unknown; an empty tuple says none."""

    name: str
    ppm: int
    """Its share of revenue in parts per million; the shares of a client sum to one million."""
    facts: Mapping[str, Value]
    """Stated facts by id: `segment.price_sensitivity`."""
    items: Mapping[str, tuple[Item, ...]]
    """Items by kind: `pain`, `gain`, `job`, `product`."""

    def __repr__(self) -> str:
        listed = sum(map(len, self.items.values()))
        return f"<Segment {self.name}: facts: {len(self.facts)}, items: {listed}>"


@dataclass(frozen=True, slots=True)
class Client:
    """One business. `facts` holds the stated business and offering facts by id, money in euros."""

    id: str
    currency: str
    rate: Decimal
    """Units of the client's currency per euro."""
    running: tuple[str, ...]
    facts: Mapping[str, Value]
    segments: tuple[Segment, ...]
    file: str = ""
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    """Money facts as stated, in the client's currency; those of a segment under `segment[name].fact`."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is stated but names."""
        parts = ((segment.facts, segment.items) for segment in self.segments)
        return not (self.facts or self.running or any(facts or items for facts, items in parts))

    def value(self, fact: str, segment: int = 0) -> Value | None:
        """The stated value of a fact as seen from one segment, or None when it is unknown."""
        return self.segments[segment].facts.get(fact) if fact.startswith("segment.") else self.facts.get(fact)

    def place(self, fact: str, segment: int = 0) -> str:
        """Where a fact is stated: `business.churn`, `segment[commuters].trust_level`."""
        scope, _, name = fact.partition(".")
        return f"segment[{self.segments[segment].name}].{name}" if scope == "segment" else fact

    def stated(self, fact: str, segment: int = 0) -> Value | None:
        """The stated value of a fact, an amount of money in the client's own currency where it is known in it."""
        amount = self.amounts.get(self.place(fact, segment))
        return self.value(fact, segment) if amount is None else float(amount)

    def with_fact(self, fact: str, value: Value | None, segment: int = 0) -> Client:
        """The same client with one fact set (or made unknown by None); segment facts in one segment."""
        if not fact.startswith("segment."):
            return replace(self, facts=_with(self.facts, fact, value))
        facts = _with(self.segments[segment].facts, fact, value)
        return self.with_segment(replace(self.segments[segment], facts=facts), segment)

    def with_segment(self, segment: Segment, index: int) -> Client:
        """The same client with one segment in place of another."""
        return replace(self, segments=(*self.segments[:index], segment, *self.segments[index + 1 :]))

    def segment_index(self, name: str) -> int:
        """The position of a segment by its name; raises KeyError."""
        for index, segment in enumerate(self.segments):
            if segment.name == name:
                return index
        raise KeyError(name)

    def __repr__(self) -> str:
        stated = len(self.facts) + sum(len(segment.facts) for segment in self.segments)
        return f"<Client {self.id}: segments: {len(self.segments)}, facts: {stated}>"


def _with(facts: Mapping[str, Value], fact: str, value: Value | None) -> dict[str, Value]:
    changed = {key: known for key, known in facts.items() if key != fact}
    if value is not None:
        changed[fact] = value
    return changed
