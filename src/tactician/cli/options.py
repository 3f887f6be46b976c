"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

ENGINES = ("forward", "direct")


class Input(click.types.StringParamType):
    """The name of what a command reads; `emit` never writes over it."""

    name = "file"


INPUT = Input()

output = click.option(
    "-o", "--output", metavar="FILE", help="Write to this file instead of the screen; - is the screen."
)
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
debug = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback when something goes wrong."
)
force = click.option("--force", is_flag=True, help="Replace the file if it is there already.")
no_input = click.option("--no-input", is_flag=True, help="Never wait for somebody to type.")
rules = click.option(
    "--rules", "rules", metavar="DIR", multiple=True, help="Use the rules in this folder; may be given again."
)
engine = click.option(
    "--engine", type=click.Choice(ENGINES), default="forward", show_default=True, help="The inference engine."
)
top = click.option("--top", type=click.IntRange(min=1), metavar="N", help="How many rows each ranking shows.")


def formats(*names: str) -> Decorator:
    """`--format` with these choices, the first being the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="The output format.",
    )
