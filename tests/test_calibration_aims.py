"""What the shipped rules must reach on documented businesses, and that no rule or test knows one of them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from pathlib import Path

import pytest
import yaml

from tactician.advice.ranking import rank
from tactician.facts.reading import ClientReader
from tactician.facts.repository import facts_folder
from tactician.inference.direct import consult
from tactician.knowledge.loading import load_rulebase
from tactician.workbench.calibration.calibrating import Calibrator
from tactician.workbench.calibration.documented import read_documented
from tactician.workbench.calibration.evidence import shipped
from tactician.workbench.case_folders import read_clients

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "calibration"
FOLDS = 10
WORDS = 7
"""So many words in a row are no coincidence."""


@pytest.fixture(scope="module")
def rulebase():
    return load_rulebase()


@pytest.fixture(scope="module")
def calibrator(rulebase):
    return Calibrator(rulebase, read_documented(CASES, rulebase), read_clients(None, rulebase))


@pytest.mark.slow
@pytest.mark.parametrize("folds", [0, FOLDS])
def test_deciding_tactics_and_levers_are_found_and_what_fails_is_not(calibrator, folds):
    groups = calibrator.calibrate(folds).groups
    tactics, levers = groups["tactics"].measures, groups["levers"].measures
    assert tactics[0].value >= 0.60
    assert levers[0].value >= 0.85
    assert tactics[3].value <= 0.06
    assert tactics[0].low > max(tactics[0].random, tactics[0].popular)
    assert levers[0].value > max(levers[0].random, levers[0].popular)


@pytest.mark.slow
@pytest.mark.parametrize("folds", [0, FOLDS])
def test_no_tactic_comes_too_often_and_each_comes(calibrator, folds):
    tactics = calibrator.calibrate(folds).groups["tactics"]
    assert tactics.too_often == ()
    assert tactics.never == ()


@pytest.mark.slow
def test_shipped_priors_are_those_of_the_rules_as_they_stand(calibrator, rulebase):
    # After rules have changed: tactician rules calibrate tests/calibration --fit-priors
    assert shipped(rulebase) == calibrator.fitted()


def _profiles():
    text = (ROOT / "tests" / "profiles.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["profiles"]


def test_profiles_hold(rulebase):
    reader = ClientReader(rulebase.vocabulary, rulebase.parameters)
    holds = []
    for profile in _profiles():
        client = reader.read(facts_folder() / Path(profile["file"]).name)
        first = replace(client, segments=(replace(client.segments[0], ppm=10**6),))
        found = {
            entry.id: (entry, len(group))
            for group in rank(consult(first, rulebase)).values()
            for entry in group
        }
        holds += [found[name][0].rank <= ceil(found[name][1] / 3) for name in profile["high"]]
        holds += [found[name][0].rank > found[name][1] / 2 for name in profile["low"]]
        holds += [found[name][0].blocked for name in profile["blocked"]]
    assert len(holds) > 200
    assert sum(holds) / len(holds) >= 0.95


def test_example_clients_get_different_advice(rulebase):
    clients = read_clients(None, rulebase)
    orders = [[entry.id for entry in rank(consult(client, rulebase))["tactics"]] for client in clients]
    first = Counter(record for order in orders for record in order[:3])
    assert max(first.values()) <= len(clients) / 2
    assert {record for order in orders for record in order[:5]} == set(orders[0])


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def _runs(text: str) -> Iterator[str]:
    words = _plain(text).split()
    return (" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1))


def test_no_rule_weight_or_test_knows_a_case():
    entries = yaml.safe_load((CASES / "cases.yaml").read_text(encoding="utf-8"))["cases"]
    runs = {run for entry in entries for run in _runs(entry["description"])}
    ids = re.compile(rf"\b({'|'.join(entry['id'] for entry in entries)})\b")
    names = [_plain(re.sub(r"\(.*", "", entry["business"])) for entry in entries]
    urls = [entry["source"]["url"] for entry in entries if entry["source"]["url"]]
    files = [
        *(ROOT / "rules").rglob("*.yaml"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "tests").rglob("*.yaml"),
    ]
    told = []
    for file in files:
        if CASES in file.parents:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        plain = f" {_plain(text)} "
        told += [(file, found) for found in ids.findall(text)]
        told += [(file, name) for name in names if f" {name} " in plain]
        told += [(file, url) for url in urls if url in text]
        told += [(file, run) for run in _runs(text) if run in runs]
    assert len(files) > 100
    assert not told
