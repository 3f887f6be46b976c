"""An interview under random hands: typed, edited, killed and resumed, it ends like a straight run."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from interview_world import VOCABULARY, small_desk
from tactician.facts.vocabulary import FACT_SCOPES
from tactician.interview import journal as journals
from tactician.interview.agenda import Extent
from tactician.interview.answers import Answers
from tactician.interview.counting import count
from tactician.interview.desk import Desk
from tactician.interview.happening import after
from tactician.interview.journal import Beginning, Journal
from tactician.interview.prompting import Prompt, Save
from tactician.interview.session import Outcome, Session
from tactician.interview.simulated import SimulatedOwner, interview
from tactician.interview.slots import Slot
from tactician.interview.stating import Stating, state

EVERYTHING = Extent(everything=True)
GROUPS = ("regulars", "tourists", "offices")
WORDS = st.sampled_from(["queues", "too dear", "hard to find", "fresh bread", "lunch", "status"])
FACTS = {
    spec.question: spec for spec in VOCABULARY.facts.values() if spec.scope in FACT_SCOPES and spec.question
}


@cache
def desk() -> Desk:
    return small_desk()


def counted(answers: Answers) -> Stating:
    """The client file that the answers give, without the order in which things were said."""
    stated = state(count(answers, desk().pointless).answers)
    for segment in stated["segments"]:
        for kind in ("pains", "gains", "jobs", "products"):
            for item in segment.get(kind, ()):
                item.pop("id")
                for link in item.get("addresses", ()):
                    link.pop("item")
    return stated


def straight(answers: Answers) -> Answers:
    """What an owner ends with who gives these answers once, in the order of the interview."""
    *_, (_, last) = interview(SimulatedOwner(desk(), answers), EVERYTHING)
    return last.answers


class Interview(RuleBasedStateMachine):
    """Somebody at the keyboard who does anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.before = os.environ.get("XDG_STATE_HOME")
        os.environ["XDG_STATE_HOME"] = self.folder.name
        self.journal = Journal.begin(Beginning())
        assert not self.journal.problem
        self.name = self.journal.name
        self.model: dict[tuple[str, str], object] = {}
        self.session = self.open(Answers())

    def open(self, answers: Answers) -> Session:
        return Session(desk(), answers, self.journal.keep, EVERYTHING)

    @property
    def prompt(self) -> Prompt:
        assert isinstance(self.session.wish, Prompt)
        return self.session.wish

    @property
    def active(self) -> bool:
        return isinstance(self.session.wish, Prompt)

    @rule(data=st.data())
    @precondition(lambda self: self.active)
    def answer(self, data: Any) -> None:
        """Type something that fits the prompt."""
        kind, cue = self.prompt.kind, self.prompt.cue
        draw = data.draw
        if kind in ("choice", "attribute", "link"):
            self.pick(draw(st.integers(1, int(cue.split("1-")[1][0]))))
        elif kind == "number":
            self.pick(draw(st.sampled_from(["a", "b", "3", "12"])))
        elif kind == "which":
            self.session.enter("a")
        elif kind in ("segment", "rename"):
            self.session.enter(draw(st.sampled_from([*GROUPS, ""])))
        elif kind == "shares":
            self.session.enter(draw(st.sampled_from(["", "50 / 50", "20 / 30 / 50", "70 / ?"])))
        elif kind in ("item", "wording"):
            self.session.enter(draw(st.one_of(WORDS, st.sampled_from(["", "none"]))))
        elif kind in ("running", "addresses"):
            self.session.enter(draw(st.sampled_from(["none", "1", "1 2"])))
        elif kind in ("review", "group", "list", "item menu", "offer"):
            self.session.enter(str(draw(st.integers(1, 12))))
        else:
            self.session.enter(draw(st.sampled_from(["", "EUR", "DKK"]) if kind == "currency" else WORDS))

    def pick(self, choice: object) -> None:
        """Answer a fact, and remember what it has to be from now on."""
        slots, spec = self.asked()
        self.session.enter(str(choice))
        if spec is None:
            return
        value: object = choice
        if spec.is_number:
            bands = {"a": spec.minimum, "b": spec.maximum}
            value = float(str(bands.get(str(choice), choice)))
            if not (spec.minimum or 0) <= value <= (spec.maximum or 0):
                return
        elif isinstance(choice, int):
            value = {1: True, 2: False}[choice] if spec.type == "bool" else spec.levels[choice - 1]
        is_legal = all(self.session.answers.stated(slot) is not None for slot in slots)
        if is_legal and not (spec.is_money and choice == "b"):
            self.model |= {(slot.fact, slot.segment): value for slot in slots}
        else:
            self.forget(slots)

    def asked(self) -> tuple[list[Slot], Any]:
        """The slots of the fact that is asked for at this prompt."""
        lines = self.prompt.lines
        found = [(place, FACTS[line]) for place, line in enumerate(lines) if line in FACTS]
        if not found or self.prompt.kind not in ("choice", "number"):
            return [], None
        place, spec = found[-1]
        names = [segment.name for segment in self.session.answers.segments]
        if spec.scope != "segment":
            return [Slot(spec.id)], spec
        about = lines[place - 1] if lines[place - 1].startswith("About ") else ""
        return [Slot(spec.id, name) for name in names if not about or name in about], spec

    def forget(self, slots: list[Slot]) -> None:
        for slot in slots:
            self.model.pop((slot.fact, slot.segment), None)

    @rule(word=st.sampled_from(["?", "back", "list", "plan", "save", "skip", ""]))
    @precondition(lambda self: self.active)
    def command(self, word: str) -> None:
        """Type a command, or only Enter."""
        slots, _ = self.asked()
        self.session.enter(word)
        if word == "skip":
            self.forget(slots)
        if isinstance(self.session.wish, Save):
            self.session.enter("Wrote it.")

    @rule(name=st.sampled_from(GROUPS))
    @precondition(lambda self: self.active)
    def add_group(self, name: str) -> None:
        """Add a group of customers through the summary."""
        if self.choose_in_summary("add a group"):
            self.session.enter(name)

    @rule(data=st.data())
    @precondition(lambda self: self.active and len(self.session.answers.segments) > 1)
    def remove_group(self, data: Any) -> None:
        """Remove a group through the summary; its answers come back with it."""
        name = data.draw(st.sampled_from([segment.name for segment in self.session.answers.segments]))
        if self.choose_in_summary(name) and self.prompt.kind == "group":
            self.session.enter("3")

    def choose_in_summary(self, words: str) -> bool:
        """Type the number of the line of the summary that begins with these words."""
        for _ in range(4):
            if self.active and self.prompt.kind != "review":
                self.session.enter("back" if self.session.talk.reviewing else "list")
        if not self.active or self.prompt.kind != "review":
            return False
        lines = [line.strip().partition(". ") for line in self.prompt.lines]
        number = next((number for number, dot, said in lines if dot and said.startswith(words)), None)
        if number is not None:
            self.session.enter(number)
        return number is not None and self.active

    @rule(torn=st.sampled_from([b"", b'{"did": "Nam', b"\xff\xfe"]))
    def kill(self, torn: bytes) -> None:
        """The process dies, perhaps in the middle of a line; the next one goes on."""
        answers = self.session.answers
        self.journal.close()
        with (journals.folder() / f"{self.name}.jsonl").open("ab") as file:
            file.write(torn)
        kept = journals.read(self.name)
        assert kept.answers(Answers()) == answers
        self.journal = Journal.reopen(kept)
        self.session = self.open(answers)

    @rule()
    @precondition(lambda self: self.active)
    def quit_and_resume(self) -> None:
        """The owner stops, and comes back."""
        self.session.enter("quit")
        assert self.session.outcome is Outcome.QUIT
        self.kill(b"")

    @invariant()
    def every_answer_is_on_the_disk(self) -> None:
        """What counts now is what another process would read."""
        assert journals.read(self.name).answers(Answers()) == self.session.answers

    @invariant()
    def answers_are_those_that_were_typed_last(self) -> None:
        """No answer is lost or changed by anything but another answer to the same question."""
        names = {"", *(segment.name for segment in self.session.answers.segments)}
        for (fact, segment), value in self.model.items():
            if segment in names:
                assert self.session.answers.stated(Slot(fact, segment)) == value, (fact, segment)

    @invariant()
    def the_client_is_valid(self) -> None:
        """It can be read at any time."""
        assert self.session.talk.standing.client.segments

    def teardown(self) -> None:
        """The facts are those of a straight run with the same final answers."""
        try:
            answers = self.session.answers
            if answers.client and answers.segments and not answers.open_lists:
                assert counted(straight(answers)) == counted(after(answers))
        finally:
            self.journal.close()
            if self.before is None:
                os.environ.pop("XDG_STATE_HOME", None)
            else:
                os.environ["XDG_STATE_HOME"] = self.before
            self.folder.cleanup()


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Interview,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_some_hundred_steps_at_random() -> None:
    run(10, 40)


@pytest.mark.slow
def test_ten_thousand_steps_at_random() -> None:
    run(200, 50)
