"""Bounds hold over every completion, and are reached by some where few facts are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import prod
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from completions import all_completions, completions, open_facts, telling_values, with_items
from generated_clients import drawn_client
from strategies import cases
from tactician.facts.client import Client, Item, Link
from tactician.facts.repository import rules_folder
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS
from tactician.inference.bounds import bounds
from tactician.inference.direct import engine_for
from tactician.inference.open_segment import OpenSegment
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

Case = tuple[Client, Rulebase]
MOST_COMPLETIONS = 1_500
"""Clients with more are left out of the comparison with all completions, which would take minutes each."""
TIGHT = 0.9
"""The part of small clients in which every bound is reached."""


def totals(client: Client, rulebase: Rulebase) -> dict[str, int]:
    """The total of every record, in 10⁻¹² point, as the engine gives it."""
    engine = engine_for(rulebase)
    found = dict.fromkeys(rulebase.records, 0)
    for index, segment in enumerate(client.segments):
        for record, score in engine.scores(engine.settle(client, index)).items():
            found[record] += segment.ppm * (min(0, score.total) if score.blocked else score.total)
    return found


def check_soundness(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases(), st.data())
    def compare(case: Case, data: st.DataObject) -> None:
        client, rulebase = case
        limits = bounds(client, rulebase)
        for _ in range(8):
            completion = data.draw(completions(client, rulebase))
            for record, total in totals(completion, rulebase).items():
                low, high = limits[record]
                assert low <= total <= high, (record, total, limits[record])

    compare()


def test_no_completion_of_a_few_generated_clients_leaves_the_bounds() -> None:
    check_soundness(60)


@pytest.mark.slow
def test_no_completion_of_many_generated_clients_leaves_the_bounds() -> None:
    check_soundness(1_000)


def reached(client: Client, rulebase: Rulebase) -> bool:
    """Whether every bound is the total of some completion; asserts that none lies outside."""
    limits = bounds(client, rulebase)
    seen = [totals(completion, rulebase) for completion in all_completions(client, rulebase)]
    for record, (low, high) in limits.items():
        assert low <= min(each[record] for each in seen)
        assert high >= max(each[record] for each in seen)
    return all(
        (min(each[record] for each in seen), max(each[record] for each in seen)) == limit
        for record, limit in limits.items()
    )


def with_few_open(rulebase: Rulebase, number: int) -> Client:
    """A drawn client that states everything but one, two or three facts."""
    dice = Random(number)
    client = drawn_client(rulebase, number, unknown=0)
    specs = [spec for spec in rulebase.vocabulary.facts.values() if spec.scope in FACT_SCOPES]
    for spec in dice.sample(specs, dice.choice((1, 2, 3))):
        segment = dice.randrange(len(client.segments)) if spec.scope == "segment" else 0
        client = client.with_fact(spec.id, None, segment)
    return client


def completions_of(client: Client, rulebase: Rulebase) -> int:
    known = rulebase.vocabulary
    return prod(1 + len(telling_values(rulebase, known[fact])) for fact, _ in open_facts(client, rulebase))


def small_clients(rulebase: Rulebase, numbers: Iterable[int]) -> list[Client]:
    made = (with_few_open(rulebase, number) for number in numbers)
    return [client for client in made if completions_of(client, rulebase) <= MOST_COMPLETIONS]


def test_a_few_small_clients_reach_the_bounds_of_the_shipped_rules() -> None:
    rulebase = load_rulebase()
    clients = [c for c in small_clients(rulebase, range(12)) if completions_of(c, rulebase) <= 100]
    assert len(clients) >= 6
    assert sum(reached(client, rulebase) for client in clients) >= TIGHT * len(clients)


@pytest.mark.slow
def test_nine_in_ten_small_clients_reach_the_bounds_of_the_shipped_rules() -> None:
    rulebase = load_rulebase()
    clients = small_clients(rulebase, range(12, 132))
    assert len(clients) >= 100
    assert sum(reached(client, rulebase) for client in clients) >= TIGHT * len(clients)


def all_but_few(data: st.DataObject, client: Client, rulebase: Rulebase) -> Client:
    """The client with every list, attribute and fact given, but one, two or three facts."""
    segments = tuple(
        replace(segment, items={kind: complete(segment.items.get(kind, ()), rulebase) for kind in ITEM_KINDS})
        for segment in client.segments
    )
    client = replace(client, segments=segments)
    places = open_facts(client, rulebase)
    left_open = data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=3)) if places else set()
    for fact, segment in places:
        if (fact, segment) not in left_open:
            value = data.draw(st.sampled_from(telling_values(rulebase, rulebase.vocabulary[fact])))
            client = client.with_fact(fact, value, segment)
    return client


def complete(items: Iterable[Item], rulebase: Rulebase) -> tuple[Item, ...]:
    """Items with the typical level of every attribute that is not stated."""
    typical = {spec.id: str(spec.typical) for spec in rulebase.vocabulary.facts.values()}
    return tuple(
        replace(
            item,
            attributes={spec.name: typical[spec.id] for spec in rulebase.vocabulary.of_scope(item.kind)}
            | dict(item.attributes),
            addresses=tuple(
                Link(
                    link.item,
                    link.relevance or typical["link.relevance"],
                    link.proof or typical["link.proof"],
                )
                for link in item.addresses
            ),
        )
        for item in items
    )


@pytest.mark.slow
def test_nine_in_ten_small_clients_reach_the_bounds_of_generated_rules() -> None:
    outcomes: list[bool] = []

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(cases(), st.data())
    def compare(case: Case, data: st.DataObject) -> None:
        client, rulebase = case
        small = all_but_few(data, client, rulebase)
        if 1 < completions_of(small, rulebase) <= MOST_COMPLETIONS:
            outcomes.append(reached(small, rulebase))

    compare()
    assert len(outcomes) >= 100
    assert sum(outcomes) >= TIGHT * len(outcomes)


def test_a_client_that_leaves_nothing_open_has_no_room() -> None:
    rulebase = load_rulebase()
    client = drawn_client(rulebase, 1, unknown=0)
    assert bounds(client, rulebase) == {
        name: (total, total) for name, total in totals(client, rulebase).items()
    }


def without(attribute: str, client: Client) -> Client:
    """The client, with an attribute of its items not stated."""
    kind, _, name = attribute.partition(".")
    segments = []
    for segment in client.segments:
        stated = (
            replace(item, attributes={key: level for key, level in item.attributes.items() if key != name})
            for item in segment.items[kind]
        )
        segments.append(with_items(segment, kind, tuple(stated)))
    return replace(client, segments=tuple(segments))


def fits(client: Client, rulebase: Rulebase) -> list[tuple[float, float]]:
    """Between which values the fit of each segment with a fit can still lie."""
    views = (OpenSegment(engine_for(rulebase), client, segment) for segment in client.segments)
    found = (view.root.domains["segment.fit_score"].interval for view in views)
    return [interval for interval in found if interval is not None]


def test_what_a_pack_lets_weigh_leaves_the_fit_open(phase_weighs: Path) -> None:
    shipped, weighing = load_rulebase(), load_rulebase(rules_folder(), phase_weighs)
    for number in range(20):
        stated = drawn_client(shipped, number, unknown=0)
        client = without("pain.phase", stated)
        assert fits(client, shipped) == fits(stated, shipped)
        for (low, high), (value, _) in zip(fits(client, weighing), fits(stated, weighing), strict=True):
            assert low <= value <= high
