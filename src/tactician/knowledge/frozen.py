"""Writes a Rulebase as JSON and reads it back: only its own classes, and nothing that could run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from tactician.errors import Place
from tactician.facts.parameters import CanvasFit, Limits, Parameters, PlanNumbers, ValueBalance
from tactician.facts.vocabulary import Band, FactSpec, Vocabulary
from tactician.knowledge import conditions, expressions, rules

TUPLE, LIST, SET, DECIMAL = range(4)
CLASSES: tuple[type[Any], ...] = (
    Place, CanvasFit, Limits, Parameters, PlanNumbers, ValueBalance, Band, FactSpec, Vocabulary,
    conditions.Test, conditions.Known, conditions.Some, conditions.No, conditions.All, conditions.Any,
    expressions.Number, expressions.Fact, expressions.Operation,
    rules.Evidence, rules.Block, rules.Warn, rules.Prepare, rules.Conclude, rules.Rule, rules.Entry,
    rules.DerivedFact, rules.Conflict, rules.Cost, rules.Record, rules.Source, rules.Rulebase,
)  # fmt: skip
"""Everything a Rulebase is made of, besides texts, numbers, truths, mappings and lists."""
FIRST = DECIMAL + 1
NUMBER_OF = {kind: number for number, kind in enumerate(CLASSES, start=FIRST)}


Told = list[object] | dict[str, object]
"""A number that says what it is, and its parts; of a mapping the parts by key. A part `[n]` is told in place n."""


def freeze(rulebase: rules.Rulebase) -> str:
    """The rulebase as JSON text."""
    writer = _Writer()
    writer.part(rulebase)
    return json.dumps(writer.told, separators=(",", ":"), ensure_ascii=False)


def thaw(text: str) -> rules.Rulebase:
    """The rulebase in a text that `freeze` wrote; raises ValueError when it is something else."""
    made: list[Any] = []
    try:
        for told in json.loads(text):
            made.append(_made(told, made))
        rulebase = made[-1]
    except (TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise ValueError("this is no frozen rulebase") from error
    if not isinstance(rulebase, rules.Rulebase):
        raise ValueError("this is no frozen rulebase")
    return rulebase


class _Writer:
    """Tells every value after its parts, and equal ones once: conditions come up in many rules."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.places: dict[str, int] = {}

    def part(self, value: object) -> object:
        """A plain value as it is; of any other, where it is told."""
        if value is None or isinstance(value, str | bool | int | float):
            return value
        told = self.tell(value)
        place = self.places.setdefault(json.dumps(told), len(self.told))
        if place == len(self.told):
            self.told.append(told)
        return [place]

    def tell(self, value: object) -> Told:
        if isinstance(value, Mapping):
            return {str(key): self.part(inner) for key, inner in value.items()}
        if isinstance(value, tuple | list):
            return [TUPLE if isinstance(value, tuple) else LIST, *map(self.part, value)]
        if isinstance(value, frozenset):
            return [SET, *sorted(value)]
        if isinstance(value, Decimal):
            return [DECIMAL, str(value)]
        assert is_dataclass(value)
        return [NUMBER_OF[type(value)], *(self.part(getattr(value, field.name)) for field in fields(value))]


def _made(told: Any, made: list[Any]) -> Any:
    if isinstance(told, dict):
        return {key: made[part[0]] if type(part) is list else part for key, part in told.items()}
    kind, *parts = [made[part[0]] if type(part) is list else part for part in told]
    if kind >= FIRST:
        return CLASSES[kind - FIRST](*parts)
    if kind == TUPLE:
        return tuple(parts)
    if kind == SET:
        return frozenset(parts)
    return parts if kind == LIST else Decimal(parts[0])
