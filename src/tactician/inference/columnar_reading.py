"""Reads folders of Parquet in pieces of so many clients each, with the few columns that rules look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tactician.errors import Place, Problem, UnreadableInput, did_you_mean
from tactician.facts.vocabulary import FACT_SCOPES
from tactician.inference.columnar_schema import KEYS, client_schemas
from tactician.inference.columnar_tables import Tables
from tactician.knowledge.rules import Rulebase

NEEDED = {"segments": ("ppm",), "clients": ("id",), "links": ("kind", "item")}
"""Columns without which a table makes no sense, besides its keys."""
NEEDED_TABLES = ("clients", "segments")
"""Tables without which there is nothing to read."""
BATCH = 64 * 1024
"""Rows read at a time."""
SORT_HINT = "Sort each table by its keys: see docs/parquet.md."


def pieces(
    source: Tables | Path, rulebase: Rulebase, size: int, facts: Collection[str] | None = None
) -> Iterator[Tables]:
    """The clients of a source in order of their keys, `size` at a time.

    With `facts`, only the columns that computing needs, and of the facts those named. Raises UnreadableInput.
    """
    schemas = client_schemas(rulebase.vocabulary)
    if isinstance(source, Path):
        check_columns(source, schemas)
    if facts is not None:
        schemas = {name: needed(name, schema, facts) for name, schema in schemas.items()}
    streams = {name: Stream(name, schema, source) for name, schema in schemas.items()}
    while True:
        clients = streams["clients"].next(size)
        if not clients.num_rows:
            break
        last = clients.column("client")[-1].as_py()
        rest = {name: stream.up_to(last) for name, stream in streams.items() if name != "clients"}
        yield Tables({"clients": clients, **rest})
    _check_finished(streams)


def needed(name: str, schema: pa.Schema, facts: Collection[str]) -> pa.Schema:
    """The columns of a table that computing needs, when it looks at these facts."""
    idle = {"text", "file", "currency", "running", "name", *(() if name == "clients" else ("id",))}
    idle |= {column for column in schema.names if "." in column} - set(facts)
    return pa.schema([field for field in schema if field.name not in idle])


def _batches(source: Tables | Path, name: str, schema: pa.Schema) -> Iterator[pa.Table]:
    if isinstance(source, Tables):
        for batch in source[name].select(schema.names).to_batches(BATCH):
            yield pa.Table.from_batches([batch])
    else:
        yield from _stored(source, name, schema)


def _stored(folder: Path, name: str, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of one table of a folder, file by file, in the types of the schema."""
    levels = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    for path in parts(folder, name):
        with _told_as_unreadable(path, name):
            file = pq.ParquetFile(path, read_dictionary=levels)
            present = [column for column in schema.names if column in file.schema_arrow.names]
            for batch in file.iter_batches(BATCH, columns=present):
                yield typed(pa.Table.from_batches([batch]), schema, str(path))


