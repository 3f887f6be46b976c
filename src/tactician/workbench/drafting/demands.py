"""What a situation must state so that conditions come out as wanted, before values are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import Test

Where = tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Demands:
    """Demands on facts and items that do not contradict one another."""

    allowed: Mapping[str, frozenset[Value]] = field(default_factory=dict)
    """By fact that must be known, stated or concluded: the values it may have. Not for computed numbers."""
    absent: frozenset[str] = frozenset()
    """Facts that must not be known."""
    computed: Mapping[str, tuple[tuple[Test, bool], ...]] = field(default_factory=dict)
    """By computed number: the tests it must pass or fail."""
    wanted: tuple[tuple[str, Where], ...] = ()
    """Kinds of items of which one must pass these tests."""
    refused: tuple[tuple[str, Where], ...] = ()
    """Kinds of items, listed, of which none may pass these tests."""
    settled: frozenset[str] = frozenset()
    """Concluded facts whose value has been traced to what they are concluded from."""

    def narrowed(self, fact: str, values: Iterable[Value]) -> Demands | None:
        """With a fact that must have one of these values; None when it cannot."""
        wanted = frozenset(values)
        left = wanted & self.allowed.get(fact, wanted)
        if not left or fact in self.absent:
            return None
        return replace(self, allowed={**self.allowed, fact: left})

    def without(self, fact: str) -> Demands | None:
        """With a fact that must be unknown; None when it must be known."""
        if fact in self.allowed or fact in self.computed:
            return None
        return replace(self, absent=self.absent | {fact})

    def computing(self, fact: str, test: Test, wanted: bool) -> Demands | None:
        """With a computed number that must pass or fail a test; None when it must be unknown."""
        if fact in self.absent:
            return None
        return replace(self, computed={**self.computed, fact: (*self.computed.get(fact, ()), (test, wanted))})

    def item(self, kind: str, where: Where, wanted: bool) -> Demands:
        """With an item that must, or must not, be among the items of its kind."""
        demand = (kind, where)
        if wanted:
            return self if demand in self.wanted else replace(self, wanted=(*self.wanted, demand))
        return self if demand in self.refused else replace(self, refused=(*self.refused, demand))

    def settle(self, fact: str) -> Demands:
        """With a concluded fact traced."""
        return replace(self, settled=self.settled | {fact})
