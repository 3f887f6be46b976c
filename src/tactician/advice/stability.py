"""How firmly the first records of a ranking stand: which single answers, one step away, would drop them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tactician.advice.advise import Advice
from tactician.advice.ranking import Ranked
from tactician.advice.single_steps import Step, fact_steps, item_steps, orders_after


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record of the top stands."""

    entry: Ranked
    tried: int
    """How many single steps there are."""
    drops: tuple[tuple[Step, int], ...]
    """The steps that take it out of the top, each with its rank then."""

    @property
    def survived(self) -> float:
        """The share of steps after which it is still in the top; 1 where there is no step."""
        return 1 - len(self.drops) / self.tried if self.tried else 1.0

    def __repr__(self) -> str:
        return f"<Standing of {self.entry.id}: dropped by {len(self.drops)} of {self.tried} steps>"


class Stability(NamedTuple):
    """A plan, and how firmly each of its first tactics stands."""

    advice: Advice
    standings: tuple[Standing, ...]

    def __repr__(self) -> str:
        first = ", ".join(each.entry.id for each in self.standings)
        return f"<Stability for {self.advice.consultation.client.id}: of {first}>"


def stability(advice: Advice, top: int) -> tuple[Standing, ...]:
    """The standing of the first `top` tactics under every single step of an answer."""
    client, vocabulary = advice.consultation.client, advice.consultation.rulebase.vocabulary
    taken = [*fact_steps(client, vocabulary), *item_steps(client, vocabulary)]
    first = advice.tactics[:top]
    drops: dict[str, list[tuple[Step, int]]] = {entry.id: [] for entry in first}
    for step, order in zip(taken, orders_after(advice.consultation, advice.tactics, taken), strict=True):
        for entry in first:
            place = order.index(entry.id) + 1
            if place > top:
                drops[entry.id].append((step, place))
    return tuple(Standing(entry, len(taken), tuple(drops[entry.id])) for entry in first)
