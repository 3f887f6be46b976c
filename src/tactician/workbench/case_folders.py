"""Where the cases of a rulebase are: beside its rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tactician.errors import UsageError
from tactician.facts.client import Client
from tactician.facts.reading import ClientReader
from tactician.facts.repository import facts_folder, rules_folder
from tactician.knowledge.packs import FOLDERS, TOP_FILES
from tactician.knowledge.rules import Rulebase

INSIDE, BESIDE = "tests/cases", "../tests/cases"
"""From the folder of the rules: in a pack, and in a checkout of the shipped rules."""

OF_A_CHECKOUT = (
    "Those of the shipped rules are in a checkout of the project (pip install -e .). Or add --rules PACK."
)
OF_A_PACK = "Name a case file or a folder, or draft some: tactician rules draft --rules PACK"


def rulebase_folders(packs: Iterable[str]) -> tuple[Path, ...]:
    """The folders that make the rulebase: the shipped rules with these packs laid over them."""
    return (rules_folder(), *(Path(pack) for pack in packs))


def shown_folder(folders: Sequence[Path]) -> str:
    """What places in files of the last folder start with."""
    return "rules/" if len(folders) == 1 else f"{folders[-1].as_posix()}/"


def pack_folders(folders: Sequence[Path]) -> tuple[str, ...]:
    """What places in files of the packs start with, which are laid over the first folder."""
    return tuple(f"{folder.as_posix()}/" for folder in folders[1:])


def cases_folder(stated: str | None, folders: Sequence[Path]) -> Path:
    """The stated folder, else the one beside the last folder of rules, whether or not there are cases in it."""
    if stated is not None:
        return Path(stated)
    return _shown(folders[-1] / (BESIDE if len(folders) == 1 else INSIDE))


def cases_for(path: str | None, folders: Sequence[Path]) -> Path:
    """The stated path of cases, else the cases beside the last folder; raises UsageError when there are none.

    Also when a pack of rules is stated, which is not a folder of cases.
    """
    if path is not None:
        if _is_pack(Path(path)):
            hint = f"Write --rules {path} instead: its cases are found in {Path(path, INSIDE)}."
            raise UsageError(f"{path} is a pack of rules, not a folder of cases.", hint)
        return Path(path)
    found = cases_folder(None, folders)
    if found.is_dir():
        return found
    raise UsageError(f"There are no cases in {found}.", OF_A_CHECKOUT if len(folders) == 1 else OF_A_PACK)


def drafts_folder(stated: str | None, folders: Sequence[Path]) -> Path:
    """Where drafts go: for a pack into a new folder if need be; raises UsageError outside a checkout."""
    return cases_for(stated, folders) if len(folders) == 1 else cases_folder(stated, folders)


def read_clients(path: str | None, rulebase: Rulebase) -> tuple[Client, ...]:
    """The clients in a file or in a folder of files, else the example clients; raises ProblemsError."""
    where = facts_folder() if path is None else Path(path)
    files = sorted(where.glob("*.yaml")) if where.is_dir() else [where]
    reader = ClientReader(rulebase.vocabulary, rulebase.parameters)
    return tuple(reader.read(file) for file in files)


def _is_pack(folder: Path) -> bool:
    """Whether a folder holds rules, and cases inside: the folders of cases have the names of those of rules."""
    return (folder / INSIDE).is_dir() and any((folder / name).exists() for name in (*FOLDERS, *TOP_FILES))


def _shown(path: Path) -> Path:
    """The path as a person would write it from here."""
    whole, here = path.resolve(), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else whole
