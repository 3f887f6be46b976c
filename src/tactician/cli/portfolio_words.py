"""What is said on stderr while and after a portfolio is computed."""

from __future__ import annotations

from collections.abc import Callable

import click

from tactician.errors import CheckFailed
from tactician.portfolio.batch import Report
from tactician.presentation.terminal import clean

Say = Callable[[str], None]


def speaker(quiet: bool) -> Say:
    """What says a line on stderr, or nothing when it is asked to be quiet."""

    def say(words: str) -> None:
        if not quiet:
            click.echo(clean(words), err=True)

    return say


def finish(report: Report, say: Say) -> None:
    """Tell what was done; raises CheckFailed when something could not be used."""
    say(f"Ranked {report.ranked:,} client{'' if report.ranked == 1 else 's'}.")
    if report.files:
        say(f"Wrote {', '.join(map(str, report.files))}.")
    for problem in report.problems:
        say(str(problem))
    if report.rejected:
        hint = f"The reasons are in {report.rejects}." if report.rejects else ""
        raise CheckFailed(f"{report.rejected:,} could not be used.", hint)