@contextmanager
def _told_as_unreadable(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        what = f"this Parquet file cannot be read ({str(error).splitlines()[0]})"
        raise UnreadableInput([Problem(Place(str(path)), name, what)]) from error


def parts(folder: Path, name: str) -> Sequence[Path]:
    """The files that hold a table, by name; none is allowed for items. Raises UnreadableInput."""
    single = folder / f"{name}.parquet"
    found = [single] if single.is_file() else sorted((folder / name).glob("*.parquet"))
    if not found and name in NEEDED_TABLES:
        what = f"there is no table {name}: neither {name}.parquet nor {name}/*.parquet"
        raise UnreadableInput([Problem(Place(str(folder)), "", what, "docs/parquet.md lists the tables.")])
    return found


def check_columns(folder: Path, schemas: Mapping[str, pa.Schema]) -> None:
    """Raises UnreadableInput for tables that are missing, broken, or have other columns than they should."""
    problems: list[Problem] = []
    for name, schema in schemas.items():
        for path in parts(folder, name):
            with _told_as_unreadable(path, name):
                problems += column_problems(str(path), name, pq.read_schema(path).names, schema)
    if problems:
        raise UnreadableInput(problems)


def column_problems(file: str, name: str, stored: Sequence[str], schema: pa.Schema) -> Iterator[Problem]:
    """What is wrong with the names of the columns of a table: needed ones missing, facts that do not exist."""
    for column in (*KEYS[name], *NEEDED.get(name, ())):
        if column not in stored:
            hint = did_you_mean(column, stored)
            yield Problem(Place(file), name, f"the column {column} is missing", hint)
    for column in stored:
        scope, dot, _ = column.partition(".")
        if dot and scope in FACT_SCOPES and column not in schema.names:
            hint = did_you_mean(column, schema.names)
            yield Problem(Place(file), name, f"there is no fact called {column}", hint)


def typed(table: pa.Table, schema: pa.Schema, file: str) -> pa.Table:
    """The columns of a schema in its types, those that are missing filled with nulls; raises UnreadableInput."""
    columns, problems = [], []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        column = table.column(field.name)
        try:
            columns.append(column if _is_level(column.type, field.type) else column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            what = f"this column holds {column.type}, where {field.type} is expected"
            problems.append(Problem(Place(file), field.name, what))
    if problems:
        raise UnreadableInput(problems)
    return pa.Table.from_arrays(columns, names=schema.names)


def _is_level(found: pa.DataType, expected: pa.DataType) -> bool:
    """Whether a column holds levels in a way that need not be changed: names, or codes of names."""
    inner = found.value_type if pa.types.is_dictionary(found) else found
    return pa.types.is_dictionary(expected) and (pa.types.is_string(inner) or pa.types.is_large_string(inner))


class Stream:
    """The rows of one table, handed out in order."""

    def __init__(self, name: str, schema: pa.Schema, source: Tables | Path) -> None:
        self.name = name
        self.schema = schema
        self._batches = _batches(source, name, schema)
        self._held: list[pa.Table] = []
        self._last: int | None = None

    def next(self, rows: int) -> pa.Table:
        """The next rows, fewer at the end."""
        while sum(table.num_rows for table in self._held) < rows and self._read():
            pass
        return self._give(rows)

    def up_to(self, client: int) -> pa.Table:
        """The rows of clients up to a key."""
        while (self._last is None or self._last <= client) and self._read():
            pass
        rows = sum(int(np.searchsorted(_clients(table), client, side="right")) for table in self._held)
        return self._give(rows)

    @property
    def left_over(self) -> int:
        """The number of rows that nobody took."""
        while self._read():
            pass
        return sum(table.num_rows for table in self._held)

    def _read(self) -> bool:
        table = next(self._batches, None)
        if table is None:
            return False
        if table.num_rows:
            self._check_order(_clients(table))
            self._held.append(table)
        return True

    def _check_order(self, clients: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
        if (self._last is not None and clients[0] < self._last) or (np.diff(clients) < 0).any():
            what = "the clients are not in rising order"
            raise UnreadableInput([Problem(Place(self.name), "client", what, SORT_HINT)])
        self._last = int(clients[-1])

    def _give(self, rows: int) -> pa.Table:
        if not self._held:
            return self.schema.empty_table()
        whole = pa.concat_tables(self._held, promote_options="permissive")
        self._held = [whole.slice(rows)] if rows < whole.num_rows else []
        return whole.slice(0, rows).combine_chunks()


def _clients(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    column = table.column("client")
    if column.null_count:
        raise UnreadableInput(
            [Problem(Place("client"), "client", "a row does not say which client it belongs to")]
        )
    return column.to_numpy()


def _check_finished(streams: Mapping[str, Stream]) -> None:
    problems = [
        Problem(Place(name), "client", f"{left} rows belong to no client of the table clients")
        for name, stream in streams.items()
        if (left := stream.left_over)
    ]
    if problems:
        raise UnreadableInput(problems)
