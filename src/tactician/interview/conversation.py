"""The thread of an interview: asks prompt after prompt, and obeys commands in between. Free of input and output."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tactician.errors import InvalidClient
from tactician.interview.answers import Answers
from tactician.interview.commands import Command, command_in
from tactician.interview.desk import Desk
from tactician.interview.events import Event
from tactician.interview.happening import after
from tactician.interview.prompting import Prompt, Save, Talk
from tactician.interview.standing import Standing

Explain = Callable[[], Sequence[str]]
"""Says why something is asked."""


class Back(Exception):
    """The owner wants the question before."""


class Quit(Exception):
    """The owner wants to stop."""


class Changed(Exception):
    """Answers were changed in between, so that something else may have to be asked."""


class Conversation:
    """What is known, and how to ask for more. Every event is handed to `keep` before it counts."""

    def __init__(self, desk: Desk, answers: Answers, keep: Callable[[Event], None]) -> None:
        self.desk = desk
        self.standing = Standing(desk, answers)
        self.reviewing = False
        self._keep = keep
        self._said: list[str] = []
        self._asked: Sequence[str] | None = None
        self._commands: dict[Command, Callable[[], Talk[None]]] = {}

    @property
    def answers(self) -> Answers:
        """Everything said so far."""
        return self.standing.answers

    def say(self, *lines: str) -> None:
        """Show some lines before the next prompt."""
        self._said += lines

    def unsaid(self) -> tuple[str, ...]:
        """The lines that no prompt came after."""
        return tuple(self._said)

    def hear(self, *events: Event) -> bool:
        """Let events count, unless they give no valid client: then says why, and nothing has changed."""
        standing = Standing(self.desk, after(self.answers, *events))
        try:
            _ = standing.client
        except InvalidClient as error:
            self.say(*(f"{_sentence(problem.what)} {problem.hint}".rstrip() for problem in error.problems))
            return False
        for event in events:
            self._keep(event)
        self.standing = standing
        return True

    def obey(self, command: Command, action: Callable[[], Talk[None]]) -> None:
        """What to do when a command is typed."""
        self._commands[command] = action

    def ask(self, kind: str, lines: Sequence[str], cue: str, why: Explain) -> Talk[str | None]:
        """What is typed at a prompt that is not a command; None when the owner does not know.

        The same lines are not shown twice in a row: what was wrong with an answer stands right above the cursor.
        Raises Back, Quit, or Changed when answers were changed in between.
        """
        while True:
            text = yield Prompt((*self._said, *(() if lines is self._asked else lines)), cue, kind)
            self._said = []
            self._asked = lines
            command = command_in(text)
            if command is None:
                return text
            self._asked = None
            if command is Command.SKIP:
                return None
            if command is Command.BACK:
                raise Back
            if command is Command.QUIT:
                raise Quit
            if command is Command.WHY:
                self.say("", *why())
            else:
                yield from self._obey(command)

    def _obey(self, command: Command) -> Talk[None]:
        before = self.answers
        if command is Command.SAVE:
            self.say((yield Save()))
        else:
            yield from self._commands[command]()
        if self.answers != before:
            raise Changed

    def choose(
        self, kind: str, lines: Sequence[str], options: Sequence[str], why: Explain
    ) -> Talk[int | None]:
        """The place of the option that is chosen by its number, from 0; None for skip or nothing typed."""
        shown = [*lines, *(f"  {place}. {option}" for place, option in enumerate(options, start=1))]
        while True:
            text = yield from self.ask(kind, shown, f"Number 1-{len(options)}: ", why)
            if text is None or not text.strip():
                return None
            word = text.strip().rstrip(".")
            if word.isdecimal() and 1 <= int(word) <= len(options):
                return int(word) - 1
            self.say(f"There is no {word}. Type a number from 1 to {len(options)}.")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."
