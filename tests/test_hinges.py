"""The answers a plan hangs by: found by partial reckoning, checked here by whole consultations."""

import pytest

from hand_built import client, consultation, favour, record, rulebase
from tactician import library
from tactician.advice.advise import advise
from tactician.advice.ranking import rank
from tactician.facts.repository import facts_folder
from tactician.facts.steps import steps
from tactician.inference.direct import consult
from tactician.presentation import terminal_page
from tactician.presentation.hinge_words import hinge_blocks

CLIENTS = ("bike_insurer", "pop_up_florist", pytest.param("cafe", marks=pytest.mark.slow))


def _first(client, rulebase):
    return [entry.id for entry in rank(consult(client, rulebase))["tactics"][:3]]


@pytest.mark.parametrize("name", CLIENTS)
def test_hinges_are_what_whole_consultations_find(name):
    advice = library.plan(facts_folder() / f"{name}.yaml", engine="direct")
    client, rulebase = advice.consultation.client, advice.consultation.rulebase
    first = _first(client, rulebase)
    wanted = {}
    for index in range(-1, len(client.segments)):
        facts = client.facts if index < 0 else client.segments[index].facts
        for fact, value in facts.items():
            for other in steps(rulebase.vocabulary[fact], value):
                after = _first(client.with_fact(fact, other, max(index, 0)), rulebase)
                if set(after) != set(first):
                    segment = client.segments[index].name if index >= 0 else ""
                    gone = tuple(record for record in first if record not in after)
                    wanted[fact, segment] = (other, gone, tuple(r for r in after if r not in first))
                    break
    found = {(hinge.fact, hinge.segment): (hinge.other, hinge.gone, hinge.instead) for hinge in advice.hinges}
    assert found == wanted
    assert found


def test_words_name_the_answer_and_both_tactics():
    advice = library.plan(facts_folder() / "cafe.yaml", engine="direct")
    text = " ".join(terminal_page.render(hinge_blocks(advice)).split())
    records = advice.consultation.rulebase.records
    for hinge in advice.hinges[:3]:
        assert hinge.fact.partition(".")[2].replace("_", " ") in text
        assert records[hinge.gone[0]].name in text
        assert records[hinge.instead[0]].name in text


def test_a_plan_that_hangs_by_nothing_says_so():
    base = rulebase([record("a")], [favour("a", 0.6, "A-F1")])
    advice = advise(consultation(client(), base, ["A-F1"]))
    assert "No single answer" in terminal_page.render(hinge_blocks(advice))


def test_steps_follow_the_scale():
    vocabulary = library.open_rulebase(()).vocabulary
    ordinal = vocabulary["segment.price_sensitivity"]
    assert steps(ordinal, ordinal.levels[0]) == (ordinal.levels[1],)
    assert steps(ordinal, ordinal.levels[1]) == (ordinal.levels[0], ordinal.levels[2])
    number = vocabulary["business.monthly_budget"]
    bands = [band.value for band in number.bands]
    assert steps(number, bands[1]) == (bands[0], bands[2])
    assert steps(number, (bands[1] + bands[2]) / 2) == (bands[1], bands[2])
    assert steps(vocabulary["segment.public_buyer"], True) == ()
    assert steps(vocabulary["offering.offering_nature"], "physical") == ()
