"""An interview from the first question to the last, as a machine that is fed lines; free of input and output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tactician.interview import events as e
from tactician.interview.answers import Answers
from tactician.interview.asking import ask_fact
from tactician.interview.commands import Command, help_lines
from tactician.interview.conversation import Back, Changed, Conversation, Quit
from tactician.interview.desk import Desk
from tactician.interview.glance import certainty_words, glance
from tactician.interview.item_asking import ask_slot
from tactician.interview.listing import ask_list
from tactician.interview.opening import ask_currency, ask_name, ask_running, ask_segments, ask_shares
from tactician.interview.progress import expected
from tactician.interview.prompting import Prompt, Save, Talk
from tactician.interview.review import review
from tactician.interview.slots import Slot
from tactician.interview.standing import Certainty
from tactician.presentation.words import listed, sentence

Question = tuple[Slot, ...]
TROUBLE = "trouble"
PATIENCE = 10
"""After so many more questions an offer that was declined is made again."""
WHY_STOP = (
    "The open questions were answered at random in 200 ways, typical answers more often; likely settled means that",
    "at most 5 in 100 of them lead to other tactics. Settled means that it is proved for every answer.",
    "More answers make the order, the costs and the reasons more certain. Nothing is lost by stopping.",
)
WELCOME = (
    "This asks about your business, and only what can change the advice. A number or a word is enough; every",
    "answer is kept as soon as you press Enter. At any question you can also type",
    *help_lines(),
)


class Outcome(StrEnum):
    """How an interview stands."""

    ASKING = "asking"
    FINISHED = "finished"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is asked: everything, whether it matters or not, or so many questions at most."""

    everything: bool = False
    most: int | None = None


