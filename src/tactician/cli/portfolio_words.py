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


def tell_rejects(report: Report, say: Say) -> None:
    """Tell the first reasons why something could not be used; raises CheckFailed when there are any."""
    for problem in report.problems:
        say(str(problem))
    if report.rejected:
        named, unnamed = report.rejected - report.unnamed, report.unnamed
        what = [
            *([f"{named:,} client{'' if named == 1 else 's'}"] if named else []),
            *([f"{unnamed:,} {'file or row' if unnamed == 1 else 'files or rows'}"] if unnamed else []),
        ]
        hint = f"The reasons are in {report.rejects}." if report.rejects else ""
        raise CheckFailed(f"{' and '.join(what)} could not be used.", hint)


def finish(report: Report, say: Say) -> None:
    """Tell what was done; raises CheckFailed when something could not be used."""
    say(f"Ranked {report.ranked:,} client{'' if report.ranked == 1 else 's'}.")
    if report.files:
        say(f"Wrote {', '.join(map(str, report.files))}.")
    tell_rejects(report, say)
    if not report.ranked:
        raise CheckFailed("There is no client in what was read.")
