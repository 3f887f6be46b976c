"""Runs a portfolio the way that suits it: client by client, or as whole tables."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tactician.errors import UsageError
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.batch import Batch, Report
from tactician.portfolio.client_tables import count_clients, is_tables_folder
from tactician.portfolio.inputs import Say, silent
from tactician.portfolio.options import ENDINGS, Options, output_path
from tactician.portfolio.streaming import STDOUT, stream
from tactician.portfolio.table_run import run_tables

AUTO, COLUMNAR, DIRECT = "auto", "columnar", "direct"
MANY_BYTES = 64 * 1024 * 1024
MANY_CLIENTS = 10_000
"""From this size on columns pay, at the price of horizons."""


def run_portfolio(
    names: Sequence[str],
    output: str | Path,
    rulebase: Rulebase,
    options: Options | None = None,
    say: Say = silent,
) -> Report:
    """Evaluate every client of some files, folders and globs into one output; raises TacticianError."""
    chosen = options or Options()
    if str(output) == STDOUT:
        engine = DIRECT if chosen.engine == AUTO else chosen.engine
        return stream(names, rulebase, chosen.with_engine(engine), say)
    target = output_path(output)
    as_tables = len(names) == 1 and is_tables_folder(Path(names[0])) and _is_parquet_folder(target)
    if chosen.backend and not (as_tables and chosen.engine in (AUTO, COLUMNAR)):
        raise UsageError(
            "--backend computes tables of clients by the columnar engine.",
            "Give one folder of Parquet tables, and a folder to write to.",
        )
    engine = COLUMNAR if chosen.backend else _engine(chosen.engine, names, say)
    if as_tables and engine == COLUMNAR:
        return run_tables(Path(names[0]), target, rulebase, chosen)
    return Batch(rulebase, target, chosen.with_engine(engine), say).run(names)


def _is_parquet_folder(output: Path) -> bool:
    suffix = output.suffix.lower()
    return suffix == ".parquet" or suffix not in ENDINGS


def _engine(stated: str, names: Sequence[str], say: Say) -> str:
    if stated != AUTO:
        return stated
    if find_spec("pyarrow") is None or find_spec("numpy") is None or not _is_large(names):
        return DIRECT
    say("These are many clients: using the columnar engine, which gives no horizons. --engine direct does.")
    return COLUMNAR


def _is_large(names: Sequence[str]) -> bool:
    size = 0
    for path in map(Path, names):
        if is_tables_folder(path) and count_clients(path) > MANY_CLIENTS:
            return True
        files = path.rglob("*") if path.is_dir() else [path]
        size += sum(file.stat().st_size for file in files if file.is_file())
    return size > MANY_BYTES
