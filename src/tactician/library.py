"""What commands do, as functions: each command calls one of these and prints what it gives."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from tactician.advice.advise import Advice, advise
from tactician.errors import UsageError, did_you_mean
from tactician.facts import reading
from tactician.facts.client import Client
from tactician.facts.repository import rules_folder
from tactician.inference.bounds import bounds
from tactician.inference.consultation import Consultation
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import GROUPS, Rulebase

ENGINES = ("forward", "direct")


def open_rulebase(folders: Iterable[str | Path] = ()) -> Rulebase:
    """The shipped rulebase with these folders laid over it; raises InvalidRulebase."""
    return load_rulebase(rules_folder(), *(Path(folder) for folder in folders))


def read_client(path: str | Path, rulebase: Rulebase | None = None) -> Client:
    """The client in a file, or on stdin for `-`; raises UnreadableInput or InvalidClient."""
    base = rulebase or open_rulebase()
    tactics = [record.id for record in base.group(next(iter(GROUPS)))]
    return reading.read_client(path, base.vocabulary, base.parameters, known_tactics=tactics)


def consult(
    client: Client | str | Path, rulebase: Rulebase | None = None, engine: str = "forward"
) -> Consultation:
    """One run of an engine for a client, or for the client in a file; raises TacticianError."""
    if engine not in ENGINES:
        raise UsageError(f"There is no engine called {engine!r}.", did_you_mean(engine, ENGINES))
    base = rulebase or open_rulebase()
    who = client if isinstance(client, Client) else read_client(client, base)
    consultation = import_module(f"tactician.inference.{engine}").consult(who, base)
    assert isinstance(consultation, Consultation)
    return consultation


def plan(client: Client | str | Path, rulebase: Rulebase | None = None, engine: str = "forward") -> Advice:
    """Ranking, plan and everything that comes with it, for a client or for the client in a file.

    Raises TacticianError.
    """
    consultation = consult(client, rulebase, engine)
    return advise(consultation, bounds(consultation.client, consultation.rulebase))
