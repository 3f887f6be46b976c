"""The guarded reader of YAML and JSON: plain values, with the position of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Literal

from tactician.errors import Place, Problem, UnreadableInput
from tactician.facts.building import Bounds, Builder, Path, Region, Spot, show_path
from tactician.facts.json_source import feed_json
from tactician.facts.opening import decode, read_bytes
from tactician.facts.value_source import feed_value
from tactician.facts.yaml_source import feed_yaml

Format = Literal["yaml", "json"]
TABLES = (".csv", ".tsv", ".xlsx", ".parquet", ".jsonl")
"""Endings of files that hold many clients."""
BEGINS_JSON = re.compile(r"\s*[{\[]\s*[\"{\[}\]]")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: mappings with text keys, lists, texts, truths, numbers and None, and where each stands."""

    file: str
    value: object
    doubtful: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)
    """The numbers, as written, that may have a point between their thousands (`1.500`), by their paths."""
    _region: Region | None = field(default=None, repr=False, compare=False)
    _spot: Spot = field(default=None, repr=False, compare=False)

    def place(self, path: Path, key: bool = False) -> Place:
        """The position of the value (or of its key) at a path; of its nearest ancestor when it is not there."""
        region, spot = self._region, self._spot
        for number, part in enumerate(path, start=1):
            if region is None or part not in region.at:
                break
            last = number == len(path)
            spot = region.keys[part] if key and last and isinstance(part, str) else region.at[part]
            region = region.inside.get(part)
        return Place(self.file, *spot) if spot else Place(self.file)

    def where(self, path: Path) -> str:
        """The path in the reader's words: `segments[commuters].pains[queue].severity`."""
        return show_path(path, self.value)

    def problem(self, path: Path, what: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with the value (or the key) at a path."""
        return Problem(self.place(path, key), self.where(path), what, hint)


def read_document(path: str | FilePath, *, limit: int, noun: str = "client file") -> Document:
    """The document in a file, or on stdin for `-`, of at most `limit` bytes; raises UnreadableInput.

    The format goes by the ending of the name, else by the first characters.
    """
    file = "stdin" if str(path) == "-" else str(path)
    if file.lower().endswith(TABLES):
        hint = "tactician batch reads tables, and tactician explain takes a client of its output with --client ID."
        raise UnreadableInput([Problem(Place(file), "", f"this is a table, not a {noun}", hint)])
    data = read_bytes(path, limit=limit, noun=noun)
    formats: dict[str, Format] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
    return parse_document(data, file, format=formats.get(FilePath(file).suffix.lower()))


def parse_document(
    data: bytes | str, file: str = "", *, format: Format | None = None, bounds: Bounds | None = None
) -> Document:
    """The document in some bytes or text; raises UnreadableInput. Without a format it is told by the beginning."""
    text = decode(data, file)
    builder = Builder(file, bounds or Bounds.current())
    if (format or ("json" if BEGINS_JSON.match(text) else "yaml")) == "json":
        feed_json(text, builder)
    else:
        feed_yaml(text, builder)
    return _finished(builder)


def document_of(value: object, file: str = "client", *, bounds: Bounds | None = None) -> Document:
    """The document of some mappings and lists in memory, under the same bounds; raises UnreadableInput."""
    builder = Builder(file, bounds or Bounds.current())
    feed_value(value, builder)
    return _finished(builder)


def _finished(builder: Builder) -> Document:
    if builder.problems:
        raise UnreadableInput(builder.problems)
    return Document(builder.file, builder.root, builder.doubtful, builder.region, builder.root_spot)
