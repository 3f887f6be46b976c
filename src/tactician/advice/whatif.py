"""What a change of answers does to a plan: before and after, what moved, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon
from tactician.advice.ranking import Ranked
from tactician.facts.vocabulary import Value
from tactician.knowledge.rules import Rule

RUNNING = "running"
Stated = Value | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that is not what it was; `segment` is empty where it is the same in all. None means unknown.

    The fact `running` has the ids of tactics for its values.
    """

    fact: str
    segment: str
    before: Stated
    after: Stated


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule adds to a record before and after, in 10⁻¹² point, over all segments."""

    rule: Rule
    before: int
    after: int

    @property
    def change(self) -> int:
        """How much more it adds than before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Move:
    """A record whose points, rank or horizon changed, with what moved it."""

    before: Ranked
    after: Ranked
    horizon_before: Horizon | None
    horizon_after: Horizon | None
    effects: tuple[Effect, ...]
    """Rules that add something else than before, the largest change first."""

    @property
    def change(self) -> int:
        """The change of its total, in 10⁻¹² point."""
        return self.after.total - self.before.total

    @property
    def prior_change(self) -> int:
        """The change of its prior, in 10⁻¹² point."""
        return self.after.prior - self.before.prior

    @property
    def cut_change(self) -> int:
        """The change of what being blocked takes away, in 10⁻¹² point."""
        return self.change - self.prior_change - sum(effect.change for effect in self.effects)

    def __repr__(self) -> str:
        return f"<Move {self.after.id}: {self.before.rank_and_points}, now {self.after.rank_and_points}>"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Two plans for one client that differ in some answers."""

    before: Advice
    after: Advice
    stated: tuple[Difference, ...]
    derived: tuple[Difference, ...]
    """What else follows from that."""
    moves: tuple[Move, ...]
    """The records of all groups that moved, in the new order of their group."""

    def __repr__(self) -> str:
        client = self.before.consultation.client.id
        return f"<WhatIf for {client}: answers changed: {len(self.stated)}, records moved: {len(self.moves)}>"


def what_if(before: Advice, after: Advice) -> WhatIf:
    """The difference of two pieces of advice for one client with the same segments."""
    earlier = {entry.id: entry for entry in before.ranked}
    moves = (_move(before, after, earlier[entry.id], entry) for entry in after.ranked)
    return WhatIf(
        before, after, tuple(_stated(before, after)), tuple(_derived(before, after)),
        tuple(move for move in moves if _has_moved(move)),
    )  # fmt: skip


def _has_moved(move: Move) -> bool:
    return bool(
        move.change
        or move.effects
        or move.before.rank != move.after.rank
        or move.horizon_before != move.horizon_after
        or move.before.blocked != move.after.blocked
    )


def _move(before: Advice, after: Advice, earlier: Ranked, later: Ranked) -> Move:
    shares = _shares(earlier), _shares(later)
    rules = dict.fromkeys((*shares[0], *shares[1]))
    base = before.consultation.rulebase
    effects = [Effect(base.rule[rule], shares[0].get(rule, 0), shares[1].get(rule, 0)) for rule in rules]
    changed = sorted((e for e in effects if e.change), key=lambda e: (-abs(e.change), e.rule.id))
    horizons = before.plan.horizons.get(earlier.id), after.plan.horizons.get(later.id)
    return Move(earlier, later, *horizons, tuple(changed))


def _shares(entry: Ranked) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in entry.evidence:
        found[piece.rule] = found.get(piece.rule, 0) + piece.share
    return found


def _stated(before: Advice, after: Advice) -> list[Difference]:
    one, other = before.consultation.client, after.consultation.client
    found = _differing("", one.facts, other.facts)
    for first, second in zip(one.segments, other.segments, strict=True):
        found += _differing(first.name, first.facts, second.facts)
    running = _differing("", {RUNNING: one.running}, {RUNNING: other.running})
    return [*running, *found]


def _derived(before: Advice, after: Advice) -> list[Difference]:
    found: list[Difference] = []
    pairs = zip(before.consultation.segments, after.consultation.segments, strict=True)
    names = [segment.name for segment in before.consultation.client.segments]
    for name, (one, other) in zip(names, pairs, strict=True):
        values = [{fact: each.value for fact, each in side.derived.items()} for side in (one, other)]
        found += _differing(name, *values)
    shared = [each for each in found if not each.fact.startswith("segment.")]
    merged = {each.fact: Difference(each.fact, "", each.before, each.after) for each in shared}
    return [*merged.values(), *(each for each in found if each.fact not in merged)]


def _differing(segment: str, one: Mapping[str, Stated], other: Mapping[str, Stated]) -> list[Difference]:
    facts: Sequence[str] = list(dict.fromkeys((*one, *other)))
    found = (Difference(fact, segment, one.get(fact), other.get(fact)) for fact in facts)
    return [each for each in found if each.before != each.after]
