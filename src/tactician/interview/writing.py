"""Writes the answers as a client file: valid, with the meaning of each answer beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tactician.facts.scalars import TooManyDigits, resolve, unmistakable
from tactician.facts.vocabulary import FACT_SCOPES, ITEM_KINDS, LIST_OF, FactSpec, Vocabulary
from tactician.interview.answers import Answers, ItemSaid, SegmentSaid
from tactician.interview.counting import Counted
from tactician.interview.events import Stated
from tactician.interview.slots import Slot
from tactician.interview.stating import EVERYONE, NO_NAME, UNKNOWN
from tactician.presentation.page import one_line
from tactician.presentation.terminal import clean

HEAD = "What was said in an interview. Change what you like; what is left out or unknown stays unknown."
HEADINGS = {"business": "The business as a whole", "offering": "The main thing that is sold"}
PLAIN = re.compile(r"\w[\w .,'()/&+%-]*")
"""What needs no quotes, if it is no number, truth or null."""


def client_text(
    answers: Answers, counted: Counted, vocabulary: Vocabulary, comments: Mapping[Slot, str] | None = None
) -> str:
    """The text of a client file; `comments` stand instead of the meaning of an answer."""
    return "\n".join(_Writer(answers, counted, vocabulary, comments or {}).lines()) + "\n"


class _Writer:
    def __init__(
        self, answers: Answers, counted: Counted, vocabulary: Vocabulary, comments: Mapping[Slot, str]
    ) -> None:
        self.said = answers
        self.counted = counted
        self.vocabulary = vocabulary
        self.comments = comments
        self.currency = answers.currency or "EUR"

    def lines(self) -> Iterator[str]:
        answers = self.counted.answers
        yield f"# {HEAD}"
        yield f"client: {scalar(answers.client or NO_NAME)}"
        yield f"currency: {self.currency}  # of all amounts in this file"
        if answers.running is not None:
            yield f"running: [{', '.join(answers.running)}]  # what the business does already"
        for scope in FACT_SCOPES[:2]:
            lines = list(self._facts(scope, "", answers.facts, "  "))
            if any(not line.lstrip().startswith("#") for line in lines):
                yield from ("", f"# {HEADINGS[scope]}", f"{scope}:", *lines)
        yield from ("", "segments:")
        for segment in answers.segments or (SegmentSaid(EVERYONE),):
            yield from self._segment(segment)

    def _segment(self, segment: SegmentSaid) -> Iterator[str]:
        yield f"  - name: {scalar(segment.name)}"
        if segment.share is not None:
            yield f"    share: {segment.share}  # of sales"
        yield from self._facts("segment", segment.name, segment.facts, "    ")
        for kind in ITEM_KINDS:
            items = segment.items.get(kind)
            if items:
                yield f"    {LIST_OF[kind]}:"
                for item in items:
                    yield from self._item(item, "      ")
            elif items is not None:
                yield f"    {LIST_OF[kind]}: []  # there are none"
            elif Slot(kind, segment.name) in self.said.skipped:
                yield f"    {LIST_OF[kind]}: {UNKNOWN}"
        yield ""

    def _facts(self, scope: str, segment: str, facts: Mapping[str, Stated], indent: str) -> Iterator[str]:
        for spec in self.vocabulary.of_scope(scope):
            slot = Slot(spec.id, segment)
            value = facts.get(spec.id)
            before = self._before(slot)
            if slot in self.counted.pointless and before is not None:
                yield f"{indent}# {spec.name}: {_stated(before)} (does not count: {self.counted.pointless[slot]})"
            if value is not None:
                yield f"{indent}{spec.name}: {_stated(value)}{self._comment(spec, slot, value)}"
            elif slot in self.said.skipped:
                yield f"{indent}{spec.name}: {UNKNOWN}  # {_words(spec.question)}"

    def _before(self, slot: Slot) -> Stated | None:
        """What the owner said, whether it counts or not."""
        if slot.segment and slot.segment not in {segment.name for segment in self.said.segments}:
            return None
        return self.said.stated(slot)

    def _comment(self, spec: FactSpec, slot: Slot, value: Stated) -> str:
        if slot in self.comments:
            return f"  # {self.comments[slot]}"
        if slot in self.counted.pointless:
            return f"  # follows: {self.counted.pointless[slot]}"
        words = (
            spec.unit.replace("EUR", self.currency) if spec.is_number else spec.meanings.get(str(value), "")
        )
        return f"  # {_words(words)}" if words else ""

    def _item(self, item: ItemSaid, indent: str) -> Iterator[str]:
        yield f"{indent}- id: {scalar(item.id)}"
        if item.text != item.id:
            yield f"{indent}  text: {scalar(item.text)}"
        for spec in self.vocabulary.of_scope(item.kind):
            if spec.name in item.attributes:
                level = item.attributes[spec.name]
                yield f"{indent}  {spec.name}: {level}  # {_words(spec.meanings.get(level, level))}"
        if item.addresses:
            yield f"{indent}  addresses:"
            for link in item.addresses:
                levels = "".join(f", {name}: {level}" for name, level in link.attributes.items())
                yield f"{indent}    - {{item: {scalar(link.item)}{levels}}}"


def _words(text: str) -> str:
    return one_line(clean(text))


def _stated(value: Stated) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value) if isinstance(value, str) else unmistakable(value)


def scalar(text: str) -> str:
    """A text as YAML, in quotes where it would mean something else without."""
    try:
        if PLAIN.fullmatch(text) and not text.endswith(" ") and resolve(text) == text:
            return text
    except TooManyDigits:
        pass
    return '"' + "".join(_quoted(char) for char in text) + '"'


def _quoted(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    return f"\\U{ord(char):08x}"
