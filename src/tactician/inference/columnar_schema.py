"""What the Parquet tables of clients and of results look like: names and types, and nothing that computes."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

LEVEL = pa.dictionary(pa.int8(), pa.string())
"""Levels are few: they travel as codes with a list of their names."""
NAME = pa.dictionary(pa.int16(), pa.string())
SEGMENT_KEY = (("client", pa.int64()), ("segment", pa.int16()))
ADDRESSED_KINDS = tuple(kind for kind in ITEM_KINDS if kind != "product")
KEYS = {
    "clients": ("client",),
    "segments": ("client", "segment"),
    **{LIST_OF[kind]: ("client", "segment", "number") for kind in ITEM_KINDS},
    "links": ("client", "segment", "product", "number"),
}
"""By table: the columns that name a row, and by which its rows are sorted."""


def fact_type(spec: FactSpec) -> pa.DataType:
    """The type of the column of a fact or an attribute."""
    return pa.float64() if spec.is_number else pa.bool_() if spec.type == "bool" else LEVEL


def fact_columns(vocabulary: Vocabulary) -> tuple[FactSpec, ...]:
    """The facts that the table of segments has a column for: all of a business, its offering and a segment."""
    return tuple(spec for scope in FACT_SCOPES for spec in vocabulary.of_scope(scope))


def client_schemas(vocabulary: Vocabulary) -> Mapping[str, pa.Schema]:
    """The schema of each table of clients, by its name."""
    tables = {
        "clients": [
            ("client", pa.int64()),
            ("id", pa.string()),
            ("currency", pa.string()),
            ("running", pa.list_(pa.string())),
            ("file", pa.string()),
        ],
        "segments": [
            *SEGMENT_KEY,
            ("name", pa.string()),
            ("ppm", pa.int32()),
            *((LIST_OF[kind], pa.bool_()) for kind in ITEM_KINDS),
            *((spec.id, fact_type(spec)) for spec in fact_columns(vocabulary)),
        ],
    }
    for kind in ITEM_KINDS:
        own = ((spec.name, fact_type(spec)) for spec in vocabulary.of_scope(kind))
        tables[LIST_OF[kind]] = [
            *SEGMENT_KEY, ("number", pa.int16()), ("id", pa.string()), ("text", pa.string()), *own
        ]  # fmt: skip
    tables["links"] = [
        *SEGMENT_KEY,
        ("product", pa.int16()),
        ("number", pa.int16()),
        ("kind", LEVEL),
        ("item", pa.int16()),
        *((spec.name, fact_type(spec)) for spec in vocabulary.of_scope("link")),
    ]
    return {name: pa.schema(columns) for name, columns in tables.items()}


PIECE = pa.struct([("segment", pa.int16()), ("rule", NAME), ("weight", pa.int64())])
"""A fired rule's weight for or against a record in one segment, in 10⁻⁶ point."""
BLOCKING = pa.struct([("segment", pa.int16()), ("rule", NAME)])
RESULTS = pa.schema(
    [
        ("client", pa.int64()),
        ("id", pa.dictionary(pa.int32(), pa.string())),
        ("group", LEVEL),
        ("rank", pa.int16()),
        ("record", NAME),
        ("total", pa.int64()),
        ("prior", pa.int64()),
        ("certainty", pa.float64()),
        ("blocked", pa.bool_()),
        ("evidence", pa.list_(PIECE)),
        ("blocks", pa.list_(BLOCKING)),
    ]
)
"""One row for each client, group and rank; total and prior in 10⁻¹² point."""


def plain(kind: pa.DataType) -> pa.DataType:
    """The same type with names in place of codes of names, for those who do not know such codes."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_list(kind):
        return pa.list_(plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, plain(field.type)) for field in kind])
    return kind
