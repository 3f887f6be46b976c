"""Generated clients as tables: each business takes after one of the example clients, and leaves much unsaid.

The examples are the latent types that make facts go together: what a generated business states is in most cases
what its example states, at times a step beside it, and otherwise drawn around what is typical.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tactician.facts.client import MILLION, Client
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec, Value
from tactician.inference.columnar import Tables
from tactician.inference.columnar_schema import ADDRESSED_KINDS, client_schemas, fact_columns
from tactician.knowledge.rules import Rulebase

PIECE = 10_000
NAMES = ("regulars", "newcomers", "passers-by")
SEGMENTS = (0.5, 0.3, 0.2)
"""How often a client has one, two and three segments."""
TAKES_AFTER = 0.65
"""How often a fact is what the example states."""
WORKSHEET = 0.35
"""How many segments have the details of the value worksheet."""
MEAN_ITEMS, MOST_ITEMS = 2.0, 7
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Columns = dict[str, object]


class Population:
    """Any number of clients that one seed stands for."""

    def __init__(self, rulebase: Rulebase, examples: Sequence[Client], seed: int = 1) -> None:
        self.rulebase = rulebase
        self.vocabulary = rulebase.vocabulary
        self.examples = examples
        self.seed = seed
        self.schemas = client_schemas(self.vocabulary)

    def pieces(self, clients: int) -> Iterator[Tables]:
        """The first clients, some thousands at a time."""
        for first in range(0, clients, PIECE):
            yield self.piece(first, min(PIECE, clients - first))

    def piece(self, first: int, clients: int) -> Tables:
        """The clients whose keys start at `first`."""
        return _Piece(self, first, clients).tables()

    def stated(self, spec: FactSpec) -> list[Value | None]:
        """What each example states."""
        return [client.value(spec.id) for client in self.examples]


class _Piece:
    def __init__(self, population: Population, first: int, clients: int) -> None:
        self.population = population
        self.vocabulary = population.vocabulary
        self.random = np.random.default_rng([population.seed, first])
        self.keys = np.arange(first, first + clients)
        self.type = self.random.integers(0, len(population.examples), clients)
        self.diligence = self.random.beta(8, 2, clients)
        """By client: how much of what is asked it answers."""
        sizes = self.random.choice([1, 2, 3], clients, p=SEGMENTS)
        self.client = np.repeat(np.arange(clients), sizes)
        """By segment: the row of its client."""
        self.number = np.arange(len(self.client)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        other = self.random.integers(0, len(population.examples), len(self.client))
        differs = (self.number > 0) & (self.random.random(len(self.client)) < 0.4)
        self.segment_type = np.where(differs, other, self.type[self.client])
        self.worksheet = self.random.random(len(self.client)) < WORKSHEET

    def tables(self) -> Tables:
        """All tables of these clients."""
        given = {kind: self._happens(0.85 * np.sqrt(self.diligence[self.client])) for kind in ITEM_KINDS}
        counts = {
            kind: np.where(listed, np.minimum(self.random.poisson(MEAN_ITEMS, len(listed)), MOST_ITEMS), 0)
            for kind, listed in given.items()
        }
        made = {"clients": self._clients(), "segments": self._segments(given), "links": self._links(counts)}
        made |= {LIST_OF[kind]: self._items(kind, counts[kind]) for kind in ITEM_KINDS}
        schemas = self.population.schemas
        return Tables({name: pa.table(made[name], schema=schema) for name, schema in schemas.items()})

    def _happens(self, chance: npt.NDArray[np.float64] | float, size: int | None = None) -> Flags:
        return self.random.random(len(chance) if size is None else size) < chance

    def _clients(self) -> Columns:
        tactics = [record.id for record in self.population.rulebase.group("tactics")]
        runs = self._happens(0.3, len(self.keys))
        ends = np.concatenate(([0], np.cumsum(runs))).astype(np.int32)
        chosen = pa.array(tactics).take(pa.array(self.random.integers(0, len(tactics), int(ends[-1]))))
        return {
            "client": self.keys,
            "id": [f"client {key}" for key in self.keys.tolist()],
            "currency": ["EUR"] * len(self.keys),
            "running": pa.ListArray.from_arrays(pa.array(ends), chosen),
            "file": pa.nulls(len(self.keys), pa.string()),
        }

    def _segments(self, given: dict[str, Flags]) -> Columns:
        facts: Columns = {}
        for spec in fact_columns(self.vocabulary):
            if spec.scope == "segment":
                facts[spec.id] = self._fact(spec, self.segment_type, self._answered(spec, self.client))
            else:
                everyone = np.arange(len(self.keys))
                facts[spec.id] = self._fact(spec, self.type, self._answered(spec, everyone)).take(
                    pa.array(self.client)
                )
        return {
            "client": self.keys[self.client],
            "segment": self.number.astype(np.int16),
            "name": pa.array(NAMES).take(pa.array(self.number)),
            "ppm": self._shares(),
            **{LIST_OF[kind]: listed for kind, listed in given.items()},
            **facts,
        }

    def _answered(self, spec: FactSpec, clients: Integers) -> Flags:
        answered = self._happens(self.diligence[clients])
        return answered & self.worksheet if spec.detail and spec.scope == "segment" else answered

    def _shares(self) -> npt.NDArray[np.int32]:
        """Parts per million at random; the first segment of each client takes what is left."""
        wish = self.random.uniform(0.3, 1, len(self.client))
        share = np.floor(MILLION * wish / np.bincount(self.client, weights=wish)[self.client])
        left = MILLION - np.bincount(self.client, weights=share)
        return (share + np.where(self.number == 0, left[self.client], 0)).astype(np.int32)

    def _fact(self, spec: FactSpec, types: Integers, known: Flags) -> pa.Array:
        stated = self.population.stated(spec)
        follows = (
            self._happens(TAKES_AFTER, len(types)) & np.array([value is not None for value in stated])[types]
        )
        if spec.is_number:
            return self._number(
                spec, np.array([float(value or 0) for value in stated])[types], follows, known
            )
        values = list(spec.values)
        own = np.array([0 if value is None else values.index(value) for value in stated])[types]
        chance = np.ones(len(values))
        if spec.typical is not None:
            chance[values.index(spec.typical)] += len(values) / 2
        drawn = self.random.choice(len(values), len(types), p=chance / chance.sum())
        position = np.where(follows, own, drawn)
        if spec.type == "ordinal":
            step = self.random.choice([-1, 0, 1], len(types), p=[0.1, 0.8, 0.1])
            position = np.clip(position + step, 0, len(values) - 1)
        if spec.type == "bool":
            return pa.array(position == 1, mask=~known)
        return levels(position, known, values)

    def _number(self, spec: FactSpec, own: npt.NDArray[np.float64], follows: Flags, known: Flags) -> pa.Array:
        """A number of the example or of a band; half of them exactly, so that thresholds are met."""
        bands = [band.value for band in spec.bands] or [spec.minimum or 0.0, spec.maximum or 1.0]
        number = np.where(follows, own, self.random.choice(bands, len(own)))
        blurred = number * self.random.lognormal(0, 0.4, len(own))
        number = np.round(np.where(self._happens(0.5, len(own)), number, blurred), 0 if spec.whole else 2)
        return pa.array(np.clip(number, spec.minimum, spec.maximum), mask=~known)

    def _items(self, kind: str, counts: Integers) -> Columns:
        row = np.repeat(np.arange(len(counts)), counts)
        number = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        own = {spec.name: self._attribute(spec, row) for spec in self.vocabulary.of_scope(kind)}
        texts = pa.array(list(next(iter(self.vocabulary.of_scope(kind))).meanings.values()))
        return {
            **self._place(row),
            "number": number.astype(np.int16),
            "id": pa.array([f"{kind}_{at}" for at in range(MOST_ITEMS)]).take(pa.array(number)),
            "text": texts.take(pa.array(self.random.integers(0, len(texts), len(row)))),
            **own,
        }

    def _place(self, row: Integers) -> Columns:
        return {"client": self.keys[self.client[row]], "segment": self.number[row].astype(np.int16)}

    def _attribute(self, spec: FactSpec, row: Integers) -> pa.Array:
        """A level, by chances that each type has for itself; one in eight is not stated."""
        types = len(self.population.examples)
        own = np.random.default_rng([self.population.seed, *spec.id.encode()])
        limits = own.dirichlet(np.full(len(spec.levels), 2.0), types).cumsum(axis=1)[:, :-1]
        drawn = self.random.random(len(row))[:, None] > limits[self.segment_type[row]]
        return levels(drawn.sum(axis=1), self._happens(0.875, len(row)), list(spec.levels))

    def _links(self, counts: dict[str, Integers]) -> Columns:
        """Each product addresses up to three items, each of them once."""
        row = np.repeat(np.arange(len(self.client)), counts["product"])
        starts = np.cumsum(counts["product"]) - counts["product"]
        product = np.arange(len(row)) - np.repeat(starts, counts["product"])
        row, product = np.repeat(row, 3), np.repeat(product, 3)
        kind = np.tile(np.arange(3), len(row) // 3)
        available = np.stack([counts[name] for name in ADDRESSED_KINDS], axis=1)[row, kind]
        item = np.floor(self.random.random(len(row)) * available).astype(np.int16)
        kept = np.flatnonzero((available > 0) & self._happens(0.55, len(row)))
        row, product, kind, item = row[kept], product[kept], kind[kept], item[kept]
        group = row * (MOST_ITEMS + 1) + product
        return {
            **self._place(row),
            "product": product.astype(np.int16),
            "number": (np.arange(len(row)) - np.searchsorted(group, group)).astype(np.int16),
            "kind": levels(kind, np.ones(len(row), dtype=np.bool_), list(ADDRESSED_KINDS)),
            "item": item,
            **{spec.name: self._attribute(spec, row) for spec in self.vocabulary.of_scope("link")},
        }


def levels(positions: Integers, known: Flags, names: list[object]) -> pa.Array:
    """Levels by their positions, null where they are not known."""
    return pa.DictionaryArray.from_arrays(pa.array(positions.astype(np.int8), mask=~known), pa.array(names))
