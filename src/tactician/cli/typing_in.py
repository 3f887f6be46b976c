"""What happens when a client file is to come from stdin and a person sits there."""

from __future__ import annotations

import sys

import click

from tactician.errors import UsageError

STDIN = "-"


def expect(file: str, no_input: bool, quiet: bool) -> None:
    """Say that something is awaited on the keyboard; raises UsageError when nobody may be asked."""
    if file != STDIN or not sys.stdin.isatty():
        return
    if no_input:
        raise UsageError("stdin is a terminal, and nobody is to be asked.", "Name a file, or pipe one in.")
    if not quiet:
        click.echo("Type or paste a client file; end it with Ctrl-D on a line of its own.", err=True)
