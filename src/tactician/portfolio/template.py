"""The sheets in which a portfolio is written down: empty, or filled with clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.collecting import LISTED
from tactician.portfolio.tables import HELP

Value = str | bool | int | float | None
Document = Mapping[str, Any]
"""A client file as mappings and lists."""

YES_NO = ("yes", "no")
NONE = "none"
CLIENTS, SEGMENTS = "clients", "segments"
FIRST_HELP = f"{HELP}: this row explains the columns; leave a cell empty when nobody knows"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column: its heading, what it asks for, and what can be chosen."""

    heading: str
    help: str
    choices: tuple[str, ...] = ()
    spec: FactSpec | None = None
    refers_to: str = ""
    """The sheet whose first column has the names to choose from."""


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """One sheet and its rows."""

    name: str
    columns: tuple[TemplateColumn, ...]
    rows: tuple[tuple[Value, ...], ...]


def template_sheets(rulebase: Rulebase, documents: Sequence[Document] = ()) -> tuple[TemplateSheet, ...]:
    """The sheets clients, segments, pains, gains, jobs and products, with the rows of some client files."""
    sheets = [
        (CLIENTS, _client_columns(rulebase), _client_rows),
        (SEGMENTS, _segment_columns(rulebase), _segment_rows),
        *((LIST_OF[kind], _item_columns(rulebase, kind), _items_of(kind)) for kind in ITEM_KINDS),
    ]
    return tuple(
        TemplateSheet(name, columns, tuple(_rows(columns, documents, rows_of)))
        for name, columns, rows_of in sheets
    )


def help_row(sheet: TemplateSheet) -> tuple[str, ...]:
    """The row under the headings that explains them."""
    return (FIRST_HELP, *(column.help for column in sheet.columns[1:]))


def _client_columns(rulebase: Rulebase) -> tuple[TemplateColumn, ...]:
    codes = tuple(sorted(rulebase.parameters.rates))
    own = (
        TemplateColumn("client", ""),
        TemplateColumn("currency", "of all amounts of this client; EUR when empty", codes),
        TemplateColumn("running", "what the business already does: names of tactics, with ; between them"),
    )
    facts = [spec for scope in ("business", "offering") for spec in rulebase.vocabulary.of_scope(scope)]
    return (*own, *map(_fact_column, facts))


def _segment_columns(rulebase: Rulebase) -> tuple[TemplateColumn, ...]:
    own = (
        TemplateColumn("client", "", refers_to=CLIENTS),
        TemplateColumn("segment", "what you call these customers; one row for each group of a client"),
        TemplateColumn("share", "of revenue, as a part of 1; all empty means equal parts"),
    )
    lists = (
        TemplateColumn(
            key, f"{NONE} when there are no {key}; empty when nobody knows; else list them", (NONE, LISTED)
        )
        for key in LIST_OF.values()
    )
    return (*own, *map(_fact_column, rulebase.vocabulary.of_scope("segment")), *lists)


def _item_columns(rulebase: Rulebase, kind: str) -> tuple[TemplateColumn, ...]:
    own = (
        TemplateColumn("client", "", refers_to=CLIENTS),
        TemplateColumn("segment", "whose it is; may stay empty when the client has one segment"),
        TemplateColumn("id", f"a short name for this {kind}"),
        TemplateColumn("text", "in your own words"),
    )
    columns = (*own, *map(_fact_column, rulebase.vocabulary.of_scope(kind)))
    if kind != "product":
        return columns
    links = (
        TemplateColumn(f"addresses {column.heading}", column.help, column.choices, column.spec)
        for column in map(_fact_column, rulebase.vocabulary.of_scope("link"))
    )
    told = (
        "the id of a pain, gain or job that it answers; repeat the row with the same id for each further one"
    )
    return (*columns, TemplateColumn("addresses", told), *links)


def _fact_column(spec: FactSpec) -> TemplateColumn:
    if spec.is_number:
        unit = f"{spec.unit}, in the client's currency" if spec.is_money else spec.unit
        return TemplateColumn(spec.name, f"{spec.question} [{unit}]", spec=spec)
    if spec.type == "bool":
        return TemplateColumn(spec.name, spec.question, YES_NO, spec)
    told = "; ".join(f"{level}: {spec.meanings.get(level, '')}".rstrip(": ") for level in spec.levels)
    return TemplateColumn(spec.name, f"{spec.question} {told}", spec.levels, spec)


RowsOf = Callable[[Document], Iterator[Mapping[str, object]]]


def _rows(
    columns: Sequence[TemplateColumn], documents: Sequence[Document], rows_of: RowsOf
) -> Iterator[tuple[Value, ...]]:
    for document in documents:
        for row in rows_of(document):
            yield tuple(_shown(row.get(column.heading)) for column in columns)


def _shown(value: object) -> Value:
    if isinstance(value, bool):
        return YES_NO[0] if value else YES_NO[1]
    return cast(Value, value)


def _client_rows(document: Document) -> Iterator[Mapping[str, object]]:
    running = document.get("running")
    yield {
        "client": document["client"],
        "currency": document.get("currency"),
        "running": None if running is None else "; ".join(running) or NONE,
        **(document.get("business") or {}),
        **(document.get("offering") or {}),
    }


def _segment_rows(document: Document) -> Iterator[Mapping[str, object]]:
    for segment in document["segments"]:
        lists = {key: _marker(segment[key]) for key in LIST_OF.values() if isinstance(segment.get(key), list)}
        stated = {key: value for key, value in segment.items() if key not in LIST_OF.values()}
        yield {"client": document["client"], "segment": segment["name"], **stated, **lists}


def _marker(items: Sequence[object]) -> str:
    return LISTED if items else NONE


def _items_of(kind: str) -> RowsOf:
    def rows(document: Document) -> Iterator[Mapping[str, object]]:
        for segment in document["segments"]:
            items = segment.get(LIST_OF[kind])
            for item in items if isinstance(items, list) else ():
                own = {"client": document["client"], "segment": segment["name"]}
                yield from _item_rows({**own, **item}, item.get("addresses") or [])

    return rows


def _item_rows(
    item: Mapping[str, object], links: Sequence[Mapping[str, object]]
) -> Iterator[Mapping[str, object]]:
    """A row for each link, the first of which also describes the item."""
    stated = {key: value for key, value in item.items() if key != "addresses"}
    if not links:
        yield stated
    named = {key: item[key] for key in ("client", "segment", "id")}
    for number, link in enumerate(links):
        shown = {"addresses": link["item"], **{f"addresses {key}": value for key, value in link.items()}}
        yield {**(stated if number == 0 else named), **shown}
