"""The columnar engine finds what the other engines find, to the last digit."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="the extra 'columnar' is not installed")

from benchmarks.generate import example_clients
from benchmarks.population import Population

from columnar_comparison import Row, derived_facts, expected_facts, expected_rows, rows_of
from strategies import clients, rulebases
from tactician.facts.client import Client
from tactician.inference import columnar, forward
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

Portfolio = tuple[list[Client], Rulebase]


@cache
def shipped() -> Rulebase:
    return load_rulebase()


@cache
def population(seed: int) -> Population:
    return Population(shipped(), example_clients(shipped()), seed)


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    rulebase = draw(rulebases())
    return draw(st.lists(clients(rulebase.vocabulary), min_size=1, max_size=4)), rulebase


def agree(examples: int) -> None:
    """Compare with the direct engine on generated rulebases and clients."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(portfolios())
    def compare(portfolio: Portfolio) -> None:
        made, rulebase = portfolio
        assert derived_facts(made, rulebase) == expected_facts(made, rulebase)
        assert everything(columnar.tables(made, rulebase), rulebase) == list(expected_rows(made, rulebase))

    compare()


def everything(tables: columnar.Tables, rulebase: Rulebase) -> list[Row]:
    outcome = columnar.consult(tables, rulebase, top=None)
    assert not outcome.rejected.num_rows
    return rows_of(outcome.results)


def test_agrees_with_direct_on_a_few_generated_rulebases() -> None:
    agree(60)


@pytest.mark.slow
def test_agrees_with_direct_on_many_generated_rulebases() -> None:
    agree(2_000)


def test_agrees_with_direct_on_the_shipped_clients() -> None:
    made = example_clients(shipped())
    assert derived_facts(made, shipped()) == expected_facts(made, shipped())
    assert everything(columnar.tables(made, shipped()), shipped()) == list(expected_rows(made, shipped()))


def test_agrees_with_direct_on_a_few_generated_clients() -> None:
    tables = population(1).piece(0, 100)
    made = list(columnar.clients(tables, shipped()))
    assert derived_facts(made, shipped()) == expected_facts(made, shipped())
    assert everything(tables, shipped()) == list(expected_rows(made, shipped()))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_agrees_with_direct_on_ten_thousand_generated_clients(seed: int) -> None:
    tables = population(seed).piece(0, 2_000)
    made = columnar.clients(tables, shipped())
    assert everything(tables, shipped()) == list(expected_rows(made, shipped()))


@pytest.mark.slow
def test_agrees_with_forward_on_three_hundred_generated_clients() -> None:
    tables = population(7).piece(0, 300)
    made = columnar.clients(tables, shipped())
    assert everything(tables, shipped()) == list(expected_rows(made, shipped(), forward.consult))


def test_the_generated_clients_use_the_rulebase_widely() -> None:
    counts = columnar.consult(population(1).piece(0, 2_000), shipped()).tally
    assert (counts.fired > 0).mean() > 0.97
    assert (counts.fired < counts.segments).mean() > 0.99


def test_the_best_come_first_with_the_same_justifications() -> None:
    tables = population(1).piece(0, 200)
    best = rows_of(columnar.consult(tables, shipped(), top=2).results)
    assert best == [row for row in everything(tables, shipped()) if row["rank"] <= 2]


def test_clients_come_back_from_their_tables() -> None:
    made = list(columnar.clients(population(1).piece(0, 200), shipped()))
    again = columnar.tables(made, shipped())
    assert list(columnar.clients(again, shipped())) == made


def test_a_justification_adds_up_to_its_total() -> None:
    tables = population(1).piece(0, 200)
    segments = tables["segments"].select(["client", "segment", "ppm"]).to_pylist()
    ppm = {(row["client"], row["segment"]): row["ppm"] for row in segments}
    rows = [row for row in everything(tables, shipped()) if not row["blocks"]]
    assert len(rows) > 1_000
    for row in rows:
        shares = sum(weight * ppm[row["client"], segment] for segment, _, weight in row["evidence"])
        assert row["total"] == row["prior"] + shares
