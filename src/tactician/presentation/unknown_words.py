"""What is unknown and could change the top three, and what was assumed, for the owner."""

from __future__ import annotations

from collections.abc import Iterator

from tactician.advice.advise import Advice
from tactician.advice.unknowns import Unknown
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF
from tactician.presentation.page import Block, Bullets, Heading, Table, Text
from tactician.presentation.words import count, points

SHOWN = 5


def unknown_blocks(advice: Advice) -> Iterator[Block]:
    """The weightiest open questions, or that nothing open could change the top three."""
    yield Heading("What you did not say")
    if not advice.bounded:
        yield Text("How far open questions could change this plan was not looked at.")
    elif not advice.unknowns:
        yield Text("Nothing that you left open could change the first three in the ranking of tactics.")
    else:
        yield Text("The answers to these could still change the first three in the ranking of tactics:")
        yield Bullets(tuple(_question(advice, unknown) for unknown in advice.unknowns[:SHOWN]))
        more = len(advice.unknowns) - SHOWN
        if more > 0:
            yield Text(
                f"{count(more, 'smaller question').capitalize()} {'is' if more == 1 else 'are'} open, too."
            )
    if advice.assumed:
        yield Text(_assumed(advice))


def range_blocks(advice: Advice) -> Iterator[Block]:
    """How far the points of the first tactics can still move, whatever is answered."""
    first = [entry for entry in advice.tactics[:SHOWN] if entry.low is not None and entry.high is not None]
    if all(entry.low == entry.high for entry in first):
        return
    yield Text("Whatever you answer to what is open, the points of the first stay within:")
    rows = (
        (
            str(entry.rank),
            entry.record.name,
            points(entry.low or 0),
            points(entry.total),
            points(entry.high or 0),
        )
        for entry in first
    )
    headers = ("#", "Tactic", "At least", "Now", "At most")
    yield Table(headers, tuple(rows), frozenset(headers) - {"Tactic"})


def _question(advice: Advice, unknown: Unknown) -> str:
    where = f" ({unknown.segment})" if unknown.segment else ""
    if unknown.fact in ITEM_KINDS:
        return f"Which {LIST_OF[unknown.fact]} do these customers have?{where}"
    spec = advice.consultation.rulebase.specs[unknown.fact]
    return f"{spec.question}{where}"


def _assumed(advice: Advice) -> str:
    attributes = list(dict.fromkeys(f"{each.kind} {each.attribute}" for each in advice.assumed))
    shown = ", ".join(attribute.replace("_", " ") for attribute in attributes)
    return (
        f"Where {count(len(advice.assumed), 'attribute')} of pains, gains or jobs ({shown}) "
        f"{'was' if len(advice.assumed) == 1 else 'were'} not given, the usual level was taken."
    )
