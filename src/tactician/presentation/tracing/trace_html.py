"""A trace as one self-contained page: readable without its script, which adds a slider over the cycles."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tactician.inference.listening import Activation, MemoryElement
from tactician.inference.tracing import Cycle, SegmentTrace, Trace
from tactician.presentation.terminal import clean
from tactician.presentation.tracing.diagrams import svg
from tactician.presentation.tracing.wording import (
    conclusion,
    element_words,
    matched,
    order_words,
    reason,
    title,
)
from tactician.presentation.words import count


@dataclass(frozen=True, slots=True)
class Spell:
    """An activation and the cycles that find it on the agenda; `fires` says whether it left by firing."""

    activation: Activation
    first: int
    last: int
    fires: bool


@dataclass(frozen=True, slots=True)
class SegmentView:
    """What the page shows of one segment."""

    segment: SegmentTrace
    cycles: tuple[Cycle, ...]
    spells: tuple[Spell, ...]
    numbers: frozenset[int]
    """The elements of working memory that are shown."""
    drawing: Markup
    left_out: int


def page(trace: Trace) -> str:
    """The page; the same bytes for the same trace."""
    environment = _environment()
    script = _source(environment, "trace.js")
    return environment.get_template("trace.html.j2").render(
        trace=trace,
        client=trace.consultation.client,
        rulebase=trace.consultation.rulebase,
        views=[_view(segment, trace) for segment in trace.segments],
        style=Markup(_source(environment, "trace.css")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _view(segment: SegmentTrace, trace: Trace) -> SegmentView:
    cycles = trace.shown(segment)
    spells = tuple(_spells(segment))
    numbers = frozenset(element.number for element in segment.elements)
    if trace.target is not None:
        fired = {cycle.fires.key for cycle in cycles}
        spells = tuple(spell for spell in spells if spell.activation.key in fired)
        numbers = frozenset(element.number for cycle in cycles for element in _touched(cycle))
    drawing, left_out = svg(segment, trace)
    return SegmentView(segment, cycles, spells, numbers, Markup(drawing), left_out)


def _touched(cycle: Cycle) -> Iterable[MemoryElement]:
    return (*cycle.fires.elements, *cycle.declared)


def _spells(segment: SegmentTrace) -> Iterator[Spell]:
    """Every activation in agenda order: that order never changes, so each keeps its place in the list."""
    first = {activation.key: 1 for activation in segment.activated}
    first |= {each.key: cycle.number + 1 for cycle in segment.cycles for each in cycle.activated}
    cancelled = {each.key: cycle.number for cycle in segment.cycles for each in cycle.deactivated}
    fired = {cycle.fires.key: cycle.number for cycle in segment.cycles}
    every = [*segment.activated, *(each for cycle in segment.cycles for each in cycle.activated)]
    for activation in sorted(every, key=lambda each: each.key, reverse=True):
        key = activation.key
        last = fired.get(key, cancelled.get(key, 0))
        if last >= first[key]:
            yield Spell(activation, first[key], last, key in fired)


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tactician.presentation.tracing"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: clean(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "conclusion": conclusion,
        "count": count,
        "element_words": element_words,
        "matched": matched,
        "order_words": order_words,
        "reason": reason,
        "title": title,
    }
    return environment
