"""How a record came to its total and rank, as a page: every reason, down to the owner's answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tactician.advice.explanation import BlockReason, Explanation, Reason, SegmentReasons
from tactician.advice.plan import Horizon
from tactician.facts.client import MILLION
from tactician.inference.weights import POINT, certainty
from tactician.presentation.decisions import reason_words, waiting_words
from tactician.presentation.explaining.support_words import DEPTHS, Teller
from tactician.presentation.page import Block, Heading, Node, Outline, Table, Text
from tactician.presentation.words import number, points, sentence

GRADES = (
    "Grades: A rests on experiments or on many studies, B on observation, C on theory or judgement, N on the notes "
    "the rules were made from."
)
PLACE = {
    Horizon.RUNNING: "",
    Horizon.NOW: "start now",
    Horizon.NEXT: "next, once what starts now runs",
    Horizon.LATER: "later",
    Horizon.ALTERNATIVE: "as an alternative to another",
}


def how_page(explanations: Sequence[Explanation], depth: int) -> Iterator[Block]:
    """The blocks that explain some records to a depth."""
    for explanation in explanations:
        yield from record_blocks(explanation, depth)
    if depth >= DEPTHS["medium"] and explanations:
        yield Text(GRADES)


def record_blocks(explanation: Explanation, depth: int) -> Iterator[Block]:
    """The blocks that explain one record."""
    advice, entry = explanation.advice, explanation.entry
    client = advice.consultation.client
    yield Heading(
        f"Why {entry.record.name} ranks {entry.rank} of {len(explanation.group)} for {client.id}", 1
    )
    yield Text(summary(explanation))
    if place := in_the_plan(explanation):
        yield Text(place, "In your plan")
    if len(explanation.segments) > 1:
        yield Heading("Group by group")
        yield _shares(explanation.segments)
    for segment in explanation.segments:
        yield from _segment(explanation, segment, depth)


def summary(explanation: Explanation) -> str:
    """Points, what they are made of, and how far they can still move."""
    entry = explanation.entry
    start = f", and {points(entry.prior)} to start with" if entry.prior else ""
    cut = " Where it is ruled out it can only lose points." if entry.blocks else ""
    opening = (
        f"It has {points(entry.total)} points (certainty {certainty(entry.total):.2f} on a scale from -1 to 1): "
        f"{points(entry.points_for)} for it and {points(-entry.points_against)} against it{start}.{cut}"
    )
    if entry.low is None or entry.high is None:
        return opening
    if entry.low == entry.high:
        return f"{opening} Nothing that you left open can change that."
    return f"{opening} What you left open can still move it between {points(entry.low)} and {points(entry.high)}."


def in_the_plan(explanation: Explanation) -> str:
    """Where the plan puts it and why; empty for what is not scheduled."""
    line = explanation.line
    if line is None:
        if explanation.entry.record.group != "tactics":
            return ""
        if explanation.entry.blocked:
            return "It is ruled out, so it has no place."
        return "It has no place: only tactics with more for them than against them do."
    if line.horizon in (Horizon.RUNNING, Horizon.NOW):
        words = [reason_words(reason, explanation.advice) for reason in line.reasons]
    else:
        words = [waiting_words(line, explanation.advice)]
    return sentence("; ".join(word for word in (PLACE[line.horizon], *words) if word))


def _shares(segments: Iterable[SegmentReasons]) -> Table:
    headers = ("Segment", "Share", "Points there", "Adds")
    rows = (
        (
            each.total.name + (" (ruled out)" if each.total.blocked else ""),
            f"{number(100 * each.total.ppm / MILLION, 1)} %",
            points(each.total.total, POINT),
            points(each.total.share),
        )
        for each in segments
    )
    return Table(headers, tuple(rows), frozenset(headers[1:]))


def _segment(explanation: Explanation, segment: SegmentReasons, depth: int) -> Iterator[Block]:
    consultation = explanation.advice.consultation
    teller = Teller(consultation.rulebase, consultation.client, depth)
    share = f", {number(100 * segment.total.ppm / MILLION, 1)} % of your revenue"
    yield Heading(f"{segment.total.name}{share if segment.total.ppm < MILLION else ''}")
    if segment.blocks:
        yield Outline(tuple(block_node(teller, block) for block in segment.blocks), "Ruled out here")
    speaking_for = [reason for reason in segment.reasons if reason.piece.weight > 0]
    against = [reason for reason in segment.reasons if reason.piece.weight < 0]
    for reasons, label in ((speaking_for, "For it"), (against, "Against it")):
        if reasons:
            total = points(sum(reason.piece.weight for reason in reasons), POINT)
            yield Outline(
                tuple(reason_node(teller, reason) for reason in reasons), f"{label}, {total} points"
            )
    if not segment.reasons:
        yield Text("No rule about it holds here.")
    if segment.total.prior:
        yield Text(
            f"{points(segment.total.prior, POINT)} points. Each rule whose answer is known takes off what it gives "
            "on average, so that what holds for nearly every business does not count.",
            "To start with",
        )


def reason_node(teller: Teller, reason: Reason) -> Node:
    """One reason with its points and what it rests on."""
    words = teller.rule_words(reason.rule)
    if reason.piece.item_weight != 1000 and teller.depth >= DEPTHS["medium"]:
        words += (
            f" It counts {number(reason.piece.item_weight / 1000, 3)} times, the weight of what you listed."
        )
    return Node(words, teller.nodes(reason.supports), points(reason.piece.weight, POINT))


def block_node(teller: Teller, block: BlockReason) -> Node:
    """One rule that rules a record out, with what it rests on."""
    return Node(teller.rule_words(block.rule), teller.nodes(block.supports))
