"""Asks for what is no fact: name, currency, groups of customers and their shares, and what runs already."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tactician.errors import did_you_mean
from tactician.facts.client import MILLION
from tactician.facts.number_words import UnreadableNumber, currencies, fold, is_unknown, read_figure
from tactician.interview import events as e
from tactician.interview.commands import unquoted
from tactician.interview.conversation import Conversation
from tactician.interview.prompting import Talk
from tactician.interview.stating import EVERYONE, NO_NAME
from tactician.knowledge.rules import TACTIC_FAMILIES, Record
from tactician.presentation.words import FAMILY_AIM, count, listed

UNREADABLE = "\ufffd"
WHY = {
    "name": "The name stands at the head of your plan and of your file; nothing is decided by it.",
    "currency": "Your amounts are kept in this currency, and compared with costs that are known in euros.",
    "segments": "Groups that want different things need different tactics. The plan weighs each group by its part "
    "of your sales and says which group a tactic serves. One group is enough when all want the same.",
    "shares": "A tactic that suits the group you earn most with counts for more.",
    "running": "What you do already is kept and improved in the plan; it costs nothing new, may be needed by other "
    "tactics, and may not go together with some.",
}
"""Why each of these is asked."""
SHARE_BREAK = re.compile(r"[/;:&]|,\s|\s+(?:(?:and|og|en|und)\s+)?(?=[0-9?])|(?<=[0-9%])\s?[-–]\s?(?=[0-9])")
"""Stands between the shares of two groups."""


def ask_name(talk: Conversation) -> Talk[None]:
    """Ask what the business is called."""
    now = talk.answers.client
    lines = ("", "What is your business called?", *_kept(now))
    while True:
        text = yield from talk.ask("name", lines, "Name: ", lambda: [WHY["name"]])
        name = unquoted(text or "")
        if text is None and not now:
            name = NO_NAME
        if not name and now:
            return
        if not name:
            talk.say("Type a name, or skip.")
        elif is_readable(talk, name) and talk.hear(e.Named(name)):
            talk.say(f"Noted: {name}.")
            return


def _kept(now: str) -> tuple[str, ...]:
    return (f"So far: {now}. Press Enter to keep that.",) if now else ()


def is_readable(talk: Conversation, text: str) -> bool:
    """Whether all of a text could be read; says so when not."""
    if UNREADABLE in text:
        talk.say("Some letters could not be read. Type it again, with plain letters if need be.")
        return False
    return True


def ask_currency(talk: Conversation) -> Talk[None]:
    """Ask in which currency amounts will be given."""
    rates = talk.desk.rulebase.parameters.rates
    now = talk.answers.currency or "EUR"
    lines = (
        "",
        "In which currency do you count?",
        f"Type one of {', '.join(rates)}; or press Enter for {now}.",
    )
    while True:
        text = yield from talk.ask("currency", lines, "Currency: ", lambda: [WHY["currency"]])
        code = fold(unquoted(text or "")).rstrip(".")
        if not code:
            code = now
        possible = [each for each in (currencies(code) or (code.upper(),)) if each.upper() in rates]
        if len(possible) > 1:
            talk.say(f"{text} may be {listed(possible, 'or')}. Type one of these.")
        elif not possible and code.upper() not in rates:
            near = did_you_mean(code.upper(), rates)
            talk.say(f"There is no rate for {unquoted(text or '')}. {near}".rstrip())
        elif talk.hear(e.Counted(possible[0].upper() if possible else code.upper())):
            _say_currency(talk)
            return


def _say_currency(talk: Conversation) -> None:
    amounts = bool(talk.standing.client.amounts)
    kept = " The amounts you gave stay the same numbers." if amounts else ""
    talk.say(f"Noted: amounts are in {talk.answers.currency}.{kept}")


def ask_segments(talk: Conversation) -> Talk[None]:
    """Ask for the groups of customers, one after the other, until nothing more is typed."""
    talk.say(
        "",
        "To whom do you sell? Name your groups of customers, the most important first, one at a time.",
        "Make a group of those who want the same, for example: commuters; weekend families; offices nearby.",
        "One group will do. If you would rather not tell them apart, type skip.",
    )
    for segment in talk.answers.segments:
        talk.say(f"  {segment.name}")
    while True:
        text = yield from ask_segment(talk)
        if text is None or (not text and talk.answers.segments):
            break
        if not text:
            talk.say("Name at least one group, or type skip.")
    events = [] if talk.answers.segments else [e.SegmentAdded(EVERYONE)]
    talk.hear(*events, e.Done("segments"))


def ask_segment(talk: Conversation) -> Talk[str | None]:
    """Ask for one more group; its name, empty when there is no more, None when the owner would not say."""
    number = len(talk.answers.segments) + 1
    cue = f"Group {number}{' (Enter if that is all)' if number > 1 else ''}: "
    text = yield from talk.ask("segment", (), cue, lambda: [WHY["segments"]])
    name = unquoted(text or "")
    if not name:
        return text and name
    if not is_readable(talk, name):
        return (yield from ask_segment(talk))
    for each in filter(None, (part.strip() for part in name.split(";"))):
        _add_segment(talk, each)
    return name


def _add_segment(talk: Conversation, name: str) -> None:
    back = any(segment.name == name for segment in talk.answers.removed)
    if any(segment.name == name for segment in talk.answers.segments):
        talk.say(f"{name} is there already.")
    elif talk.hear(e.SegmentAdded(name)) and back:
        talk.say(f"{name} is back, with the answers it had.")


def ask_shares(talk: Conversation) -> Talk[None]:
    """Ask how sales divide between the groups."""
    names = [segment.name for segment in talk.answers.segments]
    example = _example(len(names))
    lines = (
        "",
        f"How do your sales divide between {listed(names)}?",
        f"Type percentages in this order, such as {example}; or press Enter if you don't know.",
    )
    while True:
        text = yield from talk.ask("shares", lines, "Percent: ", lambda: [WHY["shares"]])
        shares = _shares(talk, text or "", names, f"Type {count(len(names), 'number')}, such as {example}.")
        if shares is not None and talk.hear(e.Shared(shares)):
            parts = [
                f"{segment.name} {segment.ppm / MILLION:.0%}" for segment in talk.standing.client.segments
            ]
            known = any(share is not None for share in shares.values())
            talk.say(f"Noted: {listed(parts)}." if known else "Noted: not known; they count the same.")
            return


def _example(groups: int) -> str:
    """Numbers that make 100, the first the greatest."""
    other = 100 // (groups + 1) // 5 * 5 or 1
    return " / ".join(str(share) for share in (100 - (groups - 1) * other, *[other] * (groups - 1)))


def _shares(
    talk: Conversation, text: str, names: Sequence[str], wanted: str
) -> Mapping[str, float | None] | None:
    """The part of each group; None when it has to be asked again. What the others leave is the last one's."""
    parts = [part for part in SHARE_BREAK.split(text.strip()) if part.strip()]
    if not parts:
        return dict.fromkeys(names)
    by_comma = [each for part in parts for each in part.split(",")]
    parts = by_comma if len(parts) < len(names) == len(by_comma) else parts
    try:
        shares = [_share(part) for part in parts]
    except UnreadableNumber as error:
        talk.say(f"{error.message} {wanted}")
        return None
    if len(shares) == len(names) - 1 and None not in shares:
        rest = 100 - sum(filter(None, shares), Decimal(0))
        talk.say(f"That leaves {max(rest, Decimal(0)):f} percent for {names[-1]}.")
        shares.append(rest)
    if len(shares) != len(names):
        talk.say(wanted)
        return None
    return _divided(talk, dict(zip(names, shares, strict=True)))


