"""`tactician rules lint`: what is wrong, doubtful or wasted in a rulebase."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command()
@click.argument("folders", metavar="[DIR]...", nargs=-1)
@options.rules
@options.formats("text", "json")
@click.option("--advice", is_flag=True, help="Show advice as well; it is only counted otherwise.")
@click.option(
    "--witness", "witnesses", is_flag=True, help="Print, as YAML, a client for which each rule fires."
)
@options.output
@options.quiet
@options.debug
def lint(
    folders: tuple[str, ...],
    rules: tuple[str, ...],
    form: str,
    advice: bool,
    witnesses: bool,
    output: str | None,
    quiet: bool,
) -> None:
    """Say what is wrong, doubtful or wasted in a rulebase that loads.

    \b
    Examples:
      tactician rules lint
      tactician rules lint my_pack --advice
      tactician rules lint --witness -o witnesses.yaml

    Impossible, empty and contradictory conditions; rules that repeat one another or count a fact twice;
    records that nothing can recommend; rules no client can reach; facts and sources nobody uses; missing
    sources; hidden characters. Ends with exit code 1 when there is an error or a warning.
    """
    from tactician.cli.output import emit
    from tactician.errors import CheckFailed
    from tactician.workbench.case_folders import rulebase_folders
    from tactician.workbench.lint import lint_words
    from tactician.workbench.lint.linting import lint as run

    report = run(rulebase_folders((*rules, *folders)))
    if witnesses:
        text = lint_words.witnesses(report)
    elif form == "json":
        text = lint_words.as_json(report)
    else:
        text = lint_words.lines(report, advice)
    emit(text, output, quiet)
    if not quiet:
        click.echo(lint_words.summary(report), err=True)
    if not report.clean:
        raise CheckFailed(
            "The rulebase has errors or warnings.", "Mend them, or say on_top_of where it is meant."
        )
