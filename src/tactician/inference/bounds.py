"""The lowest and highest total of each record that unknown facts still allow, over every completion.

Always sound: what is undecided is added up as intervals. Made tight by cases: one open fact after the other is
narrowed to each part of its domain, as far as the cases allowed go. Rules that share no open fact are looked at by
themselves; where too many share some, each goes with the fact that most of them test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

from tactician.facts.client import Client
from tactician.inference.dependence import Dependence, Key, Reach, tied
from tactician.inference.direct import engine_for
from tactician.inference.intervals import ZERO, Interval, add, hull
from tactician.inference.open_record import Piece, merged, piece_of
from tactician.inference.open_segment import OpenSegment
from tactician.inference.possibility import Domain
from tactician.knowledge.rules import Rulebase

CASES = 1_200
"""Cases gone through for one client …"""
FEWEST = 20
"""… and how many at least for one record."""
HOPE = 8
"""How much fewer cases than the product of all parts are usually enough: rules are decided underway."""


def bounds(client: Client, rulebase: Rulebase, records: Iterable[str] | None = None) -> dict[str, Interval]:
    """The lowest and highest total of these records, or of every one, in 10⁻¹² point."""
    engine = engine_for(rulebase)
    views = [OpenSegment(engine, client, segment) for segment in client.segments]
    pieces = {
        record: [piece_of(number, view, record) for number, view in enumerate(views)]
        for record in (rulebase.records if records is None else records)
    }
    # The most open ones come last, when it is known what the others left over.
    order = sorted(pieces, key=lambda record: sum(len(piece.rules) for piece in pieces[record]))
    found = {}
    for place, record in enumerate(order):
        left = CASES - sum(view.cases for view in views)
        found[record] = _bound(pieces[record], max(FEWEST, left // (len(order) - place)))
    return {record: found[record] for record in pieces}


def _bound(pieces: Sequence[Piece], cases: int) -> Interval:
    """The sum of some pieces: what has nothing open in common is looked at by itself."""
    if cases < 2 or not any(piece.rules for piece in pieces):
        return add(piece.total() for piece in pieces)
    dependence = Dependence()
    parts: list[Piece] = []
    reaches: list[Reach] = []
    total = ZERO
    for piece in pieces:
        looked = piece.looked(dependence)
        if piece.blocks:
            parts.append(piece)
            reaches.append(Reach.union(reach for _, reach in looked))
            continue
        alone = tuple(ruling for ruling, reach in looked if not reach.all)
        total = add((total, piece.only(alone, keep_settled=True).total()))
        for ruling, reach in looked:
            if reach.all:
                parts.append(piece.only((ruling,)))
                reaches.append(reach)
    groups = tied([reach.all for reach in reaches])
    for members in groups:
        tied_ones = _Tied([parts[at] for at in members], [reaches[at] for at in members], dependence)
        total = add((total, tied_ones.bound(cases // len(groups))))
    return total


class _Tied:
    """Parts of pieces that open facts tie together, with what each depends on."""

    def __init__(self, parts: Sequence[Piece], reaches: Sequence[Reach], dependence: Dependence) -> None:
        self.parts = parts
        self.reaches = reaches
        self.dependence = dependence
        self.pieces = merged(parts)

    def bound(self, cases: int) -> Interval:
        """The sum of the pieces, as tight as the cases allow."""
        if len(self.pieces) == 1 and self.pieces[0].has_block:
            low, high = _bound([self.pieces[0].unblocked()], cases)
            return min(0, low), min(0, high)
        choices = self.dependence.choices(self.reaches)
        options = {key: self._parts(key) for key in choices}
        if options and prod(map(len, options.values())) <= HOPE * cases:
            return self._case_by_case(choices[0], cases)
        if any(piece.blocks for piece in self.pieces):
            return add(_around_blocks(piece, cases // len(self.pieces)) for piece in self.pieces)
        return self._fact_by_fact(cases)

    def _parts(self, key: Key) -> list[Domain]:
        piece = next(each for each in self.pieces if each.looks_at(key))
        return piece.view.parts(piece.state, piece.closure, key[1])

    def _case_by_case(self, key: Key, cases: int) -> Interval:
        """Over every part of one fact."""
        options = self._parts(key)
        if len(options) > cases:
            return add(piece.total() for piece in self.pieces)
        rest = cases // len(options) - 1
        return hull(
            _bound([piece.narrowed(key, option) for piece in self.pieces], rest) for option in options
        )

    def _fact_by_fact(self, cases: int) -> Interval:
        """Each rule over every part of one fact that it tests, together with the rules that test it too."""
        groups = [(self._of(members), key) for key, members in self._by_fact().items()]
        sizes = [len(group._parts(key)) for group, key in groups]
        more = max(1, cases // sum(sizes))
        return add(
            group._case_by_case(key, size * more) for (group, key), size in zip(groups, sizes, strict=True)
        )

    def _by_fact(self) -> dict[Key, list[int]]:
        """The rules by the fact, among those each tests, that most of them test."""
        common = Counter(key for reach in self.reaches for key in reach.direct)
        groups: dict[Key, list[int]] = {}
        for number, reach in enumerate(self.reaches):
            key = max(reach.direct, key=lambda each: (common[each], each))
            groups.setdefault(key, []).append(number)
        return groups

    def _of(self, members: Sequence[int]) -> _Tied:
        return _Tied(
            [self.parts[at] for at in members], [self.reaches[at] for at in members], self.dependence
        )


def _around_blocks(piece: Piece, cases: int) -> Interval:
    """A piece that may be blocked: the other rules fact by fact, then over every part of a fact that blocks."""
    dependence = Dependence()
    looked = piece.looked(dependence)
    blocks = {rule.id for rule, _ in piece.blocks}
    deciding = Counter(key for (rule, _), reach in looked if rule.id in blocks for key in reach.direct)
    key = max(deciding, key=lambda each: (deciding[each], each), default=None)
    beside = tuple(each for each, reach in looked if key not in reach.direct and each[0].id not in blocks)
    low, high = _bound([piece.only(beside).unblocked()], cases // 2)
    ppm = piece.view.segment.ppm
    rest = replace(
        piece.only(tuple(ruling for ruling in piece.rules if ruling not in beside)),
        settled=add((piece.settled, (low // ppm, high // ppm))),
    )
    if key is None:
        return rest.total()
    return _Tied([rest], [Reach.union(reach for _, reach in looked)], dependence)._case_by_case(
        key, cases // 2
    )
