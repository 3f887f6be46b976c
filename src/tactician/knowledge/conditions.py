"""Condition elements: the closed language of `when`, with `not` already pushed to the leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tactician.facts.vocabulary import Value

COMPLEMENT = {
    "==": "!=", "!=": "==", ">=": "<", "<": ">=", "<=": ">", ">": "<=",
    "in": "not in", "not in": "in", "between": "outside", "outside": "between",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Test:
    """One fact against constants. `values` has one entry, two for between/outside, any number for in/not in.

    For facts that are not numbers `allowed` lists the values that pass, in level order; for numbers it is None
    and the engines read `op` and `values`. In `where`, `fact` is the attribute with its scope (`pain.severity`).
    """

    __test__ = False  # for pytest: not a test class
    fact: str
    op: str
    values: tuple[Value, ...]
    allowed: tuple[str | bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """That a fact has a value: two-valued, for warnings and preparation only."""

    fact: str


@dataclass(frozen=True, slots=True)
class Some:
    """That one item of a kind passes every test of `where`."""

    item: str
    where: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class No:
    """That the list of a kind is given and no item passes every test of `where`."""

    item: str
    where: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class All:
    """That every part holds; true when there are none."""

    parts: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """That at least one part holds; false when there are none."""

    parts: tuple[Element, ...]


Leaf = Test | Known | Some | No
Element = Leaf | All | Any


def negate(element: Element, values_of: dict[str, tuple[str | bool, ...]]) -> Element:
    """The element that is true exactly when `element` is false, and unknown when it is unknown.

    `values_of` gives all legal values of each fact that is not a number. `Known` has no negation.
    """
    match element:
        case Test(fact, op, values, allowed):
            rest = None if allowed is None else tuple(v for v in values_of[fact] if v not in allowed)
            return Test(fact, COMPLEMENT[op], values, rest)
        case Some(item, where):
            return No(item, where)
        case No(item, where):
            return Some(item, where)
        case All(parts):
            return Any(tuple(negate(part, values_of) for part in parts))
        case Any(parts):
            return All(tuple(negate(part, values_of) for part in parts))
        case Known(fact):
            raise ValueError(f"known({fact}) cannot be negated")


def conjoin(*elements: Element) -> Element:
    """All of the elements, flattened, without repetitions."""
    parts: dict[Element, None] = {}
    for element in elements:
        for part in element.parts if isinstance(element, All) else (element,):
            parts[part] = None
    return next(iter(parts)) if len(parts) == 1 else All(tuple(parts))


def leaves(element: Element) -> Iterator[Leaf]:
    """The leaves in reading order."""
    if isinstance(element, All | Any):
        for part in element.parts:
            yield from leaves(part)
    else:
        yield element


def facts_read(element: Element) -> frozenset[str]:
    """The ids of the facts an element looks at; an item kind (`pain`) for the lists it looks at."""
    read: set[str] = set()
    for leaf in leaves(element):
        read.add(leaf.fact if isinstance(leaf, Test | Known) else leaf.item)
    return frozenset(read)
