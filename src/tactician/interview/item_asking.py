"""Asks about one pain, gain, job or product: what matters of its attributes, and what a product answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tactician.facts.vocabulary import ANSWERED_KINDS, FactSpec
from tactician.interview import events as e
from tactician.interview.answers import ItemSaid
from tactician.interview.asking import BETWEEN, asked, cue, offers
from tactician.interview.commands import says_unknown, unquoted
from tactician.interview.conversation import Back, Conversation
from tactician.interview.opening import is_readable
from tactician.interview.prompting import Talk
from tactician.interview.slots import LINK, Slot, link_id
from tactician.interview.understanding import Again
from tactician.interview.why import why_slots
from tactician.presentation.words import listed

ADDRESSES = "addresses"
NONE = ("none", "0")


def ask_about(talk: Conversation, segment: str, name: str) -> Talk[None]:
    """Ask what matters about an item; back leads through these questions to its wording, and then out."""
    history: list[Slot] = []
    again: Slot | None = None
    while True:
        item = talk.answers.segment(segment).item(name)
        slot = again or next((slot for slot in _open(talk, segment, item) if slot not in history), None)
        again = None
        if slot is None:
            return
        try:
            yield from ask_slot(talk, slot)
            history.append(slot)
        except Back:
            if history:
                again = history.pop()
            else:
                yield from ask_wording(talk, segment, name)


def _open(talk: Conversation, segment: str, item: ItemSaid) -> Iterator[Slot]:
    """What matters at once and is not answered: kind and weight, then what a product answers, then how.

    Other attributes are asked for in their turn.
    """
    waiting = talk.standing.waiting
    at_once = talk.desk.at_once(item.kind)
    for spec in talk.desk.rulebase.vocabulary.of_scope(item.kind):
        if spec.name in at_once and Slot(spec.id, segment, item.id) in waiting:
            yield Slot(spec.id, segment, item.id)
    if item.kind != "product":
        return
    if item.addresses is None and answerable(talk, segment):
        yield Slot(ADDRESSES, segment, item.id)
    for name in LINK:
        links = [link_id(item.id, link.item) for link in item.addresses or ()]
        if any(Slot(f"link.{name}", segment, link) in waiting for link in links):
            yield Slot(f"link.{name}", segment, item.id)


def ask_slot(talk: Conversation, slot: Slot) -> Talk[None]:
    """Ask for one attribute of an item, for what a product answers, or for an attribute of all its links."""
    if slot.fact == ADDRESSES:
        yield from ask_addresses(talk, slot.segment, slot.item)
    elif slot.scope == "link":
        yield from _ask_links(talk, slot)
    else:
        yield from _ask_level(talk, slot)


def ask_wording(talk: Conversation, segment: str, name: str) -> Talk[None]:
    """Ask for other words for an item; it keeps its id."""
    item = talk.answers.segment(segment).item(name)
    lines = ("", f"So far: {item.text}. Type other words, or press Enter to keep them.")
    text = yield from talk.ask("wording", lines, f"{item.kind.capitalize()}: ", lambda: lines)
    words = unquoted(text or "")
    if words and is_readable(talk, words):
        talk.hear(e.ItemWorded(segment, name, words))


def _ask_level(talk: Conversation, slot: Slot) -> Talk[None]:
    spec = talk.desk.spec(slot.fact)
    item = talk.answers.segment(slot.segment).item(slot.item)
    kept = item.attributes.get(spec.name)
    about = asked(talk, spec.id)
    lines = ("", f"“{item.text}”: {spec.question}", *offers(about), *_kept(spec, [kept]))
    while True:
        text = yield from talk.ask("attribute", lines, cue(about), lambda: why_slots(talk.standing, [slot]))
        if text is not None and not text.strip() and kept:
            return
        levels = _levels(talk, spec, text, 1)
        if levels and talk.hear(e.ItemAnswered(slot.segment, slot.item, spec.name, levels[0])):
            talk.say(f"Noted: {_words(spec, levels[0])}.")
            return


def _kept(spec: FactSpec, levels: Sequence[str | None]) -> tuple[str, ...]:
    words = f" {BETWEEN} ".join(_words(spec, level) for level in levels)
    return (f"So far: {words}. Press Enter to keep that.",) if any(levels) else ()


def _words(spec: FactSpec, level: str | None) -> str:
    return "not known" if level is None else spec.meanings.get(level, level)


def _levels(talk: Conversation, spec: FactSpec, text: str | None, count: int) -> list[str | None] | None:
    """A level for each of so many; None when it has to be asked again."""
    parts = [text] if text is None or count == 1 else text.split(BETWEEN)
    if len(parts) not in (1, count):
        talk.say(f"That is {len(parts)} answers for {count}.")
        return None
    levels: list[str | None] = []
    for part in parts:
        known = part is not None and not says_unknown(part)
        found = asked(talk, spec.id).understand(part or "") if known else None
        if isinstance(found, Again):
            talk.say(found.why)
            return None
        levels.append(found if isinstance(found, str) else None)
    return levels * count if len(levels) == 1 else levels


def answerable(talk: Conversation, segment: str) -> list[ItemSaid]:
    """The pains, gains and jobs of a group, which a product can answer."""
    items = talk.answers.segment(segment).items
    return [item for kind in ANSWERED_KINDS for item in items.get(kind, ())]


def ask_addresses(talk: Conversation, segment: str, name: str) -> Talk[None]:
    """Ask which pains, gains and jobs a product answers."""
    product = talk.answers.segment(segment).item(name)
    items = answerable(talk, segment)
    texts = {item.id: item.text for item in items}
    lines = ["", f"Which of these does “{product.text}” answer?"]
    lines += [f"  {place}. {item.text} ({item.kind})" for place, item in enumerate(items, start=1)]
    if product.addresses:
        answered = listed([texts[link.item] for link in product.addresses])
        lines.append(f"So far: {answered}. Press Enter to keep that.")
    while True:
        text = yield from talk.ask("addresses", lines, "Numbers, such as 1 3; or none: ", lambda: WHY_LINKS)
        if text is not None and not text.strip() and product.addresses is not None:
            return
        chosen = _numbers(talk, text, len(items))
        ids = [items[place].id for place in chosen or ()]
        if chosen is not None and talk.hear(e.Addressed(segment, name, tuple(ids))):
            talk.say(f"Noted: {listed([texts[each] for each in ids]) if ids else 'none of these'}.")
            return


WHY_LINKS = ("What your products answer, and what they leave open, says how well they fit these customers.",)


def _numbers(talk: Conversation, text: str | None, count: int) -> list[int] | None:
    """The places chosen by number, from 0; None when it has to be asked again."""
    if text is None or text.strip().lower() in NONE:
        return []
    words = re.findall(r"[^\s,;]+", text)
    for word in words:
        if not (word.isdecimal() and 1 <= int(word) <= count):
            talk.say(f"There is no {word}. Type numbers from 1 to {count}, or none.")
            return None
    if not words:
        talk.say("Type numbers, or none.")
        return None
    return list(dict.fromkeys(int(word) - 1 for word in words))


def _ask_links(talk: Conversation, slot: Slot) -> Talk[None]:
    """Ask how a product answers each item, for all of them at once."""
    spec = talk.desk.spec(slot.fact)
    segment = talk.answers.segment(slot.segment)
    product = segment.item(slot.item.partition(">")[0])
    links = product.addresses or ()
    texts = [segment.item(link.item).text for link in links]
    kept = [link.attributes.get(spec.name) for link in links]
    each = ("One answer for all of them, or one each, such as 1 / 2.",) if len(links) > 1 else ()
    about = asked(talk, spec.id)
    lines = (
        "",
        f"“{product.text}” for {listed(texts)}:",
        spec.question,
        *offers(about),
        *each,
        *_kept(spec, kept),
    )
    while True:
        text = yield from talk.ask("link", lines, cue(about, len(links)), lambda: WHY_LINKS)
        if text is not None and not text.strip() and any(kept):
            return
        levels = _levels(talk, spec, text, len(links))
        if levels is None:
            continue
        pairs = zip(links, levels, strict=True)
        answers = [
            e.LinkAnswered(slot.segment, product.id, link.item, spec.name, level) for link, level in pairs
        ]
        if talk.hear(*answers):
            talk.say(f"Noted: {f' {BETWEEN} '.join(_words(spec, level) for level in levels)}.")
            return
