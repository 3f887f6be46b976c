"""A trace as a page of blocks: a line for each cycle, or everything about each."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.inference.listening import Activation
from tactician.inference.tracing import Cycle, SegmentTrace, Trace
from tactician.presentation.page import Block, Bullets, Heading, Table, Text
from tactician.presentation.tracing.wording import (
    conclusion,
    matched,
    numbered,
    order_words,
    reason,
    short_reason,
    title,
)
from tactician.presentation.words import count, listed

SUMMARY = ("#", "Agenda", "Fires", "Matched by", "Concludes", "First by")
BRIEF = 12
"""Elements of working memory that the summary shows; larger ones are only counted."""


def trace_page(trace: Trace, agenda: int | None = None) -> Iterator[Block]:
    """The whole trace. With `agenda`, every cycle in full with so many lines of its conflict set; else a line."""
    client = trace.consultation.client
    yield Heading(f"Trace for {client.id}", 1)
    yield Text(order_words(trace.strategy), f"Strategy {trace.strategy}")
    for segment in trace.segments:
        yield Heading(f"Segment {segment.name}")
        cycles = trace.shown(segment)
        if trace.target:
            name = trace.consultation.rulebase.records[trace.target].name
            yield Text(f"{len(cycles)} of {len(segment.cycles)} cycles lead to {name}.")
        yield from _opening(segment, trace, agenda is not None)
        if agenda is None:
            yield Table(
                SUMMARY, tuple(_row(cycle, segment, trace) for cycle in cycles), frozenset({"#", "Agenda"})
            )
        else:
            for cycle in cycles:
                yield from _in_full(cycle, segment, trace, agenda)
        if segment.cycles:
            yield Text(f"After {count(len(segment.cycles), 'cycle')} the agenda is empty, and the run ends.")
        else:
            yield Text("No rule matches, so nothing fires.")


def _opening(segment: SegmentTrace, trace: Trace, in_full: bool) -> Iterator[Block]:
    """What working memory holds before the first cycle; with a target, what of it leads there."""
    stated = [element for element in segment.declared if element.kind != "initial"]
    if trace.target:
        used = {element.number for cycle in trace.shown(segment) for element in cycle.fires.elements}
        stated = [element for element in stated if element.number in used]
    label = "Of working memory at the start they use" if trace.target else "Working memory at the start"
    said = [numbered(element) for element in stated]
    if in_full:
        yield Bullets(tuple(said), label)
    elif trace.target or len(said) <= BRIEF:
        yield Text(f"{'; '.join(said) or 'nothing'}.", label)
    else:
        yield Text(f"{len(said)} elements; --full lists them.", label)


def _row(cycle: Cycle, segment: SegmentTrace, trace: Trace) -> tuple[str, ...]:
    fired = cycle.fires
    return (
        str(cycle.number),
        str(len(cycle.agenda)),
        title(fired),
        matched(fired),
        conclusion(fired, segment, trace),
        short_reason(cycle.agenda, trace.strategy),
    )


def _in_full(cycle: Cycle, segment: SegmentTrace, trace: Trace, most: int) -> Iterator[Block]:
    yield Heading(f"Cycle {cycle.number}: {title(cycle.fires)}", 3)
    yield Bullets(
        tuple(agenda_lines(cycle.agenda, trace.strategy, most)),
        f"Agenda, {count(len(cycle.agenda), 'activation')}",
    )
    yield Text(f"{listed([numbered(element) for element in cycle.fires.elements])}.", "Matched by", 2)
    yield Text(f"{conclusion(cycle.fires, segment, trace)}.", "Concludes", 2)
    for label, items in changes(cycle):
        yield Text(f"{'; '.join(items)}.", label, 2)


def changes(cycle: Cycle) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a firing changed in working memory and on the agenda; only what there is."""
    parts = (
        ("Enters working memory", tuple(numbered(element) for element in cycle.declared)),
        ("Enters the agenda", tuple(entry(activation) for activation in cycle.activated)),
        ("Leaves the agenda", tuple(entry(activation) for activation in cycle.deactivated)),
    )
    return (part for part in parts if part[1])


def entry(activation: Activation) -> str:
    """An activation as a line of an agenda."""
    return f"{title(activation)} ({matched(activation)})"


def agenda_lines(agenda: tuple[Activation, ...], strategy: str, most: int) -> Iterator[str]:
    """The conflict set in order: each line says why it comes before the next."""
    for place, activation in enumerate(agenda[:most]):
        following = agenda[place + 1 : place + 2]
        why = f"; before the next because {reason(activation, following[0], strategy)}" if following else ""
        yield f"{place + 1}. {entry(activation)}, salience {activation.salience}{why}"
    if len(agenda) > most:
        yield f"and {len(agenda) - most} more"
