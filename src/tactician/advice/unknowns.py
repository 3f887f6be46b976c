"""What nobody knows yet that could change the top three, and what was assumed in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tactician.advice.ranking import Ranked
from tactician.facts.client import Item, Segment
from tactician.facts.item_weights import weighing_attributes
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.consultation import Consultation
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.knowledge.conditions import Element, No, Some, leaves
from tactician.knowledge.rules import Block, Evidence, Rule

TOP = 3


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact nobody stated. `segment` is empty for business and offering facts.

    For items, `fact` is the kind where their list is not given (`pain`), else the attribute that is missing on
    some of them (`pain.severity`).
    """

    fact: str
    segment: str
    tactics: tuple[str, ...]
    """The tactics in or near the top three that wait for it."""
    weight: int
    """How much evidence for and against them waits for it, in 10⁻¹² point for items of full weight."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """An attribute that an item does not state and that therefore counts as its typical level."""

    segment: str
    kind: str
    item: str
    attribute: str
    level: Value | None


def unknowns(consultation: Consultation, tactics: Sequence[Ranked]) -> tuple[Unknown, ...]:
    """The unknown facts that could change which tactics are the top three, or their order; weightiest first.

    None are found when the ranking carries no bounds.
    """
    engine, states = _settled(consultation)
    waiting: dict[tuple[str, str], dict[str, int]] = {}
    for entry in _contested(engine, states, tactics):
        for state in states:
            for rule in _undecided(engine, state, entry):
                for fact in sorted(set(_missing(engine, state, rule.when))):
                    segment = state.segment.name if _is_of_segment(fact) else ""
                    weights = waiting.setdefault((fact, segment), {})
                    weights[entry.id] = weights.get(entry.id, 0) + _size(rule) * state.segment.ppm
    found = [
        Unknown(fact, segment, tuple(weights), sum(weights.values()))
        for (fact, segment), weights in waiting.items()
    ]
    return tuple(sorted(found, key=lambda unknown: (-unknown.weight, unknown.fact, unknown.segment)))


def rivals(consultation: Consultation, tactics: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The tactics outside the top three that the unknown facts could still bring there, as far as bounds tell.

    None are found when the ranking carries no bounds.
    """
    if any(entry.low is None for entry in tactics):
        return ()
    return tuple(_near(tactics, _certain(*_settled(consultation), tactics)))


def assumed(consultation: Consultation) -> tuple[Assumed, ...]:
    """Every attribute that weighs and was not stated, with the level it counts as."""
    return tuple(
        assumption
        for segment in consultation.client.segments
        for kind in ITEM_KINDS
        for item in segment.items.get(kind, ())
        for assumption in _assumptions(consultation, segment, item)
    )


def _assumptions(consultation: Consultation, segment: Segment, item: Item) -> Iterator[Assumed]:
    for attribute in weighing_attributes(item.kind, consultation.rulebase.parameters):
        name = attribute.partition(".")[2]
        if name not in item.attributes:
            typical = consultation.rulebase.vocabulary[attribute].typical
            yield Assumed(segment.name, item.kind, item.id, name, typical)


def _contested(engine: DirectEngine, states: Sequence[State], tactics: Sequence[Ranked]) -> list[Ranked]:
    """The tactics whose place in, or outside, the top three is not certain."""
    if any(entry.low is None for entry in tactics):
        return []
    certain = _certain(engine, states, tactics)
    top, near = tactics[:TOP], _near(tactics, certain)
    contested = set()
    for place, entry in enumerate(top):
        for other in (*top[place + 1 :], *near):
            if not _is_above(entry, other, certain):
                contested |= {entry.id, other.id}
    return [entry for entry in tactics if entry.id in contested]


def _settled(consultation: Consultation) -> tuple[DirectEngine, list[State]]:
    engine, client = engine_for(consultation.rulebase), consultation.client
    return engine, [engine.settle(client, index) for index in range(len(client.segments))]


def _certain(engine: DirectEngine, states: Sequence[State], tactics: Sequence[Ranked]) -> set[str]:
    return {entry.id for entry in tactics if _is_settled(engine, states, entry)}


def _near(tactics: Sequence[Ranked], certain: set[str]) -> list[Ranked]:
    """Those outside the top three that fewer than three are sure to stay above."""
    return [
        entry for entry in tactics[TOP:] if sum(_is_above(other, entry, certain) for other in tactics) < TOP
    ]


def _is_settled(engine: DirectEngine, states: Sequence[State], entry: Ranked) -> bool:
    """Whether neither its total nor its being blocked can change."""
    blocks_open = any(
        isinstance(rule.then, Block) for state in states for rule in _undecided(engine, state, entry)
    )
    return entry.low == entry.high and not blocks_open


def _is_above(entry: Ranked, other: Ranked, certain: set[str]) -> bool:
    """Whether it ranks above the other whatever the unknown facts turn out to be.

    A total above 0 at the least means that it is not blocked everywhere.
    """
    if entry.id in certain and other.id in certain:
        return entry.rank < other.rank
    assert entry.low is not None
    assert other.high is not None
    return entry.low > max(0, other.high)


def _undecided(engine: DirectEngine, state: State, entry: Ranked) -> Iterator[Rule]:
    for rule in engine.rulebase.by_target[entry.id]:
        if engine.truth(state, rule.id) is None:
            yield rule


def _missing(engine: DirectEngine, state: State, element: Element) -> Iterator[str]:
    """The raw facts, lists and attributes without a value that an element looks at, directly or further down."""
    for leaf in leaves(element):
        if isinstance(leaf, Some | No):
            yield from _missing_on_items(state, leaf)
        else:
            yield from missing_behind(engine, state, leaf.fact)


def missing_behind(engine: DirectEngine, state: State, fact: str) -> Iterator[str]:
    """The raw facts, lists and attributes without a value that keep a fact unknown; none where it is known."""
    if fact in state.values or (fact in ITEM_KINDS and fact in state.segment.items):
        return
    derived = engine.rulebase.derived_by_id.get(fact)
    if derived is None:
        yield fact
    elif derived.entries:
        for entry in derived.entries:
            if entry.when is not None:
                yield from _missing(engine, state, entry.when)
    else:
        for read in sorted(derived.reads):
            yield from missing_behind(engine, state, read)


def _missing_on_items(state: State, element: Some | No) -> Iterator[str]:
    items = state.segment.items.get(element.item)
    if items is None:
        yield element.item
        return
    for test in element.where:
        name = test.fact.partition(".")[2]
        if any(name not in item.attributes for item in items):
            yield test.fact


def _size(rule: Rule) -> int:
    return abs(rule.then.weight) * 1000 if isinstance(rule.then, Evidence) else 0


def _is_of_segment(fact: str) -> bool:
    return not fact.startswith(("business.", "offering."))
