"""How much the first three depend on single answers: one step on a scale, and a part of the answers unknown."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from tactician.facts.client import Client
from tactician.facts.steps import steps
from tactician.inference.direct import DirectEngine, engine_for
from tactician.knowledge.rules import Rulebase
from tactician.workbench.calibration.evidence import Expected, Scale, Weighed, weighed
from tactician.workbench.calibration.measures import SEED, TOP

DRAWS = 20
HIDDEN = 10
"""One answer in so many is hidden."""
Answer = tuple[int, str]
"""The segment (-1 for business and offering) and the fact."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """Shares over all changed clients, each case counting alike."""

    answers: float
    """How many answers a case gives that have a step."""
    changed_by_step: float
    """Of the single steps, how many change which tactics are the first three."""
    first_changed_by_step: float
    """… and how many change the first."""
    cases_moved: float
    """Of the cases, how many have at least one step that changes the first three."""
    kept_by_hiding: float
    """Of the first three, how many stay when a tenth of the answers is hidden."""
    first_changed_by_hiding: float
    """Of the draws, how many change the first."""


class Prober:
    """Ranks variations of one client; segments that a variation leaves alone are settled once."""

    def __init__(self, client: Client, rulebase: Rulebase, expected: Expected) -> None:
        self.client = client
        self.scale = Scale(rulebase, expected)
        self.engine: DirectEngine = engine_for(rulebase)
        self.base = [self._weigh(client, index) for index in range(len(client.segments))]
        self.first = self._first(self.base)

    def _weigh(self, client: Client, index: int) -> Weighed:
        return weighed(self.engine, self.engine.settle(client, index), client.segments[index].ppm)

    def _first(self, segments: Sequence[Weighed]) -> tuple[str, ...]:
        return self.scale.ranking("tactics", segments)[:TOP]

    def answers(self) -> Iterator[Answer]:
        """Everything that the client answers with a single value."""
        yield from ((-1, fact) for fact in self.client.facts)
        for index, segment in enumerate(self.client.segments):
            yield from ((index, fact) for fact in segment.facts)

    def after_steps(self) -> Iterator[tuple[str, ...]]:
        """The first three after each single step of each answer."""
        for index, fact in self.answers():
            value = self.client.value(fact, max(index, 0))
            assert value is not None
            for other in steps(self.scale.rulebase.vocabulary[fact], value):
                changed = self.client.with_fact(fact, other, max(index, 0))
                yield self._first(self._again(changed, {index}))

    def after_hiding(self, draw: random.Random) -> tuple[str, ...]:
        """The first three when a tenth of the answers, drawn by chance, is unknown."""
        answers = list(self.answers())
        hidden = draw.sample(answers, max(1, round(len(answers) / HIDDEN)))
        changed = self.client
        for index, fact in hidden:
            changed = changed.with_fact(fact, None, max(index, 0))
        return self._first(self._again(changed, {index for index, _ in hidden}))

    def _again(self, changed: Client, touched: set[int]) -> list[Weighed]:
        return [
            self._weigh(changed, index) if -1 in touched or index in touched else kept
            for index, kept in enumerate(self.base)
        ]


def robustness(
    clients: Mapping[str, Client], rulebase: Rulebase, expected: Mapping[str, Expected]
) -> Robustness:
    """How much the first three of these clients depend on single answers."""
    probers = [Prober(client, rulebase, expected[name]) for name, client in clients.items()]
    stepped = [(prober.first, list(prober.after_steps())) for prober in probers]
    draw = random.Random(SEED)
    hidden = [(prober.first, [prober.after_hiding(draw) for _ in range(DRAWS)]) for prober in probers]
    return Robustness(
        answers=fmean(len(list(prober.answers())) for prober in probers),
        changed_by_step=fmean(_changed(first, others) for first, others in stepped),
        first_changed_by_step=fmean(
            _changed(first[:1], [o[:1] for o in others]) for first, others in stepped
        ),
        cases_moved=fmean(_changed(first, others) > 0 for first, others in stepped),
        kept_by_hiding=fmean(_kept(first, others) for first, others in hidden),
        first_changed_by_hiding=fmean(
            _changed(first[:1], [o[:1] for o in others]) for first, others in hidden
        ),
    )


def _changed(first: Sequence[str], others: Sequence[Sequence[str]]) -> float:
    return fmean(set(other) != set(first) for other in others) if others else 0.0


def _kept(first: Sequence[str], others: Sequence[Sequence[str]]) -> float:
    return fmean(len(set(other) & set(first)) / len(first) for other in others)
