"""Explanations as data: they add up to the plan, tell only what is so, and reach the client's answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import oracle
from generated_clients import drawn_client
from hand_built import blocking, client, consultation, favour, record, rulebase
from tactician import library
from tactician.advice.advise import Advice, advise
from tactician.advice.comparison import compare
from tactician.advice.explanation import Explanation, explain, find, settled_segments
from tactician.advice.fact_explanation import explain_fact, find_fact
from tactician.advice.mycin import certainty, ranks, readings
from tactician.advice.silence import Unmet
from tactician.advice.support import Answer, Derived, Listed, Support
from tactician.errors import UsageError
from tactician.facts.client import Client
from tactician.facts.repository import facts_folder
from tactician.inference import direct
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase


@cache
def shipped() -> Rulebase:
    return load_rulebase()


def file_client(name: str) -> Client:
    return library.read_client(facts_folder() / f"{name}.yaml", shipped())


@cache
def advice_for(name: str) -> Advice:
    return advise(direct.consult(file_client(name), shipped()))


def all_explanations(advice: Advice) -> Iterator[Explanation]:
    states = settled_segments(advice)
    for entry in advice.ranked:
        yield explain(advice, entry.id, states)


def assert_adds_up(explanation: Explanation) -> None:
    """The total follows from the evidence that is told, the priors and the blocks."""
    total = 0
    for segment in explanation.segments:
        prior = -sum(rule.expected for rule in segment.decided)
        evidence = sum(reason.piece.weight for reason in segment.reasons)
        counts = min(0, prior + evidence) if segment.blocks else prior + evidence
        total += segment.total.ppm * counts
    assert total == explanation.entry.total


def leaves(unmet: Unmet) -> Iterator[Unmet]:
    yield unmet
    for part in unmet.parts:
        yield from leaves(part)


def assert_not_true(advice: Advice, explanation: Explanation) -> None:
    """Each condition told as not met is false or unknown, as it says, in the model of tests/oracle.py."""
    client = advice.consultation.client
    for number, segment in enumerate(explanation.segments):
        view = oracle.View(client, client.segments[number], advice.consultation.rulebase)
        for silent in segment.silent:
            for part in leaves(silent.unmet):
                assert part.truth is not True
                assert view.truth(part.element) is part.truth


def assert_complete(explanation: Explanation) -> None:
    """Each rule about the record is told in each segment: as evidence, as a block, or as silent."""
    base = explanation.advice.consultation.rulebase
    for segment in explanation.segments:
        told = [each.rule.id for each in (*segment.reasons, *segment.blocks, *segment.silent)]
        assert sorted(told) == sorted(rule.id for rule in base.by_target[explanation.entry.id])


def check_generated(numbers: range) -> None:
    for number in numbers:
        advice = advise(
            direct.consult(drawn_client(shipped(), number, (0.0, 0.3, 0.6)[number % 3]), shipped())
        )
        for explanation in all_explanations(advice):
            assert_adds_up(explanation)
            assert_complete(explanation)
            if number % 10 == 0:
                assert_not_true(advice, explanation)


def test_explanations_of_a_few_generated_clients_add_up_and_tell_only_what_is_so() -> None:
    check_generated(range(3))


@pytest.mark.slow
def test_explanations_of_a_thousand_generated_clients_add_up_and_tell_only_what_is_so() -> None:
    check_generated(range(1_000))


def answers(support: Support) -> Iterator[Support]:
    """The leaves of a justification."""
    if isinstance(support, Derived):
        for behind in support.supports:
            yield from answers(behind)
    else:
        yield support


@pytest.mark.parametrize("name", ["cafe", "solsikken_bakery", "pop_up_florist", "toy_shop"])
def test_every_reason_reaches_what_the_client_states(name: str) -> None:
    client = file_client(name)
    for explanation in all_explanations(advice_for(name)):
        for number, segment in enumerate(explanation.segments):
            for reason in segment.reasons:
                found = [leaf for support in reason.supports for leaf in answers(support)]
                assert found
                for leaf in found:
                    if isinstance(leaf, Answer):
                        assert client.value(leaf.fact, number) == leaf.value
                    else:
                        assert isinstance(leaf, Listed)
                        given = client.segments[number].items[leaf.kind]
                        assert all(item in given for item in leaf.items)


def test_what_would_add_most_comes_first() -> None:
    for explanation in all_explanations(advice_for("solsikken_bakery")):
        worth = [lost.worth for lost in explanation.lost]
        assert worth == sorted(worth, reverse=True)


def test_a_rule_that_stays_silent_in_one_of_two_segments_is_told_with_its_share() -> None:
    base = rulebase([record("a")], [favour("a", 0.6, "A-F1")])
    who = client(shares=(250_000, 750_000))
    found = consultation(who, base, ["A-F1"], ["A-F1"])
    explanation = explain(advise(found), "a")
    assert [segment.reasons[0].piece.ppm for segment in explanation.segments] == [250_000, 750_000]
    assert_adds_up(explanation)


def test_blocks_are_told_apart_from_evidence() -> None:
    base = rulebase([record("a")], [favour("a", 0.6, "A-F1"), blocking("a")])
    explanation = explain(advise(consultation(client(), base, ["A-F1", "a-B"])), "a")
    (segment,) = explanation.segments
    assert [block.rule.id for block in segment.blocks] == ["a-B"]
    assert explanation.entry.total == 0


@pytest.mark.parametrize("name", ["cafe", "yarn_shop", "toy_shop"])
def test_leads_of_rules_priors_and_cuts_add_up_to_the_lead(name: str) -> None:
    advice = advice_for(name)
    for one, other in zip(advice.tactics, advice.tactics[5:], strict=False):
        found = compare(advice, other.id, one.id)
        assert found.first.rank < found.second.rank
        leads = sum(row.lead for row in found.rows)
        priors = found.first.prior - found.second.prior
        assert leads + priors + found.cuts[0] - found.cuts[1] == found.lead


def test_only_records_of_one_ranking_are_compared() -> None:
    advice = advice_for("cafe")
    with pytest.raises(UsageError, match="ranked apart"):
        compare(advice, "referrals", "design")
    with pytest.raises(UsageError, match="the same"):
        compare(advice, "referrals", "Referrals / references")


def test_records_are_found_by_id_and_by_name() -> None:
    advice = advice_for("cafe")
    for name in ("loyalty_programme", "Loyalty programme", "loyalty-programme"):
        assert find(advice, name).id == "loyalty_programme"
    with pytest.raises(UsageError, match="Did you mean freemium"):
        find(advice, "freemum")


def test_facts_are_found_by_id_and_by_name() -> None:
    assert find_fact(shipped(), "churn") == find_fact(shipped(), "business.churn") == "business.churn"
    with pytest.raises(UsageError, match="no fact called"):
        find_fact(shipped(), "chrun")


def test_a_decision_list_tells_its_lines_up_to_the_one_that_decides() -> None:
    found = explain_fact(advice_for("cafe"), "retention_problem")
    for reasons in found.segments:
        if reasons.value is not None:
            *before, last = reasons.tried
            assert all(tried.truth is False and tried.unmet is not None for tried in before)
            assert last.truth is True
            assert last.entry.value == reasons.value


def test_an_unknown_fact_names_what_keeps_it_unknown() -> None:
    found = explain_fact(advice_for("solsikken_bakery"), "segment.loss_cause")
    assert found.segments[0].value is None
    assert "business.churn" in found.segments[0].missing


def test_uses_of_a_fact_are_the_evidence_that_saw_it() -> None:
    advice = advice_for("cafe")
    expected: dict[tuple[str, str], int] = {}
    for entry in advice.ranked:
        for piece in entry.evidence:
            if any(witness.fact == "business.churn" for witness in piece.witnesses):
                key = entry.id, piece.rule
                expected[key] = expected.get(key, 0) + piece.share
    found = {(use.record.id, use.rule.id): use.share for use in explain_fact(advice, "churn").uses}
    assert found == expected
    assert found


def test_mycin_reads_the_same_evidence() -> None:
    base = rulebase(
        [record("a")], [favour("a", 0.6, "A-F1"), favour("a", 0.5, "A-F2"), favour("a", -0.4, "A-A1")]
    )
    entry = advise(consultation(client(), base, ["A-F1", "A-F2", "A-A1"])).ranked[0]
    (reading,) = readings(entry)
    assert reading.belief == pytest.approx(0.6 + 0.5 * 0.4)
    assert reading.disbelief == pytest.approx(0.4)
    assert certainty(entry) == pytest.approx(0.4)


def test_an_item_weakens_a_certainty_factor() -> None:
    base = rulebase([record("a")], [favour("a", 0.6, "A-F1")])
    entry = advise(consultation(client(), base, {"A-F1": 500})).ranked[0]
    assert certainty(entry) == pytest.approx(0.3)


def test_mycin_ranks_what_is_blocked_last() -> None:
    advice = advice_for("cafe")
    places = ranks(advice.tactics)
    blocked = [places[entry.id] for entry in advice.tactics if entry.blocked]
    assert sorted(places.values()) == list(range(1, len(advice.tactics) + 1))
    assert all(place > len(advice.tactics) - len(blocked) for place in blocked)


def test_files_are_explained_whatever_they_leave_open() -> None:
    for path in sorted(Path(str(facts_folder())).glob("*.yaml"))[:6]:
        for explanation in all_explanations(advice_for(path.stem)):
            assert_adds_up(explanation)
