"""A run that is killed at any moment goes on to the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tactician
from portfolio_world import write_lines

RUN = [sys.executable, "-m", "tactician", "batch"]


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*RUN, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(arguments: list[str]) -> float:
    """Runs to the end; returns the seconds it took."""
    began = time.monotonic()
    process = subprocess.run([*RUN, *arguments], capture_output=True, text=True, check=False)
    assert process.returncode == 1, process.stderr  # one client is bad
    return time.monotonic() - began


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kill_and_resume(
    tmp_path: Path, clients: int, runs: int, kills: int, jobs: int, ending: str, seed: int = 0
) -> None:
    """Kills runs at random moments, and each also after it was resumed, before it may come to its end."""
    vocabulary = tactician.open_rulebase().vocabulary
    write_lines(tmp_path / "in.jsonl", range(clients), vocabulary)
    (tmp_path / "bad.csv").write_text("client;churn\nBad;x\n", encoding="utf-8")
    inputs = [str(tmp_path / "in.jsonl"), str(tmp_path / "bad.csv")]
    options = ["--jobs", str(jobs), "--top", "3", "--engine", "direct"]
    (tmp_path / "whole").mkdir()
    seconds = finish([*inputs, "-o", str(tmp_path / "whole" / f"out{ending}"), *options])
    expected = contents(tmp_path / "whole")
    chance = random.Random(seed)
    died = 0
    for number in range(runs):
        folder = tmp_path / f"part{number}"
        folder.mkdir()
        out = folder / f"out{ending}"
        arguments = [*inputs, "-o", str(out), *options]
        for kill in range(kills):
            process = start([*arguments, *(["--resume"] if kill else [])])
            time.sleep(chance.uniform(0, seconds * 0.9 / kills))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            died += process.returncode == -signal.SIGKILL
            assert not out.exists() or out.read_bytes() == expected[out.name]
        finish([*arguments, "--resume"])
        assert contents(folder) == expected
    assert died >= runs * kills // 2


@pytest.mark.slow
def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    kill_and_resume(tmp_path, 30, runs=2, kills=1, jobs=1, ending=".csv")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_kills_change_no_byte(tmp_path: Path, seed: int) -> None:
    kill_and_resume(tmp_path, 1_000, runs=3, kills=9, jobs=1, ending=".csv", seed=seed)


@pytest.mark.slow
def test_killed_runs_of_several_processes_go_on_to_the_same_bytes(tmp_path: Path) -> None:
    kill_and_resume(tmp_path, 200, runs=2, kills=4, jobs=2, ending=".parquet")


@pytest.mark.slow
def test_two_runs_started_together_do_not_mix(tmp_path: Path) -> None:
    vocabulary = tactician.open_rulebase().vocabulary
    write_lines(tmp_path / "in.jsonl", range(40), vocabulary)
    for number in range(5):
        out = tmp_path / f"out{number}.csv"
        runs = [
            start([str(tmp_path / "in.jsonl"), "-o", str(out), "--top", str(top)]) for top in (1, 2, 3, 4)
        ]
        said = [process.communicate()[1].decode() for process in runs]
        codes = [process.returncode for process in runs]
        assert set(codes) <= {0, 4}
        assert codes.count(0) >= 1
        for code, words in zip(codes, said, strict=True):
            assert (code == 0) == ("in use by process" not in words)
        rows = out.read_text("utf-8").splitlines()
        sizes = {40 * (min(top, 25) + min(top, 10) + min(top, 2)) + 1 for top in (1, 2, 3, 4)}
        assert len(rows) in sizes
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_children_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    vocabulary = tactician.open_rulebase().vocabulary
    write_lines(tmp_path / "in.jsonl", range(400), vocabulary)
    process = start([str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.csv"), "--jobs", "2"])
    children: list[int] = []
    until = time.monotonic() + 30
    while len(children) < 2 and time.monotonic() < until:
        time.sleep(0.2)
        children = children_of(process.pid)
    process.kill()
    process.communicate()
    until = time.monotonic() + 10
    while any(is_running(child) for child in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(children) >= 2
    assert not [child for child in children if is_running(child)]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_the_loss_of_a_process_is_told_and_costs_no_work(tmp_path: Path) -> None:
    vocabulary = tactician.open_rulebase().vocabulary
    write_lines(tmp_path / "in.jsonl", range(300), vocabulary)
    arguments = [str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.csv"), "--top", "1"]
    process = start([*arguments, "--jobs", "2"])
    journal = tmp_path / ".out.csv.journal"
    until = time.monotonic() + 30
    while not (journal.exists() and journal.stat().st_size > 50_000) and time.monotonic() < until:
        time.sleep(0.02)
    for child in children_of(process.pid):
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(child, signal.SIGKILL)
            break
    words = process.communicate()[1].decode()
    assert process.returncode == 1
    assert "Error: A process was ended from outside, perhaps for lack of memory. Use fewer --jobs" in words
    assert "--resume goes on from here" in words
    assert journal.stat().st_size > 50_000


def children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(entry.parent.name))
    return found


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
