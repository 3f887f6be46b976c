"""Evaluates the clients of a batch with the columnar engine, some thousands at a time; it gives no horizons."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from tactician.errors import MissingExtra, Place, Problem
from tactician.facts.client import Client
from tactician.knowledge.rules import GROUPS
from tactician.portfolio.candidates import Candidate, Pending
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.outcomes import Outcome, RankRow, rank_row

AT_ONCE = 2_000

Row = Mapping[str, Any]


def columnar_outcomes(
    pending: Iterable[Pending], evaluation: Evaluation
) -> Generator[tuple[Outcome, int], None, None]:
    """The outcome of each client, and its part of the size of all inputs; raises MissingExtra."""
    waiting = iter(pending)
    while chunk := list(islice(waiting, AT_ONCE)):
        candidates = [each.resolve(evaluation.reader) for each in chunk]
        found = _evaluated([each for each in candidates if each.client is not None], evaluation)
        for candidate, each in zip(candidates, chunk, strict=True):
            bad = candidate.client is None
            outcome = (
                Outcome(candidate.id, candidate.file, problems=candidate.problems) if bad else next(found)
            )
            yield outcome, each.bytes


def _evaluated(candidates: Sequence[Candidate], evaluation: Evaluation) -> Iterator[Outcome]:
    """The outcomes of sound clients."""
    if not candidates:
        return
    try:
        from tactician.inference import columnar  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("The columnar engine", "columnar") from error
    clients = [candidate.client for candidate in candidates if candidate.client is not None]
    tables = columnar.tables(clients, evaluation.rulebase)
    answer = columnar.consult(tables, evaluation.rulebase, top=None)
    rows: dict[int, list[Row]] = {}
    for row in answer.results.to_pylist():
        rows.setdefault(row["client"], []).append(row)
    reasons: dict[int, list[Problem]] = {}
    for row in answer.rejected.to_pylist():
        file = candidates[row["client"]].file
        reasons.setdefault(row["client"], []).append(Problem(Place(file), row["column"], row["what"]))
    for key, (candidate, client) in enumerate(zip(candidates, clients, strict=True)):
        if key in reasons:
            yield Outcome(candidate.id, candidate.file, problems=reasons[key])
        else:
            yield _outcome(candidate, client, rows[key], evaluation.top)


def _outcome(candidate: Candidate, client: Client, rows: Sequence[Row], top: int) -> Outcome:
    ppm = [segment.ppm for segment in client.segments]
    ranked = [_row(row, ppm) for row in rows]
    order = {
        group: [row.record for row in sorted(ranked, key=lambda row: row.rank) if row.group == group]
        for group in GROUPS
    }
    blocked = {row.record for row in ranked if row.blocked}
    fired: dict[str, int] = {}
    for row in ranked:
        fired |= row.reasons
    for each in rows:
        fired |= _by_rule(each["blocks"], dict(enumerate(ppm)))
    return Outcome(
        candidate.id,
        candidate.file,
        rows=[
            row
            for group in GROUPS
            for row in sorted(ranked, key=lambda row: row.rank)
            if row.group == group and row.rank <= top
        ],
        order=order,
        blocked=[record for group in order.values() for record in group if record in blocked],
        totals={row.record: row.total for row in ranked},
        fired=fired,
        unknown=None,
        stated=candidate.stated,
    )


def _row(row: Row, ppm: Sequence[int]) -> RankRow:
    return rank_row(
        (row["group"], row["rank"], row["record"]),
        row["total"],
        evidence=(
            (piece["rule"], ppm[piece["segment"]] * piece["weight"]) for piece in row["evidence"] or ()
        ),
        blocks=(blocking["rule"] for blocking in row["blocks"] or ()),
        blocked=row["blocked"],
    )


def _by_rule(blocks: Sequence[Row] | None, ppm: Mapping[int, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for blocking in blocks or ():
        found[blocking["rule"]] = found.get(blocking["rule"], 0) + ppm[blocking["segment"]]
    return found
