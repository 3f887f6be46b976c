"""Shows every answer, and lets each be changed; afterwards the summary comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, LIST_OF
from tactician.interview import events as e
from tactician.interview.answers import SegmentSaid
from tactician.interview.asking import ask_fact, said_words
from tactician.interview.commands import unquoted
from tactician.interview.conversation import Back, Conversation
from tactician.interview.item_asking import answerable, ask_slot, ask_wording
from tactician.interview.listing import ask_list, items_words
from tactician.interview.opening import (
    ask_currency,
    ask_name,
    ask_running,
    ask_segment,
    ask_shares,
    running_words,
)
from tactician.interview.prompting import Talk
from tactician.interview.slots import Slot
from tactician.interview.stating import EVERYONE
from tactician.presentation.words import label

HEADINGS = {"business": "The business", "offering": "What you sell"}
WHY = ("These are your answers. Type the number of one to change it; nothing else is touched.",)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the summary, and what changes it; a heading has nothing to change."""

    words: str
    change: Callable[[], Talk[None]] | None = None


def review(talk: Conversation) -> Talk[None]:
    """The summary, until the owner goes on."""
    if talk.reviewing:
        talk.say("You are looking at your answers already; press Enter, or type back, to go on.")
        return
    talk.reviewing = True
    try:
        while (yield from _once(talk)):
            pass
    except Back:
        pass
    finally:
        talk.reviewing = False


def _once(talk: Conversation) -> Talk[bool]:
    """Show the summary once and change what is chosen; whether to show it again."""
    changes: list[Callable[[], Talk[None]]] = []
    lines = ["", "Your answers so far"]
    for entry in _entries(talk):
        if entry.change is None:
            lines.append(entry.words)
        else:
            changes.append(entry.change)
            lines.append(f"  {len(changes)}. {entry.words}")
    while True:
        text = yield from talk.ask("review", lines, "Number to change, or Enter to go on: ", lambda: WHY)
        word = (text or "").strip().rstrip(".")
        if not word:
            return False
        if word.isdecimal() and 1 <= int(word) <= len(changes):
            break
        talk.say(f"There is no {word}. Type a number from 1 to {len(changes)}.")
    try:
        yield from changes[int(word) - 1]()
    except Back:
        talk.say("Back in your answers.")
    return True


def _entries(talk: Conversation) -> Iterator[Entry]:
    answers = talk.answers
    if answers.client:
        yield Entry(f"name: {answers.client}", lambda: ask_name(talk))
    if answers.currency:
        yield Entry(f"currency: {answers.currency}", lambda: ask_currency(talk))
    if answers.running is not None:
        yield Entry(f"already running: {running_words(talk)}", lambda: ask_running(talk))
    for scope in FACT_SCOPES[:2]:
        yield from _headed(HEADINGS[scope], _facts(talk, scope, ""))
    if "segments" in answers.done or answers.segments:
        yield Entry("Your groups of customers")
        for segment in answers.segments:
            yield Entry(_group(segment), partial(_change_group, talk, segment.name))
        yield Entry("add a group", lambda: _add_group(talk))
    for segment in answers.segments:
        yield from _headed(segment.name, [*_facts(talk, "segment", segment.name), *_lists(talk, segment)])


def _headed(heading: str, entries: Sequence[Entry] | Iterator[Entry]) -> Iterator[Entry]:
    found = list(entries)
    if found:
        yield Entry(heading)
        yield from found


def _group(segment: SegmentSaid) -> str:
    return segment.name if segment.share is None else f"{segment.name}, {segment.share:.0%} of sales"


def _facts(talk: Conversation, scope: str, segment: str) -> Iterator[Entry]:
    """The facts of a scope that were answered or skipped."""
    answers = talk.answers
    for spec in talk.desk.rulebase.vocabulary.of_scope(scope):
        slot = Slot(spec.id, segment)
        if answers.stated(slot) is None and slot not in answers.skipped:
            continue
        reason = talk.standing.counted.pointless.get(slot)
        note = f" (does not count: {reason})" if reason else ""
        words = f"{label(spec)}: {said_words(talk, spec, segment)}{note}"
        yield Entry(words, partial(ask_fact, talk, spec.id, [segment]))


