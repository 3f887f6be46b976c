"""Compiles a Rulebase into experta rules: what matches as patterns, what follows as data, salience from strata."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any as Anything
from typing import Self

from tactician.inference.forward_experta import NOT, Rule
from tactician.inference.forward_memory import ChoiceFact, ConditionFact, FactClasses
from tactician.inference.forward_patterns import UNKNOWN, Pattern, Patterns, binding
from tactician.inference.listening import Role
from tactician.knowledge import rules as model
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test, negate
from tactician.knowledge.expressions import Expression, Fact, Operation, facts_of, show


@dataclass(frozen=True, slots=True)
class Fires:
    """The conclusion of a rule of the Rulebase holds."""

    rule: model.Rule


@dataclass(frozen=True, slots=True)
class Refutes:
    """The condition of a rule is false."""

    rule: str


@dataclass(frozen=True, slots=True)
class Holds:
    """A `some` or `any` is true."""

    fact: type[ConditionFact]


@dataclass(frozen=True, slots=True)
class Computes:
    """An expression gives a derived fact its value; its inputs are bound under their names."""

    fact: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Chooses:
    """A `coalesce` takes the value that is bound to the name of a fact."""

    fact: type[ChoiceFact]
    origin: str


LAST = sys.maxsize
"""The phase of everything that is not settled for the sake of another rule in its stratum."""

Action = Fires | Refutes | Holds | Computes | Chooses


class CompiledRule(Rule):  # type: ignore[misc]  # experta has no types
    """An experta rule whose right-hand side is data that the engine carries out."""

    role: Role
    order: int
    """Its place among the rules of equal salience and rank: earlier ones fire first."""
    action: Action
    __hash__ = object.__hash__

    @classmethod
    def of(cls, draft: Draft, salience: int, order: int) -> Self:
        """The rule of a draft."""
        rule: Self = cls(*draft.patterns, salience=salience)
        rule.__name__, rule.role, rule.action, rule.order = draft.name, draft.role, draft.action, order
        return rule

    def __eq__(self, other: object) -> bool:
        return self is other

    def __call__(self, engine: Anything, **bindings: Anything) -> None:
        """Fire: experta calls a rule with its engine and what its patterns bound."""
        engine.carry_out(self, bindings)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule before its salience is known: strata in rising order, inside a stratum phases in rising order."""

    name: str
    role: Role
    patterns: tuple[Pattern, ...]
    action: Action
    stratum: int
    phase: int


