"""The columnar engine: whole tables of clients at once, from Parquet to Parquet, here or on a cluster."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tactician.errors import UsageError
from tactician.inference.columnar_consultation import Outcome, consult, gathered
from tactician.inference.columnar_program import program_for
from tactician.inference.columnar_reading import pieces
from tactician.inference.columnar_tables import Tables, clients, tables
from tactician.inference.columnar_writing import Folder, write
from tactician.knowledge.rules import Rulebase

__all__ = ["Outcome", "Tables", "clients", "consult", "run", "stream", "tables", "write"]
PIECE = 20_000
"""Clients computed at a time: enough to keep the work in columns, few enough for the memory of a laptop."""
MOST_THREADS = 4
"""Each thread holds one piece, so more of them would not stay under 2 GiB."""
Part = TypeVar("Part")
Done = Callable[[int], None]


def stream(
    source: Tables | Path, rulebase: Rulebase, *, top: int | None = 3, size: int = PIECE
) -> Iterator[Outcome]:
    """The outcomes of a source piece by piece, in the order of its clients, with memory for a few pieces.

    Raises UnreadableInput when a table cannot be read, does not fit the others or is not sorted.
    """
    parts = pieces(source, rulebase, size, program_for(rulebase).reads)
    return _in_threads(lambda part: consult(part, rulebase, top=top), parts)


def run(  # noqa: PLR0913 - what, by which rules, how much of it, and where to
    source: Tables | Path | str,
    rulebase: Rulebase,
    *,
    top: int | None = 3,
    backend: str | None = None,
    output: Path | str | None = None,
    progress: Done | None = None,
) -> Outcome:
    """All clients of a source; with `output`, their ranks go to a new folder of Parquet, whole or not at all.

    Of each group (tactics, levers, improvements) come the `top` best records, or all where it is None.
    `backend` is None for this machine, or the address of a Spark master (`local[2]`, `spark://host:7077`).
    `progress` is told how many clients are done. Raises UnreadableInput, UsageError, MissingExtra or CannotWrite.
    """
    if top is not None and top < 1:
        raise UsageError(f"The number of ranks is {top}.", "It must be at least 1.")
    if backend is not None:
        from tactician.inference import columnar_spark  # noqa: PLC0415 - Spark is loaded only where it is asked for

        return columnar_spark.run(source, rulebase, top, backend, output)
    program = program_for(rulebase)
    here = source if isinstance(source, Tables) else Path(source)
    if output is None:
        outcomes = stream(here, rulebase, top=top)
        return gathered(_told(outcomes, progress), program)
    with Folder(Path(output)) as folder:

        def work(part: tuple[int, Tables]) -> Outcome:
            number, piece = part
            return folder.write_ranks(number, consult(piece, rulebase, top=top))

        written = _in_threads(work, enumerate(pieces(here, rulebase, PIECE, program.reads)))
        outcome = gathered(_told(written, progress), program)
        folder.write_summary(outcome, program)
    return outcome


def _in_threads(work: Callable[[Part], Outcome], parts: Iterable[Part]) -> Iterator[Outcome]:
    """The outcomes of parts in their order; NumPy and Arrow leave the interpreter free while they compute."""
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    waiting: deque[Future[Outcome]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for part in parts:
                waiting.append(pool.submit(work, part))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _told(outcomes: Iterable[Outcome], progress: Done | None) -> Iterator[Outcome]:
    done = 0
    for outcome in outcomes:
        done += outcome.tally.clients + len(outcome.rejected.column("client").unique())
        if progress is not None:
            progress(done)
        yield outcome
