"""Changes one fact of a client as its owner would state it: in words, and in the client's own currency."""

from __future__ import annotations

from dataclasses import replace

from tactician.errors import InvalidClient, Place, Problem, UnreadableInput
from tactician.facts.client import Client
from tactician.facts.reading import ClientReader
from tactician.facts.scalars import TooManyDigits, resolve
from tactician.facts.vocabulary import FactSpec


def with_stated(reader: ClientReader, client: Client, fact: str, stated: object, segment: int = 0) -> Client:
    """The client with one fact (`business.churn`) as stated; `unknown` and None make it unknown.

    A text is read as in a client file: "20" is a number. Raises InvalidClient when this is not allowed.
    """
    spec = reader.vocabulary[fact]
    try:
        value = resolve(stated) if isinstance(stated, str) else stated
        read = reader.from_mapping(_only(client, spec, value, segment), fact)
    except TooManyDigits as error:
        raise InvalidClient([Problem(Place(fact), "", str(error))]) from error
    except (InvalidClient, UnreadableInput) as error:
        raise InvalidClient(replace(problem, where="") for problem in error.problems) from error
    changed = client.with_fact(fact, read.value(fact), segment)
    others = {key: amount for key, amount in client.amounts.items() if key != client.place(fact, segment)}
    return replace(changed, amounts={**others, **read.amounts})


def _only(client: Client, spec: FactSpec, value: object, segment: int) -> dict[str, object]:
    """The smallest client file that states this fact."""
    name = {"name": client.segments[segment].name}
    stated = {spec.name: value}
    inner: dict[str, object] = (
        {"segments": [name | stated]} if spec.scope == "segment" else {spec.scope: stated}
    )
    return {"client": client.id, "currency": client.currency, "segments": [name], **inner}
