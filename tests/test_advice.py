"""What comes with a plan: arguments, warnings, unknowns, assumptions, process and value propositions."""

from dataclasses import replace
from random import Random

import pytest

from completions import telling_values
from generated_clients import drawn_client
from hand_built import client, consultation, favour, known, preparing, record, rule, rulebase
from tactician import library
from tactician.advice.advise import advise
from tactician.advice.arguments import arguments
from tactician.advice.holding import holds
from tactician.advice.plan import Horizon
from tactician.advice.ranking import rank
from tactician.advice.warnings import warnings
from tactician.facts.client import Client, Item, Segment
from tactician.facts.repository import facts_folder
from tactician.facts.vocabulary import FACT_SCOPES
from tactician.inference.bounds import bounds
from tactician.inference.direct import consult
from tactician.inference.weights import weight_of
from tactician.knowledge.conditions import All, Any, No, Some, Test
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Evidence, Warn
from tactician.presentation.plan_json import plan_data


def test_arguments_merge_segments_and_leave_out_repetitions():
    strongest = favour("a", 0.6, "F1")
    repeats = replace(favour("a", 0.5, "F2"), on_top_of=("F1",))
    family = rule("N1", Evidence(("a",), 0.9, weight_of(0.9), "retention"))
    stage = replace(favour("a", 0.8, "S1"), origin="lifecycle")
    weak, against = favour("a", 0.2, "F3"), favour("a", -0.2, "A1")
    base = rulebase([record("a")], [strongest, repeats, family, stage, weak, against])
    everything = [each.id for each in base.rules]
    case = consultation(client(shares=(600_000, 400_000)), base, everything, ["F1"])
    [entry] = rank(case)["tactics"]
    found = arguments(entry, base, True, 4)
    assert [argument.rule.id for argument in found] == ["F1", "F3", "N1", "S1"]
    assert found[0].segments == ("s0", "s1")
    assert found[0].share == 1_000_000 * weight_of(0.6) * 1000
    assert [argument.rule.id for argument in arguments(entry, base, False, 4)] == ["A1"]


def test_warnings_about_records_need_one_of_them_to_be_recommended():
    alone, about = rule("W1", Warn("Beware.")), rule("W2", Warn("Beware of a.", "Wait.", ("a", "b")))
    base = rulebase([record("a"), record("b")], [alone, about])
    case = consultation(client(shares=(1, 2)), base, ["W1", "W2"], ["W2"])
    assert [(each.rule, each.segments, each.about) for each in warnings(case, {"a"})] == [
        ("W1", ("s0",), ()),
        ("W2", ("s0", "s1"), ("a",)),
    ]
    assert [each.rule for each in warnings(case, set())] == ["W1"]


SEVERE = (Test("pain.severity", "==", ("severe",), ("severe",)),)
PAINS = {"pain": (Item("pain", "p1", "x", {"severity": "severe"}), Item("pain", "p2", "y", {}))}


@pytest.mark.parametrize(
    ("condition", "items", "expected"),
    [
        (None, {}, True),
        (known("business.reliability", "high"), {}, True),
        (known("business.reliability", "low"), {}, False),
        (known("business.unstated", "low"), {}, False),
        (Test("segment.size", ">=", (10.0,)), {}, True),
        (Test("segment.size", "<", (10.0,)), {}, False),
        (Test("segment.size", "between", (5.0, 10.0)), {}, True),
        (Test("segment.size", "outside", (5.0, 10.0)), {}, False),
        (Some("pain", SEVERE), PAINS, True),
        (Some("pain", SEVERE), {}, False),
        (No("pain", SEVERE), PAINS, False),
        (No("pain", SEVERE), {}, False),
        (No("pain", SEVERE), {"pain": ()}, True),
        (No("pain", SEVERE), {"pain": PAINS["pain"][1:]}, False),
        (All(()), {}, True),
        (Any(()), {}, False),
        (Any((known("business.reliability", "low"), Test("segment.size", "==", (10.0,)))), {}, True),
        (All((known("business.reliability", "low"), Test("segment.size", "==", (10.0,)))), {}, False),
    ],
)
def test_a_condition_holds_only_when_it_is_known_to_be_true(condition, items, expected):
    segment = Segment("s0", 1_000_000, {"segment.size": 10.0}, items)
    who = Client("T", "EUR", 1, (), {"business.reliability": "high"}, (segment,))
    assert holds(consultation(who, rulebase([]), []), 0, condition) is expected


def asking(budget=None):
    """A case in which a is ahead of b, and an unstated fact speaks for b."""
    open_rule = replace(favour("b", 0.9, "F2"), when=known("business.reliability", "high"))
    records = [record(name) for name in ("a", "c", "d", "b")]
    rules = [favour("a", 0.6, "F1"), favour("c", 0.5, "F3"), favour("d", 0.4, "F4"), open_rule]
    base = rulebase(records, rules)
    who = client(budget)
    return advise(consult(who, base), bounds(who, base))


def test_unknowns_are_those_that_could_change_the_top_three():
    advice = asking()
    [unknown] = advice.unknowns
    assert (unknown.fact, unknown.segment, unknown.tactics) == ("business.reliability", "", ("b",))
    assert unknown.weight == weight_of(0.9) * 1000 * 1_000_000


def test_rivals_are_those_that_unknown_facts_could_bring_into_the_top_three():
    assert [entry.id for entry in asking().rivals] == ["b"]
    base = rulebase([record("a")], [favour("a", 0.6, "F1")])
    assert advise(consult(client(), base), bounds(client(), base)).rivals == ()


