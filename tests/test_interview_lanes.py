"""Many completions at once have the totals that the direct engine gives for each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from generated_clients import drawn_client
from strategies import cases
from tactician.facts.client import Client
from tactician.facts.vocabulary import FACT_SCOPES, Value
from tactician.inference.direct import engine_for
from tactician.interview.completions import Completions
from tactician.interview.lane_totals import LaneTotals
from tactician.interview.lanes import Draw
from tactician.interview.slots import Slot, empty_in_segment
from tactician.interview.wide import Lanes, Wide, crossed, lanes_by, members
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


def completed(client: Client, draws: list[Draw], lane: int) -> Client:
    """The client of one completion."""
    segments = []
    for segment, draw in zip(client.segments, draws, strict=True):
        own = {fact: value for fact, value in values(draw, lane).items() if fact.startswith("segment.")}
        lists = {
            kind: next(items for items, lanes in drawn.lists if lanes >> lane & 1)
            for kind, drawn in draw.items.items()
        }
        segments.append(replace(segment, facts={**segment.facts, **own}, items={**segment.items, **lists}))
    shared = {
        fact: value for fact, value in values(draws[0], lane).items() if not fact.startswith("segment.")
    }
    return replace(client, facts={**client.facts, **shared}, segments=tuple(segments))


def values(draw: Draw, lane: int) -> Mapping[str, Value]:
    return {
        fact: value
        for fact, drawn in draw.facts.items()
        for value, lanes in drawn.items()
        if lanes >> lane & 1
    }


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
    before = completions.draws(client, slots)[0].facts
    answered = client.with_fact("business.churn", 15.0)
    after = completions.draws(answered, slots - {Slot("business.churn")})[0].facts
    assert after == {fact: drawn for fact, drawn in before.items() if fact != "business.churn"}
    assert Completions(shipped, LANES).draws(client, slots)[0].facts == before


@pytest.mark.parametrize("count", [1, 7, 8, 64, 200])
def test_numbers_side_by_side(count: int) -> None:
    dice = Random(count)
    wide = Wide(count)
    column = [dice.randrange(-(2**50), 2**50) for _ in range(count)]
    lanes: Lanes = dice.getrandbits(count)
    assert wide.read(wide.pack(column)) == column
    assert wide.read(3 * wide.pack(column) - 5 * wide.ones) == [3 * number - 5 for number in column]
    assert wide.read(wide.spread(lanes)) == [lanes >> n & 1 for n in range(count)]
    assert list(members(lanes)) == [n for n in range(count) if lanes >> n & 1]


def test_crossing_columns_gives_every_combination_that_occurs() -> None:
    first, second = lanes_by(["a", "b", "a", "b"]), lanes_by(["x", "x", "y", "x"])
    assert dict(crossed([first, second], 0b1111)) == {
        ("a", "x"): 0b0001,
        ("b", "x"): 0b1010,
        ("a", "y"): 0b0100,
    }
    assert dict(crossed([first, second], 0b0010)) == {("b", "x"): 0b0010}
    assert dict(crossed([first, second], 0)) == {}
