"""Where the rules and example clients that ship with the package are, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

from tactician.errors import TacticianError

PACKAGE = Path(__file__).parents[1]


def rules_folder() -> Path:
    """The folder of the shipped rulebase; raises TacticianError when the installation lacks it."""
    return _folder("rules")


def facts_folder() -> Path:
    """The folder of the shipped example clients; raises TacticianError when the installation lacks it."""
    return _folder("facts")


def teaching_folder() -> Path:
    """The folder of the small rulebase for teaching, a part of the package; its clients are in `facts`."""
    return PACKAGE / "teaching"


def _folder(name: str) -> Path:
    installed, checkout = PACKAGE / "_data" / name, PACKAGE.parents[1] / name
    for folder in (installed, checkout):
        if folder.is_dir():
            return folder
    raise TacticianError(
        f"The {name} that ship with tactician are missing: there is no folder {installed}.",
        "Install the package again: pip install --force-reinstall tactician",
    )
