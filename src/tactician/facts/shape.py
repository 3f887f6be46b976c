"""The shape of a client file as pydantic models built from the vocabulary: adding a fact needs no Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails, PydanticCustomError

from tactician.facts.parameters import Limits
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, FactSpec, Vocabulary

UNKNOWN = "unknown"
LONGEST_NAME = 64
LONGEST_SEGMENT_NAME = 120
NAME_PATTERN = r"^[^\t\r\n]*[^\s][^\t\r\n]*$"
"""One line that is not blank."""
STRICT = ConfigDict(extra="forbid", strict=True)


def known(value: object) -> object:
    """The value, or None when it is the word for not knowing it."""
    return None if value == UNKNOWN else value


def _whole(value: object) -> object:
    if isinstance(value, float) and not value.is_integer():
        raise PydanticCustomError("whole_number", "not a whole number")
    return value


Name = Annotated[str, Field(max_length=LONGEST_NAME, pattern=NAME_PATTERN)]
SegmentName = Annotated[str, Field(max_length=LONGEST_SEGMENT_NAME, pattern=NAME_PATTERN)]
Text = Annotated[str | None, BeforeValidator(known)]
Share = Annotated[Annotated[float, Field(gt=0, le=1)] | None, BeforeValidator(known)]


class Shape:
    """Tells what is wrong with the shape of client files; built once for a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, limits: Limits) -> None:
        facts = {
            scope: _fields(vocabulary, scope)
            for scope in ("business", "offering", "segment", "link", *ITEM_KINDS)
        }
        link = _model("link", {"item": (Name, ...)} | facts["link"])
        segment = {"name": (SegmentName, ...), "share": (Share, None)} | facts["segment"]
        for kind in ITEM_KINDS:
            fields = {"id": (Name, ...), "text": (Text, None)} | facts[kind]
            if kind == "product":
                fields["addresses"] = (_list_of(link, len(ITEM_KINDS) * limits.items), None)
            segment[LIST_OF[kind]] = (_list_of(_model(kind, fields), limits.items), None)
        one_segment: Any = _model("segment", segment)
        self._client: TypeAdapter[BaseModel] = TypeAdapter(
            _model(
                "client",
                {
                    "client": (Name, ...),
                    "currency": (Text, None),
                    "running": (_list_of(Name, limits.items), None),
                    "business": (_model("business", facts["business"]) | None, None),
                    "offering": (_model("offering", facts["offering"]) | None, None),
                    "segments": (
                        Annotated[list[one_segment], Field(min_length=1, max_length=limits.segments)],
                        ...,
                    ),
                },
            )
        )

    def errors(self, value: object) -> list[ErrorDetails]:
        """Every way in which a value is no client file, in pydantic's terms; empty when there is none."""
        try:
            self._client.validate_python(value)
        except ValidationError as error:
            return error.errors(include_url=False)
        return []


def _fields(vocabulary: Vocabulary, scope: str) -> dict[str, Any]:
    return {spec.name: (_type(spec), None) for spec in vocabulary.of_scope(scope)}


def _type(spec: FactSpec) -> Any:
    """Money is checked against its range in euros, once the currency is known."""
    if spec.is_number:
        bounds: dict[str, Any] = {} if spec.is_money else {"ge": spec.minimum, "le": spec.maximum}
        inner: Any = Annotated[float, Field(allow_inf_nan=False, **bounds)]
        if spec.whole:
            inner = Annotated[inner, BeforeValidator(_whole)]
    else:
        inner = bool if spec.type == "bool" else Literal[spec.levels]
    return Annotated[inner | None, BeforeValidator(known)]


def _list_of(inner: Any, most: int) -> Any:
    return Annotated[Annotated[list[inner], Field(max_length=most)] | None, BeforeValidator(known)]


def _model(name: str, fields: Mapping[str, Any]) -> Any:
    """Fields go by alias, since a fact may have the name of a method of a model."""
    aliased: dict[str, Any] = {
        f"f{n}": (kind, Field(default, alias=key)) for n, (key, (kind, default)) in enumerate(fields.items())
    }
    return create_model(name, __config__=STRICT, **aliased)
