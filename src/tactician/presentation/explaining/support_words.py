"""Words for what a conclusion rests on: answers, items, and derived facts with what is behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tactician.advice.support import Answer, Derived, Listed, Support
from tactician.facts.client import Client, Item
from tactician.facts.vocabulary import LIST_OF, FactSpec, Value
from tactician.knowledge.expressions import Expression, Fact, Number, Operation
from tactician.knowledge.rules import Evidence, Rule, Rulebase
from tactician.presentation.condition_words import level_words
from tactician.presentation.page import Node
from tactician.presentation.words import answer, count, label, listed, number, sentence

FULL = 1_000
"""A depth that no justification reaches."""
DEPTHS = {"short": 1, "medium": 2, "full": FULL}
"""Named depths: reasons alone; with the facts they rest on; down to the last answer."""


@dataclass
class Teller:
    """Tells supports to a depth; what was opened once in a segment is not opened again."""

    base: Rulebase
    client: Client
    depth: int
    told: set[str] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether rules are told with everything that is known about them."""
        return self.depth > DEPTHS["medium"]

    def nodes(self, supports: Iterable[Support], level: int = 2, measured: bool = False) -> tuple[Node, ...]:
        """The supports as nodes, if the depth reaches their level; `measured` ones are what a measure read."""
        if level > self.depth:
            return ()
        return tuple(self._node(support, level, measured) for support in supports)

    def _node(self, support: Support, level: int, measured: bool) -> Node:
        match support:
            case Answer(fact, value):
                return Node(f"You said: {self.fact_is(fact, value)}.")
            case Listed(kind, items, True):
                return Node(looked_through(kind, items, measured))
            case Listed(kind, items):
                return Node(f"You listed: {listed([item_words(item, self.full) for item in items])}.")
            case Derived():
                return self._derived(support, level)

    def _derived(self, support: Derived, level: int) -> Node:
        name, conclusion = support.fact.spec.id, support.conclusion
        opening = f"Your answers show: {self.fact_is(name, conclusion.value)}"
        if name in self.told and self.depth > level:
            return Node(f"{opening} (as above).")
        below = self.nodes(support.supports, level + 1, bool(support.fact.measure))
        if below:
            self.told.add(name)
        return Node(f"{opening}{self._because(support)}", below)

    def _because(self, support: Derived) -> str:
        fact = support.fact
        if not self.full:
            return "."
        how = f" = {formula(fact.expression)}" if fact.expression else ""
        rule = f"{support.conclusion.rule}, " if fact.entries else "measured, " if fact.measure else ""
        return f"{how}. {sentence(fact.because)} ({rule}grade {fact.grade}{self._cited(fact.sources)})"

    def fact_is(self, fact: str, value: Value) -> str:
        """A fact with its value: `price sensitivity is high (most compare prices)`."""
        spec = self.base.specs[fact]
        return f"{label(spec)} is {value_words(spec, value, self.client)}"

    def rule_words(self, rule: Rule, segments: str = "") -> str:
        """Why a rule speaks as it does, with what is known about it to the depth."""
        return f"{segments}{sentence(rule.because)} ({self.rule_mark(rule)})"

    def rule_mark(self, rule: Rule) -> str:
        """The id of a rule, with its grade, certainty factor and sources as the depth allows."""
        if self.depth < DEPTHS["medium"]:
            return rule.id
        if not self.full:
            return f"{rule.id}, grade {rule.grade}"
        cf = f", certainty factor {rule.then.cf:+g}" if isinstance(rule.then, Evidence) else ""
        return f"{rule.id}{cf}, grade {rule.grade}{self._cited(rule.sources)}"

    def _cited(self, sources: tuple[str, ...]) -> str:
        found = [self.base.sources[source] for source in sources if source in self.base.sources]
        shown = [f"{source.author} {source.year}".strip() or source.title for source in found]
        return f": {'; '.join(shown)}" if shown else ""


def value_words(spec: FactSpec, value: Value, client: Client) -> str:
    """A value as the owner would say it, a level by its name and what it means."""
    return level_words(spec, value) if isinstance(value, str) else answer(spec, value, client)


def item_words(item: Item, attributes: bool = False) -> str:
    """An item by its text and kind, with its attributes where they are wanted."""
    shown = [f"{name} {level}".replace("_", " ") for name, level in item.attributes.items()]
    return f"“{item.text}” ({', '.join([f'a {item.kind}', *(shown if attributes else ())])})"


def looked_through(kind: str, items: tuple[Item, ...], measured: bool) -> str:
    """That a whole list was looked through, for a measure or in search of something that is not in it."""
    if not items:
        return f"You said that there are no {LIST_OF[kind]}."
    number = count(len(items), kind)
    return f"It counts your {number}." if measured else f"You listed {number}, and none is such."


def formula(expression: Expression) -> str:
    """An expression with facts by their names."""
    match expression:
        case Number(value, name):
            return name.replace("_", " ") if name else number(value, 6)
        case Fact(name):
            return name.partition(".")[2].replace("_", " ")
        case Operation("coalesce", (first, second)):
            return f"{formula(first)}, or else {formula(second)}"
        case Operation("min" | "max" as op, parts):
            word = "smallest" if op == "min" else "largest"
            return f"the {word} of {listed([formula(part) for part in parts])}"
        case Operation(op, (left, right)):
            sign = {"*": "×", "/": "÷", "-": "−"}.get(op, op)
            return f"({formula(left)} {sign} {formula(right)})"
    raise AssertionError(expression)
