"""The rankings as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tactician.advice.advise import Advice
from tactician.advice.ranking import Ranked
from tactician.inference.weights import certainty
from tactician.presentation.decisions import WHEN
from tactician.presentation.page import Block, Heading, Table, Text
from tactician.presentation.words import points

NUMERIC = frozenset({"#", "Points", "For", "Against", "Prior", "Certainty"})
EXPLAINED = (
    "Points weigh reasons: 10 points more make it ten times as likely that something fits, 3 points twice; below 0 "
    "more speaks against it than for it. Certainty says the same on a scale from -1 to 1."
)

STARTS = " “Prior” is what a tactic starts with, before any answer."


def ranking_tables(advice: Advice, top: int) -> Iterator[Block]:
    """The three rankings, the first rows of each, and how to read them."""
    yield Heading("All tactics in order")
    yield _table(advice, advice.tactics, "Tactic", top)
    yield from _more(advice.tactics, top)
    yield Text(EXPLAINED + (STARTS if any(entry.prior for entry in advice.tactics) else ""))
    yield Heading("Ways to create value, in order")
    yield _table(advice, advice.levers, "Lever", top)
    yield from _more(advice.levers, top)
    yield Heading("Improvements, in order")
    yield _table(advice, advice.improvements, "Improvement", top)


def _table(advice: Advice, entries: Sequence[Ranked], title: str, top: int) -> Table:
    has_priors = any(entry.prior for entry in entries)
    headers = ("#", title, "Points", *(("Prior",) if has_priors else ()), "For", "Against", "Certainty")
    tactics = entries == advice.tactics
    rows = []
    for entry in entries[:top]:
        start = (points(entry.prior),) if has_priors else ()
        row = (
            str(entry.rank),
            entry.record.name,
            points(entry.total),
            *start,
            points(entry.points_for),
            points(-entry.points_against),
            f"{certainty(entry.total):.2f}",
        )
        rows.append((*row, _when(advice, entry)) if tactics else row)
    return Table((*headers, "When") if tactics else headers, tuple(rows), NUMERIC)


def _when(advice: Advice, entry: Ranked) -> str:
    horizon = advice.plan.horizons.get(entry.id)
    return WHEN[horizon] if horizon else "ruled out" if entry.blocked else "-"


def _more(entries: Sequence[Ranked], top: int) -> Iterator[Block]:
    if len(entries) > top:
        yield Text(f"{len(entries) - top} more with --top {len(entries)}.")
