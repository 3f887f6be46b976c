"""What it would take to bring a record to the top, as a page and as data for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from tactician.advice.change import MOST_FACTS, Change, ChangeAnswer, Way
from tactician.facts.vocabulary import Value
from tactician.inference.weights import points as exact
from tactician.presentation.explaining.support_words import value_words
from tactician.presentation.page import Block, Heading, Node, Outline, Text
from tactician.presentation.words import count, label, listed, points

ORDER = "What is not for the worse comes first, then the least effort:"
EFFORT = {1: "easy", 2: "takes months", 3: "hard"}


def change_page(found: ChangeAnswer) -> Iterator[Block]:
    """The blocks that tell the smallest change, or that there is none."""
    client, name = found.advice.consultation.client, found.entry.record.name
    yield Heading(f"What would bring {name} among the first {found.top} for {client.id}", 1)
    if not found.needed:
        yield Text(f"Nothing has to change: it ranks {found.entry.rank} already.")
        return
    yield Text(f"It ranks {found.entry.rank} now, with {points(found.entry.total)} points.")
    if not found.ways:
        yield Text(
            f"No change of up to {count(MOST_FACTS, 'fact')} is enough, among the facts you can change and the "
            "levels and bands they can have."
        )
        return
    size = count(len(found.ways[0].changes), "change")
    yield Text(f"{size.capitalize()} would be enough, and nothing smaller. {ORDER}")
    yield Outline(tuple(_way(found, alike) for alike in _alike(found.ways)))
    if any(way.worse for way in found.ways):
        yield Text(
            "Some of it would be for the worse: that says what the ranking turns on, and is no advice."
        )
    yield Text("Each of these was tried: the rank is that of a new consultation with the changes made.")


def _alike(ways: Sequence[Way]) -> list[list[Way]]:
    """Ways that set the same fact and come to the same, together."""
    groups: dict[tuple[object, ...], list[Way]] = {}
    for way in ways:
        facts = tuple((each.fact, each.segment, each.effort, each.worse) for each in way.changes)
        key = (facts, way.rank, way.total) if len(facts) == 1 else (way,)
        groups.setdefault(key, []).append(way)
    return list(groups.values())


def _way(found: ChangeAnswer, alike: Sequence[Way]) -> Node:
    way = alike[0]
    below = tuple(
        Node(_change(found, each, [other.changes[place].after for other in alike]))
        for place, each in enumerate(way.changes)
    )
    then = f"it ranks {way.rank}, with {points(way.total)} points"
    if way.total <= found.entry.total:
        then += "; it is no better itself, others are worse"
    if len(below) == 1:
        return Node(f"{below[0].text} Then {then}.")
    return Node(f"All of these; then {then}:", below)


def _change(found: ChangeAnswer, change: Change, values: Sequence[Value]) -> str:
    consultation = found.advice.consultation
    spec, client = consultation.rulebase.specs[change.fact], consultation.client
    where = "" if change.segment < 0 else f" ({client.segments[change.segment].name})"
    after = listed([value_words(spec, value, client) for value in values], "or")
    worse = ", and for the worse" if change.worse else ""
    effort = f"{EFFORT[change.effort].capitalize()}{worse}"
    now = (
        f"you did not say: find out first. {effort}, if it is not so already."
        if change.before is None
        else f"now {value_words(spec, change.before, client)}. {effort}."
    )
    return f"{label(spec).capitalize()}{where}: {after}; {now}"


def change_data(found: ChangeAnswer) -> dict[str, object]:
    """The ways as plain data for JSON; money in euros, totals in 10⁻¹² point."""
    segments = found.advice.consultation.client.segments
    return {
        "id": found.entry.id,
        "rank": found.entry.rank,
        "top": found.top,
        "needed": found.needed,
        "ways": [
            {
                "effort": way.effort,
                "rank": way.rank,
                "total": way.total,
                "points": exact(way.total),
                "changes": [
                    asdict(each) | {"segment": None if each.segment < 0 else segments[each.segment].name}
                    for each in way.changes
                ],
            }
            for way in found.ways
        ],
    }
