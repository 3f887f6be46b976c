"""What a listener hears while the forward engine runs: working memory, agenda and firings, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

from tactician.facts.vocabulary import Value
from tactician.knowledge.conditions import Element

CRITERIA: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "depth": ("newest",),
        "breadth": ("oldest",),
        "lex": ("recency", "specificity"),
        "mea": ("leading", "recency", "specificity"),
        "complexity": ("specificity", "newest"),
        "simplicity": ("simplicity", "newest"),
        "random": ("lot",),
    }
)
"""By strategy (CLIPS's ways of ordering activations of equal salience): what its part of `Activation.key` compares,
one part after the other; the highest fires first.

newest, oldest: the number of the most recent element (its negative) · recency: the numbers of all elements, the
most recent first · leading: the number of the element that matches the first pattern · specificity, simplicity:
how many tests the rule puts (its negative) · lot: drawn from the seed.
"""

MemoryKind = Literal["initial", "fact", "item", "list", "condition", "choice"]
Part = int | tuple[int, ...]
Role = Literal["rule", "refutation", "condition", "expression", "choice"]


@dataclass(frozen=True, slots=True)
class MemoryElement:
    """One element of working memory.

    A `fact` has its id as name and its value, an `item` its kind and id, a `list` its kind; a `condition` is a
    `some` or `any` found true, in `condition`; a `choice` is what a `coalesce` took. `initial` opens every run.
    """

    number: int
    """Its position in working memory, from 0: the higher, the more recent."""
    kind: MemoryKind
    name: str = ""
    value: Value | None = None
    condition: Element | None = None


@dataclass(frozen=True, slots=True)
class Activation:
    """A rule of the network with the elements of working memory that match it.

    Role `rule` fires the rule of that id, `refutation` notes that its condition is false, `expression` computes
    the fact of that id; `condition` finds a `some` or `any` true (in `condition`) and `choice` settles a
    `coalesce`, for the rules that need them.
    """

    rule: str
    role: Role
    salience: int
    elements: tuple[MemoryElement, ...]
    condition: Element | None = None
    key: tuple[Part, ...] = field(default=(), compare=False)
    """What orders the agenda, the highest first: salience, the CRITERIA of the strategy, then the place of the rule
    (its negative: earlier rules fire first) and the numbers of its elements. No two activations share it."""


class Listener(Protocol):
    """Hears every step of a run, in order."""

    def on_segment(self, name: str) -> None:
        """A run for the segment of this name starts on an empty working memory."""

    def on_declare(self, element: MemoryElement) -> None:
        """An element enters working memory."""

    def on_activate(self, activation: Activation) -> None:
        """An activation is put on the agenda."""

    def on_deactivate(self, activation: Activation) -> None:
        """An activation leaves the agenda without firing: its rule matches no more."""

    def on_cycle(self, agenda: tuple[Activation, ...]) -> None:
        """A recognise-act cycle starts with this agenda, the next to fire first; empty at the end of the run."""

    def on_fire(self, activation: Activation) -> None:
        """An activation fires."""
