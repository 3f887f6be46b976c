"""`tactician rules export`: the rules, and a client, for another rule engine."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command()
@click.option("--to", "engine", type=click.Choice(("clips",)), required=True, help="The engine to write for.")
@click.option(
    "--client", metavar="FILE", type=options.INPUT, help="Add this client, and a rule that prints its totals."
)
@options.rules
@options.output
@options.quiet
@options.debug
def export(engine: str, client: str | None, rules: tuple[str, ...], output: str | None, quiet: bool) -> None:
    """Write the rules as CLIPS 6.4 constructs that compute the same evidence, derived facts and totals.

    \b
    Examples:
      tactician rules export --to clips -o rules.clp
      tactician rules export --to clips --client facts/cafe.yaml -o cafe.clp

    In CLIPS: (load "cafe.clp"), (reset), (run). Measures, such as the canvas fit, are given as facts.
    """
    from tactician import library
    from tactician.cli.output import emit
    from tactician.workbench.clips_export import program

    assert engine == "clips"
    rulebase = library.open_rulebase(rules)
    emit(program(rulebase, library.read_client(client, rulebase) if client else None), output, quiet)
