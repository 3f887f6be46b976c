"""The cases of the shipped rules: all hold, none is stale, every rule has every kind, and mistakes are noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tactician import load_rulebase
from tactician.facts.repository import rules_folder
from tactician.knowledge.rules import Rulebase
from tactician.workbench.case_files import find_case_files, read_cases
from tactician.workbench.case_folders import read_clients
from tactician.workbench.case_running import run_file
from tactician.workbench.case_words import failed_words
from tactician.workbench.cases import CaseFile
from tactician.workbench.coverage import Coverage, measure_coverage, percent
from tactician.workbench.coverage_words import unseen
from tactician.workbench.drafting.files import draft_files
from tactician.workbench.mutation import run_mutation
from tactician.workbench.mutation_words import score, survivor_line

CASES = Path(__file__).parent / "cases"
BY_HAND = 3
"""So many cases somebody thought of for each record."""


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return load_rulebase()


@pytest.fixture(scope="module")
def files(rulebase) -> tuple[CaseFile, ...]:
    return read_cases(find_case_files(CASES), rulebase)


@pytest.fixture(scope="module")
def coverage(rulebase, files) -> Coverage:
    return measure_coverage(rulebase, files, read_clients(None, rulebase))


def failing(files: tuple[CaseFile, ...], rulebase: Rulebase, engine: str) -> list[str]:
    results = [result for file in files for result in run_file(file, rulebase, engine)]
    assert len(results) > 1000
    return [failed_words(result) for result in results if not result.passed]


def test_every_case_holds(files, rulebase):
    assert failing(files, rulebase, "direct") == []


@pytest.mark.slow
def test_every_case_holds_on_the_forward_engine(files, rulebase):
    assert failing(files, rulebase, "forward") == []


def test_every_rule_has_every_kind_of_case(coverage):
    told = [f"{lack.rule}: no case in which {lack.what}" for lack in coverage.lacks]
    assert told == []


def test_every_rule_fires_and_nearly_every_outcome_of_a_condition_is_seen(coverage):
    assert [rule.rule for rule in coverage.rules if not rule.fired] == []
    missing = [line for rule in coverage.rules for line in unseen(rule)]
    assert percent(coverage.outcomes_seen) >= 95, "\n".join(missing)


def test_every_concluded_fact_is_seen_known_and_unknown(coverage):
    assert {fact.fact for fact in coverage.facts if fact.seen != ("known", "unknown")} == set()


def test_every_record_has_cases_that_somebody_thought_of(files, rulebase):
    by_hand = {Path(file.file).stem: sum(not case.drafted for case in file.cases) for file in files}
    few = {record: by_hand.get(record, 0) for record in rulebase.records if by_hand.get(record, 0) < BY_HAND}
    assert few == {}


def test_every_record_is_told_where_it_stands(files, rulebase):
    ranking = {"rank", "outranks", "horizon"}
    told = {
        expectation.subject
        for file in files
        for case in file.cases
        for expectation in case.expectations
        if expectation.kind in ranking
    }
    assert set(rulebase.records) - told == set()


@pytest.mark.slow
def test_no_drafted_case_is_stale(rulebase):
    drafted = list(draft_files(rulebase, CASES))
    assert [file.path.name for file in drafted if file.stale] == [], "Run tactician rules draft."
    assert [rule for file in drafted for rule in file.unreached] == []


@pytest.mark.slow
def test_mistakes_in_the_rules_are_noticed():
    report = run_mutation(CASES, [rules_folder()])
    assert report.tried > 5000
    assert report.score >= 90, "\n".join([score(report), *map(survivor_line, report.survivors)])