def _lists(talk: Conversation, segment: SegmentSaid) -> Iterator[Entry]:
    for kind in ITEM_KINDS:
        if kind in segment.items or Slot(kind, segment.name) in talk.answers.skipped:
            words = f"{LIST_OF[kind]}: {items_words(segment, kind)}"
            yield Entry(words, partial(_change_list, talk, segment.name, kind))


def _add_group(talk: Conversation) -> Talk[None]:
    yield from ask_segment(talk)
    yield from _reshare(talk)
    names = [segment.name for segment in talk.answers.segments]
    if EVERYONE in names[:-1]:
        talk.say(f"{EVERYONE} still counts as a group of its own; type its number to remove it.")


def _reshare(talk: Conversation) -> Talk[None]:
    if len(talk.answers.segments) > 1 and "shares" not in talk.answers.done:
        yield from ask_shares(talk)


def _change_group(talk: Conversation, name: str) -> Talk[None]:
    options = ["call it something else", "divide sales differently", "remove it"]
    chosen = yield from talk.choose("group", ("", f"{name}:"), options, lambda: WHY)
    if chosen == 0:
        yield from _rename(talk, name)
    elif chosen == 1:
        yield from ask_shares(talk)
    elif chosen == 2 and len(talk.answers.segments) == 1:
        talk.say("There has to be one group at least. Add another first, or call this one something else.")
    elif chosen == 2 and talk.hear(e.SegmentRemoved(name)):
        talk.say(f"{name} is removed. Add a group of the same name to have it back with its answers.")
        yield from _reshare(talk)


def _rename(talk: Conversation, name: str) -> Talk[None]:
    text = yield from talk.ask("rename", ("", f"What do you call {name}?"), "Name: ", lambda: WHY)
    new = unquoted(text or "")
    if new and talk.hear(e.SegmentRenamed(name, new)):
        talk.say(f"Noted: {new}.")


def _change_list(talk: Conversation, segment: str, kind: str) -> Talk[None]:
    """Change, add or remove items of a list, until nothing is chosen."""
    while True:
        items = talk.answers.segment(segment).items.get(kind, ())
        options = [item.text for item in items] + ["add to them", "nobody knows"]
        lines = ("", f"{LIST_OF[kind].capitalize()} of {segment}. Press Enter when they are right.")
        chosen = yield from talk.choose("list", lines, options, lambda: WHY)
        if chosen is None:
            return
        if chosen < len(items):
            yield from _change_item(talk, segment, items[chosen].id)
        elif chosen == len(items):
            yield from ask_list(talk, segment, kind)
        elif talk.hear(e.ListForgotten(segment, kind)):
            talk.say("Noted: not known.")
            return


def _change_item(talk: Conversation, segment: str, name: str) -> Talk[None]:
    item = talk.answers.segment(segment).item(name)
    specs = talk.desk.rulebase.vocabulary.of_scope(item.kind)
    slots = [Slot(spec.id, segment, name) for spec in specs]
    options = ["put it in other words"]
    for spec in specs:
        level = item.attributes.get(spec.name)
        options.append(f"{label(spec)}: {'not known' if level is None else spec.meanings.get(level, level)}")
    if item.kind == "product" and answerable(talk, segment):
        slots.append(Slot("addresses", segment, name))
        options.append("what it answers")
    chosen = yield from talk.choose("item menu", ("", f"{item.text}:"), [*options, "remove it"], lambda: WHY)
    if chosen is None:
        return
    if chosen == 0:
        yield from ask_wording(talk, segment, name)
    elif chosen <= len(slots):
        yield from ask_slot(talk, slots[chosen - 1])
    elif talk.hear(e.ItemRemoved(segment, name)):
        talk.say(f"{item.text} is removed.")
