"""What everything that writes files shares: refusals told in our words, and surviving a loss of power."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tactician.errors import CannotWrite


@contextmanager
def told_as_unwritable(path: Path) -> Iterator[None]:
    """Turns an error of the operating system into CannotWrite, which names the file."""
    try:
        yield
    except OSError as error:
        hint = "Check the path, your permissions and the space left."
        if not path.parent.exists():
            hint = f"The folder {path.parent} does not exist; make it first."
        reason = error.strerror or str(error) or type(error).__name__
        raise CannotWrite(f"{path} could not be written: {reason}.", hint) from error


def synchronise(path: Path) -> None:
    """Make a file or folder survive a loss of power; not every file system can do it for folders."""
    if path.is_dir():
        with contextlib.suppress(OSError):
            _synchronise(path)
    else:
        _synchronise(path)


def _synchronise(path: Path) -> None:
    # Windows synchronises only what is open for writing; folders cannot be opened so anywhere.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
