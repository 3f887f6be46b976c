"""Totals of records in hundreds of completions at once: those the direct engine gives for each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tactician.facts.client import Client
from tactician.inference.direct import engine_for
from tactician.inference.truth_table import Bits
from tactician.inference.variant_memory import Column, Columns, Memory
from tactician.inference.variants import Variants
from tactician.inference.wide import Lanes, Wide
from tactician.knowledge.rules import Rulebase


@dataclass(frozen=True, slots=True)
class Totals:
    """By record its total in each completion, in 10⁻¹² point, and where every segment blocks it."""

    columns: Mapping[str, Sequence[int]]
    blocked: Mapping[str, Lanes]


class LaneTotals:
    """The totals of one group of records in `count` completions of a client; keeps what only draws decide."""

    def __init__(self, rulebase: Rulebase, count: int, group: str = "tactics") -> None:
        self.records = tuple(record.id for record in rulebase.group(group))
        self._memory = Memory(engine_for(rulebase))
        self._wide = Wide(count)

    def totals(self, client: Client, draws: Sequence[Columns]) -> Totals:
        """Every record's total in every completion; `draws` has one entry for each segment of the client."""
        sums = dict.fromkeys(self.records, 0)
        everywhere = dict.fromkeys(self.records, self._wide.every)
        for number, (segment, draw) in enumerate(zip(client.segments, draws, strict=True)):
            view = Variants(self._memory, client, number)
            for record, outcome in view.outcomes(draw, self._wide, self.records).items():
                sums[record] += segment.ppm * outcome.counted
                everywhere[record] &= outcome.blocked
        return Totals({record: self._wide.read(total) for record, total in sums.items()}, everywhere)

    def alike(self, kind: str, drawn: Column) -> list[Lanes]:
        """The completions by what their lists of a kind answer: those that no condition tells apart."""
        found: dict[Bits, Lanes] = {}
        for listed, lanes in drawn.items():
            look = self._memory.look(kind, listed)
            settled = look.true, look.false
            found[settled] = found.get(settled, 0) | lanes
        return list(found.values())
