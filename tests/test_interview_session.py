"""Whole interviews without a terminal: a session fed by a robot that knows a client file."""

from __future__ import annotations

from pathlib import Path

import pytest

from interview_owner import CUE, Owner
from tactician.facts.document import read_document
from tactician.facts.repository import facts_folder
from tactician.interview.agenda import Extent
from tactician.interview.answers import Answers
from tactician.interview.desk import COMPLETIONS, Desk
from tactician.interview.events import Event, decode, encode
from tactician.interview.happening import after
from tactician.interview.prompting import Prompt
from tactician.interview.session import SITTING, WHY_STOP, Outcome, Session
from tactician.interview.standing import MAY_CHANGE, Standing
from tactician.interview.stating import said
from tactician.knowledge.loading import load_rulebase

BUSINESSES = ("solsikken_bakery", "software_startup", "wedding_dress")


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(load_rulebase())


def known(desk: Desk, name: str) -> Answers:
    document = read_document(Path(facts_folder()) / f"{name}.yaml", limit=10**6)
    assert isinstance(document.value, dict)
    return said(document.value, desk.rulebase.vocabulary)


def play(desk: Desk, owner: Owner, extent: Extent) -> tuple[Session, list[Event]]:
    events: list[Event] = []
    session = Session(desk, Answers(), events.append, extent)
    while session.wish is not None:
        assert isinstance(session.wish, Prompt)
        assert CUE.search(session.wish.cue), session.wish.cue
        session.enter(owner.reply("\n".join(session.wish.lines), session.wish.cue))
    return session, events


def test_what_is_said_about_completions_is_so() -> None:
    words = " ".join(WHY_STOP)
    assert f"in {COMPLETIONS} ways" in words
    assert f"at most {MAY_CHANGE:.0%} in 100".replace("%", "") in words


@pytest.mark.slow
@pytest.mark.parametrize("name", BUSINESSES)
def test_an_interview_ends_with_a_plan_and_what_was_said(desk: Desk, name: str) -> None:
    owner = Owner(desk.rulebase, known(desk, name))
    session, events = play(desk, owner, Extent())
    assert session.outcome is Outcome.FINISHED
    assert after(Answers(), *events) == session.answers
    assert [decode(encode(event)) for event in events] == events
    for slot_owner, told in ((owner.known, session.answers),):
        for fact, value in told.facts.items():
            assert slot_owner.facts[fact] == value
    assert Standing(desk, session.answers).client.id == owner.known.client


@pytest.mark.slow
def test_everything_that_is_known_is_asked_for_and_understood(desk: Desk) -> None:
    owner = Owner(desk.rulebase, known(desk, "solsikken_bakery"), go_on=True)
    session, _ = play(desk, owner, Extent(everything=True))
    assert session.outcome is Outcome.FINISHED
    pointless = {slot.fact for slot in Standing(desk, session.answers).counted.pointless}
    asked = {fact: value for fact, value in owner.known.facts.items() if fact not in pointless}
    assert dict(session.answers.facts) == asked
    for told, known_segment in zip(session.answers.segments, owner.known.segments, strict=True):
        asked = {fact: value for fact, value in known_segment.facts.items() if fact not in pointless}
        assert dict(told.facts) == asked
        assert told.items.keys() == known_segment.items.keys()


def test_no_more_is_asked_than_was_wanted(desk: Desk) -> None:
    session, _ = play(desk, Owner(desk.rulebase, known(desk, "software_startup")), Extent(most=4))
    assert session.outcome is Outcome.FINISHED
    assert len(session.answers.trail) == 4


def test_a_sitting_ends_with_an_offer_to_stop_that_says_how_open_things_are(desk: Desk) -> None:
    events: list[Event] = []
    owner = Owner(desk.rulebase, known(desk, "software_startup"))
    session = Session(desk, Answers(), events.append)
    while isinstance(session.wish, Prompt) and session.wish.kind != "offer":
        session.enter(owner.reply("\n".join(session.wish.lines), session.wish.cue))
    assert isinstance(session.wish, Prompt)
    assert len(session.answers.trail) == SITTING
    assert "the ways in which you could answer the rest" in "\n".join(session.wish.lines)
    session.enter("")
    assert session.outcome is Outcome.ASKING
    assert session.answers.declined == {"open": SITTING}
