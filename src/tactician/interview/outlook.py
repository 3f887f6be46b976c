"""How open questions could turn out: the top three in many completions, and what each question could move."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest

from tactician.facts.client import Client
from tactician.inference.variant_memory import Columns, ItemList
from tactician.inference.wide import Lanes, members
from tactician.interview.completions import Completions
from tactician.interview.desk import Desk
from tactician.interview.lane_totals import Totals
from tactician.interview.slots import Slot

TOP = 3


@dataclass(frozen=True)
class Outlook:
    """The completions of a client by who is in the top three."""

    count: int
    segments: tuple[str, ...]
    draws: Sequence[Columns]
    """One for each segment."""
    chosen: Mapping[str, Lanes]
    """By tactic: the completions in which it is one of the top three."""

    def unchanged(self, top: Iterable[str]) -> int:
        """In how many completions these tactics are the top three, in whatever order."""
        lanes = (1 << self.count) - 1
        for tactic in top:
            lanes &= self.chosen[tactic]
        return lanes.bit_count()

    def worth(self, desk: Desk, slots: Iterable[Slot]) -> float:
        """How far the answer to a question narrows who is in the top three: 0 when it says nothing about it."""
        return sum(self._narrowing(self._by_answer(desk, slot)) for slot in slots)

    @cached_property
    def _contested(self) -> list[tuple[Lanes, int]]:
        """Of the tactics that are in the top three in some completions only: in which, and how many."""
        counts = [(lanes, lanes.bit_count()) for lanes in self.chosen.values()]
        return [(lanes, chosen) for lanes, chosen in counts if 0 < chosen < self.count]

    def _by_answer(self, desk: Desk, slot: Slot) -> list[Lanes]:
        """The completions by the answer that they give."""
        draw = self.draws[self.segments.index(slot.segment) if slot.segment else 0]
        if slot.item:
            return _by_attribute(draw, slot)
        if not slot.is_list:
            return list(draw.get(slot.fact, {}).values())
        return desk.many.alike(slot.fact, draw[slot.fact])

    def _narrowing(self, groups: list[Lanes]) -> float:
        """By how much the variance of being chosen shrinks inside groups of completions, over all tactics.

        Groups made by chance would take away one part in so many for each group but the first; that is taken off.
        """
        if not groups:
            return 0.0
        sizes = [lanes.bit_count() for lanes in groups]
        open_now = narrowed = 0.0
        for lanes, chosen in self._contested:
            open_now += chosen * (self.count - chosen) / self.count
            for group, size in zip(groups, sizes, strict=True):
                inside = (lanes & group).bit_count()
                narrowed += inside * (size - inside) / size
        by_chance = open_now * (len(groups) - 1) / (self.count - 1)
        return (open_now - narrowed - by_chance) / self.count


def _by_attribute(draw: Columns, slot: Slot) -> list[Lanes]:
    """The completions by what is drawn for an attribute of an item."""
    found: dict[str, Lanes] = {}
    for listed, lanes in draw.get(slot.scope, {}).items():
        assert isinstance(listed, ItemList)
        for item in listed.items:
            if item.id == slot.item and slot.name in item.attributes:
                level = item.attributes[slot.name]
                found[level] = found.get(level, 0) | lanes
    return list(found.values())


def look_ahead(desk: Desk, completions: Completions, client: Client, slots: Collection[Slot]) -> Outlook:
    """The outlook of a client over these open slots."""
    draws = completions.draws(client, slots)
    totals = desk.many.totals(client, draws)
    names = tuple(segment.name for segment in client.segments)
    return Outlook(completions.count, names, draws, _chosen(desk, totals))


def _chosen(desk: Desk, totals: Totals) -> dict[str, Lanes]:
    """Who is in the top three, by the total and then by the order that decides between equals."""
    ids = [record.id for record in desk.tactics]
    columns = [_keys(totals, tactic, len(ids) - place, len(ids) + 1) for place, tactic in enumerate(ids)]
    chosen = [0] * len(ids)
    for lane, keys in enumerate(zip(*columns, strict=True)):
        for place in nlargest(TOP, range(len(ids)), key=keys.__getitem__):
            chosen[place] |= 1 << lane
    return dict(zip(ids, chosen, strict=True))


def _keys(totals: Totals, tactic: str, precedence: int, scale: int) -> list[int]:
    """What a tactic is ranked by in each completion: the greatest first, blocked ones below all others."""
    keys = [total * scale + precedence for total in totals.columns[tactic]]
    for lane in members(totals.blocked[tactic]):
        keys[lane] -= 1 << 80
    return keys
