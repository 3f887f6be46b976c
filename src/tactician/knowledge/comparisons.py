"""Reads one test, such as `">= high"` or `"between 5 and 10"`, against the type of its fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne

from tactician.errors import did_you_mean
from tactician.facts.vocabulary import FactSpec
from tactician.knowledge.conditions import Known, Test
from tactician.knowledge.fact_entries import outside
from tactician.knowledge.passages import Passage

COMPARE: dict[str, Callable[[object, object], bool]] = {"==": eq, "!=": ne}
ORDER: dict[str, Callable[[int, int], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt}
COMPARISON = re.compile(r"(==|!=|>=|<=|>|<)\s*([^\s=<>!].*)", re.DOTALL)
IN = re.compile(r"in\s*\[(.*)\]", re.DOTALL)
BETWEEN = re.compile(r"between\s+(\S+)\s+and\s+(\S+)")
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
GRAMMAR = 'A test is ">= value" (or == != <= > <), "in [a, b]" or "between a and b".'
MISTAKES: tuple[tuple[str, str], ...] = (
    (r"=[^=<>].*|=", 'Equality is written "== value".'),
    (r"=<.*|=>.*", 'Write "<= value" or ">= value".'),
    (r"not in\b.*", 'Write {not: {the fact: "in [a, b]"}}.'),
    (r"in\b.*", 'A set is written "in [a, b]".'),
    (r"between\b.*", 'A range is written "between 5 and 10".'),
    (r"outside\b.*", 'Write {not: {the fact: "between a and b"}}.'),
)


def read_test(passage: Passage, spec: FactSpec) -> Test | Known | None:
    """The test a passage states about a fact; None, after noting why, when it states none."""
    text = passage.value
    if not isinstance(text, str) or not text.strip():
        _refuse_unquoted(passage)
        return None
    text = text.strip()
    if text == "known":
        return Known(spec.id)
    if match := COMPARISON.fullmatch(text):
        return _comparison(match[1], match[2], spec, passage)
    if match := IN.fullmatch(text):
        return _set(match[1], spec, passage)
    if match := BETWEEN.fullmatch(text):
        return _between(match[1], match[2], spec, passage)
    hint = next((hint for pattern, hint in MISTAKES if re.fullmatch(pattern, text, re.DOTALL)), GRAMMAR)
    if text in (spec.levels or ("true", "false")) or NUMBER.fullmatch(text):
        hint = f'Write "== {text}".'
    passage.refuse(f"{_short(text)} is not a test", hint)
    return None


def _refuse_unquoted(passage: Passage) -> None:
    value = passage.value
    if isinstance(value, list):
        passage.refuse("a list is not a test", f'Put it in quotes: "in [{", ".join(map(str, value))}]".')
    elif isinstance(value, bool | int | float):
        shown = str(value).lower() if isinstance(value, bool) else f"{value:g}"
        passage.refuse(f"{shown} alone is not a test", f'Put it in quotes, with an operator: "== {shown}".')
    elif isinstance(value, dict):
        passage.refuse("a mapping is not a test", GRAMMAR)
    else:
        passage.refuse("the test is empty", 'A test that starts with > must stand in quotes: ">= 5".')


def _comparison(op: str, constant: str, spec: FactSpec, passage: Passage) -> Test | None:
    if spec.is_number:
        number = _number(constant, spec, passage)
        return None if number is None else Test(spec.id, op, (number,))
    if op in ORDER and spec.type != "ordinal":
        passage.refuse(
            f"the values of {spec.id} have no order, so {op} cannot compare them", _without_order(spec)
        )
        return None
    value = _level(constant, spec, passage)
    if value is None:
        return None
    if op in ORDER:
        rank = spec.levels.index(str(value))
        allowed: tuple[str | bool, ...] = tuple(v for i, v in enumerate(spec.levels) if ORDER[op](i, rank))
    else:
        allowed = tuple(v for v in spec.values if COMPARE[op](v, value))
    return Test(spec.id, op, (value,), allowed)


def _set(inside: str, spec: FactSpec, passage: Passage) -> Test | None:
    words = [word.strip() for word in inside.split(",")]
    if spec.is_number:
        numbers = [word for word in words if NUMBER.fullmatch(word)]
        shown = f"between {numbers[0]} and {numbers[-1]}" if len(numbers) > 1 else "between 5 and 10"
        passage.refuse(f"{spec.id} is a number, and in takes levels", f'Write "{shown}".')
        return None
    if spec.type == "bool":
        passage.refuse(f"{spec.id} is true or false, and in takes levels", 'Write "== true" or "== false".')
        return None
    if words == [""]:
        passage.refuse("the set is empty, so this can never hold", f"Levels: {', '.join(spec.levels)}.")
        return None
    levels = [_level(word, spec, passage) for word in words]
    if any(level is None for level in levels):
        return None
    if len(set(levels)) < len(levels):
        passage.refuse("a level is named twice in this set", "Name each once.")
        return None
    allowed = tuple(level for level in spec.levels if level in levels)
    return Test(spec.id, "in", tuple(level for level in levels if level is not None), allowed)


def _between(low: str, high: str, spec: FactSpec, passage: Passage) -> Test | None:
    if not spec.is_number:
        passage.refuse(f"{spec.id} is no number, and between takes numbers", _without_order(spec))
        return None
    a, b = _number(low, spec, passage), _number(high, spec, passage)
    if a is None or b is None:
        return None
    if a > b:
        passage.refuse(f"nothing lies between {a:g} and {b:g}", f'Write "between {b:g} and {a:g}".')
        return None
    return Test(spec.id, "between", (a, b))


def _without_order(spec: FactSpec) -> str:
    if spec.type == "bool":
        return 'Write "== true" or "== false".'
    return f'Name the levels: "in [{", ".join(spec.levels[:2])}]".'


def _number(word: str, spec: FactSpec, passage: Passage) -> float | None:
    if not NUMBER.fullmatch(word):
        passage.refuse(f"{_short(word)} is not a number", f"{spec.id} is a number; write it as 1500 or 0.5.")
        return None
    problem = outside(float(word), spec)
    if problem:
        passage.refuse(problem)
        return None
    return float(word)


def _level(word: str, spec: FactSpec, passage: Passage) -> str | bool | None:
    if spec.type == "bool":
        if word in ("true", "false"):
            return word == "true"
        passage.refuse(f"{_short(word)} is neither true nor false", f"{spec.id} is a bool.")
        return None
    if word in spec.levels:
        return word
    hint = did_you_mean(word, spec.levels) or f"Levels: {', '.join(spec.levels)}."
    passage.refuse(f"{_short(word)} is no level of {spec.id}", hint)
    return None


def _short(text: str) -> str:
    return repr(text) if len(text) <= 60 else f"{text[:57]!r}…"
