"""Leads `tactician ask`: where answers come from, where they are kept, and what is shown and written at the end."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from tactician import library
from tactician.cli.ask_resuming import offer, unfinished
from tactician.cli.ask_saving import Saver
from tactician.cli.ask_signals import Ended, ended_by_signals
from tactician.cli.commands import after_a_plan
from tactician.cli.output import STDOUT, for_screen
from tactician.errors import CannotWrite, ProblemsError, UsageError
from tactician.interview import journal as journals
from tactician.interview.agenda import Extent
from tactician.interview.answers import Answers
from tactician.interview.beginning import given
from tactician.interview.conducting import Ending, conduct
from tactician.interview.conversation import Back, Quit
from tactician.interview.desk import Desk
from tactician.interview.events import Event
from tactician.interview.journal import Beginning, Journal, Kept
from tactician.interview.lines import LinePrompter
from tactician.interview.prompting import InputEnded
from tactician.interview.session import WELCOME, Session
from tactician.interview.settings import apply_settings
from tactician.interview.standing import Standing
from tactician.interview.stating import said
from tactician.presentation.plan_page import plan_page
from tactician.presentation.words import count

WIDEST = 100


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command."""

    file: str | None
    output: str | None
    answers: str | None
    settings: tuple[str, ...]
    ask_all: bool
    most: int | None
    resume: str | None
    new: bool
    no_input: bool
    force: bool
    rules: tuple[str, ...]
    quiet: bool


class Asking:
    """One run of the command."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.is_terminal = sys.stdin.isatty() and not wishes.no_input
        width = shutil.get_terminal_size().columns if sys.stderr.isatty() else WIDEST
        self.prompter = LinePrompter(sys.stdin, sys.stderr, min(WIDEST, width), quiet=wishes.quiet)
        self.desk = Desk(library.open_rulebase(wishes.rules))
        self.saver = Saver(
            self.prompter if self.is_terminal else None,
            wishes.output or wishes.file,
            wishes.file,
            force=wishes.force,
        )
        self.journal = Journal("", None)
        self.standing = Standing(self.desk, Answers())
        self.welcome = WELCOME

    def run(self) -> None:
        """Ask, write, and print the plan."""
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        try:
            with ended_by_signals():
                self._talk_and_part()
        except Ended as ended:
            # It may have come while the last words were said: a terminal that closes ends the input first.
            self._say_goodbye()
            sys.exit(ended.exit_code)
        finally:
            self.journal.close()

    def _talk_and_part(self) -> None:
        try:
            self._talk()
        except Quit:
            self._say_goodbye()
        except KeyboardInterrupt:
            self._say_goodbye()
            raise click.Abort from None
        except CannotWrite:
            self._say_goodbye()
            raise

    def _talk(self) -> None:
        """Everything from the first question to the plan; raises Quit when the owner, or the terminal, has left."""
        try:
            self._begin()
            ending = Ending.FINISHED if self.wishes.no_input else self._ask()
            if ending is Ending.QUIT or (ending is Ending.INPUT_ENDED and self.is_terminal):
                raise Quit
            if self.standing.answers == Answers():
                hint = "Run it in a terminal, or give answers with --answers FILE or --set KEY=VALUE."
                raise UsageError("Nobody is there to answer, and nothing was given.", hint)
            self._finish()
        except (InputEnded, Back):
            raise Quit from None

    def _begin(self) -> None:
        kept = self._kept()
        if kept is not None:
            self._go_on(kept)
        else:
            self._start_anew()
        settings = self.wishes.settings
        answers = apply_settings(self.desk, self.standing.answers, settings, self._keep)
        self.standing = Standing(self.desk, answers)

    def _kept(self) -> Kept | None:
        if self.wishes.resume is not None:
            return journals.read(self.wishes.resume)
        if self.wishes.new or not self.is_terminal or self.wishes.answers:
            return None
        choices = [(kept, self._answers_of(kept)) for kept in unfinished(self.wishes.file)]
        return offer(self.prompter, choices) if choices else None

    def _answers_of(self, kept: Kept) -> Answers:
        mapping = kept.beginning.mapping
        return kept.answers(said(mapping, self.desk.rulebase.vocabulary) if mapping else Answers())

    def _go_on(self, kept: Kept) -> None:
        self.standing = Standing(self.desk, self._answers_of(kept))
        _ = self.standing.client
        self.saver.output = self.saver.output or kept.beginning.output or None
        self.saver.edited = kept.beginning.file or None
        self.saver.own = [kept.beginning.file] if self._is_as_it_was(kept.beginning) else []
        self.saver.check()
        self.journal = Journal.reopen(kept)
        self.welcome = (f"Welcome back. {self._kept_words('of yours')}; type list to see them.",)

    def _is_as_it_was(self, beginning: Beginning) -> bool:
        """Whether the client file that an interview edits still says what it said when that began."""
        try:
            return bool(beginning.file) and given(self.desk, beginning.file) == beginning.mapping
        except ProblemsError:
            return False

    def _start_anew(self) -> None:
        self.saver.check()
        source = self.wishes.answers or self.wishes.file
        mapping = given(self.desk, source) if source else {}
        if mapping:
            self.standing = Standing(self.desk, said(mapping, self.desk.rulebase.vocabulary))
        if self.wishes.no_input:
            return
        file = str(Path(self.wishes.file).resolve()) if self.wishes.file else ""
        output = str(Path(self.saver.output).resolve()) if self.saver.output not in (None, STDOUT) else ""
        self.journal = Journal.begin(Beginning(file, output, mapping))
        if self.journal.problem:
            self.prompter.show((f"Your answers cannot be kept between runs ({self.journal.problem}).",
                                "Type save now and then.", ""))  # fmt: skip

    def _keep(self, event: Event) -> None:
        self.journal.keep(event)

    def _ask(self) -> Ending:
        session = Session(
            self.desk, self.standing.answers, self._keep,
            Extent(self.wishes.ask_all, self.wishes.most), self.welcome,
        )  # fmt: skip

        def save() -> str:
            try:
                return self.saver.save(session.talk.standing)
            except CannotWrite as error:
                return str(error)
            except Back:
                return "Nothing was written."

        try:
            return conduct(session, self.prompter, save)
        finally:
            self.standing = session.talk.standing

    def _finish(self) -> None:
        self.prompter.show(tuple(filter(None, ("", self.saver.save(self.standing)))))
        self.journal.discard()
        if self.saver.output == STDOUT:
            return
        advice = library.plan(self.standing.client, self.desk.rulebase)
        commands = after_a_plan(self.saver.output or "FILE", [entry.id for entry in advice.tactics])
        sys.stdout.write(for_screen(plan_page(advice, None, commands), None))

    def _say_goodbye(self) -> None:
        """Where the answers are; nothing is kept of an interview without answers."""
        answered = len(self.standing.answers.trail)
        if not answered:
            self.journal.discard()
            return
        with contextlib.suppress(OSError):
            if self.journal.problem or not self.journal.name:
                self.prompter.show(("", "Your answers could not be kept; only what was saved is left."))
            else:
                words = f"{self._kept_words('so far')}. To go on, type:"
                self.prompter.show(("", words, f"  tactician ask --resume {self.journal.name}"))

    def _kept_words(self, which: str) -> str:
        answered = len(self.standing.answers.trail)
        return f"{count(answered, 'answer').capitalize()} {which} {'is' if answered == 1 else 'are'} kept"
