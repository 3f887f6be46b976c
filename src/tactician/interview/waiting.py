"""Which open slots still matter: those that some undecided reason for or against a tactic waits for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tactician.facts.client import Item
from tactician.facts.item_weights import weighing_attributes
from tactician.facts.measures import attributes_read
from tactician.facts.vocabulary import ITEM_KINDS
from tactician.inference.direct import DirectEngine, State
from tactician.interview.slots import Slot, link_id
from tactician.knowledge.conditions import Known, No, Some, Test
from tactician.knowledge.rules import Rule


def waiting(
    engine: DirectEngine, states: Iterable[State], rules: Sequence[Rule], weights: bool = True
) -> set[Slot]:
    """The open slots that the undecided ones among some rules wait for in some segment, or that weigh an item."""
    found: set[Slot] = set()
    for state in states:
        walk = _Walk(engine, state)
        walk.from_rules(rules)
        if weights:
            walk.weights()
        found |= walk.found
    return found


class _Walk:
    """From undecided conditions down to the slots that would decide them, in one segment."""

    def __init__(self, engine: DirectEngine, state: State) -> None:
        self.engine = engine
        self.state = state
        self.name = state.segment.name
        self.found: set[Slot] = set()
        self._seen: set[int] = set()
        self._facts: set[str] = set()

    def from_rules(self, rules: Iterable[Rule]) -> None:
        """Note everything that the undecided ones among these rules wait for."""
        for rule in rules:
            self.condition(self.engine.position[rule.id])

    def condition(self, position: int) -> None:
        """Note what an undecided condition waits for."""
        if position in self._seen or (self.state.true | self.state.false) >> position & 1:
            return
        self._seen.add(position)
        composite = self.engine.bits.composites.get(position)
        element = self.engine.bits.elements[position]
        if composite is not None:
            for part in composite.parts:
                self.condition(part)
        elif isinstance(element, Test | Known):
            self.fact(element.fact)
        elif isinstance(element, Some | No):
            self._items(element)

    def fact(self, fact: str) -> None:
        """Note what an unknown fact waits for."""
        if fact in self.state.values or fact in self._facts:
            return
        self._facts.add(fact)
        derived = self.engine.rulebase.derived_by_id.get(fact)
        if derived is None:
            self.found.add(Slot(fact, self.name if fact.startswith("segment.") else ""))
        elif derived.entries:
            for position, _ in self.engine.lists[fact]:
                if position is None or self.state.true >> position & 1:
                    break
                self.condition(position)
        else:
            for read in derived.reads:
                if read in ITEM_KINDS:
                    self.whole_list(read, attributes_read(derived.measure, self.engine.rulebase.parameters))
                else:
                    self.fact(read)

    def _items(self, element: Some | No) -> None:
        items = self.state.segment.items.get(element.item)
        if items is None:
            self.found.add(Slot(element.item, self.name))
            return
        for item in items:
            for test in element.where:
                name = test.fact.partition(".")[2]
                if name not in item.attributes and _may_pass(element, item):
                    self.found.add(Slot(test.fact, self.name, item.id))

    def whole_list(self, kind: str, attributes: Iterable[str]) -> None:
        """Note what a measure that depends on these attributes waits for in a list."""
        items = self.state.segment.items.get(kind)
        if items is None:
            self.found.add(Slot(kind, self.name))
            return
        for holder, _, name in (attribute.partition(".") for attribute in attributes):
            if holder == kind:
                self.found |= {
                    Slot(f"{kind}.{name}", self.name, item.id)
                    for item in items
                    if name not in item.attributes
                }
            elif holder == "link":
                self.found |= {
                    Slot(f"link.{name}", self.name, link_id(item.id, link.item))
                    for item in items
                    for link in item.addresses
                    if getattr(link, name) is None
                }

    def weights(self) -> None:
        """Note the attributes that say how much a listed item counts."""
        for kind in ITEM_KINDS:
            names = weighing_attributes(kind, self.engine.rulebase.parameters)
            for item in self.state.segment.items.get(kind, ()):
                self.found |= {
                    Slot(name, self.name, item.id)
                    for name in names
                    if name.partition(".")[2] not in item.attributes
                }


def _may_pass(element: Some | No, item: Item) -> bool:
    """Whether an item fails no test on what it states."""
    return all(
        value is None or test.allowed is None or value in test.allowed
        for test in element.where
        for value in [item.attributes.get(test.fact.partition(".")[2])]
    )
