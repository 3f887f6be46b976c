"""Mappings and lists in memory as a source of events for the builder, so that callers meet the same bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from tactician.facts.building import Builder


def feed_value(value: object, builder: Builder) -> None:
    """Feeds a mapping, list or scalar to the builder; raises UnreadableInput."""
    pending: list[Iterator[tuple[object, object]]] = [iter([(None, value)])]
    while pending:
        for key, part in pending[-1]:
            if key is not None:
                if not isinstance(key, str):
                    builder.fail(None, f"the key {key!r} is not a text")
                builder.key(str(key), None)
            inner = _opened(part, builder)
            if inner is not None:
                pending.append(inner)
                break
        else:
            pending.pop()
            if pending:
                builder.closes()


def _opened(value: object, builder: Builder) -> Iterator[tuple[object, object]] | None:
    if isinstance(value, Mapping):
        builder.opens({}, None)
        return iter(list(value.items()))
    if isinstance(value, list | tuple):
        builder.opens([], None)
        return iter([(None, part) for part in value])
    if value is None or isinstance(value, str | bool | int | float):
        builder.scalar(value, None)
    elif isinstance(value, Decimal):
        builder.scalar(float(value), None)
    else:
        what = f"a {type(value).__name__} cannot be a fact"
        builder.fail(None, what, "Use texts, numbers, True, False, lists and mappings.")
    return None
