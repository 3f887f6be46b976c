"""Finds a client again in the output of a batch, with the facts that it was ranked by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tactician import given
from tactician.errors import InvalidClient, MissingExtra, Place, Problem, UnreadableInput, did_you_mean
from tactician.facts.client import Client
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.candidates import Candidate
from tactician.portfolio.client_tables import clients_of
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.options import Paths
from tactician.portfolio.plan_files import CLIENTS, SOURCE

RERUN = "Run `tactician batch` again to write it."


def reopen(path: str | Path, client_id: str, rulebase: Rulebase | None = None) -> Client:
    """A client of an output of `tactician batch`, by its name; raises InvalidClient or UnreadableInput."""
    output = Path(path)
    base = given.rulebase(rulebase)
    if not output.exists():
        raise _unreadable(output, "there is no such output")
    try:
        if output.is_dir() and (output / SOURCE).is_file():
            return _from_tables(output, client_id, base)
        stated = _find(output, client_id)
    except FileNotFoundError as error:
        missing = Path(error.filename or output)
        raise _unreadable(missing, "the file with the facts of the clients is missing", RERUN) from error
    except (OSError, ValueError) as error:
        raise _unreadable(output, "this is not an output of tactician batch", RERUN) from error
    return Evaluation(base).reader.from_mapping(stated, str(output))


def _find(output: Path, client_id: str) -> Mapping[str, Any]:
    """The client file of a client, kept in an output or beside it."""
    names: list[str] = []
    for stated in _stated(output, client_id):
        name = stated.get("client")
        if name == client_id:
            return stated
        names.append(str(name))
    hint = did_you_mean(client_id, names)
    raise _unreadable(output, f"there is no client called {client_id!r} in it", hint)


def _stated(output: Path, client_id: str) -> Iterator[Mapping[str, Any]]:
    """The client files kept in an output, or beside it; raises OSError, or ValueError for anything else."""
    suffix = output.suffix.lower()
    if output.is_dir():
        yield from map(_mapping, _lines(output / CLIENTS))
    elif suffix == ".parquet":
        yield from map(_mapping, filter(None, _from_parquet(output)))
    elif suffix == ".jsonl":
        facts = (_mapping(line).get("facts") for line in _lines(output))
        yield from map(_mapping, filter(None, facts))
    elif beside := Paths(output).clients:
        yield from map(_mapping, _lines(beside))
    else:
        raise _unreadable(output, f"{client_id!r} cannot be found in a file of this kind")


def _mapping(text: object) -> Mapping[str, Any]:
    """The mapping that a text of JSON holds; raises ValueError."""
    found = json.loads(text) if isinstance(text, str) else None
    if not isinstance(found, dict):
        raise ValueError(text)
    return found


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from file


def _from_parquet(path: Path) -> Iterator[object]:
    try:
        from pyarrow import parquet  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("Reading Parquet files", "columnar") from error
    with parquet.ParquetFile(path) as file:
        if "facts" not in file.schema_arrow.names:
            raise ValueError(path)
        for batch in file.iter_batches(columns=["facts"]):
            yield from batch.column(0).to_pylist()


def _from_tables(output: Path, client_id: str, rulebase: Rulebase) -> Client:
    """A client of the tables that a folder of ranks was computed from."""
    try:
        import pyarrow.compute as pc  # noqa: PLC0415 (an extra)
        from pyarrow import dataset  # noqa: PLC0415

        from tactician.inference import columnar, columnar_reading  # noqa: PLC0415
        from tactician.inference.columnar_schema import client_schemas  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra("Reading Parquet files", "columnar") from error
    stated = _mapping((output / SOURCE).read_text("utf-8")).get("source")
    if not isinstance(stated, str):
        raise ValueError(stated)
    source = (output / stated).resolve()
    if not source.is_dir():
        raise _unreadable(output, f"the tables of its clients, {source}, are not there any more")
    found: dict[str, Any] = {}
    wanted = pc.field("id") == client_id
    for name, schema in client_schemas(rulebase.vocabulary).items():
        files = [str(part) for part in columnar_reading.parts(source, name)]
        rows = dataset.dataset(files).to_table(filter=wanted) if files else schema.empty_table()
        found[name] = columnar_reading.typed(rows, schema, name)
        if name == "clients":
            if not found[name].num_rows:
                raise _unreadable(output, f"there is no client called {client_id!r} in {source}")
            wanted = pc.field("client") == found[name].column("client")[0]
    client = next(clients_of(columnar.Tables(found), str(source), rulebase))
    if isinstance(client, Candidate):
        raise InvalidClient(client.problems)
    return client


def _unreadable(path: Path, what: str, hint: str = "") -> UnreadableInput:
    return UnreadableInput([Problem(Place(str(path)), "", what, hint)])
