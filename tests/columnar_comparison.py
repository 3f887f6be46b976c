"""What the other engines find about clients, in the shape of the columnar engine's results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tactician.advice.ranking import Ranked, rank
from tactician.facts.client import Client
from tactician.inference import columnar, direct
from tactician.inference.columnar_program import program_for
from tactician.inference.columnar_truth import Segments
from tactician.inference.consultation import Consultation
from tactician.inference.weights import certainty
from tactician.knowledge.rules import Rulebase

Consult = Callable[[Client, Rulebase], Consultation]
Row = dict[str, Any]


def rows_of(results: Any) -> list[Row]:
    """The rows of a table of results, their justifications without order."""
    return [
        {
            **{
                name: row[name] for name in ("client", "group", "rank", "record", "total", "prior", "blocked")
            },
            "certainty": row["certainty"],
            "evidence": sorted((each["segment"], each["rule"], each["weight"]) for each in row["evidence"]),
            "blocks": sorted((each["segment"], each["rule"]) for each in row["blocks"]),
        }
        for row in results.to_pylist()
    ]


def expected_rows(
    clients: Iterable[Client], rulebase: Rulebase, consult: Consult = direct.consult, top: int | None = None
) -> Iterator[Row]:
    """The rows that another engine's consultations amount to."""
    for key, client in enumerate(clients):
        number = {segment.name: at for at, segment in enumerate(client.segments)}
        for group, ranked in rank(consult(client, rulebase)).items():
            for entry in ranked[:top]:
                yield {"client": key, "group": group, **expected_row(entry, number)}


def expected_row(entry: Ranked, number: dict[str, int]) -> Row:
    return {
        "rank": entry.rank,
        "record": entry.id,
        "total": entry.total,
        "prior": entry.prior,
        "blocked": entry.blocked,
        "certainty": round(certainty(entry.total), 6),
        "evidence": sorted((number[piece.segment], piece.rule, piece.weight) for piece in entry.evidence),
        "blocks": sorted((number[blocking.segment], blocking.rule) for blocking in entry.blocks),
    }


def derived_facts(clients: Sequence[Client], rulebase: Rulebase) -> list[dict[str, object]]:
    """By segment the known derived facts, as the columnar engine concludes them."""
    segments = Segments(program_for(rulebase), columnar.tables(clients, rulebase))
    found: list[dict[str, object]] = [{} for _ in range(segments.rows.count)]
    for fact in rulebase.derived:
        for row, value in enumerate(segments.values(fact.spec.id)):
            if value is not None:
                found[row][fact.spec.id] = value
    return found


def expected_facts(clients: Iterable[Client], rulebase: Rulebase) -> list[dict[str, object]]:
    """The same by the direct engine."""
    return [
        {fact: conclusion.value for fact, conclusion in segment.derived.items()}
        for client in clients
        for segment in direct.consult(client, rulebase).segments
    ]
