"""Whom and what a tactic serves: segments, and the pains, gains and jobs in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tactician.advice.ranking import Ranked
from tactician.facts.client import Client, Item, Segment
from tactician.facts.vocabulary import ANSWERED_KINDS, LIST_OF


@dataclass(frozen=True, slots=True)
class Served:
    """An item that a tactic answers; `how` is the record's own account, empty where a rule alone says so."""

    segment: str
    item: Item
    how: str


def serves(client: Client, ranked: Ranked) -> tuple[Served, ...]:
    """The items that the record says it addresses, or that are among the reasons for it, segment by segment.

    A segment in which the record is blocked is not served.
    """
    open_segments = {segment.name for segment in ranked.segments if not segment.blocked}
    return tuple(
        served
        for segment in client.segments
        if segment.name in open_segments
        for served in _in_segment(segment, ranked)
    )


def _in_segment(segment: Segment, ranked: Ranked) -> Iterator[Served]:
    witnessed = {
        (witness.fact, witness.value)
        for piece in ranked.evidence
        if piece.segment == segment.name and piece.weight > 0
        for witness in piece.witnesses
    }
    for kind in ANSWERED_KINDS:
        for item in segment.items.get(kind, ()):
            how = _account(ranked.record.details, item)
            if how or (kind, item.id) in witnessed:
                yield Served(segment.name, item, how)


def _account(details: Mapping[str, object], item: Item) -> str:
    """How the record addresses an item: the first of its entries whose attributes the item has all of."""
    addresses = details.get("addresses")
    entries = addresses.get(LIST_OF[item.kind], ()) if isinstance(addresses, Mapping) else ()
    for entry in entries if isinstance(entries, Sequence) else ():
        wanted = {name: level for name, level in entry.items() if name != "how"}
        if all(item.attributes.get(name) == level for name, level in wanted.items()):
            return str(entry.get("how", ""))
    return ""
