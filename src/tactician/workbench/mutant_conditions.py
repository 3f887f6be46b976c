"""The small mistakes one could make in a condition, each with what it is in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tactician.facts.vocabulary import FactSpec, Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test, negate
from tactician.workbench.notation import show
from tactician.workbench.second_opinion import holds

Variant = tuple[Element, str]
"""A condition with one mistake, and the mistake in words."""
LAX_AND_STRICT = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
PART = 0.1
"""By which part a threshold without bands is moved."""


class Mistakes:
    """Makes mistakes in conditions over some facts."""

    def __init__(self, specs: Mapping[str, FactSpec]) -> None:
        self.specs = specs
        self.values_of = {name: spec.values for name, spec in specs.items() if not spec.is_number}

    def variants(self, element: Element) -> Iterator[Variant]:
        """The condition with one mistake, in every way; no two alike."""
        seen: set[Element] = {element}
        for variant, what in self._variants(element):
            if variant not in seen:
                seen.add(variant)
                yield variant, what

    def _variants(self, element: Element) -> Iterator[Variant]:
        match element:
            case All(parts) | Any(parts):
                yield from self._composite(element, parts)
            case Test():
                for test in self.tests(element):
                    yield test, f"{show(element)} becomes {show(test)}"
            case Some(kind, where) | No(kind, where):
                yield from self._items(element, kind, where)
            case Known():
                return

    def _composite(self, element: All | Any, parts: tuple[Element, ...]) -> Iterator[Variant]:
        same, other = (All, Any) if isinstance(element, All) else (Any, All)
        for at, part in enumerate(parts):
            for variant, what in self._variants(part):
                yield same((*parts[:at], variant, *parts[at + 1 :])), what
            if len(parts) > 1:
                rest = (*parts[:at], *parts[at + 1 :])
                yield rest[0] if len(rest) == 1 else same(rest), f"{show(part)} is dropped"
        if len(parts) > 1:
            word = "any" if isinstance(element, All) else "all"
            yield other(parts), f"{show(element)} becomes {word} of them"

    def _items(self, element: Some | No, kind: str, where: tuple[Test, ...]) -> Iterator[Variant]:
        same, other = (Some, No) if isinstance(element, Some) else (No, Some)
        yield other(kind, where), f"{show(element)} becomes {show(other(kind, where))}"
        for at, test in enumerate(where):
            for variant in self.tests(test):
                changed = same(kind, (*where[:at], variant, *where[at + 1 :]))
                yield changed, f"{show(element)} becomes {show(changed)}"
            if len(where) > 1:
                changed = same(kind, (*where[:at], *where[at + 1 :]))
                yield changed, f"{show(element)} becomes {show(changed)}"

    def tests(self, test: Test) -> Iterator[Test]:
        """The test turned round, made laxer or stricter, and with each constant moved by one step."""
        turned = negate(test, self.values_of)
        assert isinstance(turned, Test)
        yield turned
        spec = self.specs[test.fact]
        if spec.is_number:
            yield from _numeric(test, spec)
            return
        whole = [replace(test, values=values) for values in _levels(test, spec)]
        for changed in whole:
            yield replace(changed, allowed=tuple(v for v in spec.values if holds(changed, v, spec)))


def _numeric(test: Test, spec: FactSpec) -> Iterator[Test]:
    if test.op in LAX_AND_STRICT:
        yield replace(test, op=LAX_AND_STRICT[test.op])
    for at, value in enumerate(map(float, test.values)):
        for moved in _steps(value, spec):
            values = (*test.values[:at], moved, *test.values[at + 1 :])
            if len(values) == 1 or float(values[0]) <= float(values[1]):
                yield replace(test, values=values)


def _steps(value: float, spec: FactSpec) -> Iterator[float]:
    """The bands below and above a threshold, or a tenth less and more."""
    bands = [band.value for band in spec.bands]
    below = [band for band in bands if band < value]
    above = [band for band in bands if band > value]
    if bands:
        yield from (*below[-1:], *above[:1])
        return
    size = abs(value) * PART or PART
    low = value if spec.minimum is None else max(spec.minimum, value - size)
    high = value if spec.maximum is None else min(spec.maximum, value + size)
    yield from (round(moved, 9) for moved in (low, high) if moved != value)


def _levels(test: Test, spec: FactSpec) -> Iterator[tuple[Value, ...]]:
    """The constants of a test of levels, changed by one step."""
    if test.op in ("in", "not in"):
        yield from (
            tuple(v for v in test.values if v != value) for value in test.values if len(test.values) > 1
        )
        yield from ((*test.values, value) for value in spec.values if value not in test.values)
        return
    at = spec.values.index(test.values[0])
    if spec.type == "bool":
        return
    yield from ((spec.values[near],) for near in (at - 1, at + 1) if 0 <= near < len(spec.values))
