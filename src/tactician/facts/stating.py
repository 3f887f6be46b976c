"""Changes one fact of a client as its owner would state it: in words, and in the client's own currency."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from tactician.errors import InvalidClient, Place, Problem, UnreadableInput, did_you_mean
from tactician.facts.client import Client
from tactician.facts.reading import ClientReader
from tactician.facts.scalars import TooManyDigits, resolve
from tactician.facts.vocabulary import FACT_SCOPES, FactSpec


def with_stated(reader: ClientReader, client: Client, fact: str, stated: object, segment: int = 0) -> Client:
    """The client with one fact (`business.churn`) as stated; `unknown` and None make it unknown.

    A text is read as in a client file: "20" is a number. Raises InvalidClient when this is not allowed.
    """
    spec = _spec(reader, fact)
    try:
        value = resolve(stated) if isinstance(stated, str) else stated
        read = reader.from_mapping(_only(client, spec, value, segment), fact)
    except TooManyDigits as error:
        _refuse(fact, str(error))
    except (InvalidClient, UnreadableInput) as error:
        raise InvalidClient(replace(problem, where="") for problem in error.problems) from error
    changed = client.with_fact(fact, read.value(fact), segment)
    place = f"segment[{client.segments[segment].name}].{spec.name}" if spec.scope == "segment" else fact
    others = {key: amount for key, amount in client.amounts.items() if key != place}
    return replace(changed, amounts={**others, **read.amounts})


def _spec(reader: ClientReader, fact: str) -> FactSpec:
    spec = reader.vocabulary.facts.get(fact)
    if spec is None or spec.scope not in FACT_SCOPES:
        known = [name for name, spec in reader.vocabulary.facts.items() if spec.scope in FACT_SCOPES]
        full = [name for name in known if name.partition(".")[2] == fact.rpartition(".")[2]]
        _refuse(
            fact, "there is no such fact", f"Write {full[0]}." if full else did_you_mean(fact, known, limit=1)
        )
    return spec


def _only(client: Client, spec: FactSpec, value: object, segment: int) -> dict[str, object]:
    """The smallest client file that states this fact."""
    name = {"name": client.segments[segment].name}
    stated = {spec.name: value}
    inner: dict[str, object] = (
        {"segments": [name | stated]} if spec.scope == "segment" else {spec.scope: stated}
    )
    return {"client": client.id, "currency": client.currency, "segments": [name], **inner}


def _refuse(fact: str, what: str, hint: str = "") -> NoReturn:
    raise InvalidClient([Problem(Place(fact), "", what, hint)])
