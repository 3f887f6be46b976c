"""Every command at every kind of prompt, in a session without a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from tactician.interview.answers import Answers
from tactician.interview.desk import Desk
from tactician.interview.prompting import Prompt, Save
from tactician.interview.session import Outcome, Session
from tactician.knowledge.loading import load_rulebase

OPENING = ("Bakery", "DKK", "1", "commuters; families", "", "60 / 40", "1", "3", "3000", "5")
PAIN = (*OPENING, "queues at eight")
REVIEW = ("Bakery", "DKK", "list")
WITH_PAIN = (*PAIN, "2", "3", "1", "")
WAYS: dict[str, tuple[str, ...]] = {
    "name": (),
    "currency": OPENING[:1],
    "choice": OPENING[:2],
    "segment": OPENING[:3],
    "shares": OPENING[:5],
    "number": OPENING[:8],
    "which": (*OPENING[:8], "3.000"),
    "item": OPENING,
    "attribute": PAIN,
    "wording": (*PAIN, "back"),
    "running": (*WITH_PAIN, "3"),
    "review": REVIEW,
    "group": (*OPENING, "list", "7"),
    "rename": (*OPENING, "list", "7", "1"),
    "list": (*WITH_PAIN, "list", "11"),
    "item menu": (*WITH_PAIN, "list", "11", "1"),
}
"""What to type to reach each kind of prompt."""


@cache
def desk() -> Desk:
    return Desk(load_rulebase())


def reached(lines: Sequence[str]) -> Session:
    session = Session(desk(), Answers(), lambda _: None)
    for line in lines:
        session.enter(line)
    return session


def prompt(session: Session) -> Prompt:
    assert isinstance(session.wish, Prompt)
    return session.wish


def at(kind: str) -> Session:
    session = reached(WAYS[kind])
    assert prompt(session).kind == kind, prompt(session)
    return session


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.parametrize("word", ["?", "why", "plan"])
def test_asking_for_reasons_or_the_plan_changes_nothing(kind: str, word: str) -> None:
    session = at(kind)
    before, answers = prompt(session), session.answers
    session.enter(word)
    assert (prompt(session).kind, prompt(session).cue) == (kind, before.cue)
    assert session.answers == answers
    told = "\n".join(prompt(session).lines)
    assert len(told.strip()) > 20
    assert word != "plan" or "If you stopped now" in told


@pytest.mark.parametrize("kind", WAYS)
def test_saving_goes_on_at_the_same_prompt(kind: str) -> None:
    session = at(kind)
    before = prompt(session).cue
    session.enter("save")
    assert isinstance(session.wish, Save)
    session.enter("Wrote bakery.yaml.")
    assert (prompt(session).kind, prompt(session).cue) == (kind, before)
    assert "Wrote bakery.yaml." in prompt(session).lines


@pytest.mark.parametrize("kind", WAYS)
def test_quitting_ends_it_at_once(kind: str) -> None:
    session = at(kind)
    answers = session.answers
    session.enter("quit")
    assert session.outcome is Outcome.QUIT
    assert session.answers == answers


@pytest.mark.parametrize("kind", WAYS)
def test_the_list_comes_back_to_the_same_prompt(kind: str) -> None:
    session = at(kind)
    answers = session.answers
    session.enter("list")
    if kind not in ("review", "group", "rename", "list", "item menu"):
        assert prompt(session).kind == "review"
        session.enter("")
    assert prompt(session).kind in (kind, "number" if kind == "which" else kind)
    assert session.answers == answers


@pytest.mark.parametrize("kind", WAYS)
def test_back_loses_nothing(kind: str) -> None:
    session = at(kind)
    answers = session.answers
    session.enter("back")
    assert session.outcome is Outcome.ASKING
    assert session.answers == answers
    leads = {
        "name": "name",
        "currency": "name",
        "choice": "currency",
        "shares": "segment",
        "attribute": "wording",
    }
    if kind in leads:
        assert prompt(session).kind == leads[kind]


@pytest.mark.parametrize("kind", WAYS)
def test_skipping_goes_on(kind: str) -> None:
    session = at(kind)
    session.enter("skip")
    assert session.outcome is Outcome.ASKING
    assert isinstance(session.wish, Prompt)


def test_going_back_and_pressing_enter_keeps_the_answer() -> None:
    session = at("number")
    session.enter("back")
    answers = session.answers
    assert any("So far: turnover clearly rising" in line for line in prompt(session).lines)
    session.enter("")
    assert session.answers == answers
    assert prompt(session).kind == "number"


def test_going_back_past_a_skipped_question_takes_only_enter() -> None:
    session = at("number")
    session.enter("skip")
    session.enter("back")
    answers = session.answers
    assert "So far: not known. Press Enter to keep that." in prompt(session).lines
    session.enter("")
    assert session.answers == answers
    assert "Kept as it was." in prompt(session).lines


def test_a_changed_answer_returns_to_the_summary() -> None:
    session = at("review")
    session.enter("1")
    session.enter("Solsikken")
    assert prompt(session).kind == "review"
    assert "  1. name: Solsikken" in prompt(session).lines


def test_an_answer_that_lost_its_meaning_is_kept_and_does_not_count() -> None:
    idea = reached([*OPENING[:7], "1", *OPENING[8:]])
    assert "business.churn" in {slot.fact for slot in idea.talk.standing.counted.pointless}
    assert not any(slot.fact == "business.churn" for slot in idea.talk.standing.open)


def test_a_removed_group_comes_back_with_its_answers() -> None:
    session = reached((*OPENING, "list", "8", "3"))
    assert [segment.name for segment in session.answers.segments] == ["commuters"]
    add = next(line.split(".")[0].strip() for line in prompt(session).lines if line.endswith("add a group"))
    session.enter(add)
    session.enter("families")
    assert session.answers.segment("families").facts == {"segment.customer_type": "b2c"}


def test_a_word_that_is_a_command_can_be_an_answer_in_quotes() -> None:
    session = reached(())
    session.enter('"Plan"')
    assert session.answers.client == "Plan"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1.234,56", 1234.56),
        ("1 234", 1234),
        ("kr. 400", 400),
        ("g", 3000),
        ("about 500", 500),
        ("500 a month", 500),
    ],
)
def test_amounts_as_people_write_them(typed: str, kept: float) -> None:
    session = at("number")
    session.enter(typed)
    assert session.answers.facts["business.monthly_budget"] == kept
    assert any(line.startswith("Noted: ") for line in prompt(session).lines)


@pytest.mark.parametrize(
    ("typed", "choice", "kept"), [("1.234", "b", 1234), ("2-3", "a", 2), ("2-3", "2,7", 2.7)]
)
def test_what_can_be_read_in_two_ways_is_asked_back(typed: str, choice: str, kept: float) -> None:
    session = at("number")
    session.enter(typed)
    assert prompt(session).kind == "which"
    assert "business.monthly_budget" not in session.answers.facts
    session.enter(choice)
    assert session.answers.facts["business.monthly_budget"] == kept


@pytest.mark.parametrize("typed", ["lots", "-5", "9999999", "€ 400", "12 %", "5k", ""])
def test_what_cannot_be_understood_is_asked_again(typed: str) -> None:
    session = at("number")
    session.enter(typed)
    assert prompt(session).kind == "number"
    assert "business.monthly_budget" not in session.answers.facts


def test_shares_have_to_make_a_whole() -> None:
    session = at("shares")
    for wrong in ("60 / 30", "60 / 30 / 10", "0 / 100", "sixty / 40"):
        session.enter(wrong)
        assert prompt(session).kind == "shares"
    session.enter("55,5 / 44,5")
    assert [segment.share for segment in session.answers.segments] == [0.555, 0.445]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("growing", "'growing' is not a number. Type two numbers, such as 70 / 30."),
        ("two", "'two' is not a number. Type two numbers, such as 70 / 30."),
        ("50 / 30 / 20", "Type two numbers, such as 70 / 30."),
        ("70,20", "That makes 90 percent, and it should make 100."),
        ("100", "That leaves 0 percent for families."),
    ],
)
def test_what_is_no_division_is_asked_again_in_plain_words(typed: str, said: str) -> None:
    session = at("shares")
    session.enter(typed)
    assert prompt(session).kind == "shares"
    assert said in prompt(session).lines


@pytest.mark.parametrize(
    "typed", ["70", "70 %", "70,30", "70 30", "70-30", "70 – 30", "70% and 30%", "70 & 30"]
)
def test_shares_as_people_write_them(typed: str) -> None:
    session = at("shares")
    session.enter(typed)
    assert [segment.share for segment in session.answers.segments] == [0.7, 0.3]
    told = "\n".join(prompt(session).lines)
    assert "Noted: commuters 70% and families 30%." in told
    assert ("That leaves 30 percent for families." in told) == (typed in ("70", "70 %"))


@pytest.mark.parametrize("typed", ["I don't know", "dunno", "jeg ved det ikke", "keine Ahnung."])
@pytest.mark.parametrize("kind", ["choice", "number"])
def test_not_knowing_is_an_answer_in_other_words_too(kind: str, typed: str) -> None:
    skipped, session = at(kind), at(kind)
    skipped.enter("skip")
    session.enter(typed)
    assert session.answers == skipped.answers


def test_what_is_no_number_is_answered_in_the_words_of_the_interview() -> None:
    session = at("number")
    session.enter("growing")
    assert "'growing' is not a number. Write digits, such as 1250 or 12,5, or skip when nobody knows." in (
        prompt(session).lines
    )


@pytest.mark.parametrize("kind", ["choice", "running", "review", "group"])
def test_what_is_wrong_stands_right_above_the_cursor(kind: str) -> None:
    session = at(kind)
    question = [line for line in prompt(session).lines if line.startswith("  1. ")]
    session.enter("99")
    (told,) = prompt(session).lines
    assert "99" in told or "Type a number from 1 to 4" in told
    session.enter("?")
    assert set(question) <= set(prompt(session).lines)


def test_nothing_is_called_best_before_anything_speaks_for_it() -> None:
    session = at("currency")
    session.enter("plan")
    assert "Nothing that you said speaks for or against a tactic yet." in prompt(session).lines
    assert not any("Add-on products" in line for line in prompt(session).lines)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("customer care, Referrals", ("customer_care", "referrals")),
        ("customer_care; Referrals / references", ("customer_care", "referrals")),
        ("3 5", ("freemium", "referrals")),
    ],
)
def test_what_runs_is_told_by_name_or_number(typed: str, kept: tuple[str, ...]) -> None:
    session = at("running")
    session.enter(typed)
    assert session.answers.running == kept


def test_answers_that_change_nothing_take_one_line() -> None:
    session = at("choice")
    session.enter("?")
    told = prompt(session).lines
    assert "  any other: no change to what you would start now or take next." in told
    assert any("goods that can be touched: start now" in line for line in told)


def test_all_customers_beside_named_groups_are_pointed_out() -> None:
    session = reached([*OPENING[:3], "skip", "list", "5", "tourists", ""])
    assert prompt(session).kind == "review"
    assert any(line.startswith("all customers still counts as a group") for line in prompt(session).lines)


def test_reasons_are_not_broken_into_lines() -> None:
    session = at("segment")
    session.enter("?")
    (reason,) = (line for line in prompt(session).lines if line.startswith("Groups that want"))
    assert "by its part of your sales" in reason


def test_a_letter_of_the_question_before_is_not_taken_for_a_reading() -> None:
    session = at("which")
    session.enter("c")
    assert prompt(session).kind == "which"
    assert "business.monthly_budget" not in session.answers.facts


def test_going_back_tells_which_question_it_is() -> None:
    session = at("number")
    number = next(line for line in prompt(session).lines if line.startswith("Question "))
    session.enter("back")
    again = next(line for line in prompt(session).lines if line.startswith("Question "))
    assert int(again.split()[1]) == int(number.split()[1]) - 1
    assert again.endswith("again")


def test_an_item_is_named_in_words() -> None:
    session = at("item")
    session.enter("1")
    assert prompt(session).kind == "item"
    assert not session.answers.open_lists
