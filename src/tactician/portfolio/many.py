"""Consults the rulebase for many clients, wherever they come from, and hands out one result after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

from tactician import given
from tactician.advice.advise import Advice, advise
from tactician.errors import Problem, ProblemsError, UsageError, did_you_mean
from tactician.facts.client import Client
from tactician.facts.number_words import DecimalMark
from tactician.inference.consultation import Consultation
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.arrow_tables import is_table
from tactician.portfolio.candidates import Candidate, Pending, PendingClient, PendingMapping
from tactician.portfolio.evaluation import Evaluation
from tactician.portfolio.inputs import Inputs, Say, silent

ENGINES = ("direct", "forward")

Source = object
"""A path, folder or glob; a table; or an iterable of paths, clients and client files as mappings."""


@dataclass(frozen=True)
class Result:
    """What comes of one client: a consultation, or the problems that stand in its way."""

    id: str
    file: str
    consultation: Consultation | None = None
    problems: tuple[Problem, ...] = ()

    @cached_property
    def advice(self) -> Advice:
        """Ranking and plan; raises the problems of a client that could not be consulted."""
        if self.consultation is None:
            raise ProblemsError(self.problems)
        return advise(self.consultation)


def consult_many(
    source: Source,
    rulebase: Rulebase | None = None,
    engine: str = "direct",
    *,
    decimal: DecimalMark | None = None,
    say: Say = silent,
) -> Iterator[Result]:
    """The result of each client, in order and one at a time; a bad client is a result with problems.

    `source` is a path, a folder or a glob; an Arrow, Polars or pandas table with a row for each client and
    segment; or an iterable of paths, clients and client files as mappings. Raises UsageError.
    """
    if engine not in ENGINES:
        raise UsageError(f"There is no engine called {engine!r} here.", did_you_mean(engine, ENGINES))
    evaluation = Evaluation(given.rulebase(rulebase), engine)
    inputs = Inputs(evaluation.rulebase, evaluation.tactic_names, decimal, say)
    module = import_module(f"tactician.inference.{engine}")
    for pending in _pending(source, inputs):
        candidate = pending.resolve(evaluation.reader)
        consultation = None
        if candidate.client is not None:
            consultation = module.consult(candidate.client, evaluation.rulebase)
        yield Result(candidate.id, candidate.file, consultation, candidate.problems)


def _pending(source: Source, inputs: Inputs) -> Iterator[Pending]:
    if isinstance(source, str | Path):
        yield from inputs.pending(inputs.find([str(source)]))
    elif isinstance(source, Client):
        yield PendingClient(Candidate(source.id, source.file, source))
    elif is_table(source):
        yield from inputs.of_table(source)
    elif isinstance(source, Mapping):
        yield PendingMapping(source)
    elif isinstance(source, Iterable):
        for each in source:
            yield from _pending(each, inputs)
    else:
        raise UsageError(
            f"A {type(source).__name__} holds no clients.", "Give paths, clients, mappings or a table."
        )
