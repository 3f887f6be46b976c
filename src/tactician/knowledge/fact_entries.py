"""Turns the entries of vocabulary.yaml into typed facts, and checks what a type needs and forbids."""

from __future__ import annotations

from collections.abc import Mapping

from tactician.errors import did_you_mean
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF, Band, FactSpec, Value
from tactician.knowledge.files import DerivedShape, FactShape
from tactician.knowledge.passages import Passage

RESERVED: Mapping[str, tuple[str, ...]] = {
    "segment": ("name", "share", *LIST_OF.values()),
    "link": ("item",),
    **dict.fromkeys(ITEM_KINDS, ("id", "text")),
    "product": ("id", "text", "addresses"),
}
"""Keys of a client file that a fact of the scope would hide."""


def fact_spec(shape: FactShape, passage: Passage) -> FactSpec:
    """The fact an entry states; notes what does not hold together."""
    if shape.name in RESERVED.get(shape.scope, ()):
        what = f"{shape.name} already means something else in a client file"
        passage.at("name").refuse(what, "Choose another name.")
    _check_type(shape, passage)
    if shape.type == "number":
        _check_number(shape, passage)
    elif shape.typical is not None:
        check_value(shape.typical, _bare(shape), passage.at("typical"))
    return _full(shape)


def _full(shape: FactShape) -> FactSpec:
    typical: Value | None = shape.typical
    if shape.type == "number" and isinstance(shape.typical, int | float):
        typical = float(shape.typical)
    return FactSpec(
        scope=shape.scope, name=shape.name, type=shape.type, levels=tuple(shape.levels),
        meanings=dict(shape.levels), unit=shape.unit, minimum=shape.min, maximum=shape.max, whole=shape.whole,
        bands=tuple(Band(band.value, band.meaning) for band in shape.bands),
        question=shape.question, help=shape.help, typical=typical, changeable=shape.changeable,
        better=shape.better, answer_for=shape.answer_for, detail=shape.detail,
    )  # fmt: skip


def derived_spec(shape: DerivedShape, passage: Passage) -> FactSpec:
    """The fact a derived entry concludes; its range is what the entry states, until it is worked out."""
    _check_type(shape, passage)
    return _bare(shape)


def _bare(shape: FactShape | DerivedShape) -> FactSpec:
    return FactSpec(
        scope=shape.scope, name=shape.name, type=shape.type, levels=tuple(shape.levels),
        meanings=dict(shape.levels), unit=shape.unit, minimum=shape.min, maximum=shape.max,
        derived=isinstance(shape, DerivedShape),
    )  # fmt: skip


def _check_type(shape: FactShape | DerivedShape, passage: Passage) -> None:
    leveled = shape.type in ("enum", "ordinal")
    if leveled and len(shape.levels) < 2:
        passage.refuse(
            f"an {shape.type} needs at least two levels", "Add levels: {low: meaning, high: meaning}."
        )
    if not leveled and shape.levels:
        passage.at("levels").refuse(
            f"a {shape.type} has no levels", "Use type: ordinal or type: enum.", key=True
        )
    if shape.type == "enum" and isinstance(shape, FactShape) and shape.better:
        passage.at("better").refuse(
            "the levels of an enum have no order", "Leave it out, or use type: ordinal."
        )
    if "unknown" in shape.levels:
        passage.at("levels", "unknown").refuse("unknown is what is not stated, not a level", key=True)
    if shape.type == "number":
        if shape.min is not None and shape.max is not None and shape.min >= shape.max:
            passage.at("max").refuse(
                f"the highest value {shape.max:g} is not above the lowest, {shape.min:g}"
            )
        return
    for key in ("unit", "min", "max", "whole", "bands"):
        if key in shape.model_fields_set:
            passage.at(key).refuse(f"only numbers have {key}, and this is of type {shape.type}", key=True)


def _check_number(shape: FactShape, passage: Passage) -> None:
    spec = _bare(shape)
    if shape.typical is not None:
        check_value(shape.typical, spec, passage.at("typical"))
    values = [band.value for band in shape.bands]
    for number, value in enumerate(values):
        check_value(value, spec, passage.at("bands", number, "value"))
        if number and value <= values[number - 1]:
            what = f"{value:g} does not lie above {values[number - 1]:g}"
            passage.at("bands", number, "value").refuse(what, "Bands rise.")
    if shape.scope in ITEM_KINDS or shape.scope == "link":
        passage.at("type").refuse("attributes of items have levels", "Use type: ordinal or type: enum.")
    elif len(values) < 2:
        passage.refuse("a number needs at least two bands", "They are the choices an owner is offered.")
    if shape.whole and any(value != int(value) for value in values):
        passage.at("bands").refuse("a whole number has whole bands")


def check_value(value: object, spec: FactSpec, passage: Passage) -> Value | None:
    """The value of a fact that a file states, typed; None, after noting why, when it is not legal."""
    if spec.is_number:
        return _check_numeric(value, spec, passage)
    if spec.type == "bool":
        if isinstance(value, bool):
            return value
        passage.refuse(f"{value!r} is neither true nor false", f"{spec.id} is a bool.")
    elif isinstance(value, str) and value in spec.levels:
        return value
    else:
        hint = did_you_mean(value, spec.levels) or f"Levels: {', '.join(spec.levels)}."
        passage.refuse(f"{value!r} is no level of {spec.id}", hint)
    return None


def _check_numeric(value: object, spec: FactSpec, passage: Passage) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        passage.refuse(f"{value!r} is not a number", f"{spec.id} is a number.")
        return None
    problem = outside(float(value), spec)
    if problem:
        passage.refuse(problem)
        return None
    return float(value)


def outside(value: float, spec: FactSpec) -> str:
    """Why a number cannot be a value of a fact; empty when it can."""
    if spec.minimum is not None and value < spec.minimum:
        return f"{value:g} is below the lowest value of {spec.id}, {spec.minimum:g}"
    if spec.maximum is not None and value > spec.maximum:
        return f"{value:g} is above the highest value of {spec.id}, {spec.maximum:g}"
    return ""
