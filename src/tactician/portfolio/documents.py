"""A client as the client file that states it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tactician.facts.client import MILLION, Client, Item, Segment
from tactician.facts.vocabulary import LIST_OF, Value, Vocabulary


def client_document(client: Client, vocabulary: Vocabulary) -> dict[str, Any]:
    """The client file of a client; in euros where not all amounts are known in its own currency."""
    amounts = _amounts(client, vocabulary)
    found: dict[str, Any] = {"client": client.id}
    if amounts is not None and client.currency != "EUR":
        found["currency"] = client.currency
    if client.running:
        found["running"] = list(client.running)
    for scope in ("business", "offering"):
        stated = _facts(client.facts, scope, amounts, scope)
        if stated:
            found[scope] = stated
    found["segments"] = [_segment(segment, amounts) for segment in client.segments]
    return found


def _amounts(client: Client, vocabulary: Vocabulary) -> dict[str, Decimal] | None:
    """Money as stated, by its place; None when a fact in euros has no amount in the client's currency."""
    holders = [("", client.facts), *((f"segment[{each.name}].", each.facts) for each in client.segments)]
    for holder, facts in holders:
        for fact in facts:
            place = f"{holder}{fact.partition('.')[2]}" if holder else fact
            if vocabulary[fact].is_money and place not in client.amounts:
                return None
    return dict(client.amounts)


def _facts(facts: Any, scope: str, amounts: dict[str, Decimal] | None, holder: str) -> dict[str, Any]:
    stated = {}
    for fact, value in facts.items():
        own, _, name = fact.partition(".")
        if own == scope:
            amount = (amounts or {}).get(f"{holder}.{name}")
            stated[name] = _plain(value if amount is None else float(amount))
    return stated


def _segment(segment: Segment, amounts: dict[str, Decimal] | None) -> dict[str, Any]:
    return {
        "name": segment.name,
        "share": float(Decimal(segment.ppm) / MILLION),
        **_facts(segment.facts, "segment", amounts, f"segment[{segment.name}]"),
        **{LIST_OF[kind]: [_item(item) for item in items] for kind, items in segment.items.items()},
    }


def _item(item: Item) -> dict[str, Any]:
    stated: dict[str, Any] = {"id": item.id, "text": item.text, **item.attributes}
    if item.addresses:
        stated["addresses"] = [
            {"item": link.item}
            | ({"relevance": link.relevance} if link.relevance else {})
            | ({"proof": link.proof} if link.proof else {})
            for link in item.addresses
        ]
    return stated


def _plain(value: Value) -> str | bool | int | float:
    """Whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
