"""`tactician check-explanation`: replay an explanation from the rules and the client's facts."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command("check-explanation")
@click.argument("explanation", metavar="EXPLANATION.json")
@click.argument("file", metavar="FILE")
@options.rules
@options.quiet
@options.debug
def check_explanation(explanation: str, file: str, rules: tuple[str, ...], quiet: bool) -> None:
    """Replay an explanation from the rules and the client's facts, and say every step that is wrong.

    \b
    Example:
      tactician check-explanation why.json facts/cafe.yaml

    tactician explain FILE TACTIC --format json -o why.json writes an explanation. The checker shares no code with
    the engines. Ends with exit code 1 when a step is wrong.
    """
    from tactician import library
    from tactician.errors import CheckFailed
    from tactician.presentation.terminal import clean

    wrong = library.check_explanation(explanation, file, library.open_rulebase(rules))
    for difference in wrong:
        click.echo(clean(difference))
    if wrong:
        raise CheckFailed(f"{clean(explanation)} does not follow from the rules and the facts.")
    if not quiet:
        click.echo("Every step follows from the rules and the facts.", err=True)
