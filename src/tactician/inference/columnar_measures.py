"""Canvas fit and value balance of many segments, in the same whole numbers as `facts.measures`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tactician.facts.canvas_fit import CATEGORIES, FOCUS, REQUIRED
from tactician.facts.client import MILLION
from tactician.facts.parameters import Parameters
from tactician.facts.value_balance import BENEFITS, COSTS, PRIORITISED
from tactician.inference.columnar_bits import Flags, Rows
from tactician.inference.columnar_facts import Column, Figures, Levels, Numbers, encoded, one_array
from tactician.inference.columnar_items import Integers, Items, quotient

THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What measures look at: facts by id, items by kind, links, and the numbers that weigh them."""

    rows: Rows
    fact: Callable[[str], Column]
    items: Callable[[str], Items]
    """Items of a kind, and of `link`."""
    parameters: Parameters


def measure(name: str, look: Surroundings) -> Numbers:
    """A measure of every segment; NaN where it is unknown."""
    score, known = {"canvas_fit": _canvas_fit, "value_balance": _value_balance}[name](look)
    return np.where(known, score / MILLION, np.nan)


def _value_balance(look: Surroundings) -> tuple[Integers, Flags]:
    numbers = look.parameters.value_balance
    scores = {fact: look.fact(fact) for fact in (*BENEFITS.values(), *(score for score, _ in COSTS.values()))}
    known = np.logical_and.reduce([look.rows.flags(column.known) for column in scores.values()])
    points = {fact: np.where(known, column.values, 0).astype(np.int64) for fact, column in scores.items()
              if isinstance(column, Figures)}  # fmt: skip
    jobs = _prioritised_jobs(look)
    number = np.sum(list(jobs.values()), axis=0)
    benefits = [
        (np.where(number > 0, number + jobs[name], 1), points[fact]) for name, fact in BENEFITS.items()
    ]
    costs = [(_felt(look, fact), points[score]) for score, fact in COSTS.values()]
    return _mean(benefits, numbers.scale) - _mean(costs, numbers.scale), known


def _mean(sides: list[tuple[Integers, Integers]], scale: int) -> Integers:
    weighted = np.sum([weight * score for weight, score in sides], axis=0)
    total = np.sum([weight for weight, _ in sides], axis=0)
    return quotient(MILLION * weighted, total * scale)


def _prioritised_jobs(look: Surroundings) -> Mapping[str, Integers]:
    """By kind of benefit: how many jobs of that kind are important, in each segment that lists its jobs."""
    items = look.items("job")
    attribute, level = PRIORITISED
    important = items.levels(attribute) == items.level(attribute, level)
    kinds = items.levels("job.kind")
    return {
        name: np.where(items.given, _counts(items, important & (kinds == items.level("job.kind", name))), 0)
        for name in BENEFITS
    }


def _counts(items: Items, flags: Flags, weights: Integers | None = None) -> Integers:
    """By segment the number, or the summed weights, of these items; exact, since doubles are up to 2⁵³."""
    chosen = None if weights is None else weights[flags]
    return np.bincount(items.at[flags], weights=chosen, minlength=len(items.given)).astype(np.int64)


def _felt(look: Surroundings, fact: str) -> Integers:
    """The weight of a sacrifice by how strongly it is felt."""
    numbers = look.parameters.value_balance
    column = look.fact(fact)
    weights = np.full(look.rows.count, numbers.unknown_cost_weight, dtype=np.int64)
    if isinstance(column, Levels):
        for level, weight in numbers.cost_weights.items():
            if level in column.having:
                weights[look.rows.flags(column.having[level])] = weight
    return weights


@dataclass(frozen=True, slots=True)
class _Category:
    """The items of one kind that are in focus, summed up by segment."""

    present: Flags
    """Where the category counts."""
    score: Integers
    weight: int
    capped: Flags
    """Where a required gain in focus is covered too little."""


def _canvas_fit(look: Surroundings) -> tuple[Integers, Flags]:
    given = np.logical_and.reduce([look.items(kind).given for kind in (*CATEGORIES, "product")])
    categories = [_category(kind, look) for kind in CATEGORIES]
    weight = np.sum([np.where(each.present, each.weight, 0) for each in categories], axis=0)
    summed = np.sum([np.where(each.present, each.weight * each.score, 0) for each in categories], axis=0)
    fit = quotient(summed, np.maximum(weight, 1))
    capped = np.logical_or.reduce([each.capped for each in categories])
    cap = look.parameters.canvas_fit.required_gain_cap * THOUSAND
    return np.where(capped, np.minimum(fit, cap), fit), given & (weight > 0)


def _category(kind: str, look: Surroundings) -> _Category:
    numbers = look.parameters.canvas_fit
    items = look.items(kind)
    coverage, linked = _coverage(items, look)
    focus = _focus(items, numbers.focus_limit)
    weight = _counts(items, focus, items.weights)
    covered = _counts(items, focus, items.weights * coverage)
    present = _counts(items, linked if kind == "job" else np.ones_like(linked)) > 0
    lacking = np.zeros_like(present)
    if REQUIRED[0].startswith(f"{kind}."):
        required = items.levels(REQUIRED[0]) == items.level(*REQUIRED)
        short = coverage < numbers.required_gain_coverage * THOUSAND
        lacking[items.at[focus & required & short]] = True
    return _Category(
        present, quotient(covered, np.maximum(weight, 1)), numbers.category_weights[kind], lacking
    )


def _focus(items: Items, limit: int) -> Flags:
    """The focal items of each segment, heaviest first, up to the limit; where none is focal, the heaviest item."""
    attribute, least = FOCUS[items.kind]
    focal = items.levels(attribute) >= items.level(attribute, least)
    order = np.lexsort((-items.weights, ~focal, items.at))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.searchsorted(items.at, items.at)
    return (place == 0) | (focal & (place < limit))


def _coverage(items: Items, look: Surroundings) -> tuple[Integers, Flags]:
    """How far each item is covered, in millionths, and whether any link addresses it."""
    numbers = look.parameters.canvas_fit
    links = look.items("link")
    kinds, names = encoded(one_array(links.table.column("kind")))
    these = np.flatnonzero(kinds == (names.index(items.kind) if items.kind in names else -1))
    number = one_array(links.table.column("item")).to_numpy()[these]
    target = np.searchsorted(items.at, links.at[these]) + number
    effect = (_factor(links, "link.relevance", numbers.effect) * _factor(links, "link.proof", numbers.proof))[
        these
    ]
    order = np.argsort(target, kind="stable")
    target, effect = target[order], effect[order]
    left = np.full(len(items.at), MILLION, dtype=np.int64)
    turn = np.arange(len(target)) - np.searchsorted(target, target)
    for now in range(turn.max(initial=-1) + 1):
        at = target[turn == now]
        left[at] = quotient(left[at] * (MILLION - effect[turn == now]), np.int64(MILLION))
    linked = np.zeros(len(left), dtype=np.bool_)
    linked[target] = True
    return MILLION - left, linked


def _factor(links: Items, attribute: str, table: Mapping[str, int]) -> Integers:
    """By link: the number that its level of an attribute stands for, the typical level where none is stated."""
    return np.array([table[level] for level in links.vocabulary[attribute].levels])[links.levels(attribute)]
