"""Conflict resolution: CLIPS's seven strategies as total orders, and an agenda that forgets what is cancelled."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any as Anything
from typing import Protocol

from tactician.errors import UsageError, did_you_mean
from tactician.inference.forward_experta import NOT, Activation, Fact, Strategy

Rank = Callable[[Activation, list[int]], tuple[Anything, ...]]
"""Ranks an activation within its salience; the second argument numbers its facts, the most recent first.

The highest rank fires first. Facts are never retracted, so the most recent fact of an activation dates it.
"""


def by_depth(_: Activation, facts: list[int]) -> tuple[Anything, ...]:
    """The newest activation first."""
    return (facts[0],)


def by_breadth(_: Activation, facts: list[int]) -> tuple[Anything, ...]:
    """The oldest activation first."""
    return (-facts[0],)


def by_lex(activation: Activation, facts: list[int]) -> tuple[Anything, ...]:
    """The most recent facts first, compared one by one; then the more specific rule."""
    return facts, specificity(activation)


def by_mea(activation: Activation, facts: list[int]) -> tuple[Anything, ...]:
    """The most recent match of the first pattern first; then as by_lex."""
    leading = type(activation.rule[0])
    first = max(number_of(fact) for fact in activation.facts if type(fact) is leading)
    return first, facts, specificity(activation)


def by_complexity(activation: Activation, facts: list[int]) -> tuple[Anything, ...]:
    """The more specific rule first; then the newest activation."""
    return specificity(activation), facts[0]


def by_simplicity(activation: Activation, facts: list[int]) -> tuple[Anything, ...]:
    """The less specific rule first; then the newest activation."""
    return -specificity(activation), facts[0]


def at_random(seed: str) -> Rank:
    """An order that looks like chance and is the same for the same seed."""

    def rank(activation: Activation, facts: list[int]) -> tuple[Anything, ...]:
        return (zlib.crc32(f"{seed} {activation.rule.order} {facts}".encode()),)

    return rank


def number_of(fact: Fact) -> int:
    """The place of a declared fact in working memory."""
    return fact["__factid__"]  # type: ignore[no-any-return]


def specificity(activation: Activation) -> int:
    """How many tests the rule puts: one for each class of facts and one for each field."""
    return sum(1 + len(pattern[0] if isinstance(pattern, NOT) else pattern) for pattern in activation.rule)


KEY = attrgetter("key")
RANKS: dict[str, Rank] = {
    "depth": by_depth,
    "breadth": by_breadth,
    "lex": by_lex,
    "mea": by_mea,
    "complexity": by_complexity,
    "simplicity": by_simplicity,
}


def rank_of(strategy: str) -> Rank:
    """The order of a strategy: `depth`, `breadth`, `lex`, `mea`, `complexity`, `simplicity` or `random:SEED`.

    Raises UsageError for any other.
    """
    seed = re.fullmatch("random:(.+)", strategy, re.DOTALL)
    if seed:
        return at_random(seed[1])
    if strategy not in RANKS:
        raise UsageError(
            f"There is no conflict-resolution strategy {strategy!r}.",
            did_you_mean(strategy, RANKS) or f"Try one of {', '.join(RANKS)} or random:SEED.",
        )
    return RANKS[strategy]


class Observer(Protocol):
    """What the agenda tells about itself."""

    def on_activate(self, activation: Activation) -> None:
        """An activation is put on the agenda."""

    def on_deactivate(self, activation: Activation) -> None:
        """An activation is taken off."""

    def on_cycle(self, agenda: list[Activation]) -> None:
        """The agenda is in order; the last fires next."""


class TotalOrder(Strategy):  # type: ignore[misc]  # experta has no types
    """Keeps the agenda sorted by a key that no two activations share, so that each can be found and removed."""

    def __init__(self, rank: Rank = by_depth, observer: Observer | None = None) -> None:
        super().__init__()
        self.rank = rank
        self.observer = observer
        self.next: Activation | None = None
        """The activation that the engine takes next: it updates the agenda before it takes one."""

    def key(self, activation: Activation) -> tuple[Anything, ...]:
        """Salience, then the strategy's rank, then the place of the rule (earlier first), then the facts."""
        facts = sorted(map(number_of, activation.facts), reverse=True)
        rule = activation.rule
        return rule.salience, *self.rank(activation, facts), -rule.order, facts

    def _update_agenda(
        self, agenda: Anything, added: Iterable[Activation], removed: Iterable[Activation]
    ) -> None:
        queue: list[Activation] = agenda.activations
        for key in sorted(map(self.key, removed)):
            self._remove(queue, key)
        for activation in added:
            activation.key = self.key(activation)
        for activation in sorted(added, key=KEY):
            insort(queue, activation, key=KEY)
            if self.observer:
                self.observer.on_activate(activation)
        self.next = queue[-1] if queue else None
        if self.observer:
            self.observer.on_cycle(queue)

    def _remove(self, queue: list[Activation], key: tuple[Anything, ...]) -> None:
        at = bisect_left(queue, key, key=KEY)
        if at < len(queue) and queue[at].key == key:
            cancelled = queue.pop(at)
            if self.observer:
                self.observer.on_deactivate(cancelled)
