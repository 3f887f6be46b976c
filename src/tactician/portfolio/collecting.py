"""Puts the rows of tables together into clients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from tactician.errors import Place, Problem, did_you_mean
from tactician.facts.number_words import fold, is_unknown
from tactician.facts.vocabulary import LIST_OF
from tactician.portfolio.columns import Column, Stated, UnreadableCell
from tactician.portfolio.drafts import Draft, Source
from tactician.portfolio.headings import KIND_OF_SHEET, level_words
from tactician.portfolio.item_rows import ItemRow
from tactician.portfolio.sheets import Damaged, Row, row_problem
from tactician.portfolio.tables import Table

EVERYONE = "all customers"
"""The segment of a client that names none."""
LISTED = "listed"
SEPARATORS = str.maketrans({"\n": ";", "|": ";", ",": ";", "[": " ", "]": " "})

TacticNames = Mapping[str, str]
"""What people call the tactics, folded, and their ids."""


@cache
def words_for_none() -> frozenset[str]:
    """The words that say a list is empty."""
    translated = (fold(word) for words in level_words()["none"].values() for word in words)
    return frozenset((*translated, "none", "0"))


class Collecting:
    """Collects clients from the tables of one workbook or file."""

    def __init__(self, tables: Sequence[Table], tactic_names: TacticNames) -> None:
        self.main = [table for table in tables if table.kind is None]
        self.lists = [table for table in tables if table.kind is not None]
        self.tactic_names = tactic_names
        self.drafts: dict[str, Draft] = {}
        self.lost: list[Problem] = []
        """What is wrong with rows that belong to no client."""
        self._segments_elsewhere = any(table.has("segment", "name") for table in self.main)

    def collect(self) -> Iterator[Draft]:
        """Every client, in the order of its first row."""
        for table in self.main:
            for row in table.rows:
                self._main_row(table, row)
        for table in self.lists:
            for row in table.rows:
                self._item_row(table, row)
        for table in (*self.main, *self.lists):
            for damaged in table.sheet.damaged:
                self._damaged_row(table, damaged)
        for draft in self.drafts.values():
            draft.resolve_references()
            draft.problems.extend(draft.money_problems())
            yield draft

    def _damaged_row(self, table: Table, damaged: Damaged) -> None:
        """A client with a damaged row is not evaluated without it."""
        column = table.column("client", "client")
        name = column.cell(damaged.row) if column else None
        if not isinstance(name, str) or not name:
            self.lost.append(damaged.problem)
            return
        place = damaged.problem.place
        self.drafts.setdefault(name, Draft(name, place)).problems.append(damaged.problem)

    def _client(self, table: Table, row: Row) -> str:
        source = Source(table.sheet, row, _client_column(table))
        try:
            name = str(source.column.read(row) or "")
        except UnreadableCell as error:
            self.lost.append(source.problem(error.what, error.hint))
            return ""
        if not name:
            hint = "Repeat the name of the client in each of its rows."
            self.lost.append(source.problem("the row names no client", hint))
        return name

    def _main_row(self, table: Table, row: Row) -> None:
        name = self._client(table, row)
        if not name:
            return
        source = Source(table.sheet, row, _client_column(table))
        known = name in self.drafts
        draft = self.drafts.setdefault(name, Draft(name, source.place))
        if known and draft.place.file == table.sheet.place and not table.has("segment", "name"):
            what = f"{name!r} stands in row {draft.place.line} already"
            hint = "Give each client one row, or name the customers of each row in a column segment."
            draft.problems.append(source.problem(what, hint))
            return
        draft.put(("client",), name, source)
        segment = self._segment(draft, table, row)
        for column in table.columns:
            self._main_cell(draft, segment, Source(table.sheet, row, column))

    def _segment(self, draft: Draft, table: Table, row: Row) -> int | None:
        """The position of the row's segment, newly made; None in a sheet that only describes clients."""
        column = table.column("segment", "name")
        if column is None and self._segments_elsewhere:
            return None
        source = Source(table.sheet, row, column or _client_column(table))
        name = str(draft.read(source) or "") if column else ""
        if not name and column and draft.segment_names:
            hint = "Name the customers that each row describes."
            draft.problems.append(source.problem("the row names no segment", hint))
        return draft.add_segment(name or EVERYONE, source)

    def _main_cell(self, draft: Draft, segment: int | None, source: Source) -> None:
        target = source.column.target
        if (target.scope, target.name) in (("client", "client"), ("segment", "name")):
            return
        value = draft.read(source)
        if value is None:
            return
        if target.name == "running":
            self._running(draft, str(value), source)
        elif target.scope == "client":
            draft.put((target.name,), str(value).upper(), source)
        elif target.scope in ("business", "offering"):
            draft.put((target.scope, target.name), value, source)
        elif segment is None:
            what = f"{source.column.heading} describes customers, and this sheet names no segment"
            draft.problems.append(source.problem(what, "Move it to the sheet segments."))
        else:
            _segment_cell(draft, segment, value, source)

    def _running(self, draft: Draft, text: str, source: Source) -> None:
        words = [word.strip() for word in text.translate(SEPARATORS).split(";")]
        stated = [word for word in words if not is_unknown(word) and fold(word) not in words_for_none()]
        draft.put(("running",), [self.tactic_names.get(fold(word), word) for word in stated], source)
        for index in range(len(stated)):
            draft.cells["running", index] = source

    def _item_row(self, table: Table, row: Row) -> None:
        name = self._client(table, row)
        draft = self.drafts.get(name)
        if draft is not None:
            segment = _segment_of_item(draft, table, row)
            if segment is not None:
                ItemRow(draft, segment, table, row).add()
        elif name:
            what = f"there is no client called {name!r}"
            hint = did_you_mean(name, self.drafts) or "List it in the sheet clients."
            self.lost.append(row_problem(table.sheet, row.number, what, hint))


