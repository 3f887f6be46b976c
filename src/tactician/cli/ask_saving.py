"""Where `tactician ask` writes the answers, and what it asks before."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tactician.cli.output import STDOUT
from tactician.errors import TacticianError
from tactician.interview.beginning import comments_of
from tactician.interview.commands import Command, command_in, unquoted
from tactician.interview.conversation import Quit
from tactician.interview.prompting import Prompter
from tactician.interview.standing import Standing
from tactician.interview.stating import state
from tactician.interview.writing import client_text
from tactician.presentation.file_names import slug
from tactician.presentation.whole_files import write_whole


class Saver:
    """Writes the client file; `edited` is the file that the interview began with."""

    def __init__(self, prompter: Prompter | None, output: str | None, edited: str | None) -> None:
        self.prompter = prompter
        self.output = output
        self.edited = edited

    def text(self, standing: Standing) -> str:
        """The client file that the answers give, in the format of its name."""
        if self.output and Path(self.output).suffix.lower() == ".json":
            return json.dumps(state(standing.counted.answers), ensure_ascii=False, indent=2) + "\n"
        comments = comments_of(standing.desk, self.edited, standing.answers) if self.edited else {}
        return client_text(standing.answers, standing.counted, standing.desk.rulebase.vocabulary, comments)

    def save(self, standing: Standing) -> str:
        """Write the file, asking for its name where none was given; what became of it, in words.

        Raises Quit, InputEnded, and CannotWrite when the name was given.
        """
        if self.output is None and self.prompter is None:
            return ""
        if self.output is not None:
            self._write(self.output, standing)
        while self.output is None:
            chosen = self._choose(f"{slug(standing.answers.client, 'my-business')}.yaml")
            try:
                self._write(chosen, standing)
                self.output = chosen
            except TacticianError as error:
                assert self.prompter is not None
                self.prompter.show((str(error),))
        return "" if self.output == STDOUT else f"Wrote {self.output}."

    def _write(self, output: str, standing: Standing) -> None:
        text = self.text(standing)
        if output == STDOUT:
            sys.stdout.write(text)
        else:
            write_whole(Path(output), text)

    def _choose(self, usual: str) -> str:
        """The name of a file that does not exist, or may be replaced."""
        assert self.prompter is not None
        refused = ""
        while True:
            words = (
                f"Press Enter for {usual}, or type another name."
                if not Path(usual).exists()
                else "Type a name."
            )
            self.prompter.show(("", f"In which file shall your answers be kept? {words}"))
            typed = self.prompter.read("File: ")
            if command_in(typed) in (Command.QUIT, Command.BACK):
                raise Quit
            name = unquoted(typed) or (usual if not Path(usual).exists() else "")
            if name and (not Path(name).exists() or name == refused):
                return name if Path(name).suffix else f"{name}.yaml"
            if name:
                refused = name
                self.prompter.show((f"{name} is there already. Type the name again to replace it.",))
