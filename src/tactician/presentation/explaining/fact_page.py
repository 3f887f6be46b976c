"""Where a fact comes from and what it does, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.advice.fact_explanation import FactExplanation, FactReasons, Tried
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF
from tactician.knowledge.rules import DerivedFact
from tactician.presentation.condition_words import in_words
from tactician.presentation.explaining.support_words import Teller, formula, value_words
from tactician.presentation.explaining.unmet_words import unmet_nodes
from tactician.presentation.notation import show_value
from tactician.presentation.page import Block, Heading, Node, Outline, Text
from tactician.presentation.words import count, label, listed, points, sentence

MOST_USES = 10
ENDING = {True: "This one decides.", False: "Not so.", None: "Nobody knows, so no later one counts."}


def fact_page(explanation: FactExplanation, depth: int) -> Iterator[Block]:
    """The blocks that explain a fact."""
    client = explanation.advice.consultation.client
    yield Heading(f"{label(explanation.spec).capitalize()} of {client.id}", 1)
    yield Text(_what(explanation))
    for reasons in explanation.segments:
        yield from _segment(explanation, reasons, depth)
    yield from _uses(explanation)


def _what(explanation: FactExplanation) -> str:
    spec, derived = explanation.spec, explanation.derived
    if derived is None:
        return f"{spec.question} {sentence(spec.help) if spec.help else ''}".strip()
    way = "It is concluded from other facts"
    if derived.expression is not None:
        way = f"It is computed: {formula(derived.expression)}"
    elif derived.measure:
        way = "It is measured"
    return f"{sentence(way)} {sentence(derived.because)} (grade {derived.grade})"


def _segment(explanation: FactExplanation, reasons: FactReasons, depth: int) -> Iterator[Block]:
    consultation = explanation.advice.consultation
    teller = Teller(consultation.rulebase, consultation.client, depth + 1)
    if len(explanation.segments) > 1:
        yield Heading(reasons.segment)
    if reasons.value is None:
        yield Text(f"{_unknown(teller, explanation.derived, reasons)}")
    elif reasons.support is not None:
        yield Outline(teller.nodes((reasons.support,), 1))
    if reasons.tried:
        tried = tuple(_tried(teller, explanation, each) for each in reasons.tried)
        yield Outline(tried, "The rules, in their order")


def _unknown(teller: Teller, derived: DerivedFact | None, reasons: FactReasons) -> str:
    if derived is None:
        return "You did not say."
    if not reasons.missing:
        return "Nobody knows: it cannot be concluded from what there is."
    names = [
        f"the list of {LIST_OF[fact]}" if fact in ITEM_KINDS else label(teller.base.specs[fact])
        for fact in reasons.missing
    ]
    return f"Nobody knows, for want of {listed(names)}."


def _tried(teller: Teller, explanation: FactExplanation, tried: Tried) -> Node:
    spec = explanation.spec
    value = tried.entry.value
    shown = value_words(spec, value, teller.client) if not isinstance(value, bool) else show_value(value)
    if tried.entry.when is None:
        return Node(f"{tried.entry.rule}: otherwise it is {shown}. This one decides.")
    asked = in_words(tried.entry.when, teller.base.specs, teller.client)
    below = () if tried.unmet is None else unmet_nodes(teller, tried.unmet)
    return Node(f"{tried.entry.rule}: it is {shown} if {asked}. {ENDING[tried.truth]}", below)


def _uses(explanation: FactExplanation) -> Iterator[Block]:
    base = explanation.advice.consultation.rulebase
    yield Heading("What it does")
    if explanation.feeds:
        yield Text(f"{listed([label(base.specs[fact]) for fact in explanation.feeds])}.", "It goes into")
    uses = explanation.uses
    if not uses:
        yield Text("No rule that fired looks at it directly.")
        return
    nodes = tuple(
        Node(
            f"{use.record.record.name}: {sentence(use.rule.because)} ({use.rule.id})", mark=points(use.share)
        )
        for use in uses[:MOST_USES]
    )
    yield Outline(nodes, "Reasons that rest on it, with their points over all segments")
    if len(uses) > MOST_USES:
        yield Text(f"{count(len(uses) - MOST_USES, 'smaller one')} more: see --format json.")
