"""Tells which extra some inputs need before anything is computed: better now than after hours."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from tactician.errors import MissingExtra

WORKBOOK = (("defusedxml", "openpyxl"), "Reading Excel files", "excel")
PARQUET = (("pyarrow",), "Reading Parquet files", "columnar")
NEEDED = {".xlsx": WORKBOOK, ".xlsm": WORKBOOK, ".parquet": PARQUET}
"""By the ending of a file: the modules that read it, what they do, and the extra that has them."""


def check_readers(paths: Iterable[Path]) -> None:
    """Raises MissingExtra when what reads one of some files, or folders of tables, is not installed."""
    for path in paths:
        needed = PARQUET if path.is_dir() else NEEDED.get(path.suffix.lower())
        if needed is None or not path.exists():
            continue
        modules, feature, extra = needed
        try:
            for module in modules:
                import_module(module)
        except ImportError as error:
            raise MissingExtra(feature, extra) from error
