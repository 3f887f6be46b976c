"""Plausible answers to open questions: the same draws in every run, and from one question to the next.

Every answer counts once and the typical one twice. The lists of a segment are drawn together, so that products
answer pains, gains and jobs that are there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from tactician.facts.client import Client, Item, Link, Segment
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec, Value
from tactician.inference.variant_memory import Column, Columns, ItemList
from tactician.inference.wide import lanes_by
from tactician.interview.slots import LINK, Slot, link_id
from tactician.knowledge.rules import Rulebase

SEED = 2025
TYPICAL_COUNTS = 2
PORTRAITS = 40
"""How many sets of lists are drawn for one segment; completions take turns with them."""
LENGTHS = {"pain": (1, 2, 3), "gain": (1, 2, 3), "job": (1, 2, 3), "product": (1, 2)}
"""How many items of a kind are drawn."""
ADDRESSED = (1, 2, 3)
"""How many things a product that is drawn answers."""

Items = tuple[Item, ...]
Portrait = dict[str, Items]


def plausible(spec: FactSpec) -> tuple[tuple[Value, ...], tuple[int, ...]]:
    """The answers to a question, and how often each is drawn."""
    ends = (spec.minimum or 0.0, spec.maximum if spec.maximum is not None else 100.0)
    choices = tuple(map(float, spec.choices or ends)) if spec.is_number else spec.choices
    typical = spec.typical
    if isinstance(typical, float):
        typical = min(choices, key=partial(_distance, typical))
    return choices, tuple(TYPICAL_COUNTS if choice == typical else 1 for choice in choices)


def _distance(number: float, choice: Value) -> float:
    return abs(float(choice) - number)


class Completions:
    """Draws for one rulebase; keeps what was drawn, for the next question."""

    def __init__(self, rulebase: Rulebase, count: int, seed: int = SEED) -> None:
        self.rulebase = rulebase
        self.count = count
        self.seed = seed
        self._facts: dict[Slot, Column] = {}
        self._lists: dict[str, tuple[object, dict[str, Column]]] = {}

    def draws(self, client: Client, open_slots: Collection[Slot]) -> list[Columns]:
        """What is drawn for each segment; business and offering facts are the same in all of them."""
        facts = {slot: self.values(slot) for slot in sorted(open_slots) if not slot.item and slot.name}
        return [
            {slot.fact: drawn for slot, drawn in facts.items() if slot.segment in ("", segment.name)}
            | self._drawn_lists(segment, frozenset(s for s in open_slots if s.segment == segment.name))
            for segment in client.segments
        ]

    def values(self, slot: Slot) -> Column:
        """The completions of each value that is drawn for an open fact."""
        if slot not in self._facts:
            values, weights = plausible(self.rulebase.vocabulary[slot.fact])
            dice = self._dice(slot.fact, slot.segment)
            self._facts[slot] = lanes_by(dice.choices(values, weights, k=self.count))
        return self._facts[slot]

    def _dice(self, *names: str) -> Random:
        return Random("/".join((str(self.seed), *names)))

    def _drawn_lists(self, segment: Segment, slots: frozenset[Slot]) -> dict[str, Column]:
        kinds = [kind for kind in ITEM_KINDS if any(_touches(slot, kind) for slot in slots)]
        if not kinds:
            return {}
        key = frozenset(slot for slot in slots if slot.scope != "segment"), repr(segment.items)
        kept, lists = self._lists.get(segment.name, (None, {}))
        if kept != key:
            portraits = self._draw_portraits(segment, slots)
            turns = lanes_by([lane % len(portraits) for lane in range(self.count)])
            lists = {
                kind: {ItemList(portraits[turn][kind]): lanes for turn, lanes in turns.items()}
                for kind in kinds
            }
            self._lists[segment.name] = key, lists
        return lists

    def _draw_portraits(self, segment: Segment, slots: frozenset[Slot]) -> list[Portrait]:
        """The lists of a segment, open ones drawn and open attributes filled; a list that is skipped stays away."""
        portraits: list[Portrait] = [{} for _ in range(min(PORTRAITS, self.count))]
        for kind in ITEM_KINDS:
            dice = self._dice(kind, segment.name)
            for portrait in portraits:
                given = segment.items.get(kind)
                if Slot(kind, segment.name) in slots:
                    portrait[kind] = self._new_items(kind, portrait, dice)
                elif given is not None:
                    portrait[kind] = tuple(self._filled(item, segment.name, slots, dice) for item in given)
        return portraits

    def _new_items(self, kind: str, portrait: Portrait, dice: Random) -> Items:
        names = [item.id for items in portrait.values() for item in items]
        items = []
        for number in range(dice.choice(LENGTHS[kind])):
            attributes = {
                spec.name: self._one(spec, dice) for spec in self.rulebase.vocabulary.of_scope(kind)
            }
            chosen = dice.sample(names, min(len(names), dice.choice(ADDRESSED))) if kind == "product" else []
            links = tuple(self._filled_link(Link(name), dice) for name in chosen)
            items.append(Item(kind, f"{kind} {number}", "", attributes, links))
        return tuple(items)

    def _filled(self, item: Item, segment: str, slots: frozenset[Slot], dice: Random) -> Item:
        drawn = {
            spec.name: self._one(spec, dice)
            for spec in self.rulebase.vocabulary.of_scope(item.kind)
            if Slot(spec.id, segment, item.id) in slots
        }
        links = []
        for link in item.addresses:
            names = [
                name for name in LINK if Slot(f"link.{name}", segment, link_id(item.id, link.item)) in slots
            ]
            links.append(self._filled_link(link, dice, names))
        return replace(item, attributes={**item.attributes, **drawn}, addresses=tuple(links))

    def _filled_link(self, link: Link, dice: Random, names: Sequence[str] = LINK) -> Link:
        vocabulary = self.rulebase.vocabulary
        return replace(link, **{name: self._one(vocabulary[f"link.{name}"], dice) for name in names})

    def _one(self, spec: FactSpec, dice: Random) -> str:
        values, weights = plausible(spec)
        return str(dice.choices(values, weights)[0])


def _touches(slot: Slot, kind: str) -> bool:
    """Whether filling a slot changes the list of a kind."""
    return slot.scope == kind or (slot.scope == "link" and kind == "product")
