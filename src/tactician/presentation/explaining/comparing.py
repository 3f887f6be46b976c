"""Why one record ranks above another, rule by rule, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.advice.comparison import Comparison, Row
from tactician.advice.ranking import Ranked
from tactician.presentation.page import Block, Heading, Node, Outline, Table, Text
from tactician.presentation.words import count, points, sentence

NUMERIC = frozenset({"A", "B", "A - B"})


def comparison_page(comparison: Comparison) -> Iterator[Block]:
    """The blocks that set two records side by side."""
    first, second = comparison.first, comparison.second
    client = comparison.advice.consultation.client
    yield Heading(f"Why {first.record.name} ranks above {second.record.name} for {client.id}", 1)
    yield Text(_summary(comparison))
    for entry, sign in ((first, 1), (second, -1)):
        rows = [row for row in comparison.rows if row.lead * sign > 0]
        if rows:
            yield Heading(f"What puts {entry.record.name} ahead")
            yield Outline(tuple(_node(comparison, row, sign) for row in rows))
    yield Heading("Together")
    yield _sums(comparison)


def _summary(comparison: Comparison) -> str:
    first, second = comparison.first, comparison.second
    points_of = (
        f"{first.record.name} has {points(first.total)} points, {second.record.name} {points(second.total)}"
    )
    ranks = f"They rank {first.rank} and {second.rank}."
    if second.blocked and not first.blocked:
        return f"{points_of}. {second.record.name} is ruled out, and so comes after all that are not. {ranks}"
    if comparison.by_tie:
        return f"{points_of}: the same. {_tie(first, second)} {ranks}"
    return f"{points_of}: {points(comparison.lead).lstrip('+')} more. {ranks}"


def _tie(first: Ranked, second: Ranked) -> str:
    ours, theirs = first.record.tie_order, second.record.tie_order
    if ours[0] != theirs[0]:
        return "The one whose first year costs less comes first."
    return "The one that works sooner comes first." if ours[1:3] != theirs[1:3] else "Their ids decide."


def _node(comparison: Comparison, row: Row, sign: int) -> Node:
    words = f"{sentence(row.rule.because)} ({row.rule.id})"
    if row.first and row.second:
        first, second = comparison.first.record.name, comparison.second.record.name
        words += f" It gives {first} {points(row.first)} and {second} {points(row.second)}."
    elif (row.first or row.second) < 0:
        behind = comparison.first if row.first else comparison.second
        words += f" It speaks against {behind.record.name}."
    return Node(words, mark=points(row.lead * sign))


def _sums(comparison: Comparison) -> Table:
    """What the rules, the priors and the cuts add up to; A stands for the first, B for the second."""
    first, second = comparison.first, comparison.second
    headers = (f"A: {first.record.name}, B: {second.record.name}", "A", "B", "A - B")
    apart = [row for row in comparison.rows if row.lead]
    same = [row for row in comparison.rows if not row.lead]
    rows = [("Rules that tell them apart", sum(row.first for row in apart), sum(row.second for row in apart))]
    if same:
        both = sum(row.first for row in same)
        rows.append((f"{count(len(same), 'rule').capitalize()} with the same for both", both, both))
    if first.prior or second.prior:
        rows.append(("To start with", first.prior, second.prior))
    if any(comparison.cuts):
        rows.append(("Taken away where it is ruled out", *comparison.cuts))
    rows.append(("Total", first.total, second.total))
    return Table(headers, tuple((what, points(a), points(b), points(a - b)) for what, a, b in rows), NUMERIC)
