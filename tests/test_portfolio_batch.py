"""A portfolio in one run: every output, nothing lost, nothing half written, and the same bytes every time."""

from __future__ import annotations

import contextlib
import csv
import errno
import json
import os
import random
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

import tactician
from portfolio_world import FAULTS, stated, write_lines
from tactician.errors import (
    CannotWrite,
    LimitExceeded,
    MissingExtra,
    ProblemsError,
    UnreadableInput,
    UsageError,
)
from tactician.facts import storage
from tactician.facts.client import Client
from tactician.inference import direct
from tactician.knowledge.rules import Rulebase
from tactician.portfolio import batch as batch_module
from tactician.portfolio import journal as journal_module
from tactician.portfolio import workers
from tactician.portfolio.batch import Batch, Report
from tactician.portfolio.lock import locked
from tactician.portfolio.options import Options
from tactician.portfolio.reopening import reopen
from tactician.portfolio.run import run_portfolio
from tactician.presentation.file_names import file_name, slug

CLIENTS = 8
OUTPUTS = ("out.csv", "out.jsonl", "out.xlsx", "out.parquet", "plans")


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return tactician.open_rulebase()


@pytest.fixture
def lines(tmp_path: Path, rulebase: Rulebase) -> Path:
    (tmp_path / "in").mkdir()
    return write_lines(tmp_path / "in" / "clients.jsonl", range(CLIENTS), rulebase.vocabulary)


