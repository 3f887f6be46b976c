"""Python's own door: every function takes a client in any form, and says what is wrong with anything else."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import tactician
from tactician import TacticianError, library
from tactician.advice.advise import Advice
from tactician.errors import UnreadableInput, UsageError
from tactician.facts.repository import facts_folder
from tactician.knowledge.rules import Rulebase
from tactician.presentation.explaining import certificate

ROOT = Path(__file__).parents[1]
FILE = facts_folder() / "solsikken_bakery.yaml"
Function = Callable[..., Any]

ASKING: dict[str, Function] = {
    "consult": lambda who, base: tactician.consult(who, base, "direct"),
    "plan": lambda who, base: tactician.plan(who, base, "direct"),
    "explain": lambda who, base: tactician.explain(who, rulebase=base),
    "explain one": lambda who, base: tactician.explain(who, "referrals", rulebase=base),
    "explain_fact": lambda who, base: tactician.explain_fact(who, "price_sensitivity", base),
    "compare": lambda who, base: tactician.compare(who, "freemium", "referrals", base),
    "change": lambda who, base: tactician.change(who, "referrals", 25, base),
    "whatif": lambda who, base: tactician.whatif(who, "monthly_budget=500", base),
    "sweep": lambda who, base: tactician.sweep(who, "monthly_budget=0,500", base),
    "stability": lambda who, base: tactician.stability(who, base, top=1),
    "trace": tactician.trace,
}


@pytest.fixture(scope="module")
def base() -> Rulebase:
    return tactician.open_rulebase()


@pytest.fixture(scope="module")
def advice(base: Rulebase) -> Advice:
    return tactician.plan(FILE, base, "direct")


@pytest.fixture(scope="module")
def forms(advice: Advice) -> dict[str, Any]:
    """One client in every form that is taken."""
    return {
        "text": str(FILE),
        "path": FILE,
        "mapping": yaml.safe_load(FILE.read_text(encoding="utf-8")),
        "client": advice.consultation.client,
        "consultation": advice.consultation,
        "plan": advice,
    }


@pytest.mark.parametrize("function", ASKING)
def test_every_function_takes_a_client_in_every_form(
    function: str, forms: dict[str, Any], base: Rulebase
) -> None:
    found = {form: repr(ASKING[function](given, base)) for form, given in forms.items()}
    assert set(found.values()) == {found["path"]}


@pytest.mark.parametrize("function", ASKING)
def test_without_a_rulebase_the_shipped_one_is_used(
    function: str, forms: dict[str, Any], base: Rulebase
) -> None:
    assert repr(ASKING[function](FILE, None)) == repr(ASKING[function](forms["plan"], base))


def test_a_plan_stands_for_its_rulebase() -> None:
    teaching = tactician.open_teaching()
    taught = tactician.plan(tactician.teaching_client(), teaching)
    for found in (
        tactician.consult(taught),
        tactician.explain(taught)[0].advice.consultation,
        tactician.whatif(taught, {"running": []}).after.consultation,
    ):
        assert found.rulebase is teaching
    assert tactician.plan(taught.consultation).consultation is taught.consultation
    assert tactician.explain(taught)[0].advice is taught
    other = tactician.open_teaching()
    assert tactician.explain(taught, rulebase=other)[0].advice.consultation.rulebase is other


def test_one_text_is_one_thing(base: Rulebase, advice: Advice, tmp_path: Path) -> None:
    assert [each.entry.id for each in tactician.explain(advice, "loyalty programme")] == ["loyalty_programme"]
    (stated,) = tactician.whatif(advice, "business.monthly_budget=500").stated
    assert stated.fact == "business.monthly_budget"
    (checked,) = tactician.check_files(str(FILE), base)
    assert checked.client == advice.consultation.client
    (tmp_path / "needs").mkdir()
    assert len(tactician.open_rulebase(str(tmp_path)).rules) == len(base.rules)


def test_changes_can_be_given_as_values(advice: Advice) -> None:
    def after(settings: object) -> object:
        return tactician.whatif(advice, settings).after.consultation.client  # type: ignore[arg-type]

    stated = {"monthly_budget": 500.5, "business.churn": None, "running": ["referrals", "freemium"]}
    written = ("monthly_budget=500.5", "business.churn=unknown", "running=referrals,freemium")
    assert after(stated) == after(written)
    assert after({"offering.network_effects": "high"}) == after("offering.network_effects=high")
    assert tactician.stability(advice, settings=stated).advice.consultation.client == after(written)


def test_sweep_and_stability_are_pairs_as_well(advice: Advice) -> None:
    place, stops = tactician.sweep(advice, "monthly_budget=0,500")
    assert (place.spec.name, [stop.value for stop in stops]) == ("monthly_budget", ["0", "500"])
    again, standings = tactician.stability(advice, top=2)
    assert again.consultation.client == advice.consultation.client
    assert [each.entry.rank for each in standings] == [1, 2]


def test_an_explanation_in_memory_can_be_checked(advice: Advice) -> None:
    told = json.loads(certificate.dump(tactician.explain(advice, "referrals")))
    assert tactician.check_explanation(told, advice) == ()
    told["records"][0]["total"] += 1
    assert tactician.check_explanation(told, FILE)


def test_an_explanation_is_read_as_client_files_are(
    advice: Advice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, file = certificate.dump(tactician.explain(advice, "referrals")), tmp_path / "why.json"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        file.write_text(told, encoding=encoding)
        assert tactician.check_explanation(file, advice) == ()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(told.encode())))
    assert tactician.check_explanation("-", advice) == ()
    monkeypatch.setattr("tactician.given.EXPLANATION_BYTES", 100)
    with pytest.raises(UnreadableInput, match="a certificate may have 100 bytes"):
        tactician.check_explanation(file, advice)
    with pytest.raises(UnreadableInput, match="this is a device, not a file"):
        tactician.check_explanation("/dev/zero", advice)


WRONG: dict[str, tuple[Callable[[Advice], object], tuple[str, ...]]] = {
    "no such file": (lambda a: tactician.plan("nope.yaml"), ("nope.yaml: there is no such file",)),
    "a mapping that lacks something": (
        lambda a: tactician.plan({"client": "X"}),
        ("mapping: segments is missing", "Give the list of customer segments"),
    ),
    "YAML as text": (lambda a: tactician.plan("client: X\nsegments: []"), ("several lines", "a mapping")),
    "several clients": (
        lambda a: tactician.explain([FILE]),  # type: ignore[arg-type]
        ("type list is no client", "tactician.consult_many"),
    ),
    "nobody": (lambda a: tactician.trace(None), ("NoneType is no client", "the path of a client file")),  # type: ignore[arg-type]
    "a folder for a rulebase": (
        lambda a: tactician.plan(FILE, "my_pack"),  # type: ignore[arg-type]
        ("type str is no rulebase", "tactician.open_rulebase("),
    ),
    "a number for folders": (lambda a: tactician.open_rulebase(3), ("type int is no path",)),  # type: ignore[arg-type]
    "a number for a folder": (
        lambda a: tactician.load_rulebase(3),  # type: ignore[arg-type]
        ("type int is no folder of rules",),
    ),
    "no such engine": (lambda a: tactician.consult(FILE, engine="x"), ("There are forward and direct",)),
    "no such tactic": (
        lambda a: tactician.explain(a, "loyalty_programm"),
        ("called", "Did you mean loyalty_programme"),
    ),
    "a number for a tactic": (lambda a: tactician.change(a, 3), ("type int is no tactic",)),  # type: ignore[arg-type]
    "a fact for a tactic": (
        lambda a: tactician.explain(a, "price sensitivity"),
        ("That is a fact", "explain_fact"),
    ),
    "a misspelt fact": (
        lambda a: tactician.explain(a, "price_sensitivty"),
        ("Did you mean price_sensitivity",),
    ),
    "two of two rankings": (
        lambda a: tactician.compare(a, "freemium", a.levers[0].id),
        ("ranked apart", "Name two of one ranking"),
    ),
    "a text for a number": (lambda a: tactician.explain(a, top="3"), ("top is '3'", "from 1")),  # type: ignore[arg-type]
    "no places": (lambda a: tactician.stability(a, top=0), ("top is 0", "from 1")),
    "a number for a setting": (
        lambda a: tactician.whatif(a, 3),  # type: ignore[arg-type]
        ("type int is no change of an answer", "FACT=VALUE"),
    ),
    "an answer there cannot be": (
        lambda a: tactician.whatif(a, {"segment.price_sensitivity": "hgh"}),
        ("segment.price_sensitivity=hgh", "Did you mean high"),
    ),
    "a sweep of nothing": (
        lambda a: tactician.sweep(a, "monthly_budget"),
        ("has no values", "=LOW..HIGH:STEP"),
    ),
    "no such strategy": (lambda a: tactician.trace(a, strategy="deep"), ("'deep'", "depth")),
    "a number for a segment": (lambda a: tactician.trace(a, segment=3), ("type int is no segment",)),  # type: ignore[arg-type]
    "no such schema": (
        lambda a: tactician.schema("rules", "recrd"),
        ("called 'recrd'", "Did you mean record"),
    ),
    "no explanation": (
        lambda a: tactician.check_explanation("nope.json", a),
        ("nope.json: there is no such file",),
    ),
    "a number for an explanation": (
        lambda a: tactician.check_explanation(3, a),  # type: ignore[arg-type]
        ("type int is no path",),
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_mistakes_are_told(mistake: str, advice: Advice) -> None:
    make, words = WRONG[mistake]
    with pytest.raises(TacticianError) as told:
        make(advice)
    for part in words:
        assert part in str(told.value)


ODD: tuple[Any, ...] = (
    None,
    3,
    2.5,
    True,
    b"x",
    "no such thing",
    "=",
    [],
    [3],
    {},
    {3: 4},
    {"a": {}},
    object(),
    float("nan"),
)
"""What nobody would mean."""


@pytest.mark.parametrize("name", [name for name in tactician.__all__ if name[0].islower()])
def test_no_argument_breaks_a_function(name: str, base: Rulebase, advice: Advice) -> None:
    """Each argument in turn is odd; what comes of it is a result or an error that was meant."""
    fine: dict[str, tuple[Any, ...]] = {
        "change": (advice, "referrals", 3, base),
        "check_explanation": ({}, advice, base),
        "check_files": ([FILE], base),
        "compare": (advice, "referrals", "freemium", base),
        "consult": (advice, base, "direct"),
        "consult_many": ([advice.consultation.client], base, "direct"),
        "explain": (advice, (), 3, base),
        "explain_fact": (advice, "churn", base),
        "load_rulebase": (),
        "open_rulebase": ((),),
        "open_teaching": (),
        "plan": (advice, base, "direct"),
        "read_client": (FILE, base),
        "schema": ("plan", "record", base),
        "stability": (advice, base, (), 3),
        "sweep": (advice, "churn=1", base, ()),
        "teaching_client": (),
        "template": (base,),
        "trace": (tactician.teaching_client(), tactician.open_teaching()),
        "whatif": (advice, (), base),
    }
    function = getattr(tactician, name)
    for place in range(len(fine[name])):
        for odd in ODD:
            arguments = (*fine[name][:place], odd, *fine[name][place + 1 :])
            try:
                found = function(*arguments)
                if name == "consult_many":
                    list(found)
            except TacticianError:
                pass


def test_what_the_readme_shows_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (shown,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(shown, {})
    assert capsys.readouterr().out.startswith("loyalty_programme ['")


def test_public_names_are_there() -> None:
    assert {*tactician.__all__} <= {*dir(tactician)}
    for name in tactician.__all__:
        assert getattr(tactician, name).__doc__
    with pytest.raises(AttributeError):
        _ = tactician.plans  # type: ignore[attr-defined]
    assert tactician.plan is library.plan
    assert issubclass(UsageError, tactician.TacticianError)
