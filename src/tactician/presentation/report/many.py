"""Reports on many clients: a page for each, and an index with a heat map and the most common blockers."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tactician.advice.advise import Advice
from tactician.advice.plan import Horizon
from tactician.advice.ranking import Ranked
from tactician.inference.weights import TOTAL_POINT
from tactician.presentation.report.brand import Brand
from tactician.presentation.report.rendering import render, report
from tactician.presentation.whole_files import write_whole

NOT_PLAIN = re.compile(r"[^a-z0-9]+")
STEPS = ((12, "s4"), (6, "s3"), (2, "s2"), (0, "s1"))
"""From so many points on, the strength of a cell of the heat map."""
BLOCKERS = 10


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


def write_reports(advised: Sequence[tuple[str, Advice]], folder: Path, look: Brand) -> int:
    """Write one page per client and an index into a folder; returns how many clients there are."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, advice in advised:
        file = f"{slug(name)}.html"
        write_whole(folder / file, report(advice, look))
        rows.append(_row(advice, file))
    write_whole(folder / "index.html", _index([advice for _, advice in advised], rows, look))
    return len(rows)


def slug(name: str) -> str:
    """A file name that is safe everywhere and belongs to one name only."""
    plain = NOT_PLAIN.sub("-", name.lower()).strip("-")[:40] or "client"
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _index(advised: Sequence[Advice], rows: Sequence[Row], look: Brand) -> str:
    rulebase = advised[0].consultation.rulebase
    orders = (
        ("by name", sorted(rows, key=lambda row: (row.client.casefold(), row.file))),
        ("by first tactic", sorted(rows, key=lambda row: (row.first, row.client.casefold(), row.file))),
        ("by strength", sorted(rows, key=lambda row: (-row.points, row.client.casefold(), row.file))),
        ("by need", sorted(rows, key=lambda row: (row.needs, row.client.casefold(), row.file))),
    )
    return render(
        "index.html.j2",
        orders=orders,
        tactics=[record.name for record in rulebase.group("tactics")],
        blockers=_blockers(advised),
        brand=look,
        rulebase=rulebase,
        number=len(rows),
    )


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


def _blockers(advised: Sequence[Advice]) -> list[Blocker]:
    counted: Counter[tuple[str, str]] = Counter()
    for advice in advised:
        for entry in advice.ruled_out:
            rules = {blocking.rule for blocking in entry.blocks}
            because = advice.consultation.rulebase.rule
            counted.update({(entry.record.name, because[rule].because) for rule in rules})
    common = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return [Blocker(record, because, number) for (record, because), number in common[:BLOCKERS]]
