"""The arithmetic behind a total, step by step, and MYCIN's reading of the same evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tactician.advice import mycin
from tactician.advice.explanation import Explanation, SegmentReasons
from tactician.advice.ranking import Ranked
from tactician.advice.support import Derived, Support
from tactician.facts.canvas_fit import FitMeasure
from tactician.facts.client import MILLION
from tactician.facts.item_weights import FULL
from tactician.facts.value_balance import BalanceMeasure, Side
from tactician.inference.weights import POINT, certainty
from tactician.inference.weights import points as exact
from tactician.presentation.explaining.support_words import formula, value_words
from tactician.presentation.page import Block, Heading, Table, Text
from tactician.presentation.words import label, number, points

MILLI = 1_000
"""Units of 1/1000 point in a point."""


def arithmetic_blocks(explanation: Explanation) -> Iterator[Block]:
    """Every step from certainty factors to the total."""
    yield Heading(f"The arithmetic of {explanation.entry.record.name}")
    yield Text(
        "A certainty factor cf is worth 10 × log10((1 + cf) / (1 - cf)) points, times an item's weight."
    )
    for segment in explanation.segments:
        yield Heading(segment.total.name, 3)
        yield _evidence(segment)
        yield Text(_segment_sum(segment))
        yield from _computed(explanation, segment)
    yield Heading("Over all segments", 3)
    yield Text(_total(explanation.entry))


def _evidence(segment: SegmentReasons) -> Table:
    headers = ("Rule", "cf", "Points of cf", "Item weight", "Points")
    rows = [
        (
            reason.rule.id,
            f"{reason.piece.cf:+g}",
            exact(reason.piece.weight // reason.piece.item_weight, MILLI),
            number(reason.piece.item_weight / FULL, 3),
            exact(reason.piece.weight, POINT),
        )
        for reason in segment.reasons
    ]
    return Table(headers, tuple(rows), frozenset(headers[1:]))


def _segment_sum(segment: SegmentReasons) -> str:
    total = segment.total
    evidence = exact(total.total - total.prior, POINT)
    start = f" to start with {exact(total.prior, POINT)};" if total.prior else ""
    words = f"The reasons add up to {evidence};{start} together {exact(total.total, POINT)}."
    if total.blocked:
        words += " It is ruled out here, so no more than 0 counts."
    share = exact(total.ppm, MILLION)
    return f"{words} Times its share, {share}: {exact(total.share)}."


def _total(entry: Ranked) -> str:
    parts = " + ".join(exact(segment.share) for segment in entry.segments).replace("+ -", "- ")
    tenth = f"{entry.total / 10**13:.4f}"
    return (
        f"{parts} = {exact(entry.total)} points. As a certainty: (10^{tenth} - 1) / (10^{tenth} + 1) = "
        f"{certainty(entry.total):.4f}."
    )


def _computed(explanation: Explanation, segment: SegmentReasons) -> Iterator[Block]:
    """The computed and measured facts that the reasons rest on, each with its own steps."""
    found: dict[str, Derived] = {}
    reached = [support for reason in segment.reasons for support in reason.supports]
    reached += [support for block in segment.blocks for support in block.supports]
    for support in reached:
        _collect(support, found)
    for derived in found.values():
        if isinstance(derived.conclusion.arithmetic, FitMeasure):
            yield from _canvas_fit(derived.conclusion.arithmetic)
        elif isinstance(derived.conclusion.arithmetic, BalanceMeasure):
            yield from _value_balance(derived.conclusion.arithmetic)
        elif derived.fact.expression is not None:
            yield Text(_expression(explanation, derived))


def _collect(support: Support, found: dict[str, Derived]) -> None:
    if isinstance(support, Derived):
        for behind in support.supports:
            _collect(behind, found)
        if not support.fact.entries:
            found.setdefault(support.fact.spec.id, support)


def _expression(explanation: Explanation, derived: Derived) -> str:
    consultation = explanation.advice.consultation
    specs, client = consultation.rulebase.specs, consultation.client
    inputs = [
        f"{label(specs[w.fact])} {value_words(specs[w.fact], w.value, client)}"
        for w in derived.conclusion.witnesses
        if w.value is not None
    ]
    assert derived.fact.expression is not None
    value = value_words(derived.fact.spec, derived.conclusion.value, client)
    name = label(derived.fact.spec).capitalize()
    return f"{name} = {formula(derived.fact.expression)} = {value}, with {', '.join(inputs)}."


def _millionths(value: int) -> str:
    return exact(value, MILLION)


def _canvas_fit(fit: FitMeasure) -> Iterator[Block]:
    yield Text(
        "Fit score, from what is in focus: each link leaves 1 - effect × proof of what was open before it; what is "
        "not open is covered. A kind scores the mean of what it covers, weighted."
    )
    rows = [
        (f"{element.kind} {element.id}", number(element.weight / FULL, 3), str(len(element.links)),
         _millionths(element.coverage), "yes" if element.in_focus else "")
        for element in fit.elements
    ]  # fmt: skip
    headers = ("Item", "Weight", "Links", "Covered", "In focus")
    yield Table(headers, tuple(rows), frozenset(headers[1:4]))
    parts = [
        f"{each.kind} {_millionths(each.score)} × {number(each.weight / FULL, 3)}" for each in fit.categories
    ]
    total = number(sum(each.weight for each in fit.categories) / FULL, 3)
    words = f"({' + '.join(parts)}) / {total} = {_millionths(fit.before_caps)}."
    if fit.left_out:
        words += f" Left out, since no product answers any: {', '.join(fit.left_out)}s."
    if fit.capped_by:
        words += f" Capped at {_millionths(fit.score_millionths)}, for want of {', '.join(fit.capped_by)}."
    yield Text(words)


def _value_balance(balance: BalanceMeasure) -> Iterator[Block]:
    headers = ("Value balance", "Score", "Weight")
    rows = [_side(side) for side in (*balance.benefits, *balance.costs)]
    yield Table(headers, tuple(rows), frozenset(headers[1:]))
    yield Text(
        f"Benefits {_millionths(balance.benefit_millionths)} - sacrifices {_millionths(balance.cost_millionths)} = "
        f"{_millionths(balance.score_millionths)}."
    )


def _side(side: Side) -> tuple[str, str, str]:
    return side.name, str(side.score), _millionths(side.weight)


def mycin_blocks(explanation: Explanation) -> Iterator[Block]:
    """MB, MD and CF of the same evidence, and where the record would rank by them."""
    entry, group = explanation.entry, explanation.group
    yield Heading(f"{entry.record.name} as MYCIN would read it")
    yield Text(
        "Belief grows with each reason for it by cf × (1 - MB), disbelief with each against it by cf × (1 - MD); "
        "CF = MB - MD."
    )
    for reading in mycin.readings(entry):
        yield Heading(reading.segment, 3)
        yield _steps(reading)
        ending = " It is ruled out here, so CF is at most 0." if reading.blocked else ""
        difference = reading.belief - reading.disbelief
        yield Text(f"CF = {reading.belief:.4f} - {reading.disbelief:.4f} = {difference:.4f}.{ending}")
    yield Heading("Over all segments", 3)
    yield Text(_mycin_rank(entry, group))


def _steps(reading: mycin.Reading) -> Table:
    headers = ("Rule", "cf × item weight", "MB", "MD")
    rows = [(s.piece.rule, f"{s.cf:+.3f}", f"{s.belief:.4f}", f"{s.disbelief:.4f}") for s in reading.steps]
    return Table(headers, tuple(rows), frozenset(headers[1:]))


def _mycin_rank(entry: Ranked, group: Sequence[Ranked]) -> str:
    ranks = mycin.ranks(group)
    sure = sum(mycin.certainty(each) >= 0.9 for each in group)
    return (
        f"Weighted with the shares (MYCIN knows none) CF is {mycin.certainty(entry):.4f}: rank {ranks[entry.id]} "
        f"of {len(group)}, against {entry.rank} by points. {sure} of {len(group)} reach 0.9 or more: with many "
        f"reasons CF comes so near to 1 that it hardly tells them apart; points ({points(entry.total)} here) do."
    )
