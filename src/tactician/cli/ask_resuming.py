"""Which interview `tactician ask` goes on with: one that was left unfinished, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tactician.interview import journal as journals
from tactician.interview.answers import Answers
from tactician.interview.commands import Command, command_in
from tactician.interview.conversation import Quit
from tactician.interview.journal import Kept
from tactician.interview.prompting import Prompter
from tactician.interview.stating import NO_NAME
from tactician.presentation.words import count

MOST = 9


def unfinished(file: str | None) -> list[Kept]:
    """The interviews that were left, of this client file, or of none; the latest first."""
    wanted = str(Path(file).resolve()) if file else ""
    return [kept for kept in journals.kept() if kept.beginning.file == wanted and kept.events][:MOST]


def offer(prompter: Prompter, choices: Sequence[tuple[Kept, Answers]]) -> Kept | None:
    """The interview that the owner wants to go on with; None for a new one. Raises Quit and InputEnded."""
    lines = ["You have an unfinished interview:" if len(choices) == 1 else "You have unfinished interviews:"]
    for place, (_, answers) in enumerate(choices, start=1):
        answered = count(len(answers.trail), "question")
        lines.append(f"  {place}. go on with {answers.client or NO_NAME} ({answered} answered)")
    lines.append(f"  {len(choices) + 1}. begin a new one")
    prompter.show(tuple(lines))
    while True:
        word = prompter.read(f"Number 1-{len(choices) + 1} (Enter for 1): ").strip().rstrip(".")
        if command_in(word) is Command.QUIT:
            raise Quit
        if not word or (word.isdecimal() and 1 <= int(word) <= len(choices)):
            return choices[int(word or 1) - 1][0]
        if word == str(len(choices) + 1):
            return None
        prompter.show((f"Type a number from 1 to {len(choices) + 1}, or quit.",))
