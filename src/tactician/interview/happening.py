"""What each event changes in the answers. Nothing that was said is thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tactician.interview import events as e
from tactician.interview.answers import Answers, ItemSaid, LinkSaid, SegmentSaid
from tactician.interview.events import Event, Stated
from tactician.interview.slots import Slot, link_id

STEPS: Mapping[type[Event], str] = {
    e.Named: "name", e.Counted: "currency", e.Ran: "running", e.SegmentAdded: "segments", e.Shared: "shares",
}  # fmt: skip
"""Questions that fill no slot of a fact or a list."""


def after(answers: Answers, *events: Event) -> Answers:
    """The answers once some events have happened; raises KeyError when one is about what is not there."""
    for event in events:
        answers = _after(answers, event)
    return answers


def _after(answers: Answers, event: Event) -> Answers:
    changed = _APPLY[type(event)](answers, event)
    question = question_of(event)
    if question is None:
        return changed
    return replace(changed, trail=(*(each for each in changed.trail if each != question), question))


def question_of(event: Event) -> Slot | None:
    """The question that an event answers; None when it answers none of its own."""
    match event:
        case e.Answered(fact):
            return Slot(fact)
        case e.ListClosed(segment, kind) | e.ListForgotten(segment, kind) | e.ItemAdded(segment, kind):
            return Slot(kind, segment)
    step = STEPS.get(type(event))
    return Slot(step) if step else None


def _answered(state: Answers, event: e.Answered) -> Answers:
    for name, value in event.values.items():
        slot = Slot(event.fact, name)
        state = _known_or_not(state, slot, value is not None)
        if not name:
            state = replace(state, facts=_with(state.facts, event.fact, value))
        else:
            segment = state.segment(name)
            state = _changed(state, replace(segment, facts=_with(segment.facts, event.fact, value)))
    return state


def _known_or_not(state: Answers, slot: Slot, known: bool) -> Answers:
    return replace(state, skipped=state.skipped - {slot} if known else state.skipped | {slot})


def _with(values: Mapping[str, Stated], key: str, value: Stated | None) -> dict[str, Stated]:
    rest = {name: each for name, each in values.items() if name != key}
    return rest if value is None else {**rest, key: value}


def _changed(state: Answers, segment: SegmentSaid, name: str = "") -> Answers:
    """The state with one group changed; `name` is what it was called before."""
    name = name or segment.name
    state.segment(name)
    return replace(state, segments=tuple(segment if s.name == name else s for s in state.segments))


def _add_segment(state: Answers, event: e.SegmentAdded) -> Answers:
    if any(segment.name == event.name for segment in state.segments):
        return state
    back = [segment for segment in state.removed if segment.name == event.name]
    segment = back[0] if back else SegmentSaid(event.name)
    removed = tuple(segment for segment in state.removed if segment.name != event.name)
    return _unshared(replace(state, segments=(*state.segments, segment), removed=removed))


def _unshared(state: Answers) -> Answers:
    """The groups have changed, so that their shares have to be given anew."""
    segments = tuple(replace(segment, share=None) for segment in state.segments)
    return replace(state, segments=segments, done=state.done - {"shares"})


def _rename_segment(state: Answers, event: e.SegmentRenamed) -> Answers:
    renamed = _changed(state, replace(state.segment(event.name), name=event.new), event.name)

    def moved(slots: frozenset[Slot]) -> frozenset[Slot]:
        return frozenset(replace(s, segment=event.new) if s.segment == event.name else s for s in slots)

    return replace(renamed, skipped=moved(state.skipped), open_lists=moved(state.open_lists))


def _remove_segment(state: Answers, event: e.SegmentRemoved) -> Answers:
    rest = tuple(segment for segment in state.segments if segment.name != event.name)
    return _unshared(replace(state, segments=rest, removed=(*state.removed, state.segment(event.name))))


def _share(state: Answers, event: e.Shared) -> Answers:
    for name, share in event.shares.items():
        state = _changed(state, replace(state.segment(name), share=share))
    return replace(state, done=state.done | {"shares"})


def _close_list(state: Answers, event: e.ListClosed) -> Answers:
    segment, slot = state.segment(event.segment), Slot(event.kind, event.segment)
    items = {**segment.items, event.kind: segment.items.get(event.kind, ())}
    known = _known_or_not(_changed(state, replace(segment, items=items)), slot, True)
    return replace(known, open_lists=state.open_lists - {slot})


def _forget_list(state: Answers, event: e.ListForgotten) -> Answers:
    segment, slot = state.segment(event.segment), Slot(event.kind, event.segment)
    for item in segment.items.get(event.kind, ()):
        segment = _without_item(segment, item.id)
    items = {kind: each for kind, each in segment.items.items() if kind != event.kind}
    unknown = _known_or_not(_changed(state, replace(segment, items=items)), slot, False)
    return replace(unknown, open_lists=state.open_lists - {slot})


def _add_item(state: Answers, event: e.ItemAdded) -> Answers:
    segment, slot = state.segment(event.segment), Slot(event.kind, event.segment)
    added = (*segment.items.get(event.kind, ()), ItemSaid(event.kind, event.id, event.text))
    known = _known_or_not(
        _changed(state, replace(segment, items={**segment.items, event.kind: added})), slot, True
    )
    return replace(known, open_lists=state.open_lists | {slot})


def _remove_item(state: Answers, event: e.ItemRemoved) -> Answers:
    state = _changed(state, _without_item(state.segment(event.segment), event.id))
    return replace(
        state, skipped=frozenset(s for s in state.skipped if not _is_of(s, event.segment, event.id))
    )


def _is_of(slot: Slot, segment: str, item: str) -> bool:
    return slot.segment == segment and bool(slot.item) and item in slot.item.split(">")


def _links(item: ItemSaid, keep: Callable[[LinkSaid], bool]) -> tuple[LinkSaid, ...] | None:
    return None if item.addresses is None else tuple(link for link in item.addresses if keep(link))


def _without_item(segment: SegmentSaid, name: str) -> SegmentSaid:
    items = {
        kind: tuple(
            replace(item, addresses=_links(item, lambda link: link.item != name))
            for item in each
            if item.id != name
        )
        for kind, each in segment.items.items()
    }
    return replace(segment, items=items)


def _item(state: Answers, segment: str, name: str, change: Callable[[ItemSaid], ItemSaid]) -> Answers:
    group = state.segment(segment)
    group.item(name)
    items = {
        kind: tuple(change(item) if item.id == name else item for item in each)
        for kind, each in group.items.items()
    }
    return _changed(state, replace(group, items=items))


def _word_item(state: Answers, event: e.ItemWorded) -> Answers:
    return _item(state, event.segment, event.id, lambda item: replace(item, text=event.text))


def _answer_item(state: Answers, event: e.ItemAnswered) -> Answers:
    slot = Slot(
        f"{state.segment(event.segment).item(event.id).kind}.{event.attribute}", event.segment, event.id
    )
    known = _known_or_not(state, slot, event.value is not None)

    def change(item: ItemSaid) -> ItemSaid:
        return replace(item, attributes=_levels(item.attributes, event.attribute, event.value))

    return _item(known, event.segment, event.id, change)


def _levels(levels: Mapping[str, str], name: str, value: str | None) -> dict[str, str]:
    rest = {each: level for each, level in levels.items() if each != name}
    return rest if value is None else {**rest, name: value}


def _address(state: Answers, event: e.Addressed) -> Answers:
    def change(item: ItemSaid) -> ItemSaid:
        before = {link.item: link for link in item.addresses or ()}
        return replace(item, addresses=tuple(before.get(name, LinkSaid(name)) for name in event.items))

    return _item(state, event.segment, event.id, change)


def _answer_link(state: Answers, event: e.LinkAnswered) -> Answers:
    slot = Slot(f"link.{event.attribute}", event.segment, link_id(event.id, event.item))
    known = _known_or_not(state, slot, event.value is not None)

    def change(item: ItemSaid) -> ItemSaid:
        links = tuple(
            replace(link, attributes=_levels(link.attributes, event.attribute, event.value))
            if link.item == event.item
            else link
            for link in item.addresses or ()
        )
        return replace(item, addresses=links)

    return _item(known, event.segment, event.id, change)


_APPLY: Mapping[type[Event], Callable[[Answers, Any], Answers]] = {
    e.Named: lambda state, event: replace(state, client=event.name),
    e.Counted: lambda state, event: replace(state, currency=event.currency),
    e.Ran: lambda state, event: replace(state, running=event.tactics),
    e.Answered: _answered,
    e.SegmentAdded: _add_segment,
    e.SegmentRenamed: _rename_segment,
    e.SegmentRemoved: _remove_segment,
    e.Shared: _share,
    e.Done: lambda state, event: replace(state, done=state.done | {event.step}),
    e.WentOn: lambda state, event: replace(state, declined={**state.declined, event.certainty: event.asked}),
    e.ListClosed: _close_list,
    e.ListForgotten: _forget_list,
    e.ItemAdded: _add_item,
    e.ItemWorded: _word_item,
    e.ItemRemoved: _remove_item,
    e.ItemAnswered: _answer_item,
    e.Addressed: _address,
    e.LinkAnswered: _answer_link,
}
