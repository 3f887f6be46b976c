"""Sets aside the clients of a table that say something the vocabulary does not allow, each with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tactician.errors import Place, Problem, UnreadableInput, did_you_mean
from tactician.facts.client import MILLION
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec
from tactician.inference.columnar_bits import Flags
from tactician.inference.columnar_facts import encoded, flags_of, one_array
from tactician.inference.columnar_items import Integers
from tactician.inference.columnar_schema import ADDRESSED_KINDS, fact_columns
from tactician.inference.columnar_tables import Tables, segment_keys
from tactician.knowledge.rules import Rulebase

REJECTED = pa.schema(
    [("client", pa.int64()), *((name, pa.string()) for name in ("id", "table", "column", "what"))]
)
"""One row for each reason to set a client aside."""


def sound(tables: Tables, rulebase: Rulebase) -> tuple[Tables, pa.Table]:
    """The tables without the clients that cannot be used, and the reasons (`REJECTED`); raises UnreadableInput."""
    reasons = _Check(tables, rulebase).reasons()
    if not reasons.num_rows:
        return tables, reasons
    bad = pc.unique(reasons.column("client"))
    kept = {
        name: table.filter(pc.invert(pc.is_in(table.column("client"), value_set=bad))).combine_chunks()
        for name, table in tables.tables.items()
    }
    return Tables(kept), reasons


class _Check:
    def __init__(self, tables: Tables, rulebase: Rulebase) -> None:
        self.tables = tables
        self.rulebase = rulebase
        self.found: list[tuple[int, str, str, str]] = []
        """The row of the client, the table, the column, and what is wrong."""

    def reasons(self) -> pa.Table:
        self._segments()
        for kind in ITEM_KINDS:
            self._items(kind)
        self._links()
        self.found.sort(key=lambda finding: finding[0])
        rows, table, column, what = zip(*self.found, strict=True) if self.found else ((), (), (), ())
        clients = self.tables["clients"]
        named = {name: clients.column(name).take(pa.array(rows, pa.int64())) for name in ("client", "id")}
        return pa.table({**named, "table": table, "column": column, "what": what}, schema=REJECTED)

    def _note(self, table: str, column: str, wrong: Flags, what: str | Callable[[int], str]) -> None:
        if not wrong.any():
            return
        clients = self._client_rows(table)
        for row in np.flatnonzero(wrong).tolist():
            self.found.append(
                (int(clients[row]), table, column, what if isinstance(what, str) else what(row))
            )

    def _client_rows(self, table: str) -> Integers:
        known = one_array(self.tables["clients"].column("client")).to_numpy()
        stated = one_array(self.tables[table].column("client")).to_numpy()
        rows = np.searchsorted(known, stated)
        if len(stated) and (not len(known) or (known[np.minimum(rows, len(known) - 1)] != stated).any()):
            what = "some rows belong to no client of the table clients"
            raise UnreadableInput([Problem(Place(table), "client", what)])
        return rows

    @cached_property
    def _keys(self) -> Integers:
        return segment_keys(self.tables, "segments")

    def _segments(self) -> None:
        table = self.tables["segments"]
        clients = self._client_rows("segments")
        counts = np.bincount(clients, minlength=self.tables.clients)
        most = self.rulebase.parameters.limits.segments
        self._note_clients(counts == 0, "segment", "there is no segment")
        self._note_clients(counts > most, "segment", f"there are more than {most} segments")
        self._sequence("segments", "segment", clients)
        ppm = one_array(table.column("ppm")).fill_null(0).to_numpy()
        self._note("segments", "ppm", ppm <= 0, "a share must be above 0")
        total = np.bincount(clients, weights=ppm, minlength=self.tables.clients)
        self._note_clients((total != MILLION) & (counts > 0), "ppm", "the shares do not sum to 1,000,000")
        for spec in fact_columns(self.rulebase.vocabulary):
            if spec.id in table.column_names:
                self._values("segments", spec.id, spec)

    def _note_clients(self, wrong: Flags, column: str, what: str) -> None:
        self.found += [(row, "segments", column, what) for row in np.flatnonzero(wrong).tolist()]

    def _sequence(self, table: str, column: str, groups: Integers) -> None:
        """Note where a column does not count 0, 1, 2 … inside each group."""
        numbers = one_array(self.tables[table].column(column)).fill_null(-1).to_numpy()
        expected = np.arange(len(groups)) - np.searchsorted(groups, groups)
        self._note(table, column, numbers != expected, "these do not count 0, 1, 2 … in order")

    def _items(self, kind: str) -> None:
        name = LIST_OF[kind]
        table = self.tables[name]
        at, stray = self._at(name)
        self._note(name, "segment", stray, "there is no such segment")
        given = np.append(flags_of(self.tables["segments"].column(name)), True)
        self._note(name, "number", ~given[at], f"the segment says that its {name} are unknown")
        self._sequence(name, "number", at)
        most = self.rulebase.parameters.limits.items
        count = np.bincount(at, minlength=len(given))[at] if len(at) else at
        self._note(name, "number", count > most, f"there are more than {most} {name} in a segment")
        for spec in self.rulebase.vocabulary.of_scope(kind):
            if spec.name in table.column_names:
                self._values(name, spec.name, spec)

    def _at(self, name: str) -> tuple[Integers, Flags]:
        """For each row the row of its segment (one past the last where there is none), and where there is none."""
        keys = segment_keys(self.tables, name)
        at = np.searchsorted(self._keys, keys)
        stray = np.append(self._keys, -1)[at] != keys
        return np.where(stray, len(self._keys), at), stray

    def _links(self) -> None:
        table = self.tables["links"]
        at, stray = self._at("links")
        self._note("links", "segment", stray, "there is no such segment")
        product = one_array(table.column("product")).fill_null(-1).to_numpy().astype(np.int64)
        self._note("links", "product", ~self._exists("product", at, product), "there is no such product")
        kinds, names = encoded(one_array(table.column("kind")).fill_null(""))
        item = one_array(table.column("item")).fill_null(-1).to_numpy().astype(np.int64)
        found = np.zeros(len(at), dtype=np.bool_)
        for kind in ADDRESSED_KINDS:
            if kind in names:
                found |= (kinds == names.index(kind)) & self._exists(kind, at, item)
        self._note("links", "item", ~found, "there is no such item")
        self._sequence("links", "number", at * (self.rulebase.parameters.limits.items + 1) + product)
        for spec in self.rulebase.vocabulary.of_scope("link"):
            self._values("links", spec.name, spec)

    def _exists(self, kind: str, at: Integers, number: Integers) -> Flags:
        counts = np.bincount(self._at(LIST_OF[kind])[0], minlength=len(self._keys) + 1)
        return (number >= 0) & (number < counts[at])

    def _values(self, table: str, column: str, spec: FactSpec) -> None:
        """Note what is no level of a fact, or outside its range."""
        if spec.type == "bool":
            return
        array = one_array(self.tables[table].column(column))
        if spec.is_number:
            self._numbers(table, column, spec, array)
            return
        codes, names = encoded(array)
        for code, name in enumerate(names):
            if name not in spec.levels:
                what = f"{name!r} is no level of {spec.id}. {did_you_mean(name, spec.levels)}".strip()
                self._note(
                    table, column, (codes == code) & array.is_valid().to_numpy(zero_copy_only=False), what
                )

    def _numbers(self, table: str, column: str, spec: FactSpec, array: pa.Array) -> None:
        numbers = array.to_numpy(zero_copy_only=False)
        low = -np.inf if spec.minimum is None else spec.minimum
        high = np.inf if spec.maximum is None else spec.maximum
        wrong = (numbers < low) | (numbers > high) | np.isinf(numbers)
        self._note(table, column, wrong, lambda row: f"{numbers[row]:g} is outside {low:g} to {high:g}")
        if spec.whole:
            broken = (numbers != np.floor(numbers)) & ~np.isnan(numbers) & ~wrong
            self._note(table, column, broken, lambda row: f"{numbers[row]:g} is not a whole number")
