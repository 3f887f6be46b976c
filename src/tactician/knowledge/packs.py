"""Finds the files of a rulebase folder, within bounds and in a fixed order; knows names, not content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tactician.errors import Place, Problem, ProblemsError, did_you_mean
from tactician.facts.building import SIZE_VARIABLE, from_environment
from tactician.facts.opening import read_bytes

PACK_LIMIT = 5 * 1024 * 1024
"""Bytes that the files of one folder may have together."""
ENDING = ".yaml"
TOP_FILES = ("vocabulary.yaml", "parameters.yaml", "sources.yaml")
FAMILY_OF = {
    "acquisition": "acquisition", "service": "service", "retention": "retention", "upsell": "upsell",
    "levers": "lever", "improvements": "improvement",
}  # fmt: skip
"""The family whose records a folder holds."""
FOLDERS = ("derived", "needs", *FAMILY_OF, "process")
BESIDES = ("docs", "facts", "tests")
"""Folders that may lie beside the rules and are not read."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file as it lies in a pack: its name there, the name people are shown, and its bytes."""

    name: str
    shown: str
    data: bytes


def read_pack(folder: Path, shown: str, problems: list[Problem]) -> list[PackFile]:
    """The rule files of a folder, by folder and then by name; notes what is missing, misplaced or too large."""
    most = from_environment(SIZE_VARIABLE, PACK_LIMIT)
    files: list[PackFile] = []
    total = 0
    for name in _names(folder, shown, problems):
        try:
            data = read_bytes(folder / name, limit=most, noun="rule file")
        except ProblemsError as error:
            problems.extend(error.problems)
            continue
        total += len(data)
        if total > most:
            hint = f"Set {SIZE_VARIABLE} to a higher number if this is meant."
            what = f"a rule pack may have {most:,} bytes, and this has more"
            problems.append(Problem(Place(shown), "", what, hint))
            break
        files.append(PackFile(name, f"{shown}/{name}", data))
    return files


def digest_of(packs: Iterable[Iterable[PackFile]]) -> str:
    """SHA-256 over the names and bytes of all files, pack by pack."""
    digest = hashlib.sha256()
    for number, pack in enumerate(packs):
        for file in sorted(pack, key=lambda file: file.name):
            digest.update(f"{number}\0{file.name}\0{len(file.data)}\0".encode())
            digest.update(file.data)
    return digest.hexdigest()


def _names(folder: Path, shown: str, problems: list[Problem]) -> Iterator[str]:
    if not folder.is_dir():
        problems.append(Problem(Place(shown), "", "there is no such folder"))
        return
    for file in _yaml_files(folder, shown, problems):
        if file in TOP_FILES:
            yield file
        else:
            hint = did_you_mean(file, TOP_FILES) or f"Rules lie in a folder: {', '.join(FOLDERS)}."
            problems.append(Problem(Place(f"{shown}/{file}"), "", "a rulebase has no such file", hint))
    inner = sorted(
        entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")
    )
    for name in (name for name in inner if name not in FOLDERS and name not in BESIDES):
        hint = did_you_mean(name, FOLDERS) or f"Its folders are {', '.join(FOLDERS)}."
        problems.append(Problem(Place(f"{shown}/{name}"), "", "a rulebase has no such folder", hint))
    for name in (name for name in FOLDERS if name in inner):
        yield from (f"{name}/{file}" for file in _yaml_files(folder / name, f"{shown}/{name}", problems))
        for deeper in sorted(entry.name for entry in (folder / name).iterdir() if entry.is_dir()):
            what = "rule files lie directly in their folder, not in one below it"
            problems.append(Problem(Place(f"{shown}/{name}/{deeper}"), "", what))


def _yaml_files(folder: Path, shown: str, problems: list[Problem]) -> list[str]:
    names = sorted(
        entry.name for entry in folder.iterdir() if not (entry.is_dir() or entry.name.startswith("."))
    )
    rules = [name for name in names if name.lower().endswith((".yaml", ".yml", ".json"))]
    for name in (name for name in rules if not name.endswith(ENDING)):
        problems.append(Problem(Place(f"{shown}/{name}"), "", f"rule files end in {ENDING}", "Rename it."))
    return [name for name in rules if name.endswith(ENDING)]
