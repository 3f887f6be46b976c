"""What stands behind the plan: the direction, the promise to each group of customers, warnings and preparation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tactician.advice.advise import Advice
from tactician.advice.process import Metric
from tactician.advice.proposition import Fit, Gap, Promise, Proposition
from tactician.facts.client import Client
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF
from tactician.knowledge.rules import Record
from tactician.presentation.page import Block, Bullets, Heading, Text
from tactician.presentation.reasons import for_words
from tactician.presentation.record_words import first_sentence
from tactician.presentation.words import hours, listed, sentence

BLANK = "____"
GAPS = 2
MESSAGES = 2
IN_A_HUNDRED = 10_000
"""Millionths in a hundredth."""
PROOF = {
    "assumed": "nobody has asked customers yet",
    "customers_said": "customers have said so",
    "tested": "what customers did has shown it",
}


def background(advice: Advice) -> Iterator[Block]:
    """Direction, promises, preparation and warnings."""
    yield from _direction(advice)
    yield Heading("What to promise")
    for proposition in advice.propositions:
        yield from _proposition(advice, proposition)
    yield from _process(advice)
    if advice.warnings:
        yield Heading("What may go wrong")
        yield Bullets(tuple(f"{sentence(each.text)} {sentence(each.advice)}" for each in advice.warnings))


def _direction(advice: Advice) -> Iterator[Block]:
    lever = advice.plan.direction
    yield Heading("What to be known for")
    if lever is None:
        yield Text("No lever has more for it than against it: find out first what customers value in you.")
    else:
        yield Text(first_sentence(lever.record.definition), lever.record.name)
        yield Bullets(for_words(advice, lever, 2), "Why")


def _proposition(advice: Advice, proposition: Proposition) -> Iterator[Block]:
    yield Text(promise_words(proposition, advice.consultation.client), f"To {proposition.segment}")
    remarks = [*_fit(advice, proposition.fit), *message_words(proposition)]
    yield Bullets(tuple(sentence(remark) for remark in remarks))


def promise_words(proposition: Proposition, client: Client) -> str:
    """The draft of the promise to a group of customers, or what it takes to draft one."""
    if proposition.promise is None:
        listing = client.segments[client.segment_index(proposition.segment)].items
        lists = [LIST_OF[kind] for kind in ITEM_KINDS if kind not in listing]
        empty = [LIST_OF[kind] for kind in ITEM_KINDS if listing.get(kind) == ()]
        lacking = [
            *([f"you did not list {listed(lists, 'or')}"] if lists else []),
            *([f"you said that there are no {listed(empty, 'or')}"] if empty else []),
        ]
        lacks = f": {listed(lacking)}" if lacking else ""
        return f"A promise needs pains, gains or jobs, and products that answer them{lacks}."
    return _promise(proposition.segment, proposition.promise)


def message_words(proposition: Proposition) -> tuple[str, ...]:
    """What to say to whom, the first things first."""
    return tuple(sentence(message.text) for message in proposition.messages[:MESSAGES])


def _promise(segment: str, promise: Promise) -> str:
    job, pain = promise.job, promise.pain
    product = promise.product.text if promise.product else BLANK
    want = f" who want to get this done: “{job.text}”," if job else ""
    eases = f" takes care of “{pain.text}”" if pain else f" {BLANK}"
    so_that = f" and brings “{promise.gain.text}”" if promise.gain else ""
    proof = PROOF.get(promise.proof or "", BLANK)
    return (
        f"For {segment}{want} “{product}”{eases}{so_that}; unlike {BLANK}, it {BLANK}. "
        f"How we know: {proof}. (A draft: put it in your words and fill the blanks.)"
    )


def _fit(advice: Advice, fit: Fit | None) -> Iterator[str]:
    if fit is None:
        return
    level = advice.consultation.rulebase.specs["segment.fit_level"].meanings.get(str(fit.level), "")
    score = fit.measure.score_millionths // IN_A_HUNDRED
    yield f"The offer answers {score} of 100 of what matters most to them: {level or fit.level}"
    for gap in fit.gaps[:GAPS]:
        yield gap_words(advice, gap)


def gap_words(advice: Advice, gap: Gap) -> str:
    """That an item is answered too little, and what may help."""
    records = advice.consultation.rulebase.records
    ways = [records[record].name for record in gap.suggested if record in records]
    help_with = f"; what may help: {listed(ways, 'or')}" if ways else ""
    return sentence(f"“{gap.item.text}” is answered too little{help_with}")


def _process(advice: Advice) -> Iterator[Block]:
    """What to prepare and validate before money is spent, and what to measure."""
    process, records = advice.process, advice.consultation.rulebase.records
    if process.activities or process.preparation:
        yield Heading("Before you spend money on it")
        yield Bullets(
            tuple(_with_hours(p.step.text, p.step.hours) for p in process.preparation), "What is missing"
        )
        yield Bullets(tuple(_with_hours(a.text, a.hours) for a in process.activities), "In this order")
        yield Bullets(tuple(back.text for back in process.returns))
        yield Bullets(
            tuple(
                f"{sentence(check.text)} {check.check} Here: {listed([records[r].name for r in check.records])}."
                for check in process.checks
                if check.records
            )
        )
    if process.metrics:
        yield Heading("What to measure")
        yield Bullets(metric_words(advice))


def _with_hours(text: str, needed: float) -> str:
    return f"{sentence(text).rstrip('.')} ({hours(needed)})."


def metric_words(advice: Advice) -> tuple[str, ...]:
    """What to measure for the plan, how often, and which value to reach."""
    records = advice.consultation.rulebase.records
    return tuple(_metric(metric, records) for metric in advice.process.metrics)


def _metric(metric: Metric, records: Mapping[str, Record]) -> str:
    often = f"every {metric.months} months" if metric.months else "after each campaign"
    about = listed([records[record].name for record in metric.records])
    return f"{metric.name} ({metric.formula}), {often}; target {metric.target}. For {about}."
