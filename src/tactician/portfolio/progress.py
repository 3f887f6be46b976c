"""Tells on a stream how far a batch is, how fast it goes and how long it will take."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

SHOWN_AFTER = 1.0
REDRAWN_EVERY = 0.2
LINE_EVERY = 10.0
"""Where nobody watches, a plain line now and then."""


@dataclass
class Progress:
    """Counts clients against the size of all inputs."""

    total_bytes: int
    is_on: bool = True
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    _bytes: int = 0
    _skipped: int = 0
    _skipped_bytes: int = 0
    _drawn: float = 0.0
    _is_shown: bool = False

    def __post_init__(self) -> None:
        self._started = self.clock()

    def skip(self, size: int) -> None:
        """One client that an earlier run has done."""
        self.done += 1
        self._skipped += 1
        self._bytes += size
        self._skipped_bytes += size

    def advance(self, size: int) -> None:
        """One client more."""
        self.done += 1
        self._bytes += size
        now = self.clock()
        pause = REDRAWN_EVERY if self.stream.isatty() else LINE_EVERY
        if self.is_on and now - self._started > SHOWN_AFTER and now - self._drawn > pause:
            self._drawn = now
            self._draw(now - self._started)

    def reach(self, done: int) -> None:
        """So many clients are done, where `total_bytes` counts clients."""
        step = done - self.done
        self.done = done - 1
        self.advance(step)

    def _draw(self, elapsed: float) -> None:
        share = min(1.0, self._bytes / self.total_bytes) if self.total_bytes else 0.0
        parts = [
            f"{self.done:,} client{'' if self.done == 1 else 's'}",
            f"{(self.done - self._skipped) / elapsed:,.0f} a second",
        ]
        fresh = self._bytes - self._skipped_bytes
        if self.total_bytes and fresh:
            left = elapsed * max(0, self.total_bytes - self._bytes) / fresh
            parts = [f"{share:.0%}", *parts, f"{_duration(left)} left"]
        text = ", ".join(parts)
        if self.stream.isatty():
            self.stream.write(f"\r{text}\x1b[K")
            self._is_shown = True
        else:
            self.stream.write(f"{text}\n")
        self.stream.flush()

    def end(self) -> None:
        """Leave the line clean."""
        if self._is_shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self._is_shown = False


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
