"""Outcomes as rows for files: what each column of a ranking, a summary and a list of rejects holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tactician.errors import Problem
from tactician.inference.weights import TOTAL_POINT, points
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.outcomes import Outcome, RankRow
from tactician.portfolio.sheets import CellProblem
from tactician.portfolio.summary import Obstacle, Standing

Row = Mapping[str, Any]

RANKING_COLUMNS = (
    "client", "group", "rank", "tactic", "name", "points", "certainty", "blocked", "horizon", "reasons", "because",
    "sources",
)  # fmt: skip
SUMMARY_COLUMNS = (
    "group", "tactic", "name", "clients", "first", "top3", "started", "blocked", "mean_points",
    "blocked_most_by", "blocks_clients", "blocks_because",
    "held_back_most_by", "how", "held_back_clients", "points_lost", "held_back_because",
)  # fmt: skip
REJECT_COLUMNS = ("client", "file", "row", "column", "heading", "value", "where", "problem", "remedy")
SENTENCES = 3
"""How many of the strongest reasons are written out."""
SHORT = Decimal("0.001")


def data_rows(outcome: Outcome, rulebase: Rulebase) -> Iterator[Row]:
    """The ranks of a client with everything exact, for machines; the first row holds the client's facts."""
    facts = json.dumps(outcome.stated, ensure_ascii=False, separators=(",", ":"))
    for number, row in enumerate(outcome.rows):
        yield {
            "client": outcome.id,
            "group": row.group,
            "rank": row.rank,
            "tactic": row.record,
            "name": rulebase.records[row.record].name,
            "points": points(row.total),
            "total": row.total,
            "certainty": row.certainty,
            "blocked": row.blocked,
            "horizon": row.horizon or None,
            "reasons": [{"rule": rule, "weight": weight} for rule, weight in row.reasons.items()],
            "blocks": list(row.blocks),
            "because": _because(row, rulebase),
            "sources": _sources(row, rulebase),
            "facts": facts if number == 0 else None,
        }


def sheet_rows(outcome: Outcome, rulebase: Rulebase) -> Iterator[Row]:
    """The ranks of a client for people: points to three places, lists as text."""
    for row in data_rows(outcome, rulebase):
        reasons = [f"{reason['rule']} {_signed(reason['weight'])}" for reason in row["reasons"]]
        blocks = [f"blocked by {rule}" for rule in row["blocks"]]
        yield {
            **row,
            "points": short(row["total"]),
            "reasons": "; ".join([*blocks, *reasons]),
            "sources": "; ".join(row["sources"]),
        }


def summary_row(standing: Standing) -> Row:
    """A record over all clients."""
    return {
        "group": standing.group,
        "tactic": standing.record,
        "name": standing.name,
        "clients": standing.clients,
        "first": standing.first,
        "top3": standing.top,
        "started": standing.started,
        "blocked": standing.blocked,
        "mean_points": round(standing.mean_points, 3),
        **_obstacle(standing.blocker, ("blocked_most_by", None, "blocks_clients", None, "blocks_because")),
        **_obstacle(
            standing.brake,
            ("held_back_most_by", "how", "held_back_clients", "points_lost", "held_back_because"),
        ),
    }


def reject_rows(outcome: Outcome) -> Iterator[Row]:
    """Each problem of a rejected client."""
    for problem in outcome.problems:
        yield _reject(outcome, problem)


def short(total: int) -> float:
    """A total in points, to three places."""
    return float((Decimal(total) / TOTAL_POINT).quantize(SHORT))


def _obstacle(obstacle: Obstacle | None, names: tuple[str | None, ...]) -> Row:
    values = (None,) * 5
    if obstacle is not None:
        rounded = round(obstacle.points, 3)
        values = (obstacle.rule, obstacle.kind, obstacle.clients, rounded, obstacle.because)  # type: ignore[assignment]
    return {name: value for name, value in zip(names, values, strict=True) if name}


def _reject(outcome: Outcome, problem: Problem) -> Row:
    cell = problem if isinstance(problem, CellProblem) else None
    return {
        "client": outcome.id or None,
        "file": problem.place.file or outcome.file,
        "row": problem.place.line,
        "column": problem.place.column,
        "heading": cell.heading if cell else None,
        "value": cell.value if cell else None,
        "where": problem.where or None,
        "problem": problem.what,
        "remedy": problem.hint or None,
    }


def _because(row: RankRow, rulebase: Rulebase) -> str:
    told = [*row.blocks, *row.reasons][:SENTENCES]
    return " ".join(rulebase.rule[rule].because for rule in told)


def _sources(row: RankRow, rulebase: Rulebase) -> list[str]:
    told = [*row.blocks, *row.reasons]
    return sorted({source for rule in told for source in rulebase.rule[rule].sources})


def _signed(weight: int) -> str:
    return f"{(Decimal(weight) / TOTAL_POINT).quantize(SHORT):+f}"
