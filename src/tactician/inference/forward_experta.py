"""The one door to experta: imports it without its side effects. Everything of ours takes its names from here."""

from __future__ import annotations

import collections
import collections.abc
import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _undoing_side_effects() -> Iterator[None]:
    """Lend experta what it needs while it is imported, and take back what it leaves behind.

    Its frozendict 1.2 derives from `collections.Mapping`, which Python 3.10 removed; importing it calls
    `logging.basicConfig()`, which would give every program that imports us a log handler.
    """
    root = logging.getLogger()
    handlers = list(root.handlers)
    lend = not hasattr(collections, "Mapping")
    if lend:
        collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
    try:
        yield
    finally:
        if lend:
            del collections.Mapping  # type: ignore[attr-defined]
        root.handlers[:] = handlers


with _undoing_side_effects():
    from experta import watchers
    from experta.abstract import Matcher, Strategy
    from experta.activation import Activation
    from experta.conditionalelement import NOT
    from experta.engine import KnowledgeEngine
    from experta.fact import Fact, InitialFact
    from experta.fieldconstraint import L, P, W
    from experta.matchers.rete import ReteMatcher
    from experta.matchers.rete.check import FeatureCheck, SameContextCheck, TypeCheck
    from experta.matchers.rete.nodes import (
        BusNode,
        ConflictSetNode,
        FeatureTesterNode,
        NotNode,
        OrdinaryMatchNode,
    )
    from experta.matchers.rete.token import Token
    from experta.rule import Rule

# Its loggers would follow the root logger: with that at INFO, every match of a client's facts would be written.
watchers.unwatch()

__all__ = [
    "NOT",
    "Activation",
    "BusNode",
    "ConflictSetNode",
    "Fact",
    "FeatureCheck",
    "FeatureTesterNode",
    "InitialFact",
    "KnowledgeEngine",
    "L",
    "Matcher",
    "NotNode",
    "OrdinaryMatchNode",
    "P",
    "ReteMatcher",
    "Rule",
    "SameContextCheck",
    "Strategy",
    "Token",
    "TypeCheck",
    "W",
]
