"""What a client says for and against every record, kept so that it can be weighed again under other priors."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from tactician.facts.client import Client
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.knowledge.rules import Block, Evidence, Rulebase

Expected = Mapping[str, int]
"""By rule: what the prior takes off where it is decided, in 10⁻⁶ point."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One segment: the evidence of fired rules in 10⁻⁶ point, the decided rules, and what is blocked by which."""

    ppm: int
    evidence: Mapping[str, int]
    decided: frozenset[str]
    blocks: Mapping[str, tuple[str, ...]]
    """By blocked record: the rules that block it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One record over all segments of a client; the total is in 10⁻¹² point."""

    total: int
    blocked: bool


def weigh(client: Client, rulebase: Rulebase) -> tuple[Weighed, ...]:
    """What holds in every segment of a client."""
    engine = engine_for(rulebase)
    return tuple(
        weighed(engine, engine.settle(client, index), segment.ppm)
        for index, segment in enumerate(client.segments)
    )


def weighed(engine: DirectEngine, state: State, ppm: int) -> Weighed:
    """What holds in one settled segment."""
    evidence: dict[str, int] = {}
    decided: list[str] = []
    blocks: dict[str, tuple[str, ...]] = {}
    for rule in engine.rulebase.rules:
        truth = engine.truth(state, rule.id) if rule.targets else None
        if truth is None:
            continue
        if isinstance(rule.then, Evidence):
            decided.append(rule.id)
            if truth:
                evidence[rule.id] = rule.then.weight * engine.strength(state, engine.position[rule.id])
        elif truth and isinstance(rule.then, Block):
            blocks[rule.then.target] = (*blocks.get(rule.then.target, ()), rule.id)
    return Weighed(ppm, evidence, frozenset(decided), blocks)


@dataclass(frozen=True, slots=True)
class Scale:
    """What evidence is weighed on: the rules, the priors, and rules that are to count as if they were not there."""

    rulebase: Rulebase
    expected: Expected
    without: Container[str] = ()

    def standing(self, record: str, segments: Sequence[Weighed]) -> Standing:
        """Where a record stands over all segments."""
        total, blocked = 0, 0
        for segment in segments:
            here = 0
            for rule in self.rulebase.by_target[record]:
                if rule.id not in self.without:
                    here += segment.evidence.get(rule.id, 0)
                    here -= self.expected.get(rule.id, 0) if rule.id in segment.decided else 0
            if any(rule not in self.without for rule in segment.blocks.get(record, ())):
                here = min(0, here)
                blocked += 1
            total += segment.ppm * here
        return Standing(total, blocked == len(segments))

    def ranking(self, group: str, segments: Sequence[Weighed]) -> tuple[str, ...]:
        """The records of a group, best first, in the order in which a plan ranks them."""
        keys = {}
        for record in self.rulebase.group(group):
            stands = self.standing(record.id, segments)
            keys[record.id] = (stands.blocked, -stands.total, record.tie_order)
        return tuple(sorted(keys, key=keys.__getitem__))


def shipped(rulebase: Rulebase) -> Expected:
    """The priors that the rulebase carries."""
    return {rule.id: rule.expected for rule in rulebase.rules if rule.expected}
