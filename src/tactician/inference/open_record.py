"""One record in one segment, or some of its rules, as far as it is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tactician.inference.dependence import EVERYWHERE, Dependence, Key, Reach
from tactician.inference.intervals import ZERO, Interval, add, times
from tactician.inference.open_closure import Closure, closure_of
from tactician.inference.open_segment import OpenSegment, OpenState
from tactician.inference.possibility import Domain
from tactician.knowledge.rules import Block, Rule

Ruling = tuple[Rule, int]
"""A rule with the position of its condition."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The undecided rules of a record in one segment, and what the others add up to."""

    number: int
    """Of the segment."""
    view: OpenSegment
    state: OpenState
    closure: Closure
    settled: Interval
    rules: tuple[Ruling, ...]
    blocks: tuple[Ruling, ...]
    """The rules that block, unless it is settled that none does."""

    @property
    def has_block(self) -> bool | None:
        """Whether a block is true; None while that is open."""
        possible, may_be = self.state.possible, False
        for _, position in self.blocks:
            if not (possible.false | possible.unknown) >> position & 1:
                return True
            may_be = may_be or bool(possible.true >> position & 1)
        return None if may_be else False

    def total(self) -> Interval:
        """The sum of its rules, each by itself, in 10⁻¹² point: at most 0 where it is blocked."""
        spoken = [self.view.contribution(rule, at, self.state.possible) for rule, at in self.rules]
        low, high = add((self.settled, *spoken))
        blocked = self.has_block if self.blocks else False
        if blocked is not False:
            low, high = min(0, low), min(0, high) if blocked else high
        return times(self.view.segment.ppm, (low, high))

    def looked(self, dependence: Dependence) -> list[tuple[Ruling, Reach]]:
        """Its rules, each with the open facts behind it."""
        return [
            (ruling, dependence.look(self.number, self.view, self.state, ruling[1])) for ruling in self.rules
        ]

    def only(self, rules: tuple[Ruling, ...], *, keep_settled: bool = False) -> Piece:
        """The piece with some of its rules, without what is settled unless that is kept."""
        settled = self.settled if keep_settled else ZERO
        return Piece(self.number, self.view, self.state, self.closure, settled, rules, self.blocks)

    def unblocked(self) -> Piece:
        """The piece as if nothing blocked it."""
        return replace(self, blocks=())

    def looks_at(self, key: Key) -> bool:
        """Whether a fact is one of its segment or of all."""
        return key[0] in (EVERYWHERE, self.number)

    def narrowed(self, key: Key, part: Domain) -> Piece:
        """The piece in which an open fact has only a part of its domain."""
        if not self.looks_at(key):
            return self
        return self.settled_in(self.view.narrowed(self.state, self.closure, key[1], part))

    def settled_in(self, state: OpenState) -> Piece:
        """The piece in another state, without the rules and blocks that are decided there."""
        possible, open_bits = state.possible, state.open_bits
        (low, high), rules = self.settled, []
        for ruling in self.rules:
            rule, position = ruling
            if not open_bits >> position & 1:
                least, most = self.view.contribution(rule, position, possible)
                if least == most:
                    low, high = low + least, high + most
                    continue
            rules.append(ruling)
        # Made field by field: dataclasses.replace takes as long as all the rest, and this runs thousands of times.
        made = Piece(self.number, self.view, state, self.closure, (low, high), tuple(rules), self.blocks)
        return made.unblocked() if made.blocks and made.has_block is False else made


def piece_of(number: int, view: OpenSegment, record: str) -> Piece:
    """A record in one segment."""
    engine, state = view.engine, view.root
    rules = tuple((rule, engine.position[rule.id]) for rule in engine.rulebase.by_target[record])
    blocks = tuple(ruling for ruling in rules if isinstance(ruling[0].then, Block))
    closure = closure_of(engine, state.undecided, state.leaves_choice, (position for _, position in rules))
    return Piece(number, view, state, closure, ZERO, rules, blocks).settled_in(state)


def merged(parts: Iterable[Piece]) -> list[Piece]:
    """The parts, with those of one segment put together."""
    found: dict[int, Piece] = {}
    for part in parts:
        before = found.get(part.number)
        found[part.number] = part if before is None else replace(before, rules=(*before.rules, *part.rules))
    return list(found.values())
