"""Keeps checked rulebases in the user's cache folder, so that the same files are checked only once.

A cached rulebase is data with a checksum; a file that is missing, torn or foreign counts as absent, and a folder
that cannot be written is left alone. TACTICIAN_CACHE names another folder, or `off`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from tactician.knowledge.frozen import freeze, thaw
from tactician.knowledge.rules import Rulebase

VARIABLE = "TACTICIAN_CACHE"
KEPT = 8
"""Rulebases that are kept, the latest first."""


def key_of(digest: str, shown: Iterable[str]) -> str:
    """What decides how a loading ends: the files, the names people are shown, and the code that reads them."""
    return hashlib.sha256("\0".join((digest, _code(), *shown)).encode()).hexdigest()


def recall(key: str) -> Rulebase | None:
    """The rulebase that was kept under a key, if any."""
    folder = _folder()
    if folder is None:
        return None
    try:
        checksum, _, text = _file(folder, key).read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() == checksum:
            return thaw(text.decode())
    except (OSError, ValueError):
        pass
    return None


def keep(key: str, rulebase: Rulebase) -> None:
    """Keeps a rulebase under a key, if the folder can be written."""
    import tempfile  # noqa: PLC0415 (only once for the same files)

    folder = _folder()
    if folder is None:
        return
    text = freeze(rulebase).encode()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
            unfinished = Path(file.name)
            try:
                file.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
                file.close()
                unfinished.replace(_file(folder, key))
            finally:
                unfinished.unlink(missing_ok=True)
        _prune(folder)


def _file(folder: Path, key: str) -> Path:
    return folder / f"rulebase-{key[:32]}.json"


def _prune(folder: Path) -> None:
    kept = sorted(folder.glob("rulebase-*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in kept[KEPT:]:
        file.unlink(missing_ok=True)


def _folder() -> Path | None:
    stated = os.environ.get(VARIABLE, "")
    if stated == "off":
        return None
    return Path(stated) if stated else user_cache_path("tactician", appauthor=False)


@cache
def _code() -> str:
    """A digest of the modules that turn files into a rulebase."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    for file in sorted((*package.glob("*.py"), *package.glob("facts/*.py"), *package.glob("knowledge/*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()
