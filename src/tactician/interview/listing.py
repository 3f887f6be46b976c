"""Asks for the pains, gains, jobs and products of a group of customers, one at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from tactician.facts.number_words import fold
from tactician.interview import events as e
from tactician.interview.answers import SegmentSaid
from tactician.interview.commands import unquoted
from tactician.interview.conversation import Conversation
from tactician.interview.item_asking import ask_about
from tactician.interview.opening import is_readable
from tactician.interview.prompting import Talk
from tactician.interview.slots import Slot
from tactician.interview.why import why_slots

QUESTIONS = {
    "pain": "What troubles {who}: before they buy from you, while they use it, or afterwards?",
    "gain": "What do {who} need, expect or wish for, or what would be a happy surprise?",
    "job": "What do {who} want to get done, how do they want to be seen, or to feel?",
    "product": "What do you offer to {who}?",
}
NOTHING = frozenset(
    ("none", "nothing", "no", "ingen", "ingenting", "intet", "niets", "geen", "nej", "nei", "nee")
)
LONGEST_ID = 30


def ask_list(talk: Conversation, segment: str, kind: str) -> Talk[None]:
    """Ask for the items of a list, one after the other, until nothing more is typed."""
    talk.say("", *_heading(talk, segment, kind))
    for item in talk.answers.segment(segment).items.get(kind, ()):
        talk.say(f"  {item.text}")
        yield from ask_about(talk, segment, item.id)
    while True:
        items = talk.answers.segment(segment).items.get(kind, ())
        number = f"{kind.capitalize()} {len(items) + 1}"
        cue = f"{number} (Enter if that is all): " if items else f"{number}, or none: "
        text = yield from talk.ask("item", (), cue, lambda: why_slots(talk.standing, [Slot(kind, segment)]))
        words = unquoted(text or "")
        if text is None and not items:
            talk.hear(e.ListForgotten(segment, kind))
            talk.say("Noted: not known.")
            return
        if not words and not items:
            talk.say("Type one, or none if there is none, or skip if you don't know.")
        elif not words or fold(text or "") in NOTHING:
            break
        else:
            yield from add_item(talk, segment, kind, words)
    talk.hear(e.ListClosed(segment, kind))
    talk.say(f"Noted: {items_words(talk.answers.segment(segment), kind)}.")


def _heading(talk: Conversation, segment: str, kind: str) -> Sequence[str]:
    who = segment if len(talk.answers.segments) > 1 else "your customers"
    kinds = talk.desk.rulebase.vocabulary.facts.get(f"{kind}.kind")
    hints = ["Think of:", *(f"  {meaning}" for meaning in kinds.meanings.values())] if kinds else []
    return (QUESTIONS[kind].format(who=who), *hints, "Name one at a time, in your own words.")


def add_item(talk: Conversation, segment: str, kind: str, text: str) -> Talk[None]:
    """Take in one item, and ask what matters about it."""
    if not any(char.isalpha() for char in text):
        talk.say(f"Name the {kind} in words.")
    elif is_readable(talk, text):
        name = item_id(talk.answers.segment(segment), kind, text)
        if talk.hear(e.ItemAdded(segment, kind, name, text)):
            yield from ask_about(talk, segment, name)


def item_id(segment: SegmentSaid, kind: str, text: str) -> str:
    """A short id for an item, made from its text, that no other item of the group has."""
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    stem = "_".join(re.findall(r"[a-z0-9]+", letters))[:LONGEST_ID].strip("_") or kind
    taken = {item.id for items in segment.items.values() for item in items}
    number = 1
    while (name := stem if number == 1 else f"{stem}_{number}") in taken:
        number += 1
    return name


def items_words(segment: SegmentSaid, kind: str) -> str:
    """The items of a list by their texts."""
    if kind not in segment.items:
        return "not known"
    return "; ".join(item.text for item in segment.items[kind]) or "none"
