"""The value balance of note 001: what customers feel they get against what they give up for it, step by step.

All arithmetic is on whole numbers, results in millionths, so that every engine finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tactician.facts.client import MILLION, Segment
from tactician.facts.item_weights import Assumed, divide, level_of
from tactician.facts.parameters import Parameters, ValueBalance
from tactician.facts.vocabulary import Value, Vocabulary

BENEFITS = {
    "functional": "segment.benefit_functional",
    "emotional": "segment.benefit_emotional",
    "social": "segment.benefit_social",
}
"""Also the kinds of jobs that make a benefit weigh more."""
COSTS = {
    "economic": ("segment.cost_economic", "segment.price_sensitivity"),
    "time": ("segment.cost_time", "segment.time_pressure"),
    "effort": ("segment.cost_effort", "offering.product_complexity"),
    "risk": ("segment.cost_risk", "segment.perceived_purchase_risk"),
}
"""The score of each sacrifice, and the fact that says how strongly it is felt."""
REPAIR_ORDER = ("risk", "effort", "time", "economic", "functional", "emotional", "social")
"""Among equal needs: sacrifices that are cheap to repair before the price, basics before extras."""
PRIORITISED = ("job.importance", "high")
SOUGHT = (*(("job.kind", kind) for kind in BENEFITS), PRIORITISED)
"""The attributes of which a certain level is looked for."""
ATTRIBUTES = tuple(dict.fromkeys(attribute for attribute, _ in SOUGHT))
"""Everything that is read of items."""


@dataclass(frozen=True, slots=True)
class Side:
    """One benefit or sacrifice: its score in points, and the rest in millionths."""

    name: str
    score: int
    weight: int
    """Its part of all benefits or all sacrifices."""
    need: int
    """How much a repair is needed: the weight times the distance to the target."""
    step: int
    """What one point more of a benefit, or one less of a sacrifice, adds to the balance."""
    weighed_by: tuple[str, ...]
    """For a benefit the ids of its prioritised jobs; for a sacrifice the level that weighs it, if known."""


@dataclass(frozen=True, slots=True)
class BalanceMeasure:
    """The value balance of one segment with every step that led to it, in millionths."""

    benefits: tuple[Side, ...]
    costs: tuple[Side, ...]
    benefit_millionths: int
    cost_millionths: int
    score_millionths: int
    repair_order: tuple[str, ...]
    """What needs repair, the largest need first."""
    assumed: tuple[Assumed, ...]

    @property
    def value(self) -> float:
        """The balance from −1 to 1."""
        return self.score_millionths / MILLION


def value_balance(
    values: Mapping[str, Value], segment: Segment, vocabulary: Vocabulary, parameters: Parameters
) -> BalanceMeasure | None:
    """The value balance of a segment, given the known facts by id; None when one of its seven scores is unknown."""
    scores = [*BENEFITS.values(), *(score for score, _ in COSTS.values())]
    if any(values.get(fact) is None for fact in scores):
        return None
    numbers = parameters.value_balance
    jobs = _prioritised_jobs(segment, vocabulary)
    felt = {name: (str(values[fact]),) if values.get(fact) else () for name, (_, fact) in COSTS.items()}
    benefits = _Sides(
        _benefit_weights(jobs), {name: int(values[fact]) for name, fact in BENEFITS.items()}, numbers.scale
    )
    costs = _Sides(
        _cost_weights(felt, numbers),
        {name: int(values[fact]) for name, (fact, _) in COSTS.items()},
        numbers.scale,
    )
    got = benefits.told(lambda score: (numbers.benefit_target - score, numbers.benefit_target), jobs)
    given = costs.told(lambda score: (score - numbers.cost_target, numbers.scale - numbers.cost_target), felt)
    needs = {side.name: side.need for side in (*got, *given)}
    order = sorted(REPAIR_ORDER, key=lambda name: -needs[name])
    return BalanceMeasure(
        benefits=got,
        costs=given,
        benefit_millionths=benefits.mean,
        cost_millionths=costs.mean,
        score_millionths=benefits.mean - costs.mean,
        repair_order=tuple(name for name in order if needs[name]),
        assumed=_assumed(segment, vocabulary),
    )


def _prioritised_jobs(segment: Segment, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    attribute, level = PRIORITISED
    jobs: dict[str, tuple[str, ...]] = dict.fromkeys(BENEFITS, ())
    for job in segment.items.get("job", ()):
        kind = level_of(job.attributes, "job.kind", vocabulary)
        if kind in jobs and level_of(job.attributes, attribute, vocabulary) == level:
            jobs[kind] += (job.id,)
    return jobs


def _benefit_weights(jobs: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """1 + (jobs of the kind) / (jobs of the three kinds), times the number of jobs; equal without jobs."""
    number = sum(len(ids) for ids in jobs.values())
    return {name: number + len(ids) if number else 1 for name, ids in jobs.items()}


def _cost_weights(felt: Mapping[str, tuple[str, ...]], numbers: ValueBalance) -> dict[str, int]:
    return {
        name: numbers.cost_weights[level[0]] if level else numbers.unknown_cost_weight
        for name, level in felt.items()
    }


@dataclass(frozen=True, slots=True)
class _Sides:
    """All benefits or all sacrifices: whole-numbered weights, which count in relation to each other, and scores."""

    weights: Mapping[str, int]
    scores: Mapping[str, int]
    scale: int

    @property
    def mean(self) -> int:
        """The weighted mean of the scores as a part of the scale: one division, so that it is rounded once."""
        weighted = sum(weight * self.scores[name] for name, weight in self.weights.items())
        return divide(MILLION * weighted, sum(self.weights.values()) * self.scale)

    def told(
        self, distance: Callable[[int], tuple[int, int]], weighed_by: Mapping[str, tuple[str, ...]]
    ) -> tuple[Side, ...]:
        """Each side with its need; `distance` gives how far a score is from its target, and how far it could be."""
        total = sum(self.weights.values())
        sides = []
        for name, weight in self.weights.items():
            off, most = distance(self.scores[name])
            need = divide(MILLION * weight * max(0, off), total * most)
            step = divide(MILLION * weight, total * self.scale)
            sides.append(
                Side(name, self.scores[name], divide(MILLION * weight, total), need, step, weighed_by[name])
            )
        return tuple(sides)


def _assumed(segment: Segment, vocabulary: Vocabulary) -> tuple[Assumed, ...]:
    return tuple(
        Assumed(job.id, name, level_of(job.attributes, attribute, vocabulary))
        for job in segment.items.get("job", ())
        for attribute in ATTRIBUTES
        if (name := attribute.partition(".")[2]) not in job.attributes
    )
