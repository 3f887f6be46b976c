"""`tactician facts`: check client files, or print one to fill in."""

from __future__ import annotations

from typing import Literal

import click

from tactician.cli import options
from tactician.cli.lazy import LazyGroup

COMMANDS = {
    "check": ("tactician.cli.facts:check", "Say everything that is wrong with client files."),
    "template": ("tactician.cli.facts:template", "Print a client file to fill in, with every question."),
}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def facts() -> None:
    """Check client files, or print an empty one to fill in.

    \b
    Examples:
      tactician facts template -o my_business.yaml
      tactician facts check my_business.yaml
    """


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=options.INPUT)
@options.formats("table", "json")
@options.rules
@options.output
@options.quiet
@options.debug
def check(files: tuple[str, ...], form: str, rules: tuple[str, ...], output: str | None, quiet: bool) -> None:
    """Say everything that is wrong with client files.

    \b
    Example:
      tactician facts check facts/*.yaml

    Every problem is told at once, with its line and column. Ends with exit code 1 when a file has one.
    """
    from tactician import library
    from tactician.cli.output import emit, for_screen
    from tactician.errors import CheckFailed
    from tactician.presentation.checked_files import checked_json, checked_page

    checked = library.check_files(files, library.open_rulebase(rules))
    text = checked_json(checked) if form == "json" else for_screen(checked_page(checked), output)
    emit(text, output, quiet)
    wrong = sum(file.client is None for file in checked)
    if wrong:
        raise CheckFailed(f"{wrong} of {len(checked)} files cannot be used.")


@click.command()
@click.option("--schema", metavar="PATH", default="", help="Name this JSON Schema in the file, for editors.")
@click.option(
    "--fill", metavar="INPUT", multiple=True, help="Fill sheets with these clients; may be given again."
)
@click.option(
    "--decimal",
    type=click.Choice(("comma", "point")),
    help="The decimal mark of CSV files; a point by default.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("yaml", "xlsx", "csv")),
    help="The output format; where it is left out, as the output ends, else yaml.",
)
@options.rules
@options.output
@options.force
@options.quiet
@options.debug
def template(
    schema: str,
    fill: tuple[str, ...],
    decimal: Literal["comma", "point"] | None,
    form: str | None,
    rules: tuple[str, ...],
    output: str | None,
    force: bool,
    quiet: bool,
) -> None:
    """Print a client file to fill in, with every question, or write sheets for many clients.

    \b
    Examples:
      tactician facts template -o my_business.yaml
      tactician facts template -o portfolio.xlsx
      tactician facts template --fill clients/ --decimal comma -o portfolio/

    Everything in it is unknown at first, which is a valid answer. A file that is there already may have been filled
    in, and is replaced only with --force. For help while typing, save the schema with
    `tactician schema client -o client.schema.json` and name it with --schema.
    """
    from tactician import library
    from tactician.cli.output import check_free, emit
    from tactician.portfolio.template_forms import template_form

    form = template_form(form, output, {"--schema": schema, "--fill": fill, "--decimal": decimal})
    rulebase = library.open_rulebase(rules)
    if form == "yaml":
        if not force:
            check_free(output)
        emit(library.template(rulebase, schema), output, quiet)
        return
    from tactician.cli.portfolio_words import speaker
    from tactician.portfolio.template_files import check_sheets_free, write_sheets

    if not force:
        check_sheets_free(form, output)
    written = write_sheets(rulebase, form, output, fill, decimal or "point")
    speaker(quiet)(f"Wrote {written}.")
