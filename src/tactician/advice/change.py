"""The smallest set of changes, among facts the owner can change, that brings a record into the top of its ranking.

Exact over levels and bands up to three facts: every set of a size is looked at before any larger one, so that no
part of what is found would do by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, compress, islice, product
from operator import gt

from tactician.advice.advise import Advice
from tactician.advice.change_reach import Reach
from tactician.advice.change_totals import ChangeTotals, Numbers
from tactician.advice.explanation import find
from tactician.advice.ranking import Ranked, rank
from tactician.facts.client import Client
from tactician.facts.measures import NEEDED
from tactician.facts.vocabulary import FACT_SCOPES, FactSpec, Value
from tactician.inference.direct import consult, engine_for
from tactician.inference.truth_table import Bits, FactTable
from tactician.knowledge.rules import Rulebase

MOST_FACTS = 3
SHOWN = 5
"""How many sets of the smallest size are given, the least effort first."""
CHUNK = 8_192
ROUNDS = (1, 3)
"""Sets are first held against so many times `top` of the strongest: most fall there, at a part of the cost."""
ALL = -1
"""The segment number of business and offering facts."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact with another value. `segment` is its number, or −1 for business and offering facts."""

    segment: int
    fact: str
    before: Value | None
    """None where nobody stated it."""
    after: Value
    effort: int
    """As the vocabulary says how hard the fact is to change, 1 to 3."""
    steps: int
    """How many levels or bands it moves."""
    worse: bool
    """Whether nearly every owner would rather have it as it is."""

    @property
    def place(self) -> int | None:
        """The number of its segment; None for a fact of all segments."""
        return None if self.segment == ALL else self.segment


@dataclass(frozen=True, slots=True)
class Way:
    """A set of changes that is enough, with the rank and the total (in 10⁻¹² point) that it gives."""

    changes: tuple[Change, ...]
    rank: int
    total: int

    @property
    def effort(self) -> int:
        """The sum over its changes."""
        return sum(change.effort for change in self.changes)

    @property
    def worse(self) -> int:
        """How many of its changes are for the worse."""
        return sum(change.worse for change in self.changes)


@dataclass(frozen=True, slots=True)
class ChangeAnswer:
    """What it would take to bring a record among the first `top`."""

    advice: Advice
    entry: Ranked
    top: int
    ways: tuple[Way, ...]
    """All of the same, smallest size, in the order of their worse and effort.

    There is none if nothing is needed, or nothing is enough.
    """

    @property
    def needed(self) -> bool:
        """Whether anything has to change."""
        return self.entry.rank > self.top

    def __repr__(self) -> str:
        client = self.advice.consultation.client.id
        return f"<ChangeAnswer for {client}: ways of {self.entry.id} into the first {self.top}: {len(self.ways)}>"


def change(advice: Advice, record: str, top: int) -> ChangeAnswer:
    """What brings a record into the top of its ranking, up to three facts; raises UsageError."""
    entry = find(advice, record)
    if entry.rank <= top:
        return ChangeAnswer(advice, entry, top, ())
    group = next(g for g in (advice.tactics, advice.levers, advice.improvements) if entry in g)
    return ChangeAnswer(advice, entry, top, _Search(advice, entry, group, top).ways())


