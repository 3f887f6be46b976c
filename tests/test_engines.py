"""One suite for every engine: all find exactly what the model in oracle.py finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import oracle
from strategies import cases
from tactician import library
from tactician.facts.client import Client
from tactician.facts.repository import facts_folder
from tactician.inference import direct, forward
from tactician.inference.consultation import Consultation
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Evidence, Rulebase

Consult = Callable[[Client, Rulebase], Consultation]
ENGINES: dict[str, Consult] = {"forward": forward.consult, "direct": direct.consult}
EXAMPLES = {"forward": 500, "direct": 2_000}
CLIENTS = sorted(path for path in facts_folder().iterdir() if path.suffix in (".yaml", ".json"))

every_engine = pytest.mark.parametrize("name", ENGINES)


def assert_same(found: Consultation, expected: Consultation) -> None:
    """Equal in every part, and reported in the same order."""
    assert len(found.segments) == len(expected.segments)
    for ours, theirs in zip(found.segments, expected.segments, strict=True):
        assert ours.derived == theirs.derived
        assert ours.fired == theirs.fired
        assert ours.refuted == theirs.refuted
        assert list(ours.fired) == list(theirs.fired)
        assert list(ours.derived) == list(theirs.derived)


def agree(consult: Consult, examples: int) -> None:
    """Compare an engine with the model on generated rulebases and clients."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(cases())
    def compare(case: tuple[Client, Rulebase]) -> None:
        client, rulebase = case
        assert_same(consult(client, rulebase), oracle.consult(client, rulebase))

    compare()


@every_engine
def test_agrees_with_the_model_on_a_few_generated_rulebases(name: str) -> None:
    agree(ENGINES[name], 40)


@pytest.mark.slow
@every_engine
def test_agrees_with_the_model_on_many_generated_rulebases(name: str) -> None:
    agree(ENGINES[name], EXAMPLES[name])


@cache
def shipped() -> Rulebase:
    """The shipped rulebase with every rule of evidence refutable, so that what is false is compared as well."""
    base = load_rulebase()
    rules = (replace(rule, expected=1) if isinstance(rule.then, Evidence) else rule for rule in base.rules)
    return replace(base, rules=tuple(rules))


@cache
def expected(path: Path) -> Consultation:
    return oracle.consult(example(path), shipped())


def example(path: Path) -> Client:
    return library.read_client(path, shipped())


@every_engine
@pytest.mark.parametrize("path", CLIENTS, ids=lambda path: path.stem)
def test_agrees_with_the_model_on_the_shipped_clients(name: str, path: Path) -> None:
    found = ENGINES[name](example(path), shipped())
    assert all(segment.fired and segment.refuted for segment in found.segments)
    assert_same(found, expected(path))
