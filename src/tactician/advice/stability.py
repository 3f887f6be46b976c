"""How firmly the first records of a ranking stand: which single answers, one step away, would drop them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tactician.advice.advise import Advice
from tactician.advice.ranking import Ranked
from tactician.facts.client import Client, Item
from tactician.facts.steps import steps
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, FactSpec, Value
from tactician.inference.direct import DirectEngine, Score, engine_for


@dataclass(frozen=True, slots=True)
class Step:
    """One answer moved to a neighbour: a level or band beside it, or any other value where there is no order."""

    fact: str
    """`pain.severity` for an attribute of an item."""
    segment: str
    """Empty for business and offering facts."""
    item: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record of the top stands."""

    entry: Ranked
    tried: int
    """How many single steps there are."""
    drops: tuple[tuple[Step, int], ...]
    """The steps that take it out of the top, each with its rank then."""

    @property
    def survived(self) -> float:
        """The share of steps after which it is still in the top; 1 where there is no step."""
        return 1 - len(self.drops) / self.tried if self.tried else 1.0


def stability(advice: Advice, top: int) -> tuple[Standing, ...]:
    """The standing of the first `top` tactics under every single step of an answer."""
    client = advice.consultation.client
    engine = engine_for(advice.consultation.rulebase)
    scores = [engine.scores(engine.settle(client, number)) for number in range(len(client.segments))]
    first = advice.tactics[:top]
    drops: dict[str, list[tuple[Step, int]]] = {entry.id: [] for entry in first}
    steps = list(_steps(engine, client))
    for step, changed, touched in steps:
        after = [
            engine.scores(engine.settle(changed, number)) if touched in (None, number) else kept
            for number, kept in enumerate(scores)
        ]
        places = ranks(advice.tactics, changed, after)
        for entry in first:
            if places[entry.id] > top:
                drops[entry.id].append((step, places[entry.id]))
    return tuple(Standing(entry, len(steps), tuple(drops[entry.id])) for entry in first)


def ranks(group: Sequence[Ranked], client: Client, scores: Sequence[dict[str, Score]]) -> dict[str, int]:
    """The rank of every record of a group, given the scores of each segment."""
    totals, blocked = {}, {}
    for entry in group:
        found = [each[entry.id] for each in scores]
        blocked[entry.id] = all(score.blocked for score in found)
        totals[entry.id] = sum(
            segment.ppm * (min(0, score.total) if score.blocked else score.total)
            for segment, score in zip(client.segments, found, strict=True)
        )
    ordered = sorted(group, key=lambda e: (blocked[e.id], -totals[e.id], e.record.tie_order))
    return {entry.id: place for place, entry in enumerate(ordered, start=1)}


def neighbours(spec: FactSpec, value: Value) -> tuple[Value, ...]:
    """The values one step from an answer; all others where there is no order."""
    if spec.is_number or spec.type == "ordinal":
        return steps(spec, value)
    return tuple(other for other in spec.values if other != value)


def _steps(engine: DirectEngine, client: Client) -> Iterator[tuple[Step, Client, int | None]]:
    """Every single step with the client after it, and the one segment it touches, if it is one."""
    vocabulary = engine.rulebase.vocabulary
    for spec in vocabulary.facts.values():
        if spec.scope not in FACT_SCOPES:
            continue
        own = spec.scope == "segment"
        for number, segment in enumerate(client.segments if own else client.segments[:1]):
            before = client.value(spec.id, number)
            if before is None:
                continue
            name = segment.name if own else ""
            for value in neighbours(spec, before):
                changed = client.with_fact(spec.id, value, number)
                yield Step(spec.id, name, "", before, value), changed, number if own else None
    for number, segment in enumerate(client.segments):
        for kind in ITEM_KINDS:
            for item in segment.items.get(kind, ()):
                for spec in vocabulary.of_scope(kind):
                    level = item.attributes.get(spec.name)
                    for value in () if level is None else neighbours(spec, level):
                        changed = _with_attribute(client, number, item, spec.name, str(value))
                        yield Step(spec.id, segment.name, item.id, level or "", value), changed, number


def _with_attribute(client: Client, number: int, item: Item, name: str, level: str) -> Client:
    segment = client.segments[number]
    made = replace(item, attributes={**item.attributes, name: level})
    items = tuple(made if each.id == item.id else each for each in segment.items[item.kind])
    changed = replace(segment, items={**segment.items, item.kind: items})
    return replace(client, segments=(*client.segments[:number], changed, *client.segments[number + 1 :]))
