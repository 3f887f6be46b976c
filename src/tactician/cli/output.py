"""Where a command's data and words go."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from tactician.presentation import terminal, terminal_page
from tactician.presentation.page import Block
from tactician.presentation.whole_files import write_whole

STDOUT = "-"


def emit(text: str, output: str | None, quiet: bool = False) -> None:
    """Print data, or write it whole to a file and say so on stderr."""
    if output in (None, STDOUT):
        sys.stdout.write(text)
        return
    assert output is not None
    write_whole(Path(output), text)
    if not quiet:
        click.echo(f"Wrote {terminal.clean(output)}.", err=True)


def for_screen(blocks: Iterable[Block], output: str | None) -> str:
    """A page as text: as wide as the terminal and in colour on one, else 80 columns and plain."""
    on_screen = output in (None, STDOUT) and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_screen else terminal_page.WIDTH
    colour = on_screen and terminal.wants_colour(sys.stdout, os.environ)
    return terminal_page.render(blocks, width, colour)
