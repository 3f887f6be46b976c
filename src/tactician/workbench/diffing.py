"""What differs between two rulebases: rules in words, and what the change does to clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tactician.advice.advise import Advice, advise
from tactician.facts.client import Client
from tactician.inference.direct import consult
from tactician.inference.weights import points
from tactician.knowledge.rules import Evidence, Rule, Rulebase
from tactician.presentation.condition_words import in_words


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that was added, removed or changed; of a change, what was and what is, part by part."""

    rule: str
    kind: str
    """`added`, `removed` or `changed`."""
    parts: tuple[tuple[str, str, str], ...] = ()
    """Name of the part, before, after."""


@dataclass(frozen=True, slots=True)
class RankChange:
    """One record whose place in a client's plan changed, and the rules that did it."""

    record: str
    before: str
    after: str
    by: tuple[tuple[str, int], ...]
    """Changed rules with the difference they make, in 10⁻¹² point, strongest first."""


@dataclass(frozen=True, slots=True)
class ClientChange:
    """What the new rulebase changes for one client."""

    client: str
    changes: tuple[RankChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs."""

    rules: tuple[RuleChange, ...]
    clients: tuple[ClientChange, ...]

    @property
    def none(self) -> bool:
        """Whether nothing differs."""
        return not self.rules and not self.clients


def difference(
    old: Rulebase, new: Rulebase, clients: Iterable[tuple[Client, Client]], top: int
) -> Difference:
    """The difference of two rulebases; each client as read with the old and with the new vocabulary.

    A client is told of when its first `top` tactics or levers, a horizon or a block differ.
    """
    rules = tuple(rule_changes(old, new))
    found = (_client_change(old, new, before, after, top) for before, after in clients)
    return Difference(rules, tuple(change for change in found if change.changes))


def rule_changes(old: Rulebase, new: Rulebase) -> Iterator[RuleChange]:
    """The rules that differ, by id."""
    for name in sorted(old.rule.keys() | new.rule.keys()):
        before, after = old.rule.get(name), new.rule.get(name)
        if before is None or after is None:
            yield RuleChange(name, "removed" if after is None else "added")
            continue
        was, now = _parts(before, old), _parts(after, new)
        parts = tuple((part, was[part], now[part]) for part in was if was[part] != now[part])
        if parts:
            yield RuleChange(name, "changed", parts)


def _parts(rule: Rule, rulebase: Rulebase) -> Mapping[str, str]:
    return {
        "when": in_words(rule.when, rulebase.specs),
        "then": str(rule.then.cf) if isinstance(rule.then, Evidence) else repr(rule.then),
        "because": rule.because,
        "grade": rule.grade,
        "sources": ", ".join(rule.sources),
        "expected": points(rule.expected, 10**6),
    }


def _client_change(old: Rulebase, new: Rulebase, before: Client, after: Client, top: int) -> ClientChange:
    was, now = advise(consult(before, old)), advise(consult(after, new))
    places = _places(was, top), _places(now, top)
    changed = [name for name in places[0] if places[0][name] != places[1].get(name)]
    changed += [name for name in places[1] if name not in places[0]]
    by = _evidence(was), _evidence(now)
    return ClientChange(
        before.id,
        tuple(
            RankChange(name, places[0].get(name, "absent"), places[1].get(name, "absent"), _moved(name, *by))
            for name in changed
        ),
    )


def _places(advice: Advice, top: int) -> dict[str, str]:
    """What a change is seen by: rank among the first, horizon, and whether it is ruled out."""
    horizons = advice.plan.horizons
    found = {}
    for entry in advice.ranked:
        rank = f"rank {entry.rank}" if entry.rank <= top else f"below rank {top}"
        horizon = f", {horizons[entry.id]}" if entry.id in horizons else ""
        found[entry.id] = "ruled out" if entry.blocked else f"{rank}{horizon}"
    return found


def _evidence(advice: Advice) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for entry in advice.ranked:
        rules = sums.setdefault(entry.id, {})
        for piece in entry.evidence:
            rules[piece.rule] = rules.get(piece.rule, 0) + piece.share
    return sums


def _moved(
    record: str, before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]]
) -> tuple[tuple[str, int], ...]:
    was, now = before.get(record, {}), after.get(record, {})
    moved = {rule: now.get(rule, 0) - was.get(rule, 0) for rule in was.keys() | now.keys()}
    return tuple(
        sorted(((rule, by) for rule, by in moved.items() if by), key=lambda each: (-abs(each[1]), each[0]))
    )
