"""Calibration: the figures, the priors and the words, on worlds small enough to reckon by hand."""

import itertools
import json
import shutil
from fractions import Fraction
from pathlib import Path
from statistics import fmean

import pytest
from click.testing import CliRunner

from tactician.advice.ranking import rank
from tactician.cli.main import run
from tactician.cli.rules import rules
from tactician.errors import CheckFailed
from tactician.facts.reading import ClientReader
from tactician.facts.repository import facts_folder, rules_folder
from tactician.inference.direct import consult
from tactician.knowledge.loading import load_rulebase
from tactician.workbench.calibration.calibrating import Calibrator, folds_of
from tactician.workbench.calibration.documented import InvalidDocumented, read_documented
from tactician.workbench.calibration.evidence import Scale, Weighed, shipped, weigh
from tactician.workbench.calibration.measures import hit, interval, measures, often, reciprocal
from tactician.workbench.calibration.priors import fitted, write_priors
from tactician.workbench.calibration.trials import read_tried

CASES = Path(__file__).parent / "calibration"
TWO = """
cases:
- id: one
  business: A cafe
  sector: hospitality
  gold: {strongest: [freemium], used: [], levers: [design], must_not: [{id: gamification, basis: documented}]}
  source: {title: A page}
- id: two
  business: A studio
  gold: {strongest: [loyalty_programme], levers: [price]}
"""


@pytest.fixture(scope="module")
def rulebase():
    return load_rulebase()


@pytest.fixture(scope="module")
def two_cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documented")
    (folder / "cases.yaml").write_text(TWO, encoding="utf-8")
    (folder / "clients").mkdir()
    for name, client in (("one", "cafe"), ("two", "yoga_studio")):
        shutil.copy(facts_folder() / f"{client}.yaml", folder / "clients" / f"{name}.yaml")
    return folder


@pytest.mark.parametrize("name", ["cafe", "bike_insurer", "farm_kiosk"])
def test_evidence_weighed_again_gives_the_totals_and_ranks_of_a_plan(rulebase, name):
    client = ClientReader(rulebase.vocabulary, rulebase.parameters).read(facts_folder() / f"{name}.yaml")
    scale, segments = Scale(rulebase, shipped(rulebase)), weigh(client, rulebase)
    for group, entries in rank(consult(client, rulebase)).items():
        assert scale.ranking(group, segments) == tuple(entry.id for entry in entries)
        for entry in entries:
            standing = scale.standing(entry.id, segments)
            assert (standing.total, standing.blocked) == (entry.total, entry.blocked)


def test_rules_left_out_neither_count_nor_block(rulebase):
    client = ClientReader(rulebase.vocabulary, rulebase.parameters).read(facts_folder() / "cafe.yaml")
    segments = weigh(client, rulebase)
    blocked = next(record for record in segments[0].blocks if all(record in each.blocks for each in segments))
    every = frozenset(rule.id for rule in rulebase.by_target[blocked])
    assert Scale(rulebase, shipped(rulebase)).standing(blocked, segments).blocked
    without = Scale(rulebase, shipped(rulebase), every).standing(blocked, segments)
    assert (without.total, without.blocked) == (0, False)


def test_priors_take_off_a_share_of_the_mean_where_a_reason_is_decided(rulebase):
    favour, against = "FREEMIUM-F1", "FREEMIUM-A1"
    held = Weighed(600_000, {favour: 4_000_000, against: -2_000_000}, frozenset({favour, against}), {})
    failed = Weighed(200_000, {}, frozenset({favour}), {})
    unknown = Weighed(200_000, {}, frozenset(), {})
    found = fitted(rulebase, [(held, failed, unknown)], Fraction(1, 2))
    assert found == {favour: 1_500_000}
    assert fitted(rulebase, [(held,)], Fraction(1), objections=True)[against] == -2_000_000


def test_improvements_have_no_priors(rulebase):
    assert not [
        rule.id
        for record in rulebase.group("improvements")
        for rule in rulebase.by_target[record.id]
        if rule.expected and not rule.then.family
    ]


def test_a_client_of_whom_nothing_is_known_has_prior_0(rulebase):
    bare = ClientReader(rulebase.vocabulary, rulebase.parameters).from_mapping(
        {"client": "Nobody knows", "segments": [{"name": "anybody"}]}
    )
    ranked = rank(consult(bare, rulebase))
    assert shipped(rulebase)
    assert {entry.prior for entries in ranked.values() for entry in entries} == {0}


