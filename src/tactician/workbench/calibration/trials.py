"""What was tried, each thing left out or varied again and measured on parts that had no hand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tactician.errors import Problem
from tactician.facts.document import read_document
from tactician.knowledge.files import Text
from tactician.knowledge.passages import RuleFile
from tactician.knowledge.rules import Evidence, Rule, Rulebase
from tactician.knowledge.shapes import fit
from tactician.workbench.calibration.calibrating import WANTED, Calibrator, GroupFigures
from tactician.workbench.calibration.documented import InvalidDocumented
from tactician.workbench.calibration.evidence import Expected

TRIED = "tried.yaml"
TRIED_LIMIT = 1024 * 1024
SHARES = tuple(Fraction(quarters, 4) for quarters in range(5))
KINDS: Mapping[str, Callable[[Rule], bool]] = {
    "interactions that knowingly repeat a fact": lambda rule: bool(rule.on_top_of),
    "needs of the business": lambda rule: isinstance(rule.then, Evidence) and rule.then.family is not None,
    "the stage of the business": lambda rule: rule.origin == "lifecycle",
    "objections from a failed necessary condition": lambda rule: rule.origin == "cf_if_false",
    "every objection": lambda rule: isinstance(rule.then, Evidence) and rule.then.weight < 0,
}
"""Kinds of rules, to be left out all at once."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One variation, with its figures by group."""

    title: str
    rules: tuple[str, ...]
    figures: Mapping[str, GroupFigures]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TriedShape(_Shape):
    """One change to the rules."""

    title: Text
    rules: list[str]


class TriedFile(_Shape):
    """tried.yaml."""

    tried: list[TriedShape]


def read_tried(folder: Path, rulebase: Rulebase) -> tuple[TriedShape, ...]:
    """The changes that a folder of cases lists; none where it has no list. Raises InvalidDocumented."""
    file = folder / TRIED
    if not file.is_file():
        return ()
    problems: list[Problem] = []
    top = RuleFile(str(file), read_document(file, limit=TRIED_LIMIT, noun="list of changes"), problems).top
    shape = fit(TriedFile, top)
    for at, tried in enumerate(shape.tried if shape else ()):
        for number, rule in enumerate(tried.rules):
            if rule not in rulebase.rule:
                top.at("tried", at, "rules", number).refuse(f"there is no rule {rule}")
    if shape is None or problems:
        raise InvalidDocumented(problems)
    return tuple(shape.tried)


def shares_tried(calibrator: Calibrator, folds: int) -> Iterator[Trial]:
    """Priors that take off more or less of the mean of each reason."""
    for share in SHARES:
        title = f"{float(share):g} of the mean of each reason"
        yield _trial(title, (), calibrator, calibrator.expected(folds, share))


def objections_tried(calibrator: Calibrator, folds: int) -> Iterator[Trial]:
    """Priors that take off part of the mean of objections as well."""
    for share in SHARES[1:]:
        title = f"{float(share):g} of the mean of each reason and objection"
        yield _trial(title, (), calibrator, calibrator.expected(folds, share, objections=True))


def changes_tried(calibrator: Calibrator, folds: int, tried: Iterable[TriedShape]) -> Iterator[Trial]:
    """The rules without each change."""
    expected = calibrator.expected(folds)
    for change in tried:
        yield _trial(change.title, tuple(change.rules), calibrator, expected)


def kinds_tried(calibrator: Calibrator, folds: int) -> Iterator[Trial]:
    """The rules without each kind of them."""
    expected = calibrator.expected(folds)
    for title, belongs in KINDS.items():
        rules = tuple(rule.id for rule in calibrator.rulebase.rules if belongs(rule))
        yield _trial(title, rules, calibrator, expected)


def _trial(
    title: str, rules: tuple[str, ...], calibrator: Calibrator, expected: Mapping[str, Expected]
) -> Trial:
    without = frozenset(rules)
    figures = {
        group: calibrator.figures(group, calibrator.orders(group, expected, without)) for group in WANTED
    }
    return Trial(title, rules, figures)
