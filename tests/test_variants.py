"""Thousands of variants at once come to what the direct engine gives each by itself."""

from __future__ import annotations

import operator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from completions import telling_values, with_items
from generated_clients import drawn_client
from strategies import cases
from tactician.facts.client import Client, Item
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, Value
from tactician.inference.direct import engine_for
from tactician.inference.variant_memory import ItemList, Known, Memory
from tactician.inference.variants import Variants, columns_of
from tactician.inference.wide import Wide
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

Change = tuple[tuple[str, Known], ...]
"""Facts with the values, and kinds with the items, that they have in one variant."""


def assert_same(client: Client, rulebase: Rulebase, index: int, changes: list[Change]) -> None:
    engine = engine_for(rulebase)
    given = list(dict.fromkeys(stated for change in changes for stated in change))
    variants = [[given.index(stated) for stated in change] for change in changes]
    view = Variants(Memory(engine), client, index)
    found = view.outcomes(columns_of(given, variants), Wide(len(variants)), rulebase.records)
    for lane, change in enumerate(changes):
        changed = client
        for fact, value in change:
            if isinstance(value, ItemList):
                segment = with_items(changed.segments[index], fact, value.items)
                changed = changed.with_segment(segment, index)
            else:
                changed = changed.with_fact(fact, value, index)
        for record, score in engine.scores(engine.settle(changed, index)).items():
            expected = min(0, score.total) if score.blocked else score.total
            assert found[record].counts[lane] == expected, (record, change)
            assert bool(found[record].blocked >> lane & 1) == score.blocked


def drawn_variants(client: Client, rulebase: Rulebase, dice: Random, count: int) -> list[Change]:
    specs = [spec for spec in rulebase.vocabulary.facts.values() if spec.scope in FACT_SCOPES]
    values: dict[str, tuple[Value, ...]] = {spec.id: telling_values(rulebase, spec) for spec in specs}
    chosen = [dice.sample(specs, dice.randint(0, min(3, len(specs)))) for _ in range(count)]
    return [tuple((spec.id, dice.choice(values[spec.id])) for spec in specs) for specs in chosen]


def drawn_lists(client: Client, rulebase: Rulebase, index: int, dice: Random, count: int) -> list[Change]:
    """Variants of the items of one or two kinds: in any order, some attributes different."""
    kinds = {
        kind: client.segments[index].items.get(kind) or client.segments[0].items.get(kind, ())
        for kind in ITEM_KINDS
        if kind != "product"
    }

    def item(given: Item) -> Item:
        for spec in rulebase.vocabulary.of_scope(given.kind):
            if dice.random() < 0.4:
                given = given.with_attribute(spec.name, dice.choice(spec.levels))
        return given

    lists = {
        kind: [ItemList(tuple(map(item, dice.sample(items, len(items))))) for _ in range(4)]
        for kind, items in kinds.items()
    }
    return [
        tuple((kind, dice.choice(lists[kind])) for kind in dice.sample(list(kinds), dice.randint(1, 2)))
        for _ in range(count)
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.integers(0, 10**6))
def test_on_generated_rulebases(case: tuple[Client, Rulebase], seed: int) -> None:
    client, rulebase = case
    dice = Random(seed)
    changes = drawn_variants(client, rulebase, dice, 20)
    lists = drawn_lists(client, rulebase, 0, dice, 20)
    assert_same(client, rulebase, 0, changes)
    assert_same(client, rulebase, 0, [*lists, *map(operator.add, changes, lists)])


@pytest.mark.parametrize("number", range(4))
def test_on_the_shipped_rules(number: int) -> None:
    rulebase = load_rulebase()
    client = drawn_client(rulebase, number)
    for index in range(len(client.segments)):
        dice = Random(number)
        changes = drawn_variants(client, rulebase, dice, 60)
        lists = drawn_lists(client, rulebase, index, dice, 60)
        assert_same(client, rulebase, index, [*changes, *lists, *map(operator.add, changes, lists)])
