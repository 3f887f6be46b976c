"""`tactician batch` and the sheets of `tactician facts template` as people meet them."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tactician
from portfolio_world import write_lines
from tactician.cli import main
from tactician.facts.repository import facts_folder

EXAMPLE = facts_folder() / "portfolio"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Runs a command in this process; gives its exit code, data and words."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return call


def test_the_example_portfolio_is_ranked(run, tmp_path: Path) -> None:
    code, out, words = run("batch", EXAMPLE, "-o", tmp_path / "plans.csv", "--top", 1)
    assert (code, out) == (0, "")
    assert "clients.csv: read as semicolon, UTF-8, decimal comma, 21 rows." in words
    assert "portfolio.xlsx [segments]: read as Excel, 13 rows." in words
    assert "Ranked 20 clients." in words
    assert (
        f"Wrote {tmp_path / 'plans.csv'}, {tmp_path / 'plans.summary.csv'}, {tmp_path / 'plans.clients.jsonl'}."
        in words
    )
    assert run("batch", EXAMPLE, "-o", tmp_path / "plans.csv", "--top", 1, "-q") == (0, "", "")


def test_bad_clients_are_told_and_the_exit_code_is_1(run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("client;churn\nGood;5\nBad;x\n")
    code, _, words = run(
        "batch", tmp_path / "a.csv", tmp_path / "b.yaml", "-o", tmp_path / "out.jsonl", "--top", 1
    )
    assert code == 1
    assert f"{tmp_path / 'a.csv'}:3:2: column \"churn\" (B3): 'x' is not a number." in words
    assert "there is no such file" in words
    assert words.splitlines()[-1] == (
        "Error: 1 client and 1 file or row could not be used. "
        f"The reasons are in {tmp_path / 'out.rejected.csv'}."
    )
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 3


def test_an_input_without_clients_is_an_error(run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n")
    code, _, words = run("batch", tmp_path / "a.jsonl", "-o", tmp_path / "out.csv")
    assert (code, words.splitlines()[-1]) == (1, "Error: There is no client in what was read.")
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_an_open_column_asks_and_an_option_answers(run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("client;monthly budget\nA;1.234\n")
    code, _, words = run("batch", tmp_path / "a.csv", "-o", tmp_path / "out.jsonl")
    assert code == 1
    assert "is 1.234 here 1234 or 1.234? Nothing in the column tells." in words
    assert "Say which with --decimal comma or --decimal point." in words
    assert run("batch", tmp_path / "a.csv", "-o", tmp_path / "out.jsonl", "--decimal", "comma")[0] == 0
    facts = json.loads(json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["facts"])
    assert facts["business"]["monthly_budget"] == 1234


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("batch", "x.yaml"), 2, "--output"),
        (("batch", "-o", "x.csv"), 2, "INPUT"),
        (
            ("batch", "x.yaml", "-o", "no/such/folder/x.csv"),
            4,
            "folder does not exist|does not exist; make it first",
        ),
        (("batch", "/x.yaml", "-o", "."), 4, "holds other files: here.txt"),
        (("batch", "x.yaml", "-o", "."), 2, "both input and output"),
        (
            ("batch", "x.yaml", "-o", "x.json"),
            2,
            r"Did you mean .jsonl\? Known are .csv, .jsonl, .xlsx, .parquet",
        ),
        (("batch", "x.yaml", "-o", "plans.2026"), 2, "a folder of this name is plans.2026/"),
        (("batch", ".", "-o", "x.csv"), 2, "no file of clients in ."),
        (("batch", "-", "-o", "x.csv", "--resume"), 2, "through a pipe"),
        (("batch", "x.yaml", "-o", "x.csv", "--backend", "local[2]"), 2, "--backend"),
        (("facts", "template", "--format", "xlsx"), 2, "screen"),
        (("facts", "template", "--format", "csv", "-o", "a.csv"), 2, "six files"),
    ],
)
def test_requests_that_make_no_sense(
    arguments: tuple[str, ...], code: int, words: str, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.txt").write_text("x")
    found = run(*arguments)
    assert found[0] == code
    assert re.search(words, found[2])
    assert [path.name for path in tmp_path.iterdir()] == ["here.txt"]


def test_lines_can_come_through_a_pipe(tmp_path: Path) -> None:
    text = json.dumps({"client": "A", "segments": [{"name": "all"}]}) + "\n"
    command = [
        sys.executable,
        "-m",
        "tactician",
        "batch",
        "-",
        "-o",
        str(tmp_path / "out.jsonl"),
        "--top",
        "1",
    ]
    process = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 3


def test_ranks_can_go_into_a_pipe(run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("client;churn\nGood;5\nBad;x\n")
    (tmp_path / "b.csv").write_text("client;churn\nGood;5\n")
    code, out, words = run("batch", tmp_path / "a.csv", tmp_path / "b.csv", "-o", "-", "--top", 1)
    assert code == 1
    assert [json.loads(line)["client"] for line in out.splitlines()] == ["Good"] * 3
    assert "'x' is not a number" in words
    assert "came before" in words
    assert words.splitlines()[-1] == "Error: 2 clients could not be used."
    assert run("batch", tmp_path / "b.csv", "-o", "-", "--resume")[0] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_every_bad_client_of_a_pipe_is_told(run, tmp_path: Path) -> None:
    rows = "".join(f"Bad {number};x\n" for number in range(30))
    (tmp_path / "a.csv").write_text(f"client;churn\n{rows}Good;5\n")
    for quiet in ((), ("-q",)):
        code, out, words = run("batch", tmp_path / "a.csv", "-o", "-", "--top", 1, *quiet)
        assert (code, len(out.splitlines())) == (1, 3)
        assert words.count("'x' is not a number") == 30
    code, out, words = run("batch", tmp_path / "a.csv", "-o", "-", "--top", 1, "--fail-fast")
    assert (code, out) == (1, "")
    assert words.count("'x' is not a number") == 1


@pytest.mark.parametrize(
    ("module", "name"), [("openpyxl", "a.xlsx"), ("defusedxml", "a.xlsx"), ("pyarrow", "a.parquet")]
)
def test_a_missing_extra_is_named_with_its_command(
    module: str, name: str, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = EXAMPLE / "portfolio.xlsx"
    (tmp_path / name).write_bytes(source.read_bytes())
    monkeypatch.setitem(sys.modules, module, None)
    code, _, words = run("batch", tmp_path / name, "-o", tmp_path / "out.csv", "--engine", "direct")
    assert code == 2
    assert re.search(r"pip install 'tactician\[(excel|columnar)\]'", words)
    assert not (tmp_path / "out.csv").exists()


def test_a_missing_writer_is_named_with_its_command(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("client;churn\nGood;5\n")
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    code, _, words = run("batch", tmp_path / "a.csv", "-o", tmp_path / "out.xlsx")
    assert code == 2
    assert "pip install 'tactician[excel]'" in words
    assert run("facts", "template", "--format", "xlsx", "-o", tmp_path / "b.xlsx")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_sheets_to_fill_in(run, tmp_path: Path) -> None:
    code, _, words = run(
        "facts", "template", "--format", "csv", "--decimal", "comma", "-o", tmp_path / "sheets"
    )
    assert (code, words) == (0, f"Wrote {tmp_path / 'sheets'}.\n")
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == [
        "clients.csv", "gains.csv", "jobs.csv", "pains.csv", "products.csv", "segments.csv",
    ]  # fmt: skip
    assert run("facts", "template", "--format", "xlsx", "--fill", EXAMPLE, "-o", tmp_path / "a.xlsx")[0] == 0
    code, _, words = run("batch", tmp_path / "a.xlsx", "-o", tmp_path / "out.csv", "--top", 1)
    assert code == 0
    assert "Ranked 20 clients." in words


@pytest.mark.parametrize(
    ("output", "options", "start"),
    [
        ("a.xlsx", (), b"PK"),
        ("a", ("--format", "xlsx"), b"PK"),
        ("a.YAML", (), b"#"),
        ("a", (), b"#"),
        ("a/", (), None),
        ("a.b", ("--format", "csv", "--decimal", "comma"), None),
    ],
)
def test_a_template_is_what_its_name_says(
    output: str, options: tuple[str, ...], start: bytes | None, run, tmp_path: Path
) -> None:
    assert run("facts", "template", *options, "-o", f"{tmp_path}/{output}")[0] == 0
    (written,) = tmp_path.iterdir()
    if start is None:
        assert (written / "clients.csv").is_file()
    else:
        assert written.read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "csv", "-o", "y.xlsx"), "y.xlsx does not name a folder of CSV files"),
        (("--format", "yaml", "-o", "y.xlsx"), "y.xlsx does not name a client file"),
        (("--format", "xlsx", "-o", "y.yaml"), "y.yaml does not name a workbook"),
        (("-o", "y.csv"), "The sheets are six files. Name a folder: -o y/"),
        (("-o", "y.json"), "Does y.json take YAML or sheets?"),
        (
            ("--fill", "x.csv"),
            "--fill does not apply to a client file in YAML. It goes with --format xlsx or csv.",
        ),
        (("--decimal", "comma"), "--decimal does not apply to a client file"),
        (("--decimal", "comma", "-o", "y.xlsx"), "--decimal does not apply to a workbook"),
        (("--schema", "s.json", "-o", "y/"), "--schema does not apply to a folder of CSV files"),
    ],
)
def test_templates_that_make_no_sense(
    arguments: tuple[str, ...], words: str, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, told = run("facts", "template", *arguments)
    assert (code, out) == (2, "")
    assert words in told
    assert not list(tmp_path.iterdir())


def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path) -> None:
    write_lines(tmp_path / "in.jsonl", range(300), tactician.open_rulebase().vocabulary)
    command = [sys.executable, "-m", "tactician", "batch", str(tmp_path / "in.jsonl"), "-o"]
    process = subprocess.Popen([*command, str(tmp_path / "out.csv")], stderr=subprocess.PIPE, text=True)
    journal = tmp_path / ".out.csv.journal"
    until = time.monotonic() + 30
    while not (journal.exists() and journal.stat().st_size > 50_000) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    words = process.communicate()[1]
    assert process.returncode == 130
    assert "--resume goes on from here" in words
    assert "Traceback" not in words
    assert journal.exists()
    assert not (tmp_path / "out.csv").exists()
