"""What a change of the rules does to clients: whose first ranks, horizons or blocks differ, and by which rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tactician.advice.advise import Advice, advise
from tactician.advice.ranking import Ranked
from tactician.facts.client import Client
from tactician.inference.direct import consult
from tactician.knowledge.conditions import facts_read
from tactician.knowledge.rules import Rulebase
from tactician.workbench.rule_changes import Change, changes

PRIOR = "prior"
"""What is named where the prior of a record moved, and no single rule."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One rule whose evidence for a record, or whose block, is not what it was."""

    rule: str
    points: int
    """The difference it makes, in 10⁻¹² point; 0 for a block."""
    through: tuple[str, ...] = ()
    """Changed rules and facts further down the chain, where the rule itself is as it was."""


@dataclass(frozen=True, slots=True)
class RankChange:
    """One record whose place in a client's plan changed, and what did it: strongest first."""

    record: str
    before: str
    after: str
    by: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class ClientChange:
    """What the new rulebase changes for one client."""

    client: str
    changes: tuple[RankChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs."""

    rulebase: tuple[Change, ...]
    clients: tuple[ClientChange, ...]

    @property
    def none(self) -> bool:
        """Whether nothing differs."""
        return not self.rulebase and not self.clients


def difference(
    old: Rulebase, new: Rulebase, clients: Iterable[tuple[Client, Client]], top: int
) -> Difference:
    """The difference of two rulebases; each client as read with the old and with the new vocabulary.

    A client is told of when a record's place among the first `top`, its horizon or its block differs.
    """
    found = tuple(changes(old, new))
    edited = {change.name for change in found}
    each = (_client_change(_Run(before, old), _Run(after, new), edited, top) for before, after in clients)
    return Difference(found, tuple(change for change in each if change.changes))


class _Run:
    """One client advised under one rulebase."""

    def __init__(self, client: Client, rulebase: Rulebase) -> None:
        self.client = client
        self.rulebase = rulebase
        self.advice: Advice = advise(consult(client, rulebase))
        self.entries = {entry.id: entry for entry in self.advice.ranked}

    def places(self, top: int) -> dict[str, str]:
        """What a change is seen by: rank among the first, horizon, and whether it is ruled out."""
        horizons = self.advice.plan.horizons
        found = {}
        for entry in self.advice.ranked:
            rank = f"rank {entry.rank}" if entry.rank <= top else f"below rank {top}"
            horizon = f", {horizons[entry.id]}" if entry.id in horizons else ""
            found[entry.id] = "ruled out" if entry.blocked else f"{rank}{horizon}"
        return found

    def chain(self, rule: str) -> Iterator[str]:
        """The derived facts that a rule rests on, and the rules that conclude them."""
        known = self.rulebase.rule.get(rule)
        waiting = list(facts_read(known.when)) if known else []
        while waiting:
            fact = self.rulebase.derived_by_id.get(waiting.pop())
            if fact is not None:
                yield fact.spec.id
                yield from (entry.rule for entry in fact.entries)
                waiting.extend(fact.reads)


def _client_change(was: _Run, now: _Run, edited: set[str], top: int) -> ClientChange:
    before, after = was.places(top), now.places(top)
    found = tuple(
        RankChange(
            name, before.get(name, "absent"), after.get(name, "absent"), _causes(name, was, now, edited)
        )
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )
    return ClientChange(was.client.id, found)


def _causes(record: str, was: _Run, now: _Run, edited: set[str]) -> tuple[Cause, ...]:
    before, after = _moving(was.entries.get(record)), _moving(now.entries.get(record))
    moved = {rule: after.get(rule, 0) - before.get(rule, 0) for rule in before.keys() | after.keys()}
    found = [Cause(rule, by, _through(rule, was, now, edited)) for rule, by in moved.items() if by]
    blocks = _blocking(was.entries.get(record)) ^ _blocking(now.entries.get(record))
    found += [Cause(rule, 0, _through(rule, was, now, edited)) for rule in blocks]
    return tuple(sorted(found, key=lambda cause: (cause.points != 0, -abs(cause.points), cause.rule)))


def _moving(entry: Ranked | None) -> Mapping[str, int]:
    """What makes up a total, by rule, and the prior."""
    if entry is None:
        return {}
    sums = {PRIOR: entry.prior}
    for piece in entry.evidence:
        sums[piece.rule] = sums.get(piece.rule, 0) + piece.share
    return sums


def _blocking(entry: Ranked | None) -> frozenset[str]:
    return frozenset() if entry is None else frozenset(block.rule for block in entry.blocks)


def _through(rule: str, was: _Run, now: _Run, edited: set[str]) -> tuple[str, ...]:
    if rule in edited:
        return ()
    return tuple(sorted({name for run in (was, now) for name in run.chain(rule)} & edited))
