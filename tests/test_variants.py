"""Thousands of variants at once come to what the direct engine gives each by itself."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from completions import telling_values
from generated_clients import drawn_client
from strategies import cases
from tactician.facts.client import Client
from tactician.facts.vocabulary import FACT_SCOPES, Value
from tactician.inference.direct import engine_for
from tactician.inference.variants import Variants
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

Change = tuple[tuple[str, Value], ...]
"""Facts with the values that they have in one variant."""


def assert_same(client: Client, rulebase: Rulebase, index: int, changes: list[Change]) -> None:
    engine = engine_for(rulebase)
    given = list(dict.fromkeys(stated for change in changes for stated in change))
    variants = [[given.index(stated) for stated in change] for change in changes]
    found = Variants(engine, client, index).outcomes(given, variants, rulebase.records)
    for lane, change in enumerate(changes):
        changed = client
        for fact, value in change:
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


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.integers(0, 10**6))
def test_on_generated_rulebases(case: tuple[Client, Rulebase], seed: int) -> None:
    client, rulebase = case
    assert_same(client, rulebase, 0, drawn_variants(client, rulebase, Random(seed), 20))


@pytest.mark.parametrize("number", range(4))
def test_on_the_shipped_rules(number: int) -> None:
    rulebase = load_rulebase()
    client = drawn_client(rulebase, number)
    for index in range(len(client.segments)):
        assert_same(client, rulebase, index, drawn_variants(client, rulebase, Random(number), 60))
