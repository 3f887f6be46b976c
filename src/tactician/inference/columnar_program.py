"""A Rulebase made ready for columns: every distinct condition numbered, every sum laid out by its terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from tactician.facts.item_weights import FULL
from tactician.knowledge.conditions import All, Any, Element, Known, Some, Test
from tactician.knowledge.rules import GROUPS, Block, Evidence, Record, Rule, Rulebase

Terms = list[tuple[int, int]]
"""A sum by its terms: columns with what each of them counts."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A rule as it bears on one record: the column of its condition, its own number, and its weight."""

    rule: Rule
    column: int
    number: int
    weight: int
    """In 10⁻⁶ point; of a condition over items, in 1/1000 deciban, to be multiplied by the item weight."""


class Conditions:
    """Gives every distinct condition its position; parts come before wholes."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.parts: list[tuple[int, ...]] = []
        self.weighted: list[bool] = []
        """Whether an item may make the condition count less: where it contains a `some`."""
        self._position: dict[Element, int] = {}

    def add(self, element: Element) -> int:
        """The position of an element, given on first sight."""
        known = self._position.get(element)
        if known is not None:
            return known
        parts = tuple(self.add(part) for part in element.parts) if isinstance(element, All | Any) else ()
        position = self._position[element] = len(self.elements)
        self.elements.append(element)
        self.parts.append(parts)
        self.weighted.append(isinstance(element, Some) or any(self.weighted[part] for part in parts))
        return position


class Program:
    """What is computed for every segment, laid out once for a Rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.conditions = Conditions()
        self.records = tuple(_in_order(rulebase))
        self.groups = _spans(self.records)
        """By group: the slice of `records` that is ranked together."""
        self.lists = {
            fact.spec.id: [
                (None if entry.when is None else self.conditions.add(entry.when), entry.value)
                for entry in fact.entries
            ]
            for fact in rulebase.derived
        }
        self.rules = tuple(rule for rule in rulebase.rules if rule.targets)
        """The rules that bear on records."""
        self.columns = self._distinct(self.rules)
        """The positions of their conditions, each once."""
        self.decided = self._distinct(rule for rule in self.rules if rule.expected)
        """The positions of the conditions that priors depend on."""
        self.voices: list[list[Voice]] = [[] for _ in self.records]
        self.blocks: list[list[Voice]] = [[] for _ in self.records]
        self.priors: list[Terms] = [[] for _ in self.records]
        """By record: what each decided condition takes off or adds, in 10⁻⁶ point."""
        self._enter_rules()

    @cached_property
    def reads(self) -> frozenset[str]:
        """The ids of all facts that anything computed looks at."""
        read = set[str]().union(*(fact.reads for fact in self.rulebase.derived))
        for element in self.conditions.elements:
            if isinstance(element, Test | Known):
                read.add(element.fact)
        return frozenset(read)

    def is_weighted(self, voice: Voice) -> bool:
        """Whether the strongest item decides how much the rule counts."""
        return voice.weight != 0 and self.conditions.weighted[self.columns[voice.column]]

    def _distinct(self, rules: Iterable[Rule]) -> list[int]:
        return list(dict.fromkeys(self.conditions.add(rule.when) for rule in rules))

    def _enter_rules(self) -> None:
        column = {position: at for at, position in enumerate(self.columns)}
        decided = {position: at for at, position in enumerate(self.decided)}
        at_record = {record.id: at for at, record in enumerate(self.records)}
        for number, rule in enumerate(self.rules):
            position = self.conditions.add(rule.when)
            unit = 1 if self.conditions.weighted[position] else FULL
            weight = rule.then.weight * unit if isinstance(rule.then, Evidence) else 0
            voice = Voice(rule, column[position], number, weight)
            for target in (at_record[target] for target in rule.targets):
                (self.blocks if isinstance(rule.then, Block) else self.voices)[target].append(voice)
                if rule.expected:
                    self.priors[target].append((decided[position], -rule.expected))
        for voices in self.voices:
            voices.sort(key=_by_strength)


def _by_strength(voice: Voice) -> tuple[int, str]:
    then = voice.rule.then
    return (-abs(then.weight) if isinstance(then, Evidence) else 0), voice.rule.id


def _in_order(rulebase: Rulebase) -> list[Record]:
    """The records by group, and inside it in the order that ends ties."""
    return [
        record
        for group in GROUPS
        for record in sorted(rulebase.group(group), key=lambda record: record.tie_order)
    ]


def _spans(records: tuple[Record, ...]) -> dict[str, slice]:
    sizes = [sum(record.group == group for record in records) for group in GROUPS]
    ends = np.cumsum(sizes).tolist()
    return {group: slice(end - size, end) for group, size, end in zip(GROUPS, sizes, ends, strict=True)}


@lru_cache(maxsize=8)
def program_for(rulebase: Rulebase) -> Program:
    """The program of a Rulebase, kept for the next call."""
    return Program(rulebase)