@pytest.mark.parametrize("number", range(3))
def test_whoever_comes_into_the_top_three_of_a_completion_was_a_rival(number):
    base, dice = load_rulebase(), Random(number)
    who = drawn_client(base, number, (0.15, 0.4, 0.8)[number])
    advice = advise(consult(who, base), bounds(who, base))
    possible = {entry.id for entry in (*advice.tactics[:3], *advice.rivals)}
    specs = [spec for spec in base.vocabulary.facts.values() if spec.scope in FACT_SCOPES]
    came = set()
    for _ in range(60):
        completion = who
        for spec in specs:
            for at in range(len(who.segments)) if spec.scope == "segment" else (0,):
                if who.value(spec.id, at) is None:
                    value = dice.choice(telling_values(base, spec))
                    completion = completion.with_fact(spec.id, value, at)
        came |= {entry.id for entry in rank(consult(completion, base))["tactics"][:3]}
    assert came <= possible
    assert came - {entry.id for entry in advice.tactics[:3]}


def test_nothing_is_unknown_that_matters_when_the_answer_cannot_reach_the_top():
    lesser = replace(favour("b", 0.1, "F2"), when=known("business.reliability", "high"))
    base = rulebase(
        [record(name) for name in "abcd"],
        [favour("a", 0.6, "F1"), favour("c", 0.5, "F3"), favour("d", 0.4, "F4"), lesser],
    )
    assert advise(consult(client(), base), bounds(client(), base)).unknowns == ()


def test_without_bounds_no_unknowns_are_named():
    base = rulebase([record("a")], [replace(favour("a", 0.1), when=known("business.reliability", "high"))])
    advice = advise(consult(client(), base))
    assert (advice.unknowns, advice.bounded) == ((), False)


def test_attributes_that_weigh_and_were_not_stated_are_assumed():
    items = {"pain": (Item("pain", "p1", "x", {}), Item("pain", "p2", "y", {"severity": "low"}))}
    advice = advise(consultation(client(items=items), rulebase([record("a")]), []))
    assert [(each.item, each.attribute, each.level) for each in advice.assumed] == [("p1", "severity", "low")]


def test_preparation_of_the_process_is_what_is_planned_or_an_activity_needs():
    rules = [favour("a", 0.5, "F1"), preparing("P", 3, "a"), preparing("Q", 3, "b"), preparing("R", 3)]
    base = rulebase([record("a"), record("b")], rules)
    base = replace(
        base, process={"activities": {"activities": [{"id": "A1", "needs": ["R", "S"], "hours": 6}]}}
    )
    advice = advise(consultation(client(), base, ["F1", "P", "Q", "R"]))
    assert [(each.step.rule, each.before) for each in advice.process.preparation] == [
        ("P", ("a",)),
        ("R", ("A1",)),
    ]
    assert [activity.needs for activity in advice.process.activities] == [("R",)]


METRICS = [
    {"id": "m3", "frequency_months": 3, "attach_to": {"families": ["retention"]}},
    {"id": "m12", "frequency_months": 12, "attach_to": {"records": ["a"]}},
    {"id": "campaign", "attach_to": {"families": ["retention"]}},
    {"id": "m6", "frequency_months": 6, "attach_to": {"families": ["retention"]}},
    {"id": "other", "frequency_months": 1, "attach_to": {"families": ["upsell"]}},
]


def test_metrics_are_the_nearest_and_then_the_most_frequent():
    base = rulebase([record("a"), record("b")], [favour("a", 0.5, "F1"), favour("b", 0.4, "F2")])
    choice = {"per_recommendation": 2}
    base = replace(base, process={"metrics": {"metrics": METRICS, "choice": choice}})
    process = advise(consultation(client(), base, ["F1", "F2"])).process
    assert {metric.id for metric in process.metrics_of("a")} == {"m12", "m3"}
    assert {metric.id for metric in process.metrics_of("b")} == {"m3", "m6"}


def test_checks_name_what_costs_more_than_the_limit_and_what_fights_the_direction():
    base = rulebase(
        [record("a", setup=501), record("b", setup=500)], [favour("a", 0.5, "F1"), favour("b", 0.4, "F2")]
    )
    practices = [
        {"id": "BP4", "setup_eur_above": 500},
        {"id": "BP8", "when": known("business.reliability", "high")},
    ]
    base = replace(base, process={"practices": {"practices": practices}})
    process = advise(consultation(client(), base, ["F1", "F2"])).process
    assert [(check.id, check.records) for check in process.checks] == [("BP4", ("a",))]


@pytest.fixture(scope="module")
def base():
    return library.open_rulebase()


def test_the_shipped_process_and_propositions_are_read(base):
    advice = library.plan(facts_folder() / "insurer.yaml", base, "direct")
    assert [activity.id for activity in advice.process.activities][:3] == ["A1", "A2", "A3"]
    assert all(len(advice.process.metrics_of(line.id)) in (1, 2) for line in advice.plan[Horizon.NOW])
    [first, *_] = advice.propositions
    assert first.fit is not None
    assert first.balance is not None
    assert first.messages
    assert first.balance.repairs[0].side.name == first.balance.measure.repair_order[0]
    suggested = {record for gap in first.fit.gaps for record in gap.suggested}
    assert suggested <= set(base.records)


def test_a_plan_of_the_forward_engine_is_that_of_the_direct_engine(base):
    both = [
        plan_data(library.plan(facts_folder() / "solsikken_bakery.yaml", base, engine))
        for engine in library.ENGINES
    ]
    assert both[0] == both[1]
