"""Settled is proved: no completion of what nobody answered has another top three."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from completions import all_completions, completions
from generated_clients import drawn_client
from interview_world import small_desk
from tactician.facts.client import Client
from tactician.interview.answers import Answers
from tactician.interview.desk import Desk
from tactician.interview.outlook import TOP
from tactician.interview.standing import Certainty, Standing
from tactician.knowledge.loading import load_rulebase

MOST = 3_000


@cache
def desk() -> Desk:
    return Desk(load_rulebase())


@cache
def small() -> Desk:
    return small_desk()


class OfClient(Standing):
    """Where an interview stands that has come to a given client."""

    def __init__(self, of: Desk, client: Client) -> None:
        super().__init__(of, Answers())
        object.__setattr__(self, "client", client)


def top(of: Desk, client: Client) -> frozenset[str]:
    states = [of.engine.settle(client, n) for n in range(len(client.segments))]
    return frozenset(of.top(states, TOP))


def nearly_complete(of: Desk, number: int, unknown: float) -> Client:
    return drawn_client(of.rulebase, number, unknown)


@pytest.mark.parametrize("unknown", [0.02, 0.06])
def test_every_completion_of_a_settled_small_client_has_the_same_top_three(unknown: float) -> None:
    seen = 0
    for number in range(80):
        client = nearly_complete(small(), number, unknown)
        standing = OfClient(small(), client)
        if not standing.is_proved:
            continue
        seen += 1
        for tried, completion in enumerate(all_completions(client, small().rulebase)):
            assert top(small(), completion) == frozenset(standing.top), number
            if tried > MOST:
                break
    assert seen >= 10


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.sampled_from([0.02, 0.05, 0.1]), st.data())
def test_sampled_completions_of_a_settled_client_have_the_same_top_three(
    number: int, unknown: float, data: st.DataObject
) -> None:
    client = nearly_complete(desk(), number, unknown)
    standing = OfClient(desk(), client)
    if standing.is_proved:
        for _ in range(200):
            completion = data.draw(completions(client, desk().rulebase))
            assert top(desk(), completion) == frozenset(standing.top)


def test_nothing_is_settled_when_a_completion_has_another_top_three() -> None:
    for number in range(40):
        standing = OfClient(small(), drawn_client(small().rulebase, number, 0.4))
        if standing.outlook.unchanged(standing.top) < standing.outlook.count:
            assert standing.certainty is not Certainty.SETTLED
            assert not standing.is_proved


def test_a_complete_client_is_settled() -> None:
    proved = [OfClient(desk(), drawn_client(desk().rulebase, number, 0.0)).is_proved for number in range(12)]
    assert sum(proved) >= 10
