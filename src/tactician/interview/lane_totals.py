"""Totals of records in hundreds of completions at once: those the direct engine gives for each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tactician.facts.client import Client
from tactician.facts.item_weights import FULL
from tactician.interview.lanes import Draw, LaneEngine, LaneState
from tactician.interview.wide import Lanes, Wide, crossed
from tactician.knowledge.rules import Block, Evidence, Rule, Rulebase


@dataclass(frozen=True, slots=True)
class Totals:
    """By record its total in each completion, in 10⁻¹² point, and where every segment blocks it."""

    columns: Mapping[str, Sequence[int]]
    blocked: Mapping[str, Lanes]


class LaneTotals:
    """The totals of one group of records in `count` completions of a client."""

    def __init__(self, rulebase: Rulebase, count: int, group: str = "tactics") -> None:
        self.engine = LaneEngine(rulebase, count)
        self.every = self.engine.every
        self.records = tuple(record.id for record in rulebase.group(group))
        self._wide = Wide(count)
        self._spoken: list[tuple[Rule, int, tuple[str, ...]]] = []
        self._blocks: list[tuple[str, int]] = []
        for rule in rulebase.rules:
            position = self.engine.direct.position[rule.id]
            targets = tuple(target for target in rule.targets if target in self.records)
            if targets:
                self._spoken.append((rule, position, targets))
            if targets and isinstance(rule.then, Block):
                self._blocks.append((rule.then.target, position))

    def totals(self, client: Client, draws: Sequence[Draw]) -> Totals:
        """Every record's total in every completion; `draws` has one entry for each segment of the client."""
        sums = dict.fromkeys(self.records, 0)
        everywhere = dict.fromkeys(self.records, self.every)
        for segment, draw in zip(client.segments, draws, strict=True):
            state = self.engine.settle(client, segment, draw)
            blocked = self._blocked(state)
            for name, total in self._in_segment(state).items():
                sums[name] += segment.ppm * self._capped(total, blocked[name])
                everywhere[name] &= blocked[name]
        return Totals({name: self._wide.read(total) for name, total in sums.items()}, everywhere)

    def _blocked(self, state: LaneState) -> dict[str, Lanes]:
        blocked = dict.fromkeys(self.records, 0)
        for target, position in self._blocks:
            blocked[target] |= state.true[position]
        return blocked

    def _in_segment(self, state: LaneState) -> dict[str, int]:
        """The wide total of every record in a segment, its prior included, in 10⁻⁶ point."""
        always = dict.fromkeys(self.records, 0)
        sums = dict.fromkeys(self.records, 0)
        for rule, position, targets in self._spoken:
            if not state.true[position] and not rule.expected:
                continue
            fixed, varying = self._contribution(rule, position, state)
            for target in targets:
                always[target] += fixed
                sums[target] += varying
        return {name: sums[name] + always[name] * self._wide.ones for name in self.records}

    def _contribution(self, rule: Rule, position: int, state: LaneState) -> tuple[int, int]:
        """What a rule adds in every completion, and as a wide number what it adds in some."""
        fixed = varying = 0
        if rule.expected:
            decided = state.true[position] | state.false[position]
            fixed = -rule.expected if decided == self.every else 0
            varying = 0 if fixed else -rule.expected * self._wide.spread(decided)
        weight = rule.then.weight if isinstance(rule.then, Evidence) else 0
        for strength, lanes in self._strength(state, position).items() if weight else ():
            if lanes == self.every:
                fixed += weight * strength
            else:
                varying += weight * strength * self._wide.spread(lanes)
        return fixed, varying

    def _strength(self, state: LaneState, position: int) -> Mapping[int, Lanes]:
        """Where a condition is true with each item weight, in thousandths."""
        if position not in self.engine.direct.weighted:
            return {FULL: state.true[position]}
        composite = self.engine.direct.bits.composites.get(position)
        if composite is None:
            return state.strengths.get(position, {})
        choose = min if composite.is_all else max
        columns = []
        for part in composite.parts:
            column = dict(self._strength(state, part))
            absent = self.every & ~state.true[part]
            columns.append({**column, 0: column.get(0, 0) | absent} if absent else column)
        found: dict[int, Lanes] = {}
        for strengths, lanes in crossed(columns, state.true[position]):
            found[choose(strengths)] = found.get(choose(strengths), 0) | lanes
        return found

    def _capped(self, total: int, blocked: Lanes) -> int:
        """A blocked segment contributes no more than nothing."""
        if not blocked:
            return total
        column = enumerate(self._wide.read(total))
        return self._wide.pack([min(0, each) if blocked >> lane & 1 else each for lane, each in column])
