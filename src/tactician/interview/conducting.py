"""Conducts a session with a Prompter: shows, reads, saves; ends when the session does or nothing more is typed."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from tactician.interview.prompting import InputEnded, Prompter, Save
from tactician.interview.session import Outcome, Session


class Ending(StrEnum):
    """How a conversation ended."""

    FINISHED = "finished"
    QUIT = "quit"
    INPUT_ENDED = "input ended"


def conduct(session: Session, prompter: Prompter, save: Callable[[], str]) -> Ending:
    """Lead a session to its end; `save` writes the client file and says what became of it."""
    while session.wish is not None:
        if isinstance(session.wish, Save):
            session.enter(save())
            continue
        prompter.show(session.wish.lines)
        try:
            text = prompter.read(session.wish.cue)
        except InputEnded:
            return Ending.INPUT_ENDED
        session.enter(text)
    prompter.show(session.last_words())
    return Ending.FINISHED if session.outcome is Outcome.FINISHED else Ending.QUIT
