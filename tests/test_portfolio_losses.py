"""What a run must never cost: its inputs, files that somebody else put there, and an earlier result."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import tactician
from portfolio_world import write_lines
from tactician.errors import CannotWrite, UsageError
from tactician.knowledge.rules import Rulebase
from tactician.portfolio import staging
from tactician.portfolio.batch import Report
from tactician.portfolio.earlier import is_earlier
from tactician.portfolio.options import Options, output_path
from tactician.portfolio.run import run_portfolio
from tactician.portfolio.template_files import write_template

SHEET = "client;churn\nGood;5\n"
OUTPUTS = ("out.csv", "out.jsonl", "out.xlsx", "out.parquet", "plans")
Run = Callable[..., Report]


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return tactician.open_rulebase()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def run(rulebase: Rulebase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Run:
    """Runs a batch in a folder of its own that holds one sheet, `mine.csv`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text(SHEET)

    def call(*names: str, output: str, **options: object) -> Report:
        return run_portfolio(names, output, rulebase, Options(engine="direct", top=1, **options), said.append)  # type: ignore[arg-type]

    return call


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("spelling", ["mine.csv", "./mine.csv", "x/../mine.csv", "link.csv", "hard.csv"])
def test_an_input_is_not_written_over(spelling: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "link.csv").symlink_to("mine.csv")
    os.link("mine.csv", "hard.csv")
    with pytest.raises(UsageError, match=r"mine\.csv is both input and output\. Name another output\."):
        run("mine.csv", output=spelling)
    with pytest.raises(UsageError, match="is both input and output"):
        run(spelling, output="mine.csv")
    assert (tmp_path / "mine.csv").read_text() == SHEET


def test_a_companion_of_the_output_is_not_read_and_written_over(run: Run, tmp_path: Path) -> None:
    run("mine.csv", output="out.csv")
    before = contents(tmp_path)
    with pytest.raises(UsageError, match=r"out\.clients\.jsonl is both input and output"):
        run("out.clients.jsonl", output="out.csv")
    assert contents(tmp_path) == before
    assert run("out.clients.jsonl", output="again.csv").ranked == 1


def test_a_folder_is_not_both_input_and_output(run: Run, tmp_path: Path) -> None:
    run("mine.csv", output="plans")
    before = contents(tmp_path)
    for name in ("plans", "plans/clients.jsonl", "plans/*.jsonl"):
        with pytest.raises(UsageError, match="is both input and output"):
            run(name, output="plans")
    assert contents(tmp_path) == before


def test_nothing_is_written_when_no_file_is_left(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clients").mkdir()
    run("mine.csv", output="clients/out.csv")
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="There is no file of clients in clients"):
        run("clients", output="clients/out.csv")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_earlier_result_outlives_a_run_without_clients(
    name: str, run: Run, tmp_path: Path, said: list[str]
) -> None:
    run("mine.csv", output=name)
    before = contents(tmp_path)
    report = run("mien.csv", output=name)
    assert f"No client can be ranked, so {name} is not written." in said
    assert (report.ranked, report.rejected, report.unnamed) == (0, 1, 1)
    stem = Path(name).stem
    assert [path.name for path in report.files] == [f"{stem}.rejected.csv"]
    (tmp_path / f"{stem}.rejected.csv").unlink()
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["notes.txt", "sub/notes.md", "renamed plan.md", ".hidden"])
def test_a_folder_with_a_file_of_somebody_else_is_not_replaced(name: str, run: Run, tmp_path: Path) -> None:
    run("mine.csv", output="plans")
    (tmp_path / "plans" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "plans" / name).write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(CannotWrite, match=f"plans holds other files: {name}"):
        run("mine.csv", output="plans")
    assert contents(tmp_path) == before


