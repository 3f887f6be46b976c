"""What a portfolio shows as a whole: how often each record ranks, is blocked, and what holds it back most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tactician.facts.client import MILLION
from tactician.facts.item_weights import FULL
from tactician.inference.weights import TOTAL_POINT
from tactician.knowledge.rules import GROUPS, Block, Evidence, Rulebase
from tactician.portfolio.outcomes import Outcome

TOP = 3
STARTED = ("running", "now")
UNMET = "does not hold or is not known"

Unknown = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule that keeps a record down: in how many clients, and how many points it costs on average there."""

    rule: str
    kind: str
    """`blocks`, `speaks against it`, `does not hold`, `not known`, or both as one."""
    clients: int
    points: float
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One record over all clients of a portfolio."""

    group: str
    record: str
    name: str
    clients: int
    first: int
    top: int
    """How often it is among the first three."""
    started: int
    """How often it runs already or is to be started now."""
    blocked: int
    mean_points: float
    blocker: Obstacle | None
    """The rule that blocks it in most clients."""
    brake: Obstacle | None
    """Of the other rules, the one that costs it most points where it is not among the first three."""


class Summary:
    """Adds up outcomes; knows one Rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.clients = 0
        self._first: Counter[str] = Counter()
        self._top: Counter[str] = Counter()
        self._started: Counter[str] = Counter()
        self._blocked: Counter[str] = Counter()
        self._total: Counter[str] = Counter()
        self._blocks = {
            name: [rule.id for rule in rules if isinstance(rule.then, Block)]
            for name, rules in rulebase.by_target.items()
        }
        self._evidence = {
            name: [
                (rule.id, rule.then.weight * FULL * MILLION)
                for rule in rules
                if isinstance(rule.then, Evidence)
            ]
            for name, rules in rulebase.by_target.items()
        }
        """By record, its rules with what each weighs at most, in 10⁻¹² point."""
        self._blockers: dict[str, Counter[str]] = {name: Counter() for name in rulebase.records}
        self._lost: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in rulebase.records}
        self._hit: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in rulebase.records}

    def add(self, outcome: Outcome) -> None:
        """Count one client that was ranked."""
        self.clients += 1
        self._blocked.update(outcome.blocked)
        self._total.update(outcome.totals)
        self._started.update(record for record, horizon in outcome.horizons.items() if horizon in STARTED)
        unknown = None if outcome.unknown is None else frozenset(outcome.unknown)
        for records in outcome.order.values():
            self._first.update(records[:1])
            self._top.update(records[:TOP])
            for record in records[TOP:]:
                self._hold_back(record, outcome.fired, unknown)
            for record in records:
                self._note_blocks(record, outcome.fired)

    def _note_blocks(self, record: str, fired: Mapping[str, int]) -> None:
        for rule in self._blocks[record]:
            if rule in fired:
                self._blockers[record][rule] += 1

    def _hold_back(self, record: str, fired: Mapping[str, int], unknown: Unknown) -> None:
        lost, hit = self._lost[record], self._hit[record]
        for rule, weight in self._evidence[record]:
            share = fired.get(rule, 0)
            if weight < 0 and share:
                key, points = (rule, "speaks against it"), -share
            elif weight > 0 and not share:
                key, points = (rule, _unmet(rule, unknown)), weight
            else:
                continue
            lost[key] += points
            hit[key] += 1

    def standings(self) -> Iterator[Standing]:
        """Every record: by group, those that rank first most often before the others."""
        for group in GROUPS:
            records = [record.id for record in self.rulebase.group(group)]
            for record in sorted(records, key=lambda name: (-self._top[name], -self._total[name], name)):
                yield self._standing(group, record)

    def _standing(self, group: str, record: str) -> Standing:
        return Standing(
            group,
            record,
            self.rulebase.records[record].name,
            self.clients,
            self._first[record],
            self._top[record],
            self._started[record],
            self._blocked[record],
            self._total[record] / (TOTAL_POINT * max(1, self.clients)),
            self._blocker(record),
            self._brake(record),
        )

    def _blocker(self, record: str) -> Obstacle | None:
        counts = self._blockers[record]
        if not counts:
            return None
        rule = min(counts, key=lambda name: (-counts[name], name))
        return Obstacle(rule, "blocks", counts[rule], 0.0, self.rulebase.rule[rule].because)

    def _brake(self, record: str) -> Obstacle | None:
        lost = self._lost[record]
        if not lost:
            return None
        rule, kind = min(lost, key=lambda pair: (-lost[pair], pair))
        clients = self._hit[record][rule, kind]
        because = self.rulebase.rule[rule].because
        return Obstacle(rule, kind, clients, lost[rule, kind] / (TOTAL_POINT * clients), because)


def _unmet(rule: str, unknown: Unknown) -> str:
    if unknown is None:
        return UNMET
    return "not known" if rule in unknown else "does not hold"