def _client_column(table: Table) -> Column:
    column = table.column("client", "client")
    assert column is not None
    return column


def _segment_cell(draft: Draft, segment: int, value: Stated, source: Source) -> None:
    target = source.column.target
    if target.scope == "segment" and target.name in KIND_OF_SHEET:
        _list_marker(draft, segment, str(value), source)
    elif target.scope == "segment":
        draft.put(("segments", segment, target.name), value, source)
    elif target.scope == "link":
        path = draft.numbered_link(segment, target.item, target.link)
        draft.put((*path, target.name), value, source)
    else:
        position = draft.numbered_item(segment, target.scope, target.item)
        draft.put(("segments", segment, LIST_OF[target.scope], position, target.name), value, source)


def _list_marker(draft: Draft, segment: int, text: str, source: Source) -> None:
    """The column pains of a segment can only say that there are none, or that they are listed elsewhere."""
    name = source.column.target.name
    if fold(text) in words_for_none():
        draft.put(("segments", segment, name), [], source)
    elif not is_unknown(text) and fold(text) != LISTED:
        what = f"{text!r} does not say whether there are {name}"
        hint = f"Write none when there are none; list them in a sheet {name}, or in columns {name[:-1]} 1, …"
        draft.problems.append(source.problem(what, hint))


def _segment_of_item(draft: Draft, table: Table, row: Row) -> int | None:
    """The segment that an item belongs to; None, and a problem noted, when it cannot be told."""
    column = table.column("segment", "name")
    text = str(draft.read(Source(table.sheet, row, column)) or "") if column else ""
    names = draft.segment_names
    if not text and len(names) == 1:
        return 0
    found = draft.find_segment(text)
    if found is None:
        what = f"{draft.name!r} has no segment called {text!r}" if text else "the row names no segment"
        hint = did_you_mean(text, names) or f"Known are {', '.join(names)}."
        draft.problems.append(Problem(Place(table.sheet.place, row.number), "", what, hint))
    return found
