"""Tells a listener what experta's engine does, in plain data."""

from __future__ import annotations

from typing import Any as Anything

from tactician.inference.forward_agenda import number_of
from tactician.inference.forward_experta import Activation, Fact, InitialFact
from tactician.inference.forward_memory import WorkingFact
from tactician.inference.forward_rules import Holds
from tactician.inference.listening import Activation as Heard
from tactician.inference.listening import Listener, MemoryElement


class Narrator:
    """Observes one run of an engine for a listener."""

    def __init__(self, listener: Listener, engine: Anything) -> None:
        self._listener = listener
        self._engine = engine
        self._heard: dict[int, MemoryElement] = {}
        listener.on_segment(engine.record.segment.name)

    def on_declare(self, fact: Fact) -> None:
        """A fact enters working memory."""
        element = self._heard[number_of(fact)] = seen(fact)
        self._listener.on_declare(element)

    def on_activate(self, activation: Activation) -> None:
        """An activation is put on the agenda."""
        rule = activation.rule
        condition = rule.action.fact.condition if isinstance(rule.action, Holds) else None
        elements = tuple(self._heard[number] for number in sorted(map(number_of, activation.facts)))
        key = tuple(tuple(part) if isinstance(part, list) else part for part in activation.key)
        activation.heard = Heard(rule.__name__, rule.role, rule.salience, elements, condition, key)
        self._listener.on_activate(activation.heard)

    def on_deactivate(self, activation: Activation) -> None:
        """An activation leaves the agenda unfired."""
        self._listener.on_deactivate(activation.heard)

    def on_cycle(self, agenda: list[Activation]) -> None:
        """The agenda is in order for the next firing; before the run starts nobody is told."""
        if self._engine.running:
            self._listener.on_cycle(tuple(activation.heard for activation in reversed(agenda)))

    def on_fire(self, activation: Activation) -> None:
        """An activation fires."""
        self._listener.on_fire(activation.heard)


def seen(fact: Fact) -> MemoryElement:
    """A fact as a listener sees it."""
    if isinstance(fact, WorkingFact):
        value = fact.get("value", fact.get("id"))
        return MemoryElement(number_of(fact), fact.kind, fact.name, value, fact.condition)
    assert isinstance(fact, InitialFact)
    return MemoryElement(number_of(fact), "initial")
