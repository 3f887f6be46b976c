"""The columnar engine on a Spark cluster: Spark reads, deals out and writes, its workers compute.

A worker does with a bucket of clients exactly what one machine does with a piece of them.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tactician.errors import CannotWrite, MissingExtra, Place, Problem, TacticianError, UnreadableInput
from tactician.inference.columnar_checks import REJECTED
from tactician.inference.columnar_consultation import Outcome, consult
from tactician.inference.columnar_program import Program, program_for
from tactician.inference.columnar_reading import (
    NEEDED_TABLES,
    check_columns,
    column_problems,
    needed,
    parts,
    typed,
)
from tactician.inference.columnar_schema import KEYS, RESULTS, client_schemas, plain
from tactician.inference.columnar_tables import Tables
from tactician.inference.columnar_tally import Tally
from tactician.inference.columnar_writing import write
from tactician.knowledge.rules import Rulebase

if TYPE_CHECKING:
    from pyspark import StorageLevel
    from pyspark.sql import DataFrame, SparkSession

Worker = Callable[[pa.Table, pa.Table], pa.Table]
BUCKET = 2_000
"""Clients that a worker takes at a time."""
DOT = "/"
"""Stands for the dot in names of columns, which Spark takes for a step into a structure."""
ANSWER = pa.schema(
    [
        ("result", pa.struct([(field.name, plain(field.type)) for field in RESULTS])),
        ("reason", pa.struct(list(REJECTED))),
        ("tally", pa.list_(pa.int64())),
    ]
)
"""What a worker says: in each row a ranked record, a reason to set a client aside, or the counts of its bucket.

Rows are small, since Spark keeps many of them in memory at once.
"""


def run(
    source: Tables | Path | str,
    rulebase: Rulebase,
    top: int | None,
    master: str,
    output: Path | str | None,
) -> Outcome:
    """As `columnar.run`, on the Spark master of an address; the tables need not be sorted.

    Results have names in place of codes of names. Raises MissingExtra, UnreadableInput, CannotWrite, or
    TacticianError when Spark stops.
    """
    program = program_for(rulebase)
    with session(master) as spark, _folder(source) as folder:
        every = client_schemas(rulebase.vocabulary)
        stored = _stored(spark, folder, every)
        schemas = {name: needed(name, schema, program.reads) for name, schema in every.items()}
        frames = {name: _renamed(stored[name], schema) for name, schema in schemas.items()}
        with _told(master):
            answers = _answers(spark, frames, _worker(rulebase, schemas, top)).persist(_on_disk())
            outcome = _outcome(spark, answers, program, output)
            answers.unpersist()
        return outcome


@contextmanager
def _told(master: str) -> Iterator[None]:
    """What makes Spark stop, as an error that says what to try."""
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        hint = "Its log says why. For more memory: PYSPARK_SUBMIT_ARGS='--driver-memory 4g pyspark-shell'."
        raise TacticianError(f"Spark at {master} stopped ({type(error).__name__}).", hint) from error


def _on_disk() -> StorageLevel:
    from pyspark import StorageLevel  # noqa: PLC0415

    return StorageLevel.DISK_ONLY


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """A session on a master: the one that runs already, or one that ends with the context; raises MissingExtra."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise MissingExtra("Running on Spark", "spark") from error
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    running = SparkSession.getActiveSession()
    builder = SparkSession.builder.master(master).appName("tactician")
    spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        if running is None:
            with suppress(ConnectionError):  # it may have died, and the reason is already on its way
                spark.stop()


@contextmanager
def _folder(source: Tables | Path | str) -> Iterator[str]:
    if not isinstance(source, Tables):
        yield str(source)
        return
    with TemporaryDirectory(prefix="tactician-") as scratch:
        folder = Path(scratch) / "clients"
        write([source], folder)
        yield str(folder)


def _stored(spark: SparkSession, folder: str, schemas: Mapping[str, pa.Schema]) -> dict[str, DataFrame]:
    """The tables of a folder, empty ones for items that are not there; raises UnreadableInput."""
    if Path(folder).is_dir():
        check_columns(Path(folder), schemas)
        layouts = {name: [[str(path) for path in parts(Path(folder), name)]] for name in schemas}
    else:
        layouts = {name: [[f"{folder}/{name}"], [f"{folder}/{name}.parquet"]] for name in schemas}
    stored: dict[str, DataFrame] = {}
    problems: list[Problem] = []
    for name, schema in schemas.items():
        tried = (_read(spark, folder, name, paths) for paths in layouts[name])
        found = next((frame for frame in tried if frame is not None), None)
        if found is not None:
            stored[name] = found
            problems += column_problems(folder, name, found.columns, schema)
        elif name in NEEDED_TABLES:
            problems.append(
                Problem(Place(folder), name, "Spark finds no such table here", "See docs/parquet.md.")
            )
        else:
            stored[name] = spark.createDataFrame(_plain(schema.empty_table()))
    if problems:
        raise UnreadableInput(problems)
    return stored


