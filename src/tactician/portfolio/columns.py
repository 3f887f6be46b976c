"""The columns of a sheet: what each states, which decimal mark it uses, and what a cell in it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from tactician.errors import did_you_mean
from tactician.facts.number_words import (
    Ambiguous,
    DecimalMark,
    Figure,
    UnreadableNumber,
    currencies,
    fold,
    is_unknown,
    parse_truth,
    read_figure,
)
from tactician.facts.vocabulary import FactSpec
from tactician.portfolio.headings import Target, level_words
from tactician.portfolio.sheets import Cell, Fault, Row, shown

Stated = str | bool | int | float | None
"""What a cell says, as a client file would; None where it says nothing."""
MARK_NAMES: dict[DecimalMark, str] = {"comma": "decimal comma", "point": "decimal point"}


class UnreadableCell(Exception):
    """A cell that does not say what its column asks for: what is wrong, and what to try."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True, slots=True)
class MarkQuestion:
    """That the decimal mark of a column cannot be told: what stands in it, and where to look."""

    what: str
    row: Row


@dataclass(frozen=True)
class Column:
    """One column that states something; `decimal` is set once it is known."""

    index: int
    heading: str
    target: Target
    decimal: DecimalMark | None = None

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        spec = self.target.spec
        return self.target.name == "share" if spec is None else spec.is_number

    @property
    def is_text(self) -> bool:
        """Whether its cells are names or texts, in which every word is itself."""
        return self.target.spec is None and self.target.name not in ("share", "currency", "running")

    def cell(self, row: Row) -> Cell:
        """Its cell in a row."""
        return row.cells[self.index] if self.index < len(row.cells) else None

    def read(self, row: Row) -> Stated:
        """What its cell in a row says; raises UnreadableCell."""
        cell = self.cell(row)
        if cell is None or cell == "":
            return None
        if isinstance(cell, Fault):
            raise UnreadableCell(f"{cell.shown[:60]!r}: {cell.what}", cell.hint)
        if self.is_text:
            return shown_whole(cell)
        if self.is_number:
            return self._number(cell)
        return None if isinstance(cell, str) and self._says_unknown(cell) else self._word(cell)

    def _says_unknown(self, text: str) -> bool:
        """A level goes before a word for not knowing: `-` is no level, but `none` may be."""
        return fold(text) not in self._levels and is_unknown(text)

    def _word(self, cell: Cell) -> Stated:
        spec = self.target.spec
        if spec is None:
            return shown_whole(cell).strip()
        if spec.type == "bool":
            return _truth(cell)
        text = shown_whole(cell)
        level = self._levels.get(fold(text))
        if level is None:
            hint = f"{did_you_mean(fold(text), self._levels)} Choose {', '.join(spec.levels)}, or unknown."
            raise UnreadableCell(f"{text!r} is not one of the levels of {spec.name}", hint.strip())
        return level

    @cached_property
    def _levels(self) -> Mapping[str, str]:
        return levels_by_word(self.target.spec) if self.target.spec else {}

    def _number(self, cell: Cell) -> Stated:
        if isinstance(cell, bool):
            raise UnreadableCell(f"{shown(cell)} is a truth, not a number", "Write a number, or unknown.")
        figure = cell if isinstance(cell, Figure) else self._figure(str(cell))
        if figure is None:
            return None
        try:
            value = figure.value(self.decimal)
        except UnreadableNumber as error:
            raise UnreadableCell(
                _lowered(error.message), "Write it like the other numbers of the column."
            ) from error
        if isinstance(value, Ambiguous):
            raise UnreadableCell(str(value), "Say which with --decimal comma or --decimal point.")
        self._check_unit(figure)
        if self.target.spec is None:
            return _plain(value / 100 if figure.unit == "%" else value)
        return _plain(value)

    def _figure(self, text: str) -> Figure | None:
        if is_unknown(text):
            return None
        try:
            return read_figure(text)
        except UnreadableNumber as error:
            raise UnreadableCell(_lowered(error.message), error.hint) from error

    def _check_unit(self, figure: Figure) -> None:
        spec = self.target.spec
        if spec is None or not figure.unit:
            if figure.unit not in ("", "%"):
                raise UnreadableCell(
                    f"{figure.text!r} is an amount of money, not a share", "Write 0.6 or 60 %."
                )
            return
        if figure.unit == "%" and not spec.unit.startswith("percent"):
            raise UnreadableCell(f"{figure.text!r} is a percentage", f"The unit is {spec.unit}.")
        if figure.unit != "%" and not spec.is_money:
            raise UnreadableCell(f"{figure.text!r} is an amount of money", f"The unit is {spec.unit}.")

    def currencies(self, row: Row) -> tuple[str, ...]:
        """The currencies that a money cell names by itself or by its heading; none when neither does."""
        spec, cell = self.target.spec, self.cell(row)
        if spec is None or not spec.is_money or cell is None or isinstance(cell, bool | Fault):
            return ()
        try:
            figure = cell if isinstance(cell, Figure) else self._figure(cell)
        except UnreadableCell:
            return ()
        unit = (figure.unit if figure else "") or self.target.unit
        known = currencies(unit) if figure and unit != "%" else ()
        return tuple(code.upper() for code in known)