class RuleCompiler:
    """Collects the drafts of all rules of one Rulebase."""

    def __init__(self, rulebase: model.Rulebase, classes: FactClasses) -> None:
        self._classes = classes
        self._patterns = Patterns(classes)
        self._values_of = {spec.id: spec.values for spec in rulebase.specs.values() if not spec.is_number}
        self._shared: dict[Element | Operation, Pattern] = {}
        self._drafts: list[Draft] = []
        for rule in sorted(rulebase.rules, key=lambda rule: rule.stratum):
            self._add_rule(rule)
        for fact in sorted(rulebase.derived, key=lambda fact: fact.stratum):
            if fact.expression is not None:
                self._add_expression(fact, fact.expression)

    def rules(self) -> tuple[CompiledRule, ...]:
        """All rules, with the salience that their strata demand."""
        ranks = sorted({(draft.stratum, draft.phase) for draft in self._drafts})
        salience = {rank: -at for at, rank in enumerate(ranks)}
        return tuple(
            CompiledRule.of(draft, salience[draft.stratum, draft.phase], order)
            for order, draft in enumerate(self._drafts)
        )

    def _add(self, name: str, role: Role, patterns: Iterable[Pattern], action: Action, *rank: int) -> None:
        distinct = sorted(dict.fromkeys(patterns), key=lambda pattern: isinstance(pattern, NOT))
        if not distinct or isinstance(distinct[0], NOT):
            distinct.insert(0, self._patterns.initial)
        self._drafts.append(Draft(name, role, tuple(distinct), action, *rank))

    def _add_rule(self, rule: model.Rule) -> None:
        patterns = self._all_of(rule.when, rule.stratum)
        self._add(rule.id, "rule", patterns, Fires(rule), rule.stratum, LAST)
        if rule.refutable:
            for way in alternatives(complement(rule.when, self._values_of)):
                patterns = self._all_of(way, rule.stratum)
                self._add(rule.id, "refutation", patterns, Refutes(rule.id), rule.stratum, LAST)

    def _all_of(self, element: Element, stratum: int) -> Iterator[Pattern]:
        """The patterns that together match when an element is true in a stratum."""
        match element:
            case Test():
                yield self._patterns.test(element)
            case Known(fact):
                yield self._patterns.known(fact)
            case No(kind, where):
                yield from self._patterns.no_item(kind, where)
            case All(parts):
                for part in parts:
                    yield from self._all_of(part, stratum)
            case Some() | Any():
                if element not in self._shared:
                    self._shared[element] = self._settle(element, stratum)
                yield self._shared[element]

    def _settle(self, element: Some | Any, stratum: int) -> Pattern:
        """A rule for each way an element can be true. Strata rise, so that its first user is its lowest."""
        fact = self._classes.condition(element)
        name = f"{type(element).__name__.lower()}-{len(self._shared) + 1}"
        if isinstance(element, Some):
            ways = [[self._patterns.item(element.item, element.where)]]
        else:
            ways = [list(self._all_of(part, stratum)) for part in alternatives(element)]
        for patterns in ways:
            self._add(name, "condition", patterns, Holds(fact), stratum, height(element))
        return fact()

    def _add_expression(self, fact: model.DerivedFact, expression: Expression) -> None:
        inputs: list[Pattern] = []
        chosen = self._bind(expression, fact.stratum, inputs)
        name = fact.spec.id
        self._add(name, "expression", inputs, Computes(name, chosen), fact.stratum, LAST)

    def _bind(self, expression: Expression, stratum: int, inputs: list[Pattern]) -> Expression:
        """The expression with each `coalesce` replaced by what it takes; adds the patterns that bind its inputs."""
        match expression:
            case Fact(name):
                inputs.append(self._patterns.bound(name))
            case Operation("coalesce"):
                if expression not in self._shared:
                    self._shared[expression] = self._choose(expression, stratum)
                inputs.append(self._shared[expression])
                return Fact(show(expression))
            case Operation(op, parts):
                return Operation(op, tuple(self._bind(part, stratum, inputs) for part in parts))
        return expression

    def _choose(self, coalesce: Operation, stratum: int) -> Pattern:
        """Two exclusive rules: the first fact is known, or it is settled as unknown and the second is known."""
        first, second = facts_of(coalesce)
        name = show(coalesce)
        fact = self._classes.choice(name)
        known, other = self._patterns.bound(first), self._patterns.bound(second)
        self._add(name, "choice", [known], Chooses(fact, first), stratum, 0)
        self._add(name, "choice", [other, self._patterns.absent(first)], Chooses(fact, second), stratum, 0)
        return binding(fact, name)


def height(element: Element) -> int:
    """How many conditions deep an element is settled: those inside it come in earlier phases."""
    match element:
        case Some():
            return 1
        case All(parts):
            return max(map(height, parts), default=0)
        case Any(parts):
            return 1 + max(map(height, parts), default=0)
    return 0


def alternatives(element: Element) -> Iterator[Element]:
    """The ways in which an element can be true, each by itself."""
    if isinstance(element, Any):
        for part in element.parts:
            yield from alternatives(part)
    else:
        yield element


def complement(element: Element, values_of: dict[str, tuple[str | bool, ...]]) -> Element:
    """The element that is true exactly when `element` is false. That of `known` is a test for the unknown."""
    match element:
        case Known(fact):
            return Test(fact, UNKNOWN, ())
        case All(parts):
            return Any(tuple(complement(part, values_of) for part in parts))
        case Any(parts):
            return All(tuple(complement(part, values_of) for part in parts))
    return negate(element, values_of)
