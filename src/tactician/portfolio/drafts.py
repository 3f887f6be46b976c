"""A client as cells state it, before it is checked: each value knows the cell it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tactician.errors import Place, Problem
from tactician.facts.building import Path
from tactician.facts.document import Document
from tactician.facts.number_words import fold
from tactician.facts.vocabulary import LIST_OF
from tactician.portfolio.columns import Column, Stated, UnreadableCell
from tactician.portfolio.headings import numbered_item
from tactician.portfolio.sheets import CellProblem, Row, Sheet, cell_problem

Parts = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The cell that a value came from."""

    sheet: Sheet
    row: Row
    column: Column

    @property
    def place(self) -> Place:
        """Its file, row and column."""
        return Place(self.sheet.place, self.row.number, self.column.index + 1)

    def problem(self, what: str, hint: str = "") -> CellProblem:
        """A problem with this cell."""
        return cell_problem(self.sheet, self.row, (self.column.index, self.column.heading), what, hint)


@dataclass(frozen=True, slots=True)
class CellDocument(Document):
    """A client document whose values stand in cells."""

    cells: Mapping[Parts, Source] = field(default_factory=dict)

    def place(self, path: Path, key: bool = False) -> Place:  # noqa: ARG002 (a cell has no key of its own)
        """The cell of the value at a path, or the first cell of its nearest ancestor."""
        parts = tuple(path)
        for length in range(len(parts), -1, -1):
            for at, source in self.cells.items():
                if at[:length] == parts[:length]:
                    return source.place
        return Place(self.file)

    def problem(self, path: Path, what: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with the cell of the value at a path."""
        source = self.cells.get(tuple(path))
        if source is not None:
            return source.problem(what, hint)
        return Problem(self.place(path, key), self.where(path), what, hint)


@dataclass(slots=True)
class Draft:
    """One client in the making."""

    name: str
    place: Place
    value: dict[str, Any] = field(default_factory=dict)
    cells: dict[Parts, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _segments: dict[str, int] = field(default_factory=dict)
    """Position by folded name."""
    _numbered: dict[tuple[int, str, int, int], int] = field(default_factory=dict)
    """Position of what numbered columns describe, by segment, kind, number of the item and of the link."""

    def document(self) -> CellDocument:
        """The client document, for the reader of clients."""
        return CellDocument(self.place.file, self.value, cells=self.cells)

    def read(self, source: Source) -> Stated:
        """What a cell says; None, and a problem noted, when it cannot be read."""
        try:
            return source.column.read(source.row)
        except UnreadableCell as error:
            self.problems.append(source.problem(error.what, error.hint))
            return None

    def put(self, path: Parts, value: object, source: Source) -> None:
        """State a value; two rows that state two values contradict each other."""
        holder: Any = self.value
        for part in path[:-1]:
            holder = holder.setdefault(part, {}) if isinstance(holder, dict) else holder[part]
        if path in self.cells and holder[path[-1]] != value:
            first = self.cells[path]
            what = f"{source.column.heading} is {value!r} here and {holder[path[-1]]!r} in row {first.row.number}"
            hint = "Write the same in every row of the client, or only once."
            self.problems.append(source.problem(what, hint))
        else:
            holder[path[-1]] = value
            self.cells[path] = source

    @property
    def segment_names(self) -> list[str]:
        """The names of its segments so far."""
        return [str(segment["name"]) for segment in self.value.get("segments", ())]

    def add_segment(self, name: str, source: Source) -> int:
        """A new segment; returns its position."""
        segments = self.value.setdefault("segments", [])
        segments.append({"name": name})
        position = len(segments) - 1
        self.cells["segments", position, "name"] = source
        self._segments.setdefault(fold(name), position)
        return position

    def find_segment(self, name: str) -> int | None:
        """The position of a segment by its name."""
        return self._segments.get(fold(name))

    def items(self, segment: int, kind: str) -> list[dict[str, Any]]:
        """The items of a kind in a segment, which from now on counts as listing them."""
        listed = self.value["segments"][segment].setdefault(LIST_OF[kind], [])
        assert isinstance(listed, list)
        return listed

    def numbered_item(self, segment: int, kind: str, number: int) -> int:
        """The position of the item that columns `pain 2 …` describe, made the first time."""
        key = segment, kind, number, 0
        if key not in self._numbered:
            items = self.items(segment, kind)
            items.append({"id": f"{kind}_{number}"})
            self._numbered[key] = len(items) - 1
        return self._numbered[key]

    def numbered_link(self, segment: int, product: int, number: int) -> Parts:
        """The path of the link that columns `product 1 addresses 2 …` describe, made the first time."""
        position = self.numbered_item(segment, "product", product)
        links = self.items(segment, "product")[position].setdefault("addresses", [])
        key = segment, "product", product, number
        if key not in self._numbered:
            links.append({})
            self._numbered[key] = len(links) - 1
        return ("segments", segment, LIST_OF["product"], position, "addresses", self._numbered[key])

    def resolve_references(self) -> None:
        """Let what a product addresses be named by its columns: `pain 2` is the item that they describe."""
        for index, segment in enumerate(self.value.get("segments", ())):
            known = {item["id"] for key in LIST_OF.values() for item in segment.get(key) or ()}
            for product in segment.get(LIST_OF["product"]) or ():
                for link in product.get("addresses") or ():
                    meant = numbered_item(str(link.get("item", "")))
                    at = self._numbered.get((index, *meant, 0)) if meant else None
                    if link.get("item") not in known and meant and at is not None:
                        link["item"] = segment[LIST_OF[meant[0]]][at]["id"]

    def money_problems(self) -> Iterator[Problem]:
        """Amounts that name another currency than the client's."""
        currency = str(self.value.get("currency", "EUR"))
        for source in self.cells.values():
            named = source.column.currencies(source.row)
            if named and currency not in named:
                stated = (
                    "the client's currency" if "currency" in self.value else "euros, as no currency is stated"
                )
                what = f"the amount is in {' or '.join(named)}, and amounts are in {stated}"
                if "currency" in self.value:
                    what = f"the amount is in {' or '.join(named)}, and the client's currency is {currency}"
                yield source.problem(what, "Convert the amount, or give the currency in a column currency.")
