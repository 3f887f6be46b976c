"""An interview from the first question to the last, as a machine that is fed lines; free of input and output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from tactician.interview import events as e
from tactician.interview.agenda import WHAT_MATTERS, Extent, Question, asked_before, following, pending
from tactician.interview.answers import Answers
from tactician.interview.asking import ask_fact
from tactician.interview.commands import Command, help_lines
from tactician.interview.conversation import Back, Changed, Conversation, Quit
from tactician.interview.desk import COMPLETIONS, Desk
from tactician.interview.glance import certainty_words, glance
from tactician.interview.item_asking import ask_slot
from tactician.interview.listing import ask_list
from tactician.interview.opening import ask_currency, ask_name, ask_running, ask_segments, ask_shares
from tactician.interview.progress import total
from tactician.interview.prompting import Prompt, Save, Talk
from tactician.interview.review import review
from tactician.interview.standing import MAY_CHANGE, Certainty
from tactician.presentation.words import listed, sentence

PATIENCE = 10
"""After so many more questions an offer that was declined is made again."""
SITTING = 25
"""After so many questions, some ten minutes, stopping is offered even though the top three are still open."""
INTERIM = 10
"""After so many questions it is said how things stand."""
WHY_STOP = (
    f"The open questions were answered at random in {COMPLETIONS} ways, typical answers more often; "
    f"likely settled means that at most {100 * MAY_CHANGE:.0f} in 100 of them lead to other tactics. "
    "Settled means that it is proved for every answer.",
    "More answers make the order, the costs and the reasons more certain. Nothing is lost by stopping.",
)
WELCOME = (
    "This asks about your business, and only what can change the advice. A number or a word is enough. "
    "Every answer is kept as soon as you press Enter. At any question you can also type",
    *help_lines(),
)


class Outcome(StrEnum):
    """How an interview stands."""

    ASKING = "asking"
    FINISHED = "finished"
    QUIT = "quit"


class Session:
    """One interview. `wish` is the prompt to show, or the wish to save; `enter` answers it."""

    def __init__(
        self,
        desk: Desk,
        answers: Answers,
        keep: Callable[[e.Event], None],
        extent: Extent = WHAT_MATTERS,
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
        question = self._again()
        try:
            if not question and self.extent.is_reached(self.answers) and not self.answers.open_lists:
                return True
            question = question or pending(self.talk.standing)
            if not question and (yield from self._offer()):
                return True
            question = question or following(self.talk.standing, self.extent)
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
        return asked_before(self.talk.standing, self._back) if self._back else ()

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
            if len(self.answers.segments) > 1:
                self.talk.say(f"About {first.segment}:")
            yield from ask_slot(self.talk, first)
        else:
            yield from ask_fact(self.talk, first.fact, [slot.segment for slot in question])

    def _say_progress(self) -> None:
        number = len(self.answers.trail) + 1 - self._back
        again = ", again" if self._back else ""
        self.talk.say("", f"Question {number} of about {total(self.talk.standing)}{again}")
        if not self._back and number % INTERIM == 0 and not pending(self.talk.standing):
            self.talk.say(f"Your best three so far: {self._best()}. (Type plan for more.)")

    def _best(self) -> str:
        records = self.talk.desk.rulebase.records
        return listed([records[tactic].name for tactic in self.talk.standing.top])

    def _offer(self) -> Talk[bool]:
        """Offer to stop when the top three are settled, or after a sitting; whether to stop."""
        certainty = self.talk.standing.certainty
        asked = len(self.answers.trail)
        declined = self.answers.declined.get(certainty)
        soonest = SITTING if certainty is Certainty.OPEN else 0
        if self.extent.everything or asked < (soonest if declined is None else declined + PATIENCE):
            return False
        lines = ("", f"Your best three: {self._best()}.", sentence(certainty_words(self.talk.standing)))
        options = ("stop here and show the plan", "go on")
        chosen = yield from self.talk.choose("offer", lines, options, lambda: WHY_STOP)
        if chosen == 0 or (chosen is None and certainty is not Certainty.OPEN):
            return True
        self.talk.hear(e.WentOn(certainty.value, asked))
        return False

    def _show_plan(self) -> Talk[None]:
        self.talk.say("", *glance(self.talk.standing))
        yield from ()
