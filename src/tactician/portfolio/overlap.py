"""Tells whether an input is, or lies in, what a run will replace, by whatever name it goes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

Identity = Path | tuple[int, int]
"""A path without links, or the number of a file on its device: that holds where capitals do not count."""


class Replaced:
    """The files and folders that a run will replace."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._known = {identity for path in paths for identity in _identities(_real(path))}
        self._folders: dict[Path, bool] = {}

    def holds(self, path: Path) -> bool:
        """Whether a path is one of them."""
        return not self._known.isdisjoint(_identities(_real(path)))

    def covers(self, path: Path) -> bool:
        """Whether a path is one of them, or lies in one."""
        return self.holds(path) or self._covers_folder(_real(path).parent)

    def _covers_folder(self, folder: Path) -> bool:
        if folder not in self._folders:
            above = folder.parent
            self._folders[folder] = self.holds(folder) or (above != folder and self._covers_folder(above))
        return self._folders[folder]


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _identities(path: Path) -> Iterator[Identity]:
    yield path
    try:
        found = path.stat()
    except OSError:
        return
    yield found.st_dev, found.st_ino
