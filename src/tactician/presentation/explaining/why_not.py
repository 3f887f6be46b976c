"""Why a record is not higher: what rules it out, what holds it back, and which rules stay silent and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tactician.advice.explanation import Explanation
from tactician.advice.silence import Lost
from tactician.knowledge.rules import Rule
from tactician.presentation.explaining.how import GRADES, in_the_plan, summary
from tactician.presentation.explaining.support_words import DEPTHS, Teller
from tactician.presentation.explaining.unmet_words import unmet_nodes
from tactician.presentation.page import Block, Heading, Node, Outline, Text
from tactician.presentation.words import count, listed, points

SHOWN = {1: 5, 2: 12}
"""How many silent rules are told at a depth; all of them deeper down."""


def why_not_page(explanation: Explanation, depth: int, top: int) -> Iterator[Block]:
    """The blocks that say why a record is not among the first `top`, and what would speak for it."""
    entry, client = explanation.entry, explanation.advice.consultation.client
    ending = "is ruled out" if entry.blocked else "is not higher"
    yield Heading(f"Why {entry.record.name} {ending} for {client.id}", 1)
    yield Text(f"{_standing(explanation, top)} {summary(explanation)}")
    if place := in_the_plan(explanation):
        yield Text(place, "In your plan")
    yield from _blocks(explanation, depth)
    yield from _against(explanation, depth)
    yield from _silent(explanation, depth)
    if depth >= DEPTHS["medium"]:
        yield Text(GRADES)


def _standing(explanation: Explanation, top: int) -> str:
    entry, group = explanation.entry, explanation.group
    missing = explanation.short_of(top)
    ranks = f"It ranks {entry.rank} of {len(group)}"
    if entry.blocked:
        return f"{ranks}, behind all that are not ruled out."
    if missing is None:
        return f"{ranks}, so it is among the first {top}."
    last = group[top - 1]
    if missing <= 0:
        return f"{ranks}; {last.record.name}, number {top}, is cheaper or works sooner with the same points."
    return f"{ranks}, {points(missing).lstrip('+')} points behind {last.record.name}, number {top}."


def _teller(explanation: Explanation, depth: int) -> Teller:
    consultation = explanation.advice.consultation
    return Teller(consultation.rulebase, consultation.client, depth)


Told = tuple[str, tuple[Node, ...], int]
"""Of a segment its name, what is told of a rule there, and the points."""


def _by_rule(
    explanation: Explanation, rule: Rule, told: Sequence[Told], depth: int, *, marked: bool = True
) -> Node:
    """One rule; segments of which the same is told are told together."""
    everywhere = len(told) == len(explanation.segments)
    by_text: dict[tuple[Node, ...], list[str]] = {}
    for segment, nodes, _ in told:
        by_text.setdefault(nodes, []).append(segment)
    where = "" if everywhere or len(by_text) > 1 else f"For {listed([segment for segment, *_ in told])}: "
    below: list[Node] = []
    for nodes, segments in by_text.items():
        below += nodes if len(by_text) == 1 or not nodes else [Node(f"For {listed(segments)}:", nodes)]
    mark = points(sum(share for *_, share in told)) if marked else ""
    return Node(_teller(explanation, depth).rule_words(rule, where), tuple(below), mark)


def _blocks(explanation: Explanation, depth: int) -> Iterator[Block]:
    blocks: dict[str, list[Told]] = {}
    rules = explanation.advice.consultation.rulebase.rule
    for segment in explanation.segments:
        for block in segment.blocks:
            nodes = _teller(explanation, depth).nodes(block.supports)
            blocks.setdefault(block.rule.id, []).append((segment.total.name, nodes, 0))
    waiting: dict[str, list[Told]] = {}
    for silent in explanation.open_blocks:
        nodes = unmet_nodes(_teller(explanation, depth), silent.unmet)
        waiting.setdefault(silent.rule.id, []).append((silent.segment, nodes, 0))
    for found, title in ((blocks, "What rules it out"), (waiting, "What may still rule it out")):
        if found:
            yield Heading(title)
            yield Outline(
                tuple(
                    _by_rule(explanation, rules[rule], told, depth, marked=False)
                    for rule, told in found.items()
                )
            )


def _against(explanation: Explanation, depth: int) -> Iterator[Block]:
    found: dict[str, list[Told]] = {}
    for segment in explanation.segments:
        teller = _teller(explanation, depth)
        for reason in segment.reasons:
            if reason.piece.weight < 0:
                told = segment.total.name, teller.nodes(reason.supports), reason.piece.share
                found.setdefault(reason.rule.id, []).append(told)
    if found:
        rules = explanation.advice.consultation.rulebase.rule
        ordered = sorted(found.items(), key=lambda each: (sum(share for *_, share in each[1]), each[0]))
        yield Heading("What speaks against it")
        yield Outline(tuple(_by_rule(explanation, rules[rule], told, depth) for rule, told in ordered))


def _silent(explanation: Explanation, depth: int) -> Iterator[Block]:
    lost = explanation.lost
    yield Heading("What would speak for it, and does not")
    if not lost:
        yield Text("Every rule that can speak for it does.")
        return
    shown = lost[: SHOWN.get(depth, len(lost))]
    yield Outline(tuple(_lost(explanation, each, depth) for each in shown))
    if len(shown) < len(lost):
        yield Text(f"{count(len(lost) - len(shown), 'weaker rule').capitalize()} more with --depth full.")


def _lost(explanation: Explanation, lost: Lost, depth: int) -> Node:
    told = [
        (each.segment, unmet_nodes(_teller(explanation, depth), each.unmet), each.worth)
        for each in lost.where
    ]
    return _by_rule(explanation, lost.rule, told, depth)
