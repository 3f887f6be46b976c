"""What variants of a segment differ in, and what lists and measures came to, kept for the next variants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tactician.facts.client import Item, Segment
from tactician.facts.measures import measure
from tactician.facts.vocabulary import Value
from tactician.inference.arithmetic import evaluate
from tactician.inference.direct import DirectEngine, Look
from tactician.inference.wide import Lanes, union
from tactician.knowledge.rules import DerivedFact

MOST_KEPT = 65_536
MOST_MADE = 512
T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class ItemList:
    """All items of a kind in some variants. Its own identity is its equality."""

    items: tuple[Item, ...]


Known = Value | ItemList
Column = Mapping[Known, Lanes]
"""By value of a fact, or list of a kind of items, the variants that have it; the others have it as stated."""
Columns = Mapping[str, Column]
"""By fact, or kind of items."""
Looked = tuple[dict[int, Lanes], dict[int, Lanes], dict[int, dict[int, Lanes]]]
"""By position where a condition on items is true, where false, and where it has which strength."""


class Memory:
    """What lists and measures came to, for as long as variants of clients of one rulebase are looked at."""

    def __init__(self, engine: DirectEngine) -> None:
        self.engine = engine
        self._lists: dict[int, ItemList] = {}
        self._looks: dict[tuple[str, ItemList], Look] = {}
        self._computed: dict[object, Value | None] = {}
        self._made: dict[object, tuple[object, Any]] = {}

    def listed(self, items: tuple[Item, ...]) -> ItemList:
        """The same object for the same items, which it keeps: no others can come to stand under their key."""
        return self._lists.setdefault(id(items), ItemList(items))

    def once(self, what: object, sources: Sequence[object], make: Callable[[], T]) -> T:
        """What is made of some objects, made once for the same ones, which it keeps likewise."""
        key = what, *map(id, sources)
        if key not in self._made:
            _make_room(self._made, MOST_MADE)
            self._made[key] = sources, make()
        made: T = self._made[key][1]
        return made

    def look(self, kind: str, listed: Known) -> Look:
        """What the items of a kind settle."""
        assert isinstance(listed, ItemList)
        key = kind, listed
        if key not in self._looks:
            _make_room(self._looks, MOST_KEPT)
            self._looks[key] = self.engine.look_at(kind, listed.items)
        return self._looks[key]

    def computed(self, fact: DerivedFact, known: Mapping[str, Known]) -> Value | None:
        """An expression or a measure of these values and lists."""
        key = fact.spec.id, tuple(known.items())
        if key not in self._computed:
            _make_room(self._computed, MOST_KEPT)
            self._computed[key] = self._compute(fact, known)
        return self._computed[key]

    def _compute(self, fact: DerivedFact, known: Mapping[str, Known]) -> Value | None:
        values: dict[str, Value] = {}
        items: dict[str, tuple[Item, ...]] = {}
        for name, value in known.items():
            if isinstance(value, ItemList):
                items[name] = value.items
            else:
                values[name] = value
        if fact.expression is not None:
            return evaluate(fact.expression, values)
        base = self.engine.rulebase
        portrait = Segment("", 0, {}, items)
        result = measure(fact.measure, values, portrait, base.vocabulary, base.parameters)
        return None if result is None else result.value


def _make_room(kept: dict[Any, Any], most: int) -> None:
    if len(kept) > most:
        kept.clear()


def looked_at(memory: Memory, kind: str, column: Column) -> Looked:
    """What is asked of the items of a kind, settled by its column."""
    true, false, weights = dict[int, Lanes](), dict[int, Lanes](), dict[int, dict[int, Lanes]]()
    looks = [(memory.look(kind, listed), lanes) for listed, lanes in column.items()]
    table = memory.engine.bits.items.get(kind)
    for position in (element.bit.bit_length() - 1 for element in table.elements) if table else ():
        true[position] = union(lanes for look, lanes in looks if look.true >> position & 1)
        false[position] = union(lanes for look, lanes in looks if look.false >> position & 1)
        found = weights[position] = {}
        for look, lanes in looks:
            if position in look.weights:
                weight = look.weights[position]
                found[weight] = found.get(weight, 0) | lanes
    return true, false, weights
