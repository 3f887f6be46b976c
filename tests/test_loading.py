"""What a folder of rules becomes: rules from every field, in order; and what a pack laid over it changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tactician
from tactician import load_rulebase
from tactician.errors import InvalidRulebase
from tactician.facts.repository import rules_folder
from tactician.knowledge.conditions import All, Any, Known, No, Some, Test
from tactician.knowledge.rules import FAMILIES, Block, Conclude, Evidence, Prepare, Rule, Rulebase, Warn
from tactician.knowledge.weights import weight_of

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "packs" / "tiny"
LOW = Test("offering.differentiation", "<", ("medium",), ("low",))
NOT_LOW = Test("offering.differentiation", ">", ("low",), ("medium", "high"))


@pytest.fixture(scope="module")
def base() -> Rulebase:
    """The tiny rulebase."""
    return load_rulebase(TINY)


@pytest.fixture(scope="module")
def shipped() -> Rulebase:
    """The shipped rulebase."""
    return load_rulebase()


def laid_over(folder: Path, **files: str) -> Rulebase:
    """The tiny rulebase with a pack of some files (`derived__new` for derived/new.yaml) laid over it."""
    for name, text in files.items():
        target = folder / f"{name.replace('__', '/')}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return load_rulebase(TINY, folder)


def test_a_favour_that_is_known_to_fail_speaks_against_unless_that_is_said_already(base: Rulebase):
    rule = base.rule["ALPHA-F1-ELSE"]
    # ALPHA-A1 tests the same fact and is as strong, ALPHA-A2 is weaker, ALPHA-B1 tests other facts.
    assert rule.when == All((LOW, NOT_LOW))
    assert rule.then == Evidence(("alpha",), -0.3, -2688)
    assert (rule.origin, rule.because) == ("cf_if_false", base.rule["ALPHA-F1"].because)


def test_a_weaker_or_wider_objection_does_not_silence_the_failed_favour(tmp_path: Path):
    text = (TINY / "acquisition" / "alpha.yaml").read_text()
    weaker = laid_over(tmp_path / "one", acquisition__alpha=text.replace("{against: 0.3}", "{against: 0.29}"))
    assert weaker.rule["ALPHA-F1-ELSE"].when == LOW
    wider = text.replace('"<= low"}]', '"<= low"}, {business.has_shop: "== true"}]', 1)
    assert laid_over(tmp_path / "two", acquisition__alpha=wider).rule["ALPHA-F1-ELSE"].when == LOW


def test_a_block_silences_the_failed_favour_however_strong(tmp_path: Path):
    text = (TINY / "acquisition" / "alpha.yaml").read_text()
    text = (
        text.replace("{against: 0.2}", "{block: true}")
        .replace("ALPHA-A2", "ALPHA-B2")
        .replace("0.3}", "0.2}")
    )
    assert laid_over(tmp_path, acquisition__alpha=text).rule["ALPHA-F1-ELSE"].when == All((LOW, NOT_LOW))


def test_the_jury_shifts_fully_and_by_half(base: Rulebase):
    different, partly = base.rule["ALPHA-JURY-DIFFERENT"], base.rule["ALPHA-JURY-PARTLY"]
    assert different.when == Test("segment.jury_differs", "==", ("different",), ("different",))
    assert different.then == Evidence(("alpha",), -0.2, weight_of(-0.2))
    assert partly.then == Evidence(("alpha",), -0.1, weight_of(-0.1))
    assert different.because == partly.because == "The jury sees no use."
    assert different.grade == "N"


def test_a_jury_shift_of_nothing_becomes_no_rule(tmp_path: Path):
    text = (TINY / "acquisition" / "alpha.yaml").read_text().replace("cf: -0.2", "cf: 0")
    assert not [
        rule for rule in laid_over(tmp_path, acquisition__alpha=text).rules if rule.origin == "jury_shift"
    ]


def test_the_lifecycle_speaks_where_its_number_is_not_zero(base: Rulebase):
    rules = {rule.id: rule for rule in base.rules if rule.origin == "lifecycle"}
    assert list(rules) == ["ALPHA-STAGE-GOOD", "ALPHA-STAGE-POOR"]
    good, poor = rules.values()
    assert good.when == Test("business.business_stage", "==", ("growth",), ("growth",))
    assert (good.then, poor.then) == (Evidence(("alpha",), 0.1, 872), Evidence(("alpha",), -0.3, -2688))
    assert (good.grade, good.because) == ("C", "It suits the stage of the business: growth.")


def test_a_missing_prerequisite_is_prepared(base: Rulebase):
    rule = base.rule["ALPHA-NEEDS-1"]
    assert rule.when == Test("business.staff_hours", "<", (5.0,))
    assert rule.then == Prepare("Free some hours.", 4, ("alpha",))
    assert rule.refutable


def test_needs_speak_for_every_record_of_their_family(base: Rulebase):
    rule = base.rule["NEED-ACQUISITION-F1"]
    assert rule.then == Evidence(("alpha",), 0.4, weight_of(0.4), "acquisition")
    assert rule in base.by_target["alpha"]


def test_the_process_warns_and_prepares(base: Rulebase):
    warn, prepare = base.rule["CHECK-1"], base.rule["CHECK-2"]
    assert warn.when == All((Known("segment.rating"), Test("segment.rating", "==", ("poor",), ("poor",))))
    assert warn.then == Warn("Customers are not content.", "Ask them why.", ("alpha",))
    assert prepare.then == Prepare("Count the contacts.", 2, ("beta",))
    assert base.process["checks"] == {
        "practices": [
            {"id": "P1", "text": "Ask.", "when": Test("business.has_shop", "==", (True,), (True,)),
             "sources": ["judgement"], "records": ["alpha"]}
        ]
    }  # fmt: skip


def test_a_decision_list_becomes_exclusive_rules(base: Rulebase):
    first, second, rest = (rule for rule in base.rules if rule.then in [
        Conclude("segment.price_pressure", level) for level in ("high", "low", "medium")
    ])  # fmt: skip
    sensitive = Test("segment.price_sensitivity", ">=", ("high",), ("high",))
    alike = Test("offering.differentiation", "<=", ("low",), ("low",))
    hurried = Test("business.minutes_per_contact", "<", (6.0,))
    calm = Test("segment.price_sensitivity", "<=", ("low",), ("low",))
    assert (first.id, second.id, rest.id) == (
        "PRICE-PRESSURE-1",
        "PRICE-PRESSURE-2",
        "PRICE-PRESSURE-OTHERWISE",
    )
    assert first.when == All((sensitive, Any((alike, hurried))))
    failed = Any((
        Test("segment.price_sensitivity", "<", ("high",), ("low", "medium")),
        All((Test("offering.differentiation", ">", ("low",), ("medium", "high")),
             Test("business.minutes_per_contact", ">=", (6.0,)))),
    ))  # fmt: skip
    assert second.when == All((failed, calm))
    assert rest.when == All((failed, Test("segment.price_sensitivity", ">", ("low",), ("medium", "high"))))
    entries = base.derived_by_id["segment.price_pressure"].entries
    assert [entry.value for entry in entries] == ["high", "low", "medium"]


def test_derived_facts_have_strata_ranges_and_what_they_read(base: Rulebase):
    told = {fact.spec.id: (fact.stratum, fact.spec.minimum, fact.spec.maximum) for fact in base.derived}
    assert told == {
        "business.minutes_per_contact": (1, 0, 4800),
        "segment.fit_score": (1, 0, 1),
        "segment.price_pressure": (2, None, None),
        "segment.fit_class": (2, None, None),
        "segment.worth": (3, None, None),
    }
    assert base.derived_by_id["segment.fit_score"].reads == {"pain", "gain", "job", "product"}
    assert base.derived_by_id["segment.worth"].reads == {"segment.rating", "segment.fit_class"}
    assert all(fact.spec.derived for fact in base.derived)


def test_every_rule_lies_above_what_it_looks_at_and_rules_rise(base: Rulebase):
    assert base.rule["ALPHA-B1"].stratum == 4
    assert base.rule["BETA-F1"].stratum == 3
    assert base.rule["ALPHA-F1"].stratum == 1
    assert [rule.stratum for rule in base.rules] == sorted(rule.stratum for rule in base.rules)


def test_items_and_their_absence(base: Rulebase):
    assert isinstance(base.rule["ALPHA-F2"].when, Some)
    assert base.rule["GAMMA-F1"].when == No("gain", (Test("gain.kind", "==", ("required",), ("required",)),))


def test_a_rule_knows_its_prior_and_its_place(base: Rulebase):
    assert base.rule["ALPHA-F1"].expected == 1_200_000
    assert base.rule["ALPHA-F2"].on_top_of == ("ALPHA-F1",)
    place = base.rule["ALPHA-F1"].place
    lines = Path(place.file).read_text().splitlines()
    assert "ALPHA-F1" in lines[(place.line or 0) - 1]


def test_records_keep_what_they_say(base: Rulebase):
    alpha = base.records["alpha"]
    assert (alpha.name, alpha.group, alpha.required_tactics) == ("Alpha", "tactics", ("beta",))
    assert alpha.cost.running_eur_month == (10, 20)
    assert alpha.details["tasks"] == ["Think"]
    assert set(alpha.details) == {"lifecycle", "jury_shift", "tasks"}


def test_a_pack_replaces_by_id_and_adds(tmp_path: Path):
    text = (TINY / "levers" / "gamma.yaml").read_text()
    merged = laid_over(
        tmp_path,
        levers__gamma=text.replace("en: Gamma", "en: Other"),
        levers__delta=text.replace("gamma", "delta").replace("GAMMA", "DELTA"),
        vocabulary="facts: [{name: new_fact, scope: business, type: bool, question: Is it new?}]",
        sources="sources: [{id: judgement, title: Better judgement}]",
        parameters="{plan: {now: {value: 2, why: Fewer.}}, arithmetic: {extra: {value: 1, why: One.}}}",
        derived__mine="""derived: [{name: minutes_per_contact, scope: business, type: number, unit: minutes,
            value: business.staff_hours * parameter.extra, because: Less., grade: C, sources: [judgement]}]""",
        needs__acquisition="rules: []",
    )
    assert (merged.records["gamma"].name, list(merged.records)) == (
        "Other",
        ["alpha", "beta", "gamma", "delta"],
    )
    assert "business.new_fact" in merged.vocabulary
    assert merged.sources["judgement"].title == "Better judgement"
    assert (merged.parameters.plan.now, merged.parameters.plan.next) == (2, 3)
    assert merged.parameters.reasons["plan.now"] == "Fewer."
    assert merged.derived_by_id["business.minutes_per_contact"].spec.maximum == 80
    assert "NEED-ACQUISITION-F1" not in merged.rule


def test_a_problem_in_merged_parameters_is_told_where_it_stands(tmp_path: Path):
    with pytest.raises(InvalidRulebase) as caught:
        laid_over(tmp_path, parameters="plan:\n  now: {value: 0}")
    assert str(caught.value.problems[0].place) == f"{tmp_path.as_posix()}/parameters.yaml:2:16"


def test_the_digest_follows_names_and_bytes_only(base: Rulebase, tmp_path: Path):
    copy = shutil.copytree(TINY, tmp_path / "elsewhere")
    assert load_rulebase(copy).digest == base.digest
    (copy / "sources.yaml").write_text((copy / "sources.yaml").read_text() + "# one byte more\n")
    assert load_rulebase(copy).digest != base.digest
    assert len(base.digest) == 64


def test_loading_twice_gives_the_same(base: Rulebase):
    again = load_rulebase(TINY)
    assert (again.rules, again.derived, dict(again.records)) == (base.rules, base.derived, dict(base.records))


def test_the_shipped_rulebase_is_whole(shipped: Rulebase):
    assert [len(shipped.group(name)) for name in ("tactics", "levers", "improvements")] == [25, 10, 2]
    assert len(shipped.rules) > 900
    assert {record.family for record in shipped.records.values()} == set(FAMILIES)
    assert all({"en", "da", "nb", "nl"} <= set(record.names) for record in shipped.records.values())
    assert shipped.rules[0].place.file.startswith("rules/")
    assert load_rulebase(rules_folder()).digest == shipped.digest


def test_every_shipped_rule_speaks_with_the_weight_of_its_cf(shipped: Rulebase):
    def weight(rule: Rule) -> int | None:
        return rule.then.weight if isinstance(rule.then, Evidence) else None

    spoken = [rule for rule in shipped.rules if isinstance(rule.then, Evidence)]
    assert [rule.id for rule in spoken if weight(rule) != weight_of(rule.then.cf)] == []  # type: ignore[union-attr]
    assert all(rule.because and rule.grade in "ABCN" for rule in shipped.rules)
    assert all(
        rule.sources for rule in shipped.rules if rule.origin in ("authored", "cf_if_false", "jury_shift")
    )
    assert any(isinstance(rule.then, Block) for rule in shipped.rules)


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, tactician; print([m for m in ('pydantic', 'yaml', 'experta', 'ibis') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_version_is_stated_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project.get("version", tactician.__version__) == tactician.__version__
    assert tactician.load_rulebase is load_rulebase
    with pytest.raises(AttributeError, match="nothing"):
        _ = tactician.nothing
