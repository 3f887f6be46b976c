"""The conditions in the data of process/, wherever they stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.rules import Rulebase

Path = tuple[str | int, ...]


def process_conditions(rulebase: Rulebase) -> Iterator[tuple[str, Path, Element]]:
    """Every condition in the data of process/, with the name of its file and where it stands there."""
    for file, data in rulebase.process.items():
        for path, element in _conditions(data, ()):
            yield file, path, element


def _conditions(data: object, path: Path) -> Iterator[tuple[Path, Element]]:
    if isinstance(data, Test | Known | Some | No | All | Any):
        yield path, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _conditions(value, (*path, key))
    elif isinstance(data, list | tuple):
        for number, value in enumerate(data):
            yield from _conditions(value, (*path, number))
