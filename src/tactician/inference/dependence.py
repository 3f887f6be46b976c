"""What undecided rules still depend on: which open facts tie them together, and which to go through first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tactician.facts.vocabulary import ITEM_KINDS
from tactician.inference.open_segment import OpenSegment, OpenState
from tactician.knowledge.conditions import Known, Test

Key = tuple[int, str]
"""An open fact: its segment's number and its id; the number is −1 for business and offering facts."""
EVERYWHERE = -1


@dataclass(frozen=True, slots=True)
class Reach:
    """The open facts behind one rule."""

    direct: frozenset[Key]
    """Those that its own condition tests."""
    all: frozenset[Key]
    """Those, and all behind them."""

    @staticmethod
    def union(reaches: Iterable[Reach]) -> Reach:
        """What some rules reach together."""
        direct, behind = set[Key](), set[Key]()
        for reach in reaches:
            direct |= reach.direct
            behind |= reach.all
        return Reach(frozenset(direct), frozenset(behind))


@dataclass(slots=True)
class Dependence:
    """Who looks at what among the open facts behind some rules."""

    read_by: dict[Key, set[object]] = field(default_factory=dict)
    """By open fact what looks at it directly: derived facts by key, rules by any other mark."""
    behind: dict[Key, set[Key]] = field(default_factory=dict)
    """By open derived fact every open fact behind it."""

    def look(self, number: int, view: OpenSegment, state: OpenState, position: int) -> Reach:
        """Take in the condition of one rule; returns every open fact behind it."""
        direct = _Look(self, number, view, state).condition(position, object())
        behind = (self.behind[key] for key in direct if key in self.behind)
        return Reach(frozenset(direct), frozenset(direct.union(*behind)))

    def choices(self, reaches: Sequence[Reach]) -> list[Key]:
        """The facts worth going through for some of the rules, what most of them depend on first.

        These are the derived facts that hide all behind them, and what nothing hides.
        """
        users = Counter(fact for reach in reaches for fact in reach.all)
        hiding = [fact for fact in users if fact in self.behind and self._hides(fact)]
        hidden = set[Key]().union(*(self.behind[fact] for fact in hiding))
        chosen = [f for f in users if f not in hidden and (f in hiding or f not in self.behind)]
        return sorted(chosen, key=lambda fact: (-users[fact], fact))

    def _hides(self, fact: Key) -> bool:
        """Whether everything behind a derived fact is looked at through it alone."""
        behind = self.behind[fact]
        return all(self.read_by[each] <= behind | {fact} for each in behind)


@dataclass(slots=True)
class _Look:
    dependence: Dependence
    number: int
    view: OpenSegment
    state: OpenState

    def condition(self, position: int, reader: object) -> set[Key]:
        """The open facts that an undecided condition tests."""
        if not self.state.open_bits >> position & 1:
            return set()
        engine = self.view.engine
        composite = engine.bits.composites.get(position)
        if composite is not None:
            return set[Key]().union(*[self.condition(part, reader) for part in composite.parts])
        element = engine.bits.elements[position]
        return self.fact(element.fact, reader) if isinstance(element, Test | Known) else set()

    def fact(self, name: str, reader: object) -> set[Key]:
        """The fact, if it is open; what is behind it is noted."""
        if name in ITEM_KINDS or not self.state.leaves_choice(name):
            return set()
        key = (self.number if name.startswith("segment.") else EVERYWHERE, name)
        self.dependence.read_by.setdefault(key, set()).add(reader)
        derived = self.view.engine.rulebase.derived_by_id.get(name)
        if derived is not None and key not in self.dependence.behind:
            read = set[Key]()
            for position, _ in self.view.engine.lists[name]:
                read |= set() if position is None else self.condition(position, key)
            for each in () if derived.entries else sorted(derived.reads):
                read |= self.fact(each, key)
            further = (self.dependence.behind[each] for each in read if each in self.dependence.behind)
            self.dependence.behind[key] = read.union(*further)
        return {key}


def tied(reaches: Sequence[Iterable[object]]) -> list[list[int]]:
    """The numbers of the entries in groups that have nothing in common with one another."""
    groups: list[tuple[set[object], list[int]]] = []
    for number, reach in enumerate(reaches):
        union, members, rest = set(reach), [number], []
        for marks, others in groups:
            if marks.isdisjoint(union):
                rest.append((marks, others))
            else:
                union |= marks
                members += others
        groups = [*rest, (union, members)]
    return [sorted(members) for _, members in groups]
