"""The command line: finds the command, shows errors, and ends with the right exit code."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import click

from tactician import __version__
from tactician.cli.commands import COMMANDS
from tactician.cli.lazy import LazyGroup
from tactician.errors import ProblemsError, TacticianError

DONE, CANNOT_WRITE, OUR_BUG, INTERRUPTED = 0, 4, 70, 130


class ReaderLeft(Exception):
    """Nobody reads any more what a command writes."""


@contextlib.contextmanager
def _kept_from_click() -> Iterator[None]:
    """Click answers a broken pipe by itself, with exit code 1; here it is no error."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderLeft from error


class Root(LazyGroup):
    """The group of all commands."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """The context of what was typed; help and version are written here."""
        with _kept_from_click():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _kept_from_click():
            return super().invoke(ctx)


@click.group(cls=Root, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Advise a business on customer strategy: facts in, a ranked and justified plan out.

    \b
    Example:
      tactician plan facts/solsikken_bakery.yaml
    """


def main() -> NoReturn:
    """Run the command line and leave the process."""
    # What a command builds lives until it ends: looking for cycles in it time and again costs a tenth of a plan.
    gc.set_threshold(50_000, 20, 20)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Errors are shown on stderr, tracebacks only with --debug."""
    _speak_utf8()
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except (BrokenPipeError, ReaderLeft):
        _forget_stdout()
        return DONE
    except OSError as error:
        _forget_stdout()
        _show(f"Error: The output could not be written: {error.strerror}.")
        return CANNOT_WRITE
    return code


def _invoke(arguments: Sequence[str]) -> int:
    try:
        cli.main(list(arguments), prog_name="tactician", standalone_mode=False)
    except ReaderLeft:
        raise
    except click.Abort:
        _show("Interrupted.")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:
        if _is_about_stdout(error):
            raise
        if "--debug" in arguments:
            _show_traceback(error)
        if isinstance(error, TacticianError):
            _show(_words(error))
            return error.exit_code
        hint = "" if "--debug" in arguments else " Run again with --debug for the details."
        _show(f"Error: This is a bug in tactician: {type(error).__name__}: {error}.{hint}")
        return OUR_BUG
    return DONE


def _words(error: TacticianError) -> str:
    """What to show: of several problems each on its line, and how many there are."""
    if not isinstance(error, ProblemsError):
        return f"Error: {error}"
    number = len(error.problems)
    return f"{error}\n{number} problem{'s' if number > 1 else ''} found."


def _is_about_stdout(error: Exception) -> bool:
    """Whether a write to a stream failed: errors of opening a file carry its name."""
    return isinstance(error, OSError) and error.filename is None


def _show(words: str) -> None:
    """One message on stderr; control characters in it cannot reach the terminal."""
    from tactician.presentation.terminal import clean

    with contextlib.suppress(OSError):
        click.echo(clean(words), err=True)


def _show_traceback(error: Exception) -> None:
    import traceback

    _show("".join(traceback.format_exception(error)).rstrip())


def _speak_utf8() -> None:
    """The same bytes under every locale when nobody watches; never a crash over a letter when somebody does."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def _forget_stdout() -> None:
    """Let the interpreter's last flush go nowhere, so that it cannot fail again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
