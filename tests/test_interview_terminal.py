"""Interviews through a real terminal: to the plan, with every command, and through every kind of interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")

from interview_owner import Owner  # noqa: E402
from interview_terminal import Terminal, type_all  # noqa: E402
from tactician.facts.document import read_document  # noqa: E402
from tactician.facts.repository import facts_folder  # noqa: E402
from tactician.interview.answers import Answers  # noqa: E402
from tactician.interview.stating import said  # noqa: E402
from tactician.knowledge.loading import load_rulebase  # noqa: E402
from tactician.knowledge.rules import Rulebase  # noqa: E402

BUSINESSES = ("solsikken_bakery", "software_startup", "wedding_dress")
LINES = (
    "Bakery",
    "DKK",
    "1",
    "commuters",
    "families",
    "",
    "60 / 40",
    "1",
    "3",
    "3000",
    "5",
    "queues",
    "2",
    "3",
    "1",
)
"""The beginning of an interview."""
ENDS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": 137}


@cache
def rulebase() -> Rulebase:
    return load_rulebase()


def known(name: str) -> Answers:
    document = read_document(facts_folder() / f"{name}.yaml", limit=10**6)
    assert isinstance(document.value, dict)
    return said(document.value, rulebase().vocabulary)


def play(terminal: Terminal, owner: Owner) -> str:
    """Answer until the command ends; what it showed last."""
    try:
        while True:
            terminal.type(owner.reply(*terminal.prompt()))
    except pexpect.EOF:
        return str(terminal.child.before).replace("\r\n", "\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", BUSINESSES)
def test_an_interview_ends_in_a_plan_and_a_client_file(name: str, tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        page = play(terminal, Owner(rulebase(), known(name)))
        assert terminal.exit_code == 0
    assert "Plan for " in page
    assert "\x1b" not in terminal.seen + page
    plan = [sys.executable, "-m", "tactician", "plan", "result.yaml"]
    again = subprocess.run(plan, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert again.stdout.splitlines()[0] == f"Plan for {known(name).client}"
    assert not list((tmp_path / "state").rglob("*.jsonl"))


def test_every_command_works_in_a_terminal(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        type_all(
            terminal, ["?", "Bakery", "back", "", "list", "", "plan", "EUR", "skip", "save", "bakery.yaml"]
        )
        screen, _ = terminal.prompt()
        assert "Wrote bakery.yaml." in screen
        terminal.type("quit")
        assert "tactician ask --resume interview-1" in terminal.rest()
        assert terminal.exit_code == 0
    assert "client: Bakery" in (tmp_path / "bakery.yaml").read_text(encoding="utf-8")
    assert "If you stopped now" in terminal.seen
    assert "The name stands at the head" in terminal.seen


@pytest.mark.parametrize("name", ENDS)
def test_an_interruption_loses_nothing(name: str, tmp_path: Path) -> None:
    interrupt(tmp_path, name, 9, typing=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDS)
@pytest.mark.parametrize("after", range(1, len(LINES) + 1))
def test_an_interruption_after_any_answer_loses_nothing(name: str, after: int, tmp_path: Path) -> None:
    interrupt(tmp_path, name, after, typing=after % 2 == 0)


def interrupt(folder: Path, name: str, after: int, *, typing: bool) -> None:
    """Send a signal after so many answers, between two of them or in the middle of a line, and go on."""
    with Terminal(folder) as terminal:
        type_all(terminal, LINES[:after])
        screen, cue = terminal.prompt()
        if typing:
            terminal.child.send("half a")
        os.kill(terminal.child.pid, getattr(signal, name))
        last = terminal.rest()
        assert terminal.exit_code == ENDS[name]
    if name in ("SIGINT", "SIGTERM"):
        assert "tactician ask --resume interview-1" in last
    with Terminal(folder) as terminal:
        type_all(terminal, ["1"])
        resumed, cue_after = terminal.prompt()
        assert cue_after == cue
        assert (
            resumed.strip().splitlines()[-1:] == screen.strip().splitlines()[-1:] or "Welcome back" in resumed
        )
        terminal.type("list")
        kept, _ = terminal.prompt()
        terminal.type("quit")
        terminal.rest()
    for line, shown in zip(LINES[:after], SHOWN, strict=False):
        assert shown in kept, (line, shown)


SHOWN = (
    "name: Bakery", "currency: DKK", "offering nature: goods that can be touched", "commuters", "families", "",
    "60% of sales", "customer type: private persons", "business stage: turnover clearly rising",
    "monthly budget: 3,000 DKK/month", "staff hours available: 5 hours/week", "pains: queues", "", "", "",
)  # fmt: skip
"""What the summary says of each of these lines."""


def test_a_closed_terminal_loses_nothing(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        type_all(terminal, LINES[:4])
        terminal.prompt()
        terminal.child.close(force=False)
    with Terminal(tmp_path) as terminal:
        type_all(terminal, ["1", "list"])
        kept, _ = terminal.prompt()
    assert "offering nature: goods that can be touched" in kept
    assert "commuters" in kept


def test_a_terminal_that_closes_ends_with_the_code_of_its_signal(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        type_all(terminal, LINES[:4])
        terminal.prompt()
        terminal.child.ptyproc.fileobj.close()
        terminal.child.wait()
        assert terminal.exit_code == ENDS["SIGHUP"]


def test_a_file_that_is_there_is_replaced_only_when_its_name_is_typed(tmp_path: Path) -> None:
    keep, other = tmp_path / "keep.yaml", tmp_path / "other.yaml"
    keep.write_text("client: Kept\n", encoding="utf-8")
    other.write_text("client: Other\n", encoding="utf-8")
    with Terminal(tmp_path, "-o", "keep.yaml") as terminal:
        type_all(terminal, ["Bakery", "save", "", "list", "back"])
        screen, _ = terminal.prompt()
        assert "Nothing was written." in screen
        terminal.type("save")
        type_all(terminal, ["other", "other", "save"])
        terminal.prompt()
        terminal.type("quit")
        assert "One answer so far is kept." in terminal.rest()
    assert "keep.yaml is there already. Type its name to replace it" in terminal.seen
    assert "other.yaml is there already. Type its name again to replace it." in terminal.seen
    assert terminal.seen.count("Wrote other.yaml.") == 2
    assert keep.read_text(encoding="utf-8") == "client: Kept\n"
    assert "client: Bakery" in other.read_text(encoding="utf-8")


def test_an_edited_file_that_was_changed_by_hand_meanwhile_is_not_replaced_unasked(tmp_path: Path) -> None:
    file = tmp_path / "bakery.yaml"
    file.write_text("client: Bakery\nsegments: [{name: all}]\n", encoding="utf-8")
    for text in (None, "client: By hand\nsegments: [{name: all}]\n"):
        with Terminal(tmp_path, "bakery.yaml") as terminal:
            if text:
                file.write_text(text, encoding="utf-8")
                type_all(terminal, ["1", "save", "back"])
            type_all(terminal, ["list", "1", "The Bakery"])
            terminal.prompt()
            terminal.type("quit")
            terminal.rest()
    assert "bakery.yaml is there already. Type its name to replace it" in terminal.seen
    assert file.read_text(encoding="utf-8") == text


def test_two_windows_do_not_write_one_journal(tmp_path: Path) -> None:
    with Terminal(tmp_path) as first:
        type_all(first, LINES[:3])
        first.prompt()
        with Terminal(tmp_path, "--resume", "interview-1") as second:
            assert "open in another window" in second.rest()
            assert second.exit_code == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    with Terminal(tmp_path) as terminal:
        screen, _ = terminal.prompt()
        assert "cannot be kept between runs" in " ".join(screen.split())
        type_all_now = ["Bakery", "EUR"]
        terminal.type(type_all_now[0])
        terminal.prompt()
        terminal.type("quit")
        assert "could not be kept" in terminal.rest()


def test_an_existing_file_is_edited_and_keeps_its_comments(tmp_path: Path) -> None:
    file = tmp_path / "bakery.yaml"
    file.write_text(
        "client: Bakery\nbusiness:\n  business_stage: growth  # since the spring\nsegments:\n  - name: all\n",
        encoding="utf-8",
    )
    with Terminal(tmp_path, "bakery.yaml", "--max", "1") as terminal:
        terminal.prompt()
        terminal.type("list")
        screen, _ = terminal.prompt()
        assert "business stage: turnover clearly rising" in screen
        terminal.type("")
        terminal.prompt()
        terminal.type("skip")
        assert "Plan for Bakery" in terminal.rest()
    assert "business_stage: growth  # since the spring" in file.read_text(encoding="utf-8")
