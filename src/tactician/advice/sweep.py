"""Where every tactic ranks as one answer goes through several values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tactician.advice.plan import Horizon
from tactician.advice.ranking import Ranked, rank
from tactician.advice.scheduling import make_plan
from tactician.facts.client import Client
from tactician.facts.setting import Place
from tactician.inference.direct import consult
from tactician.knowledge.rules import Rulebase


@dataclass(frozen=True, slots=True)
class Stop:
    """One value of the answer, as stated, with the ranking and the horizons it gives."""

    value: str
    client: Client
    tactics: tuple[Ranked, ...]
    horizons: dict[str, Horizon]

    def place(self, record: str) -> Ranked:
        """A tactic in the ranking of this stop."""
        return next(entry for entry in self.tactics if entry.id == record)

    def __repr__(self) -> str:
        return f"<Stop {self.value}: first: {', '.join(entry.id for entry in self.tactics[:3])}>"


class Sweep(NamedTuple):
    """An answer that goes through several values, and what that does to the ranking."""

    place: Place
    stops: tuple[Stop, ...]

    def __repr__(self) -> str:
        client = self.stops[0].client.id
        return f"<Sweep of {self.place.written} for {client}: values: {len(self.stops)}>"


def sweep(clients: Iterable[tuple[str, Client]], rulebase: Rulebase) -> tuple[Stop, ...]:
    """One stop for each client, named by its value."""
    found = []
    for value, client in clients:
        consultation = consult(client, rulebase)
        groups = rank(consultation)
        plan = make_plan(consultation, groups["tactics"], groups["levers"])
        found.append(Stop(value, client, groups["tactics"], dict(plan.horizons)))
    return tuple(found)
