"""A whole run of the forward engine as data: every cycle, its conflict set, its firing and what that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tactician.errors import UsageError, did_you_mean
from tactician.facts.client import Client
from tactician.inference import forward
from tactician.inference.consultation import Consultation, SegmentFindings
from tactician.inference.listening import Activation, MemoryElement
from tactician.knowledge.rules import Prepare, Rule, Rulebase, Warn


@dataclass(frozen=True)
class Cycle:
    """One recognise-act cycle: the conflict set in order, and what the firing of its first activation changed."""

    number: int
    """From 1 in each segment."""
    agenda: tuple[Activation, ...]
    """Never empty; the first fires."""
    declared: tuple[MemoryElement, ...]
    """What the firing put into working memory."""
    activated: tuple[Activation, ...]
    deactivated: tuple[Activation, ...]

    @property
    def fires(self) -> Activation:
        """The activation that fires."""
        return self.agenda[0]

    def __repr__(self) -> str:
        return f"<Cycle {self.number}: fires: {self.fires.rule}, on the agenda: {len(self.agenda)}>"


@dataclass(frozen=True)
class SegmentTrace:
    """The run for one segment, until its agenda was empty."""

    name: str
    declared: tuple[MemoryElement, ...]
    """Working memory before the first cycle: the initial fact, what the client states, and measures."""
    activated: tuple[Activation, ...]
    """The agenda before the first cycle, in the order in which it came about."""
    cycles: tuple[Cycle, ...]
    findings: SegmentFindings

    @cached_property
    def made_in(self) -> Mapping[int, int]:
        """For each element of working memory, by its number, the cycle that made it; 0 for the opening ones."""
        made = {element.number: 0 for element in self.declared}
        return made | {element.number: cycle.number for cycle in self.cycles for element in cycle.declared}

    @cached_property
    def elements(self) -> tuple[MemoryElement, ...]:
        """Working memory at the end of the run, oldest first."""
        return (*self.declared, *(element for cycle in self.cycles for element in cycle.declared))

    def memory(self, cycle: int) -> Iterator[MemoryElement]:
        """Working memory while a cycle chooses, oldest first."""
        return (element for element in self.elements if self.made_in[element.number] < cycle)

    def __repr__(self) -> str:
        return f"<SegmentTrace {self.name}: cycles: {len(self.cycles)}>"


@dataclass(frozen=True)
class Trace:
    """A run of the forward engine for one client. With `target`, `leading` says which cycles lead to it."""

    consultation: Consultation
    strategy: str
    segments: tuple[SegmentTrace, ...]
    target: str | None = None
    leading: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By segment: the numbers of the cycles that lead to the target."""

    def shown(self, segment: SegmentTrace) -> tuple[Cycle, ...]:
        """The cycles to show: all, or those that lead to the target."""
        if self.target is None:
            return segment.cycles
        return tuple(cycle for cycle in segment.cycles if cycle.number in self.leading[segment.name])

    def __repr__(self) -> str:
        cycles = sum(len(segment.cycles) for segment in self.segments)
        return f"<Trace for {self.consultation.client.id}: segments: {len(self.segments)}, cycles: {cycles}>"


class Recorder:
    """A listener that keeps everything."""

    def __init__(self) -> None:
        self.segments: list[tuple[str, list[_Step]]] = []

    def on_segment(self, name: str) -> None:
        """A run for a segment starts."""
        self.segments.append((name, [_Step()]))

    def on_declare(self, element: MemoryElement) -> None:
        """An element enters working memory."""
        self._step.declared.append(element)

    def on_activate(self, activation: Activation) -> None:
        """An activation is put on the agenda."""
        self._step.activated.append(activation)

    def on_deactivate(self, activation: Activation) -> None:
        """An activation leaves the agenda unfired."""
        self._step.deactivated.append(activation)

    def on_cycle(self, agenda: tuple[Activation, ...]) -> None:
        """A cycle starts; the last one finds an empty agenda and is none."""
        if agenda:
            self.segments[-1][1].append(_Step(agenda))

    def on_fire(self, activation: Activation) -> None:
        """An activation fires: the first of the agenda."""

    @property
    def _step(self) -> _Step:
        return self.segments[-1][1][-1]


@dataclass
class _Step:
    agenda: tuple[Activation, ...] = ()
    declared: list[MemoryElement] = field(default_factory=list)
    activated: list[Activation] = field(default_factory=list)
    deactivated: list[Activation] = field(default_factory=list)


def trace(
    client: Client,
    rulebase: Rulebase,
    *,
    strategy: str = "depth",
    segment: str | None = None,
    target: str | None = None,
) -> Trace:
    """Run the forward engine for a client and keep every cycle.

    `strategy` as for forward.consult; `segment` keeps only the segment of that name; `target` is a record, by its
    id or name: what leads to it is marked. Raises UsageError for names that there are not, LimitExceeded as
    forward.consult does.
    """
    names = [each.name for each in client.segments]
    if segment is not None and segment not in names:
        hint = did_you_mean(segment, names) or f"There are {', '.join(names)}."
        raise UsageError(f"{client.id} has no segment {segment!r}.", hint)
    if target is not None:
        record = rulebase.record_called(target)
        if record is None:
            hint = did_you_mean(target, rulebase.records) or "See them with: tactician rules list"
            raise UsageError(f"There is no tactic {target!r}.", hint)
        target = record.id
    recorder = Recorder()
    consultation = forward.consult(client, rulebase, strategy=strategy, listener=recorder)
    recorded = zip(recorder.segments, consultation.segments, strict=True)
    segments = tuple(
        _segment(name, steps, findings)
        for (name, steps), findings in recorded
        if segment is None or name == segment
    )
    leading = {} if target is None else {each.name: _leading(each, rulebase, target) for each in segments}
    return Trace(consultation, strategy, segments, target, leading)


def _segment(name: str, steps: list[_Step], findings: SegmentFindings) -> SegmentTrace:
    opening, *acts = steps
    cycles = tuple(
        Cycle(number, step.agenda, tuple(step.declared), tuple(step.activated), tuple(step.deactivated))
        for number, step in enumerate(acts, start=1)
    )
    cancelled = {activation.key for activation in opening.deactivated}
    waiting = tuple(activation for activation in opening.activated if activation.key not in cancelled)
    return SegmentTrace(name, tuple(opening.declared), waiting, cycles, findings)


def _leading(segment: SegmentTrace, rulebase: Rulebase, target: str) -> frozenset[int]:
    """The cycles that fire rules about a record, and those that made what these rest on, and so on."""
    wanted: set[int] = set()
    for cycle in reversed(segment.cycles):
        fired = cycle.fires
        about = fired.role in ("rule", "refutation") and target in _spoken_of(rulebase.rule[fired.rule])
        if about or cycle.number in wanted:
            wanted.add(cycle.number)
            wanted.update(segment.made_in[element.number] for element in fired.elements)
    return frozenset(wanted - {0})


def _spoken_of(rule: Rule) -> tuple[str, ...]:
    """The records that a rule concludes something about."""
    match rule.then:
        case Warn(for_any=records) | Prepare(before=records):
            return records
    return rule.targets
