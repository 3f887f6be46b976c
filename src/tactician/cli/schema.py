"""`tactician schema`: the JSON Schema of a file format."""

from __future__ import annotations

import click

from tactician.cli import options

SCHEMAS = ("plan", "client", "rules")
RULE_FILES = ("record", "derived", "needs", "process", "vocabulary", "parameters", "sources")


@click.command()
@click.argument("what", type=click.Choice(SCHEMAS), metavar="plan|client|rules")
@click.option(
    "--kind",
    type=click.Choice(RULE_FILES),
    default=RULE_FILES[0],
    show_default=True,
    help="Which kind of rule file, for `schema rules`.",
)
@options.rules
@options.output
@options.quiet
@options.debug
def schema(what: str, kind: str, rules: tuple[str, ...], output: str | None, quiet: bool) -> None:
    """Print the JSON Schema of a file format.

    \b
    Examples:
      tactician schema client -o client.schema.json
      tactician schema rules --kind needs

    plan is what `tactician plan --format json` prints, client is a client file, rules are the files of a rulebase.
    """
    from tactician import library
    from tactician.cli.output import emit

    base = None if what == "plan" else library.open_rulebase(rules)
    emit(library.schema(what, kind, base), output, quiet)
