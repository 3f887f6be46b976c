"""The words that are commands at every prompt."""

from __future__ import annotations

from enum import StrEnum

from tactician.facts.number_words import fold, is_unknown


class Command(StrEnum):
    """What can be typed at any prompt."""

    WHY = "?"
    SKIP = "skip"
    BACK = "back"
    LIST = "list"
    PLAN = "plan"
    SAVE = "save"
    QUIT = "quit"


PURPOSES = {
    Command.WHY: "why this is asked, and what each answer would do to the plan (or type why)",
    Command.SKIP: "you don't know, or would rather not say; it stays unknown",
    Command.BACK: "the question before",
    Command.LIST: "see all your answers, and change any of them",
    Command.PLAN: "the plan as it stands now",
    Command.SAVE: "write the client file now, and go on",
    Command.QUIT: "stop here; your answers are kept",
}
OTHER_WORDS = {"why": Command.WHY, "help": Command.WHY, "exit": Command.QUIT}
QUOTES = ('"', "'")


def command_in(text: str) -> Command | None:
    """The command that was typed, if it was one; `"plan"` in quotes is the word plan."""
    word = fold(text)
    if word in set(Command):
        return Command(word)
    if word in OTHER_WORDS:
        return OTHER_WORDS[word]
    return Command.SKIP if word and is_unknown(text) else None


def says_unknown(text: str) -> bool:
    """Whether one of several answers on a line says that nobody knows."""
    return bool(text.strip()) and (is_unknown(text) or command_in(text) is Command.SKIP)


def unquoted(text: str) -> str:
    """What was typed, without quotes around it."""
    text = " ".join(text.split())
    is_quoted = len(text) > 1 and text[0] in QUOTES and text[-1] == text[0]
    return text[1:-1].strip() if is_quoted else text


def help_lines() -> tuple[str, ...]:
    """What can be typed at any prompt."""
    return tuple(f"  {command:<6} {purpose}" for command, purpose in PURPOSES.items())
