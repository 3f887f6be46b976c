"""The plan as a page for the owner: what to start now and why, then the rest."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon, Line
from tactician.presentation.decisions import opening, reason_words, waiting_words
from tactician.presentation.page import Block, Bullets, Heading, Text
from tactician.presentation.reasons import against_words, for_words, ruled_out_words
from tactician.presentation.record_words import (
    first_steps,
    kpis,
    preparation_words,
    risks,
    serves_words,
    takes_words,
)
from tactician.presentation.tables import ranking_tables
from tactician.presentation.words import FAMILY_AIM, sentence

REASONS = 3
TOP = 10


def plan_page(advice: Advice, top: int | None = None) -> Iterator[Block]:
    """The blocks of the page; `top` says how many rows each ranking shows."""
    client = advice.consultation.client
    yield Heading(f"Plan for {client.id}", 1)
    yield Text(opening(advice))
    for place, line in enumerate(advice.plan[Horizon.NOW], start=1):
        yield from _line_blocks(advice, line, f"{place}. {line.ranked.record.name}")
    yield from _running(advice)
    yield from _waiting(advice)
    yield from _direction(advice)
    yield from ranking_tables(advice, top or TOP)
    yield from _ruled_out(advice)


def _line_blocks(advice: Advice, line: Line, title: str) -> Iterator[Block]:
    record = line.ranked.record
    yield Heading(f"{title} ({FAMILY_AIM[record.family]})", 3)
    yield Text(record.definition, indent=3)
    yield Bullets(for_words(advice, line.ranked, REASONS), "Why it fits you", indent=3)
    against = against_words(advice, line.ranked, 1)
    if against:
        yield Bullets(against, "What speaks against it", indent=3)
    yield from _labelled(advice, line)
    yield Bullets(first_steps(record, 3), "First steps", indent=3)


def _labelled(advice: Advice, line: Line) -> Iterator[Block]:
    parts = (
        ("It helps with", serves_words(line.serves)),
        ("It takes", takes_words(line, advice.consultation.client)),
        ("Prepare first", preparation_words(line.preparation)),
        ("Check first", preparation_words(line.checks)),
        ("You see it work by", kpis(line.ranked.record, 1)),
        ("Watch out for", risks(line.ranked.record, 2)),
        ("Note", " ".join(_notes(advice, line))),
    )
    for label, words in parts:
        if words:
            yield Text(words, label, indent=3)


def _notes(advice: Advice, line: Line) -> list[str]:
    return [sentence(reason_words(reason, advice)) for reason in line.reasons if reason.why]


def _running(advice: Advice) -> Iterator[Block]:
    lines = advice.plan[Horizon.RUNNING]
    if lines:
        yield Heading("What you do already")
        yield Bullets(
            tuple(
                f"{line.ranked.record.name}: "
                + sentence("; ".join(reason_words(reason, advice) for reason in line.reasons))
                for line in lines
            )
        )


def _waiting(advice: Advice) -> Iterator[Block]:
    titles = {
        Horizon.NEXT: "Next, when those run",
        Horizon.LATER: "Later",
        Horizon.ALTERNATIVE: "Instead of something above",
    }
    for horizon, title in titles.items():
        lines = advice.plan[horizon]
        if lines:
            yield Heading(title)
            yield Bullets(tuple(_waiting_line(advice, line) for line in lines))


def _waiting_line(advice: Advice, line: Line) -> str:
    why = waiting_words(line, advice)
    takes = takes_words(line, advice.consultation.client)
    name = line.ranked.record.name
    return sentence(f"{name}: {why}") if why else f"{name}. {takes}"


def _direction(advice: Advice) -> Iterator[Block]:
    lever = advice.plan.direction
    if lever is not None:
        yield Heading("What to stand for")
        yield Text(f"{lever.record.name}: {lever.record.definition}")
        yield Bullets(for_words(advice, lever, 2), "Why")


def _ruled_out(advice: Advice) -> Iterator[Block]:
    if advice.ruled_out:
        yield Heading("Ruled out")
        yield Bullets(tuple(ruled_out_words(advice, entry) for entry in advice.ruled_out))
