"""Words for elements of working memory, for activations and what they conclude, and for the order they are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tactician.inference.listening import CRITERIA, Activation, MemoryElement, Part
from tactician.inference.tracing import SegmentTrace, Trace
from tactician.inference.weights import POINT
from tactician.knowledge.conditions import Any, Element, No, Some
from tactician.knowledge.rules import Block, Conclude, Evidence, Prepare, Rule, Warn
from tactician.presentation.notation import show, show_value
from tactician.presentation.words import listed, points

ORDER: Mapping[str, str] = {
    "depth": "the activation with the newest fact first",
    "breadth": "the activation whose newest fact is oldest first",
    "lex": "the activation with the most recent facts first, compared one by one; then the rule with more tests",
    "mea": "the activation whose first pattern matches the most recent fact first; then as lex",
    "complexity": "the rule with more tests first; then the newest fact",
    "simplicity": "the rule with fewer tests first; then the newest fact",
    "random": "by a lot that the seed decides",
}
"""By strategy, how it orders what salience leaves open."""

SHORT: Mapping[str, str] = {
    "salience": "salience",
    "newest": "newer fact",
    "oldest": "older fact",
    "recency": "newer facts",
    "leading": "newer lead",
    "specificity": "more tests",
    "simplicity": "fewer tests",
    "lot": "the lot",
    "place": "rule order",
    "facts": "newer facts",
}
"""By what decides: why one activation stands before another, in two words."""

LONG: Mapping[str, str] = {
    "salience": "its salience is {0}, and that of {other} is {1}",
    "newest": "its newest fact, f-{0}, is newer than f-{1} of {other}",
    "oldest": "its newest fact, f-{0}, is older than f-{1} of {other}",
    "recency": "its facts, {0}, are more recent than {1} of {other}",
    "leading": "its first pattern matches f-{0}, newer than f-{1} of {other}",
    "specificity": "its rule puts {0} tests, that of {other} puts {1}",
    "simplicity": "its rule puts only {0} tests, that of {other} puts {1}",
    "lot": "the seed drew it before {other}",
    "place": "all else is equal, and its rule stands before {other} in the rulebase",
    "facts": "it is the same rule, and its facts, {0}, are more recent than {1}",
}
"""By what decides: why one activation stands before another, as the end of a sentence."""


def order_words(strategy: str) -> str:
    """How a strategy orders the agenda."""
    return f"Salience first (the lower the stratum, the higher), then {ORDER[family(strategy)]}."


def family(strategy: str) -> str:
    """The strategy without its seed."""
    return strategy.partition(":")[0]


def criterion(first: Activation, second: Activation, strategy: str) -> str:
    """What puts one activation before another: `salience`, a criterion of the strategy, `place` or `facts`."""
    return _deciding(first, second, strategy)[0]


def short_reason(agenda: Sequence[Activation], strategy: str) -> str:
    """Why the first of an agenda fires, in two words."""
    return SHORT[criterion(agenda[0], agenda[1], strategy)] if len(agenda) > 1 else "alone"


def reason(first: Activation, second: Activation, strategy: str) -> str:
    """Why one activation stands before another, as the end of a sentence."""
    name, one, two = _deciding(first, second, strategy)
    return LONG[name].format(*(_part(part, name) for part in (one, two)), other=title(second))


def _deciding(first: Activation, second: Activation, strategy: str) -> tuple[str, Part, Part]:
    names = ("salience", *CRITERIA[family(strategy)], "place", "facts")
    parts = zip(names, first.key, second.key, strict=True)
    return next((name, one, two) for name, one, two in parts if one != two)


def _part(part: Part, name: str) -> str:
    return numbers(part) if isinstance(part, tuple) else str(part if name == "salience" else abs(part))


def numbers(elements: Sequence[int]) -> str:
    """Elements of working memory by their numbers."""
    return " ".join(f"f-{number}" for number in elements)


def element_words(element: MemoryElement) -> str:
    """What an element of working memory says."""
    match element.kind:
        case "initial":
            return "the run starts"
        case "fact":
            return f"{element.name} = {show_value(element.value)}"
        case "item":
            return f"{element.name} {element.value}"
        case "list":
            return f"the list of {element.name}s is given"
        case "choice":
            return f"{element.name} = {show_value(element.value)}"
    return condition_words(element.condition)


def condition_words(condition: Element | None) -> str:
    """A `some` or `any` that is true."""
    match condition:
        case Some() | No():
            return f"there is {show(condition)}"
        case Any(parts):
            return " or ".join(map(show, parts))
    raise AssertionError(condition)


def numbered(element: MemoryElement) -> str:
    """An element with its number before it."""
    return f"f-{element.number} {element_words(element)}"


def title(activation: Activation) -> str:
    """What an activation is called: its rule, and for helpers of the network what they are for."""
    return f"not {activation.rule}" if activation.role == "refutation" else activation.rule


def matched(activation: Activation) -> str:
    """The elements that satisfy an activation, by number."""
    return numbers([element.number for element in activation.elements])


def conclusion(activation: Activation, segment: SegmentTrace, trace: Trace) -> str:
    """What the firing of an activation concludes."""
    match activation.role:
        case "rule":
            return _of_rule(trace.consultation.rulebase.rule[activation.rule], segment)
        case "refutation":
            return f"{activation.rule} is false"
        case "condition":
            return condition_words(activation.condition)
        case "expression":
            return f"{activation.rule} = {_computed(activation.rule, segment)}"
    return f"settles {activation.rule}"


def _computed(fact: str, segment: SegmentTrace) -> str:
    concluded = segment.findings.derived.get(fact)
    return "unknown" if concluded is None else show_value(concluded.value)


def _of_rule(rule: Rule, segment: SegmentTrace) -> str:
    match rule.then:
        case Evidence(targets, _, weight, family):
            worth = points(weight * segment.findings.fired[rule.id].item_weight, POINT)
            return f"{worth} for {f'all of {family}' if family else listed(targets)}"
        case Block(target):
            return f"rules out {target}"
        case Conclude(fact, value):
            return f"{fact} = {show_value(value)}"
        case Warn(text):
            return f"warns: {text}"
        case Prepare(text):
            return f"to prepare: {text}"
