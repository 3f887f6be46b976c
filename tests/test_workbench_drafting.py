"""Drafted cases: worked out without the engines, whole, readable, and laid below what people wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from tactician import load_rulebase
from tactician.cli import main
from tactician.facts.reading import ClientReader
from tactician.facts.repository import facts_folder
from tactician.inference.direct import engine_for
from tactician.knowledge.conditions import Test
from tactician.knowledge.rules import Rulebase
from tactician.workbench.case_files import find_case_files, read_cases
from tactician.workbench.case_kinds import lacking
from tactician.workbench.case_running import run_file
from tactician.workbench.drafting.files import draft_files
from tactician.workbench.drafting.grid import Grid
from tactician.workbench.drafting.search import Search
from tactician.workbench.second_opinion import View, holds

TINY = Path(__file__).parent / "packs" / "tiny"
CLIENTS = sorted(facts_folder().glob("*.yaml"))
UNREACHED = ("ALPHA-F1-ELSE",)
"""Rules of the tiny rulebase that no client can meet: another objection always comes first."""


@pytest.fixture(scope="module")
def base() -> Rulebase:
    return load_rulebase(TINY)


@pytest.fixture(scope="module")
def shipped() -> Rulebase:
    return load_rulebase()


@pytest.fixture(scope="module")
def drafted(base, tmp_path_factory) -> Path:
    """The case files drafted for the tiny rulebase."""
    folder = tmp_path_factory.mktemp("cases")
    for file in draft_files(base, folder):
        file.write()
    return folder


@pytest.mark.parametrize("path", CLIENTS, ids=lambda path: path.stem)
def test_the_second_opinion_and_the_engine_agree_on_the_example_clients(path, shipped):
    client = ClientReader(shipped.vocabulary, shipped.parameters).read(path)
    engine = engine_for(shipped)
    for index in range(len(client.segments)):
        state, view = engine.settle(client, index), View.of(client, index, shipped)
        assert {fact.spec.id: view.value(fact.spec.id) for fact in shipped.derived} == {
            fact.spec.id: state.values.get(fact.spec.id) for fact in shipped.derived
        }
        for rule in shipped.rules:
            truth = engine.truth(state, rule.id)
            assert view.truth(rule.when) is truth, rule.id
            if truth:
                assert view.strength(rule.when) == engine.strength(state, engine.position[rule.id]), rule.id


def test_the_second_opinion_goes_by_operator_and_order_not_by_what_the_loader_allows(base):
    level, number = base.specs["segment.price_sensitivity"], base.specs["business.contacts"]
    wrong = ("low",)
    passing = {
        op: [v for v in level.values if holds(Test(level.id, op, ("medium",), wrong), v, level)]
        for op in ("==", "!=", ">=", "<=", ">", "<", "in", "not in")
    }
    assert passing == {
        "==": ["medium"], "!=": ["low", "high"], ">=": ["medium", "high"], "<=": ["low", "medium"], ">": ["high"],
        "<": ["low"], "in": ["medium"], "not in": ["low", "high"],
    }  # fmt: skip
    inside = [
        v for v in (9.0, 10.0, 50.0, 51.0) if holds(Test(number.id, "between", (10.0, 50.0)), v, number)
    ]
    outside = [
        v for v in (9.0, 10.0, 50.0, 51.0) if holds(Test(number.id, "outside", (10.0, 50.0)), v, number)
    ]
    assert (inside, outside) == ([10.0, 50.0], [9.0, 51.0])


@pytest.mark.parametrize("engine", ["direct", "forward"])
def test_drafted_cases_hold_on_every_engine(drafted, base, engine):
    for file in read_cases(find_case_files(drafted), base):
        assert [result for result in run_file(file, base, engine) if not result.passed] == []


def test_every_rule_that_can_fire_gets_every_kind_of_case(drafted, base):
    found = list(lacking(base, read_cases(find_case_files(drafted), base)))
    assert {lack.rule for lack in found} == set(UNREACHED)


def test_rules_that_nobody_can_meet_are_named(base, tmp_path):
    assert [rule for file in draft_files(base, tmp_path) for rule in file.unreached] == list(UNREACHED)


def test_each_file_of_rules_has_its_case_file(drafted):
    names = [path.relative_to(drafted).as_posix() for path in find_case_files(drafted)]
    assert names == [
        "alpha.yaml",
        "beta.yaml",
        "derived/all.yaml",
        "gamma.yaml",
        "needs/acquisition.yaml",
        "process/checks.yaml",
    ]


def test_names_are_sentences_about_what_follows_from_what(drafted):
    text = (drafted / "alpha.yaml").read_text()
    assert "- name: “Alpha” is weighed up when differentiation is high (clearly different)\n" in text
    assert "- name: “Alpha” cannot be judged while nothing is known\n" in text
    assert "“Is there a shop?” is answered no" in text
    needs = (drafted / "needs" / "acquisition.yaml").read_text()
    assert "The aim to win customers is weighed up when business stage is idea (no customers yet)" in needs
    derived = " ".join((drafted / "derived" / "all.yaml").read_text().split())
    assert (
        "Price pressure stays unknown while price sensitivity is unknown, though differentiation is low (like the "
        "others)" in derived
    )
    process = (drafted / "process" / "checks.yaml").read_text()
    assert "- name: CHECK-2 asks for preparation when contacts are 100 a week\n" in process


def test_drafted_cases_state_no_fact_that_does_not_matter(drafted, base):
    (file,) = read_cases([drafted / "beta.yaml"], base)
    firing = [case for case in file.cases if any(e.kind == "evidence" for e in case.expectations)]
    assert firing
    for case in firing:
        stated = {**case.client.facts, **case.client.segments[0].facts}
        for fact in stated:
            fewer = case.client.with_fact(fact, None)
            assert engine_for(base).truth(engine_for(base).settle(fewer, 0), "BETA-F1") is not True, case.name


def test_numbers_are_tried_on_both_sides_of_a_threshold(base):
    grid = Grid(base)
    at_least, between = (
        Test("business.contacts", op, values) for op, values in ((">=", (100.0,)), ("between", (10.0, 50.0)))
    )
    assert grid.telling(at_least) == (99.0, 100.0)
    assert grid.telling(between) == (9.0, 10.0, 50.0, 51.0)
    assert grid.telling(Test("business.staff_hours", ">", (5.0,))) == (5.0, 5.1)


def test_the_search_works_back_through_concluded_facts(base):
    found = Search(base).find((Test("segment.price_pressure", "==", ("high",), ("high",)), True))
    assert found is not None
    assert found.view(base).value("segment.price_pressure") == "high"
    assert set(found.facts) == {"segment.price_sensitivity", "offering.differentiation"}


def test_the_search_meets_arithmetic_and_measures(base):
    minutes = Test("business.minutes_per_contact", "<", (6.0,))
    fit = Test("segment.fit_class", "==", ("fair",), ("fair",))
    found = Search(base).find((minutes, True), (fit, True))
    assert found is not None
    view = found.view(base)
    assert (view.truth(minutes), view.value("segment.fit_class")) == (True, "fair")


def test_the_search_does_not_find_what_cannot_be(base):
    test = Test("segment.price_sensitivity", ">=", ("high",), ("high",))
    assert Search(base).find((test, True), (test, False)) is None


HAND_WRITTEN = """\
# Ours.
cases:
  # Why this case is here.
  - name: A case by hand   # oddly spaced
    facts: {offering.differentiation:   high}
    fires: [ALPHA-F1]

  - {name: On one line, facts: {offering.differentiation: low}, silent: [ALPHA-F1]}
