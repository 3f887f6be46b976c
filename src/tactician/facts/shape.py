"""The shape of a client file, built from the vocabulary: adding a fact needs no Python.

Validated by pydantic's core alone: its models would have to be built first, and a plan would wait for that.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic_core import ErrorDetails, PydanticCustomError, SchemaValidator, ValidationError, core_schema
from pydantic_core.core_schema import CoreSchema

from tactician.facts.parameters import Limits
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

UNKNOWN = "unknown"
LONGEST_NAME = 64
LONGEST_SEGMENT_NAME = 120
NAME_PATTERN = r"^[^\t\r\n]*[^\s][^\t\r\n]*$"
"""One line that is not blank."""
Fields = dict[str, CoreSchema]


class Shape:
    """Tells what is wrong with the shape of client files; built once for a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, limits: Limits) -> None:
        scopes = ("business", "offering", "segment", "link", *ITEM_KINDS)
        facts = {scope: _facts(vocabulary, scope) for scope in scopes}
        link = _mapping({"item": NAME}, facts["link"])
        lists: Fields = {}
        for kind in ITEM_KINDS:
            fields = {"text": TEXT} | facts[kind]
            if kind == "product":
                fields["addresses"] = _known(_list(link, len(ITEM_KINDS) * limits.items))
            lists[LIST_OF[kind]] = _known(_list(_mapping({"id": NAME}, fields), limits.items))
        segment = _mapping({"name": SEGMENT_NAME}, {"share": SHARE} | facts["segment"] | lists)
        client = _mapping(
            {"client": NAME, "segments": _list(segment, limits.segments, least=1)},
            {
                "currency": TEXT,
                "running": _known(_list(NAME, limits.items)),
                "business": core_schema.nullable_schema(_mapping({}, facts["business"])),
                "offering": core_schema.nullable_schema(_mapping({}, facts["offering"])),
            },
        )
        self._client = SchemaValidator(client)

    def errors(self, value: object) -> list[ErrorDetails]:
        """Every way in which a value is no client file, in pydantic's terms; empty when there is none."""
        try:
            self._client.validate_python(value, strict=True)
        except ValidationError as error:
            return error.errors(include_url=False)
        return []


def known(value: object) -> object:
    """The value, or None when it is the word for not knowing it."""
    return None if value == UNKNOWN else value


def _whole(value: object) -> object:
    if isinstance(value, float) and not value.is_integer():
        raise PydanticCustomError("whole_number", "not a whole number")
    return value


def _known(inner: CoreSchema) -> CoreSchema:
    """What may be absent, nothing, or the word for not knowing it."""
    return core_schema.no_info_before_validator_function(known, core_schema.nullable_schema(inner))


def _name(longest: int) -> CoreSchema:
    return core_schema.str_schema(max_length=longest, pattern=NAME_PATTERN)


NAME = _name(LONGEST_NAME)
SEGMENT_NAME = _name(LONGEST_SEGMENT_NAME)
TEXT = _known(core_schema.str_schema())
SHARE = _known(core_schema.float_schema(gt=0, le=1))


def _facts(vocabulary: Vocabulary, scope: str) -> Fields:
    return {spec.name: _known(_value(spec)) for spec in vocabulary.of_scope(scope)}


def _value(spec: FactSpec) -> CoreSchema:
    """Money is checked against its range in euros, once the currency is known."""
    if not spec.is_number:
        return (
            core_schema.bool_schema() if spec.type == "bool" else core_schema.literal_schema([*spec.levels])
        )
    low, high = (None, None) if spec.is_money else (spec.minimum, spec.maximum)
    number = core_schema.float_schema(allow_inf_nan=False, ge=low, le=high)
    return core_schema.no_info_before_validator_function(_whole, number) if spec.whole else number


def _list(inner: CoreSchema, most: int, least: int = 0) -> CoreSchema:
    return core_schema.list_schema(inner, min_length=least, max_length=most)


def _mapping(required: Mapping[str, CoreSchema], optional: Mapping[str, CoreSchema]) -> CoreSchema:
    """A mapping with these keys and no others."""
    field = core_schema.typed_dict_field
    fields = {key: field(inner, required=True) for key, inner in required.items()}
    fields |= {key: field(inner, required=False) for key, inner in optional.items()}
    return core_schema.typed_dict_schema(fields, extra_behavior="forbid")
