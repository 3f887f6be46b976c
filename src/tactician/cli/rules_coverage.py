"""`tactician rules coverage`: which rules and conditions the cases have seen."""

from __future__ import annotations

import click

from tactician.cli import options

PERCENT = click.FloatRange(0, 100)


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=options.INPUT)
@options.rules
@click.option(
    "--clients",
    metavar="PATH",
    type=options.INPUT,
    help="Also count these client files (a file or a folder); the example clients else.",
)
@click.option("--cases-only", is_flag=True, help="Count cases only.")
@click.option("--all", "every", is_flag=True, help="With --rules, tell of the shipped rules too.")
@click.option("--fail-under-rules", type=PERCENT, metavar="PERCENT", help="Fail when fewer rules have fired.")
@click.option(
    "--fail-under-outcomes",
    type=PERCENT,
    metavar="PERCENT",
    help="Fail when fewer outcomes of conditions are seen.",
)
@options.formats("table", "json", "html")
@options.output
@options.quiet
@options.debug
def coverage(
    path: str | None,
    rules: tuple[str, ...],
    clients: str | None,
    cases_only: bool,
    every: bool,
    fail_under_rules: float | None,
    fail_under_outcomes: float | None,
    form: str,
    output: str | None,
    quiet: bool,
) -> None:
    """Tell which rules have fired, and which conditions were seen true, false and unknown.

    \b
    Examples:
      tactician rules coverage
      tactician rules coverage --format html -o coverage.html
      tactician rules coverage --fail-under-rules 100 --fail-under-outcomes 95

    PATH is a case file or a folder of them, by default the cases beside the rules. Counted are the clients of the
    cases and the example clients. With --rules DIR only the rules in that folder are told of.
    """
    from tactician.cli.output import emit, for_screen
    from tactician.errors import CheckFailed
    from tactician.workbench import coverage_words
    from tactician.workbench.case_folders import rulebase_folders
    from tactician.workbench.coverage import coverage_of

    measured = coverage_of(rulebase_folders(rules), path, clients, cases_only=cases_only, every=every)
    if form == "json":
        text = coverage_words.coverage_json(measured)
    elif form == "html":
        text = coverage_words.coverage_html(measured)
    else:
        text = for_screen(coverage_words.coverage_page(measured), output)
    emit(text, output, quiet)
    missed = coverage_words.shortfall(measured, fail_under_rules, fail_under_outcomes)
    if missed:
        raise CheckFailed(missed)
