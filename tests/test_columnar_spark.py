"""The columnar engine on Spark finds what it finds on one machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow", reason="the extra 'columnar' is not installed")
pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
if shutil.which("java") is None:
    pytest.skip("there is no Java to run Spark on", allow_module_level=True)

import pyarrow.compute as pc
import pyarrow.parquet as pq

from columnar_comparison import Row, rows_of
from tactician.errors import CannotWrite, UnreadableInput
from tactician.inference import columnar, columnar_spark
from tactician.inference.columnar import Tables
from test_columnar import population, shipped
from test_columnar_parquet import changed, with_value

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]
CLIENTS = 1_000
MASTER = "local[2]"
IN_ORDER = itemgetter("client", "group", "rank")


@pytest.fixture(scope="module", autouse=True)
def _one_session() -> Iterator[None]:
    """Spark takes long to start: one for all tests, left running by those who did not start it."""
    with columnar_spark.session(MASTER):
        yield


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Clients of whom one says nonsense, their rows in no order."""
    odd = changed(population(4).piece(0, CLIENTS), "segments", with_value("business.churn", 0, 140.0))
    return Tables({name: table.take(list(range(table.num_rows))[::-1]) for name, table in odd.tables.items()})


@pytest.fixture(scope="module")
def expected(tables: Tables) -> columnar.Outcome:
    in_order = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in tables.tables.items()}
    return columnar.run(Tables(in_order), shipped())


def ordered(results: object) -> list[Row]:
    return sorted(rows_of(results), key=IN_ORDER)


def test_a_thousand_clients_come_out_the_same(tables: Tables, expected: columnar.Outcome) -> None:
    found = columnar.run(tables, shipped(), backend=MASTER)
    assert found.results.num_rows == (CLIENTS - 1) * 8
    assert ordered(found.results) == ordered(expected.results)
    assert found.rejected.to_pylist() == expected.rejected.to_pylist()
    assert (found.tally.numbers() == expected.tally.numbers()).all()


def test_they_are_written_as_parquet(tables: Tables, expected: columnar.Outcome, tmp_path: Path) -> None:
    columnar.write([tables], tmp_path / "in")
    shutil.rmtree(tmp_path / "in" / "links")
    found = columnar.run(tmp_path / "in", shipped(), backend=MASTER, output=tmp_path / "out")
    assert found.tally.clients == CLIENTS - 1
    stored = pq.read_table(tmp_path / "out" / "ranks")
    assert stored.schema.names == expected.results.schema.names
    assert stored.num_rows == expected.results.num_rows
    assert pq.read_table(tmp_path / "out" / "records").num_rows == len(shipped().records)
    assert pq.read_table(tmp_path / "out" / "rejected").to_pylist() == expected.rejected.to_pylist()
    with pytest.raises(CannotWrite, match="cannot be written"):
        columnar.run(tmp_path / "in", shipped(), backend=MASTER, output=tmp_path / "out")


def test_a_table_may_be_one_file_or_parts_with_other_columns(
    tables: Tables, expected: columnar.Outcome, tmp_path: Path
) -> None:
    folder, fact = tmp_path / "in", "segment.price_sensitivity"
    columnar.write([tables], folder)
    for name in ("clients", "pains"):
        (folder / name / "part-000000.parquet").rename(folder / f"{name}.parquet")
        (folder / name).rmdir()
    unknown = pc.is_null(tables["segments"].column(fact))
    parts = (
        tables["segments"].filter(unknown).drop_columns(fact),
        tables["segments"].filter(pc.invert(unknown)),
    )
    for number, part in enumerate(parts):
        pq.write_table(part, folder / "segments" / f"part-00000{number}.parquet")
    found = columnar.run(folder, shipped(), backend=MASTER)
    assert ordered(found.results) == ordered(expected.results)
    assert found.rejected.to_pylist() == expected.rejected.to_pylist()


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="there is no table clients"):
        columnar.run(tmp_path, shipped(), backend=MASTER)
    with pytest.raises(UnreadableInput, match="clients: Spark finds no such table"):
        columnar.run(f"file://{tmp_path}", shipped(), backend=MASTER)


@pytest.mark.parametrize("address", ["{folder}", "file://{folder}"])
def test_a_table_that_cannot_be_read_is_refused(address: str, tables: Tables, tmp_path: Path) -> None:
    columnar.write([tables], tmp_path / "in")
    (tmp_path / "in" / "pains" / "part-000000.parquet").write_bytes(b"no Parquet at all")
    with pytest.raises(UnreadableInput, match=r"pains: .* cannot (be read|read this table)"):
        columnar.run(address.format(folder=tmp_path / "in"), shipped(), backend=MASTER)