class Session:
    """One interview. `wish` is the prompt to show, or the wish to save; `enter` answers it."""

    def __init__(
        self,
        desk: Desk,
        answers: Answers,
        keep: Callable[[e.Event], None],
        extent: Extent = Extent(),
        welcome: Sequence[str] = WELCOME,
    ) -> None:
        self.talk = Conversation(desk, answers, keep)
        self.extent = extent
        self.outcome = Outcome.ASKING
        self.wish: Prompt | Save | None = None
        self.talk.obey(Command.LIST, lambda: review(self.talk))
        self.talk.obey(Command.PLAN, self._show_plan)
        self.talk.say(*welcome)
        self._back = 0
        self._thread = self._run()
        self._advance(None)

    @property
    def answers(self) -> Answers:
        """Everything said so far."""
        return self.talk.answers

    def enter(self, text: str) -> None:
        """Answer the wish: with the line that was typed, or with what became of saving."""
        self._advance(text)

    def _advance(self, text: str | None) -> None:
        try:
            self.wish = next(self._thread) if text is None else self._thread.send(text)
        except StopIteration as stop:
            self.wish, self.outcome = None, stop.value

    def last_words(self) -> tuple[str, ...]:
        """What is left to show at the end."""
        return self.talk.unsaid()

    def _run(self) -> Talk[Outcome]:
        try:
            while not (yield from self._turn()):
                pass
        except Quit:
            return Outcome.QUIT
        return Outcome.FINISHED

    def _turn(self) -> Talk[bool]:
        """Ask one question, or offer to stop; whether the interview is finished."""
        question = self._again() or self._open_list()
        try:
            if not question and self.extent.most is not None and len(self.answers.trail) >= self.extent.most:
                return True
            question = question or self._opening()
            if not question and (yield from self._offer()):
                return True
            question = question or self.talk.standing.next_slots or self._rest()
            if not question:
                self.talk.say("", "There is nothing left to ask that could change the plan.")
                return True
            self._say_progress()
            yield from self._ask(question)
            self._back = 0
        except Back:
            self._step_back()
        except Changed:
            self._back = 0
        return False

    def _step_back(self) -> None:
        if self._back < len(self.answers.trail):
            self._back += 1
        else:
            self.talk.say("This is the first question.")

    def _again(self) -> Question:
        """The question that the owner went back to."""
        if not self._back:
            return ()
        slot = self.answers.trail[-self._back]
        names = [segment.name for segment in self.answers.segments]
        if slot.scope == "segment":
            return tuple(Slot(slot.fact, name) for name in names)
        return (slot,) if not slot.segment or slot.segment in names else ()

    def _open_list(self) -> Question:
        names = [segment.name for segment in self.answers.segments]
        return tuple(slot for slot in sorted(self.answers.open_lists) if slot.segment in names)[:1]

    def _opening(self) -> Question:
        """The first step of the opening that has not been taken."""
        for step in self.talk.desk.opening:
            question = self._step(step)
            if question:
                return question
        return ()

    def _step(self, step: str) -> Question:
        answers, empty = self.answers, self.talk.standing.empty
        if step in self.talk.desk.rulebase.vocabulary:
            names = [segment.name for segment in answers.segments] if step.startswith("segment.") else [""]
            return tuple(slot for name in names if (slot := Slot(step, name)) in empty)
        if step == "segments":
            wants_shares = len(answers.segments) > 1 and "shares" not in answers.done
            return (
                (Slot("shares" if wants_shares else step),)
                if wants_shares or step not in answers.done
                else ()
            )
        if step == TROUBLE:
            return tuple(
                slot for segment in answers.segments[:1] if (slot := Slot("pain", segment.name)) in empty
            )
        taken = {"name": answers.client, "currency": answers.currency, "running": answers.running is not None}
        return () if taken[step] else (Slot(step),)

    def _rest(self) -> Question:
        """With all questions wanted, the next one in the order of the vocabulary."""
        if not self.extent.everything:
            return ()
        empty = sorted(
            self.talk.standing.empty, key=lambda slot: (self.talk.desk.places.get(slot.fact, 0), slot)
        )
        lists = [slot for slot in empty if slot.is_list]
        facts = [slot for slot in empty if not slot.is_list]
        return tuple(slot for slot in facts if slot.fact == facts[0].fact) or tuple(lists[:1])

    def _ask(self, question: Question) -> Talk[None]:
        first = question[0]
        dialogs = {
            "name": ask_name, "currency": ask_currency, "segments": ask_segments, "shares": ask_shares,
            "running": ask_running,
        }  # fmt: skip
        if first.fact in dialogs:
            yield from dialogs[first.fact](self.talk)
        elif first.is_list:
            yield from ask_list(self.talk, first.segment, first.fact)
        elif first.item:
            yield from ask_slot(self.talk, first)
        else:
            yield from ask_fact(self.talk, first.fact, [slot.segment for slot in question])

    def _say_progress(self) -> None:
        asked = len(self.answers.trail)
        about = asked + expected(self.talk.standing, self._opening_left())
        self.talk.say("", f"Question {asked + 1} of about {about}")

    def _opening_left(self) -> int:
        return sum(bool(self._step(step)) for step in self.talk.desk.opening)

    def _offer(self) -> Talk[bool]:
        """Offer to stop when the top three are settled, as far as that has not been declined; whether to stop."""
        certainty = self.talk.standing.certainty
        asked = len(self.answers.trail)
        declined = self.answers.declined.get(certainty)
        if (
            self.extent.everything
            or certainty is Certainty.OPEN
            or (declined is not None and asked < declined + PATIENCE)
        ):
            return False
        records = self.talk.desk.rulebase.records
        names = listed([records[tactic].name for tactic in self.talk.standing.top])
        lines = ("", f"Your best three so far: {names}.", sentence(certainty_words(self.talk.standing)))
        options = ("stop here and show the plan", "go on")
        chosen = yield from self.talk.choose("offer", lines, options, lambda: WHY_STOP)
        if chosen != 1:
            return True
        self.talk.hear(e.WentOn(certainty.value, asked))
        return False

    def _show_plan(self) -> Talk[None]:
        self.talk.say("", *glance(self.talk.standing))
        yield from ()
