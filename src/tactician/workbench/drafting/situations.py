"""A situation: the few facts and items of one segment that a drafted case states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tactician.facts.client import MILLION, Item, Segment
from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import Element
from tactician.knowledge.rules import Rulebase
from tactician.workbench.case_facts import EVERYONE
from tactician.workbench.second_opinion import View

Goal = tuple[Element, bool]
"""A condition and what it should be."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Stated facts by id, and items by kind; a kind that is missing is unknown."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    items: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)

    def view(self, rulebase: Rulebase) -> View:
        """What follows from it."""
        return View(rulebase, self.facts, Segment(EVERYONE, MILLION, {}, self.items))

    def meets(self, goals: tuple[Goal, ...], rulebase: Rulebase) -> bool:
        """Whether every condition is what it should be."""
        view = self.view(rulebase)
        return all(view.truth(element) is wanted for element, wanted in goals)

    def having(self, fact: str, value: Value) -> Situation:
        """The same with one fact set."""
        return replace(self, facts={**self.facts, fact: value})

    def lacking(self, name: str) -> Situation:
        """The same without a fact, or without the list of a kind of item and without what addresses it."""
        left = {kind: items for kind, items in self.items.items() if kind != name}
        return Situation({fact: value for fact, value in self.facts.items() if fact != name}, _unlinked(left))

    def listing(self, kind: str, items: tuple[Item, ...]) -> Situation:
        """The same with another list of items."""
        return replace(self, items={**self.items, kind: items})

    @property
    def parts(self) -> tuple[str, ...]:
        """The facts and the kinds of items that it states."""
        return (*self.facts, *self.items)

    @property
    def key(self) -> object:
        """The same for situations that state the same."""
        facts = tuple(sorted(self.facts.items()))
        items = tuple(sorted((kind, tuple(map(_item_key, items))) for kind, items in self.items.items()))
        return facts, items


def _unlinked(lists: Mapping[str, tuple[Item, ...]]) -> dict[str, tuple[Item, ...]]:
    """The lists without links to items that are not in them."""
    known = {item.id for items in lists.values() for item in items}
    return {
        kind: tuple(
            replace(item, addresses=tuple(link for link in item.addresses if link.item in known))
            for item in items
        )
        for kind, items in lists.items()
    }


def _item_key(item: Item) -> object:
    return tuple(sorted(item.attributes.items())), item.addresses


def smallest(situation: Situation, goals: tuple[Goal, ...], rulebase: Rulebase) -> Situation:
    """What is left when everything is dropped without which the goals are still met."""
    for part in situation.parts:
        less = situation.lacking(part)
        if less.meets(goals, rulebase):
            situation = less
    for kind, items in situation.items.items():
        situation = _fewest(situation, kind, items, goals, rulebase)
    return situation


def _fewest(
    situation: Situation, kind: str, items: tuple[Item, ...], goals: tuple[Goal, ...], rulebase: Rulebase
) -> Situation:
    for item in items:
        now = situation.items[kind]
        less = situation.listing(kind, tuple(other for other in now if other.id != item.id))
        if not _addressed(item, situation) and less.meets(goals, rulebase):
            situation = less
            continue
        for attribute in item.attributes:
            plain = _without(situation.items[kind], item.id, attribute)
            if situation.listing(kind, plain).meets(goals, rulebase):
                situation = situation.listing(kind, plain)
    return situation


def _addressed(item: Item, situation: Situation) -> bool:
    return any(
        link.item == item.id for product in situation.items.get("product", ()) for link in product.addresses
    )


def _without(items: tuple[Item, ...], name: str, attribute: str) -> tuple[Item, ...]:
    return tuple(
        replace(item, attributes={key: level for key, level in item.attributes.items() if key != attribute})
        if item.id == name
        else item
        for item in items
    )
