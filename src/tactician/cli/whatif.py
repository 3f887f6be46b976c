"""`tactician whatif`: the plan if some answers were different."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command()
@click.argument("file", metavar="FILE", type=options.INPUT)
@click.option(
    "--set", "settings", metavar="FACT=VALUE", multiple=True,
    help="Change this answer, in your currency: segment[NAME].fact=value, business.fact=value; may be given again.",
)  # fmt: skip
@click.option(
    "--sweep", metavar="FACT=VALUES", help="Go through values: LOW..HIGH:STEP, low..high, a,b,c or all."
)
@click.option(
    "--svg", metavar="FILE", help="With --sweep, also draw the ranks as an SVG picture into this file."
)
@click.option(
    "--stability", is_flag=True, help="Say which single answers, one step away, would drop the first."
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="How many tactics are told of.")
@options.formats("table", "json", "csv", "markdown")
@options.rules
@options.output
@options.no_input
@options.quiet
@options.debug
def whatif(
    file: str,
    settings: tuple[str, ...],
    sweep: str | None,
    svg: str | None,
    stability: bool,
    top: int | None,
    form: str,
    rules: tuple[str, ...],
    output: str | None,
    no_input: bool,
    quiet: bool,
) -> None:
    """Show the plan before and after a change of answers, what moved, and by which rules.

    \b
    Examples:
      tactician whatif facts/cafe.yaml --set business.monthly_budget=100
      tactician whatif facts/cafe.yaml --sweep business.monthly_budget=0..2000:200 --svg budget.svg
      tactician whatif facts/cafe.yaml --stability

    A segment's fact without a segment named is changed in all of them. VALUE may be unknown. --format csv goes with
    --sweep, and has every tactic at every value.
    """
    from tactician import library
    from tactician.cli.output import emit, page_text
    from tactician.cli.typing_in import expect
    from tactician.presentation.explaining import sweep_page, whatif_json, whatif_page

    _check(bool(settings), sweep is not None, stability, form == "csv" or svg is not None)
    expect(file, no_input, quiet)
    base = library.open_rulebase(rules)
    if sweep is not None:
        place, stops = library.sweep(file, sweep, base, settings)
        if svg is not None:
            emit(sweep_page.sweep_svg(stops, place, top), svg, quiet)
        if form == "csv":
            emit(sweep_page.sweep_csv(stops, place), output, quiet)
            return
        data: object = sweep_page.sweep_data(stops, place)
        blocks = sweep_page.sweep_page(stops, place, top)
    elif stability:
        advice, standings = library.stability(file, base, settings, top or 3)
        data, blocks = whatif_json.stability_data(standings), whatif_page.stability_page(advice, standings)
    else:
        found = library.whatif(file, settings, base)
        data, blocks = whatif_json.what_if_data(found), whatif_page.what_if_page(found, top)
    emit(whatif_json.dumps(data) if form == "json" else page_text(blocks, form, output), output, quiet)


def _check(settings: bool, sweep: bool, stability: bool, of_a_sweep: bool) -> None:
    """Raises UsageError for options that are missing or exclude one another."""
    from tactician.errors import UsageError

    if not (settings or sweep or stability):
        raise UsageError("What should change?", "Write --set FACT=VALUE, --sweep FACT=VALUES or --stability.")
    if sweep and stability:
        raise UsageError("--sweep and --stability exclude one another.", "Ask for one of them.")
    if of_a_sweep and not sweep:
        raise UsageError("--format csv and --svg go with --sweep.", "Write --sweep FACT=VALUES.")
