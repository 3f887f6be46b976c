"""A small rulebase for interviews: five tactics, a dozen facts that matter, and pointless questions."""

from __future__ import annotations

from dataclasses import replace

from hand_built import record, rule
from hand_built import rulebase as of_records
from small_world import FACTS, PARAMETERS
from tactician.facts.vocabulary import Band, FactSpec, Vocabulary
from tactician.inference.weights import weight_of
from tactician.interview.desk import Desk
from tactician.knowledge.conditions import Element, Some, Test
from tactician.knowledge.rules import Block, Evidence, Rule

TACTICS = ("freemium", "loyalty_programme", "referrals", "self_service", "trial_version")
OPENING = ("name", "currency", "segments", "business.business_stage", "trouble", "running")


def in_floats(spec: FactSpec) -> FactSpec:
    """The fact as the loader would make it: with numbers that are floats."""
    if not spec.is_number:
        return spec
    bands = tuple(Band(float(band.value), band.meaning) for band in spec.bands)
    return replace(spec, minimum=float(spec.minimum or 0), maximum=float(spec.maximum or 0), bands=bands)


VOCABULARY = Vocabulary({spec.id: in_floats(spec) for spec in FACTS})
LEVELS = {spec.id: spec.values for spec in VOCABULARY.facts.values() if not spec.is_number}


def is_one_of(fact: str, *levels: str | bool) -> Test:
    """The test that a fact has one of these levels."""
    return Test(fact, "in", levels, tuple(level for level in LEVELS[fact] if level in levels))


def favours(tactic: str, cf: float, when: Element, number: int) -> Rule:
    """A rule for, or against, a tactic."""
    return rule(f"{tactic.upper().replace('_', '-')}-{number}", Evidence((tactic,), cf, weight_of(cf)), when)


def small_desk() -> Desk:
    """The desk over it."""
    conditions: tuple[Element, ...] = (
        is_one_of("business.business_stage", "growth", "maturity"),
        is_one_of("business.customer_satisfaction", "high"),
        is_one_of("business.feedback_mechanism", True),
        Test("business.churn", ">=", (25.0,)),
        Test("business.monthly_budget", ">=", (300.0,)),
        is_one_of("offering.offering_nature", "digital"),
        is_one_of("offering.product_complexity", "low"),
        is_one_of("segment.price_sensitivity", "high"),
        is_one_of("segment.time_pressure", "high", "medium"),
        Test("segment.purchase_frequency", "between", (6.0, 60.0)),
        Some("pain", (is_one_of("pain.kind", "obstacle"), is_one_of("pain.severity", "severe", "extreme"))),
        Some("gain", (is_one_of("gain.kind", "desired"),)),
        Some("job", (is_one_of("job.kind", "social"),)),
    )
    rules = [
        favours(
            TACTICS[(place * step) % 5], (0.6, -0.4, 0.2, 0.3)[(place + step) % 4], when, 10 * place + step
        )
        for place, when in enumerate(conditions)
        for step in (1, 2)
    ]
    rules.append(rule("FREEMIUM-B", Block("freemium"), is_one_of("segment.perceived_purchase_risk", "high")))
    base = of_records([record(name, "acquisition") for name in TACTICS], rules)
    idea = is_one_of("business.business_stage", "idea")
    interview = {
        "opening": list(OPENING),
        "pointless": [
            {"facts": ["business.churn"], "when": idea, "because": "nobody has bought yet"},
            {
                "facts": ["segment.public_buyer"],
                "when": is_one_of("segment.price_sensitivity", "low"),
                "is": False,
                "because": "public bodies compare",
            },
        ],
    }
    return Desk(
        replace(base, vocabulary=VOCABULARY, parameters=PARAMETERS, process={"interview": interview}),
    )
