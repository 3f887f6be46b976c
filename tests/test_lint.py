"""Lint: each seeded defect is found and nothing else, near misses are not, and the shipped base is clean."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from tactician.advice.advise import advise
from tactician.cli.main import run
from tactician.facts.reading import ClientReader
from tactician.facts.repository import rules_folder
from tactician.inference.direct import consult
from tactician.workbench.lint.finding import CHECKS, Finding, Severity
from tactician.workbench.lint.lint_words import line, witnesses
from tactician.workbench.lint.linting import Report, lint

TESTS = Path(__file__).parent
TINY = TESTS / "packs" / "tiny"
SEEDED = sorted((TESTS / "bad_rules" / "lint").glob("*.yaml"))
SOUND = sorted((TESTS / "bad_rules" / "lint" / "sound").glob("*.yaml"))
REPORT, FILE = "# must report: ", "#: "


@cache
def findings_of_the_ground() -> Counter[tuple[str, str, str]]:
    return Counter(map(key, lint([TINY]).findings))


@cache
def shipped() -> Report:
    return lint([rules_folder()])


def key(finding: Finding) -> tuple[str, str, str]:
    return finding.check.code, finding.where, finding.what


def laid_out(text: str, folder: Path) -> Path:
    """The pack that a text describes: after each line `#: path` comes the content of that file."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(REPORT)]
    for part in "".join(lines).split(FILE)[1:]:
        name, _, content = part.partition("\n")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def found_in(file: Path, folder: Path) -> list[Finding]:
    """What lint finds in a pack beyond what it finds in the ground it is laid on."""
    left = findings_of_the_ground().copy()
    new = []
    for finding in lint([TINY, laid_out(file.read_text(encoding="utf-8"), folder)]).findings:
        if left[key(finding)]:
            left[key(finding)] -= 1
        else:
            new.append(finding)
    return new


def expected_in(file: Path) -> list[tuple[str, str, list[str]]]:
    """By defect: its code, where it is, and the words that must be said."""
    told = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(REPORT)]
    found = []
    for each in told:
        head, *words = each.removeprefix(REPORT).split(" | ")
        code, _, where = head.partition(" ")
        found.append((code, where.strip(), words))
    return found


@pytest.mark.parametrize("file", SEEDED, ids=lambda file: file.stem)
def test_a_defect_is_found_and_nothing_else(file: Path, tmp_path: Path):
    found, expected = found_in(file, tmp_path), expected_in(file)
    told = [line(each) for each in found]
    assert sorted((each.check.code, each.where) for each in found) == sorted(each[:2] for each in expected), (
        told
    )
    for code, where, words in expected:
        (said,) = (line(each) for each in found if (each.check.code, each.where) == (code, where))
        assert [word for word in words if word not in said] == [], said
    assert file.stem.startswith(expected[0][0])
    assert all(each.place.line and each.place.file.startswith(tmp_path.as_posix()) for each in found)


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_a_near_miss_is_no_finding(file: Path, tmp_path: Path):
    assert [line(each) for each in found_in(file, tmp_path)] == []


def test_every_check_has_a_defect_and_a_near_miss():
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
    assert sorted({file.stem[:4] for file in SEEDED}) == codes
    assert sorted({file.stem[:4] for file in SOUND}) == codes
    assert len(SEEDED) >= 30


def test_a_column_counts_characters(tmp_path: Path):
    pack = laid_out("#: needs/bad.yaml\nrules: [] # a\u200bb\n", tmp_path)
    place = next(each.place for each in lint([TINY, pack]).findings if each.check.code == "T701")
    assert (place.line, place.column) == (1, 14)


def test_the_shipped_base_has_no_error_and_no_warning():
    assert [line(each) for each in shipped().findings if each.check.severity is not Severity.ADVICE] == []


def test_every_rule_and_record_of_the_shipped_base_has_a_witness():
    report = shipped()
    assert set(report.witnesses) == set(report.rulebase.rule)
    assert set(report.recommended) == set(report.rulebase.records)


def test_a_witness_is_a_client_for_whom_the_engine_fires_the_rule():
    base = shipped().rulebase
    reader = ClientReader(base.vocabulary, base.parameters)
    told = yaml.safe_load(witnesses(shipped()))
    for name in base.rule:
        (segment,) = consult(reader.from_mapping(told[name]), base).segments
        assert name in segment.fired, name
    for name in base.records:
        ranked = {entry.id: entry for entry in advise(consult(reader.from_mapping(told[name]), base)).ranked}
        assert ranked[name].total > 0, name
        assert not ranked[name].blocked, name


@pytest.fixture
def on_tiny(monkeypatch: pytest.MonkeyPatch):
    """Packs are laid over the tiny base, which is quick to lint."""
    monkeypatch.setattr("tactician.workbench.case_folders.rules_folder", lambda: TINY)


def test_the_command_fails_on_a_warning_and_prints_it(on_tiny, tmp_path: Path, capsys):
    text = "#: vocabulary.yaml\nfacts:\n  - {name: mood, scope: segment, type: bool, question: Well?}\n"
    pack = laid_out(text, tmp_path)
    assert run(["rules", "lint", str(pack)]) == 1
    printed = capsys.readouterr()
    assert f"{pack.as_posix()}/vocabulary.yaml:2:5: warning T402 [unused-fact] segment.mood: " in printed.out
    assert re.search(r"^\d+ errors?, \d+ warnings, \d+ advice; \d+ of \d+ rules fire", printed.err)
    assert "Error: The rulebase has errors or warnings." in printed.err


def test_findings_as_json_and_in_order(on_tiny, capsys):
    assert run(["rules", "lint", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert len(told["findings"]) == sum(told["counts"].values())
    assert set(told["findings"][0]) == {
        "code", "name", "severity", "file", "line", "column", "where", "what", "hint",
    }  # fmt: skip
    places = [(each["file"], each["line"], each["column"]) for each in told["findings"]]
    assert places == sorted(places)


def test_advice_is_counted_and_shown_on_request(capsys):
    assert run(["rules", "lint", "--advice"]) == 0
    printed = capsys.readouterr()
    assert "advice T502 [unretrieved-source]" in printed.out
    assert f"0 errors, 0 warnings, {len(printed.out.splitlines())} advice; " in printed.err


def test_witnesses_on_request(on_tiny, capsys):
    run(["rules", "lint", "--witness"])
    told = yaml.safe_load(capsys.readouterr().out)
    assert told["NEED-ACQUISITION-F1"]["business"] == {"business_stage": "idea"}
