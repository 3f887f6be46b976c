"""Checks the shape of a passage against its model and says in our own words what does not fit."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tactician.errors import did_you_mean
from tactician.knowledge.passages import Passage

Model = TypeVar("Model", bound=BaseModel)

KINDS: Mapping[type, str] = types.MappingProxyType(
    {str: "a text", bool: "a truth", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
)
WANTED = types.MappingProxyType({
    "string_type": "a text belongs here",
    "int_type": "a whole number belongs here",
    "int_from_float": "a whole number belongs here",
    "float_type": "a number belongs here",
    "bool_type": "true or false belongs here",
    "list_type": "a list belongs here",
    "dict_type": "a mapping belongs here",
    "model_type": "a mapping belongs here",
    "finite_number": "a finite number belongs here",
    "greater_than": "this must be above {gt}",
    "greater_than_equal": "this must be at least {ge}",
    "less_than": "this must be below {lt}",
    "less_than_equal": "this must be at most {le}",
    "too_short": "this needs at least {min_length} of them, and has {actual_length}",
    "too_long": "this may have at most {max_length} of them, and has {actual_length}",
    "string_too_short": "this must not be empty",
    "string_too_long": "this is longer than {max_length} characters",
    "literal_error": "{input} is none of {expected}",
    "string_pattern_mismatch": "{input} is not written as it should be",
})  # fmt: skip
PATTERNS = types.MappingProxyType({
    r"^[a-z][a-z0-9_]*$": "Names have small letters, digits and underscores: price_sensitivity.",
    r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$": "Rule ids have capitals, digits and hyphens: FREEMIUM-F1.",
    r"^(https?://\S+)?$": "An address starts with https:// or http://.",
    r"^[A-Z]{3}$": "A currency has three capitals: DKK.",
    r"^\d{4}-\d{2}-\d{2}$": 'A date is written "2025-06-30", in quotes.',
})  # fmt: skip


def fit(model: type[Model], passage: Passage) -> Model | None:
    """The passage as an instance of a model; None, after noting every problem, when it does not fit."""
    try:
        return model.model_validate(passage.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(detail, model, passage)
        return None


def fit_entries(model: type[Model], passage: Passage) -> Iterator[tuple[Passage, Model | None]]:
    """Each entry of a list with its instance, or None where it does not fit; the others are not held up."""
    for entry in passage.entries():
        yield entry, fit(model, entry)


def _report(detail: Mapping[str, Any], model: type[BaseModel], passage: Passage) -> None:
    kind, location = str(detail["type"]), tuple(part for part in detail["loc"] if part != "[key]")
    at = passage.at(*location)
    about_key = location != tuple(detail["loc"])
    if kind == "extra_forbidden":
        known = _keys(model, location[:-1])
        hint = did_you_mean(location[-1], known) or f"Known here: {', '.join(known)}."
        at.refuse(f"there is no key {location[-1]!r} here", hint, key=True)
    elif kind == "missing":
        passage.at(*location[:-1]).refuse(f"{location[-1]!r} is missing")
    else:
        what, hint = _sentence(kind, detail)
        at.refuse(what, hint or _described(model, location), key=about_key)


def _sentence(kind: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    context, given = dict(detail.get("ctx", {})), detail["input"]
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "").replace("True", "true")
        context["expected"] = expected.replace(" or ", ", ")
    shown = str(given).lower() if isinstance(given, bool) else repr(given)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}…"
    what = WANTED.get(kind, "this does not belong here").format(input=shown, **context)
    if kind.endswith("_type"):
        what += f", not {KINDS.get(type(given), 'nothing')}"
    if kind == "string_type" and isinstance(given, bool | int | float):
        return what, f'Put it in quotes: "{given}".'
    if kind == "literal_error":
        return what, did_you_mean(given, context["expected"].split(", "))
    return what, PATTERNS.get(str(context.get("pattern", "")), "")


def _keys(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """The known keys of the mapping at a location inside a model, in their order."""
    return list(_fields(_bare(_annotation(model, location))) or ())


def _described(model: type[BaseModel], location: Sequence[str | int]) -> str:
    """What a value in a list or mapping inside a model is meant to be, where its annotation tells."""
    metadata = getattr(_annotation(model, location), "__metadata__", ())
    return next((told for each in metadata if (told := getattr(each, "description", None))), "")


def _annotation(model: type[BaseModel], location: Sequence[str | int]) -> object:
    found: object = model
    for part in location:
        fields = _fields(found)
        found = fields.get(str(part)) if fields is not None else _inside(found)
    return found


def _fields(kind: object) -> dict[str, object] | None:
    bare = _bare(kind)
    if not (isinstance(bare, type) and issubclass(bare, BaseModel)):
        return None
    return {info.alias or name: info.annotation for name, info in bare.model_fields.items()}


def _bare(kind: object) -> object:
    """An annotation without Annotated and without `| None`."""
    while typing.get_origin(kind) in (typing.Annotated, typing.Union, types.UnionType):
        kind = next(arg for arg in typing.get_args(kind) if arg is not types.NoneType)
    return kind


def _inside(kind: object) -> object:
    """What a list or a mapping holds."""
    return (typing.get_args(_bare(kind)) or (None,))[-1]
