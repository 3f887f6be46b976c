"""Working memory: the fact classes of a Rulebase, and the facts a segment puts in."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import ClassVar, Self, TypeVar

from tactician.facts.client import Client, Item, Segment
from tactician.facts.item_weights import FULL, item_weight
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec, Value
from tactician.inference.consultation import Witness
from tactician.inference.forward_experta import Fact
from tactician.inference.listening import MemoryKind
from tactician.knowledge.conditions import Element
from tactician.knowledge.rules import Rulebase


class WorkingFact(Fact):  # type: ignore[misc]  # experta has no types
    """A fact that knows what it weighs and what it bears witness to. Its own identity is its equality."""

    kind: ClassVar[MemoryKind]
    name: ClassVar[str] = ""
    condition: ClassVar[Element | None] = None
    weight: int = FULL
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """What a rule that it satisfies owes to it."""
        raise NotImplementedError


class ValueFact(WorkingFact):
    """A stated or derived fact; one subclass for each fact id, so that its class alone finds its tests."""

    kind = "fact"

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The fact and its value."""
        return (Witness(self.name, self["value"]),)


class ItemFact(WorkingFact):
    """A pain, gain, job or product; one subclass for each kind. What is not stated is None, equal to no level."""

    kind = "item"

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The item."""
        return (Witness(self.name, self["id"]),)


class ListFact(WorkingFact):
    """That the list of a kind is given, and therefore complete."""

    kind = "list"

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The list."""
        return (Witness(self.name, None),)


class ConditionFact(WorkingFact):
    """That a `some` or `any` is true; declared at its first match, enriched by every later one."""

    kind = "condition"

    def __init__(self) -> None:
        super().__init__()
        self.weight = 0
        self.found: set[Witness] = set()

    def enrich(self, facts: Collection[WorkingFact]) -> None:
        """Take in one more match: the strongest counts, every match is a witness."""
        self.weight = max(self.weight, weight_of(facts))
        self.found.update(witness for fact in facts for witness in fact.witnesses)

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """Everything that made it true."""
        return tuple(self.found)


class ChoiceFact(WorkingFact):
    """The value that a `coalesce` took, and the fact it took it from."""

    kind = "choice"
    origin: str

    @classmethod
    def of(cls, value: Value, origin: str) -> Self:
        """The choice of a value of a fact."""
        fact = cls(value=value)
        fact.origin = origin
        return fact

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The fact it was taken from."""
        return (Witness(self.origin, self["value"]),)


def weight_of(facts: Collection[WorkingFact]) -> int:
    """The item weight of a conjunction: that of its weakest part."""
    return min((fact.weight for fact in facts), default=FULL)


def field_name(attribute: str) -> str:
    """The key of an item's attribute (`pain.severity`) in its fact; experta takes `__` in a key for a path."""
    return attribute.replace("__", "_.")


def normal(spec: FactSpec, value: Value) -> Value:
    """A value in the one form that working memory holds: experta takes True, 1 and 1.0 for the same fact.

    Raises ValueError for NaN, of which experta takes each for a new fact.
    """
    if spec.type == "number":
        number = float(value)
        if math.isnan(number):
            raise ValueError(f"{spec.id} is not a number")
        return number
    return bool(value) if spec.type == "bool" else str(value)


class FactClasses:
    """Every class of facts that a Rulebase speaks of, and the facts of those classes that a segment states."""

    def __init__(self, rulebase: Rulebase) -> None:
        self._specs = rulebase.specs
        self._vocabulary = rulebase.vocabulary
        self._parameters = rulebase.parameters
        self.value = {name: _subclass(ValueFact, name) for name in self._specs}
        self.item = {kind: _subclass(ItemFact, kind) for kind in ITEM_KINDS}
        self.list = {kind: _subclass(ListFact, kind) for kind in ITEM_KINDS}
        self._attributes = {
            kind: [(spec.name, field_name(spec.id)) for spec in self._vocabulary.of_scope(kind)]
            for kind in ITEM_KINDS
        }

    def condition(self, element: Element) -> type[ConditionFact]:
        """A new class for a `some` or `any`."""
        return _subclass(ConditionFact, "", condition=element)

    def choice(self, name: str) -> type[ChoiceFact]:
        """A new class for a `coalesce`."""
        return _subclass(ChoiceFact, name)

    def of_segment(self, client: Client, segment: Segment) -> Iterator[WorkingFact]:
        """What a segment states: facts in order of the vocabulary, then each list with its items."""
        for name in self._specs:
            value = segment.facts.get(name, client.facts.get(name))
            if value is not None:
                yield self.of_value(name, value)
        for kind in ITEM_KINDS:
            if kind in segment.items:
                yield self.list[kind]()
                for item in segment.items[kind]:
                    yield self._of_item(item)

    def of_value(self, name: str, value: Value) -> ValueFact:
        """The fact of a value."""
        return self.value[name](value=normal(self._specs[name], value))

    def _of_item(self, item: Item) -> ItemFact:
        stated = {field: item.attributes.get(name) for name, field in self._attributes[item.kind]}
        fact: ItemFact = self.item[item.kind].from_iter({"id": item.id, **stated}.items())
        fact.weight = item_weight(item, self._vocabulary, self._parameters)
        return fact


F = TypeVar("F", bound=WorkingFact)


def _subclass(base: type[F], name: str, **attributes: object) -> type[F]:
    made: type[F] = type(name or base.__name__, (base,), {"name": name, **attributes})
    return made
