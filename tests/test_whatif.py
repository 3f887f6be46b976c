"""What-if, sweep and stability say what whole consultations of the changed client say."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import tactician
from completions import with_items
from generated_clients import drawn_client
from tactician import library
from tactician.advice.advise import advise
from tactician.advice.ranking import rank
from tactician.advice.single_steps import neighbours
from tactician.advice.whatif import what_if
from tactician.cli import main
from tactician.errors import UsageError
from tactician.facts.client import Client
from tactician.facts.repository import facts_folder
from tactician.facts.vocabulary import Value
from tactician.inference import direct
from tactician.inference.direct import engine_for
from tactician.interview.understanding import Asked
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase
from tactician.presentation import terminal_page
from tactician.presentation.explaining.whatif_page import what_if_page

BAKERY = facts_folder() / "solsikken_bakery.yaml"
CAFE = facts_folder() / "cafe.yaml"
BUDGET = "business.monthly_budget"


@pytest.fixture(scope="module")
def base() -> Rulebase:
    return load_rulebase()


def ranks(client: Client, base: Rulebase) -> dict[str, int]:
    return {e.id: e.rank for group in rank(direct.consult(client, base)).values() for e in group}


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main.run([str(each) for each in ("whatif", *arguments)])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return code, captured.out, captured.err


# Before and after


@pytest.mark.parametrize("number", range(6))
def test_what_moved_adds_up_to_the_new_totals(number: int, base: Rulebase) -> None:
    """Effects of rules, of priors and of blocks explain every change, between clients that differ in much."""
    one = drawn_client(base, number, 0.3)
    facts = drawn_client(base, number + 100, 0.3).facts
    other = one
    for fact, value in list(facts.items())[::3]:
        other = other.with_fact(fact, value, 0)
    found = what_if(*(advise(direct.consult(each, base)) for each in (one, other)))
    before, after = ({e.id: e for e in side.ranked} for side in (found.before, found.after))
    moved = {move.after.id for move in found.moves}
    assert moved
    for record, entry in after.items():
        if record not in moved:
            assert (entry.total, entry.rank) == (before[record].total, before[record].rank)
    for move in found.moves:
        assert move.before == before[move.after.id]
        assert move.change == after[move.after.id].total - before[move.after.id].total
        if not any(segment.blocked for entry in (move.before, move.after) for segment in entry.segments):
            assert move.cut_change == 0
        sizes = [abs(effect.change) for effect in move.effects]
        assert sizes == sorted(sizes, reverse=True)
        assert all(sizes)


def test_amounts_are_stated_in_the_clients_currency(base: Rulebase) -> None:
    found = tactician.whatif(BAKERY, [f"{BUDGET}=500"], base)
    (changed,) = found.stated
    assert (changed.fact, changed.segment, changed.after) == (BUDGET, "", 67.02)
    assert found.after.consultation.client.currency == "DKK"


def test_one_segment_or_all_of_them(base: Rulebase) -> None:
    fact = "price_sensitivity"
    one = tactician.whatif(BAKERY, [f"segment[commuters].{fact}=high"], base)
    assert [(each.segment, each.after) for each in one.stated] == [("commuters", "high")]
    every = tactician.whatif(BAKERY, [f"segment.{fact}=high"], base).after.consultation.client
    assert {segment.facts[f"segment.{fact}"] for segment in every.segments} == {"high"}


def test_a_name_without_its_scope_will_do_where_it_means_one_answer(base: Rulebase) -> None:
    def stated(setting: str) -> list[str]:
        return [each.fact for each in tactician.whatif(alone, setting, base).stated]

    alone = library.read_client(CAFE, base)
    alone = replace(alone, segments=(replace(alone.segments[0], ppm=10**6),))
    assert stated("monthly_budget=3") == [BUDGET]
    assert stated("gross_margin=33") == ["offering.gross_margin"]
    assert stated("price_sensitivity=low") == stated("segment.price_sensitivity=low") != []
    assert tactician.sweep(CAFE, "monthly_budget=0,5", base).place.written == BUDGET


def test_a_page_shows_no_lines_of_zero_effect(base: Rulebase) -> None:
    found = tactician.whatif(CAFE, "business.monthly_budget=0", base)
    (move, *_) = [move for move in found.moves if move.effects]
    tiny = replace(move.effects[0], before=0, after=10**9)
    moved = replace(move, effects=(move.effects[0], tiny))
    text = terminal_page.render(what_if_page(replace(found, moves=(moved,))), 200)
    assert move.effects[0].rule.id in text
    assert " 0.0 " not in text


def test_an_answer_can_be_taken_back_and_what_runs_can_change(base: Rulebase) -> None:
    after = tactician.whatif(CAFE, [f"{BUDGET}=unknown", "running=referrals"], base).after.consultation.client
    assert BUDGET not in after.facts
    assert after.running == ("referrals",)


def test_what_runs_is_an_answer_that_changes(base: Rulebase, capsys: pytest.CaptureFixture[str]) -> None:
    found = tactician.whatif(CAFE, ["running=referrals"], base)
    (changed,) = found.stated
    assert (changed.fact, changed.segment, changed.before, changed.after) == (
        "running", "", found.before.consultation.client.running, ("referrals",),
    )  # fmt: skip
    code, out, _ = run(capsys, CAFE, "--set", "running=referrals", "--format", "json")
    assert code == 0
    assert json.loads(out)["changed"][0]["after"] == ["referrals"]
    _, out, _ = run(capsys, CAFE, "--set", "running=referrals")
    assert f", now {base.records['referrals'].name}." in out
    for nothing in ("unknown", ""):
        assert tactician.whatif(BAKERY, [f"running={nothing}"], base).after.consultation.client.running == ()


def test_the_name_of_a_segment_may_hold_signs(base: Rulebase) -> None:
    client = library.read_client(BAKERY, base)
    odd = client.with_segment(replace(client.segments[0], name="a=b, 1]"), 0)
    found = tactician.whatif(odd, ["segment[a=b, 1]].price_sensitivity = high"], base)
    assert [(each.segment, each.after) for each in found.stated] == [("a=b, 1]", "high")]
    _, stops = library.sweep(odd, "segment[a=b, 1]].price_sensitivity=low..high", base)
    assert len(stops) == 3


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("business.monthly_budgt=3", "Did you mean business.monthly_budget"),
        ("offering.monthly_budget=3", "Write business.monthly_budget."),
        ("monthly_budgt=3", "Did you mean monthly_budget"),
        ("price_sensitivity=high", "Write segment.price_sensitivity."),
        ("segment[commuter].price_sensitivity=high", "Did you mean commuters"),
        ("segment[commuters].price_sensitivity=hi", "Did you mean high"),
        ("business.monthly_budget=lots", "monthly_budget=lots"),
        ("business.monthly_budget=-1", "monthly_budget=-1"),
        ("business.monthly_budget", "lacks a value"),
        ("running=referals", "Did you mean referrals"),
    ],
)
def test_wrong_settings_are_told(
    setting: str, words: str, capsys: pytest.CaptureFixture[str], base: Rulebase
) -> None:
    with pytest.raises(UsageError):
        tactician.whatif(BAKERY, [setting], base)
    code, out, err = run(capsys, BAKERY, "--set", setting)
    assert (code, out) == (2, "")
    assert words in err


# Sweeps


def test_every_stop_is_a_consultation_of_its_own(base: Rulebase) -> None:
    _, stops = library.sweep(BAKERY, f"{BUDGET}=0..3000:1000", base)
    assert [stop.value for stop in stops] == ["0", "1000", "2000", "3000"]
    for stop in stops:
        changed = tactician.whatif(BAKERY, [f"{BUDGET}={stop.value}"], base).after
        assert {e.id: e.rank for e in stop.tactics} == {e.id: e.rank for e in changed.tactics}
        assert stop.horizons == dict(changed.plan.horizons)


def test_levels_and_bands_can_be_gone_through(base: Rulebase) -> None:
    levels = base.vocabulary["segment.price_sensitivity"].levels
    _, stops = library.sweep(BAKERY, "segment.price_sensitivity=all", base)
    assert tuple(stop.value for stop in stops) == levels
    _, stops = library.sweep(BAKERY, f"segment.price_sensitivity={levels[1]}..{levels[0]}", base)
    assert tuple(stop.value for stop in stops) == levels[:2]
    _, stops = library.sweep(CAFE, f"{BUDGET}=all", base)
    assert len(stops) == len(base.vocabulary[BUDGET].bands)


def test_bands_of_money_are_gone_through_in_the_currency_of_the_client(base: Rulebase) -> None:
    """As round as those that the interview offers, and telling rules the same as the bands in euros."""
    bands = [band.value for band in base.vocabulary[BUDGET].bands]
    _, stops = library.sweep(BAKERY, f"{BUDGET}=all", base)
    client = library.read_client(BAKERY, base)
    asked = Asked(base.vocabulary[BUDGET], client.currency, client.rate, engine_for(base).bits.facts[BUDGET])
    assert [stop.value for stop in stops] == [f"{amount:f}" for amount, _ in asked.offered]
    euros = [stop.client.facts[BUDGET] for stop in stops]
    assert euros == [pytest.approx(band, rel=0.05) for band in bands]
    alike = [client.with_fact(BUDGET, band) for band in bands]
    assert [ranks(stop.client, base) for stop in stops] == [ranks(each, base) for each in alike]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (BUDGET, "has no values"),
        (f"{BUDGET}=5..1:1", "goes nowhere"),
        (f"{BUDGET}=0..10:0", "goes nowhere"),
        (f"{BUDGET}=0..1000000:1", "at most 200"),
        (f"{BUDGET}=0..nan:1", "goes nowhere"),
        (f"{BUDGET}=0..ten:1", "no sweep of numbers"),
        ("segment.price_sensitivity=low..hig", "Did you mean high"),
    ],
)
def test_wrong_sweeps_are_told(written: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, CAFE, "--sweep", written)
    assert (code, out) == (2, "")
    assert words in err


def test_a_sweep_as_csv_json_and_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "budget.svg"
    arguments = (CAFE, "--sweep", f"{BUDGET}=0..1000:500", "--svg", picture)
    code, out, _ = run(capsys, *arguments, "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 3 * 25
    _, out, _ = run(capsys, *arguments, "--format", "json")
    data: Any = json.loads(out)
    assert [stop["value"] for stop in data["stops"]] == ["0", "500", "1000"]
    root = ET.fromstring(picture.read_text(encoding="utf-8"))
    assert root.tag.endswith("svg")
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) >= 3


def test_a_sweep_as_csv_takes_whatever_can_be_stated(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, BAKERY, "--sweep", f"{BUDGET}=unknown,0x64,1e3", "--format", "csv")
    assert code == 0
    values = dict.fromkeys(row[BUDGET] for row in csv.DictReader(io.StringIO(out)))
    assert list(values) == ["unknown", "100.0", "1000.0"]


# Stability


def single_steps(client: Client, base: Rulebase) -> Iterator[tuple[tuple[str, str, str, Value], Client]]:
    """Every single step by its fact, segment, item and new value, with the client after it."""
    for at, segment in [(-1, None), *enumerate(client.segments)]:
        for fact, value in (segment.facts if segment else client.facts).items():
            for other in neighbours(base.vocabulary[fact], value):
                name = segment.name if segment else ""
                yield (fact, name, "", other), client.with_fact(fact, other, max(at, 0))
        for kind, items in segment.items.items() if segment else ():
            for number, item in enumerate(items):
                for name, level in item.attributes.items():
                    for other in neighbours(base.vocabulary[f"{kind}.{name}"], level):
                        assert segment
                        moved = item.with_attribute(name, str(other))
                        changed = with_items(segment, kind, (*items[:number], moved, *items[number + 1 :]))
                        key = (f"{kind}.{name}", segment.name, item.id, other)
                        yield key, client.with_segment(changed, at)


@pytest.mark.parametrize("name", ["label_printer", pytest.param("mobile_phone_shop", marks=pytest.mark.slow)])
def test_stability_is_what_whole_consultations_find(name: str, base: Rulebase) -> None:
    advice, standings = library.stability(facts_folder() / f"{name}.yaml", base, top=5)
    wanted: dict[str, dict[object, int]] = {standing.entry.id: {} for standing in standings}
    steps = list(single_steps(advice.consultation.client, base))
    for key, changed in steps:
        places = ranks(changed, base)
        for record, drops in wanted.items():
            if places[record] > 5:
                drops[key] = places[record]
    for standing in standings:
        drops = {(step.fact, step.segment, step.item, step.after): place for step, place in standing.drops}
        assert drops == wanted[standing.entry.id]
        assert standing.tried == len(steps)
        assert standing.survived == 1 - len(drops) / len(steps)
    assert any(step.item for standing in standings for step, _ in standing.drops)


def test_steps_go_one_level_up_or_down(base: Rulebase) -> None:
    _, standings = library.stability(CAFE, base, top=5)
    steps = {step for standing in standings for step, _ in standing.drops}
    assert steps
    for step in steps:
        spec = base.vocabulary[step.fact]
        if spec.type == "ordinal":
            assert {step.before, step.after} in [set(pair) for pair in pairwise(spec.levels)]


# The command


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
@pytest.mark.parametrize(
    "what", [("--set", f"{BUDGET}=100"), ("--sweep", f"{BUDGET}=0..500:250"), ("--stability",)]
)
def test_every_question_in_every_form(
    what: tuple[str, ...], form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, CAFE, *what, "--format", form)
    assert (code, err) == (0, "")
    assert json.loads(out) if form == "json" else "Café Lindehjørnet" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "What should change?"),
        (("--sweep", f"{BUDGET}=all", "--stability"), "exclude one another"),
        (("--set", f"{BUDGET}=1", "--format", "csv"), "go with --sweep"),
    ],
)
def test_wrong_usage_is_told(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, CAFE, *arguments)
    assert (code, out) == (2, "")
    assert words in err