def run(rulebase: Rulebase, output: Path, inputs: Sequence[Path | str], **options: Any) -> Report:
    return Batch(rulebase, output, Options(**options)).run([str(each) for each in inputs])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_is_a_row_for_each_client_and_rank(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    report = run(rulebase, tmp_path / "out.csv", [lines], top=3)
    assert (report.ranked, report.rejected, report.rejects) == (CLIENTS, 0, None)
    rows = table(tmp_path / "out.csv")
    assert len(rows) == CLIENTS * (3 + 3 + 2)
    assert [row["client"] for row in rows] == sorted(row["client"] for row in rows)
    first = next(row for row in rows if row["client"] == "Ærø Is 00000")
    client = tactician.consult(stated_client(0, rulebase), rulebase, "direct")
    best = tactician.plan(client.client, rulebase, "direct").tactics[0]
    assert (first["group"], first["rank"], first["tactic"]) == ("tactics", "1", best.id)
    assert float(first["points"]) == pytest.approx(best.total / 10**12, abs=0.0005)
    assert all(piece.rule in first["reasons"] for piece in best.evidence)
    assert first["sources"]
    assert first["because"]


def stated_client(number: int, rulebase: Rulebase) -> Client:
    (result,) = tactician.consult_many([stated(number, rulebase.vocabulary)], rulebase)
    assert result.consultation is not None
    return result.consultation.client


def test_horizons_are_those_of_the_plan(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    run(rulebase, tmp_path / "out.csv", [lines], top=25)
    rows = [row for row in table(tmp_path / "out.csv") if row["client"] == "Bakkerij 00001"]
    plan = tactician.plan(stated_client(1, rulebase), rulebase, "direct").plan
    assert {row["tactic"]: row["horizon"] for row in rows if row["horizon"]} == {
        record: horizon.value for record, horizon in plan.horizons.items()
    }


def test_every_format_says_the_same(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    import openpyxl
    from pyarrow import parquet

    for name in OUTPUTS[:4]:
        run(rulebase, tmp_path / name, [lines])
    rows = table(tmp_path / "out.csv")
    objects = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == objects
    for row, data in zip(rows, objects, strict=True):
        assert (row["client"], row["group"], int(row["rank"]), row["tactic"]) == (
            data["client"], data["group"], data["rank"], data["tactic"],
        )  # fmt: skip
        assert round(data["total"] / 10**12, 3) == pytest.approx(float(row["points"]), abs=0.0011)
        assert row["sources"] == "; ".join(data["sources"])
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["ranking", "summary", "rejected"]
    shown = list(book["ranking"].iter_rows(values_only=True))
    assert [[str(cell) for cell in row[:4]] for row in shown[1:]] == [
        [row["client"], row["group"], row["rank"], row["tactic"]] for row in rows
    ]
    assert [row[:3] for row in book["summary"].iter_rows(min_row=2, values_only=True)] == [
        (row["group"], row["tactic"], row["name"]) for row in table(tmp_path / "out.summary.csv")
    ]


@pytest.mark.parametrize(
    ("name", "jobs"), [*((name, 0) for name in OUTPUTS), ("out.xlsx", 1), ("out.csv", 2)]
)
def test_the_same_input_gives_the_same_bytes(
    name: str, jobs: int, tmp_path: Path, rulebase: Rulebase
) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.mkdir(), b.mkdir()
    few = write_lines(tmp_path / "few.jsonl", range(4), rulebase.vocabulary)
    text = few.read_text("utf-8").splitlines(keepends=True)
    random.Random(1).shuffle(text)
    other = tmp_path / "other.jsonl"
    other.write_text("".join(text[:2]), encoding="utf-8")
    more = tmp_path / "more.jsonl"
    more.write_text("".join(text[2:]), encoding="utf-8")
    run(rulebase, a / name, [few])
    if jobs:
        environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        command = ["batch", more, other, "-o", b / name, "--jobs", jobs, "--engine", "direct", "-q"]
        subprocess.run([sys.executable, "-m", "tactician", *map(str, command)], env=environment, check=True)
    else:
        run(rulebase, b / name, [more, other])
    assert contents(a) == contents(b)


def test_the_summary_counts_what_is_in_the_ranking(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    run(rulebase, tmp_path / "out.csv", [lines], top=25)
    rows = table(tmp_path / "out.csv")
    summary = table(tmp_path / "out.summary.csv")
    assert len(summary) == len(rulebase.records)
    for line in summary:
        mine = [row for row in rows if row["tactic"] == line["tactic"]]
        assert int(line["clients"]) == CLIENTS
        assert int(line["first"]) == sum(row["rank"] == "1" for row in mine)
        assert int(line["top3"]) == sum(int(row["rank"]) <= 3 for row in mine)
        assert int(line["blocked"]) == sum(row["blocked"] == "true" for row in mine)
        blockers = re.findall(r"blocked by (\S+?)(?:;|$)", "\n".join(row["reasons"] for row in mine), re.M)
        if blockers:
            assert blockers.count(line["blocked_most_by"]) == max(map(blockers.count, blockers))
            assert int(line["blocks_clients"]) == blockers.count(line["blocked_most_by"])
        else:
            assert not line["blocked_most_by"]
        if line["how"] == "speaks against it":
            assert sum(f"{line['held_back_most_by']} -" in row["reasons"] for row in mine) >= int(
                line["held_back_clients"]
            )
        elif line["how"]:
            assert float(line["points_lost"]) > 0


def test_a_folder_has_a_plan_for_each_client(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    few = write_lines(tmp_path / "few.jsonl", range(3), rulebase.vocabulary)
    report = run(rulebase, tmp_path / "plans", [few], plans="json")
    assert report.ranked == 3
    index = table(tmp_path / "plans" / "index.csv")
    assert [row["client"] for row in index] == sorted(row["client"] for row in index)
    for row in index:
        plan = json.loads((tmp_path / "plans" / row["file"]).read_text("utf-8"))
        assert plan["client"]["id"] == row["client"]
        assert [tactic["name"] for tactic in plan["tactics"][:3]] == [
            row["first"],
            row["second"],
            row["third"],
        ]
    assert (tmp_path / "plans" / "summary.csv").exists()
    run(rulebase, tmp_path / "plans", [few], plans="markdown")
    assert {path.suffix for path in (tmp_path / "plans").iterdir()} == {".md", ".csv", ".jsonl"}
    run(rulebase, tmp_path / "plans", [few], plans="html")
    pages = [path.read_text("utf-8") for path in (tmp_path / "plans").glob("*.html")]
    assert len(pages) == 3
    assert all(page.startswith("<!") for page in pages)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("x")
    with pytest.raises(CannotWrite, match="holds other files"):
        run(rulebase, tmp_path / "mine", [lines])
    assert contents(tmp_path / "mine") == {"diary.txt": b"x"}


EVIL_IDS = [
    "..", "../x", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "C:\\x", "CON", "con", "NUL.md", "aux", "x.",
    "x ", "x" * 300, "", ".", ".hidden", "~root", "$HOME", "`ls`", "a;b", "a|b", "-rf", "--help", "*", "?", "a:b",
    "\u202egpj.exe", "é", "e\u0301", "Straße", "STRASSE", "ÆØÅ", "日本語", "index", "index.csv", "summary",
    "a\u200bb",     "%2e%2e%2f", "\uff1dx",
]  # fmt: skip


def test_names_of_files_cannot_leave_the_folder() -> None:
    names = {name: file_name(name, ".md") for name in EVIL_IDS}
    assert len(EVIL_IDS) >= 40
    for name in names.values():
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9a-f]{8}\.md", name)
        assert len(name) < 60
    composed = {unicodedata.normalize("NFC", name) for name in EVIL_IDS}
    assert len({name.casefold() for name in names.values()}) == len(composed)


def test_a_name_in_plain_letters_can_be_read() -> None:
    assert slug("Smørrebrød & Blåbær, Århus") == "smoerrebroed-blaabaer-aarhus"
    assert slug("日本語", "my-business") == "my-business"


FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "\uff1d1+1", "\uff20A1",
    "\uff0b1",     "\uff0d1", "=1",
)  # fmt: skip
DANGEROUS = [start + formula for formula in FORMULAS for start in ("", " ", "'", '"', "\u00a0", " '")]


def test_nothing_turns_into_a_formula(tmp_path: Path, rulebase: Rulebase) -> None:
    import openpyxl

    path = tmp_path / "in.jsonl"
    names = sorted({text.strip() for text in DANGEROUS})
    assert len(DANGEROUS) >= 60
    segment = [{"name": "=1+1", "pains": [{"id": "@p", "text": "=2"}]}]
    path.write_text(
        "".join(json.dumps({"client": name, "segments": segment}) + "\n" for name in names), encoding="utf-8"
    )
    (tmp_path / "bad.csv").write_text("client;churn\n=evil;=1+1\n", encoding="utf-8")
    run(rulebase, tmp_path / "out.csv", [path, tmp_path / "bad.csv"], top=1)
    cells = [value for row in table(tmp_path / "out.csv") for value in (row["client"], row["because"])]
    cells += [value for row in table(tmp_path / "out.rejected.csv") for value in row.values()]
    for cell in cells:
        start = cell.lstrip(' \u00a0"')[:1]
        assert start not in "=+-@\uff1d\uff0b\uff0d\uff20" or not start
    assert {row["points"].lstrip("-")[:1].isdigit() for row in table(tmp_path / "out.csv")} == {True}
    run(rulebase, tmp_path / "out.xlsx", [path, tmp_path / "bad.csv"], top=1)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    shown = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in shown} <= {"s", "n", "b"}
    assert set(names) <= {cell.value for cell in shown}


def write_faulty(
    folder: Path, every: int, clients: int, rulebase: Rulebase
) -> tuple[set[str], dict[str, str]]:
    """A portfolio in which each fault stands in one of so many clients: the good ones, and the bad ones' files."""
    folder.mkdir()
    good: set[str] = set()
    bad: dict[str, str] = {}
    share = max(1, clients // every)
    sound = clients - share * len(FAULTS)
    write_lines(folder / "sound.jsonl", range(sound), rulebase.vocabulary)
    good |= {stated(number, rulebase.vocabulary)["client"] for number in range(sound)}
    for kind, (suffix, make) in FAULTS.items():
        for number in range(share):
            name = f"{kind.replace(' ', '_')}_{number}"
            path = folder / f"{name}{suffix}"
            path.write_bytes(make(name))
            bad[name] = str(path)
    return good, bad


def check_faulty(folder: Path, rulebase: Rulebase, clients: int, every: int, **options: Any) -> None:
    good, bad = write_faulty(folder / "in", every, clients, rulebase)
    report = run(rulebase, folder / "out.csv", [folder / "in"], top=1, **options)
    assert {row["client"] for row in table(folder / "out.csv")} == good
    assert (report.ranked, report.rejected) == (len(good), len(bad))
    rejected = table(folder / "out.rejected.csv")
    assert {row["file"] for row in rejected} == set(bad.values())
    assert all(row["problem"] for row in rejected)


def test_one_bad_client_never_stops_the_others(tmp_path: Path, rulebase: Rulebase) -> None:
    check_faulty(tmp_path, rulebase, 60, 100)


@pytest.mark.slow
def test_five_thousand_clients_with_every_fault_in_one_of_a_hundred(
    tmp_path: Path, rulebase: Rulebase
) -> None:
    check_faulty(tmp_path, rulebase, 5_000, 100, jobs=2)


def test_a_rule_that_raises_costs_one_client(
    tmp_path: Path, lines: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(self: direct.DirectEngine, client: Client, index: int) -> Any:
        if client.id == "Løve 00003":
            raise ZeroDivisionError("division by zero")
        return settle_rightly(self, client, index)

    settle_rightly = direct.DirectEngine.settle
    monkeypatch.setattr(direct.DirectEngine, "settle", settle)
    report = run(rulebase, tmp_path / "out.csv", [lines], top=1)
    assert (report.ranked, report.rejected) == (CLIENTS - 1, 1)
    (row,) = table(tmp_path / "out.rejected.csv")
    assert row["client"] == "Løve 00003"
    assert "ZeroDivisionError" in row["problem"]


def test_a_client_that_is_given_twice_is_rejected_both_times(
    tmp_path: Path, lines: Path, rulebase: Rulebase
) -> None:
    twice = tmp_path / "in" / "twice.csv"
    twice.write_text("client;churn\nLøve 00003;5\nOnly here;5\n", encoding="utf-8")
    report = run(rulebase, tmp_path / "out.csv", [tmp_path / "in"], top=1)
    assert (report.ranked, report.rejected) == (CLIENTS, 2)
    rows = table(tmp_path / "out.rejected.csv")
    assert [(row["client"], row["file"]) for row in rows] == [
        ("Løve 00003", str(lines)),
        ("Løve 00003", str(twice)),
    ]
    assert str(twice) in rows[0]["problem"]
    assert "Løve 00003" not in {row["client"] for row in table(tmp_path / "out.csv")}


def test_the_same_file_named_twice_counts_once(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    (tmp_path / "in" / "link.jsonl").symlink_to(lines)
    report = run(rulebase, tmp_path / "out.csv", [lines, tmp_path / "in", tmp_path / "in" / "*.jsonl"], top=1)
    assert (report.ranked, report.rejected) == (CLIENTS, 0)


def test_an_output_among_the_inputs_is_not_read(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    folder = lines.parent
    for _ in range(2):
        report = run(rulebase, folder / "out.csv", [folder], top=1)
        assert (report.ranked, report.rejected) == (CLIENTS, 0)
    assert "out.csv" in {path.name for path in folder.iterdir()}


def test_an_old_list_of_rejects_does_not_stay(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    (tmp_path / "bad.yaml").write_text("client: [")
    run(rulebase, tmp_path / "out.csv", [lines, tmp_path / "bad.yaml"], top=1)
    assert (tmp_path / "out.rejected.csv").exists()
    run(rulebase, tmp_path / "out.csv", [lines], top=1)
    assert not (tmp_path / "out.rejected.csv").exists()


def test_fail_fast_stops_at_the_first_bad_client(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    (tmp_path / "bad.csv").write_text("client;churn\nA;x\n")
    with pytest.raises(ProblemsError, match="not a number"):
        run(rulebase, tmp_path / "out.csv", [tmp_path / "bad.csv", lines], fail_fast=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "in"]


class Killed(BaseException):
    """Stands for a death that runs no handler of the program."""


def stop_after(monkeypatch: pytest.MonkeyPatch, appended: int) -> None:
    """Dies after so many outcomes are in the journal."""
    count = [0]
    append = journal_module.Journal.append

    def counting(self: Any, outcome: Any) -> None:
        append(self, outcome)
        count[0] += 1
        if count[0] == appended:
            raise Killed

    monkeypatch.setattr(journal_module.Journal, "append", counting)


@pytest.mark.parametrize("name", ["out.csv", "plans"])
@pytest.mark.parametrize("after", [1, 3])
def test_a_run_that_died_goes_on(
    name: str, after: int, tmp_path: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = write_lines(tmp_path / "in.jsonl", range(4), rulebase.vocabulary)
    whole, part = tmp_path / "whole", tmp_path / "part"
    whole.mkdir(), part.mkdir()
    run(rulebase, whole / name, [lines])
    with monkeypatch.context() as context:
        stop_after(context, after)
        with pytest.raises(Killed):
            run(rulebase, part / name, [lines])
    assert not (part / name).exists()
    evaluated = []
    outcome = batch_module.Evaluation.outcome

    def counting(self: Any, pending: Any) -> Any:
        evaluated.append(pending)
        return outcome(self, pending)

    with monkeypatch.context() as context:
        context.setattr(batch_module.Evaluation, "outcome", counting)
        run(rulebase, part / name, [lines], resume=True)
    assert len(evaluated) == 4 - after
    assert contents(part) == contents(whole)


def test_a_run_that_an_option_ended_goes_on(
    tmp_path: Path, lines: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "last.csv").write_text("client;churn\nLast;5\n")
    inputs, said = [str(lines), str(tmp_path / "last.csv")], list[str]()
    with monkeypatch.context() as context:
        context.setenv("TACTICIAN_MAX_ROWS", "many")
        with pytest.raises(UsageError, match="TACTICIAN_MAX_ROWS"):
            Batch(rulebase, tmp_path / "out.csv", Options(top=1), said.append).run(inputs)
    assert any("--resume goes on from here" in words for words in said)
    said.clear()
    report = Batch(rulebase, tmp_path / "out.csv", Options(top=1, resume=True), said.append).run(inputs)
    assert report.ranked == CLIENTS + 1
    assert f"Going on after {CLIENTS} clients." in said


def test_a_run_that_lost_a_process_goes_on(
    tmp_path: Path, lines: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(pending: Any, evaluation: Any, jobs: int) -> Any:
        yield evaluation.outcome(next(pending)), 0
        raise BrokenProcessPool

    with monkeypatch.context() as context:
        context.setattr(workers, "_in_processes", lose)
        with pytest.raises(LimitExceeded, match=r"ended from outside.*fewer --jobs"):
            run(rulebase, tmp_path / "out.csv", [lines], top=1, jobs=2)
    assert (tmp_path / ".out.csv.journal").exists()
    assert run(rulebase, tmp_path / "out.csv", [lines], top=1, resume=True).ranked == CLIENTS


def test_a_missing_extra_is_told_before_the_first_client(
    tmp_path: Path, lines: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "last.xlsx").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setattr(batch_module.Evaluation, "outcome", lambda *_: pytest.fail("a client was evaluated"))
    with pytest.raises(MissingExtra, match="excel"):
        run(rulebase, tmp_path / "out.csv", [lines, tmp_path / "last.xlsx"], top=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "last.xlsx"]


def test_what_is_synchronised_is_open_for_writing_where_that_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "a").write_text("x")
    modes = []
    monkeypatch.setattr(
        os, "fsync", lambda opened: modes.append(fcntl.fcntl(opened, fcntl.F_GETFL) & os.O_ACCMODE)
    )
    storage.synchronise(tmp_path / "a")
    storage.synchronise(tmp_path)
    assert modes == [os.O_RDWR, os.O_RDONLY]


def test_a_torn_line_of_the_journal_is_done_again(
    tmp_path: Path, lines: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(rulebase, tmp_path / "whole.csv", [lines], top=2)
    for cut in (1, 50, 2000):
        with monkeypatch.context() as context:
            stop_after(context, 3)
            with pytest.raises(Killed):
                run(rulebase, tmp_path / "part.csv", [lines], top=2)
        journal = tmp_path / ".part.csv.journal"
        journal.write_bytes(journal.read_bytes()[:-cut])
        run(rulebase, tmp_path / "part.csv", [lines], top=2, resume=True)
        assert (tmp_path / "part.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
        assert not journal.exists()


def test_a_run_with_other_inputs_or_options_is_not_resumed(
    tmp_path: Path, lines: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        stop_after(context, 2)
        with pytest.raises(Killed):
            run(rulebase, tmp_path / "out.csv", [lines], top=2)
    with pytest.raises(UsageError, match="other inputs, rules or options"):
        run(rulebase, tmp_path / "out.csv", [lines], top=3, resume=True)
    with lines.open("a") as file:
        file.write(json.dumps({"client": "New", "segments": [{"name": "a"}]}) + "\n")
    with pytest.raises(UsageError, match="other inputs"):
        run(rulebase, tmp_path / "out.csv", [lines], top=2, resume=True)
    assert run(rulebase, tmp_path / "out.csv", [lines], top=2).ranked == CLIENTS + 1


def test_resuming_what_is_done_does_it_again(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    run(rulebase, tmp_path / "out.csv", [lines], top=1)
    before = contents(tmp_path)
    run(rulebase, tmp_path / "out.csv", [lines], top=1, resume=True)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["out.csv", pytest.param("plans", marks=pytest.mark.slow)])
def test_a_full_disk_leaves_the_old_output_or_the_new(
    name: str, tmp_path: Path, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = write_lines(tmp_path / "in.jsonl", range(2), rulebase.vocabulary)
    folder = tmp_path / "here"
    folder.mkdir()
    run(rulebase, folder / name, [lines], top=1)
    old = contents(folder)
    run(rulebase, tmp_path / f"new-{name}", [lines], top=2)
    before = contents(folder / name) if name == "plans" else old[name]
    new = contents(tmp_path / f"new-{name}") if name == "plans" else (tmp_path / f"new-{name}").read_bytes()
    number, calls = 0, 1
    while calls >= number:
        number += 1
        with monkeypatch.context() as context:
            counted = fail_once(context, number)
            with contextlib.suppress(CannotWrite):
                run(rulebase, folder / name, [lines], top=2)
            calls = counted[0]
        main = contents(folder / name) if name == "plans" else (folder / name).read_bytes()
        assert main in (before, new)
    assert number > 8
    assert main == new


def fail_once(context: pytest.MonkeyPatch, number: int) -> list[int]:
    """Lets one of all calls that open, synchronise or rename an output fail; counts them."""
    count = [0]

    def failing(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            count[0] += "here" in str(arguments[0])
            if count[0] == number and "here" in str(arguments[0]):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return original(*arguments, **more)

        return call

    context.setattr(storage, "_synchronise", failing(storage._synchronise))
    for name in ("replace", "open", "mkdir"):
        context.setattr(Path, name, failing(getattr(Path, name)))
    return count


LIMITED = """
import resource, sys
from tactician.cli.main import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_space_left_is_told_with_the_file(name: str, tmp_path: Path, lines: Path) -> None:
    command = ["batch", lines, "-o", tmp_path / name, "-q", "--plans", "json"]
    for bytes_allowed in (50_000, 200_000) if name == "out.csv" else (50_000,):
        process = subprocess.run(
            [sys.executable, "-c", LIMITED, str(bytes_allowed), *map(str, command)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 4, process.stderr
        assert "could not be written: File too large" in process.stderr
        assert str(tmp_path) in process.stderr
        assert not (tmp_path / name).exists()


def test_two_runs_do_not_write_one_output(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    with locked(tmp_path / "out.csv"):
        command = [
            sys.executable,
            "-m",
            "tactician",
            "batch",
            str(lines),
            "-o",
            str(tmp_path / "out.csv"),
            "-q",
        ]
        process = subprocess.run(command, capture_output=True, text=True, check=False)
        assert process.returncode == 4
        assert f"in use by process {os.getpid()}" in process.stderr
    assert not (tmp_path / "out.csv").exists()
    run(rulebase, tmp_path / "out.csv", [lines], top=1)


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    (tmp_path / ".out.csv.lock").write_text("999999\n")
    (tmp_path / ".out.csv.part").write_text("half")
    run(rulebase, tmp_path / "out.csv", [lines], top=1)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_client_is_the_same_alone_and_after_others(tmp_path: Path, rulebase: Rulebase) -> None:
    vocabulary = rulebase.vocabulary
    many = write_lines(tmp_path / "many.jsonl", range(30), vocabulary)
    alone = write_lines(tmp_path / "alone.jsonl", range(29, 30), vocabulary)
    run(rulebase, tmp_path / "many-out.jsonl", [many])
    run(rulebase, tmp_path / "alone-out.jsonl", [alone])
    name = stated(29, vocabulary)["client"]
    rows = [
        line for line in (tmp_path / "many-out.jsonl").read_text("utf-8").splitlines() if f'"{name}"' in line
    ]
    assert rows == (tmp_path / "alone-out.jsonl").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", OUTPUTS)
def test_any_client_can_be_reopened(name: str, tmp_path: Path, rulebase: Rulebase) -> None:
    example = tactician.read_client("facts/solsikken_bakery.yaml", rulebase)
    run(rulebase, tmp_path / name, ["facts/solsikken_bakery.yaml", "facts/yarn_shop.yaml"], plans="json")
    again = reopen(tmp_path / name, example.id, rulebase)
    for field in ("id", "currency", "rate", "running", "facts", "segments", "amounts"):
        assert getattr(again, field) == getattr(example, field)
    with pytest.raises(ProblemsError, match="Did you mean Solsikken Bakery"):
        reopen(tmp_path / name, "Solsiken Bakery", rulebase)


@pytest.mark.parametrize("text", ["[1]", "5", '{"facts": 5}', '{"facts": "[1]"}', '{"facts": "{"}', "\xff"])
def test_a_damaged_output_holds_no_client(text: str, tmp_path: Path, rulebase: Rulebase) -> None:
    from pyarrow import Table, parquet

    (tmp_path / "out.jsonl").write_text(f"{text}\n", encoding="latin-1")
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "clients.jsonl").write_text("[1]\n")
    (tmp_path / "ranks").mkdir()
    (tmp_path / "ranks" / "source.json").write_text(text, encoding="latin-1")
    facts = json.loads(text)["facts"] if text.startswith("{") else [1]
    parquet.write_table(Table.from_pydict({"facts": [facts]}), tmp_path / "out.parquet")
    for name in ("out.jsonl", "plans", "ranks", "out.parquet"):
        with pytest.raises(UnreadableInput, match="this is not an output of tactician batch"):
            reopen(tmp_path / name, "A", rulebase)


def test_the_columnar_engine_says_the_same_but_horizons(
    tmp_path: Path, lines: Path, rulebase: Rulebase
) -> None:
    run(rulebase, tmp_path / "direct.jsonl", [lines, "facts/portfolio"], engine="direct")
    run(rulebase, tmp_path / "columnar.jsonl", [lines, "facts/portfolio"], engine="columnar")
    a, b = (
        [
            {**json.loads(line), "horizon": None}
            for line in (tmp_path / f"{name}.jsonl").read_text("utf-8").splitlines()
        ]
        for name in ("direct", "columnar")
    )
    assert a == b
    a, b = (table(tmp_path / f"{name}.summary.csv") for name in ("direct", "columnar"))
    for one, other in zip(a, b, strict=True):
        same = ("tactic", "first", "top3", "blocked", "mean_points", "blocked_most_by", "blocks_clients")
        assert [one[key] for key in same] == [other[key] for key in same]


def test_the_forward_engine_says_the_same(tmp_path: Path, rulebase: Rulebase) -> None:
    lines = write_lines(tmp_path / "in.jsonl", range(2), rulebase.vocabulary)
    for engine in ("direct", "forward"):
        run(rulebase, tmp_path / f"{engine}.csv", [lines], engine=engine)
    assert (tmp_path / "direct.csv").read_bytes() == (tmp_path / "forward.csv").read_bytes()
    assert (tmp_path / "direct.summary.csv").read_bytes() == (tmp_path / "forward.summary.csv").read_bytes()


def test_tables_go_in_and_come_out(tmp_path: Path, rulebase: Rulebase) -> None:
    from pyarrow import dataset

    from tactician.inference import columnar

    clients = [stated_client(number, rulebase) for number in range(CLIENTS)]
    columnar.write([columnar.tables(clients, rulebase)], tmp_path / "tables")
    report = run_portfolio(
        [str(tmp_path / "tables")], tmp_path / "out", rulebase, Options(engine="columnar", top=3)
    )
    assert report.ranked == CLIENTS
    ranks = dataset.dataset(str(tmp_path / "out" / "ranks")).to_table().to_pylist()
    run_portfolio(
        [str(tmp_path / "tables")], tmp_path / "rows.jsonl", rulebase, Options(engine="auto", top=3)
    )
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text("utf-8").splitlines()]
    key = [(row["id"], row["group"], row["rank"], row["record"], row["total"]) for row in ranks]
    assert sorted(key) == sorted(
        (row["client"], row["group"], row["rank"], row["tactic"], row["total"]) for row in rows
    )
    assert reopen(tmp_path / "out", clients[3].id, rulebase).segments == clients[3].segments
    summary = {row["tactic"]: row for row in table(tmp_path / "out.summary.csv")}
    for row in table(tmp_path / "rows.summary.csv"):
        assert (summary[row["tactic"]]["top3"], summary[row["tactic"]]["blocked"]) == (
            row["top3"],
            row["blocked"],
        )


def test_a_backend_needs_tables(tmp_path: Path, lines: Path, rulebase: Rulebase) -> None:
    with pytest.raises(UsageError, match="--backend"):
        run_portfolio([str(lines)], tmp_path / "out.csv", rulebase, Options(backend="local[2]"))


def test_the_example_portfolio_runs(tmp_path: Path, rulebase: Rulebase) -> None:
    report = run(rulebase, tmp_path / "out.csv", ["facts/portfolio"], top=1)
    assert (report.ranked, report.rejected) == (20, 0)


MEASURED = """
import json, re, sys
from pathlib import Path
import tactician
from tactician.portfolio import journal
from tactician.portfolio.batch import Batch
from tactician.portfolio.options import Options

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

append, sizes = journal.Journal.append, []
def measuring(self, outcome):
    append(self, outcome)
    sizes.append(resident())
journal.Journal.append = measuring
Batch(tactician.open_rulebase(), Path(sys.argv[2]), Options(top=3)).run([sys.argv[1]])
print(json.dumps(sizes[-1] - sizes[500]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_memory_does_not_grow_with_the_clients(tmp_path: Path, rulebase: Rulebase) -> None:
    lines = write_lines(tmp_path / "in.jsonl", range(2_000), rulebase.vocabulary)
    command = [sys.executable, "-c", MEASURED, str(lines), str(tmp_path / "out.csv")]
    process = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(process.stdout) < 20
