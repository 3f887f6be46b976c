"""The two ways to live through a trace: step by step on a terminal, and as a quiz that also reads from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from tactician.errors import UsageError
from tactician.inference.tracing import Trace
from tactician.presentation.page import one_line
from tactician.presentation.terminal import clean
from tactician.presentation.tracing.quiz import Quiz
from tactician.presentation.tracing.stepping import Stepper


def check_terminal() -> None:
    """Raises UsageError when there is nobody to step through a trace."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "--step needs a terminal to talk to.",
            "Elsewhere use --full, --format html or --quiz.",
        )


def check_file(file: str | None, teaching: bool, answers: bool) -> None:
    """Raises UsageError when there is no client, or when stdin would be both the client and the answers."""
    if file is None and not teaching:
        raise UsageError("Which client?", "Name a client file, or add --teaching.")
    if file == "-" and answers:
        raise UsageError("stdin cannot be both the client and the answers.", "Name a client file.")


def walk(trace: Trace) -> None:
    """Step through a trace until the person leaves."""
    stepper = Stepper(trace)
    _say(["Type h for all commands, Enter to let the first activation fire, q to leave.", *stepper.here()])
    while not stepper.done:
        line = _read("trace> ")
        if line is None:
            return
        _say(stepper.answer(line))


def ask(trace: Trace, cycles: int) -> None:
    """Ask about so many cycles of a trace, two questions each, until they or the answers run out."""
    quiz = Quiz(trace, cycles)
    if quiz.over:
        raise UsageError(
            "No cycle of this trace leaves anything to guess.", "Try another client or strategy."
        )
    while not quiz.over:
        _say(quiz.text())
        asked = quiz.asked
        while quiz.asked == asked:
            line = _read("> ")
            if line is None or line.strip().lower() in ("q", "quit"):
                _say([quiz.score()])
                return
            _say(quiz.answer(line))
    _say([quiz.score()])


def _read(prompt: str) -> str | None:
    """A line somebody typed; None at the end of the input."""
    try:
        return input(prompt)
    except EOFError:
        print()
        return None


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        print(indent + clean(one_line(line)), flush=True)
