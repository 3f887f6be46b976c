"""An owner who answers from what is known already: for showing and testing how an interview goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tactician.interview import events as e
from tactician.interview.agenda import WHAT_MATTERS, Extent, Question, following, pending
from tactician.interview.answers import Answers, ItemSaid
from tactician.interview.desk import Desk
from tactician.interview.events import Event
from tactician.interview.happening import after
from tactician.interview.slots import Slot
from tactician.interview.standing import Standing


@dataclass(frozen=True)
class SimulatedOwner:
    """Answers every question with what `known` says, and does not know the rest."""

    desk: Desk
    known: Answers

    def answer(self, question: Question) -> Iterator[Event]:
        """What the owner does when asked."""
        first = question[0]
        if first.fact in _STEPS:
            yield from self._step(first.fact)
        elif first.is_list:
            yield from self._list(first)
        elif first.scope == "link":
            product, _, item = first.item.partition(">")
            yield e.LinkAnswered(first.segment, product, item, first.name, self._level(first))
        elif first.item:
            yield e.ItemAnswered(first.segment, first.item, first.name, self._level(first))
        else:
            yield e.Answered(first.fact, {slot.segment: self.known.stated(slot) for slot in question})

    def _step(self, step: str) -> Iterator[Event]:
        match step:
            case "name":
                yield e.Named(self.known.client)
            case "currency":
                yield e.Counted(self.known.currency)
            case "running":
                yield e.Ran(self.known.running or ())
            case "shares":
                yield e.Shared({segment.name: segment.share for segment in self.known.segments})
            case "segments":
                yield from (e.SegmentAdded(segment.name) for segment in self.known.segments)
                yield e.Done("segments")

    def _list(self, slot: Slot) -> Iterator[Event]:
        items = self.known.segment(slot.segment).items.get(slot.fact)
        if items is None:
            yield e.ListForgotten(slot.segment, slot.fact)
            return
        for item in items:
            yield from self._item(slot.segment, item)
        yield e.ListClosed(slot.segment, slot.fact)

    def _level(self, slot: Slot) -> str | None:
        value = self.known.stated(slot)
        return None if value is None else str(value)

    def _item(self, segment: str, item: ItemSaid) -> Iterator[Event]:
        yield e.ItemAdded(segment, item.kind, item.id, item.text)
        for name in sorted(self.desk.at_once(item.kind) & item.attributes.keys()):
            yield e.ItemAnswered(segment, item.id, name, item.attributes[name])
        known = {each.id for items in self.known.segment(segment).items.values() for each in items}
        links = [link for link in item.addresses or () if link.item in known]
        if links:
            yield e.Addressed(segment, item.id, tuple(link.item for link in links))
        for link in links:
            for name, level in link.attributes.items():
                yield e.LinkAnswered(segment, item.id, link.item, name, level)


_STEPS = frozenset(("name", "currency", "running", "shares", "segments"))


def interview(owner: SimulatedOwner, extent: Extent = WHAT_MATTERS) -> Iterator[tuple[Question, Standing]]:
    """Every question that is asked, until nothing is left to ask, each with where the interview stood before it."""
    standing = Standing(owner.desk, Answers())
    while question := pending(standing) or following(standing, extent):
        yield question, standing
        standing = Standing(owner.desk, after(standing.answers, *owner.answer(question)))
    yield (), standing
