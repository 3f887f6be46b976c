"""A small vocabulary with its parameters, for tests of client files that need no rulebase."""

from __future__ import annotations

from decimal import Decimal

from tactician.facts.parameters import CanvasFit, Limits, Parameters, PlanNumbers, ValueBalance
from tactician.facts.reading import ClientReader
from tactician.facts.vocabulary import Band, FactSpec, Vocabulary

LOW_TO_HIGH = {"low": "hardly", "medium": "somewhat", "high": "very much"}
TACTICS = ("freemium", "loyalty_programme", "referrals")


def _levels(
    scope: str, name: str, levels: dict[str, str] | tuple[str, ...], kind: str = "ordinal", **more: object
) -> FactSpec:
    meanings = levels if isinstance(levels, dict) else {level: f"it is {level}" for level in levels}
    return FactSpec(scope, name, kind, tuple(levels), meanings, question=f"How about {name}?", **more)  # type: ignore[arg-type]


def _number(scope: str, name: str, unit: str, most: float, *, least: float = 0, **more: object) -> FactSpec:
    bands = (Band(least, "least"), Band(most, "most"))
    return FactSpec(
        scope,
        name,
        "number",
        unit=unit,
        minimum=least,
        maximum=most,
        bands=bands,
        question=f"How about {name}?",
        **more,
    )  # type: ignore[arg-type]


def _score(name: str) -> FactSpec:
    return _number("segment", name, "points", 4, whole=True, detail=True)


FACTS = (
    _levels(
        "business",
        "business_stage",
        ("idea", "launch", "growth", "maturity", "decline"),
        "enum",
        typical="growth",
    ),
    _levels("business", "customer_satisfaction", LOW_TO_HIGH, typical="medium"),
    FactSpec("business", "feedback_mechanism", "bool", question="Do customers have a way to tell you?"),
    _number("business", "monthly_budget", "EUR/month", 20000),
    _number("business", "churn", "percent/year", 100),
    _number("business", "customer_base_size", "customers", 1_000_000, whole=True),
    _number("business", "temperature", "degrees", 50, least=-50),
    _levels("offering", "offering_nature", ("physical", "service", "digital"), "enum"),
    _levels("offering", "product_complexity", LOW_TO_HIGH),
    _number("offering", "gross_margin", "percent of price", 100),
    _number("offering", "average_order_value", "EUR", 1_000_000),
    _levels("segment", "price_sensitivity", LOW_TO_HIGH),
    _levels("segment", "time_pressure", LOW_TO_HIGH),
    _levels("segment", "perceived_purchase_risk", LOW_TO_HIGH),
    FactSpec("segment", "public_buyer", "bool"),
    _number("segment", "purchase_frequency", "times/year", 400),
    _number("segment", "spending", "EUR/year", 100_000),
    *map(_score, ("benefit_functional", "benefit_emotional", "benefit_social")),
    *map(_score, ("cost_economic", "cost_time", "cost_effort", "cost_risk")),
    _levels("pain", "kind", ("undesired_outcome", "obstacle", "risk"), "enum", typical="undesired_outcome"),
    _levels("pain", "severity", ("low", "moderate", "severe", "extreme"), typical="moderate"),
    _levels("pain", "need_class", ("need_to_have", "nice_to_have"), "enum", typical="need_to_have"),
    _levels("gain", "kind", ("required", "expected", "desired", "unexpected"), "enum", typical="expected"),
    _levels("gain", "relevance", ("nice_to_have", "important", "essential"), typical="important"),
    _levels(
        "job", "kind", ("functional", "social", "emotional", "supporting_buyer"), "enum", typical="functional"
    ),
    _levels("job", "importance", LOW_TO_HIGH, typical="medium"),
    _levels("product", "nature", ("physical", "service", "digital"), "enum", typical="service"),
    _levels("link", "relevance", ("nice_to_have", "essential"), typical="essential"),
    _levels("link", "proof", ("assumed", "customers_said", "tested"), typical="assumed"),
)
VOCABULARY = Vocabulary({spec.id: spec for spec in FACTS}, concluded=frozenset({"segment.trust_gap"}))
PARAMETERS = Parameters(
    arithmetic={},
    rates={"EUR": Decimal(1), "DKK": Decimal("7.4609"), "NOK": Decimal("11.8345")},
    rates_date="2025-06-30",
    item_weights={
        "pain.severity": {"low": 300, "moderate": 600, "severe": 900, "extreme": 1000},
        "pain.need_class": {"need_to_have": 1000, "nice_to_have": 600},
        "gain.relevance": {"nice_to_have": 400, "important": 700, "essential": 1000},
        "job.importance": {"low": 300, "medium": 600, "high": 1000},
    },
    canvas_fit=CanvasFit(
        effect={"essential": 800, "nice_to_have": 400},
        proof={"assumed": 600, "customers_said": 800, "tested": 1000},
        category_weights={"job": 300, "pain": 400, "gain": 300},
        focus_limit=3,
        required_gain_coverage=400,
        required_gain_cap=400,
        listed_below=600,
        open_below=400,
    ),
    value_balance=ValueBalance(4, {"low": 500, "medium": 1000, "high": 1500}, 1000, 3, 1),
    lifecycle={},
    jury_partly=0.5,
    plan=PlanNumbers(3, 3, 12),
    limits=Limits(2, 5.0, 20, 100),
)
READER = ClientReader(VOCABULARY, PARAMETERS, TACTICS)
