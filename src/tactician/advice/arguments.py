"""The few arguments that say most about a record, without saying the same thing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tactician.advice.ranking import Piece, Ranked
from tactician.knowledge.rules import Evidence, Rule, Rulebase

GENERAL = frozenset({"lifecycle"})
"""Origins of rules that hold for many records alike and say little about one."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One rule's evidence over all segments in which it fired."""

    rule: Rule
    share: int
    """What it adds to the total, in 10⁻¹² point; negative speaks against."""
    pieces: tuple[Piece, ...]

    @property
    def segments(self) -> tuple[str, ...]:
        """Where it holds."""
        return tuple(piece.segment for piece in self.pieces)


def arguments(entry: Ranked, rulebase: Rulebase, speaking_for: bool, most: int) -> tuple[Argument, ...]:
    """The strongest arguments for or against a record, at most so many.

    A rule that repeats another, which is among them already, is left out. Rules that speak for a whole family, and
    those about the stage of the business, come last, whatever their weight.
    """
    found = [
        Argument(rulebase.rule[rule], sum(piece.share for piece in pieces), pieces)
        for rule, pieces in _by_rule(entry.evidence).items()
        if (pieces[0].weight > 0) == speaking_for
    ]
    chosen: list[Argument] = []
    for argument in sorted(found, key=lambda each: (_is_general(each.rule), -abs(each.share), each.rule.id)):
        if len(chosen) < most and not any(_repeats(argument.rule, other.rule) for other in chosen):
            chosen.append(argument)
    return tuple(chosen)


def _by_rule(evidence: Iterable[Piece]) -> dict[str, tuple[Piece, ...]]:
    found: dict[str, tuple[Piece, ...]] = {}
    for piece in evidence:
        found[piece.rule] = (*found.get(piece.rule, ()), piece)
    return found


def _is_general(rule: Rule) -> bool:
    speaks_for_family = isinstance(rule.then, Evidence) and rule.then.family is not None
    return speaks_for_family or rule.origin in GENERAL


def _repeats(rule: Rule, other: Rule) -> bool:
    return rule.id in other.on_top_of or other.id in rule.on_top_of
