"""Passes the data of process/ through, after checking the facts, sources and records it names."""

from __future__ import annotations

import re

from tactician.knowledge.elements import Reader
from tactician.knowledge.passages import Passage
from tactician.knowledge.terms import Terms

FACT = re.compile(r"(business|offering|segment)\.[a-z][a-z0-9_]*")
RECORDS = ("record", "records", "tactics", "levers", "improvements", "before", "for")
SOURCES = ("source", "sources")


def process_data(top: Passage, terms: Terms, reader: Reader) -> dict[str, object]:
    """What a file of process/ says besides its rules; each `when` in it has become a condition element."""
    stated = top.value if isinstance(top.value, dict) else {}
    return {key: _data(top.at(key), key, terms, reader) for key in stated if key != "rules"}


def _data(passage: Passage, key: str, terms: Terms, reader: Reader) -> object:
    if key == "when":
        return reader.when(passage)
    if key in SOURCES:
        terms.check_sources(passage)
    elif key in RECORDS:
        terms.check_records(passage)
    value = passage.value
    if isinstance(value, dict):
        return {name: _data(passage.at(name), name, terms, reader) for name in value}
    if isinstance(value, list):
        return [_data(entry, "", terms, reader) for entry in passage.entries()]
    if isinstance(value, str) and FACT.fullmatch(value):
        terms.fact(value, passage)
    return value
