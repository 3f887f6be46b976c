"""The plan as a page for the owner: what to start now and why, then how, then everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon, Line
from tactician.presentation.background import background
from tactician.presentation.decisions import reason_words, waiting_words
from tactician.presentation.hinge_words import hinge_blocks
from tactician.presentation.opening import opening
from tactician.presentation.page import Block, Bullets, Commands, Heading, Text
from tactician.presentation.reasons import against_words, for_words, ruled_out_words
from tactician.presentation.record_words import (
    first_sentence,
    first_steps,
    kpis,
    legal,
    preparation_words,
    risks,
    serves_words,
    takes_words,
)
from tactician.presentation.tables import ranking_tables
from tactician.presentation.unknown_words import range_blocks, unknown_blocks
from tactician.presentation.words import FAMILY_AIM, listed, sentence

TOP = 10
WAITING = 5
INDENT = 3


def plan_page(
    advice: Advice,
    top: int | None = None,
    commands: Sequence[tuple[str, str]] = (),
) -> Iterator[Block]:
    """The blocks of the page; `top` says how many rows each ranking shows, `commands` what to type next."""
    now = advice.plan[Horizon.NOW]
    yield Heading(f"Plan for {advice.consultation.client.id}", 1)
    yield Text(opening(advice))
    if advice.consultation.client.is_blank:
        yield from unknown_blocks(advice)
        yield from _commands(commands)
        return
    for place, line in enumerate(now, start=1):
        yield from _why(advice, line, place)
    if now:
        yield Heading("How to start")
    for place, line in enumerate(now, start=1):
        yield from _how(advice, line, place)
    yield from _running(advice)
    yield from _waiting(advice, top or TOP)
    yield from ranking_tables(advice, top or TOP)
    yield from _ruled_out(advice)
    yield from background(advice)
    yield from hinge_blocks(advice)
    yield from unknown_blocks(advice)
    yield from range_blocks(advice)
    yield from _commands(commands)


def _commands(commands: Sequence[tuple[str, str]]) -> Iterator[Block]:
    if commands:
        yield Heading("What to type next")
        yield Commands(tuple(commands))


def _title(line: Line, place: int) -> str:
    return f"{place}. {line.ranked.record.name}"


def _why(advice: Advice, line: Line, place: int) -> Iterator[Block]:
    record = line.ranked.record
    yield Heading(f"{_title(line, place)}, to {FAMILY_AIM[record.family]}", 3)
    yield Text(first_sentence(record.definition), indent=INDENT)
    yield Bullets(for_words(advice, line.ranked, 2), "Why it fits you", INDENT)
    yield Bullets(against_words(advice, line.ranked, 1), "What speaks against it", INDENT)


def _how(advice: Advice, line: Line, place: int) -> Iterator[Block]:
    record = line.ranked.record
    yield Heading(_title(line, place), 3)
    yield Bullets(first_steps(record, 3), "First steps", INDENT)
    for label, words in (
        ("It takes", takes_words(line, advice.consultation.client)),
        ("Prepare first", preparation_words(line.preparation)),
        ("Check first", preparation_words(line.checks)),
        ("Meant for", _meant_for(advice, line)),
        ("It helps with", serves_words(line.serves)),
        ("You see it work by", kpis(record, 1)),
        ("Watch out for", risks(record, 2)),
        ("The law asks", legal(record)),
        ("Mind", " ".join(_notes(advice, line))),
    ):
        if words:
            yield Text(words, label, INDENT)


def _meant_for(advice: Advice, line: Line) -> str:
    """The customers it is for, where there are several groups."""
    several = len(advice.consultation.client.segments) > 1
    return sentence(listed(line.segments)) if several and line.segments else ""


def _notes(advice: Advice, line: Line) -> list[str]:
    return [sentence(reason_words(reason, advice)) for reason in line.reasons if reason.why]


def _running(advice: Advice) -> Iterator[Block]:
    lines = advice.plan[Horizon.RUNNING]
    if lines:
        yield Heading("What you do already")
        yield Bullets(tuple(_named(line, _reasons(advice, line)) for line in lines))


def _reasons(advice: Advice, line: Line) -> str:
    return " ".join(sentence(reason_words(reason, advice)) for reason in line.reasons)


def _named(line: Line, words: str) -> str:
    return f"{line.ranked.record.name}. {words}".strip()


def _waiting(advice: Advice, top: int) -> Iterator[Block]:
    for horizon, title in (
        (Horizon.NEXT, "Next, once those run"),
        (Horizon.LATER, "Later"),
        (Horizon.ALTERNATIVE, "Good, but not beside what is planned"),
    ):
        lines = advice.plan[horizon]
        if lines:
            yield Heading(title)
            yield Bullets(tuple(_waiting_line(advice, line) for line in lines[:WAITING]))
            if len(lines) > WAITING:
                yield Text(
                    f"{len(lines) - WAITING} more: see “When” in the table below{_whole(advice, top)}."
                )


def _whole(advice: Advice, top: int) -> str:
    """How to see all of the table, where it is cut short."""
    return f", whole with --top {len(advice.tactics)}" if top < len(advice.tactics) else ""


def _waiting_line(advice: Advice, line: Line) -> str:
    why = waiting_words(line, advice)
    takes = takes_words(line, advice.consultation.client) if line.horizon is Horizon.NEXT else ""
    return _named(line, f"{sentence(why) if why else ''} {takes}".strip())


def _ruled_out(advice: Advice) -> Iterator[Block]:
    if advice.ruled_out:
        yield Heading("Ruled out")
        yield Bullets(tuple(ruled_out_words(advice, entry) for entry in advice.ruled_out))
