"""The JSON of a plan: its published schema, exact sums, and the same bytes every time."""

import json
import math
import os
import subprocess
import sys
from decimal import Decimal

import pytest
from jsonschema import Draft7Validator

from tactician import library
from tactician.facts.repository import facts_folder
from tactician.presentation.plan_json import dump

FILES = sorted(facts_folder().glob("*.yaml"))
SCHEMA = json.loads(library.schema("plan"))
VALIDATOR = Draft7Validator(SCHEMA)


@pytest.fixture(scope="module")
def base():
    return library.open_rulebase()


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def plan(request, base):
    return json.loads(dump(library.plan(request.param, base, "direct")))


def test_the_schema_is_one():
    Draft7Validator.check_schema(SCHEMA)


def test_the_schema_describes_every_object_completely():
    def check(schema):
        if isinstance(schema, dict):
            if "properties" in schema and "type" in schema:
                assert schema["additionalProperties"] is False
                assert set(schema["required"]) == set(schema["properties"])
                assert all(
                    "description" in each or "$ref" in each or "anyOf" in each
                    for each in schema["properties"].values()
                )
            for value in schema.values():
                check(value)
        elif isinstance(schema, list):
            for value in schema:
                check(value)

    check(SCHEMA)


def test_a_plan_keeps_the_schema(plan):
    assert [error.message for error in VALIDATOR.iter_errors(plan)] == []


def test_every_record_is_ranked_in_its_group(plan, base):
    for group in ("tactics", "levers", "improvements"):
        assert [entry["rank"] for entry in plan[group]] == list(range(1, len(plan[group]) + 1))
        assert {entry["id"] for entry in plan[group]} == {record.id for record in base.group(group)}
        totals = [entry["total"] for entry in plan[group] if not entry["blocked"]]
        assert totals == sorted(totals, reverse=True)
        blocked = [entry["blocked"] for entry in plan[group]]
        assert blocked == sorted(blocked)


def test_totals_follow_from_the_evidence(plan):
    for entry in (*plan["tactics"], *plan["levers"], *plan["improvements"]):
        evidence = entry["evidence"]
        for segment in entry["segments"]:
            own = sum(piece["weight"] for piece in evidence if piece["segment"] == segment["name"])
            assert segment["total"] == segment["prior"] + own
        assert entry["total"] == sum(
            s["ppm"] * (min(0, s["total"]) if s["blocked"] else s["total"]) for s in entry["segments"]
        )
        assert Decimal(entry["points"]) == Decimal(entry["total"]).scaleb(-12)
        odds = 10 ** (entry["total"] / 10**13)
        assert math.isclose(entry["certainty"], (odds - 1) / (odds + 1), abs_tol=1e-6)
        assert Decimal(entry["low"]) <= Decimal(entry["points"]) <= Decimal(entry["high"])
        ppm = {segment["name"]: segment["ppm"] for segment in entry["segments"]}
        for sign, field in ((1, "points_for"), (-1, "points_against")):
            total = sum(ppm[p["segment"]] * abs(p["weight"]) for p in evidence if p["weight"] * sign > 0)
            assert Decimal(entry[field]) == Decimal(total).scaleb(-12)


def test_evidence_carries_its_rule_reason_grade_sources_and_facts(plan, base):
    for entry in plan["tactics"]:
        for piece in entry["evidence"]:
            rule = base.rule[piece["rule"]]
            assert (piece["because"], piece["grade"]) == (rule.because, rule.grade)
            assert tuple(piece["sources"]) == rule.sources
            assert piece["facts"] or not rule.when.parts
            assert Decimal(piece["points"]) == Decimal(piece["weight"]).scaleb(-6)


def test_horizons_agree_with_the_plan(plan):
    placed = {
        line["id"]: horizon
        for horizon in ("running", "now", "next", "later", "alternative")
        for line in plan["plan"][horizon]
    }
    assert {entry["id"]: entry["horizon"] for entry in plan["tactics"] if entry["horizon"]} == placed
    assert all(
        line["reasons"] for horizon in ("running", "now", "next", "later") for line in plan["plan"][horizon]
    )
    assert len(plan["plan"]["now"]) <= 3


def test_what_starts_now_fits_the_means(plan):
    now = plan["plan"]["now"]
    for have, takes in (("budget_eur_month", "eur_month"), ("hours_week", "hours_week")):
        if plan["plan"][have] is not None:
            assert sum(line["while_setting_up"][takes] for line in now) <= plan["plan"][have] + 1e-6


def test_what_is_ruled_out_has_its_reasons(plan):
    blocked = {e["id"] for e in (*plan["tactics"], *plan["levers"], *plan["improvements"]) if e["blocked"]}
    assert {entry["id"] for entry in plan["ruled_out"]} == blocked
    for entry in plan["ruled_out"]:
        assert {reason["segment"] for reason in entry["reasons"]} == {
            s["name"] for s in plan["client"]["segments"]
        }


OFTEN = ("solsikken_bakery", "printer_maker", "pop_up_florist")
PLACES = (("UTC", "C"), ("Asia/Tokyo", "da_DK.UTF-8"), ("America/New_York", "C.UTF-8"))


def printed(file, seed):
    """The bytes that a process of its own prints, with another order of sets, clock and language."""
    zone, language = PLACES[seed % len(PLACES)]
    return subprocess.run(
        [sys.executable, "-m", "tactician", "plan", str(file), "--format", "json"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": str(seed), "TZ": zone, "LANG": language, "LC_ALL": language},
    ).stdout


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_processes_with_other_hash_seeds_give_the_same_bytes(file):
    seeds = range(20 if file.stem in OFTEN else 2)
    assert len({printed(file, seed) for seed in seeds}) == 1
