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
from tactician.facts.vocabulary import FACT_SCOPES
from tactician.inference.direct import State, engine_for
from tactician.knowledge.rules import Rule, Rulebase, spelt


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

    def __repr__(self) -> str:
        return f"<SegmentReasons {self.total.name}: reasons: {len(self.reasons)}, silent: {len(self.silent)}>"


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

    def __repr__(self) -> str:
        client = self.advice.consultation.client.id
        return f"<Explanation of {self.entry.id} for {client}: {self.entry.rank_and_points}>"


class Explanations(tuple[Explanation, ...]):
    """The explanations of some records of one client."""

    __slots__ = ()

    def __repr__(self) -> str:
        client = f" for {self[0].advice.consultation.client.id}" if self else ""
        return f"<Explanations{client}: {', '.join(each.entry.id for each in self) or 'none'}>"


def find(advice: Advice, record: str) -> Ranked:
    """A record of an advice by its id or its name in any case; raises UsageError."""
    base, wanted = advice.consultation.rulebase, spelt(record)
    called = base.record_called(record)
    if called is not None:
        return next(entry for entry in advice.ranked if entry.id == called.id)
    if facts_called(base, record):
        hint = f"That is a fact: tactician explain FILE {wanted}, or in Python tactician.explain_fact."
    else:
        near = did_you_mean(wanted, [*(entry.id for entry in advice.ranked), *names_of_facts(base, wanted)])
        hint = near or "`tactician rules list` shows the ids of all."
    raise UsageError(f"There is no tactic, lever or improvement called {record!r}.", hint)


def facts_called(base: Rulebase, name: str) -> list[str]:
    """The ids of the facts that a name may stand for: an id, or the name without its scope."""
    wanted = spelt(name)
    return [fact for fact in _facts(base) if wanted in (fact, base.specs[fact].name)]


def names_of_facts(base: Rulebase, like: str) -> list[str]:
    """What facts are called, with their scope where the name that was written has one."""
    return _facts(base) if "." in like else [base.specs[fact].name for fact in _facts(base)]


def _facts(base: Rulebase) -> list[str]:
    return [fact for fact, spec in base.specs.items() if spec.scope in FACT_SCOPES]


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
