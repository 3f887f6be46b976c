"""Conditions and values as a rule writer wrote them, on one line."""

from __future__ import annotations

from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test

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