def _read(spark: SparkSession, folder: str, name: str, paths: Sequence[str]) -> DataFrame | None:
    """A table in one of its layouts; None where there is nothing. Raises UnreadableInput for what is broken."""
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415

    if not paths:
        return None
    try:
        return spark.read.option("mergeSchema", "true").parquet(*paths)
    except (PySparkException, Py4JError) as error:
        reason = (error.getCondition() if isinstance(error, PySparkException) else "") or type(error).__name__
        if reason == "PATH_NOT_FOUND":
            return None
        what = f"Spark cannot read this table ({reason})"
        raise UnreadableInput([Problem(Place(folder), name, what, "See docs/parquet.md.")]) from error


def _renamed(stored: DataFrame, schema: pa.Schema) -> DataFrame:
    """The columns of a schema that are there, under names that Spark can live with."""
    present = [column for column in schema.names if column in stored.columns]
    chosen = stored.select(*(f"`{column}`" for column in present))
    return chosen.toDF(*(column.replace(".", DOT) for column in present))


def _answers(spark: SparkSession, frames: dict[str, DataFrame], worker: Worker) -> DataFrame:
    """One row for each bucket, as `ANSWER`."""
    from pyspark.sql.functions import expr, lit  # noqa: PLC0415

    # The number of clients alone decides on the buckets, so that every cluster makes the same ones.
    buckets = max(1, math.ceil(frames["clients"].count() / BUCKET))
    others = reduce(
        lambda above, below: above.unionByName(below, allowMissingColumns=True),
        [frame.withColumn("table", lit(name)) for name, frame in frames.items() if name != "segments"],
    )
    segments, rest = (
        frame.withColumn("bucket", expr(f"pmod(xxhash64(client), {buckets})"))
        .repartition(buckets, "bucket")
        .groupBy("bucket")
        for frame in (frames["segments"], others)
    )
    return segments.cogroup(rest).applyInArrow(worker, spark.createDataFrame(ANSWER.empty_table()).schema)


def _worker(rulebase: Rulebase, schemas: dict[str, pa.Schema], top: int | None) -> Worker:
    """What runs on the cluster: from the segments of a bucket, and its other tables, to one row as `ANSWER`."""

    def answer(segments: pa.Table, others: pa.Table) -> pa.Table:
        found = {
            "segments": segments.rename_columns([name.replace(DOT, ".") for name in segments.column_names])
        }
        for name in schemas.keys() - found.keys():
            found[name] = others.filter(pc.equal(others.column("table"), name))
        tables = Tables(
            {
                name: typed(table, schemas[name], name).sort_by([(key, "ascending") for key in KEYS[name]])
                for name, table in found.items()
            }
        )
        outcome = consult(tables, rulebase, top=top)
        found = {
            "result": _plain(outcome.results).to_struct_array().combine_chunks(),
            "reason": outcome.rejected.to_struct_array().combine_chunks(),
            "tally": pa.array([outcome.tally.numbers().tolist()], ANSWER.field("tally").type),
        }
        return pa.concat_tables([_rows(name, values) for name, values in found.items()])

    return answer


def _rows(name: str, values: pa.Array) -> pa.Table:
    """Rows of `ANSWER` that have one kind of answer."""
    columns = [
        values.cast(field.type) if field.name == name else pa.nulls(len(values), field.type)
        for field in ANSWER
    ]
    return pa.table(columns, schema=ANSWER)


def _plain(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([(field.name, plain(field.type)) for field in table.schema]))


def _outcome(spark: SparkSession, answers: DataFrame, program: Program, output: Path | str | None) -> Outcome:
    numbers = np.array(
        answers.where("tally is not null").select("tally").toArrow().column("tally").to_pylist(),
        dtype=np.int64,
    )
    counts = Tally.of(numbers.sum(axis=0), program)
    ranked = answers.where("result is not null").select("result.*")
    rejected = answers.where("reason is not null").select("reason.*")
    if output is None:
        found = ranked.toArrow().sort_by([(key, "ascending") for key in ("client",)])
        return Outcome(found, rejected.toArrow().sort_by("client"), counts)
    summary = {"rejected": rejected.coalesce(1)} | {
        name: spark.createDataFrame(table).coalesce(1)
        for name, table in (("records", counts.records(program)), ("rules", counts.rules(program)))
    }
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        for name, frame in {"ranks": ranked, **summary}.items():
            frame.write.parquet(f"{output}/{name}")
    except PySparkException as error:
        raise CannotWrite(f"{output} cannot be written: {str(error).splitlines()[0]}") from error
    return Outcome(RESULTS.empty_table(), rejected.toArrow().sort_by("client"), counts)
