"""Conditions and expressions in the language of CLIPS: ordered facts for facts, templates for items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.expressions import Expression, Fact, Number, Operation, facts_of, show
from tactician.presentation.terminal import clean

SCALE = "1000"
"""The weight of a condition without items, in thousandths."""


@dataclass(frozen=True, slots=True)
class Premise:
    """What stands before `=>`: patterns, and the variables that hold the weights of items among them."""

    patterns: tuple[str, ...]
    weights: tuple[str, ...]

    @property
    def weight(self) -> str:
        """The weight of the whole: that of its weakest part."""
        if len(self.weights) < 2:
            return self.weights[0] if self.weights else SCALE
        return f"(min {' '.join(self.weights)})"


@dataclass(frozen=True, slots=True)
class Helper:
    """A condition or a choice that gets rules of its own: `name` is what they conclude, `ways` how."""

    name: str
    stratum: int
    comment: str
    ways: tuple[Premise, ...]


@dataclass
class Conditions:
    """Turns conditions into premises; an `any` becomes a helper, as a conjunction has no place for it."""

    helpers: list[Helper] = field(default_factory=list)
    _names: dict[Element, str] = field(default_factory=dict)

    def premise(self, element: Element, stratum: int) -> Premise:
        """The premise that matches when an element is true, once for each combination of its items."""
        weights: list[str] = []
        fresh = (f"{number}" for number in count(1))
        return Premise(tuple(self._patterns(element, stratum, fresh, weights)), tuple(weights))

    def _patterns(
        self, element: Element, stratum: int, fresh: Iterator[str], weights: list[str]
    ) -> Iterator[str]:
        match element:
            case Test():
                yield f"({element.fact} ?s {_test(element, f'?v{next(fresh)}')})"
            case Known(fact):
                yield f"({fact} ?s ?)"
            case Some(kind, where):
                weights.append(f"?w{next(fresh)}")
                yield f"({kind} (segment ?s) (weight {weights[-1]}) {_slots(where, or_unknown=False)})"
            case No(kind, where):
                yield f"(listed ?s {kind})"
                yield f"(not ({kind} (segment ?s) {_slots(where, or_unknown=True)}))"
            case All(parts):
                for part in parts:
                    yield from self._patterns(part, stratum, fresh, weights)
            case Any():
                weights.append(f"?w{next(fresh)}")
                yield f"({self._helper(element, stratum)} ?s {weights[-1]})"

    def _helper(self, element: Any, stratum: int) -> str:
        """The name of an `any`. Strata rise, so that its first user is its lowest."""
        if element not in self._names:
            ways = tuple(self.premise(part, stratum) for part in element.parts)
            self._names[element] = f"any-{len(self._names) + 1}"
            self.helpers.append(Helper(self._names[element], stratum, "one of several", ways))
        return self._names[element]


def _test(test: Test, variable: str) -> str:
    """The constraint on the value of a fact."""
    if test.allowed is not None:
        return one_of(test.allowed)
    values = [number(float(value)) for value in test.values]
    if test.op in ("between", "outside"):
        inside = f"(<= {values[0]} {variable} {values[1]})"
        return f"{variable}&:{inside if test.op == 'between' else f'(not {inside})'}"
    op = {"==": "=", "!=": "<>"}.get(test.op, test.op)
    return f"{variable}&:({op} {variable} {values[0]})"


def _slots(where: Sequence[Test], *, or_unknown: bool) -> str:
    """The constraints on the attributes of an item; several tests of one attribute are one slot."""
    passing: dict[str, list[Value]] = {}
    for test in where:
        name = test.fact.partition(".")[2]
        allowed = list(test.allowed or ())
        passing[name] = [level for level in passing.get(name, allowed) if level in allowed]
    more: tuple[Value, ...] = ("unknown",) if or_unknown else ()
    return " ".join(f"({name} {one_of((*levels, *more))})" for name, levels in passing.items())


def one_of(values: Sequence[Value]) -> str:
    """A constraint that any of some values satisfies; without values nothing does."""
    return "|".join(map(symbol, values)) or "no-value"


def symbol(value: Value) -> str:
    """A value as CLIPS writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """A float with all its digits, recognisable as one."""
    return repr(float(value))


def text(words: str) -> str:
    """A string, on one line."""
    flat = clean(" ".join(words.split())).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{flat}"'


@dataclass
class Expressions:
    """Turns expressions into a premise that binds their inputs, and a formula over these."""

    helpers: list[Helper] = field(default_factory=list)
    _names: dict[Expression, str] = field(default_factory=dict)

    def compiled(self, expression: Expression, stratum: int) -> tuple[Premise, str]:
        """The premise that matches when all inputs are known, and the formula."""
        variables: dict[str, str] = {}
        formula = self._formula(expression, stratum, variables)
        return Premise(tuple(f"({name} ?s {variable})" for name, variable in variables.items()), ()), formula

    def _formula(self, expression: Expression, stratum: int, variables: dict[str, str]) -> str:
        match expression:
            case Number(value):
                return number(value)
            case Fact(name):
                return variables.setdefault(name, f"?v{len(variables) + 1}")
            case Operation("coalesce"):
                name = self._choice(expression, stratum)
                return variables.setdefault(name, f"?v{len(variables) + 1}")
            case Operation(op, parts):
                return f"({op} {' '.join(self._formula(part, stratum, variables) for part in parts)})"
        raise AssertionError(expression)

    def _choice(self, coalesce: Operation, stratum: int) -> str:
        """The name of a choice: the first fact, or the second when the first is settled as unknown."""
        if coalesce not in self._names:
            first, second = facts_of(coalesce)
            ways = (
                Premise((f"({first} ?s ?v)",), ("?v",)),
                Premise((f"({second} ?s ?v)", f"(not ({first} ?s ?))"), ("?v",)),
            )
            self._names[coalesce] = f"choice-{len(self._names) + 1}"
            self.helpers.append(Helper(self._names[coalesce], stratum, show(coalesce), ways))
        return self._names[coalesce]
