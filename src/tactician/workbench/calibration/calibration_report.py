"""Writes docs/calibration.md: `python -m tactician.workbench.calibration.calibration_report`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tactician.knowledge.loading import load_rulebase
from tactician.presentation import markdown_page
from tactician.presentation.page import Block, Bullets, Commands, Heading, Table, Text
from tactician.presentation.whole_files import write_whole
from tactician.workbench.calibration.calibrating import Calibrator
from tactician.workbench.calibration.calibration_words import figures_table, frequency
from tactician.workbench.calibration.documented import read_documented
from tactician.workbench.calibration.robustness import HIDDEN, Robustness, robustness
from tactician.workbench.calibration.trials import (
    Trial,
    changes_tried,
    kinds_tried,
    objections_tried,
    read_tried,
    shares_tried,
)
from tactician.workbench.case_folders import read_clients

CASES, PAGE = Path("tests/calibration"), Path("docs/calibration.md")
FOLDS = 10
HEADERS = ("Variation", "Top 3", "Top 5", "MRR", "Must not", "Levers top 3", "Levers MRR")
BEFORE = ("before the changes below (recorded)", "0.61", "0.74", "0.49", "8 of 64", "0.88", "0.68")


def report(cases: Path = CASES) -> Iterator[Block]:
    """The page about what was tried and how it did; needs a folder of documented businesses."""
    rulebase = load_rulebase()
    documented = read_documented(cases, rulebase)
    calibrator = Calibrator(rulebase, documented, read_clients(None, rulebase))
    calibration = calibrator.calibrate(FOLDS)
    yield Heading("Calibration", 1)
    yield from _introduction(len(documented))
    yield Heading("As shipped")
    for group, figures in calibration.groups.items():
        yield Heading(group.capitalize(), 3)
        yield figures_table(figures.measures)
        yield Text(frequency(figures))
    yield Heading("Priors")
    yield from _about_priors()
    yield _table((*shares_tried(calibrator, FOLDS), *objections_tried(calibrator, FOLDS)))
    yield Heading("Rules that were added, each left out again")
    yield Text(
        "Each row is the rulebase without one change; a lower figure, or more that must not "
        "be, says that it helped. "
        "The changes were found by reading the misses of all these cases, so their figures "
        "flatter them; only the "
        "priors are fitted apart from the part that is judged."
    )
    yield _table(changes_tried(calibrator, FOLDS, read_tried(cases, rulebase)), BEFORE)
    yield Heading("Kinds of rules, each left out")
    yield _table(kinds_tried(calibrator, FOLDS))
    yield Heading("How much hangs by single answers")
    clients = {case.id: case.client for case in documented}
    yield Bullets(tuple(_robust(robustness(clients, rulebase, calibrator.expected(FOLDS)))))


def _introduction(cases: int) -> Iterator[Block]:
    yield Text(
        "How often are the tactics that decided for documented businesses among the first? "
        f"{cases} businesses with "
        "their sources stand in tests/calibration, coded as client files from their "
        "situation alone. The page is "
        "generated; this writes it anew, and shows each case with what decided against its best tactics:"
    )
    yield Commands(
        (
            ("python -m tactician.workbench.calibration.calibration_report", "write this page"),
            (f"tactician rules calibrate tests/calibration --folds {FOLDS}", "every case"),
            ("tactician rules calibrate tests/calibration --fit-priors", "fit the priors again"),
        )
    )
    yield Text(
        f"The cases are split in {FOLDS} parts by a hash of their ids. Each part is judged "
        "under priors in which it "
        "has no hand. Intervals are bootstrap over cases: with so few, differences of a few "
        "hundredths mean nothing. "
        "Chance is a random order, Popular orders tactics by how often they decided in the other cases."
    )
    yield Text(
        "The rules were written with these cases in sight, so businesses that nobody looked at will do worse. "
        "The cases were chosen by tactic: their base rates are not those of the world."
    )


def _about_priors() -> Iterator[Block]:
    yield Text(
        "A reason that holds for nearly every business says little about this one. Its prior "
        "takes off part of its "
        "mean evidence wherever the rule is decided, true or false, so that the reason "
        "counts for more than before "
        "where its absence is news, and a record does not win by the number of its easy "
        "reasons. The means are taken "
        "over the example clients and these businesses, by their answers alone; what worked "
        "for them does not enter."
    )
    yield Text(
        "Where nobody knows whether a rule holds, nothing is taken off: a client of whom "
        "nothing is known has prior 0 "
        "for every tactic, and none falls behind for having been asked less about."
    )
    yield Text(
        "Objections keep their full weight. With priors of their own an objection that is "
        "often right would say less, "
        "and what is known to fail came back into the first three. The part that is taken "
        "off is the one number "
        "fitted here, from five round values, and it was chosen with all cases in sight."
    )


def _table(trials: Iterable[Trial], first: tuple[str, ...] = ()) -> Table:
    rows = [_row(trial) for trial in trials]
    return Table(HEADERS, (*((first,) if first else ()), *rows), frozenset(HEADERS[1:]))


def _row(trial: Trial) -> tuple[str, ...]:
    top, wider, rank, must_not = trial.figures["tactics"].measures
    lever, _, lever_rank, _ = trial.figures["levers"].measures
    return (
        trial.title,
        f"{top.value:.2f}",
        f"{wider.value:.2f}",
        f"{rank.value:.2f}",
        f"{round(must_not.value * must_not.cases)} of {must_not.cases}",
        f"{lever.value:.2f}",
        f"{lever_rank.value:.2f}",
    )


def _robust(found: Robustness) -> Iterator[str]:
    yield f"A business gives {found.answers:.0f} answers with a single value, counting each group of customers."
    yield (
        f"One step in one answer that is a matter of degree changes which tactics are the first three in "
        f"{found.changed_by_step:.0%} of the steps, and the first in {found.first_changed_by_step:.0%}."
    )
    yield f"{found.cases_moved:.0%} of the businesses have at least one such step: their plan says which answers."
    yield (
        f"With one answer in {HIDDEN} unknown, {found.kept_by_hiding:.0%} of the first three "
        "stay, and the first is "
        f"another in {found.first_changed_by_hiding:.0%} of the draws."
    )


if __name__ == "__main__":
    write_whole(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE, markdown_page.render(report()))
