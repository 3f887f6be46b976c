"""A small rulebase and consultations made by hand, for tests that need no file and no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tactician.errors import Place
from tactician.facts.client import Client, Item, Segment
from tactician.facts.parameters import CanvasFit, Limits, Parameters, PlanNumbers, ValueBalance
from tactician.facts.vocabulary import FactSpec, Vocabulary
from tactician.inference.consultation import Consultation, Firing, SegmentFindings, Witness
from tactician.inference.weights import weight_of
from tactician.knowledge.conditions import All, Element, Test
from tactician.knowledge.rules import (
    Block,
    Conclusion,
    Conflict,
    Cost,
    Evidence,
    Prepare,
    Record,
    Rule,
    Rulebase,
)

PLACE = Place("hand_built.yaml", 1)
VOCABULARY = Vocabulary(
    {
        spec.id: spec
        for spec in (
            FactSpec("business", "monthly_budget", "number", unit="EUR/month", minimum=0, maximum=20000),
            FactSpec("business", "staff_hours_available", "number", unit="hours/week", minimum=0, maximum=80),
            FactSpec(
                "business", "reliability", "ordinal", ("low", "high"), {"high": "97 in 100"}, typical="low"
            ),
            FactSpec("segment", "size", "number", unit="people", minimum=0),
            FactSpec("pain", "severity", "ordinal", ("low", "severe"), typical="low"),
            FactSpec("pain", "kind", "enum", ("risk", "obstacle"), typical="risk"),
        )
    }
)
PARAMETERS = Parameters(
    arithmetic={},
    rates={"EUR": Decimal(1), "DKK": Decimal("7.4609")},
    rates_date="2025-06-30",
    item_weights={"pain.severity": {"low": 300, "severe": 900}},
    canvas_fit=CanvasFit({}, {}, {"job": 300, "pain": 400, "gain": 300}, 3, 400, 400, 600, 400),
    value_balance=ValueBalance(4, {}, 1000, 3, 1),
    lifecycle={},
    jury_partly=0.5,
    plan=PlanNumbers(now=3, next=3, setup_spread=12),
    limits=Limits(2, 5.0, 20, 100),
)
TRUE: Element = All(())


def record(
    name: str,
    family: str = "retention",
    *,
    setup: float = 0,
    month: float = 0,
    hours_setup: float = 0,
    hours_week: float = 0,
    weeks: tuple[float, float] = (4, 12),
    conflicts: Sequence[Conflict] = (),
    requires: Sequence[str] = (),
    details: Mapping[str, object] | None = None,
) -> Record:
    """A record whose upper costs are as given."""
    cost = Cost((0, setup), (0, month), hours_setup, hours_week, weeks)
    names = {"en": name.replace("_", " ").capitalize()}
    return Record(
        name, family, names, "What it is.", cost, tuple(conflicts), (), tuple(requires), details or {}, PLACE
    )


def rule(name: str, then: Conclusion, when: Element = TRUE, expected: int = 0) -> Rule:
    """A rule whose texts do not matter."""
    return Rule(name, when, then, f"Because of {name}.", "C", ("s1",), 1, PLACE, expected=expected)


def favour(target: str, cf: float, name: str = "", expected: int = 0) -> Rule:
    """A rule for (or, cf < 0, against) one record."""
    return rule(name or f"{target}-{cf}", Evidence((target,), cf, weight_of(cf)), expected=expected)


def blocking(target: str) -> Rule:
    """A rule that blocks one record."""
    return rule(f"{target}-B", Block(target))


def preparing(name: str, hours: float, *before: str) -> Rule:
    """A rule that something must be done before records."""
    return rule(name, Prepare(f"Do {name}.", hours, before))


def rulebase(records: Sequence[Record], rules: Sequence[Rule] = ()) -> Rulebase:
    """A rulebase of these records and rules."""
    return Rulebase(
        "test", "0" * 64, VOCABULARY, PARAMETERS, {}, (), {each.id: each for each in records}, tuple(rules)
    )


def client(
    budget: float | None = None,
    hours: float | None = None,
    running: Sequence[str] = (),
    shares: Sequence[int] = (1_000_000,),
    items: Mapping[str, tuple[Item, ...]] | None = None,
) -> Client:
    """A client with one segment per share, called s0, s1 …"""
    facts = {"business.monthly_budget": budget, "business.staff_hours_available": hours}
    known = {fact: float(value) for fact, value in facts.items() if value is not None}
    segments = tuple(Segment(f"s{at}", ppm, {}, items or {}) for at, ppm in enumerate(shares))
    return Client("Test", "EUR", Decimal(1), tuple(running), known, segments)


def consultation(
    who: Client, base: Rulebase, *segments: Mapping[str, int] | Sequence[str], refuted: Sequence[str] = ()
) -> Consultation:
    """A consultation in which these rules (with their item weights in thousandths) fired in each segment."""
    findings = []
    for fired in segments:
        weights = fired if isinstance(fired, Mapping) else dict.fromkeys(fired, 1000)
        firings = {
            each.id: Firing(each.id, weights[each.id], (Witness("business.reliability", "high"),))
            for each in base.rules
            if each.id in weights
        }
        findings.append(SegmentFindings({}, firings, frozenset(refuted)))
    return Consultation(who, base, tuple(findings))


def known(fact: str, level: str) -> Test:
    """The test that a fact of levels has one."""
    return Test(fact, "==", (level,), (level,))
