"""Where `tactician ask` writes the answers, and what it asks before."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

from tactician.cli.output import STDOUT, check_free, is_one_file
from tactician.errors import TacticianError
from tactician.interview.beginning import comments_of
from tactician.interview.commands import Command, command_in, unquoted
from tactician.interview.conversation import Back, Quit
from tactician.interview.prompting import Prompter
from tactician.interview.standing import Standing
from tactician.interview.stating import state
from tactician.interview.writing import client_text
from tactician.presentation.file_names import slug
from tactician.presentation.whole_files import write_whole


class Saver:
    """Writes the client file; `edited` is the one that the interview began with, `prompter` None if nobody types.

    A file that is there already is replaced if it is one of its `own`, or if the owner says so.
    """

    def __init__(
        self, prompter: Prompter | None, output: str | None, edited: str | None, *, force: bool = False
    ) -> None:
        self.prompter = prompter
        self.output = output
        self.edited = edited
        self.force = force
        self.own = [edited] if edited else []

    def text(self, standing: Standing) -> str:
        """The client file that the answers give, in the format of its name."""
        if self.output and Path(self.output).suffix.lower() == ".json":
            return json.dumps(state(standing.counted.answers), ensure_ascii=False, indent=2) + "\n"
        comments = comments_of(standing.desk, self.edited, standing.answers) if self.edited else {}
        return client_text(standing.answers, standing.counted, standing.desk.rulebase.vocabulary, comments)

    def check(self) -> None:
        """Raises UsageError when the file is there already and nobody can be asked whether to replace it."""
        if self.prompter is None and self.output is not None and self._is_taken(self.output):
            check_free(self.output)

    def save(self, standing: Standing) -> str:
        """Write the file, asking for its name where it is not given or taken; what became of it, in words.

        Raises Back, Quit, InputEnded, UsageError, and CannotWrite when the name was given.
        """
        self.check()
        if self.prompter is None and self.output is None:
            return "No file was named with -o: your answers are not kept."
        if self.prompter is None or (self.output is not None and not self._is_taken(self.output)):
            self._write(str(self.output), standing)
        else:
            self._ask_where(self.prompter, standing)
        return "" if self.output == STDOUT else f"Wrote {self.output}."

    def _is_taken(self, name: str) -> bool:
        own = any(is_one_file(name, each) for each in self.own)
        return name != STDOUT and Path(name).is_file() and not (self.force or own)

    def _ask_where(self, prompter: Prompter, standing: Standing) -> None:
        """Ask for a name until the file is written."""
        before = self.output
        while True:
            self.output = self._choose(
                prompter, before or f"{slug(standing.answers.client, 'my-business')}.yaml"
            )
            try:
                self._write(self.output, standing)
                return
            except TacticianError as error:
                self.output = before
                prompter.show((str(error),))

    def _write(self, output: str, standing: Standing) -> None:
        text = self.text(standing)
        if output == STDOUT:
            sys.stdout.write(text)
        else:
            write_whole(Path(output), text)
            self.own.append(output)

    def _choose(self, prompter: Prompter, usual: str) -> str:
        """The name of a file that is not there, or may be replaced."""
        refused, free = (usual, "") if self._is_taken(usual) else ("", usual)
        words = (
            f"Press Enter for {usual}, or type another name."
            if free
            else f"{usual} is there already. Type its name to replace it, or another name."
        )
        prompter.show(("", "In which file shall your answers be kept?", words))
        while True:
            typed = prompter.read("File: ")
            match command_in(typed):
                case Command.QUIT:
                    raise Quit
                case Command.BACK:
                    raise Back
                case None:
                    name = _whole(unquoted(typed)) or free
                case _:
                    name = ""
            if name and (name == refused or not self._is_taken(name)):
                return name
            refused = name or refused
            again = f"{name} is there already. Type its name again to replace it."
            prompter.show(
                (again if name else f"{words} With quit nothing is written; your answers are kept.",)
            )


def _whole(name: str) -> str:
    """The name as it was typed, with a home folder and an ending where they are left to guess."""
    with contextlib.suppress(RuntimeError):
        name = name and str(Path(name).expanduser())
    return f"{name}.yaml" if name and not Path(name).suffix else name
