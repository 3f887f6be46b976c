"""Where a command's data and words go."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from tactician.cli.options import INPUT
from tactician.errors import UsageError
from tactician.presentation import markdown_page, terminal, terminal_page
from tactician.presentation.page import Block
from tactician.presentation.whole_files import write_whole

STDOUT = "-"


def emit(text: str, output: str | None, quiet: bool = False) -> None:
    """Print data, or write it whole to a file and say so on stderr.

    Raises UsageError when the command reads that file, and CannotWrite.
    """
    if output in (None, STDOUT):
        sys.stdout.write(text)
        return
    assert output is not None
    if any(is_one_file(output, path) for path in _inputs()):
        raise UsageError(f"{output} is read here, and would be replaced.", "Name another file to write to.")
    write_whole(Path(output), text)
    if not quiet:
        click.echo(f"Wrote {terminal.clean(output)}.", err=True)


def _inputs() -> Iterator[str]:
    """The files that the command which is running was given to read."""
    context = click.get_current_context(silent=True)
    for parameter in context.command.params if context else ():
        given = context.params.get(parameter.name or "") if context and parameter.type is INPUT else None
        yield from (given,) if isinstance(given, str) else given or ()


def is_one_file(path: str, other: str) -> bool:
    """Whether two names lead to one file that is there."""
    try:
        return Path(path).samefile(other)
    except OSError:
        return False


def check_free(output: str | None) -> None:
    """Raises UsageError when a client file would be replaced."""
    if output not in (None, STDOUT) and Path(str(output)).is_file():
        edit = f"edit it with: tactician ask {shlex.quote(str(output))}"
        raise UsageError(f"{output} is there already.", f"Add --force to replace it, or {edit}")


def page_text(blocks: Iterable[Block], form: str, output: str | None) -> str:
    """A page as Markdown where that form is asked for, else as text for the screen."""
    return markdown_page.render(blocks) if form == "markdown" else for_screen(blocks, output)


def for_screen(blocks: Iterable[Block], output: str | None) -> str:
    """A page as text: as wide as the terminal and in colour on one, else 80 columns and plain."""
    on_screen = output in (None, STDOUT) and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_screen else terminal_page.WIDTH
    colour = on_screen and terminal.wants_colour(sys.stdout, os.environ)
    return terminal_page.render(blocks, width, colour)
