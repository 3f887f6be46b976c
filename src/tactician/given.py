"""What people give to library functions: a client in any form, a rulebase, names, settings; or what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tactician.advice.advise import Advice
from tactician.errors import Place, Problem, UnreadableInput, UsageError
from tactician.facts.client import Client
from tactician.facts.opening import decode, read_bytes
from tactician.facts.reading import ClientReader
from tactician.inference.consultation import Consultation
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase

EXPLANATION_BYTES = 64 * 1024 * 1024

Stated = str | Path | Mapping[str, object]
"""A client as it is written: the path of its file (`-` is stdin), or what such a file says."""
Who = Client | Stated | Consultation | Advice
"""Somebody to advise; a consultation or a plan stands for its client and its rulebase."""
Settings = str | Iterable[str] | Mapping[str, object]
"""Changes of answers: `fact=value`, several of them, or values by fact."""


def rulebase(stated: Rulebase | None, who: object = None) -> Rulebase:
    """The stated rulebase, else that of a consultation or plan, else the shipped one; raises UsageError."""
    if isinstance(stated, Rulebase):
        return stated
    if stated is not None:
        raise _unfit(stated, "no rulebase", "Open one: tactician.open_rulebase('my_pack')")
    held = consultation(who)
    return load_rulebase() if held is None else held.rulebase


def consultation(who: object) -> Consultation | None:
    """The consultation that is given, by itself or in a plan; None where there is none yet."""
    return who.consultation if isinstance(who, Advice) else who if isinstance(who, Consultation) else None


def client(who: Who, base: Rulebase) -> Client:
    """The client that is meant; raises UnreadableInput, InvalidClient, or UsageError for what can be none."""
    held = consultation(who)
    if held is not None:
        return held.client
    if isinstance(who, Client):
        return who
    if isinstance(who, Mapping):
        return reader(base).from_mapping(who, "mapping")
    if isinstance(who, str | Path) and "\n" not in str(who):
        return reader(base).read(who)
    hint = "Give the path of a client file, a mapping with what such a file says, or a client that was read."
    if isinstance(who, str):
        raise UsageError("A text of several lines is no path of a client file.", hint)
    many = " For many clients: tactician.consult_many" if isinstance(who, Iterable) else ""
    raise _unfit(who, "no client", hint + many)


def reader(base: Rulebase) -> ClientReader:
    """A reader of clients that knows the tactics of a rulebase."""
    tactics = tuple(record.id for record in base.group("tactics"))
    return ClientReader(base.vocabulary, base.parameters, tactics)


def text(stated: str, what: str, hint: str = "Give its name as a text.") -> str:
    """A single text; raises UsageError, which says `what` it should be, for anything else."""
    if isinstance(stated, str):
        return stated
    raise _unfit(stated, f"no {what}", hint)


def texts(stated: str | Iterable[str], what: str, hint: str = "Give its name as a text.") -> tuple[str, ...]:
    """One text or several; raises UsageError for anything else."""
    several = stated if isinstance(stated, Iterable) and not isinstance(stated, str) else (stated,)
    return tuple(text(each, what, hint) for each in several)


def paths(stated: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    """One path or several; raises UsageError for what is none."""
    several = stated if isinstance(stated, Iterable) and not isinstance(stated, str) else (stated,)
    return tuple(path(each) for each in several)


def path(stated: str | Path) -> Path:
    """A path; raises UsageError for what is none."""
    if isinstance(stated, str | Path):
        return Path(stated)
    raise _unfit(stated, "no path", "Give it as a text or a pathlib.Path.")


def certificate(stated: str | Path | Mapping[str, object]) -> object:
    """What the JSON file of an explanation says, on stdin for `-`.

    Raises UnreadableInput, and UsageError for what is no path.
    """
    if isinstance(stated, Mapping):
        return stated
    file = path(stated)
    shown = "stdin" if str(file) == "-" else str(file)
    text = decode(read_bytes(file, limit=EXPLANATION_BYTES, noun="certificate"), shown)
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        hint = "Make one: tactician explain FILE TACTIC --format json -o EXPLANATION.json"
        raise UnreadableInput([Problem(Place(shown), "", "this is not JSON", hint)]) from error
    return found


def settings(stated: Settings) -> tuple[str, ...]:
    """Each change of an answer as `fact=value`; raises UsageError for what is none."""
    if isinstance(stated, Mapping):
        return tuple(f"{fact}={_written(value)}" for fact, value in stated.items())
    return texts(stated, "change of an answer", "Write FACT=VALUE, or give a mapping of values by fact.")


def top(stated: int) -> int:
    """A number of places from 1; raises UsageError for what is none."""
    if isinstance(stated, int) and not isinstance(stated, bool) and stated > 0:
        return stated
    raise UsageError(f"top is {stated!r}.", "Give a whole number from 1.")


def _written(value: object) -> str:
    """A value as it is written after `fact=`."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _unfit(stated: object, lacks: str, hint: str) -> UsageError:
    return UsageError(f"A value of type {type(stated).__name__} is {lacks}.", hint)
