"""What one run for one segment records: firings, refutations and conclusions, under its limits."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Collection

from tactician.errors import LimitExceeded
from tactician.facts.client import Client
from tactician.inference.consultation import Conclusion, Firing, SegmentFindings, Witness, in_order
from tactician.inference.forward_memory import WorkingFact, weight_of
from tactician.knowledge.rules import Rulebase

LAST_SHOWN = 5
"""Firings that an error about a limit names."""


class SegmentRun:
    """The record of one run, and its limits: LimitExceeded ends the run, and nothing of it is reported."""

    def __init__(self, client: Client, index: int, rulebase: Rulebase) -> None:
        limits = rulebase.parameters.limits
        self.client = client
        self.segment = client.segments[index]
        self.rulebase = rulebase
        self._most = limits.firings_per_rule * len(rulebase.rules)
        self._seconds = limits.seconds_per_segment
        self._deadline = time.monotonic() + self._seconds
        self._firings = 0
        self._times: Counter[str] = Counter()
        self._last: deque[str] = deque(maxlen=LAST_SHOWN)
        self._fired: dict[str, Firing] = {}
        self._refuted: set[str] = set()
        self._conclusions: dict[str, Conclusion] = {}

    def fire(self, rule: str, facts: Collection[WorkingFact]) -> tuple[Witness, ...]:
        """Record that a rule fires; the witnesses that its conclusion rests on."""
        self._count(rule)
        witnesses = witnesses_of(facts)
        self._fired[rule] = Firing(rule, weight_of(facts), witnesses)
        return witnesses

    def refute(self, rule: str) -> None:
        """Record that the condition of a rule is false; it may be so in several ways."""
        if rule not in self._refuted:
            self._count(rule)
            self._refuted.add(rule)

    def compute(self, fact: str) -> None:
        """Record that an expression is computed; only its repetition counts as a firing."""
        self._count(fact, first=0)

    def conclude(self, conclusion: Conclusion) -> None:
        """Record the value of a derived fact."""
        self._conclusions[conclusion.fact] = conclusion

    def check_time(self) -> None:
        """Raise LimitExceeded when the segment has had its time."""
        if time.monotonic() > self._deadline:
            raise LimitExceeded(
                f"Segment {self.segment.name!r} of {self.client.id!r} took longer than "
                f"{self._seconds:g} seconds.{self._story()}",
                "Raise limits.seconds_per_segment in parameters.yaml.",
            )

    def findings(self) -> SegmentFindings:
        """Everything recorded, in the order of the rulebase."""
        return SegmentFindings(
            {fact.spec.id: self._conclusions[fact.spec.id]
             for fact in self.rulebase.derived if fact.spec.id in self._conclusions},
            {rule.id: self._fired[rule.id] for rule in self.rulebase.rules if rule.id in self._fired},
            frozenset(self._refuted),
        )  # fmt: skip

    def _count(self, name: str, first: int = 1) -> None:
        self._times[name] += 1
        self._firings += first if self._times[name] == 1 else 1
        self._last.append(name)
        if self._firings > self._most:
            raise LimitExceeded(
                f"Segment {self.segment.name!r} of {self.client.id!r} needs more than {self._most} firings, "
                f"the limit for {len(self.rulebase.rules)} rules.{self._story()}",
                "Raise limits.firings_per_rule in parameters.yaml.",
            )

    def _story(self) -> str:
        looping = [
            f"{name} ({times} times)" for name, times in self._times.most_common(LAST_SHOWN) if times > 1
        ]
        story = f" Firing again and again: {', '.join(looping)}." if looping else ""
        return f"{story} Last firings: {', '.join(self._last)}." if self._last else story


def witnesses_of(facts: Collection[WorkingFact]) -> tuple[Witness, ...]:
    """Everything that matched facts bear witness to."""
    return in_order(witness for fact in facts for witness in fact.witnesses)
