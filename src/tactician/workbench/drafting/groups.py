"""Which rules and concluded facts share a case file: those of one file of the rulebase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tactician.knowledge.rules import Conclude, DerivedFact, Evidence, Rule, Rulebase

RECORD_FOLDERS = frozenset({"acquisition", "service", "retention", "upsell", "levers", "improvements"})


@dataclass(frozen=True, slots=True)
class Group:
    """What one file of the rulebase says, and the case file about it."""

    name: str
    """Of the case file, without its ending: `freemium`, `derived/price`."""
    subject: str
    """What its sentences are about; empty for files of the process and of concluded facts."""
    rules: tuple[Rule, ...]
    derived: tuple[DerivedFact, ...]


def groups(rulebase: Rulebase, folder: str = "") -> Iterator[Group]:
    """The groups of a rulebase, in order of files; with `folder`, only what its files say."""
    names: dict[str, None] = {}
    for place in [*(fact.place for fact in rulebase.derived), *(rule.place for rule in rulebase.rules)]:
        if place.file.startswith(folder):
            names[place.file] = None
    for file in sorted(names):
        rules = tuple(r for r in rulebase.rules if r.place.file == file and not isinstance(r.then, Conclude))
        derived = tuple(fact for fact in rulebase.derived if fact.place.file == file)
        path = PurePosixPath(file)
        name = path.stem if path.parent.name in RECORD_FOLDERS else f"{path.parent.name}/{path.stem}"
        yield Group(name, _subject(path, rules, rulebase), rules, derived)


def _subject(path: PurePosixPath, rules: tuple[Rule, ...], rulebase: Rulebase) -> str:
    if path.parent.name in RECORD_FOLDERS:
        record = rulebase.records.get(path.stem)
        return record.name if record else path.stem
    families = {rule.then.family for rule in rules if isinstance(rule.then, Evidence) and rule.then.family}
    return next(iter(families)) if len(families) == 1 else ""
