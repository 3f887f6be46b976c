"""Explanations of a plan as data: how a record came to its total, and why it did not come to more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tactician.advice.advise import Advice
from tactician.advice.plan import Line
from tactician.advice.ranking import Piece, Ranked, SegmentTotal
from tactician.advice.silence import Lost, Silent, lost, open_blocks, silent
from tactician.advice.support import Support, supports
from tactician.errors import UsageError, did_you_mean
from tactician.inference.direct import State, engine_for
from tactician.knowledge.rules import Rule


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence, with everything it rests on."""

    rule: Rule
    piece: Piece
    supports: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class BlockReason:
    """A rule that rules a record out in a segment, with everything it rests on."""

    rule: Rule
    supports: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class SegmentReasons:
    """Why a record has its total in one segment."""

    total: SegmentTotal
    reasons: tuple[Reason, ...]
    """Strongest first."""
    blocks: tuple[BlockReason, ...]
    silent: tuple[Silent, ...]
    decided: tuple[Rule, ...]
    """The rules known to be true or false that the prior takes something off for."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a record has its total and its rank."""

    advice: Advice
    entry: Ranked
    group: tuple[Ranked, ...]
    """Everything it is ranked among, best first."""
    segments: tuple[SegmentReasons, ...]

    @property
    def line(self) -> Line | None:
        """Its line in the plan; None where it has none."""
        return next((line for line in self.advice.plan if line.id == self.entry.id), None)

    @property
    def silences(self) -> tuple[Silent, ...]:
        """The rules about it that do not fire, segment by segment."""
        return tuple(each for segment in self.segments for each in segment.silent)

    @property
    def lost(self) -> tuple[Lost, ...]:
        """The rules that would speak for it and stay silent, what would add most first."""
        return lost(self.silences)

    @property
    def open_blocks(self) -> tuple[Silent, ...]:
        """The rules that may still rule it out."""
        return open_blocks(self.silences)

    def short_of(self, top: int) -> int | None:
        """How many 10⁻¹² points it lacks on the last of the first `top`; None where it is among them."""
        return None if self.entry.rank <= top else self.group[top - 1].total - self.entry.total


def find(advice: Advice, record: str) -> Ranked:
    """A record of an advice by its id or its name in any case; raises UsageError."""
    wanted = record.strip().casefold().replace(" ", "_").replace("-", "_")
    for entry in advice.ranked:
        names = {entry.id, *(name.casefold().replace(" ", "_") for name in entry.record.names.values())}
        if wanted in names:
            return entry
    known = [entry.id for entry in advice.ranked]
    hint = did_you_mean(wanted, known) or "`tactician rules list` shows the ids of all."
    raise UsageError(f"There is no tactic, lever or improvement called {record!r}.", hint)


def explain(advice: Advice, record: str, states: Sequence[State] | None = None) -> Explanation:
    """Why a record has its total; `states` are the settled segments where there are some; raises UsageError."""
    entry = find(advice, record)
    group = next(g for g in (advice.tactics, advice.levers, advice.improvements) if entry in g)
    settled = settled_segments(advice) if states is None else states
    found = tuple(_in_segment(advice, entry, number, state) for number, state in enumerate(settled))
    return Explanation(advice, entry, group, found)


def settled_segments(advice: Advice) -> tuple[State, ...]:
    """Every segment of an advice with the truth of all conditions."""
    client = advice.consultation.client
    engine = engine_for(advice.consultation.rulebase)
    return tuple(engine.settle(client, number) for number in range(len(client.segments)))


def _in_segment(advice: Advice, entry: Ranked, number: int, state: State) -> SegmentReasons:
    consultation = advice.consultation
    base, name = consultation.rulebase, state.segment.name
    found = consultation.segments[number]
    reasons = (
        Reason(base.rule[piece.rule], piece, supports(consultation, number, piece.witnesses))
        for piece in entry.evidence
        if piece.segment == name
    )
    blocks = (
        BlockReason(base.rule[block.rule], supports(consultation, number, block.witnesses))
        for block in entry.blocks
        if block.segment == name
    )
    return SegmentReasons(
        entry.segments[number],
        tuple(sorted(reasons, key=lambda reason: (-abs(reason.piece.weight), reason.rule.id))),
        tuple(blocks),
        silent(engine_for(base), state, entry.id),
        tuple(
            rule
            for rule in base.by_target[entry.id]
            if rule.expected and (rule.id in found.fired or rule.id in found.refuted)
        ),
    )
