"""A walk through a trace, one command at a time: text in, lines out; knows no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from tactician.errors import did_you_mean
from tactician.inference.tracing import Cycle, SegmentTrace, Trace
from tactician.presentation.tracing.text import agenda_lines, changes, entry
from tactician.presentation.tracing.wording import conclusion, numbered, reason, title
from tactician.presentation.words import count, listed

HELP = (
    "Enter or n       let the first activation fire",
    "b                take the last firing back",
    "g NUMBER         go to a cycle",
    "r RULE           go to the cycle in which a rule fires",
    "a [NUMBER]       show the agenda, or so many lines of it",
    "y                say why this activation fires first",
    "m [WORD]         show working memory, or what has this word in it",
    "w FACT           watch a fact: say when it comes about, and stop there; again to stop watching",
    "break RULE       stop before this rule fires; again to forget it",
    "c                go on to the next break, watched fact, or the end of the segment",
    "s                go to the next segment",
    "q                leave",
)
AGENDA = 10
"""Lines of an agenda, unless told otherwise."""


class Stepper:
    """Stands before one cycle of one segment, or after its last."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.done = False
        self.watched: set[str] = set()
        self.breaks: set[str] = set()
        self._at = 0
        self._place = 0
        self._commands: dict[str, Callable[[str], Iterator[str]]] = {
            "n": self._next, "b": self._back, "g": self._go, "r": self._rule, "a": self._agenda, "y": self._why,
            "m": self._memory, "w": self._watch, "break": self._break, "c": self._continue,
            "s": self._next_segment, "h": self._help, "q": self._quit,
        }  # fmt: skip
        self._commands |= {
            "": self._next, "next": self._next, "back": self._back, "go": self._go, "rule": self._rule,
            "agenda": self._agenda, "why": self._why, "memory": self._memory, "watch": self._watch,
            "continue": self._continue, "segment": self._next_segment, "help": self._help, "?": self._help,
            "quit": self._quit,
        }  # fmt: skip

    @property
    def segment(self) -> SegmentTrace:
        """The segment it stands in."""
        return self.trace.segments[self._at]

    @property
    def cycles(self) -> tuple[Cycle, ...]:
        """The cycles to walk through in this segment."""
        return self.trace.shown(self.segment)

    @property
    def cycle(self) -> Cycle | None:
        """The cycle it stands before; None after the last."""
        return self.cycles[self._place] if self._place < len(self.cycles) else None

    def answer(self, line: str) -> Iterator[str]:
        """What there is to say to a command; what it moves it moves while this is read."""
        word, _, rest = line.strip().partition(" ")
        command = self._commands.get(word.lower())
        if command is None:
            near = did_you_mean(word, self._commands) or "Type h for all commands."
            yield f"There is no command {word!r}. {near}"
        else:
            yield from command(rest.strip())

    def here(self) -> Iterator[str]:
        """Where it stands, and what fires next."""
        cycle = self.cycle
        if cycle is None:
            more = "; s goes to the next segment" if self._at + 1 < len(self.trace.segments) else ""
            yield f"Segment {self.segment.name}: the agenda is empty, the run has ended{more}."
            return
        waiting = count(len(cycle.agenda), "activation")
        last = self.segment.cycles[-1].number
        yield f"Segment {self.segment.name}, cycle {cycle.number} of {last}, {waiting} on the agenda."
        yield f"Next to fire: {entry(cycle.fires)}"

    def _next(self, _: str) -> Iterator[str]:
        yield from self._fire()
        yield from self.here()

    def _fire(self) -> Iterator[str]:
        cycle = self.cycle
        if cycle is None:
            return
        self._place += 1
        yield f"{title(cycle.fires)} fires. It concludes: {conclusion(cycle.fires, self.segment, self.trace)}"
        for label, items in changes(cycle):
            yield f"  {label}: {'; '.join(items)}"
        for element in cycle.declared:
            if element.name in self.watched:
                yield f"  WATCHED {numbered(element)}"

    def _back(self, _: str) -> Iterator[str]:
        if self._place == 0:
            yield "This is the first cycle."
        self._place = max(0, self._place - 1)
        yield from self.here()

    def _go(self, wanted: str) -> Iterator[str]:
        places = {str(cycle.number): place for place, cycle in enumerate(self.cycles)}
        if wanted in places:
            self._place = places[wanted]
            yield from self.here()
        else:
            yield f"There is no cycle {wanted!r} to go to; {_there_are([*places])}."

    def _rule(self, wanted: str) -> Iterator[str]:
        later = range(self._place + 1, len(self.cycles))
        for place in chain(later, range(self._place + 1)):
            if place < len(self.cycles) and title(self.cycles[place].fires).lower() == wanted.lower():
                self._place = place
                yield from self.here()
                return
        near = did_you_mean(wanted.upper(), [title(cycle.fires) for cycle in self.cycles])
        yield f"{wanted or 'That rule'} does not fire in segment {self.segment.name}. {near}".rstrip()

    def _agenda(self, wanted: str) -> Iterator[str]:
        cycle = self.cycle
        if cycle is None:
            yield "The agenda is empty."
        else:
            yield from agenda_lines(
                cycle.agenda, self.trace.strategy, int(wanted) if wanted.isdecimal() else AGENDA
            )

    def _why(self, _: str) -> Iterator[str]:
        cycle = self.cycle
        if cycle is None:
            yield "Nothing fires any more."
        elif len(cycle.agenda) == 1:
            yield f"{title(cycle.fires)} is the only activation on the agenda."
        else:
            first, second = cycle.agenda[:2]
            yield f"{title(first)} fires first because {reason(first, second, self.trace.strategy)}."
            yield f"It is on the agenda because of {'; '.join(map(numbered, first.elements))}."

    def _memory(self, wanted: str) -> Iterator[str]:
        number = self.cycle.number if self.cycle else len(self.segment.cycles) + 1
        lines = [numbered(element) for element in self.segment.memory(number)]
        found = [line for line in lines if wanted.lower() in line.lower()]
        yield from found or [f"Nothing in working memory has {wanted!r} in it."]

    def _watch(self, fact: str) -> Iterator[str]:
        specs = self.trace.consultation.rulebase.specs
        if not fact:
            yield f"Watched: {', '.join(sorted(self.watched)) or 'nothing'}."
        elif fact not in specs:
            yield f"There is no fact {fact!r}. {did_you_mean(fact, specs)}".rstrip()
        else:
            self.watched ^= {fact}
            yield f"{fact} is {'watched' if fact in self.watched else 'no longer watched'}."

    def _break(self, rule: str) -> Iterator[str]:
        rules = {title(cycle.fires) for segment in self.trace.segments for cycle in segment.cycles}
        known = rules | set(self.trace.consultation.rulebase.rule)
        if not rule:
            yield f"Breaks: {', '.join(sorted(self.breaks)) or 'none'}."
        elif rule not in known:
            yield f"There is no rule {rule!r}. {did_you_mean(rule, known)}".rstrip()
        else:
            self.breaks ^= {rule}
            yield f"{rule} {'stops the run' if rule in self.breaks else 'stops it no more'}."

    def _continue(self, _: str) -> Iterator[str]:
        while self.cycle is not None:
            said = list(self._fire())
            following = self.cycle
            if any(line.startswith("  WATCHED") for line in said):
                yield from said
                break
            if following is not None and title(following.fires) in self.breaks:
                yield f"BREAK before {title(following.fires)}"
                break
        yield from self.here()

    def _next_segment(self, _: str) -> Iterator[str]:
        if self._at + 1 == len(self.trace.segments):
            yield "This is the last segment."
        else:
            self._at, self._place = self._at + 1, 0
        yield from self.here()

    def _help(self, _: str) -> Iterator[str]:
        yield from HELP

    def _quit(self, _: str) -> Iterator[str]:
        self.done = True
        return iter(())


def _there_are(numbers: Sequence[str]) -> str:
    """The numbers of the cycles there are: `there are 1 to 14`; only some of a run lead to a target."""
    if len(numbers) < 2:
        return f"there is only {numbers[0]}" if numbers else "there are none"
    if len(numbers) == int(numbers[-1]):
        return f"there are {numbers[0]} to {numbers[-1]}"
    return f"there are {listed(numbers)}"
