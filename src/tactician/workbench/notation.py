"""Which tests decide about a condition, and the values they met."""

from __future__ import annotations

from collections.abc import Iterable

from tactician.facts.client import Item
from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.presentation.notation import UNSAID, show, show_test, show_value
from tactician.workbench.second_opinion import Truth, View

__all__ = ["decisive", "same", "show", "show_test", "show_truth", "show_value"]


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
