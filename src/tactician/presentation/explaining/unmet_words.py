"""Words for conditions that are not met: what a rule asks, and what was found in its place."""

from __future__ import annotations

from tactician.advice.silence import Missed, Unmet
from tactician.facts.vocabulary import ITEM_KINDS, LIST_OF
from tactician.knowledge.conditions import All, Any, Element, Known, No, Some, Test
from tactician.presentation.condition_words import in_words, words_of_test
from tactician.presentation.explaining.support_words import Teller, value_words
from tactician.presentation.page import Node
from tactician.presentation.words import count, label, listed

MOST_ITEMS = 3


def unmet_nodes(teller: Teller, unmet: Unmet) -> tuple[Node, ...]:
    """What is not met, one node for each condition."""
    if isinstance(unmet.element, All):
        return tuple(node for part in unmet.parts for node in unmet_nodes(teller, part))
    return (_node(teller, unmet),)


def _node(teller: Teller, unmet: Unmet) -> Node:
    match unmet.element:
        case Test() | Known():
            return Node(f"It asks that {_asked(teller, unmet.element)}; {_found(teller, unmet)}.")
        case Some(kind):
            return _about_items(teller, unmet, kind, "you listed none such")
        case No(kind):
            return _about_items(teller, unmet, kind, "you listed such")
        case Any():
            found = "none holds" if unmet.truth is False else "of none it is known that it holds"
            below = tuple(_node(teller, part) for part in unmet.parts)
            return Node(f"It asks for one of these, and {found}:", below)
        case All(parts):
            below = unmet_nodes(teller, unmet)
            if len(below) == 1:
                return below[0]
            return Node(f"It asks for {count(len(parts), 'thing')} at once, among them:", below)


def _asked(teller: Teller, element: Element) -> str:
    return in_words(element, teller.base.specs, teller.client)


def _found(teller: Teller, unmet: Unmet) -> str:
    """What a tested fact is, or that nobody knows, and for want of what."""
    assert isinstance(unmet.element, Test | Known)
    spec = teller.base.specs[unmet.element.fact]
    if unmet.value is not None:
        who = "your answers show" if spec.derived else "you said"
        return f"{who} {value_words(spec, unmet.value, teller.client)}"
    if not spec.derived:
        return "you did not say"
    return f"nobody knows, for want of {listed([_missing(teller, fact) for fact in unmet.missing])}"


def _missing(teller: Teller, fact: str) -> str:
    return f"the list of {LIST_OF[fact]}" if fact in ITEM_KINDS else label(teller.base.specs[fact])


def _about_items(teller: Teller, unmet: Unmet, kind: str, found: str) -> Node:
    asked = _asked(teller, unmet.element)
    if unmet.items is None:
        return Node(f"It asks that {asked}; you did not list the {LIST_OF[kind]}.")
    if not unmet.items:
        return Node(f"It asks that {asked}; you said that there are no {LIST_OF[kind]}.")
    unknown = "; of some of them nobody knows" if unmet.truth is None else ""
    nearest = sorted(unmet.items, key=lambda missed: len(missed.tests))[:MOST_ITEMS]
    below = tuple(Node(_item(teller, missed)) for missed in nearest)
    return Node(f"It asks that {asked}; {'it may be so' if unmet.truth is None else found}{unknown}.", below)


def _item(teller: Teller, missed: Missed) -> str:
    specs, attributes = teller.base.specs, missed.item.attributes
    parts = []
    for test, truth in missed.tests:
        spec = specs[test.fact]
        if truth is None:
            parts.append(f"you did not say its {label(spec)} (asked: {words_of_test(test, specs)})")
        else:
            parts.append(f"its {label(spec)} is {attributes[spec.name].replace('_', ' ')}")
    return f"“{missed.item.text}”: {listed(parts)}." if parts else f"“{missed.item.text}”."
