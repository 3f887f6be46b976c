"""Answers given on the command line: `business.churn=12`, `segment[commuters].price_sensitivity=high`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tactician.errors import UsageError, did_you_mean
from tactician.facts.setting import addressed, fact_of, key_and_value
from tactician.interview import events as e
from tactician.interview.answers import Answers
from tactician.interview.asking import asked
from tactician.interview.commands import says_unknown
from tactician.interview.conversation import Conversation
from tactician.interview.desk import Desk
from tactician.interview.events import Event, Stated
from tactician.interview.stating import EVERYONE
from tactician.interview.understanding import Again, WhichOne, shown

STEPS = ("client", "currency", "running", "segments")


def apply_settings(
    desk: Desk, answers: Answers, settings: Iterable[str], keep: Callable[[Event], None]
) -> Answers:
    """The answers with each `key=value` taken in, in order; raises UsageError when one cannot be."""
    for setting in settings:
        key, text = key_and_value(setting)
        if text is None:
            raise UsageError(f"--set {setting} lacks a value.", f"Write --set {key}=VALUE.")
        talk = Conversation(desk, answers, keep)
        events = _events(talk, key, text)
        if not talk.hear(*events):
            raise UsageError(f"--set {setting}: {' '.join(talk.unsaid())}")
        answers = talk.answers
    return answers


def _events(talk: Conversation, key: str, text: str) -> list[Event]:
    words = [part.strip() for part in text.split(",") if part.strip()]
    match key:
        case "client":
            return [e.Named(text)]
        case "currency":
            return [e.Counted(text.upper())]
        case "running":
            return [e.Ran(() if says_unknown(text) else tuple(words))]
        case "segments":
            return [*(e.SegmentAdded(word) for word in words), e.Done("segments")]
    return _fact(talk, key, text)


def _fact(talk: Conversation, key: str, text: str) -> list[Event]:
    fact, named = addressed(key)
    spec = fact_of(talk.desk.rulebase.vocabulary, fact, len(talk.answers.segments) or 1, STEPS)
    value = None if not text or says_unknown(text) else _value(talk, spec.id, text)
    if spec.scope != "segment":
        return [e.Answered(spec.id, {"": value})]
    names = [segment.name for segment in talk.answers.segments]
    if named and named not in names:
        raise UsageError(f"--set {key}: there is no group called {named}.", did_you_mean(named, names))
    new: list[Event] = [] if names else [e.SegmentAdded(EVERYONE), e.Done("segments")]
    chosen = [named] if named else names or [EVERYONE]
    return [*new, e.Answered(spec.id, dict.fromkeys(chosen, value))]


def _value(talk: Conversation, fact: str, text: str) -> Stated:
    found = asked(talk, fact).understand(text)
    if isinstance(found, Again):
        raise UsageError(f"--set {fact}={text}: {found.why}")
    if isinstance(found, WhichOne):
        readings = " or ".join(shown(value).replace(",", "") for value in found.values)
        raise UsageError(f"--set {fact}={text}: {found.why}", f"Write {readings}.")
    return found
