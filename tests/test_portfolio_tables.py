"""Folders of Parquet tables in a portfolio: rows that do not fit cost their client, under every engine."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import parquet

import tactician
from portfolio_world import stated
from tactician.errors import InvalidClient, UsageError
from tactician.inference import columnar
from tactician.knowledge.rules import Rulebase
from tactician.portfolio import run as run_module
from tactician.portfolio.options import Options
from tactician.portfolio.reopening import reopen
from tactician.portfolio.run import run_portfolio

CLIENTS = 4
BAD = 1
"""The key of the client whose rows are changed; it has two segments."""
Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return tactician.open_rulebase()


@pytest.fixture(scope="module")
def sound(rulebase: Rulebase) -> Tables:
    found = tactician.consult_many(
        [stated(number, rulebase.vocabulary) for number in range(CLIENTS)], rulebase
    )
    clients = [each.consultation.client for each in found if each.consultation]
    return dict(columnar.tables(clients, rulebase).tables)


def write(tables: Tables, folder: Path) -> Path:
    folder.mkdir()
    for name, table in tables.items():
        parquet.write_table(table, folder / f"{name}.parquet")
    return folder


def without_segments(tables: Tables) -> Tables:
    return {
        name: table if name == "clients" else table.filter(pc.not_equal(table["client"], BAD))
        for name, table in tables.items()
    }


def changed(name: str, column: str, value: object) -> Callable[[Tables], Tables]:
    """Puts a value into a column of the first row of the bad client."""

    def change(tables: Tables) -> Tables:
        rows = tables[name].to_pylist()
        next(row for row in rows if row["client"] == BAD)[column] = value
        return {**tables, name: pa.Table.from_pylist(rows, tables[name].schema)}

    return change


WRONG = {
    "no segment": (without_segments, "segments, segment", "there is no segment"),
    "no such item": (changed("links", "item", 99), "links, item", "there is no such item"),
    "no share": (changed("segments", "ppm", None), "segments, ppm", "a share must be above 0"),
    "no name": (changed("segments", "name", None), "name", ""),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("engine", ["direct", "columnar"])
def test_rows_that_do_not_fit_cost_their_client(
    name: str, engine: str, tmp_path: Path, sound: Tables, rulebase: Rulebase
) -> None:
    change, where, what = WRONG[name]
    source = write(change(sound), tmp_path / "tables")
    report = run_portfolio([str(source)], tmp_path / "out.csv", rulebase, Options(engine=engine, top=1))
    assert (report.ranked, report.rejected) == (CLIENTS - 1, 1)
    with (tmp_path / "out.rejected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["client"] for row in rows} == {"Bakkerij 00001"}
    assert any(where in row["where"] and what in row["problem"] for row in rows)


def test_results_of_tables_come_in_their_order(tmp_path: Path, sound: Tables, rulebase: Rulebase) -> None:
    source = write(without_segments(sound), tmp_path / "tables")
    results = list(tactician.consult_many(source, rulebase))
    assert [each.id for each in results] == sound["clients"]["id"].to_pylist()
    assert [each.id for each in results if each.problems] == ["Bakkerij 00001"]


def test_tables_that_were_damaged_since_are_no_client(
    tmp_path: Path, sound: Tables, rulebase: Rulebase
) -> None:
    source = write(sound, tmp_path / "tables")
    run_portfolio([str(source)], tmp_path / "out", rulebase, Options(engine="columnar", top=1))
    assert len(reopen(tmp_path / "out", "Bakkerij 00001", rulebase).segments) == 2
    broken = changed("links", "item", 99)(sound)
    parquet.write_table(broken["links"], source / "links.parquet")
    with pytest.raises(InvalidClient, match="there is no such item"):
        reopen(tmp_path / "out", "Bakkerij 00001", rulebase)


@pytest.mark.parametrize(
    ("options", "flag"),
    [
        ({"resume": True}, "--resume"),
        ({"fail_fast": True}, "--fail-fast"),
        ({"jobs": 2}, "--jobs"),
        ({"decimal": "comma"}, "--decimal"),
        ({"plans": "html"}, "--plans"),
    ],
)
def test_options_for_clients_one_by_one_are_refused_for_whole_tables(
    options: dict[str, Any], flag: str, tmp_path: Path, sound: Tables, rulebase: Rulebase
) -> None:
    source = write(sound, tmp_path / "tables")
    with pytest.raises(UsageError, match=f"there is no {flag}"):
        run_portfolio([str(source)], tmp_path / "out", rulebase, Options(engine="columnar", **options))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tables"]


def test_a_backend_computes_tables_however_few(
    tmp_path: Path, sound: Tables, rulebase: Rulebase, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(sound, tmp_path / "tables")
    asked: list[str | None] = []
    monkeypatch.setattr(run_module, "run_tables", lambda *given: asked.append(given[-1].backend))
    chosen = Options(engine="auto", backend="local[2]")
    run_portfolio([str(source)], tmp_path / "out", rulebase, chosen)
    assert asked == ["local[2]"]
    with pytest.raises(UsageError, match="--backend"):
        run_portfolio([str(source)], tmp_path / "out", rulebase, chosen.with_engine("direct"))
    with pytest.raises(UsageError, match="pipe"):
        run_portfolio([str(source)], "-", rulebase, chosen)


def test_not_a_number_in_a_table_is_unknown(tmp_path: Path, sound: Tables, rulebase: Rulebase) -> None:
    source = write(changed("segments", "business.churn", float("nan"))(sound), tmp_path / "tables")
    for engine in ("direct", "columnar"):
        run_portfolio([str(source)], tmp_path / f"{engine}.jsonl", rulebase, Options(engine=engine, top=1))
    facts = [
        json.loads(json.loads(line)["facts"] or "null")
        for line in (tmp_path / "direct.jsonl").read_text("utf-8").splitlines()
    ]
    (mine,) = [each for each in facts if each and each["client"] == "Bakkerij 00001"]
    assert "churn" not in mine["business"]
