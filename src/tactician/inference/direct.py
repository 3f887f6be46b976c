"""The direct engine: Kleene's three-valued logic over bits, thousands of consultations a second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from tactician.errors import LimitExceeded
from tactician.facts.client import Client, Item, Segment
from tactician.facts.item_weights import FULL, item_weight
from tactician.facts.measures import measure
from tactician.facts.vocabulary import Value
from tactician.inference.arithmetic import evaluate, inputs_used
from tactician.inference.consultation import (
    Conclusion,
    Consultation,
    Firing,
    SegmentFindings,
    Witness,
    in_order,
)
from tactician.inference.settling import conjunctions, stages, weighted
from tactician.inference.truth_table import Composite, ConditionBits
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.knowledge.expressions import Expression
from tactician.knowledge.rules import Block, DerivedFact, Evidence, Rule, Rulebase


@dataclass(slots=True)
class Look:
    """What the items of a kind settle."""

    true: int = 0
    false: int = 0
    passed: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    """By the position of a `some`: the items that pass."""
    weights: dict[int, int] = field(default_factory=dict)
    """By the position of a `some` over weighing items: its strongest item."""


@dataclass(slots=True)
class State:
    """Everything settled about one segment: facts, the true and the false bits, and the items looked at."""

    client: Client
    segment: Segment
    values: dict[str, Value]
    true: int = 0
    false: int = 0
    passed: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    """By the position of a `some`: the items that pass."""
    weights: dict[int, int] = field(default_factory=dict)
    """By the position of a `some` over weighing items: its strongest item."""
    conclusions: dict[str, Conclusion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """One record in one segment: its total in 10⁻⁶ point, prior included, and whether a block is true."""

    total: int
    prior: int
    blocked: bool


class DirectEngine:
    """A Rulebase compiled to bits. It holds no state of any client."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        values_of = {spec.id: spec.values for spec in rulebase.specs.values() if not spec.is_number}
        self.bits = ConditionBits(values_of)
        self.position = {rule.id: self.bits.add(rule.when) for rule in rulebase.rules}
        self.lists = {
            fact.spec.id: [(None if e.when is None else self.bits.add(e.when), e) for e in fact.entries]
            for fact in rulebase.derived
        }
        self.bits.close()
        self.stages = stages(self.bits, rulebase)
        self.weighted = weighted(self.bits)
        self._spoken = [rule for rule in rulebase.rules if rule.targets]

    def settle(self, client: Client, index: int) -> State:
        """Everything that follows from the facts of one segment."""
        segment = client.segments[index]
        state = State(client, segment, {**client.facts, **segment.facts})
        for kind, items in segment.items.items():
            look = self.look_at(kind, items)
            state.true |= look.true
            state.false |= look.false
            state.passed |= look.passed
            state.weights |= look.weights
        stated = (fact for fact in self.bits.facts if fact not in self.rulebase.derived_by_id)
        self._enter(state, stated)
        for derived, composites in self.stages:
            for fact in derived:
                self._conclude(state, fact)
            self._enter(state, (fact.spec.id for fact in derived))
            _combine(state, composites)
        return state

    def _enter(self, state: State, facts: Iterable[str]) -> None:
        for fact in facts:
            table = self.bits.facts.get(fact)
            if table is not None:
                true, false = table.bits(state.values.get(fact))
                state.true |= true
                state.false |= false

    def look_at(self, kind: str, items: tuple[Item, ...]) -> Look:
        """What items answer to every `some` and `no` over their kind."""
        look, table = Look(), self.bits.items.get(kind)
        if table is None:
            return look
        looked = [(item, *table.item_bits(item)) for item in items]
        weights = {id(item): self._item_weight(item) for item in items}
        for element in table.elements:
            passed = tuple(item for item, true, _ in looked if true & element.where == element.where)
            possible = any(not false & element.where for _, _, false in looked)
            if passed and element.is_some:
                position = element.bit.bit_length() - 1
                look.passed[position] = passed
                look.weights[position] = max(weights[id(item)] for item in passed)
            if passed or not possible:
                holds = bool(passed) == element.is_some
                look.true |= element.bit if holds else 0
                look.false |= 0 if holds else element.bit
        return look

    def _item_weight(self, item: Item) -> int:
        return item_weight(item, self.rulebase.vocabulary, self.rulebase.parameters)

    def _conclude(self, state: State, fact: DerivedFact) -> None:
        if fact.measure:
            conclusion = self._measure(state, fact)
        elif fact.expression is not None:
            conclusion = _compute(state, fact.spec.id, fact.expression)
        else:
            conclusion = self._decide(state, fact.spec.id)
        if conclusion is not None:
            state.values[conclusion.fact] = conclusion.value
            state.conclusions[conclusion.fact] = conclusion

    def _measure(self, state: State, fact: DerivedFact) -> Conclusion | None:
        base = self.rulebase
        result = measure(fact.measure, state.values, state.segment, base.vocabulary, base.parameters)
        return None if result is None else Conclusion(fact.spec.id, result.value, fact.spec.id, (), result)

    def _decide(self, state: State, fact: str) -> Conclusion | None:
        """The first true entry of a decision list; None when an unknown entry comes before it."""
        for position, entry in self.lists[fact]:
            if position is None or state.true >> position & 1:
                # Witnesses are those of the exclusive rule: that earlier entries are false is part of the reason.
                return Conclusion(fact, entry.value, entry.rule, self.witnesses(state, entry.rule))
            if not state.false >> position & 1:
                return None
        return None

    def witnesses(self, state: State, rule: str) -> tuple[Witness, ...]:
        """What in working memory satisfies a rule that is true."""
        position = self.position[rule]
        facts = self._conjunctions.get(position)
        if facts is None:
            return in_order(self._witnesses(state, position))
        return tuple([Witness(fact, state.values[fact]) for fact in facts])

    @cached_property
    def _conjunctions(self) -> dict[int, tuple[str, ...]]:
        return conjunctions(self.bits)

    def _witnesses(self, state: State, position: int) -> Iterator[Witness]:
        match self.bits.elements[position]:
            case Test(fact) | Known(fact):
                yield Witness(fact, state.values[fact])
            case Some(kind):
                for item in state.passed[position]:
                    yield Witness(kind, item.id)
            case No(kind):
                yield Witness(kind, None)
            case All() | Any():
                for part in self.bits.composites[position].parts:
                    if state.true >> part & 1:
                        yield from self._witnesses(state, part)

    def strength(self, state: State, position: int) -> int:
        """The item weight, in thousandths, of a true condition."""
        if position not in self.weighted:
            return FULL
        composite = self.bits.composites.get(position)
        if composite is None:
            return state.weights[position]
        parts = [self.strength(state, part) for part in composite.parts if state.true >> part & 1]
        return min(parts) if composite.is_all else max(parts)

    def truth(self, state: State, rule: str) -> bool | None:
        """Whether a rule's condition is true or false in a settled state; None when it is unknown."""
        return _truth(state, self.position[rule])

    def element_truth(self, state: State, element: Element) -> bool | None:
        """Whether a condition of some rule, or a part of one, is true or false in a settled state."""
        return _truth(state, self.bits.position(element))

    def findings(self, state: State) -> SegmentFindings:
        """The settled state as every engine reports it."""
        fired, refuted = {}, []
        for rule in self.rulebase.rules:
            position = self.position[rule.id]
            if state.true >> position & 1:
                fired[rule.id] = Firing(
                    rule.id, self.strength(state, position), self.witnesses(state, rule.id)
                )
            elif rule.refutable and state.false >> position & 1:
                refuted.append(rule.id)
        self._check_firings(state, len(fired) + len(refuted))
        return SegmentFindings(state.conclusions, fired, frozenset(refuted))

    def _check_firings(self, state: State, firings: int) -> None:
        limit = self.rulebase.parameters.limits.firings_per_rule * len(self.rulebase.rules)
        if firings > limit:
            raise LimitExceeded(
                f"Segment {state.segment.name!r} of {state.client.id!r} needs {firings} firings; "
                f"the limit is {limit}.",
                "Raise limits.firings_per_rule in parameters.yaml.",
            )

    def scores(self, state: State) -> dict[str, Score]:
        """The total of every record in this segment, without building findings."""
        totals = dict.fromkeys(self.rulebase.records, 0)
        priors = dict.fromkeys(self.rulebase.records, 0)
        blocked = set()
        for rule in self._spoken:
            position = self.position[rule.id]
            true = state.true >> position & 1
            if rule.expected and (true or state.false >> position & 1):
                for target in rule.targets:
                    priors[target] -= rule.expected
            if true and isinstance(rule.then, Evidence):
                weight = rule.then.weight * self.strength(state, position)
                for target in rule.then.targets:
                    totals[target] += weight
            elif true and isinstance(rule.then, Block):
                blocked.add(rule.then.target)
        return {name: Score(totals[name] + priors[name], priors[name], name in blocked) for name in totals}

    def contribution(self, state: State, rule: Rule) -> int:
        """What a rule adds to each of its targets in this segment, prior included, in 10⁻⁶ point."""
        position = self.position[rule.id]
        if not state.true >> position & 1:
            return -rule.expected if state.false >> position & 1 else 0
        weight = rule.then.weight if isinstance(rule.then, Evidence) else 0
        return weight * self.strength(state, position) - rule.expected


