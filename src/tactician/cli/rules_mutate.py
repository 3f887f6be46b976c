"""`tactician rules mutate`: mistakes in the rules that no case would notice."""

from __future__ import annotations

import click

from tactician.cli import options
from tactician.cli.rules_test import jobs


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=options.INPUT)
@options.rules
@click.option(
    "--rule", "only", metavar="ID", multiple=True, help="Only rules whose id starts so; may be given again."
)
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="Only so many mistakes, the same each time."
)
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail when fewer are noticed."
)
@jobs
@options.formats("table", "json")
@options.output
@options.quiet
@options.debug
def mutate(
    path: str | None,
    rules: tuple[str, ...],
    only: tuple[str, ...],
    sample: int | None,
    fail_under: float | None,
    jobs: int,
    form: str,
    output: str | None,
    quiet: bool,
) -> None:
    """Make small mistakes in the rules, one at a time, and tell which of them no case notices.

    \b
    Examples:
      tactician rules mutate --jobs 2
      tactician rules mutate --rule FREEMIUM
      tactician rules mutate --sample 500 --fail-under 90

    Operators are turned round, levels and thresholds moved by one step, conditions dropped, certainty factors
    turned or made stronger, blocks removed, lines of decision lists dropped or swapped. PATH is a case file or a
    folder of them, by default the cases beside the rules.
    """
    from tactician.cli.output import emit, for_screen
    from tactician.errors import CheckFailed
    from tactician.workbench import mutation_words
    from tactician.workbench.case_folders import cases_for, rulebase_folders
    from tactician.workbench.mutation import run_mutation

    folders = rulebase_folders(rules)
    report = run_mutation(cases_for(path, folders), folders, rules=only, sample=sample, jobs=jobs)
    page = mutation_words.mutation_page(report)
    emit(mutation_words.mutation_json(report) if form == "json" else for_screen(page, output), output, quiet)
    if fail_under is not None and report.score < fail_under:
        raise CheckFailed(f"{mutation_words.score(report)} That is less than {fail_under:g} %.")
