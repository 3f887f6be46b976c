"""The answers a plan hangs by: a step more or less in one of them, and other tactics are the first three."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tactician.advice.ranking import Ranked
from tactician.advice.unknowns import TOP
from tactician.facts.client import Client
from tactician.facts.steps import steps
from tactician.facts.vocabulary import Value
from tactician.inference.consultation import Consultation
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.knowledge.rules import Block, Evidence, Rule


@dataclass(frozen=True, slots=True)
class Hinge:
    """An answer one step of which changes the first three. `segment` is empty for business and offering facts."""

    fact: str
    segment: str
    answer: Value
    other: Value
    """The nearest answer that changes them."""
    gone: tuple[str, ...]
    """The tactics that would leave the first three …"""
    instead: tuple[str, ...]
    """… and those that would take their place."""


def hinges(consultation: Consultation, tactics: Sequence[Ranked]) -> tuple[Hinge, ...]:
    """The answers by which the first three hang; those that would change the first tactic come first."""
    client = consultation.client
    scales = _Scales(consultation, tactics)
    found: list[tuple[bool, int, Hinge]] = []
    for index in range(-1, len(client.segments)):
        facts = client.facts if index < 0 else client.segments[index].facts
        for fact, answer in facts.items():
            for other in steps(consultation.rulebase.vocabulary[fact], answer):
                first = scales.first_after(
                    client.with_fact(fact, other, max(index, 0)), index, fact, answer, other
                )
                gone = tuple(record for record in scales.first if record not in first)
                if gone:
                    instead = tuple(record for record in first if record not in scales.first)
                    segment = client.segments[index].name if index >= 0 else ""
                    hinge = Hinge(fact, segment, answer, other, gone, instead)
                    found.append((scales.first[0] not in gone, -len(gone), hinge))
                    break
    found.sort(key=lambda entry: entry[:2])
    return tuple(hinge for *_, hinge in found)


class _Scales:
    """The totals of the tactics, and how they move when one answer does."""

    def __init__(self, consultation: Consultation, tactics: Sequence[Ranked]) -> None:
        self.engine = engine_for(consultation.rulebase)
        self.client = consultation.client
        self.ranked = {entry.id: entry for entry in tactics}
        self.first = tuple(entry.id for entry in tactics[:TOP])
        self.read = _computed_from(self.engine)
        spoken = _Spoken(self.engine, frozenset(self.ranked))
        self.base = [_Side(spoken, self.client, index) for index in range(len(self.client.segments))]

    def first_after(
        self, changed: Client, index: int, fact: str, answer: Value, other: Value
    ) -> tuple[str, ...]:
        """The first three of a client that differs in one answer of one segment, or of the business (-1)."""
        table = self.engine.bits.facts.get(fact)
        same = table is None or table.bits(answer) == table.bits(other)
        if same and fact not in self.read:
            return self.first
        sides = [
            _Side(kept.spoken, changed, at, kept) if index in (-1, at) else kept
            for at, kept in enumerate(self.base)
        ]
        keys = {}
        for record, entry in self.ranked.items():
            total = sum(side.share(record) for side in sides)
            blocked = all(record in side.blocked for side in sides)
            keys[record] = (blocked, -total, entry.record.tie_order)
        return tuple(sorted(keys, key=keys.__getitem__)[:TOP])


class _Spoken:
    """The rules that speak of tactics, by the bit of their condition."""

    def __init__(self, engine: DirectEngine, tactics: frozenset[str]) -> None:
        self.engine = engine
        self.by_position: dict[int, list[Rule]] = {}
        for rule in engine.rulebase.rules:
            if not tactics.isdisjoint(rule.targets):
                self.by_position.setdefault(engine.position[rule.id], []).append(rule)
        self.mask = sum(1 << position for position in self.by_position)
        self.weighted = sum(1 << position for position in self.by_position if position in engine.weighted)

    def rules(self, bits: int) -> Iterator[Rule]:
        """The rules at these bits."""
        bits &= self.mask
        while bits:
            lowest = bits & -bits
            yield from self.by_position[lowest.bit_length() - 1]
            bits ^= lowest


class _Side:
    """One segment: what each record has in it; beside another, only what differs is counted anew."""

    def __init__(self, spoken: _Spoken, client: Client, index: int, beside: _Side | None = None) -> None:
        self.spoken = spoken
        self.engine = spoken.engine
        self.ppm = client.segments[index].ppm
        self.state: State = self.engine.settle(client, index)
        records = self.engine.rulebase.records
        self.totals: dict[str, int] = dict(beside.totals) if beside else dict.fromkeys(records, 0)
        self.blocked: set[str] = set(beside.blocked) if beside else set()
        moved = spoken.mask
        if beside:
            moved = (self.state.true ^ beside.state.true) | (self.state.false ^ beside.state.false)
            # A condition over items may stay true and still weigh more or less.
            moved |= spoken.weighted & self.state.true
        for rule in spoken.rules(moved):
            self._count(rule, beside)

    def _count(self, rule: Rule, beside: _Side | None) -> None:
        if isinstance(rule.then, Block):
            holds = self.engine.truth(self.state, rule.id) is True
            (self.blocked.add if holds else self.blocked.discard)(rule.then.target)
        elif isinstance(rule.then, Evidence):
            gain = self._worth(rule) - (beside._worth(rule) if beside else 0)
            for target in rule.then.targets if gain else ():
                self.totals[target] += gain

    def _worth(self, rule: Rule) -> int:
        truth = self.engine.truth(self.state, rule.id)
        if truth is None:
            return 0
        assert isinstance(rule.then, Evidence)
        evidence = (
            rule.then.weight * self.engine.strength(self.state, self.engine.position[rule.id]) if truth else 0
        )
        return evidence - rule.expected

    def share(self, record: str) -> int:
        """What the segment adds to a record's total."""
        total = self.totals[record]
        return self.ppm * (min(0, total) if record in self.blocked else total)


def _computed_from(engine: DirectEngine) -> frozenset[str]:
    """The facts that expressions and measures read: any change of theirs may count."""
    return frozenset(
        fact for derived in engine.rulebase.derived if not derived.entries for fact in derived.reads
    )