class _Search:
    def __init__(self, advice: Advice, entry: Ranked, group: Sequence[Ranked], top: int) -> None:
        self.client = advice.consultation.client
        self.base = advice.consultation.rulebase
        self.target = entry.id
        self.top = top
        self.variables = [changes for changes in _variables(self.client, self.base) if changes]
        self.changes = [each for variable in self.variables for each in variable]
        self.numbers = {each: number for number, each in enumerate(self.changes)}
        others = [each for each in group if each.id != entry.id]
        self.ties = [each.record.tie_order for each in (entry, *others)]
        places = [(facts[0].fact, facts[0].place) for facts in self.variables]
        ahead = [each for each in others if each.rank < entry.rank]
        self.reach = Reach(advice, places, entry, ahead, top)
        self.some = [self._totals([entry, *others[: times * top]]) for times in ROUNDS]
        self.all = self._totals([entry, *others])

    def _totals(self, entries: Sequence[Ranked]) -> ChangeTotals:
        placed = [
            (each.fact, each.after, None if each.segment == ALL else each.segment) for each in self.changes
        ]
        return ChangeTotals(self.client, self.base, placed, [entry.id for entry in entries])

    def ways(self) -> tuple[Way, ...]:
        """The sets of the smallest size that is enough, verified one by one by a fresh consultation."""
        for size in range(1, MOST_FACTS + 1):
            hopeful = self._sets(size)
            for strongest in self.some:
                hopeful = self._hopeful(hopeful, strongest)
            found = list(islice(self._enough(sorted(hopeful, key=self._effort)), SHOWN))
            if found:
                return tuple(self._verified(tuple(self.changes[n] for n in each)) for each in found)
        return ()

    def _effort(self, numbers: Numbers) -> tuple[object, ...]:
        """The fewest changes for the worse first, then the least effort, the fewest steps, and by name."""
        changes = [self.changes[number] for number in numbers]
        effort, steps = sum(each.effort for each in changes), sum(each.steps for each in changes)
        worse = sum(each.worse for each in changes)
        return worse, effort, steps, [(each.fact, each.segment, str(each.after)) for each in changes]

    def _sets(self, size: int) -> Iterator[Numbers]:
        """Every set of changes of so many facts that could be enough."""
        numbers = [[self.numbers[each] for each in variable] for variable in self.variables]
        moving = [
            at
            for at, variable in enumerate(self.variables)
            if not _is_inert(self.client, self.base, variable[0], size)
        ]
        for chosen in combinations(moving, size):
            if self.reach.suffices(chosen):
                yield from product(*(numbers[at] for at in chosen))

    def _hopeful(self, sets: Iterator[Numbers], strongest: ChangeTotals) -> Iterator[Numbers]:
        """The sets after which fewer than `top` of the strongest are ahead: without that none is enough."""
        while chunk := list(islice(sets, CHUNK)):
            (ours, *theirs), (_, *blocked) = strongest.after(chunk)
            ahead: list[Iterable[bool]] = [list(map(gt, column, ours)) for column in theirs]
            for at, marks in enumerate(blocked):
                if marks is not None:
                    ahead[at] = [more and not mark for more, mark in zip(ahead[at], marks, strict=True)]
            yield from compress(chunk, (sum(flags) < self.top for flags in zip(*ahead, strict=True)))

    def _enough(self, sets: Sequence[Numbers]) -> Iterator[Numbers]:
        """The sets that bring the record into the top."""
        for start in range(0, len(sets), CHUNK // 8):
            chunk = sets[start : start + CHUNK // 8]
            totals, blocked = self.all.after(chunk)
            for at, each in enumerate(chunk):
                keys = [
                    (bool(marks and marks[at]), -column[at], tie)
                    for column, marks, tie in zip(totals, blocked, self.ties, strict=True)
                ]
                if sum(key < keys[0] for key in keys[1:]) < self.top:
                    yield each

    def _verified(self, changes: tuple[Change, ...]) -> Way:
        """The rank that a fresh consultation gives."""
        client = changed(self.client, changes)
        groups = rank(consult(client, self.base))
        entry = next(each for group in groups.values() for each in group if each.id == self.target)
        assert entry.rank <= self.top, f"{self.target} comes to rank {entry.rank} with {changes}"
        return Way(changes, entry.rank, entry.total)


def changed(client: Client, changes: Iterable[Change]) -> Client:
    """The client after some changes."""
    for each in changes:
        client = client.with_fact(each.fact, each.after, max(0, each.segment))
    return client


def _variables(client: Client, base: Rulebase) -> Iterator[list[Change]]:
    """Of each fact the owner can change, in each segment, its other values."""
    computed_from = frozenset().union(*(fact.reads for fact in base.derived if not fact.entries))
    for spec in base.vocabulary.facts.values():
        if spec.scope not in FACT_SCOPES or not spec.changeable:
            continue
        table = None if spec.id in computed_from else engine_for(base).bits.facts.get(spec.id)
        own = spec.scope == "segment"
        for number in range(len(client.segments) if own else 1):
            before, place = client.value(spec.id, number), number if own else ALL
            changes = [_change(spec, place, before, value) for value in spec.choices if value != before]
            yield changes if table is None else _distinct(changes, table)


def _change(spec: FactSpec, place: int, before: Value | None, after: Value) -> Change:
    worse = before is not None and spec.is_worse(before, after)
    return Change(place, spec.id, before, after, spec.changeable, _steps(spec, before, after), worse)


def _distinct(changes: Iterable[Change], table: FactTable) -> list[Change]:
    """Of values that no test tells apart the best one that takes the fewest steps; none that changes nothing."""
    found: dict[Bits, Change] = {}
    for each in sorted(changes, key=lambda change: (change.worse, change.steps)):
        if table.bits(each.after) != table.bits(each.before):
            found.setdefault(table.bits(each.after), each)
    return list(found.values())


def _is_inert(client: Client, base: Rulebase, change: Change, size: int) -> bool:
    """Whether a fact only feeds measures that so few changes cannot make known."""
    if change.fact in engine_for(base).bits.facts:
        return False
    segments = range(len(client.segments)) if change.segment == ALL else (change.segment,)
    for derived in base.derived:
        if change.fact in derived.reads:
            needed = NEEDED.get(derived.measure, ())
            missing = min(sum(client.value(fact, at) is None for fact in needed) for at in segments)
            if missing <= size:
                return False
    return True


def _steps(spec: FactSpec, before: Value | None, after: Value) -> int:
    """How many levels or bands lie between two values; one where there is no order, or nothing was stated."""
    if before is None or spec.type in ("enum", "bool"):
        return 1
    if spec.is_number:
        low, high = sorted((float(before), float(after)))
        return 1 + sum(low < band.value < high for band in spec.bands)
    return abs(spec.values.index(str(before)) - spec.values.index(str(after)))
