"""Many completions at once have the totals that the direct engine gives for each by itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from completions import with_items
from generated_clients import drawn_client
from strategies import cases
from tactician.facts.client import Client
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS
from tactician.inference.direct import engine_for
from tactician.inference.variant_memory import Columns, ItemList
from tactician.inference.wide import Wide, lanes_by, members, union
from tactician.interview.completions import Completions
from tactician.interview.lane_totals import LaneTotals
from tactician.interview.slots import Slot, empty_in_segment
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import GROUPS, Evidence, Rulebase

Case = tuple[Client, Rulebase]
LANES = 24


def all_open(client: Client, rulebase: Rulebase) -> set[Slot]:
    """Everything that a client leaves open."""
    specs = [spec for scope in FACT_SCOPES[:2] for spec in rulebase.vocabulary.of_scope(scope)]
    slots = {Slot(spec.id) for spec in specs if spec.id not in client.facts}
    for segment in client.segments:
        slots |= set(empty_in_segment(segment, rulebase.vocabulary))
    return slots


def completed(client: Client, draws: list[Columns], lane: int) -> Client:
    """The client of one completion."""
    for number, draw in enumerate(draws):
        for name, column in draw.items():
            for value in (value for value, lanes in column.items() if lanes >> lane & 1):
                if isinstance(value, ItemList):
                    segment = with_items(client.segments[number], name, value.items)
                    client = client.with_segment(segment, number)
                else:
                    client = client.with_fact(name, value, number)
    return client


def check(client: Client, rulebase: Rulebase, slots: set[Slot]) -> None:
    """Every lane of every group against the direct engine."""
    draws = Completions(rulebase, LANES).draws(client, slots)
    engine = engine_for(rulebase)
    for group in GROUPS:
        found = LaneTotals(rulebase, LANES, group).totals(client, draws)
        for lane in range(0, LANES, 5):
            whole = completed(client, draws, lane)
            scores = [engine.scores(engine.settle(whole, n)) for n in range(len(whole.segments))]
            for name, column in found.columns.items():
                parts = [(s.ppm, each[name]) for s, each in zip(whole.segments, scores, strict=True)]
                total = sum(
                    ppm * (min(0, score.total) if score.blocked else score.total) for ppm, score in parts
                )
                assert column[lane] == total, (name, lane)
                assert bool(found.blocked[name] >> lane & 1) == all(score.blocked for _, score in parts)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_generated_rulebases_have_the_same_totals(case: Case) -> None:
    client, rulebase = case
    check(client, rulebase, all_open(client, rulebase))


@pytest.fixture(scope="module")
def shipped() -> Rulebase:
    return load_rulebase()


@pytest.mark.parametrize("unknown", [0.1, 0.5, 1.0])
def test_the_shipped_rulebase_has_the_same_totals(shipped: Rulebase, unknown: float) -> None:
    for number in range(3):
        client = drawn_client(shipped, number, unknown)
        slots = all_open(client, shipped)
        some = {slot for slot in slots if Random(f"{number}/{slot}").random() < 0.7}
        check(client, shipped, some)


def test_priors_count_where_a_rule_is_decided(shipped: Rulebase) -> None:
    dice = Random(5)
    rules = tuple(
        replace(rule, expected=dice.randrange(-(10**6), 10**6)) if isinstance(rule.then, Evidence) else rule
        for rule in shipped.rules
    )
    base = replace(shipped, rules=rules)
    client = drawn_client(base, 7, 0.5)
    check(client, base, all_open(client, base))


def test_a_completion_does_not_change_when_other_facts_are_answered(shipped: Rulebase) -> None:
    client = drawn_client(shipped, 3, 1.0)
    completions = Completions(shipped, LANES)
    slots = all_open(client, shipped)
    before = completions.draws(client, slots)[0]
    answered = client.with_fact("business.churn", 15.0)
    after = completions.draws(answered, slots - {Slot("business.churn")})[0]
    assert after == {fact: drawn for fact, drawn in before.items() if fact != "business.churn"}
    again = Completions(shipped, LANES).draws(client, slots)[0]
    assert {fact: again[fact] for fact in again if fact not in ITEM_KINDS} == {
        fact: before[fact] for fact in before if fact not in ITEM_KINDS
    }


@pytest.mark.parametrize("count", [1, 7, 8, 64, 200])
def test_numbers_side_by_side(count: int) -> None:
    dice = Random(count)
    wide = Wide(count)
    one, other = (dice.getrandbits(count) for _ in range(2))
    weights = [dice.randrange(-(2**50), 2**50) for _ in range(3)]
    summed = weights[0] * wide.spread(one) + weights[1] * wide.spread(other) + weights[2] * wide.ones
    wanted = [weights[0] * (one >> n & 1) + weights[1] * (other >> n & 1) + weights[2] for n in range(count)]
    assert wide.read(summed) == wanted
    assert list(members(one)) == [n for n in range(count) if one >> n & 1]
    assert union([one, other]) == one | other
    assert lanes_by(["a", "b", "a"]) == {"a": 0b101, "b": 0b010}
