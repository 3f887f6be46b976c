"""Questions about a trace: which activation fires next, and what it concludes; tells why, and keeps the score."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tactician.inference.listening import Activation
from tactician.inference.tracing import Cycle, SegmentTrace, Trace
from tactician.presentation.tracing.text import entry
from tactician.presentation.tracing.wording import (
    conclusion,
    criterion,
    matched,
    numbered,
    order_words,
    reason,
    title,
)

T = TypeVar("T")
LETTERS = "abcd"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its choices; `why` is said after the answer."""

    opening: tuple[str, ...]
    ask: str
    choices: tuple[str, ...]
    right: int
    why: str


class Quiz:
    """Questions to be answered one after the other."""

    def __init__(self, trace: Trace, cycles: int) -> None:
        self.questions = tuple(_questions(trace, cycles))
        self.asked = 0
        self.right = 0

    def text(self) -> Iterator[str]:
        """The next question."""
        question = self.questions[self.asked]
        yield ""
        yield from question.opening
        yield f"{self.asked + 1}. {question.ask}"
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            yield f"   {letter}) {choice}"

    @property
    def over(self) -> bool:
        """Whether every question was asked."""
        return self.asked == len(self.questions)

    def answer(self, said: str) -> Iterator[str]:
        """What is right, and why; for something that is no choice, what can be said."""
        question = self.questions[self.asked]
        letters = LETTERS[: len(question.choices)]
        letter = said.strip().lower().rstrip(")")
        if len(letter) != 1 or letter not in letters:
            yield f"Answer with one of {', '.join(letters)}, or q to stop."
            return
        correct = letters.index(letter) == question.right
        self.asked += 1
        self.right += correct
        verdict = (
            "Right." if correct else f"No: {letters[question.right]}) {question.choices[question.right]}."
        )
        yield f"{verdict} {question.why}"

    def score(self) -> str:
        """The score so far."""
        return f"Score: {self.right} of {self.asked}."


def _questions(trace: Trace, most: int) -> Iterator[Question]:
    """Two questions about each of some cycles, which lie evenly over the trace and can be answered by thought."""
    fit = [
        (segment, cycle)
        for segment in trace.segments
        for cycle in trace.shown(segment)
        if cycle.fires.role in ("rule", "expression") and _can_be_told(segment, cycle, trace.strategy)
    ]
    number = min(most, len(fit))
    for place in range(number):
        segment, cycle = fit[place * len(fit) // number]
        yield _which(segment, cycle, trace)
        yield _what(segment, cycle, trace)


def _can_be_told(segment: SegmentTrace, cycle: Cycle, strategy: str) -> bool:
    """Whether what is shown decides which activation is first: neither chance nor the order of rules is."""
    if len(_rivals(segment, cycle)) < 2:
        return False
    return criterion(cycle.agenda[0], cycle.agenda[1], strategy) not in ("lot", "place")


def _rivals(segment: SegmentTrace, cycle: Cycle) -> list[Activation]:
    """The first of the agenda and up to three others that differ from it and from one another in name."""
    fires = {each.fires.key for each in segment.cycles}
    by_title = {title(each): each for each in reversed(cycle.agenda) if each.key in fires}
    others = [each for each in reversed(by_title.values()) if title(each) != title(cycle.fires)]
    spread = [others[0], others[len(others) // 2], others[-1]] if others else []
    return [cycle.fires, *dict.fromkeys(spread)]


def _which(segment: SegmentTrace, cycle: Cycle, trace: Trace) -> Question:
    rivals = _mixed(_rivals(segment, cycle), cycle.number)
    second = cycle.agenda[1]
    opening = (
        f"Segment {segment.name}, cycle {cycle.number}. {order_words(trace.strategy)}",
        *(
            f"   {numbered(element)}"
            for element in dict.fromkeys(e for each in rivals for e in each.elements)
        ),
    )
    return Question(
        opening,
        "Which activation fires next?",
        tuple(f"{entry(each)}, salience {each.salience}" for each in rivals),
        rivals.index(cycle.fires),
        f"{title(cycle.fires)} fires before {title(second)} because {reason(cycle.fires, second, trace.strategy)}.",
    )


def _what(segment: SegmentTrace, cycle: Cycle, trace: Trace) -> Question:
    fired = cycle.fires
    right = conclusion(fired, segment, trace)
    said = [conclusion(each, segment, trace) for each in _rivals(segment, cycle)]
    choices = _mixed(list(dict.fromkeys([right, *said])), cycle.number + 1)
    rule = trace.consultation.rulebase.rule.get(fired.rule)
    because = f" {rule.because}" if rule else ""
    return Question(
        (f"{title(fired)} fires, matched by {matched(fired)}.",),
        "What does it conclude?",
        tuple(choices),
        choices.index(right),
        f"{title(fired)} concludes {right}.{because}",
    )


def _mixed(choices: Sequence[T], seed: int) -> list[T]:
    """The choices in an order that gives nothing away and is the same every time."""
    return sorted(choices, key=lambda choice: zlib.crc32(f"{seed} {choice}".encode()))
