"""`tactician rules draft`: cases written from the rules themselves."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@options.rules
@click.option("--cases", metavar="DIR", help="Write the case files to this folder.")
@click.option("--check", is_flag=True, help="Write nothing; end with exit code 1 when a file is stale.")
@options.quiet
@options.debug
def draft(
    names: tuple[str, ...], rules: tuple[str, ...], cases: str | None, check: bool, quiet: bool
) -> None:
    """Draft cases for rules: where each fires, where it does not, each boundary, each missing fact.

    \b
    Examples:
      tactician rules draft freemium
      tactician rules draft --rules my_pack --check

    NAME is a record (freemium) or a file of the rulebase (derived/price, needs/retention, process/challenges);
    without names all case files are drafted. What a drafted case expects is worked out from the rules without the
    inference engines. Cases marked `drafted: true` are replaced; hand-written cases are kept as they are.
    """
    from tactician.errors import CheckFailed
    from tactician.knowledge.loading import load_rulebase
    from tactician.presentation.terminal import clean
    from tactician.workbench.case_folders import drafts_folder, rulebase_folders, shown_folder
    from tactician.workbench.drafting.files import draft_files

    folders = rulebase_folders(rules)
    stale = 0
    for file in draft_files(
        load_rulebase(*folders), drafts_folder(cases, folders), names, shown_folder(folders)
    ):
        for rule in file.unreached:
            click.echo(f"{rule}: no client was found for whom it holds.", err=True)
        if file.stale:
            stale += 1
            if not check:
                file.write()
            if not quiet:
                click.echo(
                    clean(f"{file.path}  {file.drafted} cases {'are stale' if check else 'drafted'}"),
                    err=True,
                )
    if check and stale:
        what = "case file is" if stale == 1 else "case files are"
        raise CheckFailed(f"{stale} {what} stale.", "Run tactician rules draft.")
