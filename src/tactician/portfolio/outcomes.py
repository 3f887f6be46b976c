"""What a batch finds out about one client, as plain data that a journal can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from tactician.errors import Place, Problem
from tactician.inference.weights import certainty
from tactician.portfolio.sheets import CellProblem

DIGITS = 6


@dataclass(frozen=True, slots=True)
class RankRow:
    """One record of one client. Totals and the weights of reasons are in 10⁻¹² point."""

    group: str
    rank: int
    record: str
    total: int
    certainty: float
    blocked: bool
    horizon: str
    reasons: Mapping[str, int]
    """By rule, strongest first: what it adds over all segments."""
    blocks: Sequence[str] = ()


def rank_row(  # noqa: PLR0913 (all that a row says)
    place: tuple[str, int, str],
    total: int,
    *,
    evidence: Iterable[tuple[str, int]],
    blocks: Iterable[str],
    blocked: bool,
    horizon: str = "",
) -> RankRow:
    """The row of a record from its place (group, rank and id) and each rule's part of its total in each segment."""
    shares: dict[str, int] = {}
    for rule, share in evidence:
        shares[rule] = shares.get(rule, 0) + share
    strongest = dict(sorted(shares.items(), key=lambda pair: (-abs(pair[1]), pair[0])))
    sure = round(certainty(total), DIGITS)
    return RankRow(*place, total, sure, blocked, horizon, strongest, sorted(set(blocks)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One client of a batch: ranked, or rejected with its problems."""

    id: str
    file: str
    rows: Sequence[RankRow] = ()
    """The first ranks of each group."""
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By group, every record in rank order."""
    blocked: Sequence[str] = ()
    """The records that are blocked in every segment."""
    horizons: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    fired: Mapping[str, int] = field(default_factory=dict)
    """By rule that is true somewhere: its weight over all segments; of a block, its share in parts per million."""
    unknown: Sequence[str] | None = ()
    """The rules that wait for facts nobody stated; None where the engine does not tell them from others."""
    stated: Mapping[str, Any] | None = None
    page: str = ""
    """Its plan as a page, where the output is a folder of plans."""
    problems: Sequence[Problem] = ()

    @property
    def is_rejected(self) -> bool:
        """Whether it has no ranking."""
        return bool(self.problems)

    def dump(self) -> str:
        """One line of JSON."""
        data = {name: getattr(self, name) for name in OUTCOME_FIELDS}
        data["rows"] = [{name: getattr(row, name) for name in ROW_FIELDS} for row in self.rows]
        data["problems"] = [_problem_data(problem) for problem in self.problems]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


OUTCOME_FIELDS = tuple(field.name for field in fields(Outcome))
ROW_FIELDS = tuple(field.name for field in fields(RankRow))


def load_outcome(line: str) -> Outcome:
    """The outcome in a line of JSON; raises ValueError."""
    data = json.loads(line)
    data["rows"] = [RankRow(**row) for row in data["rows"]]
    data["problems"] = [_problem(problem) for problem in data["problems"]]
    return Outcome(**data)


def _problem_data(problem: Problem) -> dict[str, Any]:
    place = problem.place
    found: dict[str, Any] = {
        "place": [place.file, place.line, place.column],
        "where": problem.where,
        "what": problem.what,
        "hint": problem.hint,
    }
    if isinstance(problem, CellProblem):
        found |= {"heading": problem.heading, "value": problem.value}
    return found


def _problem(data: dict[str, Any]) -> Problem:
    place = Place(*data.pop("place"))
    return CellProblem(place, **data) if "heading" in data else Problem(place, **data)
