"""Looks at client files one by one and keeps, of each, its client or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tactician.errors import Problem, ProblemsError
from tactician.facts.client import Client
from tactician.facts.reading import ClientReader
from tactician.facts.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A client file with its client, or with everything that is wrong with it."""

    file: str
    client: Client | None
    problems: tuple[Problem, ...]
    stated: int = 0
    """How many facts it states …"""
    asked: int = 0
    """… of how many it could, attributes of items left aside."""
    notes: tuple[str, ...] = ()
    """What is allowed, and yet may be meant otherwise."""


def check_files(reader: ClientReader, paths: Iterable[str | Path]) -> tuple[CheckedFile, ...]:
    """What is in each client file, in the order given."""
    return tuple(_check(reader, path) for path in paths)


def _check(reader: ClientReader, path: str | Path) -> CheckedFile:
    try:
        client = reader.read(path)
    except ProblemsError as error:
        return CheckedFile(str(path), None, error.problems)
    stated = len(client.facts) + sum(len(segment.facts) for segment in client.segments)
    asked = _asked(reader.vocabulary, len(client.segments))
    return CheckedFile(str(path), client, (), stated, asked, tuple(_notes(client, reader.vocabulary)))


def _notes(client: Client, vocabulary: Vocabulary) -> Iterator[str]:
    """Percentages below one: many people write 0.6 for 60 percent."""
    holders = [("", client.facts), *((f"segments[{part.name}].", part.facts) for part in client.segments)]
    for holder, facts in holders:
        for fact, value in facts.items():
            spec = vocabulary[fact]
            if spec.unit.startswith("percent") and 0 < float(value) < 1:
                where = f"{holder}{spec.name}" if holder else fact
                hundredfold = f"{float(value) * 100:g}"
                meant = f"for {hundredfold} percent write {hundredfold}"
                yield f"{where}: {value:g} is read as {value:g} {spec.unit}; {meant}."


def _asked(vocabulary: Vocabulary, segments: int) -> int:
    whole = len(vocabulary.of_scope("business")) + len(vocabulary.of_scope("offering"))
    return whole + segments * len(vocabulary.of_scope("segment"))