def decide(column: Column, rows: Iterable[Row], stated: DecimalMark | None) -> Column | MarkQuestion:
    """The column with its decimal mark, by what stands in it, or by what the user states; else the question."""
    if not column.is_number or stated:
        return Column(column.index, column.heading, column.target, stated)
    only: dict[DecimalMark, tuple[str, Row]] = {}
    open_cells: list[tuple[str, Row]] = []
    for figure, row in _figures(column, rows):
        if figure.point is None:
            only.setdefault("comma", (figure.text, row))
        elif figure.comma is None:
            only.setdefault("point", (figure.text, row))
        elif figure.is_ambiguous:
            open_cells.append((figure.text, row))
    if len(only) == 2:
        (comma, first), (point, second) = only["comma"], only["point"]
        what = (
            f"{comma!r} in row {first.number} has a decimal comma, {point!r} in row {second.number} a point"
        )
        return MarkQuestion(what, max(first, second, key=lambda row: row.number))
    if open_cells and not only:
        text, row = open_cells[0]
        found = read_figure(text)
        more = f" ({len(open_cells)} cells of this kind)" if len(open_cells) > 1 else ""
        what = f"is {text} here {found.comma:f} or {found.point:f}? Nothing in the column tells{more}"
        return MarkQuestion(what, row)
    return Column(column.index, column.heading, column.target, next(iter(only), None))


def _figures(column: Column, rows: Iterable[Row]) -> Iterator[tuple[Figure, Row]]:
    """The numbers that stand in a column as text."""
    known: dict[str, Figure | None] = {}
    for row in rows:
        cell = column.cell(row)
        if not isinstance(cell, str) or not cell:
            continue
        if cell not in known:
            try:
                known[cell] = read_figure(cell)
            except UnreadableNumber:
                known[cell] = None
        figure = known[cell]
        if figure is not None:
            yield figure, row


_KNOWN_LEVELS: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}


def levels_by_word(spec: FactSpec) -> Mapping[str, str]:
    """Every word that states a level of a fact: the levels themselves, and translations that mean only one."""
    key = spec.id, spec.levels
    if key not in _KNOWN_LEVELS:
        _KNOWN_LEVELS[key] = _levels_by_word(spec)
    return _KNOWN_LEVELS[key]


def _levels_by_word(spec: FactSpec) -> dict[str, str]:
    meant: dict[str, set[str]] = {}
    for level in spec.levels:
        for words in level_words().get(level, {}).values():
            for word in words:
                meant.setdefault(fold(word), set()).add(level)
    found = {word: next(iter(levels)) for word, levels in meant.items() if len(levels) == 1}
    for level in spec.levels:
        found |= {
            fold(level): level,
            fold(level.replace("_", " ")): level,
            fold(level.replace("_", "-")): level,
        }
    return found


def shown_whole(cell: Cell) -> str:
    """A cell as text, not shortened; what stands in a number cell is a name like any other."""
    if isinstance(cell, Figure):
        return cell.text
    return cell if isinstance(cell, str) else shown(cell)


def _truth(cell: Cell) -> bool:
    truth = cell if isinstance(cell, bool) else parse_truth(shown_whole(cell))
    if truth is None:
        raise UnreadableCell(f"{shown(cell)!r} is neither true nor false", "Write yes, no or unknown.")
    return truth


def _plain(value: Decimal) -> int | float:
    """The number as a client file would state it; floats keep 15 digits exactly, which is all a sheet has."""
    return int(value) if value == value.to_integral() else float(value)


def _lowered(message: str) -> str:
    return message.rstrip(".")
