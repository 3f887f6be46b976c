"""The smallest change that brings a record into the top: it works, and no part of it would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations
from random import Random

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from generated_clients import drawn_client
from hand_built import blocking, known, record, rule, rulebase
from hand_built import client as small_client
from strategies import cases
from tactician import library
from tactician.advice.advise import Advice, advise
from tactician.advice.change import ALL, MOST_FACTS, Change, ChangeAnswer, Way, change, changed
from tactician.advice.ranking import rank
from tactician.cli import main
from tactician.facts.client import Client
from tactician.facts.repository import facts_folder
from tactician.facts.vocabulary import FACT_SCOPES, FactSpec, Value, Vocabulary
from tactician.inference.direct import consult
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Block, Rulebase
from tactician.presentation import terminal_page
from tactician.presentation.explaining.change_page import change_page

CAFE = facts_folder() / "cafe.yaml"


def advice_for(client: Client, rulebase: Rulebase) -> Advice:
    return advise(consult(client, rulebase))


def rank_of(record: str, client: Client, rulebase: Rulebase) -> int:
    return next(e.rank for group in rank(consult(client, rulebase)).values() for e in group if e.id == record)


def assert_works(found: ChangeAnswer) -> None:
    """Every way brings the record into the top, only by facts the owner can change, and no part of it would do."""
    client, base = found.advice.consultation.client, found.advice.consultation.rulebase
    assert len({len(way.changes) for way in found.ways}) <= 1
    order = [(way.worse, way.effort) for way in found.ways]
    assert order == sorted(order)
    for way in found.ways:
        assert 1 <= len(way.changes) <= MOST_FACTS
        assert all(base.vocabulary[each.fact].changeable == each.effort > 0 for each in way.changes)
        assert rank_of(found.entry.id, changed(client, way.changes), base) == way.rank <= found.top
        parts = chain.from_iterable(combinations(way.changes, size) for size in range(1, len(way.changes)))
        for part in parts:
            assert rank_of(found.entry.id, changed(client, part), base) > found.top


def single_changes(client: Client, base: Rulebase) -> Iterator[tuple[Change, ...]]:
    """Every change of one fact the owner can change, by the vocabulary alone."""
    for spec in base.vocabulary.facts.values():
        if spec.scope not in FACT_SCOPES or not spec.changeable:
            continue
        for place in range(len(client.segments)) if spec.scope == "segment" else (ALL,):
            before = client.value(spec.id, max(0, place))
            for value in spec.choices:
                if value != before:
                    yield (Change(place, spec.id, before, value, spec.changeable, 1, worse=False),)


def assert_exact(found: ChangeAnswer, pairs: bool) -> None:
    """One change is found where one is enough, and likewise two: by trying them all in whole consultations."""
    client, base = found.advice.consultation.client, found.advice.consultation.rulebase
    singles = list(single_changes(client, base))
    size = len(found.ways[0].changes) if found.ways else MOST_FACTS + 1
    sets = singles
    for tried in range(1, 3 if pairs else 2):
        enough = (rank_of(found.entry.id, changed(client, each), base) <= found.top for each in sets)
        if any(enough):
            assert size == tried
            return
        assert size > tried
        sets = [(*one, *two) for one, two in combinations(singles, 2) if place_of(one) != place_of(two)]


def place_of(changes: tuple[Change, ...]) -> tuple[int, str]:
    return changes[0].segment, changes[0].fact


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.integers(0, 10**6))
def test_changes_on_generated_rulebases_are_exact(case: tuple[Client, Rulebase], seed: int) -> None:
    client, base = case
    advice = advice_for(client, base)
    low = [entry for entry in advice.ranked if entry.rank > 1]
    if low:
        found = change(advice, Random(seed).choice(low).id, 1)
        event(f"{len(found.ways[0].changes) if found.ways else 'no'} changes")
        assert_works(found)
        assert_exact(found, pairs=True)


def test_what_stays_ruled_out_comes_forward_when_what_is_before_it_is_ruled_out_too() -> None:
    reliability = FactSpec("business", "reliability", "ordinal", ("low", "high"), changeable=1)
    rules = [blocking("a"), rule("b-B", Block("b"), known("business.reliability", "high"))]
    vocabulary = Vocabulary({reliability.id: reliability})
    base = replace(rulebase([record("a"), record("b")], rules), vocabulary=vocabulary)
    advice = advice_for(small_client().with_fact(reliability.id, "low"), base)
    assert [(entry.id, entry.blocked) for entry in advice.ranked] == [("b", False), ("a", True)]
    found = change(advice, "a", 1)
    assert [[each.after for each in way.changes] for way in found.ways] == [["high"]]
    assert_works(found)


def check_generated(numbers: range, below: int = 0) -> None:
    """What brings a tactic of rank 4 to 7, or so many below that, into the top three."""
    base = load_rulebase()
    for number in numbers:
        advice = advice_for(drawn_client(base, number, (0.0, 0.3, 0.6)[number % 3]), base)
        found = change(advice, advice.tactics[3 + number % 4 + below].id, 3)
        assert_works(found)
        if number % 25 == 0:
            assert_exact(found, pairs=False)


def test_changes_of_a_few_generated_clients_work_and_are_minimal() -> None:
    check_generated(range(4))


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(10))
def test_changes_of_hundreds_of_generated_clients_work_and_are_minimal(hundred: int) -> None:
    check_generated(range(100 * hundred, 100 * (hundred + 1)))


@pytest.mark.slow
def test_changes_for_tactics_far_below_work_and_are_minimal() -> None:
    check_generated(range(5), below=5)


def cafe() -> Advice:
    base = load_rulebase()
    return advice_for(library.read_client(CAFE, base), base)


def test_a_record_that_is_in_the_top_needs_nothing() -> None:
    advice = cafe()
    found = change(advice, advice.tactics[0].id, 3)
    assert not found.needed
    assert found.ways == ()
    assert "Nothing has to change: it ranks 1 already." in terminal_page.render(change_page(found))


def test_the_page_tells_each_change_with_its_effort() -> None:
    advice = cafe()
    found = next(f for entry in advice.tactics[3:] if (f := change(advice, entry.id, 3)).ways)
    text = " ".join(terminal_page.render(change_page(found)).split())
    assert f"It ranks {found.entry.rank} now" in text
    for way in found.ways:
        assert f"it ranks {way.rank}, with" in text
        for each in way.changes:
            assert each.fact.partition(".")[2].replace("_", " ").capitalize() in text


def test_what_is_for_the_worse_comes_last_and_is_no_advice() -> None:
    found = change(cafe(), "referrals", 3)
    worse = [way.worse for way in found.ways]
    assert worse == sorted(worse)
    assert any(worse)
    text = " ".join(terminal_page.render(change_page(found)).split())
    assert text.count(", and for the worse.") == sum(worse)
    assert "is no advice" in text


@pytest.mark.parametrize(
    ("fact", "before", "after", "worse"),
    [
        ("business.churn", 20.0, 10.0, False),
        ("business.churn", 10.0, 20.0, True),
        ("segment.trust_level", "medium", "low", True),
        ("segment.trust_level", "medium", "high", False),
        ("business.feedback_mechanism", True, False, True),
        ("business.relation_goal", "win", "keep", False),
        ("business.monthly_budget", 100.0, 0.0, False),
    ],
)
def test_the_vocabulary_knows_what_owners_want(fact: str, before: Value, after: Value, worse: bool) -> None:
    assert load_rulebase().vocabulary[fact].is_worse(before, after) is worse


def test_ways_that_come_to_the_same_are_told_together_and_the_unknown_as_such() -> None:
    advice = cafe()

    def way(before: Value | None, after: Value, rank: int = 3) -> Way:
        fact = Change(-1, "business.brand_awareness", before, after, effort=3, steps=1, worse=False)
        return Way((fact,), rank, 10**12)

    entry = advice.tactics[10]
    found = ChangeAnswer(advice, entry, 3, (way("low", "medium"), way("low", "high"), way("low", "high", 2)))
    text = " ".join(terminal_page.render(change_page(found)).split())
    assert "Brand awareness: medium (one to four in ten) or high (more than four in ten); now low" in text
    assert text.count("Brand awareness") == 2
    unknown = terminal_page.render(change_page(ChangeAnswer(advice, entry, 3, (way(None, "high"),))))
    assert "you did not say: find out first. Hard, if it is not so already." in " ".join(unknown.split())


def test_no_way_is_told_as_such() -> None:
    advice = cafe()
    found = ChangeAnswer(advice, advice.tactics[10], 3, ())
    assert "No change of up to three facts is enough" in terminal_page.render(change_page(found))


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_the_command_tells_the_change(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    record = cafe().tactics[3].id
    assert main.run(["explain", str(CAFE), "--change", record, "--format", form]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert record in out if form == "json" else "among the first 3 for" in out


def test_one_question_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["explain", str(CAFE), "--change", "referrals", "--why-not", "referrals"]) == 2
    assert "exclude one another" in capsys.readouterr().err
