"""Runs every command and every Python session of the lessons and puts what they print below them.

`python docs/lessons/make.py` writes the pages anew; with `--check` it writes nothing, and ends with exit code 1
when a page is stale.
"""

from __future__ import annotations

import code
import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tactician.cli import main

FOLDER = Path(__file__).parent
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """The lessons, in order."""
    return sorted(FOLDER.glob("[0-9]_*.md"))


def renewed(page: Path) -> str:
    """The text of a page with everything in it run again; a page is one Python session."""
    session = code.InteractiveConsole()
    run = {"console": _console, "python": lambda text: _python(text, session)}
    with _in(FOLDER):
        return BLOCK.sub(
            lambda block: f"```{block[1]}\n{run[block[1]](block[2])}```", page.read_text("utf-8")
        )


def stale() -> list[Path]:
    """The pages that no longer say what the program prints."""
    return [page for page in pages() if renewed(page) != page.read_text("utf-8")]


def _console(text: str) -> str:
    """Each `$ tactician …` with what it prints; `| sed -n A,Bp` keeps some lines of that."""
    return "".join(line + "\n" for line in _commands(text))


def _commands(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith("$ "):
            command, _, kept = line[2:].partition(" | sed -n ")
            program, *arguments = shlex.split(command)
            assert program == "tactician", line
            codes: list[int] = []
            printed = _printed(
                lambda words=arguments, codes=codes: codes.append(main.run(words))
            ).splitlines()
            if codes != [0]:
                raise RuntimeError("\n".join([line, *printed]))
            lines = re.fullmatch(r"(\d+),(\d+|\$)p", kept)
            if lines:
                printed = printed[int(lines[1]) - 1 : None if lines[2] == "$" else int(lines[2])]
            yield line
            yield from (each.rstrip() for each in printed)


def _python(text: str, session: code.InteractiveConsole) -> str:
    """Each `>>>` line, with the `...` lines that belong to it, and what it prints."""
    kept = [line for line in text.splitlines() if line.startswith((">>> ", "... ", "..."))]
    shown = []
    for place, line in enumerate(kept):
        shown.append(line)
        following = kept[place + 1 : place + 2]
        printed = _printed(lambda source=line[4:]: session.push(source))
        if line.startswith("...") and not (following and following[0].startswith("...")):
            printed += _printed(lambda: session.push(""))
        if "Error" in printed:
            raise RuntimeError(printed)
        shown += printed.splitlines()
    return "".join(line + "\n" for line in shown)


def _printed(action: Callable[[], object]) -> str:
    """What something prints, on either stream."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        action()
    return out.getvalue()


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    old = stale()
    for each in old:
        print(f"{each.name} is stale" if "--check" in sys.argv else f"{each.name} written")
        if "--check" not in sys.argv:
            each.write_text(renewed(each), "utf-8")
    sys.exit(bool(old) and "--check" in sys.argv)