def test_each_answer_brings_the_priors_of_the_rules_it_decides(rulebase):
    reader = ClientReader(rulebase.vocabulary, rulebase.parameters)
    told = {"client": "x", "offering": {"gross_margin": 60}, "segments": [{"name": "a"}]}
    segments = weigh(reader.from_mapping(told), rulebase)
    for entry in rank(consult(reader.from_mapping(told), rulebase))["tactics"]:
        decided = [rule.expected for rule in rulebase.by_target[entry.id] if rule.id in segments[0].decided]
        assert entry.prior == -sum(decided) * 10**6


def test_written_priors_leave_the_rest_as_it_was(tmp_path):
    file = tmp_path / "parameters.yaml"
    file.write_text("# Reasons.\nplan: {now: 3}\n\n# Old.\npriors: {}\n", encoding="utf-8")
    write_priors(file, {"B-F1": 2, "A-F1": 1}, "From here.")
    first = file.read_text(encoding="utf-8")
    assert first.startswith("# Reasons.\nplan: {now: 3}\n\n# By rule id")
    assert "Old." not in first
    assert "From here." in first
    assert first.endswith("priors:\n  A-F1: 1\n  B-F1: 2\n")
    write_priors(file, {"B-F1": 2, "A-F1": 1}, "From here.")
    assert file.read_text(encoding="utf-8") == first


def test_priors_that_do_not_end_the_file_are_not_touched(tmp_path):
    file = tmp_path / "parameters.yaml"
    file.write_text("priors: {}\nplan: {now: 3}\n", encoding="utf-8")
    with pytest.raises(CheckFailed, match="does not end with the section priors"):
        write_priors(file, {}, "")
    assert file.read_text(encoding="utf-8") == "priors: {}\nplan: {now: 3}\n"


def test_chance_is_the_mean_over_every_order():
    records, wanted = "abcd", frozenset("bd")
    every = [list(order) for order in itertools.permutations(records)]
    orders = {"x": every[0], "y": every[5]}
    found = measures(orders, {"x": wanted, "y": wanted}, {})
    for measure, score in zip(found, (hit(3), hit(5), reciprocal), strict=False):
        assert measure.random == pytest.approx(fmean(score(order, wanted) for order in every))
        assert measure.value == pytest.approx(fmean(score(orders[case], wanted) for case in orders))


def test_popularity_leaves_the_case_itself_out():
    orders = {"x": list("abcdef"), "y": list("abcdef"), "z": list("abcdef")}
    wanted = {"x": frozenset("f"), "y": frozenset("e"), "z": frozenset("e")}
    rank_of_best = measures(orders, wanted, {})[2]
    # For x only e is popular, so f comes last; for y and z one other case wants e and one wants f.
    assert rank_of_best.popular == pytest.approx((1 / 6 + 1 + 1) / 3)


def test_must_not_counts_the_cases_that_name_one():
    orders = {"x": list("abcdef"), "y": list("abcdef"), "z": list("abcdef")}
    forbidden = {"x": frozenset("a"), "y": frozenset("f"), "z": frozenset()}
    must_not = measures(orders, {"x": frozenset("a")}, forbidden)[3]
    assert (must_not.value, must_not.cases) == (0.5, 2)


def test_intervals_enclose_the_mean_and_are_the_same_each_time():
    values = [0.0, 1.0, 1.0, 0.0, 1.0] * 10
    low, high = interval(values)
    assert low < fmean(values) < high
    assert interval(values) == (low, high)
    assert interval([1.0] * 5) == (1.0, 1.0)


def test_often_counts_the_first_three():
    assert list(often({"x": list("abcd"), "y": list("badc")})) == [("a", 2), ("b", 2), ("c", 1), ("d", 1)]


def test_folds_are_even_and_do_not_depend_on_the_order_of_the_cases():
    cases = [f"case{number}" for number in range(23)]
    fold_of = folds_of(cases, 5)
    sizes = [list(fold_of.values()).count(fold) for fold in range(5)]
    assert sorted(sizes) == [4, 4, 5, 5, 5]
    assert folds_of(cases[::-1], 5) == fold_of


