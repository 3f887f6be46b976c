"""Changes of a client as written on the command line: `business.churn=12`, `segment[teams].trust_level=high`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from tactician.errors import InvalidClient, UsageError, did_you_mean
from tactician.facts.client import Client
from tactician.facts.doubtful import doubt
from tactician.facts.number_words import is_unknown
from tactician.facts.reading import ClientReader
from tactician.facts.stating import with_stated
from tactician.facts.vocabulary import FACT_SCOPES, FactSpec, Vocabulary

NAMED = re.compile(r"segments?\[(?P<name>.+)\]\.(?P<fact>[a-z0-9_]+)")
SETTING = re.compile(rf"(?P<key>\s*{NAMED.pattern}\s*|[^=]*)=(?P<value>.*)", re.DOTALL)
MOST_STOPS = 200
RANGE = re.compile(r"(?P<low>[^:]+?)\.\.(?P<high>[^:]+?)(?::(?P<step>[^:]+))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A fact, and the numbers of the segments it is meant in; 0 for business and offering facts."""

    spec: FactSpec
    segments: tuple[int, ...]
    written: str


def key_and_value(setting: str) -> tuple[str, str | None]:
    """What is set, and to what; None where no value is given. The name of a segment may hold equals signs."""
    found = SETTING.fullmatch(setting)
    return (found["key"].strip(), found["value"].strip()) if found else (setting.strip(), None)


def addressed(key: str) -> tuple[str, str]:
    """The fact that a key means, and the segment that it names; empty where it names none."""
    named = NAMED.fullmatch(key.strip())
    return (f"segment.{named['fact']}", named["name"]) if named else (key.strip(), "")


def place_of(reader: ClientReader, client: Client, written: str) -> Place:
    """The fact that is meant, in one segment or, without one named, in all; raises UsageError.

    A name without its scope will do where it can mean one answer only.
    """
    fact, named = addressed(written)
    spec = fact_of(reader.vocabulary, fact, len(client.segments))
    if spec.scope != "segment":
        return Place(spec, (0,), spec.id)
    names = [segment.name for segment in client.segments]
    if named and named not in names:
        near = did_you_mean(named, names) or f"There are {', '.join(names)}."
        raise UsageError(f"There is no segment {named!r}.", near)
    chosen = tuple(at for at, name in enumerate(names) if not named or name == named)
    return Place(spec, chosen, written.strip() if named else spec.id)


def fact_of(vocabulary: Vocabulary, written: str, segments: int, besides: Iterable[str] = ()) -> FactSpec:
    """The fact that is meant, by its id, or by its name alone where that can mean one answer only.

    Raises UsageError, with the nearest facts, or what else could be set, as a hint.
    """
    known = {spec.id: spec for spec in vocabulary.facts.values() if spec.scope in FACT_SCOPES}
    if written in known:
        return known[written]
    name = written.rpartition(".")[2]
    full = [spec for spec in known.values() if spec.name == name]
    if name == written and len(full) == 1 and (segments == 1 or full[0].scope != "segment"):
        return full[0]
    alike = did_you_mean(written, [*known, *(spec.name for spec in known.values()), *besides], limit=1)
    hint = f"Write {' or '.join(spec.id for spec in full)}." if full else alike
    raise UsageError(f"There is no fact {written!r}.", hint or "tactician facts template lists them.")


def with_value(reader: ClientReader, client: Client, place: Place, stated: str) -> Client:
    """The client with a fact as stated, in its own currency; raises UsageError when it cannot be."""
    try:
        for segment in place.segments:
            client = with_stated(reader, client, place.spec.id, stated, segment)
    except InvalidClient as error:
        words = " ".join(
            dict.fromkeys(f"{problem.what}. {problem.hint}".strip() for problem in error.problems)
        )
        raise UsageError(f"{place.written}={stated}: {words}") from error
    return client


def with_settings(reader: ClientReader, client: Client, settings: Iterable[str]) -> Client:
    """The client with every `fact=value` taken in, in order; raises UsageError when one cannot be."""
    for setting in settings:
        key, stated = key_and_value(setting)
        if stated is None:
            raise UsageError(f"{setting!r} lacks a value.", f"Write {key}=VALUE.")
        if key == "running":
            client = replace(client, running=_running(reader, stated))
        else:
            place = place_of(reader, client, key)
            client = with_value(reader, client, place, _unmistakable(place.spec, stated))
    return client


def _unmistakable(spec: FactSpec, stated: str) -> str:
    """The value as stated; raises UsageError for a number such as `1.500`, which may be meant in two ways."""
    if spec.is_number and (said := doubt(stated, spec)):
        raise UsageError(f"{spec.id}: {said[0]}.", said[1])
    return stated


def _running(reader: ClientReader, stated: str) -> tuple[str, ...]:
    if is_unknown(stated):
        return ()
    names = tuple(dict.fromkeys(name.strip() for name in stated.split(",") if name.strip()))
    for name in names:
        if reader.known_tactics is not None and name not in reader.known_tactics:
            hint = did_you_mean(name, reader.known_tactics) or "`tactician rules list` shows the ids of all."
            raise UsageError(f"There is no tactic {name!r}.", hint)
    return names


def stops(spec: FactSpec, written: str, bands: Iterable[Decimal] = ()) -> tuple[str, ...]:
    """The values of a sweep as they are stated, given the bands of a number as stated; raises UsageError.

    Written as `0..2000:100`, `low..high`, `a,b,c`, or `all` for every level or band.
    """
    levels = [str(value).lower() if isinstance(value, bool) else str(value) for value in spec.values]
    if written == "all":
        return tuple(levels) if levels else tuple(f"{band:f}" for band in bands)
    found = RANGE.fullmatch(written)
    if found is None:
        return tuple(_unmistakable(spec, part.strip()) for part in written.split(",") if part.strip())
    if levels:
        return _level_range(spec, levels, found["low"], found["high"])
    low, high, step = (part and _unmistakable(spec, part) for part in found.group("low", "high", "step"))
    return _number_range(written, low, high, step)


def _level_range(spec: FactSpec, levels: list[str], low: str, high: str) -> tuple[str, ...]:
    for level in (low, high):
        if level not in levels:
            raise UsageError(f"{spec.id} has no level {level!r}.", did_you_mean(level, levels))
    first, last = sorted((levels.index(low), levels.index(high)))
    return tuple(levels[first : last + 1])


def _number_range(written: str, low: str, high: str, step: str | None) -> tuple[str, ...]:
    try:
        first, last, by = (Decimal(part) for part in (low, high, step or ""))
    except InvalidOperation as error:
        hint = "Write LOW..HIGH:STEP, such as 0..2000:100."
        raise UsageError(f"{written!r} is no sweep of numbers.", hint) from error
    if not all(part.is_finite() for part in (first, last, by)) or by <= 0 or last < first:
        raise UsageError(f"{written!r} goes nowhere.", "Write LOW..HIGH:STEP with a step above 0.")
    count = int((last - first) / by) + 1
    if count > MOST_STOPS:
        raise UsageError(
            f"{written!r} has {count} stops; at most {MOST_STOPS} are shown.", "Take larger steps."
        )
    return tuple(f"{(first + by * number).normalize():f}" for number in range(count))
