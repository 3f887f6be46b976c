"""Asks for one fact: of the business, the offering, or some groups of customers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tactician.facts.number_words import fold
from tactician.facts.vocabulary import FactSpec, Value
from tactician.inference.truth_table import FactTable
from tactician.interview.commands import says_unknown
from tactician.interview.conversation import Conversation
from tactician.interview.events import Answered, Stated
from tactician.interview.prompting import Talk
from tactician.interview.slots import Slot
from tactician.interview.understanding import LETTERS, Again, Asked, WhichOne, plain_number, shown
from tactician.interview.why import why_fact
from tactician.presentation.words import answer, listed

BETWEEN = "/"
"""Stands between the answers for several groups."""
NOT_KNOWN = "not known"


def asked(talk: Conversation, fact: str) -> Asked:
    """A fact as this client is asked for it."""
    client = talk.standing.client
    table = talk.desk.engine.bits.facts.get(fact, FactTable())
    return Asked(talk.desk.spec(fact), client.currency, client.rate, table)


def ask_fact(talk: Conversation, fact: str, segments: Sequence[str]) -> Talk[None]:
    """Ask until there is an answer; `segments` has the empty name for facts of business and offering."""
    about = asked(talk, fact)
    slots = [Slot(fact, name) for name in segments]
    was_asked = all(talk.answers.stated(slot) is not None or slot in talk.answers.skipped for slot in slots)
    lines = (*_question(talk, about, segments), *_kept(talk, about.spec, segments))
    kind = "number" if about.spec.is_number else "choice"

    def why() -> Sequence[str]:
        return why_fact(talk.standing, about.spec, segments)

    while True:
        text = yield from talk.ask(kind, lines, cue(about, len(segments)), why)
        if text is not None and not text.strip():
            if was_asked:
                talk.say("Kept as it was.")
                return
            talk.say("Nothing was typed. If you don't know, type skip.")
            continue
        values = yield from _values(talk, about, text, segments)
        if values is not None and talk.hear(Answered(fact, values)):
            talk.say(*_noted(talk, about.spec, segments))
            return


def _question(talk: Conversation, about: Asked, segments: Sequence[str]) -> tuple[str, ...]:
    opening = (
        () if segments == [""] or len(talk.answers.segments) < 2 else (f"About {listed(list(segments))}:",)
    )
    each = (f"One answer for all of these groups, or one each, such as {_example(about, len(segments))}",)
    return ("", *opening, about.spec.question, *offers(about), *(each if len(segments) > 1 else ()))


def _example(about: Asked, count: int) -> str:
    samples = [shown(value) for value, _ in about.offered] if about.spec.is_number else ["2", "1"]
    return f" {BETWEEN} ".join(samples[place % len(samples)] for place in range(count))


def offers(about: Asked) -> tuple[str, ...]:
    """The answers that can be chosen, with their meaning; for a number its unit and examples."""
    spec = about.spec
    if spec.type == "bool":
        return ("  1. yes", "  2. no")
    if not spec.is_number:
        return tuple(
            f"  {place}. {level.replace('_', ' ')}: {spec.meanings.get(level, '')}".rstrip(": ")
            for place, level in enumerate(spec.levels, start=1)
        )
    bands = zip(LETTERS, about.offered, strict=False)
    return (
        f"Type a number ({about.unit}), or the letter of an example:",
        *(f"  {letter}. {shown(value)}: {meaning}" for letter, (value, meaning) in bands),
    )


def cue(about: Asked, count: int = 1) -> str:
    """What stands before the cursor."""
    spec = about.spec
    kind = f"{about.unit}, or a letter" if spec.is_number else f"Number 1-{len(spec.values)}"
    return f"{kind}, for all or each: " if count > 1 else f"{kind}: "


def _kept(talk: Conversation, spec: FactSpec, segments: Sequence[str]) -> tuple[str, ...]:
    said = [said_words(talk, spec, name) for name in segments]
    slots = [Slot(spec.id, name) for name in segments]
    if all(talk.answers.stated(slot) is None and slot not in talk.answers.skipped for slot in slots):
        return ()
    return (f"So far: {f' {BETWEEN} '.join(said)}. Press Enter to keep that.",)


def said_words(talk: Conversation, spec: FactSpec, segment: str) -> str:
    """What the owner answered, in words."""
    value = talk.answers.stated(Slot(spec.id, segment))
    if value is None:
        return NOT_KNOWN
    return value_words(talk, spec, value)


def value_words(talk: Conversation, spec: FactSpec, stated: Stated) -> str:
    """A stated value in words, money with its currency."""
    about = asked(talk, spec.id)
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return f"{shown(stated)} {about.unit}"
    value: Value = stated if isinstance(stated, bool) else str(stated)
    return answer(spec, value, talk.standing.client)


def _noted(talk: Conversation, spec: FactSpec, segments: Sequence[str]) -> list[str]:
    words = {name: said_words(talk, spec, name) for name in segments}
    if len(set(words.values())) == 1:
        return [f"Noted: {words[segments[0]]}."]
    return [f"Noted for {name}: {word}." for name, word in words.items()]


def _values(
    talk: Conversation, about: Asked, text: str | None, segments: Sequence[str]
) -> Talk[Mapping[str, Stated | None] | None]:
    """The answer for each group; None when it has to be asked again."""
    parts = [text] if text is None or len(segments) == 1 else text.split(BETWEEN)
    if len(parts) not in (1, len(segments)):
        talk.say(f"That is {len(parts)} answers for {len(segments)} groups: {listed(list(segments))}.")
        return None
    values: list[Stated | None] = []
    for part in parts:
        unknown = part is None or says_unknown(part)
        value = None if unknown or part is None else (yield from _understood(talk, about, part))
        if value is None and not unknown:
            return None
        values.append(value)
    return dict(zip(segments, values * len(segments) if len(parts) == 1 else values, strict=False))


def _understood(talk: Conversation, about: Asked, text: str) -> Talk[Stated | None]:
    """The value of one answer; None when it has to be asked again."""
    found = about.understand(text)
    if isinstance(found, Again):
        talk.say(found.why)
        return None
    if not isinstance(found, WhichOne):
        return found
    return (yield from _which(talk, about, found))


def _which(talk: Conversation, about: Asked, found: WhichOne) -> Talk[Stated | None]:
    """Which of several readings is meant; None when the fact has to be asked again."""
    options = dict(zip(LETTERS, found.values, strict=False))
    lines = [found.why, *(f"  {letter}. {shown(value)}" for letter, value in options.items())]
    while True:
        text = yield from talk.ask("which", lines, "Letter, or another number: ", lambda: lines)
        word = fold(text or "").rstrip(".")
        if not word:
            return None
        if word in options:
            wrong = about.problem(options[word])
            if not wrong:
                return plain_number(options[word])
            talk.say(wrong)
            return None
        # A letter of the question before must not be taken for one of these.
        if not word.isalpha():
            return (yield from _understood(talk, about, word))
        talk.say(
            f"There is no {word} here. Type a letter from {min(options)} to {max(options)}, or a number."
        )
