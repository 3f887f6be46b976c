"""Folders of Parquet: read in pieces, checked, computed and written whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow", reason="the extra 'columnar' is not installed")

import pyarrow.compute as pc
import pyarrow.parquet as pq

from columnar_comparison import rows_of
from tactician.errors import CannotWrite, UnreadableInput, UsageError
from tactician.inference import columnar, columnar_writing
from tactician.inference.columnar import Tables
from test_columnar import everything, population, shipped

CLIENTS = 120
Change = Callable[[pa.Table], pa.Table]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return population(3).piece(0, CLIENTS)


@pytest.fixture(scope="module")
def folder(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parquet") / "clients"
    columnar.write([tables], path)
    return path


def changed(tables: Tables, name: str, change: Change) -> Tables:
    return Tables({**tables.tables, name: change(tables[name])})


def with_value(column: str, row: int, value: object) -> Change:
    """The table with one value of a column replaced."""

    def change(table: pa.Table) -> pa.Table:
        stored = table.column(column)
        kind = pa.string() if pa.types.is_dictionary(stored.type) else stored.type
        values = stored.to_pylist()
        values[row] = value
        return table.set_column(table.column_names.index(column), column, pa.array(values, kind))

    return change


def reasons(tables: Tables) -> list[tuple[int, str, str, str]]:
    rejected = columnar.consult(tables, shipped()).rejected.to_pylist()
    return [(row["client"], row["table"], row["column"], row["what"]) for row in rejected]


def test_pieces_of_any_size_give_the_same(folder: Path, tables: Tables) -> None:
    whole = everything(tables, shipped())
    for size in (11, 50, CLIENTS):
        found = [
            row
            for part in columnar.stream(folder, shipped(), top=None, size=size)
            for row in rows_of(part.results)
        ]
        assert found == whole


def test_a_run_writes_what_it_finds(folder: Path, tables: Tables, tmp_path: Path) -> None:
    done: list[int] = []
    outcome = columnar.run(folder, shipped(), output=tmp_path / "out", progress=done.append)
    stored = pq.read_table(tmp_path / "out" / "ranks")
    in_memory = columnar.run(tables, shipped())
    assert rows_of(stored) == rows_of(in_memory.results)
    assert stored.num_rows == CLIENTS * 8
    assert outcome.results.num_rows == 0
    assert done == [CLIENTS]
    assert (outcome.tally.numbers() == in_memory.tally.numbers()).all()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ranks",
        "records",
        "rejected",
        "rules",
    ]


def test_the_same_run_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        columnar.run(folder, shipped(), output=tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.parquet"))
    assert len(files) == 4
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_counts_are_those_of_the_rows(tables: Tables) -> None:
    rows = everything(tables, shipped())
    counts = columnar.consult(tables, shipped()).tally
    program = columnar.program_for(shipped())
    records = {row["record"]: row for row in counts.records(program).to_pylist()}
    rules = {(row["record"], row["rule"]): row for row in counts.rules(program).to_pylist()}
    assert len(rows) == CLIENTS * len(records)
    fired: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        records[row["record"]]["ranked"][row["rank"] - 1] -= 1
        records[row["record"]]["above_zero"] -= row["total"] > 0
        records[row["record"]]["blocked"] -= row["blocked"]
        for _, rule, weight in row["evidence"]:
            fired.setdefault((row["record"], rule), []).append(weight)
        for _, rule in row["blocks"]:
            fired.setdefault((row["record"], rule), []).append(0)
    assert all(
        set(row["ranked"]) == {0} and not row["above_zero"] and not row["blocked"] for row in records.values()
    )
    for name, row in rules.items():
        assert (row["segments"], row["weight"]) == (len(fired.get(name, [])), sum(fired.get(name, [])))


def test_an_output_that_exists_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(CannotWrite, match="exists already"):
        columnar.run(folder, shipped(), output=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(("name", "error"), [("rename", OSError(28, "No space left")), ("mkdir", OSError())])
def test_a_folder_that_cannot_be_made_or_named_is_told(
    name: str, error: OSError, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as context:
        context.setattr(Path, name, fail)
        with pytest.raises(
            CannotWrite, match=rf"out could not be written: {error.strerror or 'OSError'}\."
        ) as caught:
            columnar.write([tables], tmp_path / "out")
    assert caught.value.hint == "Check the path, your permissions and the space left."
    assert list(tmp_path.iterdir()) == []


def test_an_output_survives_a_loss_of_power(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Path] = []
    monkeypatch.setattr(columnar_writing, "synchronise", done.append)
    columnar.write([tables], tmp_path / "out")
    unfinished = tmp_path / ".out.unfinished"
    files = [unfinished / path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*")]
    assert sorted(done[:-1]) == sorted([*files, unfinished])
    assert done[-1] == tmp_path


def test_a_failing_run_leaves_nothing(tables: Tables, tmp_path: Path) -> None:
    backwards = changed(tables, "segments", lambda table: table.take(list(range(table.num_rows))[::-1]))
    with pytest.raises(UnreadableInput, match="rising order"):
        columnar.run(backwards, shipped(), output=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_ranks_start_at_one(tables: Tables) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        columnar.run(tables, shipped(), top=0)


def test_plain_strings_and_missing_columns_are_fine(tables: Tables, tmp_path: Path) -> None:
    """As other programs write them: levels as strings, numbers narrow, no table of links, no column of churn."""
    for name in ("clients", "segments", "pains", "gains", "jobs", "products"):
        table = tables[name].drop_columns(["business.churn"] if name == "segments" else [])
        kinds = [
            field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            for field in table.schema
        ]
        plain = table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True))))
        (tmp_path / name).mkdir()
        pq.write_table(plain, tmp_path / name / "some.parquet")
    unsaid = changed(tables, "links", lambda table: table.slice(0, 0))
    unsaid = changed(unsaid, "segments", lambda table: table.drop_columns(["business.churn"]))
    assert rows_of(columnar.run(tmp_path, shipped()).results) == rows_of(
        columnar.consult(unsaid, shipped()).results
    )


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("segments", lambda table: table.drop_columns(["ppm"]), "the column ppm is missing"),
        ("clients", lambda table: table.drop_columns(["client"]), "the column client is missing"),
        (
            "segments",
            lambda table: table.rename_columns([name.replace("churn", "chrun") for name in table.column_names]),
            "there is no fact called business.chrun. Did you mean business.churn",
        ),
        ("segments", with_value("client", 5, None), "does not say which client"),
        ("pains", lambda table: table.take([5, *range(5)]), "rising order"),
        (
            "segments",
            lambda table: table.set_column(
                table.column_names.index("business.churn"), "business.churn", pa.array(["much"] * table.num_rows)
            ),
            "this column holds string, where double is expected",
        ),
        (
            "gains",
            lambda table: table.set_column(0, "client", pc.add(table.column("client"), CLIENTS)),
            "belong to no client",
        ),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused(
    name: str, change: Change, message: str, tables: Tables, tmp_path: Path
) -> None:
    for other, table in tables.tables.items():
        (tmp_path / other).mkdir()
        pq.write_table(change(table) if other == name else table, tmp_path / other / "part.parquet")
    with pytest.raises(UnreadableInput, match=message):
        columnar.run(tmp_path, shipped())


def test_a_folder_without_clients_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="there is no table clients"):
        columnar.run(tmp_path, shipped())


def test_a_file_that_is_no_parquet_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("clients", "segments"):
        (tmp_path / f"{name}.parquet").write_bytes(b"PAR1 no more than that")
    with pytest.raises(UnreadableInput, match="cannot be read"):
        columnar.run(tmp_path, shipped())


def test_a_client_that_says_nonsense_is_set_aside_and_the_others_are_not(tables: Tables) -> None:
    segments = tables["segments"]
    row = next(at for at, client in enumerate(segments["client"].to_pylist()) if client == 40)
    odd = changed(tables, "segments", with_value("business.churn", row, 140.0))
    outcome = columnar.consult(odd, shipped(), top=None)
    assert reasons(odd) == [(40, "segments", "business.churn", "140 is outside 0 to 100")]
    assert outcome.rejected["id"].to_pylist() == ["client 40"]
    assert rows_of(outcome.results) == [row for row in everything(tables, shipped()) if row["client"] != 40]


@pytest.mark.parametrize(
    ("table", "column", "value", "what"),
    [
        ("segments", "ppm", 0, "a share must be above 0"),
        ("segments", "ppm", 999, "the shares do not sum to 1,000,000"),
        ("segments", "segment", 4, "these do not count 0, 1, 2 … in order"),
        ("segments", "business.business_stage", "groth", "'groth' is no level of business.business_stage. Did you"),
        ("segments", "segment.segment_size", float("inf"), "inf is outside"),
        ("segments", "segment.segment_size", 3.5, "3.5 is not a whole number"),
        ("segments", "pains", False, "the segment says that its pains are unknown"),
        ("pains", "number", 3, "these do not count 0, 1, 2 … in order"),
        ("pains", "segment", 19, "there is no such segment"),
        ("pains", "severity", "awful", "'awful' is no level of pain.severity"),
        ("links", "item", 90, "there is no such item"),
        ("links", "item", -1, "there is no such item"),
        ("links", "kind", "product", "there is no such item"),
        ("links", "kind", None, "there is no such item"),
        ("links", "product", 90, "there is no such product"),
        ("links", "proof", "sworn", "'sworn' is no level of link.proof"),
    ],
)  # fmt: skip
def test_every_kind_of_nonsense_is_found(
    table: str, column: str, value: object, what: str, tables: Tables
) -> None:
    if (table, column) == ("segments", "pains"):
        pain = tables["pains"].slice(0, 1).to_pylist()[0]
        places = zip(
            tables["segments"]["client"].to_pylist(), tables["segments"]["segment"].to_pylist(), strict=True
        )
        row = list(places).index((pain["client"], pain["segment"]))
    else:
        row = 0
    found = reasons(changed(tables, table, with_value(column, row, value)))
    client = tables[table]["client"][row].as_py()
    assert {reason[0] for reason in found} == {client}
    assert any(reason[3].startswith(what) for reason in found), found


def test_a_client_without_segments_is_set_aside(tables: Tables) -> None:
    alone = Tables(
        {name: table.filter(pc.not_equal(table["client"], 7)) for name, table in tables.tables.items()}
    )
    alone = Tables({**alone.tables, "clients": tables["clients"]})
    assert reasons(alone) == [(7, "segments", "segment", "there is no segment")]


def test_nobody_is_no_error(tables: Tables) -> None:
    nobody = Tables({name: table.slice(0, 0) for name, table in tables.tables.items()})
    outcome = columnar.run(nobody, shipped())
    assert (outcome.results.num_rows, outcome.rejected.num_rows, outcome.tally.clients) == (0, 0, 0)


def test_every_column_stands_in_the_documents(tables: Tables, folder: Path, tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "parquet.md").read_text(encoding="utf-8")
    columnar.run(folder, shipped(), output=tmp_path / "out")
    written = [pq.read_schema(next(path.glob("*.parquet"))) for path in (tmp_path / "out").iterdir()]
    names = {name for table in tables.tables.values() for name in table.column_names if "." not in name}
    names |= {name for schema in written for name in schema.names}
    attributes = {
        spec.name
        for kind in ("pain", "gain", "job", "product")
        for spec in shipped().vocabulary.of_scope(kind)
    }
    for name in names - attributes:
        assert f"`{name}`" in text, name
