"""A handful of facts, and short ways to say rules and clients about them, for the tests of the forward engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from condition_strategies import ATTRIBUTES, PLACE, allowed, spec
from strategies import PARAMETERS, record
from tactician.facts.client import MILLION, Client, Item, Segment
from tactician.facts.parameters import Limits
from tactician.facts.vocabulary import Value, Vocabulary
from tactician.inference.listening import Activation, MemoryElement
from tactician.knowledge.conditions import Element, Test, conjoin
from tactician.knowledge.expressions import Expression, facts_of
from tactician.knowledge.rules import Conclusion, DerivedFact, Evidence, Rule, Rulebase

FACTS = {
    made.id: made
    for made in (
        *(spec("segment", name, "ordinal", ("low", "medium", "high")) for name in "abcd"),
        *(spec("segment", name, "number") for name in ("m", "n")),
        spec("segment", "flag", "bool"),
        *ATTRIBUTES,
    )
}
LEVEL = DerivedFact(spec("segment", "level", "ordinal", ("low", "high")), 1, "Because.", "C", (), PLACE)
"""A fact that rules of stratum 1 may conclude."""
FAVOUR = Evidence(("tactic",), 0.5, 4771)


def fact(name: str, op: str, *values: Value) -> Test:
    """A test of a fact of a segment, or of an attribute (`pain.severity`)."""
    made = {**FACTS, LEVEL.spec.id: LEVEL.spec}[name if "." in name else f"segment.{name}"]
    return Test(made.id, op, values, None if made.is_number else allowed(made, op, values))


def rule(name: str, *when: Element, then: Conclusion = FAVOUR, expected: int = 0, stratum: int = 1) -> Rule:
    """A rule with these condition elements."""
    return Rule(name, conjoin(*when), then, "Because.", "C", (), stratum, PLACE, expected=expected)


def computed(name: str, expression: Expression, stratum: int = 1, kind: str = "number") -> DerivedFact:
    """A fact of a segment that an expression gives its value."""
    made = replace(spec("segment", name, kind), derived=True)
    reads = frozenset(facts_of(expression))
    return DerivedFact(made, stratum, "Because.", "C", (), PLACE, expression=expression, reads=reads)


def base(
    *rules: Rule, derived: Sequence[DerivedFact] = (), firings: int = 2, seconds: float = 60.0
) -> Rulebase:
    """A rulebase of these rules, in rising stratum."""
    parameters = replace(PARAMETERS, limits=Limits(firings, seconds, 20, 100))
    in_order = tuple(sorted(rules, key=lambda rule: rule.stratum))
    records = {"tactic": record("tactic", "retention")}
    return Rulebase("0", "by hand", Vocabulary(FACTS), parameters, {}, tuple(derived), records, in_order)


def client(items: Sequence[Item] | None = None, **facts: Value) -> Client:
    """A client of one segment; with `items`, the lists of their kinds are given, else none is."""
    by_kind: dict[str, tuple[Item, ...]] = {}
    for each in items or ():
        by_kind[each.kind] = (*by_kind.get(each.kind, ()), each)
    stated = {f"segment.{name}": value for name, value in facts.items()}
    return Client("by hand", "EUR", Decimal(1), (), {}, (Segment("all", MILLION, stated, by_kind),))


def pain(name: str, **attributes: str) -> Item:
    return Item("pain", name, "", attributes)


class Recorder:
    """A listener that keeps everything it hears."""

    def __init__(self) -> None:
        self.events: list[tuple[str, object]] = []

    def on_segment(self, name: str) -> None:
        self.events.append(("segment", name))

    def on_declare(self, element: MemoryElement) -> None:
        self.events.append(("declare", element))

    def on_activate(self, activation: Activation) -> None:
        self.events.append(("activate", activation))

    def on_deactivate(self, activation: Activation) -> None:
        self.events.append(("deactivate", activation))

    def on_cycle(self, agenda: tuple[Activation, ...]) -> None:
        self.events.append(("cycle", agenda))

    def on_fire(self, activation: Activation) -> None:
        self.events.append(("fire", activation))

    def heard(self, event: str) -> list[object]:
        return [what for kind, what in self.events if kind == event]

    @property
    def fired(self) -> list[str]:
        return [activation.rule for activation in self.heard("fire")]  # type: ignore[attr-defined]
