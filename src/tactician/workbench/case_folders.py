"""Where the cases of a rulebase are: beside its rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tactician.errors import UsageError
from tactician.facts.repository import rules_folder

BESIDE = ("tests/cases", "../tests/cases")
"""From the folder of the rules, in order of preference."""


def rulebase_folders(packs: Iterable[str]) -> tuple[Path, ...]:
    """The folders that make the rulebase: the shipped rules with these packs laid over them."""
    return (rules_folder(), *(Path(pack) for pack in packs))


def cases_for(path: str | None, folders: Sequence[Path]) -> Path:
    """The stated path of cases, else the cases beside the last folder; raises UsageError when there are none."""
    if path is not None:
        return Path(path)
    rules = folders[-1]
    for beside in BESIDE:
        found = rules / beside
        if found.is_dir():
            return _shown(found)
    raise UsageError(
        f"There are no cases beside {rules}.", "Name a case file or a folder, or put cases into tests/cases there."
    )


def _shown(path: Path) -> Path:
    """The path as a person would write it from here."""
    whole = path.resolve()
    here = Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else whole
