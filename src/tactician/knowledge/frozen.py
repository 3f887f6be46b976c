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


def freeze(rulebase: rules.Rulebase) -> str:
    """The rulebase as JSON text."""
    return json.dumps(_told(rulebase), separators=(",", ":"), ensure_ascii=False)


def thaw(text: str) -> rules.Rulebase:
    """The rulebase in a text that `freeze` wrote; raises ValueError when it is something else."""
    try:
        rulebase = _made(json.loads(text))
    except (TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise ValueError("this is no frozen rulebase") from error
    if not isinstance(rulebase, rules.Rulebase):
        raise ValueError("this is no frozen rulebase")
    return rulebase


def _told(value: object) -> object:
    """A list starts with the number that says what it was; everything else is itself."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _told(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [TUPLE if isinstance(value, tuple) else LIST, *map(_told, value)]
    if isinstance(value, frozenset):
        return [SET, *sorted(value)]
    if isinstance(value, Decimal):
        return [DECIMAL, str(value)]
    assert is_dataclass(value)
    return [NUMBER_OF[type(value)], *(_told(getattr(value, field.name)) for field in fields(value))]


def _made(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _made(inner) for key, inner in told.items()}
    if not isinstance(told, list):
        return told
    kind, *parts = told
    if kind == SET:
        return frozenset(parts)
    if kind == DECIMAL:
        return Decimal(parts[0])
    made = [_made(part) if isinstance(part, list | dict) else part for part in parts]
    if kind == TUPLE:
        return tuple(made)
    return made if kind == LIST else CLASSES[kind - FIRST](*made)
