"""Mutation: the mistakes that are made in rules, and which cases notice them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tactician import load_rulebase
from tactician.cli import main
from tactician.knowledge.conditions import All, Any, No, Some, Test
from tactician.knowledge.expressions import show as show_expression
from tactician.knowledge.rules import DerivedFact, Rule, Rulebase
from tactician.workbench.case_files import InvalidCases
from tactician.workbench.drafting.files import draft_files
from tactician.workbench.mutant_conditions import Mistakes
from tactician.workbench.mutants import mutants
from tactician.workbench.mutation import run_mutation
from tactician.workbench.notation import show
from tactician.workbench.reduction import Reduction

TINY = Path(__file__).parent / "packs" / "tiny"
SENSITIVITY = "segment.price_sensitivity"


@pytest.fixture(scope="module")
def base() -> Rulebase:
    return load_rulebase(TINY)


@pytest.fixture(scope="module")
def drafted(base, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    for file in draft_files(base, folder):
        file.write()
    return folder


def levels(fact: str, op: str, *values: str) -> Test:
    order = ("low", "medium", "high")
    rank = order.index(values[0])
    allowed = {
        ">=": order[rank:], "<=": order[: rank + 1], "==": order[rank : rank + 1], "in": values,
    }[op]  # fmt: skip
    return Test(fact, op, values, tuple(allowed))


def test_tests_of_levels_are_turned_round_and_moved_by_one_level(base):
    changed = [show(test) for test in Mistakes(base.specs).tests(levels(SENSITIVITY, ">=", "medium"))]
    assert changed == [f"{SENSITIVITY} {test}" for test in ("< medium", ">= low", ">= high")]
    (moved,) = [
        t for t in Mistakes(base.specs).tests(levels(SENSITIVITY, ">=", "medium")) if t.values == ("high",)
    ]
    assert moved.allowed == ("high",)


def test_sets_lose_and_gain_each_level(base):
    changed = [show(test) for test in Mistakes(base.specs).tests(levels(SENSITIVITY, "in", "low", "medium"))]
    assert changed == [
        f"{SENSITIVITY} {test}"
        for test in ("not in [low, medium]", "in [medium]", "in [low]", "in [low, medium, high]")
    ]


def test_thresholds_are_made_strict_and_moved_to_the_next_band_or_by_a_tenth(base):
    mistakes = Mistakes(base.specs)
    staff = [show_value(test) for test in mistakes.tests(Test("business.staff_hours", ">=", (5.0,)))]
    assert staff == ["< 5", "> 5", ">= 0"]
    minutes = [show_value(test) for test in mistakes.tests(Test("business.minutes_per_contact", "<", (6.0,)))]
    assert minutes == [">= 6", "<= 6", "< 5.4", "< 6.6"]
    contacts = [
        show_value(test) for test in mistakes.tests(Test("business.contacts", "between", (10.0, 50.0)))
    ]
    assert contacts == ["outside 10 and 50", "between 0 and 50", "between 50 and 50", "between 10 and 0"][:3]


def show_value(test: Test) -> str:
    return show(test).partition(" ")[2]


def test_conditions_are_dropped_and_joined_otherwise(base):
    one, two = levels(SENSITIVITY, "==", "high"), levels("offering.differentiation", "==", "low")
    words = [what for _, what in Mistakes(base.specs).variants(All((one, two)))]
    assert f"{show(one)} is dropped" in words
    assert f"{show(two)} is dropped" in words
    assert words[-1] == f"all of ({show(one)}; {show(two)}) becomes any of them"
    changed = [element for element, _ in Mistakes(base.specs).variants(Any((one, two)))]
    assert {All((one, two)), one, two} <= set(changed)
    assert len(set(changed)) == len(changed)


def test_items_are_denied_and_their_tests_dropped(base):
    severe = Test("pain.severity", ">=", ("severe",), ("severe", "extreme"))
    kind = Test("pain.kind", "==", ("obstacle",), ("obstacle",))
    changed = {element for element, _ in Mistakes(base.specs).variants(Some("pain", (severe, kind)))}
    assert {No("pain", (severe, kind)), Some("pain", (severe,)), Some("pain", (kind,))} <= changed


def test_rules_and_facts_are_changed_one_mistake_at_a_time(base):
    found: dict[str, list[str]] = {}
    for mutant in mutants(base):
        found.setdefault(mutant.subject, []).append(mutant.what)
    assert found["ALPHA-F1"][-2:] == [
        "the certainty factor +0.6 becomes -0.6",
        "the certainty factor +0.6 becomes +0.7",
    ]
    assert found["ALPHA-B1"][-1] == "it no longer blocks"
    assert "its value high is swapped with low of PRICE-PRESSURE-2" in found["PRICE-PRESSURE-1"]
    assert "it stands below PRICE-PRESSURE-2" in found["PRICE-PRESSURE-1"]
    assert "the line is dropped" in found["PRICE-PRESSURE-2"]
    assert any(
        what.endswith("coalesce(segment.fit_class, segment.rating)") for what in found["segment.worth"]
    )


def test_an_expression_that_could_divide_by_zero_is_no_mutant(base):
    changed = [
        show_expression(mutant.changed.expression)
        for mutant in mutants(base)
        if isinstance(mutant.changed, DerivedFact) and mutant.changed.expression is not None
    ]
    assert changed
    assert not any("/ min(" in text for text in changed)


def test_drafted_cases_notice_nearly_every_mistake(drafted):
    report = run_mutation(drafted, [TINY])
    assert report.tried > 80
    assert report.score >= 90
    assert all(survivor.what for survivor in report.survivors)


def test_without_cases_no_mistake_is_noticed(tmp_path):
    (tmp_path / "none.yaml").write_text("cases: [{name: A, rank: {gamma: 1}}]\n")
    report = run_mutation(tmp_path, [TINY], rules=["ALPHA"])
    assert (report.killed, report.score) == (0, 0.0)
    assert len(report.survivors) == report.tried > 20


def survivors(path: Path, text: str, rule: str) -> list[str]:
    path.write_text(f"cases:\n  - {text}\n")
    return [mutant.what for mutant in run_mutation(path, [TINY], rules=[rule]).survivors]


def test_a_case_notices_only_what_it_speaks_of(tmp_path):
    path = tmp_path / "cases.yaml"
    shop = "facts: {business.has_shop: false, segment.rating: poor}"
    fires = survivors(path, f"{{name: A, {shop}, fires: [ALPHA-B1]}}", "ALPHA-B1")
    assert "it no longer blocks" in fires
    blocked = survivors(path, f"{{name: A, {shop}, blocked: [alpha]}}", "ALPHA-B1")
    assert "it no longer blocks" not in blocked


def test_a_case_about_the_plan_notices_a_changed_rule(tmp_path):
    text = "{name: A, facts: {offering.differentiation: high}, rank: {alpha: 1}}"
    left = survivors(tmp_path / "cases.yaml", text, "ALPHA-F1")
    assert "the certainty factor +0.6 becomes -0.6" not in left
    assert "the certainty factor +0.6 becomes +0.7" in left


def test_a_case_about_a_rule_notices_a_change_in_a_fact_it_goes_back_to(tmp_path):
    facts = "{business.contacts: 60, segment.price_sensitivity: low, offering.differentiation: low}"
    left = survivors(
        tmp_path / "cases.yaml", f"{{name: A, facts: {facts}, silent: [BETA-F1]}}", "PRICE-PRESSURE-1"
    )
    assert f"{SENSITIVITY} >= high becomes {SENSITIVITY} < high" not in left
    assert f"{SENSITIVITY} >= high becomes {SENSITIVITY} >= medium" in left


def test_samples_are_the_same_each_time_and_processes_agree(drafted):
    one = run_mutation(drafted, [TINY], sample=40)
    assert one == run_mutation(drafted, [TINY], sample=40, jobs=2)
    assert one.tried == 40


def test_mistakes_in_cases_are_told_by_several_processes_as_by_one(tmp_path):
    (tmp_path / "cases.yaml").write_text("cases: [{name: A, fires: [NOBODY]}]\n")
    told = set()
    for jobs in (1, 2):
        with pytest.raises(InvalidCases) as error:
            run_mutation(tmp_path, [TINY], jobs=jobs)
        told.add(str(error.value))
    assert len(told) == 1


def test_a_small_rulebase_says_of_its_rules_what_the_whole_says(base):
    reduction = Reduction(base)
    rule = base.rule["BETA-F1"]
    small = reduction.small([rule])
    assert {fact.spec.id for fact in small.derived} == {
        "business.minutes_per_contact",
        "segment.price_pressure",
    }
    assert all(isinstance(found, Rule) for found in small.rules)
    assert small.rule["BETA-F1"] is rule
    assert len(small.rules) == 4


def test_the_command_lists_survivors_and_fails_under_a_bound(tmp_path, capsys):
    path = tmp_path / "cases.yaml"
    path.write_text("cases: [{name: A, facts: {offering.network_effects: high}, fires: [FREEMIUM-F3]}]\n")
    command = ["rules", "mutate", str(path), "--rule", "FREEMIUM-F3"]
    assert main.run([*command, "--fail-under", "90"]) == 1
    captured = capsys.readouterr()
    assert "FREEMIUM-F3: the certainty factor +0.6 becomes +0.7." in captured.out
    assert "That is less than 90 %." in captured.err
    assert main.run([*command, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["tried"] == data["killed"] + len(data["survivors"])
