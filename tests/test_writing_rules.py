"""The guide to writing rules: its files load, its commands run, and its outputs are what the commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tactician.cli.main import run

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "writing-rules.md"
BLOCK = re.compile(r"(?:<!-- file: (\S+) -->\n)?```(yaml|console)\n(.*?)```", re.DOTALL)
ANY_LINES = "…\n"
SEEN = {"lint", "draft", "test", "coverage", "mutate", "diff", "show"}


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the commands of the guide can be typed."""
    for name in ("docs", "facts"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def steps(text: str) -> list[tuple[str, str]]:
    """By command of a console block: the command and what it is said to print."""
    return [
        (command, said) for command, said in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
    ]


def pattern(said: str) -> str:
    """What is said as a pattern: a line of dots stands for any lines, dots inside a line for any text."""
    lines = (
        r"(?:.*\n)*?" if line == ANY_LINES else re.escape(line) for line in said.splitlines(keepends=True)
    )
    return "".join(lines).replace("…", ".*")


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    run(shlex.split(command)[1:])
    told = capsys.readouterr()
    lines = (told.err + told.out if " test " in command else told.out + told.err).splitlines()
    return "\n".join(line.rstrip() for line in lines).replace(f"{ROOT.as_posix()}/", "") + "\n"


@pytest.mark.slow
def test_the_guide_says_what_happens(workplace: Path, capsys: pytest.CaptureFixture[str]):
    tried = set()
    for file, kind, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if kind == "yaml":
            (workplace / file).parent.mkdir(parents=True, exist_ok=True)
            (workplace / file).write_text(text, encoding="utf-8")
            continue
        for command, said in steps(text):
            found = printed(command, capsys)
            assert re.fullmatch(pattern(said), found), f"{command}\n{found}"
            tried.add(command.split()[2])
    assert tried >= SEEN


def test_the_drafted_cases_of_the_example_are_up_to_date(workplace: Path, capsys):
    names = ["home_coffee", "derived/tables", "needs/cafe", "process/cafe"]
    assert run(["rules", "draft", "--rules", "docs/packs/cafe", "--check", *names]) == 0
