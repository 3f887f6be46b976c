"""The meaning of a rulebase, as plainly as it can be said: the model that every engine is measured against.

It goes through every item and every part each time it is asked, knows no stratum and shares no code with the
engines, except for the measures, which are facts to all of them. It remembers only what it concluded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tactician.facts.client import Client, Item, Segment
from tactician.facts.measures import measure
from tactician.facts.vocabulary import Value
from tactician.inference.consultation import Conclusion, Consultation, Firing, SegmentFindings, Witness
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.expressions import Expression, Fact, Number, Operation
from tactician.knowledge.rules import DerivedFact, Rulebase

Truth = bool | None
"""True, false, or None: unknown."""


def consult(client: Client, rulebase: Rulebase) -> Consultation:
    views = [View(client, segment, rulebase) for segment in client.segments]
    return Consultation(client, rulebase, tuple(view.findings() for view in views), "oracle")


@dataclass(frozen=True)
class View:
    """One segment of one client."""

    client: Client
    segment: Segment
    rulebase: Rulebase
    concluded: dict[str, Conclusion | None] = field(default_factory=dict)

    def findings(self) -> SegmentFindings:
        known = {fact.spec.id: self.conclusion(fact) for fact in self.rulebase.derived}
        truths = {rule.id: self.truth(rule.when) for rule in self.rulebase.rules}
        return SegmentFindings(
            {fact: conclusion for fact, conclusion in known.items() if conclusion is not None},
            {
                rule.id: Firing(rule.id, self.weight(rule.when), self.witnesses(rule.when))
                for rule in self.rulebase.rules
                if truths[rule.id] is True
            },
            frozenset(rule.id for rule in self.rulebase.rules if rule.refutable and truths[rule.id] is False),
        )

    def value(self, fact: str) -> Value | None:
        derived = self.rulebase.derived_by_id.get(fact)
        if derived is None:
            return self.segment.facts.get(fact, self.client.facts.get(fact))
        conclusion = self.conclusion(derived)
        return None if conclusion is None else conclusion.value

    def truth(self, element: Element) -> Truth:
        match element:
            case Test(fact):
                return passes(element, self.value(fact))
            case Known(fact):
                return self.value(fact) is not None
            case Some(kind, where):
                items = self.segment.items.get(kind)
                return None if items is None else either(item_truth(item, where) for item in items)
            case No(kind, where):
                return negation(self.truth(Some(kind, where)))
            case All(parts):
                return negation(either(negation(self.truth(part)) for part in parts))
            case Any(parts):
                return either(self.truth(part) for part in parts)

    def weight(self, element: Element) -> int:
        """The item weight of an element that is true."""
        match element:
            case Some(kind, where):
                return max(self.item_weight(item) for item in self.passing(kind, where))
            case All(parts):
                return min((self.weight(part) for part in parts), default=1000)
            case Any(parts):
                return max(self.weight(part) for part in parts if self.truth(part))
        return 1000

    def item_weight(self, item: Item) -> int:
        weight = Decimal(1000)
        for attribute, table in self.rulebase.parameters.item_weights.items():
            kind, name = attribute.split(".")
            if kind == item.kind:
                level = item.attributes.get(name, self.rulebase.vocabulary[attribute].typical)
                weight = (weight * table[str(level)] / 1000).quantize(Decimal(1), ROUND_HALF_UP)
        return int(weight)

    def witnesses(self, element: Element) -> tuple[Witness, ...]:
        found = set(self.seen(element))
        return tuple(sorted(found, key=lambda witness: (witness.fact, str(witness.value))))

    def seen(self, element: Element) -> Iterator[Witness]:
        """What makes a true element true."""
        match element:
            case Test(fact) | Known(fact):
                yield Witness(fact, self.value(fact))
            case Some(kind, where):
                yield from (Witness(kind, item.id) for item in self.passing(kind, where))
            case No(kind):
                yield Witness(kind, None)
            case All(parts) | Any(parts):
                for part in parts:
                    if self.truth(part):
                        yield from self.seen(part)

    def passing(self, kind: str, where: tuple[Test, ...]) -> list[Item]:
        return [item for item in self.segment.items[kind] if item_truth(item, where)]

    def conclusion(self, fact: DerivedFact) -> Conclusion | None:
        if fact.spec.id not in self.concluded:
            self.concluded[fact.spec.id] = self.conclude(fact)
        return self.concluded[fact.spec.id]

    def conclude(self, fact: DerivedFact) -> Conclusion | None:
        name = fact.spec.id
        if fact.measure:
            facts = {**self.client.facts, **self.segment.facts}
            base = self.rulebase
            steps = measure(fact.measure, facts, self.segment, base.vocabulary, base.parameters)
            return None if steps is None else Conclusion(name, steps.value, name, (), steps)
        if fact.expression is not None:
            return self.computation(name, fact.expression)
        return self.decide(fact)

    def computation(self, fact: str, expression: Expression) -> Conclusion | None:
        value = self.compute(expression)
        if value is None:
            return None
        used = sorted({*self.used(expression)})
        return Conclusion(fact, value, fact, tuple(Witness(read, self.value(read)) for read in used))

    def decide(self, fact: DerivedFact) -> Conclusion | None:
        for entry in fact.entries:
            decided = True if entry.when is None else self.truth(entry.when)
            if decided:
                witnesses = self.witnesses(self.rulebase.rule[entry.rule].when)
                return Conclusion(fact.spec.id, entry.value, entry.rule, witnesses)
            if decided is None:
                return None
        return None

    def compute(self, expression: Expression) -> Value | None:
        match expression:
            case Number(value):
                return value
            case Fact(name):
                return self.value(name)
            case Operation("coalesce", (first, second)):
                known = self.compute(first)
                return self.compute(second) if known is None else known
            case Operation(op, parts):
                values = [self.compute(part) for part in parts]
                return None if None in values else calculate(op, values)
        raise AssertionError(expression)

    def used(self, expression: Expression) -> Iterator[str]:
        match expression:
            case Fact(name):
                yield name
            case Operation("coalesce", (Fact(first), Fact(second))):
                yield second if self.value(first) is None else first
            case Operation(_, parts):
                for part in parts:
                    yield from self.used(part)


def negation(truth: Truth) -> Truth:
    return None if truth is None else not truth


def either(truths: Iterator[Truth]) -> Truth:
    found = list(truths)
    return True if True in found else None if None in found else False


def item_truth(item: Item, where: tuple[Test, ...]) -> Truth:
    tests = (passes(test, item.attributes.get(test.fact.split(".")[1])) for test in where)
    return negation(either(negation(truth) for truth in tests))


def passes(test: Test, value: Value | None) -> Truth:
    if value is None:
        return None
    if test.allowed is not None:
        return value in test.allowed
    bounds = test.values
    return {
        "==": value == bounds[0],
        "!=": value != bounds[0],
        ">=": value >= bounds[0],
        "<=": value <= bounds[0],
        ">": value > bounds[0],
        "<": value < bounds[0],
        "between": bounds[0] <= value <= bounds[-1],
        "outside": value < bounds[0] or value > bounds[-1],
    }[test.op]


def calculate(op: str, values: list[float]) -> float:
    if op == "min":
        return min(values)
    if op == "max":
        return max(values)
    left, right = values
    return {"+": left + right, "-": left - right, "*": left * right, "/": left / right if op == "/" else 0.0}[
        op
    ]
