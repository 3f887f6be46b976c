"""Conditions and values as a rule writer wrote them, on one line."""

from __future__ import annotations

from collections.abc import Iterable

from tactician.facts.client import Item
from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.workbench.second_opinion import Truth, View

UNSAID = "unknown"


def show_value(value: object) -> str:
    """A value as it is written in YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else UNSAID if value is None else str(value)


def show(element: Element) -> str:
    """A condition on one line, in the words of rule files."""
    match element:
        case Test(fact):
            return f"{fact} {show_test(element)}"
        case Known(fact):
            return f"{fact} known"
        case Some(kind, where) | No(kind, where):
            tests = " and ".join(f"{test.fact.partition('.')[2]} {show_test(test)}" for test in where)
            return f"{'some' if isinstance(element, Some) else 'no'} {kind} where {tests}"
        case All(parts):
            return f"all of ({'; '.join(map(show, parts))})"
        case Any(parts):
            return f"any of ({'; '.join(map(show, parts))})"


def show_test(test: Test) -> str:
    """The operator and the constants of a test."""
    values = [show_value(value) for value in test.values]
    if test.op in ("in", "not in"):
        return f"{test.op} [{', '.join(values)}]"
    return f"{test.op} {' and '.join(values)}"


def decisive(element: Element, view: View) -> str:
    """The tests that make a condition true, false or unknown, each with the value it met."""
    return "; ".join(dict.fromkeys(_told(element, view, view.truth(element))))


def _told(element: Element, view: View, truth: Truth) -> Iterable[str]:
    match element:
        case All(parts) | Any(parts):
            for part in parts:
                if view.truth(part) == truth:
                    yield from _told(part, view, truth)
        case Test(fact) | Known(fact):
            yield f"{show(element)} is {show_truth(truth)} ({fact} is {show_value(view.value(fact))})"
        case Some(kind, where) | No(kind, where):
            met = _items_met(view.segment.items.get(kind), view.passing(kind, where), kind)
            yield f"{show(element)} is {show_truth(truth)} ({met})"


def show_truth(truth: Truth) -> str:
    """`true`, `false` or `unknown`."""
    return UNSAID if truth is None else show_value(truth)


def _items_met(items: tuple[Item, ...] | None, passing: tuple[Item, ...], kind: str) -> str:
    if items is None:
        return f"the {kind}s are unknown"
    if passing:
        return f"{', '.join(item.id for item in passing)} passes"
    return f"none of {len(items)} passes" if items else f"there are no {kind}s"


def same(found: Value | None, expected: object, margin: float) -> bool:
    """Whether a value is the expected one; numbers within the margin."""
    if isinstance(found, float) and isinstance(expected, float):
        return abs(found - expected) <= margin
    return type(found) is type(expected) and found == expected
