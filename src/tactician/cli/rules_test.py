"""`tactician rules test`: the cases of a rulebase, run on an engine."""

from __future__ import annotations

import click

from tactician.cli import options

jobs = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Use this many processes.",
)


@click.command("test")
@click.argument("path", metavar="[PATH]", required=False, type=options.INPUT)
@options.rules
@click.option(
    "--engine", type=click.Choice(("direct", "forward")), default="direct", show_default=True,
    help="The inference engine.",
)  # fmt: skip
@jobs
@click.option("--junit", metavar="FILE", help="Also write the results as JUnit XML to this file.")
@options.quiet
@options.debug
def run(
    path: str | None, rules: tuple[str, ...], engine: str, jobs: int, junit: str | None, quiet: bool
) -> None:
    """Run the cases of a rulebase: which rules fire, which do not, what they give, and where records rank.

    \b
    Examples:
      tactician rules test
      tactician rules test tests/cases/freemium.yaml
      tactician rules test --rules my_pack --engine forward --jobs 2

    PATH is a case file or a folder of them. Without it, the cases beside the last --rules folder are run, or those
    of the shipped rules. Ends with exit code 1 when a case fails.
    """
    from tactician.cli.output import emit
    from tactician.errors import CheckFailed
    from tactician.presentation.terminal import clean
    from tactician.workbench import case_words
    from tactician.workbench.case_folders import cases_for, rulebase_folders
    from tactician.workbench.case_running import report_of, run_cases

    folders = rulebase_folders(rules)
    found = {}
    for file, results in run_cases(cases_for(path, folders), folders, engine=engine, jobs=jobs):
        found[file] = results
        if not quiet:
            click.echo(clean(case_words.file_line(file, results)), err=True)
    report = report_of(found.items())
    for result in report.failed:
        click.echo(clean(case_words.failed_words(result)))
    if junit is not None:
        emit(case_words.junit(report), junit, quiet)
    click.echo(case_words.summary(report))
    if report.failed:
        raise CheckFailed(f"{len(report.failed)} of {len(report.results)} cases failed.")
