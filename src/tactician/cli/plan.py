"""`tactician plan`: one client in, a ranked and justified plan out."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command()
@click.argument("file", metavar="FILE", type=options.INPUT)
@options.formats("table", "json", "markdown")
@options.top
@click.option(
    "--chart", metavar="FILE", help="Also draw the ranked tactics as an SVG picture into this file."
)
@options.engine
@options.rules
@options.output
@options.no_input
@options.quiet
@options.debug
def plan(
    file: str,
    form: str,
    top: int | None,
    chart: str | None,
    engine: str,
    rules: tuple[str, ...],
    output: str | None,
    no_input: bool,
    quiet: bool,
) -> None:
    """Print a ranked and justified plan for one client.

    \b
    Example:
      tactician plan facts/solsikken_bakery.yaml

    FILE is a client file in YAML or JSON; - reads it from stdin. The default output is for the owner: what to start
    now and why, then the rankings. --format json has everything, exactly.
    """
    from tactician import library
    from tactician.cli.commands import after_a_plan
    from tactician.cli.output import emit, page_text
    from tactician.cli.typing_in import expect
    from tactician.presentation import plan_json
    from tactician.presentation.plan_page import plan_page

    expect(file, no_input, quiet)
    advice = library.plan(file, library.open_rulebase(rules), engine)
    commands = after_a_plan(file, [entry.id for entry in advice.tactics])
    page = plan_page(advice, top, commands)
    text = plan_json.dump(advice) if form == "json" else page_text(page, form, output)
    if chart is not None:
        from tactician.presentation.report.rendering import chart as draw

        emit(draw(advice), chart, quiet)
    emit(text, output, quiet)
