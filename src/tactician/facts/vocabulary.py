"""The vocabulary: what every fact is called, what it may be, and how an owner is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = str | bool | float
"""A known value: a level, a truth, or a finite number (always a float)."""

ITEM_KINDS = ("pain", "gain", "job", "product")
FACT_SCOPES = ("business", "offering", "segment")
ANSWERED_KINDS = ("pain", "gain", "job")
"""The kinds of items that products, and tactics, answer."""
LIST_OF = MappingProxyType({"pain": "pains", "gain": "gains", "job": "jobs", "product": "products"})
"""The key under which a segment lists its items of a kind."""


@dataclass(frozen=True, slots=True)
class Band:
    """A value of a number that stands for its neighbourhood, and what it means."""

    value: float
    meaning: str


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact, or one attribute of an item: its type, its legal values and the question that asks for it."""

    scope: str
    name: str
    type: str
    """`enum`, `ordinal`, `bool` or `number`."""
    levels: tuple[str, ...] = ()
    """Of an enum or ordinal, the ordinal's in rising order."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    bands: tuple[Band, ...] = ()
    question: str = ""
    help: str = ""
    typical: Value | None = None
    changeable: int = 0
    """0: the owner cannot change it; else the effort, 1 to 3."""
    better: str = ""
    """`up` or `down` where nearly every owner would want it to go that way."""
    answer_for: str = ""
    detail: bool = False
    derived: bool = False

    @property
    def id(self) -> str:
        """The name that rules use: `segment.price_sensitivity`."""
        return f"{self.scope}.{self.name}"

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.type == "number"

    @property
    def is_ordered(self) -> bool:
        """Whether it is a matter of degree: more or less of something."""
        return self.is_number or self.type == "ordinal"

    @property
    def is_money(self) -> bool:
        """Whether it is stated in the client's currency and kept in euros."""
        return "EUR" in self.unit

    @property
    def values(self) -> tuple[str | bool, ...]:
        """Every legal value of a fact that is not a number, in order."""
        return (False, True) if self.type == "bool" else self.levels

    def is_worse(self, before: Value, after: Value) -> bool:
        """Whether nearly every owner would rather have the value before."""
        rises = (
            float(before) < float(after)
            if self.is_number
            else self.values.index(before) < self.values.index(after)
        )
        return before != after and self.better == ("down" if rises else "up")

    @property
    def choices(self) -> tuple[Value, ...]:
        """The values offered to an owner: all levels, or the bands of a number."""
        return tuple(band.value for band in self.bands) if self.is_number else self.values


@dataclass(frozen=True)
class Vocabulary:
    """Every raw fact by its id (`scope.name`), in file order."""

    facts: Mapping[str, FactSpec]
    concluded: frozenset[str] = frozenset()
    """The ids of the facts that no client states, since rules conclude them."""

    def of_scope(self, scope: str) -> tuple[FactSpec, ...]:
        """The facts of one scope, in file order."""
        return tuple(spec for spec in self.facts.values() if spec.scope == scope)

    def __getitem__(self, fact: str) -> FactSpec:
        return self.facts[fact]

    def __repr__(self) -> str:
        return f"<Vocabulary: {len(self.facts)} facts>"

    def __contains__(self, fact: object) -> bool:
        return fact in self.facts
