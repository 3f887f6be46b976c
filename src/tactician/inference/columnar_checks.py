"""Sets aside the clients of a table that say something the vocabulary does not allow, each with its reasons."""

from __future__ import annotations

from collections.abc import Callable

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
from tactician.inference.columnar_tables import Tables
from tactician.knowledge.rules import Rulebase

REJECTED = pa.schema(
    [("client", pa.int64()), *((name, pa.string()) for name in ("id", "table", "column", "what"))]
)
"""One row for each reason to set a client aside."""
Finding = tuple[int, str, str, str, str]
"""Such a row."""


def sound(tables: Tables, rulebase: Rulebase) -> tuple[Tables, pa.Table]:
    """The tables without the clients that cannot be used, and the reasons (`REJECTED`); raises UnreadableInput."""
    found: list[Finding] = []
    # Each look trusts what those before it have let through.
    for look in (_Check.segments, _Check.items, _Check.links):
        check = _Check(tables, rulebase)
        look(check)
        found += check.found
        tables = check.without_those_found()
    if not found:
        return tables, REJECTED.empty_table()
    found.sort(key=lambda finding: finding[0])
    columns = zip(*found, strict=True)
    return tables, pa.table(dict(zip(REJECTED.names, columns, strict=True)), schema=REJECTED)


class _Check:
    def __init__(self, tables: Tables, rulebase: Rulebase) -> None:
        self.tables = tables
        self.rulebase = rulebase
        self.found: list[Finding] = []
        self.keys: Integers = tables["clients"].column("client").to_numpy()

    def without_those_found(self) -> Tables:
        """The tables of the clients with whom nothing is wrong."""
        if not self.found:
            return self.tables
        bad = pa.array({client for client, *_ in self.found}, pa.int64())
        return Tables(
            {
                name: table.filter(
                    pc.invert(pc.is_in(table.column("client"), value_set=bad))
                ).combine_chunks()
                for name, table in self.tables.tables.items()
            }
        )

    def _note(self, table: str, column: str, wrong: Flags, what: str | Callable[[int], str]) -> None:
        """Note what is wrong in some rows of a table."""
        if not wrong.any():
            return
        clients = self._client_rows(table)
        for row in np.flatnonzero(wrong).tolist():
            self._note_client(int(clients[row]), table, column, what if isinstance(what, str) else what(row))

    def _note_client(self, row: int, table: str, column: str, what: str) -> None:
        name = self.tables["clients"].column("id")[row].as_py()
        self.found.append((int(self.keys[row]), name, table, column, what))

    def _client_rows(self, table: str) -> Integers:
        stated = self.tables[table].column("client").to_numpy()
        rows = np.searchsorted(self.keys, stated)
        if len(stated) and (
            not len(self.keys) or (self.keys[rows.clip(max=len(self.keys) - 1)] != stated).any()
        ):
            what = "some rows belong to no client of the table clients"
            raise UnreadableInput([Problem(Place(table), "client", what)])
        return rows

    def segments(self) -> None:
        """Look at the segments: that there are some, how many, their shares and all their facts."""
        table = self.tables["segments"]
        clients = self._client_rows("segments")
        counts = np.bincount(clients, minlength=len(self.keys))
        ppm = one_array(table.column("ppm")).fill_null(0).to_numpy()
        total = np.bincount(clients, weights=ppm, minlength=len(self.keys))
        most = self.rulebase.parameters.limits.segments
        for wrong, column, what in (
            (counts == 0, "segment", "there is no segment"),
            (counts > most, "segment", f"there are more than {most} segments"),
            ((total != MILLION) & (counts > 0), "ppm", "the shares do not sum to 1,000,000"),
        ):
            for row in np.flatnonzero(wrong).tolist():
                self._note_client(row, "segments", column, what)
        self._note("segments", "ppm", ppm <= 0, "a share must be above 0")
        self._sequence("segments", "segment", clients)
        for spec in fact_columns(self.rulebase.vocabulary):
            if spec.id in table.column_names:
                self._values("segments", spec.id, spec)

    def _sequence(self, table: str, column: str, groups: Integers) -> None:
        """Note where groups are not in rising order, or a column does not count 0, 1, 2 … inside each."""
        numbers = one_array(self.tables[table].column(column)).fill_null(-1).to_numpy()
        starts = np.flatnonzero(np.diff(groups, prepend=-1))
        expected = np.arange(len(groups)) - np.repeat(starts, np.diff(starts, append=len(groups)))
        falling = np.diff(groups, prepend=-1) < 0
        self._note(table, column, (numbers != expected) | falling, "these do not count 0, 1, 2 … in order")

    def items(self) -> None:
        """Look at pains, gains, jobs and products: where they belong, how many they are, and their attributes."""
        for kind in ITEM_KINDS:
            name = LIST_OF[kind]
            table = self.tables[name]
            at = self._at(name)
            given = np.append(flags_of(self.tables["segments"].column(name)), True)
            self._note(name, "number", ~given[at], f"the segment says that its {name} are unknown")
            self._sequence(name, "number", self.tables.segment_keys(name))
            most = self.rulebase.parameters.limits.items
            many = np.bincount(at, minlength=len(given)) > most
            self._note(name, "number", many[at], f"there are more than {most} {name} in a segment")
            for spec in self.rulebase.vocabulary.of_scope(kind):
                if spec.name in table.column_names:
                    self._values(name, spec.name, spec)

    def _at(self, name: str) -> Integers:
        """For each row the row of its segment; one past the last, and noted, where there is none."""
        at = self.tables.segment_rows(name)
        self._note(name, "segment", at == self.tables["segments"].num_rows, "there is no such segment")
        return at

    def links(self) -> None:
        """Look at what products address: that both sides exist, and the attributes of the link."""
        table = self.tables["links"]
        at = self._at("links")
        product = one_array(table.column("product")).fill_null(-1).to_numpy().astype(np.int64)
        self._note("links", "product", ~self._exists("product", at, product), "there is no such product")
        kinds, names = encoded(one_array(table.column("kind")).fill_null(""))
        item = one_array(table.column("item")).fill_null(-1).to_numpy().astype(np.int64)
        found = np.zeros(len(at), dtype=np.bool_)
        for kind in ADDRESSED_KINDS:
            if kind in names:
                found |= (kinds == names.index(kind)) & self._exists(kind, at, item)
        self._note("links", "item", ~found, "there is no such item")
        most = self.rulebase.parameters.limits.items
        groups = self.tables.segment_keys("links") * (most + 1) + product.clip(0, most)
        self._sequence("links", "number", groups)
        for spec in self.rulebase.vocabulary.of_scope("link"):
            self._values("links", spec.name, spec)

    def _exists(self, kind: str, at: Integers, number: Integers) -> Flags:
        counts = np.bincount(self._at(LIST_OF[kind]), minlength=self.tables["segments"].num_rows + 1)
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
