"""The index of reports on many clients, with a heat map and the most common blockers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon
from tactician.advice.ranking import Ranked
from tactician.inference.weights import TOTAL_POINT
from tactician.knowledge.rules import Rulebase
from tactician.presentation.report.brand import Brand
from tactician.presentation.report.rendering import render

STEPS = ((12, "s4"), (6, "s3"), (2, "s2"), (0, "s1"))
"""From so many points on, the strength of a cell of the heat map."""
BLOCKERS = 10
HEAT = '<h2 id="heat">'
"""What stands in an index and in no other page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One tactic for one client on the heat map."""

    look: str
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """One client in the index."""

    client: str
    file: str
    needs: str
    now: tuple[str, ...]
    first: str
    points: int
    """The total of the first tactic, in 10⁻¹² point."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Blocker:
    """A reason that rules out a record for several clients."""

    record: str
    because: str
    clients: int


class Index:
    """Takes clients one by one, and keeps of each what the index says."""

    def __init__(self, rulebase: Rulebase, look: Brand) -> None:
        self.rulebase = rulebase
        self.look = look
        self._rows: list[Row] = []
        self._ruled_out: Counter[tuple[str, str]] = Counter()

    def add(self, advice: Advice, file: str) -> None:
        """One more client, whose page is in a file beside the index."""
        self._rows.append(_row(advice, file))
        for entry in advice.ruled_out:
            rules = {blocking.rule for blocking in entry.blocks}
            self._ruled_out.update({(entry.record.name, self.rulebase.rule[rule].because) for rule in rules})

    def render(self, problems: Sequence[str] = ()) -> str:
        """The page, with what is wrong with the clients that have none."""
        rows = self._rows
        orders = (
            ("by name", sorted(rows, key=lambda row: (row.client.casefold(), row.file))),
            ("by first tactic", sorted(rows, key=lambda row: (row.first, row.client.casefold(), row.file))),
            ("by strength", sorted(rows, key=lambda row: (-row.points, row.client.casefold(), row.file))),
            ("by need", sorted(rows, key=lambda row: (row.needs, row.client.casefold(), row.file))),
        )
        return render(
            "index.html.j2",
            orders=orders,
            tactics=[record.name for record in self.rulebase.group("tactics")],
            blockers=self._blockers(),
            problems=problems,
            brand=self.look,
            rulebase=self.rulebase,
            number=len(rows),
        )

    def _blockers(self) -> list[Blocker]:
        common = sorted(self._ruled_out.items(), key=lambda each: (-each[1], each[0]))
        return [Blocker(record, because, number) for (record, because), number in common[:BLOCKERS]]


def _row(advice: Advice, file: str) -> Row:
    tactics = {entry.id: entry for entry in advice.tactics}
    best = advice.tactics[0]
    return Row(
        advice.consultation.client.id,
        file,
        max(advice.needs, key=lambda family: (advice.needs[family], family)),
        tuple(line.ranked.record.name for line in advice.plan[Horizon.NOW]),
        best.record.name,
        best.total,
        tuple(_cell(tactics[record.id]) for record in advice.consultation.rulebase.group("tactics")),
    )


def _cell(entry: Ranked) -> Cell:
    if entry.blocked:
        return Cell("out", "ruled out")
    for points, look in STEPS:
        if entry.total >= points * TOTAL_POINT:
            return Cell(look, f"rank {entry.rank}")
    return Cell("s0", f"rank {entry.rank}")