def test_a_folder_with_an_index_of_somebody_else_is_not_replaced(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.csv").write_text("page,file\n1,diary.txt\n")
    (tmp_path / "mine" / "diary.txt").write_text("x")
    before = contents(tmp_path)
    with pytest.raises(CannotWrite, match=r"mine holds other files: diary\.txt, index\.csv"):
        run("mine.csv", output="mine")
    assert contents(tmp_path) == before


def test_a_folder_that_was_only_looked_at_is_replaced(run: Run, tmp_path: Path) -> None:
    run("mine.csv", output="plans")
    (tmp_path / "plans" / ".DS_Store").write_bytes(b"x")
    index = tmp_path / "plans" / "index.csv"
    index.write_text(index.read_text("utf-8").replace(",", ";"), encoding="utf-8-sig")
    assert run("mine.csv", output="plans", plans="html").ranked == 1
    assert not (tmp_path / "plans" / ".DS_Store").exists()


def test_what_is_put_into_the_folder_meanwhile_is_not_lost(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("mine.csv", output="plans")
    path = staging.Staging.path

    def interfering(self: staging.Staging, target: Path) -> Path:
        (tmp_path / "plans" / "notes.txt").write_text("mine")
        return path(self, target)

    monkeypatch.setattr(staging.Staging, "path", interfering)
    with pytest.raises(CannotWrite, match=r"holds other files: notes\.txt"):
        run("mine.csv", output="plans")
    assert (tmp_path / "plans" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("out.csv", "out.csv"),
        ("out.xlsx", "out.xlsx"),
        ("out.jsonl", "out.jsonl"),
        ("out.parquet", "out.parquet"),
        ("out.summary.csv", "out.jsonl"),
        ("out.rejected.csv", "out.csv"),
        ("out.clients.jsonl", "out.xlsx"),
        ("plans.rejected.csv", "plans"),
    ],
)
def test_a_file_that_no_run_wrote_is_not_replaced(name: str, output: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / name).write_text(SHEET)
    before = contents(tmp_path)
    with pytest.raises(CannotWrite, match=f"{name} is no earlier output, and would be replaced"):
        run("mine.csv", output=output)
    assert contents(tmp_path) == before
    (tmp_path / name).write_text("")
    assert run("mine.csv", output=output).ranked == 1


def test_what_a_run_that_died_had_written_is_its_own(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for a death between two files of one output."""

    rename = staging._rename

    def dying(part: Path, target: Path) -> None:
        if target.name == "out.xlsx":
            raise Killed
        rename(part, target)

    with monkeypatch.context() as context:
        context.setattr(staging, "_rename", dying)
        with pytest.raises(Killed):
            run("mine.csv", output="out.xlsx")
    assert (tmp_path / "out.clients.jsonl").exists()
    assert not (tmp_path / "out.xlsx").exists()
    assert run("mine.csv", output="out.xlsx", resume=True).ranked == 1


def test_a_sheet_that_a_folder_brings_in_is_not_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "a.csv").write_text(SHEET)
    (tmp_path / "clients" / "b.csv").write_text(SHEET.replace("Good", "Better"))
    with pytest.raises(CannotWrite, match=r"a\.csv is no earlier output"):
        run("clients", output="clients/a.csv")
    assert (tmp_path / "clients" / "a.csv").read_text() == SHEET


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("plans", ["json", "markdown"])
def test_outputs_of_earlier_runs_are_left_out_of_a_folder(
    output: str, plans: str, run: Run, tmp_path: Path, said: list[str]
) -> None:
    (tmp_path / "bad.csv").write_text("client;churn\nBad;x\n")
    run("mine.csv", "bad.csv", output=output, plans=plans)
    (tmp_path / "bad.csv").unlink()
    said.clear()
    for _ in range(2):
        report = run(str(tmp_path), output="all.csv")
        assert (report.ranked, report.rejected) == (1, 0)
    assert sum("Left out what earlier runs wrote: " in line for line in said) == 2
    assert not any("all.csv" in line for line in said)


def test_a_plan_beside_a_client_is_no_client(run: Run, tmp_path: Path, rulebase: Rulebase) -> None:
    from tactician.library import plan
    from tactician.presentation.plan_json import dump

    (tmp_path / "c.json").write_text('{"client": "C", "segments": [{"name": "all"}]}')
    (tmp_path / "plan.json").write_text(dump(plan(tmp_path / "c.json", rulebase, "direct")), encoding="utf-8")
    assert (is_earlier(tmp_path / "plan.json"), is_earlier(tmp_path / "c.json")) == (True, False)
    report = run(str(tmp_path), output="all.csv")
    assert (report.ranked, report.rejected) == (2, 0)


def test_what_resembles_an_output_is_read(run: Run, tmp_path: Path, rulebase: Rulebase) -> None:
    write_lines(tmp_path / "kept.clients.jsonl", range(1), rulebase.vocabulary)
    write_lines(tmp_path / "clients.jsonl", range(1, 2), rulebase.vocabulary)
    (tmp_path / "index.csv").write_text(SHEET.replace("Good", "Better"))
    assert run(str(tmp_path), output="all.csv").ranked == 4


def test_tables_that_a_folder_of_ranks_holds_beside_its_own_are_not_lost(
    run: Run, tmp_path: Path, rulebase: Rulebase
) -> None:
    from tactician.inference import columnar
    from tactician.portfolio.table_run import run_tables

    client = tactician.read_client({"client": "A", "segments": [{"name": "all"}]}, rulebase)
    columnar.write([columnar.tables([client], rulebase)], tmp_path / "tables")
    for _ in range(2):
        run_tables(tmp_path / "tables", tmp_path / "ranks", rulebase, Options())
    report = run(str(tmp_path / "ranks"), "mine.csv", output="all.csv")
    assert (report.ranked, report.rejected) == (1, 0)
    (tmp_path / "ranks" / "ranks" / "notes.txt").write_text("mine")
    with pytest.raises(CannotWrite, match=r"holds other files: ranks/notes\.txt"):
        run_tables(tmp_path / "tables", tmp_path / "ranks", rulebase, Options())
    with pytest.raises(CannotWrite, match="holds other files"):
        run_tables(tmp_path / "tables", tmp_path / "tables", rulebase, Options())


def test_sheets_to_fill_in_replace_only_sheets(tmp_path: Path, rulebase: Rulebase) -> None:
    write_template(tmp_path / "sheets", rulebase)
    (tmp_path / "sheets" / "notes.txt").write_text("mine")
    with pytest.raises(CannotWrite, match=r"holds other files: notes\.txt"):
        write_template(tmp_path / "sheets", rulebase)


@pytest.mark.parametrize("name", ["plans", "plans.2026/", ".plans", "out.CSV", "out.jsonl", "there.d"])
def test_an_output_is_a_known_file_or_a_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.d").mkdir()
    assert output_path(name) == Path(name)


@pytest.mark.parametrize("name", ["out.json", "x.txt", "out.xls", "a/b.cvs", "plans.2026"])
def test_an_unknown_ending_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"Known are \.csv, \.jsonl, \.xlsx, \.parquet"):
        output_path(name)
