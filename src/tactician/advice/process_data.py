"""Typed views of the parts of process data that advice reads; a rulebase without them has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from tactician.knowledge.conditions import Element
from tactician.knowledge.rules import Rulebase

Data = Mapping[str, object]


def part(rulebase: Rulebase, file: str, *keys: str) -> Data:
    """The mapping under these keys of a file of process/; empty when it is not there."""
    value: object = rulebase.process.get(file)
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def entries(rulebase: Rulebase, file: str, key: str) -> Iterator[Data]:
    """The entries of a list of a file of process/, in order."""
    value = part(rulebase, file).get(key)
    return (entry for entry in value if isinstance(entry, Mapping)) if isinstance(value, list) else iter(())


def names(value: object) -> tuple[str, ...]:
    """A list of names; none when there is no list."""
    return tuple(str(name) for name in value) if isinstance(value, list) else ()


def text(data: Data, key: str) -> str:
    """A text; empty when it is not there."""
    return str(data.get(key, ""))


def number(data: Data, key: str) -> float | None:
    """A number; None when it is not there."""
    value = data.get(key)
    return float(value) if isinstance(value, int | float) else None


def condition(data: Data) -> Element | None:
    """The condition of an entry, which the loader has read; None when it has none."""
    return cast(Element | None, data.get("when"))
