"""Judges a rulebase by documented businesses, with priors from others than the one that is judged."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tactician.facts.client import Client
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase
from tactician.workbench.calibration.comparing import Comparison, compare
from tactician.workbench.calibration.documented import Documented, read_documented
from tactician.workbench.calibration.evidence import Expected, Scale, Weighed, shipped, weigh
from tactician.workbench.calibration.measures import TOP, Measure, Orders, measures, often
from tactician.workbench.calibration.priors import fitted, origin, text_for_priors, write_priors
from tactician.workbench.case_folders import read_clients

WANTED = {"tactics": "strongest", "levers": "levers"}
"""By group: which of a documented business's lists counts."""
MOST = {"tactics": Fraction(1, 3), "levers": Fraction(2, 3)}
"""By group: a record among the first of more cases than this comes too often. Of ten levers three are first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One documented business: its first records, and where those that matter stand."""

    case: Documented
    first: Mapping[str, tuple[str, ...]]
    """By group."""
    ranks: Mapping[str, int]
    """By every record that worked or must not be: its rank in its group."""
    comparisons: tuple[Comparison, ...]
    """For each deciding tactic that is not among the first."""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures of tactics or of levers."""

    measures: tuple[Measure, ...]
    often: tuple[tuple[str, int], ...]
    """Every record with the number of cases that have it among their first."""
    most: Fraction
    """The records among the first of more than this part of the cases come too often."""
    cases: int

    @property
    def too_often(self) -> tuple[tuple[str, int], ...]:
        """The records that come too often."""
        return tuple((record, count) for record, count in self.often if count > self.most * self.cases)

    @property
    def never(self) -> tuple[str, ...]:
        """The records that are never among the first."""
        return tuple(record for record, count in self.often if not count)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a rulebase does on documented businesses."""

    folds: int
    """In how many parts the cases were split, each judged under priors without it; 0: priors as shipped."""
    groups: Mapping[str, GroupFigures]
    cases: tuple[Judged, ...]


class Calibrator:
    """The evidence of every case and of the portfolio, weighed once, so that it can be judged in many ways."""

    def __init__(self, rulebase: Rulebase, cases: Sequence[Documented], portfolio: Sequence[Client]) -> None:
        self.rulebase = rulebase
        self.cases = tuple(cases)
        self.weighed = {case.id: weigh(case.client, rulebase) for case in cases}
        self.portfolio = tuple(weigh(client, rulebase) for client in portfolio)

    def fitted(
        self, share: Fraction | None = None, leaving_out: Container[str] = (), objections: bool = False
    ) -> Expected:
        """Priors from the portfolio and the cases, but for cases left out; else the shipped share."""
        kept = [segments for case, segments in self.weighed.items() if case not in leaving_out]
        taken = share_of(self.rulebase) if share is None else share
        return fitted(self.rulebase, [*self.portfolio, *kept], taken, objections)

    def expected(
        self, folds: int, share: Fraction | None = None, objections: bool = False
    ) -> Mapping[str, Expected]:
        """By case, the priors it is judged under: as shipped without folds, else fitted without its fold."""
        if not folds:
            return dict.fromkeys(self.weighed, shipped(self.rulebase))
        fold_of = folds_of(tuple(self.weighed), folds)
        by_fold = {
            fold: self.fitted(share, {case for case in fold_of if fold_of[case] == fold}, objections)
            for fold in sorted(set(fold_of.values()))
        }
        return {case: by_fold[fold] for case, fold in fold_of.items()}

    def orders(self, group: str, expected: Mapping[str, Expected], without: Container[str] = ()) -> Orders:
        """By case, the ranking of a group, as if the rules in `without` were not there."""
        return {
            case: Scale(self.rulebase, expected[case], without).ranking(group, segments)
            for case, segments in self.weighed.items()
        }

    def figures(self, group: str, orders: Orders) -> GroupFigures:
        """The figures of these rankings."""
        known = {record.id for record in self.rulebase.group(group)}
        wanted = {case.id: frozenset(getattr(case, WANTED[group])) & known for case in self.cases}
        forbidden = {case.id: frozenset(case.must_not) & known for case in self.cases}
        return GroupFigures(
            measures(orders, wanted, forbidden), tuple(often(orders)), MOST[group], len(self.cases)
        )

    def calibrate(self, folds: int = 0) -> Calibration:
        """The figures of every group, and each case with what decided against its best tactics."""
        expected = self.expected(folds)
        orders = {group: self.orders(group, expected) for group in WANTED}
        return Calibration(
            folds,
            {group: self.figures(group, orders[group]) for group in WANTED},
            tuple(
                self._judged(case, {group: orders[group][case.id] for group in WANTED}, expected[case.id])
                for case in self.cases
            ),
        )

    def _judged(self, case: Documented, orders: Mapping[str, Sequence[str]], expected: Expected) -> Judged:
        places = {record: place for order in orders.values() for place, record in enumerate(order, start=1)}
        named = dict.fromkeys((*case.strongest, *case.used, *case.levers, *case.must_not))
        segments: Sequence[Weighed] = self.weighed[case.id]
        tactics = orders["tactics"]
        scale = Scale(self.rulebase, expected)
        return Judged(
            case,
            {group: tuple(order[:TOP]) for group, order in orders.items()},
            {record: places[record] for record in named if record in places},
            tuple(
                compare(record, tactics, TOP, segments, scale)
                for record in case.strongest
                if record in tactics and record not in tactics[:TOP]
            ),
        )


def open_calibrator(folders: Sequence[Path], cases: Path, portfolio: str | None = None) -> Calibrator:
    """Of the rules in these folders, the documented businesses in a folder, and client files or the examples."""
    rulebase = load_rulebase(*folders)
    return Calibrator(rulebase, read_documented(cases, rulebase), read_clients(portfolio, rulebase))


def fit_priors(folders: Sequence[Path], cases: Path, portfolio: str | None = None) -> Path:
    """Fit priors over the portfolio and all cases, and write them to the parameters.yaml of the last folder.

    Returns that file. Raises CheckFailed, before anything is reckoned, when it is missing or has no place for them.
    """
    file = folders[-1] / "parameters.yaml"
    text_for_priors(file)
    calibrator = open_calibrator(folders, cases, portfolio)
    clients = len(calibrator.portfolio) + len(calibrator.weighed)
    write_priors(file, calibrator.fitted(), origin(clients, share_of(calibrator.rulebase)))
    return file


def share_of(rulebase: Rulebase) -> Fraction:
    """How much of the mean evidence priors take off, as parameters.yaml says."""
    return Fraction(str(rulebase.parameters.prior_share))


def folds_of(cases: Sequence[str], folds: int) -> dict[str, int]:
    """The fold of each case: of even size, by a hash of its id, so the same whatever order they come in."""
    mixed = sorted(cases, key=lambda case: hashlib.sha256(case.encode()).hexdigest())
    fold = {case: place % folds for place, case in enumerate(mixed)}
    return {case: fold[case] for case in cases}
