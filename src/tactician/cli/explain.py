"""`tactician explain`: how a record or a fact came to its value, and why another did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tactician.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tactician.advice.advise import Advice
    from tactician.advice.change import ChangeAnswer
    from tactician.presentation.page import Block


def _levels(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """The number of levels that a word or a number asks for."""
    from tactician.presentation.explaining.support_words import DEPTHS

    if value in DEPTHS:
        return DEPTHS[value]
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(
            f"{value!r} is none: write {', '.join(DEPTHS)} or a number from 1.", ctx, param
        )
    return int(value)


@click.command()
@click.argument("file", metavar="FILE", type=options.INPUT)
@click.argument("about", metavar="[TACTIC|FACT]", required=False)
@click.option(
    "--depth", callback=_levels, default="medium", show_default=True, metavar="DEPTH",
    help="How far down to explain: short, medium, full, or a number of levels.",
)  # fmt: skip
@click.option("--arithmetic", is_flag=True, help="Show every step of the arithmetic.")
@click.option(
    "--calculus", type=click.Choice(("additive", "mycin")), default="additive", show_default=True,
    help="Also read the same evidence as MYCIN's MB, MD and CF.",
)  # fmt: skip
@click.option("--why-not", metavar="TACTIC", help="Say why this one is not higher, and what stayed silent.")
@click.option("--change", metavar="TACTIC", help="Say the smallest change that brings this one into the top.")
@click.option(
    "--compare", nargs=2, metavar="A B", help="Say why one of two ranks above the other, rule by rule."
)
@click.option(
    "--top", type=click.IntRange(min=1), default=3, show_default=True, metavar="N",
    help="How many of the ranking are explained, or count as the top.",
)  # fmt: skip
@click.option(
    "--client", "client_id", metavar="ID", help="Explain this client of an output of tactician batch."
)
@options.formats("table", "json", "markdown")
@options.rules
@options.output
@options.no_input
@options.quiet
@options.debug
def explain(
    file: str,
    about: str | None,
    depth: int,
    arithmetic: bool,
    calculus: str,
    why_not: str | None,
    change: str | None,
    compare: tuple[str, str] | None,
    top: int,
    client_id: str | None,
    form: str,
    rules: tuple[str, ...],
    output: str | None,
    no_input: bool,
    quiet: bool,
) -> None:
    """Say how a tactic came to its points, down to your answers, and why another did not.

    \b
    Examples:
      tactician explain facts/cafe.yaml loyalty_programme --depth full
      tactician explain facts/cafe.yaml --why-not freemium
      tactician explain facts/cafe.yaml --change referrals --top 3

    Without a tactic or fact, the first of the ranking are explained. --format json prints a certificate, which
    tactician check-explanation replays; with --change, the ways that were found. A fact has no certificate.
    """
    from tactician import library
    from tactician.cli.output import emit, page_text
    from tactician.cli.typing_in import expect
    from tactician.errors import UsageError

    if sum(wanted is not None for wanted in (about, why_not, change, compare)) > 1:
        what = "A tactic or fact, --why-not, --change and --compare exclude one another."
        raise UsageError(what, "Ask for one of them.")
    expect(file, no_input, quiet)
    base = library.open_rulebase(rules)
    client = (
        library.reopen(file, client_id, base) if client_id is not None else library.read_client(file, base)
    )
    advice = library.plan(client, base, "direct")
    if change is not None:
        text = _change(library.change(advice, change, top), form, output)
    elif form == "json":
        text = _certificate(advice, about, why_not, compare, top)
    else:
        extras = arithmetic, calculus == "mycin"
        text = page_text(_blocks(advice, about, why_not, compare, depth, top, extras), form, output)
    emit(text, output, quiet)


def _change(found: ChangeAnswer, form: str, output: str | None) -> str:
    """The smallest changes in the form that was asked for."""
    from tactician.cli.output import page_text
    from tactician.presentation.explaining.change_page import change_data, change_page
    from tactician.presentation.explaining.whatif_json import dumps

    return dumps(change_data(found)) if form == "json" else page_text(change_page(found), form, output)


def _certificate(
    advice: Advice, about: str | None, why_not: str | None, compare: tuple[str, str] | None, top: int
) -> str:
    """The certificate of the records that were asked for; raises UsageError for a fact."""
    from tactician import library
    from tactician.advice.fact_explanation import is_fact
    from tactician.errors import UsageError
    from tactician.presentation.explaining import certificate

    if about is not None and is_fact(advice, about):
        hint = "Leave out --format json, or name a tactic: its certificate holds every fact."
        raise UsageError("A fact has no certificate.", hint)
    named = why_not or about
    records = list(compare) if compare else [named] if named else None
    return certificate.dump(library.explain(advice, records, top))


def _blocks(
    advice: Advice,
    about: str | None,
    why_not: str | None,
    compare: tuple[str, str] | None,
    depth: int,
    top: int,
    extras: tuple[bool, bool],
) -> Iterable[Block]:
    """The page that was asked for; `extras` say whether arithmetic and MYCIN's reading come with it."""
    from tactician import library
    from tactician.advice.comparison import compare as side_by_side
    from tactician.advice.fact_explanation import explain_fact, is_fact
    from tactician.presentation.explaining import arithmetic, comparing, fact_page, how
    from tactician.presentation.explaining import why_not as why_not_page

    if compare is not None:
        yield from comparing.comparison_page(side_by_side(advice, *compare))
        return
    if about is not None and is_fact(advice, about):
        yield from fact_page.fact_page(explain_fact(advice, about), depth)
        return
    named = why_not or about
    explanations = library.explain(advice, [named] if named else None, top)
    if why_not is not None:
        yield from why_not_page.why_not_page(explanations[0], depth, top)
    else:
        yield from how.how_page(explanations, depth)
    for explanation in explanations:
        if extras[0]:
            yield from arithmetic.arithmetic_blocks(explanation)
        if extras[1]:
            yield from arithmetic.mycin_blocks(explanation)
