"""Everything that follows from a consultation, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tactician.advice.hinges import Hinge, hinges
from tactician.advice.plan import Plan
from tactician.advice.process import Process, process
from tactician.advice.proposition import Proposition
from tactician.advice.propositions import propositions
from tactician.advice.ranking import Bounds, Ranked, needs, rank
from tactician.advice.scheduling import make_plan
from tactician.advice.unknowns import Assumed, Unknown, assumed, rivals, unknowns
from tactician.advice.warnings import RaisedWarning, warnings
from tactician.inference.consultation import Consultation


@dataclass(frozen=True)
class Advice:
    """What Tactician has to say about one client."""

    consultation: Consultation
    needs: Mapping[str, int]
    """By family of tactics, in 10⁻¹² point."""
    tactics: tuple[Ranked, ...]
    levers: tuple[Ranked, ...]
    improvements: tuple[Ranked, ...]
    plan: Plan
    propositions: tuple[Proposition, ...]
    """One for each segment."""
    process: Process
    warnings: tuple[RaisedWarning, ...]
    assumed: tuple[Assumed, ...]
    unknowns: tuple[Unknown, ...]
    bounded: bool
    """Whether it is known how far the totals can move; without it no unknowns are named."""

    @property
    def ranked(self) -> tuple[Ranked, ...]:
        """All records: tactics, levers, improvements."""
        return (*self.tactics, *self.levers, *self.improvements)

    @cached_property
    def hinges(self) -> tuple[Hinge, ...]:
        """The answers by which the first three tactics hang."""
        return hinges(self.consultation, self.tactics)

    @cached_property
    def rivals(self) -> tuple[Ranked, ...]:
        """The tactics that what is unknown could still bring among the first three; none if not bounded."""
        return rivals(self.consultation, self.tactics)

    @property
    def ruled_out(self) -> tuple[Ranked, ...]:
        """The records that are blocked in every segment."""
        return tuple(entry for entry in self.ranked if entry.blocked)

    def __repr__(self) -> str:
        first = ", ".join(entry.id for entry in self.tactics[:3])
        return f"<Advice for {self.consultation.client.id}: tactics: {len(self.tactics)}, first: {first}>"


def advise(consultation: Consultation, bounds: Bounds | None = None) -> Advice:
    """The ranking, the plan and what comes with it; `bounds` say how far unknown facts still move totals."""
    groups = rank(consultation, bounds)
    plan = make_plan(consultation, groups["tactics"], groups["levers"])
    return Advice(
        consultation,
        needs(consultation),
        groups["tactics"],
        groups["levers"],
        groups["improvements"],
        plan,
        propositions(consultation, tuple(entry for group in groups.values() for entry in group)),
        process(consultation, plan),
        warnings(consultation, plan.recommended),
        assumed(consultation),
        unknowns(consultation, groups["tactics"]),
        bounds is not None,
    )
