"""Signals that ask `tactician ask` to end, as exceptions, so that the last words can be said."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP")


class Ended(Exception):
    """A signal asks this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, a signal to end raises Ended."""
    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]

    def end(number: int, _: FrameType | None) -> None:
        # One is enough: another must not break into the last words.
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Ended(number)

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
