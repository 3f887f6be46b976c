"""What a conclusion rests on: from the facts a rule looked at down to what the client file states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tactician.facts.client import Item
from tactician.facts.measures import READS
from tactician.facts.vocabulary import ITEM_KINDS, Value
from tactician.inference.consultation import Conclusion, Consultation, Witness, in_order
from tactician.knowledge.rules import DerivedFact


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client file states of a fact."""

    fact: str
    value: Value


@dataclass(frozen=True, slots=True)
class Listed:
    """An item that the client file lists; or, without one, a whole list that was looked through."""

    kind: str
    items: tuple[Item, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived fact, what gave it its value, and what that rests on."""

    fact: DerivedFact
    conclusion: Conclusion
    supports: tuple[Support, ...]


Support = Answer | Listed | Derived


def supports(consultation: Consultation, segment: int, witnesses: Iterable[Witness]) -> tuple[Support, ...]:
    """What some witnesses rest on, to the bottom; `segment` is the number of theirs."""
    return tuple(_support(consultation, segment, witness) for witness in witnesses)


def _support(consultation: Consultation, segment: int, witness: Witness) -> Support:
    if witness.fact in ITEM_KINDS:
        items = consultation.client.segments[segment].items.get(witness.fact, ())
        if witness.value is None:
            return Listed(witness.fact, items, is_list=True)
        return Listed(witness.fact, tuple(item for item in items if item.id == witness.value))
    derived = consultation.rulebase.derived_by_id.get(witness.fact)
    if derived is None:
        assert witness.value is not None
        return Answer(witness.fact, witness.value)
    conclusion = consultation.segments[segment].derived[witness.fact]
    seen = _read_by(consultation, segment, derived) if derived.measure else conclusion.witnesses
    return Derived(derived, conclusion, supports(consultation, segment, seen))


def _read_by(consultation: Consultation, segment: int, fact: DerivedFact) -> tuple[Witness, ...]:
    """The known facts and the given lists that a measure looked at."""
    found = []
    client = consultation.client
    for name in READS[fact.measure]:
        if name in ITEM_KINDS:
            if name in client.segments[segment].items:
                found.append(Witness(name, None))
        elif (value := known_value(consultation, segment, name)) is not None:
            found.append(Witness(name, value))
    return in_order(found)


def known_value(consultation: Consultation, segment: int, fact: str) -> Value | None:
    """What a fact is, as seen from one segment, stated or derived; None while it is unknown."""
    conclusion = consultation.segments[segment].derived.get(fact)
    return consultation.client.value(fact, segment) if conclusion is None else conclusion.value


def rests_on(support: Support, fact: str) -> bool:
    """Whether a fact is, or lies behind, a support."""
    match support:
        case Answer(name, _):
            return name == fact
        case Listed(kind, _, _):
            return kind == fact
        case Derived(derived, _, behind):
            return derived.spec.id == fact or any(rests_on(each, fact) for each in behind)
