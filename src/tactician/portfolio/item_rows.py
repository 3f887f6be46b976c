"""Rows of a sheet of pains, gains, jobs or products."""

from __future__ import annotations

from dataclasses import dataclass

from tactician.facts.vocabulary import LIST_OF
from tactician.portfolio.columns import Stated
from tactician.portfolio.drafts import Draft, Parts, Source
from tactician.portfolio.sheets import Row
from tactician.portfolio.tables import Table


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a segment, or one more thing that a product of an earlier row addresses."""

    draft: Draft
    segment: int
    table: Table
    row: Row

    def add(self) -> None:
        """State in the draft what the row says."""
        links = self._stated("link")
        position = self._position(bool(links))
        base: Parts = ("segments", self.segment, LIST_OF[self.kind], position)
        for name, value, source in self._stated(self.kind):
            self.draft.put((*base, name), value, source)
        if links:
            addressed = self.draft.items(self.segment, self.kind)[position].setdefault("addresses", [])
            addressed.append({})
            for name, value, source in links:
                self.draft.put((*base, "addresses", len(addressed) - 1, name), value, source)

    @property
    def kind(self) -> str:
        """The kind of its item."""
        assert self.table.kind is not None
        return self.table.kind

    def _stated(self, scope: str) -> list[tuple[str, Stated, Source]]:
        sources = [
            Source(self.table.sheet, self.row, column)
            for column in self.table.columns
            if column.target.scope == scope
        ]
        read = [(source.column.target.name, self.draft.read(source), source) for source in sources]
        return [(name, value, source) for name, value, source in read if value is not None]

    def _position(self, has_link: bool) -> int:
        """Where the item stands: a product takes one row for each thing it addresses, other items one row."""
        items = self.draft.items(self.segment, self.kind)
        column = self.table.column(self.kind, "id")
        stated = self.draft.read(Source(self.table.sheet, self.row, column)) if column else None
        if stated is not None and has_link:
            for at, item in enumerate(items):
                if item["id"] == stated:
                    return at
        items.append({"id": stated if stated is not None else f"{self.kind}_{len(items) + 1}"})
        return len(items) - 1
