"""From folders of YAML to a checked, stratified and frozen Rulebase; tells everything that is wrong at once."""

from __future__ import annotations

from pathlib import Path

from tactician.errors import InvalidRulebase, Problem, UsageError
from tactician.facts.repository import rules_folder
from tactician.knowledge.cache import keep, key_of, recall
from tactician.knowledge.packs import PackFile, digest_of, read_pack
from tactician.knowledge.rules import Rulebase


def load_rulebase(*folders: str | Path) -> Rulebase:
    """The rulebase in a folder, with the folders after it laid over it; without any, the shipped one.

    A fact, source, derived fact, record or file of rules that a later folder gives again replaces the earlier
    one; parameters merge by key. Raises InvalidRulebase with every problem found, UsageError for what is no path.
    """
    problems: list[Problem] = []
    chosen = tuple(_path(folder) for folder in folders) or (rules_folder(),)
    shown = [shown_name(folder) for folder in chosen]
    packs = [read_pack(folder, name, problems) for folder, name in zip(chosen, shown, strict=True)]
    if problems:
        return _assembled(packs, shown[0], digest_of(packs), problems)
    digest = digest_of(packs)
    key = key_of(digest, shown)
    known = recall(key)
    if known is None:
        known = _assembled(packs, shown[0], digest, problems)
        keep(key, known)
    return known


def _path(folder: str | Path) -> Path:
    if isinstance(folder, str | Path):
        return Path(folder)
    raise UsageError(
        f"A value of type {type(folder).__name__} is no folder of rules.", "Give each folder as a path."
    )


def shown_name(folder: Path) -> str:
    """What the names of the files in a folder of rules start with, wherever it is installed."""
    return "rules" if folder == rules_folder() else folder.as_posix()


def _assembled(packs: list[list[PackFile]], base: str, digest: str, problems: list[Problem]) -> Rulebase:
    """The rulebase, read and checked; the models and the YAML parser that takes are slow to import."""
    from tactician.knowledge.assembly import Assembly  # noqa: PLC0415

    rulebase = Assembly(packs, base, digest, problems).rulebase()
    if problems or rulebase is None:
        raise InvalidRulebase(problems)
    return rulebase
