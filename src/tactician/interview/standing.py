"""Where an interview stands: the client so far, what is still open, what to ask next, and whether it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tactician.facts.client import Client
from tactician.facts.vocabulary import ANSWERED_KINDS, FACT_SCOPES, ITEM_KINDS
from tactician.inference.bounds import bounds
from tactician.inference.direct import State
from tactician.interview.answers import Answers
from tactician.interview.counting import Counted, count
from tactician.interview.desk import Desk
from tactician.interview.outlook import TOP, Outlook, look_ahead
from tactician.interview.slots import Slot
from tactician.interview.stating import state
from tactician.interview.waiting import waiting

MAY_CHANGE = 0.05
"""The part of the completions that may have another top three when it is likely settled."""
NEARLY = 0.8
"""A question on the subject of the last one is asked first if it is worth this part of the best: it is a talk."""
PROMPTS_OF_A_LIST = 4
"""How many prompts it takes to enter a list, as against one for a fact."""


class Certainty(StrEnum):
    """How far the top three can still change."""

    OPEN = "open"
    LIKELY = "likely"
    SETTLED = "settled"


@dataclass(frozen=True)
class Standing:
    """Everything that follows from some answers. All of it is worked out when it is asked for, once."""

    desk: Desk
    answers: Answers

    @cached_property
    def counted(self) -> Counted:
        """The answers that count."""
        return count(self.answers, self.desk.pointless)

    @cached_property
    def client(self) -> Client:
        """The client that they state; raises InvalidClient."""
        return self.desk.reader.from_mapping(state(self.counted.answers))

    @cached_property
    def states(self) -> tuple[State, ...]:
        """What the direct engine settles, by segment."""
        return tuple(self.desk.engine.settle(self.client, n) for n in range(len(self.client.segments)))

    @cached_property
    def top(self) -> tuple[str, ...]:
        """The top three as they are now."""
        return self.desk.top(self.states, TOP)

    @cached_property
    def empty(self) -> frozenset[Slot]:
        """The facts and lists that nobody has answered, skipped or made pointless."""
        specs = self.desk.rulebase.vocabulary.facts.values()
        slots = {Slot(spec.id) for spec in specs if spec.scope in FACT_SCOPES[:2]}
        for segment in self.client.segments:
            slots |= {Slot(spec.id, segment.name) for spec in specs if spec.scope == "segment"}
            slots |= {Slot(kind, segment.name) for kind in ITEM_KINDS}
        filled = {slot for slot in slots if self._is_filled(slot)}
        return frozenset(slots - filled - self.skipped - self.counted.pointless.keys())

    @property
    def skipped(self) -> frozenset[Slot]:
        """What the owner does not know."""
        return self.answers.skipped

    def _is_filled(self, slot: Slot) -> bool:
        if not slot.segment:
            return slot.fact in self.client.facts
        segment = self.client.segments[self.client.segment_index(slot.segment)]
        return slot.fact in (segment.items if slot.is_list else segment.facts)

    @cached_property
    def waiting(self) -> frozenset[Slot]:
        """The open slots that could still move the total of a tactic, attributes of listed items among them."""
        found = waiting(self.desk.engine, self.states, self.desk.reasons)
        return frozenset(found - self.skipped - self.counted.pointless.keys())

    @cached_property
    def open(self) -> frozenset[Slot]:
        """What is worth asking for; facts for the value worksheet are not."""
        return frozenset(
            slot for slot in self.waiting if slot.is_list or not self.desk.spec(slot.fact).detail
        )

    @cached_property
    def outlook(self) -> Outlook:
        """How the open questions could turn out."""
        return look_ahead(self.desk, self.desk.completions, self.client, self.open)

    @property
    def foreseen(self) -> float:
        """In what part of the completions that choose the questions the top three stay."""
        return self.outlook.unchanged(self.top) / self.outlook.count

    @cached_property
    def unchanged(self) -> float:
        """In what part of the completions the top three stay; these did not choose the questions."""
        fresh = look_ahead(self.desk, self.desk.fresh_completions, self.client, self.open)
        return fresh.unchanged(self.top) / fresh.count

    @cached_property
    def certainty(self) -> Certainty:
        """How far the top three can still change."""
        if self.foreseen < 1 - MAY_CHANGE or self.unchanged < 1 - MAY_CHANGE:
            return Certainty.OPEN
        # A completion with another top three is proof enough that nothing is settled.
        agreed = self.foreseen == self.unchanged == 1
        return Certainty.SETTLED if agreed and self.is_proved else Certainty.LIKELY

    @cached_property
    def is_proved(self) -> bool:
        """Whether bounds prove that no completion of what is unknown has another top three."""
        limits = bounds(self.client, self.desk.rulebase, [record.id for record in self.desk.tactics])
        top = [limits[tactic][0] for tactic in self.top]
        rest = [high for tactic, (_, high) in limits.items() if tactic not in self.top]
        # A total above 0 at the least means that it is not blocked everywhere.
        return min(top) > max(0, *rest)

    @cached_property
    def next_slots(self) -> tuple[Slot, ...]:
        """The question to ask next, as the slots it fills; empty when no question matters any more.

        A fact of segments is asked for all of them at once.
        """
        questions: dict[str | Slot, list[Slot]] = {}
        for slot in sorted(self.open):
            if slot.fact == "product" and not self._lists_known(slot.segment):
                continue
            questions.setdefault(slot if slot.is_list or slot.item else slot.fact, []).append(slot)
        if not questions:
            return ()
        ranked = sorted(((self._worth(slots), slots) for slots in questions.values()), key=self._rank)
        best = ranked[0][0]
        scope = self.answers.trail[-1].scope if self.answers.trail else ""
        same = (slots for worth, slots in ranked if slots[0].scope == scope and worth >= NEARLY * best)
        return tuple(next(same, ranked[0][1]))

    def _worth(self, slots: list[Slot]) -> float:
        """What a question settles for each prompt that it takes."""
        prompts = PROMPTS_OF_A_LIST if slots[0].is_list else 1
        return round(self.outlook.worth(self.desk, slots) / prompts, 9)

    def _lists_known(self, segment: str) -> bool:
        """Whether there is nothing to be named any more that a product could answer."""
        return not any(Slot(kind, segment) in self.empty for kind in ANSWERED_KINDS)

    def _rank(self, ranked: tuple[float, list[Slot]]) -> tuple[float, int, list[Slot]]:
        """The worthiest first; equal ones in the order of the vocabulary."""
        worth, slots = ranked
        return -worth, self.desk.places.get(slots[0].fact, 0), slots
