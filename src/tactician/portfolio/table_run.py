"""Tables of clients in, tables of ranks out: the columnar engine over whole folders of Parquet."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tactician.errors import MissingExtra, UsageError
from tactician.facts.item_weights import FULL
from tactician.facts.storage import told_as_unwritable
from tactician.inference.weights import POINT
from tactician.knowledge.rules import GROUPS, Evidence, Rulebase
from tactician.portfolio.batch import Report
from tactician.portfolio.client_tables import count_clients
from tactician.portfolio.earlier import check_replaceable
from tactician.portfolio.lock import locked
from tactician.portfolio.options import Options, Paths
from tactician.portfolio.output_rows import REJECT_COLUMNS
from tactician.portfolio.plan_files import SOURCE
from tactician.portfolio.progress import Progress
from tactician.portfolio.staging import Staging, clean_up
from tactician.portfolio.summary import TOP, UNMET
from tactician.portfolio.writers import write_table

COLUMNS = (
    "group", "tactic", "name", "clients", "first", "top3", "blocked", "blocked_most_by", "blocks_segments",
    "blocks_because", "held_back_most_by", "how", "held_back_segments", "points_lost", "held_back_because",
)  # fmt: skip

IDLE = ("resume", "fail_fast", "jobs", "decimal", "plans")
"""Options for clients that come one by one."""

Row = Mapping[str, Any]


def run_tables(source: Path, output: Path, rulebase: Rulebase, options: Options) -> Report:
    """Rank every client of a folder of tables into a folder of Parquet.

    Raises UsageError for options that do not apply, CannotWrite or MissingExtra.
    """
    _check_options(options)
    try:
        from tactician.inference import columnar  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtra("The columnar engine", "columnar") from error
    paths = Paths(output, is_tables=True)
    check_replaceable(paths)
    progress = Progress(count_clients(source), is_on=options.progress)
    with locked(output):
        clean_up(paths.all)
        staging = Staging()
        try:
            part = staging.path(output)
            answer = columnar.run(
                source,
                rulebase,
                top=options.top,
                backend=options.backend,
                output=part,
                progress=progress.reach,
            )
            progress.end()
            rejects = [_reject(row, source) for row in answer.rejected.to_pylist()]
            with told_as_unwritable(output):
                _write_source(part / SOURCE, source, output)
                _write_beside(paths, staging, rejects, _summary(answer.tally, rulebase))
            check_replaceable(paths)
            staging.commit()
        finally:
            staging.discard()
    clients = len({row["client"] for row in rejects})
    written = tuple(path for path in paths.all if path.exists())
    return Report(answer.tally.clients, clients, written, paths.rejected if rejects else None, (), ())


def _check_options(options: Options) -> None:
    """Whole tables are computed at once, with what processors there are."""
    idle = [name for name in IDLE if getattr(options, name) != getattr(Options(), name)]
    if idle:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in idle)
        hint = "Leave it out, or write to a file (.csv, .jsonl) with --engine direct."
        raise UsageError(f"Where whole tables are computed, there is no {flags}.", hint)


def _write_source(path: Path, source: Path, output: Path) -> None:
    """Where the tables of the clients are, seen from the output, so that both can move together."""
    where = os.path.relpath(source.resolve(), output.resolve())
    path.write_text(json.dumps({"source": where}) + "\n", encoding="utf-8")


def _write_beside(paths: Paths, staging: Staging, rejects: list[Row], summary: Iterator[Row]) -> None:
    assert paths.summary is not None
    write_table(staging.path(paths.summary), COLUMNS, summary)
    if rejects:
        write_table(staging.path(paths.rejected), REJECT_COLUMNS, rejects)
    else:
        staging.drop(paths.rejected)


def _reject(row: Row, source: Path) -> Row:
    place = {"client": row["id"], "file": str(source), "heading": row["column"], "where": row["table"]}
    return {**dict.fromkeys(REJECT_COLUMNS), **place, "problem": row["what"]}


def _summary(tally: Any, rulebase: Rulebase) -> Iterator[Row]:
    """How often each record ranks, and what blocks it or holds it back in most segments."""
    from tactician.inference.columnar_program import program_for  # noqa: PLC0415 (an extra)

    program = program_for(rulebase)
    rules: dict[str, list[Row]] = {}
    for row in tally.rules(program).to_pylist():
        rules.setdefault(row["record"], []).append(row)
    records = [{**row, "top": sum(row["ranked"][:TOP])} for row in tally.records(program).to_pylist()]
    order = {group: at for at, group in enumerate(GROUPS)}
    for row in sorted(
        records, key=lambda row: (order[row["group"]], -row["top"], -row["ranked"][0], row["record"])
    ):
        yield {
            **dict.fromkeys(COLUMNS),
            "group": row["group"],
            "tactic": row["record"],
            "name": rulebase.records[row["record"]].name,
            "clients": tally.clients,
            "first": row["ranked"][0],
            "top3": row["top"],
            "blocked": row["blocked"],
            **_blocker(rules.get(row["record"], []), rulebase),
            **_brake(rules.get(row["record"], []), rulebase, tally.segments),
        }


def _blocker(rules: list[Row], rulebase: Rulebase) -> Row:
    blocking = [row for row in rules if row["blocks"] and row["segments"]]
    if not blocking:
        return {}
    most = min(blocking, key=lambda row: (-row["segments"], row["rule"]))
    because = rulebase.rule[most["rule"]].because
    return {"blocked_most_by": most["rule"], "blocks_segments": most["segments"], "blocks_because": because}


def _brake(rules: list[Row], rulebase: Rulebase, segments: int) -> Row:
    """The rule that takes most from a record or fails to give most to it, over all segments."""
    lost: list[tuple[int, int, str, str]] = []
    for row in rules:
        then = rulebase.rule[row["rule"]].then
        if row["blocks"] or not isinstance(then, Evidence):
            continue
        if then.weight < 0:
            lost.append((-row["weight"], row["segments"], row["rule"], "speaks against it"))
        else:
            missing = segments - row["segments"]
            lost.append((then.weight * FULL * missing, missing, row["rule"], UNMET))
    most = min(lost, key=lambda each: (-each[0], each[2]), default=None)
    if most is None or most[0] <= 0:
        return {}
    points, hit, rule, how = most
    return {
        "held_back_most_by": rule,
        "how": how,
        "held_back_segments": hit,
        "points_lost": round(points / POINT / hit, 3),
        "held_back_because": rulebase.rule[rule].because,
    }