"""


def test_hand_written_cases_stay_as_they_are(base, tmp_path):
    path = tmp_path / "alpha.yaml"
    path.write_text(HAND_WRITTEN)
    (file,) = draft_files(base, tmp_path, ["alpha"])
    file.write()
    assert path.read_text().startswith(HAND_WRITTEN)
    assert file.drafted == path.read_text().count("drafted: true") > 10
    (again,) = draft_files(base, tmp_path, ["alpha"])
    assert (again.stale, again.text) == (False, path.read_text())


def test_a_drafted_case_that_somebody_takes_over_is_kept(base, tmp_path):
    (file,) = draft_files(base, tmp_path, ["beta"])
    (tmp_path / "beta.yaml").write_text(file.text.replace("    drafted: true\n", "", 1))
    (ours,) = read_cases([tmp_path / "beta.yaml"], base)
    (again,) = draft_files(base, tmp_path, ["beta"])
    again.write()
    (theirs,) = read_cases([tmp_path / "beta.yaml"], base)
    assert [case.name for case in theirs.cases] == [case.name for case in ours.cases]
    assert [case.drafted for case in theirs.cases] == [False] + [True] * (file.drafted - 1)


PACK = """\
id: trial_rides
family: acquisition
names: {en: Trial rides}
definition: Let people ride before they buy.
cost: {setup_eur: [0, 100], running_eur_month: [0, 10], hours_setup: 2, hours_per_week: 1, weeks_to_effect: [1, 4]}
rules:
  - id: TRIAL-RIDES-F1
    when: [{offering.must_be_experienced: ">= high"}]
    then: {favour: 0.6}
    because: A ride tells more than a brochure.
    grade: C
    sources: [judgement]
"""


def test_a_pack_is_drafted_checked_and_tested_by_itself(tmp_path, capsys):
    pack = tmp_path / "pack"
    (pack / "acquisition").mkdir(parents=True)
    (pack / "acquisition" / "trial_rides.yaml").write_text(PACK)
    rules = ["--rules", str(pack)]
    assert main.run(["rules", "draft", *rules]) == 0
    cases = pack / "tests" / "cases" / "trial_rides.yaml"
    assert f"{cases}  4 cases drafted" in capsys.readouterr().err
    assert [path.name for path in cases.parent.iterdir()] == ["trial_rides.yaml"]
    assert main.run(["rules", "test", *rules, "-q"]) == 0
    assert main.run(["rules", "draft", *rules, "--check"]) == 0
    (pack / "acquisition" / "trial_rides.yaml").write_text(PACK.replace(">= high", ">= medium"))
    before = cases.read_text()
    assert main.run(["rules", "draft", *rules, "--check"]) == 1
    assert "1 case file is stale. Run tactician rules draft." in capsys.readouterr().err
    assert cases.read_text() == before
    assert main.run(["rules", "test", *rules]) == 1
    assert main.run(["rules", "draft", *rules]) == 0
    assert main.run(["rules", "test", *rules]) == 0


def test_an_unknown_name_is_answered_with_the_nearest(base, tmp_path, capsys):
    assert main.run(["rules", "draft", "freemum", "--cases", str(tmp_path)]) == 2
    assert "Did you mean freemium" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
