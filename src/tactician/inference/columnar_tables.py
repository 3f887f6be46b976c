"""Clients as Arrow tables, and tables as clients again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tactician.facts.client import Client, Item, Link, Segment
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, Value
from tactician.inference.columnar_schema import ADDRESSED_KINDS, client_schemas, fact_columns
from tactician.knowledge.rules import Rulebase

Row = dict[str, Any]
Integers = npt.NDArray[np.int64]
MOST_SEGMENTS = 2**15
"""More than a client can have."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of some clients by name: `clients`, `segments`, one of each kind of item, and `links`."""

    tables: Mapping[str, pa.Table]
    _keys: dict[str, Integers] = field(default_factory=dict, repr=False, compare=False)
    _rows: dict[str, Integers] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> pa.Table:
        return self.tables[name]

    def segment_keys(self, name: str) -> Integers:
        """For each row of a table one number for its segment, rising as the tables are sorted."""
        if name not in self._keys:
            client = self[name].column("client").to_numpy()
            place = np.searchsorted(self["clients"].column("client").to_numpy(), client)
            self._keys[name] = place * MOST_SEGMENTS + self[name].column("segment").to_numpy().astype(
                np.int64
            )
        return self._keys[name]

    def segment_rows(self, name: str) -> Integers:
        """For each row of a table the row of its segment; the number of segments where there is none."""
        if name not in self._rows:
            known, stated = self.segment_keys("segments"), self.segment_keys(name)
            rows = np.searchsorted(known, stated)
            self._rows[name] = np.where(np.append(known, -1)[rows] == stated, rows, len(known))
        return self._rows[name]

    @property
    def clients(self) -> int:
        """The number of clients."""
        return int(self.tables["clients"].num_rows)


def tables(clients: Iterable[Client], rulebase: Rulebase, first: int = 0) -> Tables:
    """The tables of some clients, whose keys count up from `first`."""
    schemas = client_schemas(rulebase.vocabulary)
    rows: dict[str, list[Row]] = {name: [] for name in schemas}
    for key, client in enumerate(clients, start=first):
        _enter(rows, key, client)
    return Tables({name: pa.Table.from_pylist(rows[name], schema) for name, schema in schemas.items()})


def _enter(rows: Mapping[str, list[Row]], key: int, client: Client) -> None:
    rows["clients"].append(
        {
            "client": key,
            "id": client.id,
            "currency": client.currency,
            "running": list(client.running),
            "file": client.file or None,
        }
    )
    for number, segment in enumerate(client.segments):
        place = {"client": key, "segment": number}
        given = {LIST_OF[kind]: kind in segment.items for kind in ITEM_KINDS}
        stated = {"name": segment.name, "ppm": segment.ppm}
        rows["segments"].append({**place, **stated, **given, **client.facts, **segment.facts})
        positions = {}
        for kind in ITEM_KINDS:
            for position, item in enumerate(segment.items.get(kind, ())):
                named = {"number": position, "id": item.id, "text": item.text}
                rows[LIST_OF[kind]].append({**place, **named, **item.attributes})
                positions[item.id] = (kind, position)
        for product, item in enumerate(segment.items.get("product", ())):
            rows["links"].extend(_links(item, {**place, "product": product}, positions))


def _links(product: Item, place: Row, positions: Mapping[str, tuple[str, int]]) -> Iterator[Row]:
    for number, link in enumerate(product.addresses):
        kind, position = positions[link.item]
        stated = {"relevance": link.relevance, "proof": link.proof}
        yield {**place, "number": number, "kind": kind, "item": position, **stated}


def clients(source: Tables, rulebase: Rulebase) -> Iterator[Client]:
    """The clients that tables hold, amounts in euros, in the order of their keys."""
    read = {name: table.to_pylist() for name, table in source.tables.items()}
    links: dict[tuple[int, int], list[Row]] = {}
    for row in read["links"]:
        links.setdefault((row["client"], row["segment"]), []).append(row)
    items: dict[tuple[int, int, str], list[Row]] = {}
    for kind in ITEM_KINDS:
        for row in read[LIST_OF[kind]]:
            items.setdefault((row["client"], row["segment"], kind), []).append(row)
    segments: dict[int, list[Row]] = {}
    for row in read["segments"]:
        segments.setdefault(row["client"], []).append(row)
    for row in read["clients"]:
        mine = segments.get(row["client"], [])
        yield Client(
            row["id"],
            row["currency"] or "EUR",
            rulebase.parameters.rates.get(row["currency"], Decimal(1)),
            tuple(row["running"] or ()),
            _facts(mine[0], rulebase, ("business", "offering")),
            tuple(_segment(each, items, links, rulebase) for each in mine),
            row["file"] or "",
        )


def _segment(
    row: Row,
    items: Mapping[tuple[int, int, str], list[Row]],
    links: Mapping[tuple[int, int], list[Row]],
    rulebase: Rulebase,
) -> Segment:
    place = row["client"], row["segment"]
    listed = {kind: items.get((*place, kind), []) for kind in ITEM_KINDS if row[LIST_OF[kind]]}
    made: dict[str, tuple[Item, ...]] = {}
    for kind, rows in listed.items():
        names = tuple(spec.name for spec in rulebase.vocabulary.of_scope(kind))
        addresses = _addresses(links.get(place, ()), listed) if kind == "product" else {}
        made[kind] = tuple(
            Item(
                kind,
                each["id"],
                each["text"] or "",
                {name: each[name] for name in names if each[name] is not None},
                tuple(addresses.get(number, ())),
            )
            for number, each in enumerate(rows)
        )
    return Segment(row["name"], row["ppm"], _facts(row, rulebase, ("segment",)), made)


def _addresses(links: Iterable[Row], listed: Mapping[str, list[Row]]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    for row in links:
        if row["kind"] in ADDRESSED_KINDS and row["kind"] in listed:
            item = listed[row["kind"]][row["item"]]["id"]
            found.setdefault(row["product"], []).append(Link(item, row["relevance"], row["proof"]))
    return found


def _facts(row: Row, rulebase: Rulebase, scopes: tuple[str, ...]) -> dict[str, Value]:
    return {
        spec.id: row[spec.id]
        for spec in fact_columns(rulebase.vocabulary)
        if spec.scope in scopes and _is_known(row[spec.id])
    }


def _is_known(value: Value | None) -> bool:
    """Whether a cell states something: tables may write what is unknown as null or as NaN."""
    return value is not None and not (isinstance(value, float) and isnan(value))
