"""Single answers moved to a neighbour, and the order of records after each such step, all reckoned at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tactician.advice.change_totals import ChangeTotals, Placed
from tactician.advice.ranking import Ranked
from tactician.facts.client import Client
from tactician.facts.steps import steps
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec, Value, Vocabulary
from tactician.inference.consultation import Consultation
from tactician.inference.variant_memory import ItemList


@dataclass(frozen=True, slots=True)
class Step:
    """One answer moved to a neighbour: a level or band beside it, or any other value where there is no order."""

    fact: str
    """`pain.severity` for an attribute of an item."""
    segment: str
    """Empty for business and offering facts."""
    item: str
    """The id of the item whose attribute it is; else empty."""
    before: Value
    after: Value


def fact_steps(client: Client, vocabulary: Vocabulary) -> Iterator[Step]:
    """Every step from a stated fact, those of one fact together."""
    stated = [("", client.facts), *((segment.name, segment.facts) for segment in client.segments)]
    for segment, facts in stated:
        for fact, value in facts.items():
            for other in neighbours(vocabulary[fact], value):
                yield Step(fact, segment, "", value, other)


def item_steps(client: Client, vocabulary: Vocabulary) -> Iterator[Step]:
    """Every step from a stated attribute of an item."""
    for segment in client.segments:
        for item in (item for kind in ITEM_KINDS for item in segment.items.get(kind, ())):
            for spec in vocabulary.of_scope(item.kind):
                level = item.attributes.get(spec.name)
                for other in () if level is None else neighbours(spec, level):
                    yield Step(spec.id, segment.name, item.id, level or "", other)


def neighbours(spec: FactSpec, value: Value) -> tuple[Value, ...]:
    """The values one step from an answer, the one below first; all others where there is no order."""
    if spec.is_ordered:
        return steps(spec, value)
    return tuple(other for other in spec.values if other != value)


def orders_after(
    consultation: Consultation, group: Sequence[Ranked], taken: Sequence[Step]
) -> Iterator[list[str]]:
    """The ids of all records of a group in rank order, after each of some steps."""
    client, vocabulary = consultation.client, consultation.rulebase.vocabulary
    changes = [_placed(client, step, vocabulary[step.fact]) for step in taken]
    reckoned = ChangeTotals(client, consultation.rulebase, changes, [entry.id for entry in group])
    totals, blocked = reckoned.after([(number,) for number in range(len(taken))])
    ties = [entry.record.tie_order for entry in group]
    for number in range(len(taken)):
        keys = {
            entry.id: (bool(marks and marks[number]), -column[number], tie)
            for entry, column, marks, tie in zip(group, totals, blocked, ties, strict=True)
        }
        yield sorted(keys, key=keys.__getitem__)


def _placed(client: Client, step: Step, spec: FactSpec) -> Placed:
    place = client.segment_index(step.segment) if step.segment else None
    if place is None or not step.item:
        return step.fact, step.after, place
    items = client.segments[place].items[spec.scope]
    moved = (
        item.with_attribute(spec.name, str(step.after)) if item.id == step.item else item for item in items
    )
    return spec.scope, ItemList(tuple(moved)), place
