"""What an interview works with: a rulebase and how to open an interview, prepared once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, cast

from tactician.facts.item_weights import weighing_attributes
from tactician.facts.reading import ClientReader
from tactician.facts.vocabulary import FactSpec, Value
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.interview.completions import SEED, Completions
from tactician.interview.lane_totals import LaneTotals
from tactician.knowledge.conditions import Element
from tactician.knowledge.rules import Block, Evidence, Record, Rule, Rulebase

COMPLETIONS = 200
FRESH = 1
"""Added to the seed of the completions that decide whether the top three are likely settled.

The others choose the questions, so they would flatter the result.
"""


@dataclass(frozen=True, slots=True)
class Pointless:
    """That some facts make no sense when a condition holds; `value` follows instead, if there is one."""

    facts: tuple[str, ...]
    when: Element
    because: str
    value: Value | None = None


@dataclass(frozen=True)
class Desk:
    """A rulebase, and everything compiled from it."""

    rulebase: Rulebase
    seed: int = SEED
    opening: tuple[str, ...] = field(init=False)
    pointless: tuple[Pointless, ...] = field(init=False)

    def __post_init__(self) -> None:
        stated = cast(Mapping[str, Any], self.rulebase.process.get("interview", {}))
        object.__setattr__(self, "opening", tuple(stated.get("opening", ())))
        object.__setattr__(self, "pointless", tuple(_pointless(each) for each in stated.get("pointless", ())))

    @cached_property
    def reader(self) -> ClientReader:
        """Reads what was said into a client, or says what is wrong with it."""
        base = self.rulebase
        return ClientReader(base.vocabulary, base.parameters, [record.id for record in self.tactics])

    @cached_property
    def engine(self) -> DirectEngine:
        """The direct engine."""
        return engine_for(self.rulebase)

    @cached_property
    def many(self) -> LaneTotals:
        """Totals of the tactics in many completions at once."""
        return LaneTotals(self.rulebase, COMPLETIONS)

    @cached_property
    def completions(self) -> Completions:
        """The completions by which questions are chosen."""
        return Completions(self.rulebase, COMPLETIONS, self.seed)

    @cached_property
    def fresh_completions(self) -> Completions:
        """The completions by which the top three are judged."""
        return Completions(self.rulebase, COMPLETIONS, self.seed + FRESH)

    @cached_property
    def tactics(self) -> tuple[Record, ...]:
        """The tactics, in the order that decides between equal totals."""
        return tuple(sorted(self.rulebase.group("tactics"), key=attrgetter("tie_order")))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of every fact in the vocabulary."""
        return {fact: place for place, fact in enumerate(self.rulebase.vocabulary.facts)}

    @cached_property
    def reasons(self) -> tuple[Rule, ...]:
        """The rules for and against tactics, and those that block them."""
        ids = {record.id for record in self.tactics}
        kinds = Evidence | Block
        return tuple(r for r in self.rulebase.rules if isinstance(r.then, kinds) and ids & set(r.targets))

    def at_once(self, kind: str) -> frozenset[str]:
        """The attributes that are asked for as soon as an item is named: its kind, and what it weighs by."""
        weighing = weighing_attributes(kind, self.rulebase.parameters)
        return frozenset(("kind", *(name.partition(".")[2] for name in weighing)))

    def spec(self, fact: str) -> FactSpec:
        """What a fact or attribute may be."""
        return self.rulebase.vocabulary[fact]

    def top(self, states: Sequence[State], count: int) -> tuple[str, ...]:
        """The ids of the tactics that rank first, as every engine ranks them."""
        scores = [(state.segment.ppm, self.engine.scores(state)) for state in states]
        keys = []
        for place, record in enumerate(self.tactics):
            parts = [(ppm, each[record.id]) for ppm, each in scores]
            total = sum(ppm * (min(0, score.total) if score.blocked else score.total) for ppm, score in parts)
            keys.append((all(score.blocked for _, score in parts), -total, place))
        return tuple(self.tactics[place].id for _, _, place in sorted(keys)[:count])


def _pointless(stated: Mapping[str, Any]) -> Pointless:
    value = stated.get("is")
    return Pointless(tuple(stated["facts"]), stated["when"], stated["because"], value)