def _truth(state: State, position: int) -> bool | None:
    return True if state.true >> position & 1 else False if state.false >> position & 1 else None


def _compute(state: State, fact: str, expression: Expression) -> Conclusion | None:
    value = evaluate(expression, state.values)
    if value is None:
        return None
    used = (Witness(each, state.values[each]) for each in inputs_used(expression, state.values))
    return Conclusion(fact, value, fact, in_order(used))


def _combine(state: State, composites: tuple[Composite, ...]) -> None:
    true, false = state.true, state.false
    for composite in composites:
        mask = composite.mask
        if composite.is_all:
            if true & mask == mask:
                true |= composite.bit
            elif false & mask:
                false |= composite.bit
        elif true & mask:
            true |= composite.bit
        elif false & mask == mask:
            false |= composite.bit
    state.true, state.false = true, false


@lru_cache(maxsize=8)
def engine_for(rulebase: Rulebase) -> DirectEngine:
    """The compiled engine of a Rulebase, kept for the next client."""
    return DirectEngine(rulebase)


def consult(client: Client, rulebase: Rulebase) -> Consultation:
    """One run of the direct engine for one client."""
    engine = engine_for(rulebase)
    findings = tuple(engine.findings(engine.settle(client, index)) for index in range(len(client.segments)))
    return Consultation(client, rulebase, findings, "direct")
