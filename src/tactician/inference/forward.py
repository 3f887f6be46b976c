"""The forward engine: a true forward chainer over working memory, with agenda and firings, built on experta."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from tactician.facts.client import Client
from tactician.inference.consultation import Consultation
from tactician.inference.forward_agenda import rank_of
from tactician.inference.forward_engine import ForwardEngine
from tactician.inference.forward_run import SegmentRun
from tactician.inference.listening import Listener
from tactician.knowledge.rules import Rulebase

_idle: WeakKeyDictionary[Rulebase, ForwardEngine] = WeakKeyDictionary()


@contextmanager
def _engine(rulebase: Rulebase) -> Iterator[ForwardEngine]:
    """The compiled engine of a Rulebase, for one user at a time: whoever finds it taken compiles another."""
    engine = _idle.pop(rulebase, None) or ForwardEngine(rulebase)
    try:
        yield engine
    finally:
        _idle[rulebase] = engine


def consult(
    client: Client, rulebase: Rulebase, *, strategy: str = "depth", listener: Listener | None = None
) -> Consultation:
    """One run of the forward engine for one client.

    `strategy` is one of CLIPS's: depth, breadth, lex, mea, complexity, simplicity or random:SEED. It decides the
    order of firings, never what is found. Raises UsageError for another, LimitExceeded for a run that goes on.
    """
    rank = rank_of(strategy)
    with _engine(rulebase) as engine:
        segments = tuple(
            engine.consult(SegmentRun(client, index, rulebase), rank, listener)
            for index in range(len(client.segments))
        )
    return Consultation(client, rulebase, segments, "forward")