def test_no_case_has_a_part_in_its_own_priors(rulebase, two_cases):
    calibrator = Calibrator(rulebase, read_documented(two_cases, rulebase), ())
    expected = calibrator.expected(2)
    assert expected["one"] == fitted(rulebase, [calibrator.weighed["two"]], Fraction(1, 4))
    assert expected["two"] == fitted(rulebase, [calibrator.weighed["one"]], Fraction(1, 4))
    assert calibrator.expected(0)["one"] == shipped(rulebase)


def test_a_missed_tactic_is_compared_with_what_outranked_it(rulebase, two_cases):
    one, _ = Calibrator(rulebase, read_documented(two_cases, rulebase), ()).calibrate().cases
    comparison = next(found for found in one.comparisons if found.record == "freemium")
    assert comparison.rival == one.first["tactics"][2]
    assert {"blocks", "failed"} <= {reason.part.value for reason in comparison.reasons}
    assert all(reason.part.value == "for" for reason in comparison.rival_reasons)
    assert one.ranks["freemium"] == comparison.rank > 3


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[freemium]", "[freemum]", "there is no record freemum. Did you mean freemium"),
        ("id: two", "id: one", "one is there already"),
        ("id: two", "id: three", "three.yaml"),
        ("cases:", "case:", "there is no list of cases"),
        ("business: A studio", "busy: A studio", "business"),
    ],
)
def test_a_wrong_folder_is_told_of(rulebase, two_cases, tmp_path, old, new, words):
    folder = tmp_path / "cases"
    shutil.copytree(two_cases, folder)
    file = folder / "cases.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidDocumented, match=words):
        read_documented(folder, rulebase)


def test_a_change_that_names_no_rule_is_told_of(rulebase, tmp_path):
    (tmp_path / "tried.yaml").write_text("tried:\n- {title: x, rules: [NO-F1]}\n", encoding="utf-8")
    with pytest.raises(InvalidDocumented, match="there is no rule NO-F1"):
        read_tried(tmp_path, rulebase)
    assert read_tried(tmp_path / "elsewhere", rulebase) == ()


@pytest.mark.parametrize("form", ["table", "json", "html"])
def test_the_command_shows_figures_and_why_not(two_cases, form):
    result = CliRunner().invoke(rules, ["calibrate", str(two_cases), "--format", form])
    assert result.exit_code == 0, result.output
    assert "freemium" in result.output
    if form == "json":
        data = json.loads(result.stdout)
        assert data["cases"][0]["must_not"]["gamification"] >= 1
        assert data["groups"]["tactics"]["measures"][0]["cases"] == 2
    else:
        assert "Chance" in result.output
        assert "does not hold" in result.output


def test_the_command_writes_priors_into_the_last_folder_of_rules(two_cases, tmp_path):
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "parameters.yaml").write_text("priors: {}\n", encoding="utf-8")
    before = (rules_folder() / "parameters.yaml").read_bytes()
    result = CliRunner().invoke(rules, ["calibrate", str(two_cases), "--rules", str(pack), "--fit-priors"])
    assert result.exit_code == 0, result.output
    written = (pack / "parameters.yaml").read_text(encoding="utf-8")
    assert "Fitted: 0.25 of the mean" in written
    assert "FREEMIUM-F" in written
    assert (rules_folder() / "parameters.yaml").read_bytes() == before


def test_priors_are_not_fitted_for_a_pack_without_a_place_for_them(two_cases, tmp_path, capsys):
    pack = tmp_path / "pack"
    pack.mkdir()
    assert run(["rules", "calibrate", str(two_cases), "--rules", str(pack), "--fit-priors"]) == 1
    assert f"{pack} has no parameters.yaml. Add one with the line: priors: {{}}" in capsys.readouterr().err
    assert list(pack.iterdir()) == []


def test_the_page_of_a_calibration_shows_what_hides_in_a_text(two_cases, tmp_path, capsys):
    folder = tmp_path / "cases"
    shutil.copytree(two_cases, folder)
    file = folder / "cases.yaml"
    text = file.read_text(encoding="utf-8").replace("hospitality", "tea\u202e<b>rooms", 1)
    file.write_text(text, encoding="utf-8")
    assert run(["rules", "calibrate", str(folder), "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert "tea\\u202e&lt;b&gt;rooms" in page
    assert "\u202e" not in page
