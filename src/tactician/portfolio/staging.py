"""Outputs that appear whole or not at all: written under a temporary name, and renamed together at the end."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from tactician.facts.storage import synchronise, told_as_unwritable

PART = ".part"


class Staging:
    """The outputs of one run, each under a temporary name beside its own until `commit`."""

    def __init__(self) -> None:
        self._staged: list[tuple[Path, Path]] = []
        self._stale: list[Path] = []

    def path(self, target: Path) -> Path:
        """Where to write what becomes `target`; nothing is there yet."""
        part = part_of(target)
        with told_as_unwritable(target):
            remove(part)
        self._staged.append((part, target))
        return part

    @property
    def targets(self) -> frozenset[Path]:
        """Every output that is written."""
        return frozenset(target for _, target in self._staged)

    def drop(self, target: Path) -> None:
        """An output of an earlier run that this one has nothing for."""
        self._stale.append(target)

    def commit(self) -> None:
        """Make everything durable and give it its name, in the order of `path`; raises CannotWrite."""
        for part, target in self._staged:
            with told_as_unwritable(target):
                for file in part.rglob("*") if part.is_dir() else [part]:
                    synchronise(file)
        for target in self._stale:
            with told_as_unwritable(target):
                remove(target)
        for part, target in self._staged:
            with told_as_unwritable(target):
                _rename(part, target)
        for folder in sorted({target.parent for _, target in self._staged}):
            synchronise(folder)

    def discard(self) -> None:
        """Leave nothing behind."""
        for part, _ in self._staged:
            with contextlib.suppress(OSError):
                remove(part)


def part_of(target: Path) -> Path:
    """The temporary name of an output: only the holder of its lock writes it."""
    return target.with_name(f".{target.name}{PART}")


def _rename(part: Path, target: Path) -> None:
    """A folder cannot replace a folder in one step: the old one steps aside first."""
    if not target.is_dir() or not part.is_dir():
        part.replace(target)
        return
    old = _aside(target)
    remove(old)
    target.replace(old)
    try:
        part.replace(target)
    except OSError:
        old.replace(target)
        raise
    remove(old)


def clean_up(targets: Iterable[Path]) -> None:
    """Remove what a run that died left behind, and put back what it had moved aside; raises CannotWrite."""
    for target in targets:
        with told_as_unwritable(target):
            remove(part_of(target))
            if target.exists():
                remove(_aside(target))
            elif _aside(target).exists():
                _aside(target).replace(target)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def remove(path: Path) -> None:
    """Delete a file or folder if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
