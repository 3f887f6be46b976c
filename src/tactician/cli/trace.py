"""`tactician trace`: every cycle of the forward engine, to read, to step through, and to be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tactician.cli import options

if TYPE_CHECKING:
    from tactician.inference.tracing import Trace


@click.command()
@click.argument("file", metavar="[FILE]", required=False, type=options.INPUT)
@click.option(
    "--strategy",
    default="depth",
    show_default=True,
    metavar="NAME",
    help="Order the agenda by depth, breadth, lex, mea, complexity, simplicity or random:SEED.",
)
@click.option("--for", "target", metavar="TACTIC", help="Show only what leads to this tactic.")
@click.option("--segment", metavar="NAME", help="Show only this segment.")
@click.option("--full", is_flag=True, help="Show the conflict set and every change of each cycle, as text.")
@click.option(
    "--agenda",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="How many lines of a conflict set --full shows.",
)
@click.option("--step", is_flag=True, help="Step through the cycles on the terminal, forward and back.")
@click.option("--quiz", is_flag=True, help="Be asked what fires next and what it concludes.")
@click.option(
    "--questions",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="How many cycles --quiz asks about.",
)
@click.option(
    "--teaching", is_flag=True, help="Use the small rulebase for teaching, and its client without FILE."
)
@options.formats("text", "json", "mermaid", "dot", "html")
@options.rules
@options.output
@options.quiet
@options.debug
def trace(
    file: str | None,
    strategy: str,
    target: str | None,
    segment: str | None,
    full: bool,
    agenda: int,
    step: bool,
    quiz: bool,
    questions: int,
    teaching: bool,
    form: str,
    rules: tuple[str, ...],
    output: str | None,
    quiet: bool,
) -> None:
    """Show every cycle of the forward engine: the conflict set, what fires, and what that adds.

    \b
    Examples:
      tactician trace --teaching
      tactician trace facts/solsikken_bakery.yaml --for free_product_sample --full
      tactician trace --teaching --step
      tactician trace --teaching --format html -o trace.html

    A line for each cycle says which activation fires, on which facts, what it concludes, and why it came first.
    """
    from tactician import library
    from tactician.cli import trace_walk
    from tactician.cli.output import emit

    if step:
        trace_walk.check_terminal()
    trace_walk.check_file(file, teaching, step or quiz)
    rulebase = library.open_teaching() if teaching else library.open_rulebase(rules)
    client = file or library.teaching_client()
    found = library.trace(client, rulebase, strategy=strategy, segment=segment, target=target)
    if step:
        trace_walk.walk(found)
    elif quiz:
        trace_walk.ask(found, questions)
    else:
        emit(_shown(found, form, agenda if full else None, output), output, quiet)


def _shown(found: Trace, form: str, agenda: int | None, output: str | None) -> str:
    from tactician.cli.output import for_screen
    from tactician.presentation.tracing import diagrams, trace_html, trace_json
    from tactician.presentation.tracing.text import trace_page

    if form == "text":
        return for_screen(trace_page(found, agenda), output)
    show = {
        "json": trace_json.dump,
        "mermaid": diagrams.mermaid,
        "dot": diagrams.dot,
        "html": trace_html.page,
    }
    return show[form](found)
