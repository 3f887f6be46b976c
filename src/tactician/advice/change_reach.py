"""How far changes of single facts could carry a record past others at most: what cannot reach is not tried.

The reach of a set of facts is at most the sum of theirs, since every rule that looks at one of them is counted with
all that it could ever add. Sets that fall short by this are left out; all others are reckoned exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tactician.advice.advise import Advice
from tactician.advice.ranking import Ranked
from tactician.facts.client import Client
from tactician.facts.item_weights import FULL
from tactician.inference.direct import DirectEngine, State, engine_for
from tactician.inference.open_closure import consequences
from tactician.knowledge.rules import Block, Evidence, Rule

Place = tuple[str, int | None]
"""A fact and the number of its segment; None for a fact of all segments."""


class Reach:
    """For one record and the rivals ahead of it: the sets of facts that could leave fewer than `top` ahead."""

    def __init__(
        self, advice: Advice, places: Sequence[Place], ours: Ranked, rivals: Sequence[Ranked], top: int
    ) -> None:
        client, rulebase = advice.consultation.client, advice.consultation.rulebase
        self.top = top
        self.deficits = [rival.total - ours.total for rival in rivals]
        self.rivals_blocked = [rival.blocked for rival in rivals]
        self.reaches = [[0.0] * len(rivals) for _ in places]
        self.frees = [False] * len(places)
        """Whether changing the fact could end a block of the record."""
        self.is_blocked = ours.blocked
        for number in range(len(client.segments)):
            segment = _Segment(engine_for(rulebase), client, number, places)
            for rule, touching in segment.rules(ours.id):
                gain = segment.gain(rule, rising=True)
                for at in touching:
                    self._add(at, range(len(rivals)), gain)
                    self.frees[at] |= gain == math.inf
            for column, rival in enumerate(rivals):
                for rule, touching in segment.rules(rival.id):
                    gain = segment.gain(rule, rising=False)
                    for at in touching:
                        self._add(at, (column,), gain)

    def _add(self, place: int, columns: Sequence[int], gain: float) -> None:
        for column in columns:
            self.reaches[place][column] += gain

    def suffices(self, chosen: Sequence[int]) -> bool:
        """Whether changes of these places together could be enough."""
        stays_blocked = self.is_blocked and not any(self.frees[at] for at in chosen)
        reaches = [self.reaches[at] for at in chosen]
        ahead = 0
        for column, deficit in enumerate(self.deficits):
            # What stays blocked comes before nothing but what is blocked as well.
            needed = math.inf if stays_blocked and not self.rivals_blocked[column] else deficit
            ahead += sum(reach[column] for reach in reaches) < needed
            if ahead == self.top:
                return False
        return True


class _Segment:
    def __init__(self, engine: DirectEngine, client: Client, number: int, places: Sequence[Place]) -> None:
        self.engine = engine
        self.state: State = engine.settle(client, number)
        self.share = client.segments[number].ppm
        masks = consequences(engine)
        self.masks = [
            (at, masks[fact][0]) for at, (fact, where) in enumerate(places) if where in (None, number)
        ]
        self.open = 0
        for _, mask in self.masks:
            self.open |= mask

    def rules(self, record: str) -> Iterator[tuple[Rule, list[int]]]:
        """The rules about a record that some change could turn, with the places of the facts that they look at."""
        for rule in self.engine.rulebase.by_target[record]:
            bit = 1 << self.engine.position[rule.id]
            touching = [at for at, mask in self.masks if mask & bit]
            if touching:
                yield rule, touching

    def gain(self, rule: Rule, *, rising: bool) -> float:
        """The most by which a rule could raise, or lower, the total beyond what it does now, times the share."""
        position = self.engine.position[rule.id]
        if isinstance(rule.then, Block):
            # A block that ends, or one that begins with a rival, can move more than points.
            holds = bool(self.state.true >> position & 1)
            return math.inf if holds == rising and (holds or self.can_be(position, truth=True)) else 0.0
        weight = rule.then.weight if isinstance(rule.then, Evidence) else 0
        outcomes = [0, -rule.expected]
        if self.can_be(position, truth=True):
            outcomes += [each - rule.expected for each in (0, weight * FULL)]
        now = self.engine.contribution(self.state, rule)
        best = max(outcomes) - now if rising else now - min(outcomes)
        return self.share * max(0, best)

    def can_be(self, position: int, *, truth: bool) -> bool:
        """Whether a condition could come out so, if each test of a fact that can be changed could do either."""
        composite = self.engine.bits.composites.get(position)
        if composite is None:
            known = self.state.true if truth else self.state.false
            return bool((self.open | known) >> position & 1)
        parts = (self.can_be(part, truth=truth) for part in composite.parts)
        return all(parts) if composite.is_all == truth else any(parts)
