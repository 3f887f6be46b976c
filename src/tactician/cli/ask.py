"""`tactician ask`: an interview in, a client file and a plan out."""

from __future__ import annotations

import click

from tactician.cli import options


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write the client file here; with -, to the screen instead of the plan.",
)
@click.option("--answers", metavar="FILE", help="Take these answers as given; ask only for the rest.")
@click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True, help="Take one answer as given; repeatable."
)
@click.option("--all", "ask_all", is_flag=True, help="Ask everything, whether it can change the plan or not.")
@click.option("--max", "most", type=click.IntRange(min=1), metavar="N", help="Stop after so many questions.")
@click.option("--resume", metavar="NAME", help="Go on with the interview of this name.")
@click.option("--new", is_flag=True, help="Begin a new interview, whatever was left unfinished.")
@options.no_input
@options.force
@options.rules
@options.quiet
@options.debug
def ask(
    file: str | None,
    output: str | None,
    answers: str | None,
    settings: tuple[str, ...],
    ask_all: bool,
    most: int | None,
    resume: str | None,
    new: bool,
    no_input: bool,
    force: bool,
    rules: tuple[str, ...],
    quiet: bool,
) -> None:
    """Ask about a business, write the answers as a client file, and print its plan.

    \b
    Examples:
      tactician ask -o bakery.yaml
      tactician ask bakery.yaml
      tactician ask --set business.business_stage=growth --no-input -o growing.yaml

    With FILE, its answers are the beginning, and it is written again at the end. Only what can change the best
    three tactics is asked, the weightiest questions first. Every answer is kept at once: after an interruption,
    `tactician ask` offers to go on. Without a terminal, answers are read line by line from stdin, and kept only in
    the file that -o names.
    """
    from tactician.cli.asking import Asking, Wishes

    wishes = Wishes(
        file, output, answers, settings, ask_all, most, resume, new, no_input, force, rules, quiet
    )
    Asking(wishes).run()
