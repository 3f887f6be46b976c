"""`tactician batch`: a whole portfolio in one run."""

from __future__ import annotations

from typing import Any

import click

from tactician.cli import options

ENGINES = ("auto", "forward", "direct", "columnar")


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    required=True,
    help="A file (.csv, .xlsx, .jsonl, .parquet), a folder for a plan of each client, or - for lines of JSON.",
)
@click.option(
    "--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="The inference engine."
)
@click.option(
    "--backend", metavar="MASTER", help="Compute tables of clients on Spark: local[2], spark://host:7077."
)
@click.option(
    "--top", type=click.IntRange(min=1), default=5, show_default=True, help="How many ranks of each group."
)
@click.option(
    "--decimal", type=click.Choice(("comma", "point")), help="The decimal mark where a column does not tell."
)
@click.option(
    "--plans",
    type=click.Choice(("markdown", "html", "json")),
    default="markdown",
    show_default=True,
    help="The format of the plans in a folder.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="How many processes compute."
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first client that cannot be used.")
@options.rules
@options.quiet
@options.debug
def batch(
    inputs: tuple[str, ...],
    output: str,
    rules: tuple[str, ...],
    quiet: bool,
    **chosen: Any,
) -> None:
    """Rank the tactics for every client of a portfolio.

    \b
    Examples:
      tactician batch clients/ -o plans.xlsx
      tactician batch portfolio.csv more/*.yaml -o plans/
      tactician batch portfolio.xlsx -o ranks.parquet --resume

    INPUT is any mix of client files (.yaml, .json), lines of JSON (.jsonl), spreadsheets (.csv, .xlsx), Parquet,
    folders and globs. Clients that cannot be used are listed with their reasons in OUT.rejected.csv, the others are
    done, and the exit code is 1. A folder gets a plan for each client, any other output a row for each client and
    rank.
    """
    from tactician import library
    from tactician.cli.portfolio_words import finish, speaker
    from tactician.portfolio.options import Options
    from tactician.portfolio.run import run_portfolio

    say = speaker(quiet)
    options_chosen = Options(progress=not quiet, **chosen)
    finish(run_portfolio(inputs, output, library.open_rulebase(rules), options_chosen, say), say)
