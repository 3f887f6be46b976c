"""Evaluates clients one after the other, or several at a time in processes of their own; always in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

from tactician.errors import LimitExceeded
from tactician.portfolio.candidates import Pending, PendingClient, PendingDraft
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.outcomes import Outcome

AHEAD = 2
"""How many clients each process may be ahead of the first that is not done: what a killed run computes again."""


def outcomes(
    pending: Iterable[Pending], evaluation: Evaluation, jobs: int = 1
) -> Generator[tuple[Outcome, int], None, None]:
    """The outcome of each client, and its part of the size of all inputs, in the order of the clients.

    Raises LimitExceeded when one of several processes is ended from outside.
    """
    if jobs == 1:
        for each in pending:
            yield evaluation.outcome(each), each.bytes
        return
    try:
        yield from _in_processes(pending, evaluation, jobs)
    except BrokenProcessPool as error:
        what = "A process was ended from outside, perhaps for lack of memory."
        raise LimitExceeded(
            what, "Use fewer --jobs; what is written to a file goes on with --resume."
        ) from error


def _in_processes(
    pending: Iterable[Pending], evaluation: Evaluation, jobs: int
) -> Generator[tuple[Outcome, int], None, None]:
    # Fresh processes inherit no lock and no open file, and start alike on every platform.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(evaluation,)) as pool:
        waiting: deque[tuple[Future[Outcome], int]] = deque()
        for each in pending:
            waiting.append((pool.submit(_outcome, _portable(each, evaluation)), each.bytes))
            if len(waiting) > AHEAD * jobs:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)


def _next(waiting: deque[tuple[Future[Outcome], int]]) -> tuple[Outcome, int]:
    future, size = waiting.popleft()
    return future.result(), size


def _portable(pending: Pending, evaluation: Evaluation) -> Pending:
    """Rows stay in the process that read the sheet; only the client that they state travels."""
    if isinstance(pending, PendingDraft):
        return PendingClient(pending.resolve(evaluation.reader), pending.bytes)
    return pending


_evaluation: Evaluation | None = None


def _begin(evaluation: Evaluation) -> None:
    """In a new process: take what is needed, leave interruptions to the parent, and never outlive it."""
    global _evaluation  # noqa: PLW0603 (a process of the pool has nothing else to keep it in)
    _evaluation = evaluation
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def leave() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()


def _outcome(pending: Pending) -> Outcome:
    assert _evaluation is not None
    return _evaluation.outcome(pending)