def _share(text: str) -> Decimal | None:
    """A percentage; None where it is not known. Raises UnreadableNumber."""
    if is_unknown(text):
        return None
    share = read_figure(text).value("comma" if "," in text else "point")
    assert isinstance(share, Decimal)
    return share


def _divided(talk: Conversation, shares: Mapping[str, Decimal | None]) -> Mapping[str, float | None] | None:
    known = [share for share in shares.values() if share is not None]
    total = sum(known, Decimal(0))
    if any(share <= 0 for share in known):
        talk.say(
            "Each group has to have a part above 0; a group that buys nothing is none. Remove it with list."
        )
        return None
    if None not in shares.values() and abs(total - 100) > 1:
        talk.say(f"That makes {total:f} percent, and it should make 100.")
        return None
    return {name: None if share is None else float(share / 100) for name, share in shares.items()}


def ask_running(talk: Conversation) -> Talk[None]:
    """Ask which tactics are running already."""
    records = _by_family(talk)
    lines = ["", "Which of these do you do already?"]
    for place, record in enumerate(records, start=1):
        if place == 1 or records[place - 2].family != record.family:
            lines.append(f"To {FAMILY_AIM[record.family]}:")
        lines.append(f"  {place}. {record.name}")
    if talk.answers.running is not None:
        lines.append(f"So far: {running_words(talk)}. Press Enter to keep that.")
    while True:
        text = yield from talk.ask(
            "running", lines, "Numbers, such as 3 7; or none: ", lambda: [WHY["running"]]
        )
        if text is not None and not text.strip() and talk.answers.running is not None:
            return
        chosen = _chosen(talk, "none" if text is None else unquoted(text), records)
        if chosen is not None and talk.hear(e.Ran(tuple(chosen))):
            talk.say(f"Noted: {running_words(talk)}.")
            return


def _by_family(talk: Conversation) -> list[Record]:
    records = talk.desk.rulebase.group("tactics")
    return sorted(records, key=lambda record: (TACTIC_FAMILIES.index(record.family), record.name))


def running_words(talk: Conversation) -> str:
    """What runs already, by name."""
    names = [talk.desk.rulebase.records[tactic].name for tactic in talk.answers.running or ()]
    return listed(names) if names else "none of them"


def _chosen(talk: Conversation, text: str, records: Sequence[Record]) -> list[str] | None:
    """The tactics that are named or numbered; None when it has to be asked again."""
    if fold(text) in ("none", "nothing", "0", "no", "ingen", "geen", "nej", "nei", "nee"):
        return []
    chosen: list[str] = []
    named = {name: record.id for record in records for name in _names(record)}
    words = (
        re.split(r"\s*[,;]\s*|\s+", text)
        if re.fullmatch(r"[\d\s,;]+", text)
        else re.split(r"\s*[,;]\s*", text)
    )
    for word in filter(None, words):
        if word.isdecimal() and 1 <= int(word) <= len(records):
            chosen.append(records[int(word) - 1].id)
        elif fold(word) in named:
            chosen.append(named[fold(word)])
        else:
            near = did_you_mean(fold(word), named) or "Type the numbers of those you do, or none."
            talk.say(f"There is no {word} on the list. {near}")
            return None
    if not chosen:
        talk.say("Type the numbers of those you do, or none.")
        return None
    return list(dict.fromkeys(chosen))


def _names(record: Record) -> set[str]:
    """What a tactic may be called: its id, and its names, with or without what stands in brackets."""
    names = (record.id, record.id.replace("_", " "), *record.names.values())
    return {fold(part) for name in names for part in (name, name.partition(" (")[0])}
