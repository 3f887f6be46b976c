"""Conditions as patterns that experta's network matches against working memory; tests nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Any as Anything
from typing import TypeAlias

from tactician.facts.vocabulary import Value
from tactician.inference.forward_experta import NOT, InitialFact, L, P, W
from tactician.inference.forward_memory import FactClasses, WorkingFact, field_name
from tactician.knowledge.conditions import Test

Pattern: TypeAlias = WorkingFact | NOT
Constraint: TypeAlias = L | P | W

UNKNOWN = "unknown"
"""An operator of our own, for a test that a fact has no value: what `known` becomes when it is refuted."""

MIRRORED: dict[str, Callable[[float, float], bool]] = {
    "==": eq, "!=": ne, ">=": le, "<=": ge, ">": lt, "<": gt,
}  # fmt: skip
"""The comparison with its sides exchanged, so that the constant can be bound first."""


class Patterns:
    """One pattern object for each distinct test, so that the network is shared by all rules that put it."""

    def __init__(self, classes: FactClasses) -> None:
        self._classes = classes
        self._made: dict[object, Anything] = {}
        self.initial: Pattern = InitialFact()

    def known(self, fact: str) -> Pattern:
        """That a fact has a value."""
        return self._once(("known", fact), self._classes.value[fact])

    def absent(self, fact: str) -> Pattern:
        """That a fact has no value: for facts that are settled when the rule is looked at."""
        return self._once(("absent", fact), lambda: NOT(self.known(fact)))

    def bound(self, fact: str) -> Pattern:
        """That a fact has a value, which is bound to its name."""
        return self._once(("bound", fact), lambda: binding(self._classes.value[fact], fact))

    def test(self, test: Test) -> Pattern:
        """That a fact is known and passes a test, or has no value where the test is for that."""
        if test.op == UNKNOWN:
            return self.absent(test.fact)
        key = (test.fact, test.op, test.values) if test.allowed is None else (test.fact, test.allowed)
        return self._once(key, lambda: self._classes.value[test.fact](value=constraint(test)))

    def item(self, kind: str, where: Iterable[Test]) -> Pattern:
        """An item of a kind that passes every test."""
        tests = tuple(where)
        return self._once(("item", kind, tests), lambda: self._item(kind, tests, or_unknown=False))

    def no_item(self, kind: str, where: Iterable[Test]) -> tuple[Pattern, Pattern]:
        """That the list of a kind is given and has no item that passes or, for want of attributes, may pass."""
        tests = tuple(where)
        return (
            self._once(("list", kind), self._classes.list[kind]),
            self._once(("no", kind, tests), lambda: NOT(self._item(kind, tests, or_unknown=True))),
        )

    def _item(self, kind: str, tests: tuple[Test, ...], *, or_unknown: bool) -> WorkingFact:
        passing: dict[str, frozenset[Value | None]] = {}
        for test in tests:
            assert test.allowed is not None  # the loader allows no numbers as attributes of items
            allowed = frozenset[Value | None]((*test.allowed, None) if or_unknown else test.allowed)
            passing[test.fact] = passing.get(test.fact, allowed) & allowed
        fields = {
            field_name(attribute): self._once(("one of", values), partial(one_of, values))
            for attribute, values in passing.items()
        }
        pattern: WorkingFact = self._classes.item[kind].from_iter(fields.items())
        return pattern

    def _once(self, key: object, make: Callable[[], Anything]) -> Anything:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


def binding(fact_class: type[WorkingFact], name: str) -> WorkingFact:
    """A pattern that binds the value of any fact of a class to a name."""
    return fact_class(value=W(name))


def constraint(test: Test) -> Constraint:
    """What a value must be to pass a test: a literal where only one passes."""
    if test.allowed is not None:
        return one_of(frozenset(test.allowed))
    constants = [float(value) for value in test.values]
    if test.op == "==":
        return L(constants[0])
    if test.op in MIRRORED:
        return P(partial(MIRRORED[test.op], constants[0]))
    low, high = constants
    inside = test.op == "between"
    return P(lambda value: (low <= value <= high) is inside)


def one_of(passing: frozenset[Value | None]) -> Constraint:
    """A literal for one value, else a predicate that knows them all."""
    return L(next(iter(passing))) if len(passing) == 1 else P(passing.__contains__)
