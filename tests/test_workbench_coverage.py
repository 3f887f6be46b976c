"""Coverage: what cases and clients have shown the rules, and what not."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tactician import load_rulebase
from tactician.cli import main
from tactician.facts.document import document_of
from tactician.facts.reading import ClientReader
from tactician.knowledge.rules import Rulebase
from tactician.presentation import terminal_page
from tactician.workbench.case_files import CaseReader
from tactician.workbench.cases import CaseFile
from tactician.workbench.coverage import Coverage, RuleCoverage, measure_coverage, percent
from tactician.workbench.coverage_words import coverage_html, coverage_json, coverage_page, totals

TINY = Path(__file__).parent / "packs" / "tiny"


@pytest.fixture(scope="module")
def base() -> Rulebase:
    return load_rulebase(TINY)


def cases(base: Rulebase, *stated: dict[str, object]) -> tuple[CaseFile, ...]:
    problems: list[object] = []
    listed = [{"name": f"Case {n}", **case} for n, case in enumerate(stated)]
    file = CaseReader(base, problems).from_document(document_of({"cases": listed}, "cases.yaml"))
    assert problems == []
    return (file,)


def of(coverage: Coverage, rule: str) -> RuleCoverage:
    return next(found for found in coverage.rules if found.rule == rule)


def test_conditions_are_seen_true_false_and_unknown(base):
    files = cases(
        base,
        {"facts": {"offering.differentiation": "high"}, "fires": ["ALPHA-F1"]},
        {"facts": {"offering.differentiation": "low", "business.has_shop": False}, "silent": ["ALPHA-F1"]},
    )
    found = measure_coverage(base, files)
    first = of(found, "ALPHA-F1")
    assert (first.seen, first.stated, first.fired) == (("true", "false"), ("true", "false"), True)
    (condition,) = first.conditions
    assert (condition.text, condition.seen, condition.unseen) == (
        "offering.differentiation >= medium",
        ("true", "false"),
        ("unknown",),
    )
    block = of(found, "ALPHA-B1")
    assert (block.seen, block.stated) == (("unknown",), ())
    assert [condition.seen for condition in block.conditions] == [("true", "unknown"), ("unknown",)]


def test_being_known_is_never_unknown(base):
    known = of(measure_coverage(base, ()), "CHECK-1").conditions[0]
    assert (known.text, known.possible) == ("segment.rating known", ("true", "false"))


def test_lines_of_a_decision_list_are_shown_as_they_were_written(base):
    found = measure_coverage(base, ())
    assert [c.text for c in of(found, "PRICE-PRESSURE-2").conditions] == ["segment.price_sensitivity <= low"]
    assert of(found, "PRICE-PRESSURE-OTHERWISE").conditions == ()


def test_clients_count_like_cases(base):
    mapping = {"client": "A", "business": {"contacts": 200}, "segments": [{"name": "all"}]}
    client = ClientReader(base.vocabulary, base.parameters).from_mapping(mapping)
    found = measure_coverage(base, (), [client])
    assert of(found, "CHECK-2").seen == ("true",)
    assert (found.cases, found.clients, found.rules_fired[0]) == (0, 1, 1)
    assert {fact.fact: fact.seen for fact in found.facts}["business.minutes_per_contact"] == ("unknown",)


def test_lacking_kinds_are_told_per_rule(base):
    files = cases(base, {"facts": {"business.contacts": 100}, "fires": ["CHECK-2"]})
    lacks = [lack.what for lack in measure_coverage(base, files).lacks if lack.rule == "CHECK-2"]
    assert lacks == ["it is silent", "it is undecided", "business.contacts is 99"]


def test_percent_of_nothing_is_everything():
    assert (percent((0, 0)), percent((1, 4))) == (100.0, 25.0)


def test_the_page_lists_what_is_not_seen_and_never_rounds_up(base):
    files = cases(base, {"facts": {"business.contacts": 100}, "fires": ["CHECK-2"]})
    found = measure_coverage(base, files)
    text = terminal_page.render(coverage_page(found), 200)
    assert "CHECK-2: business.contacts >= 100 is never false or unknown." in text
    assert "ALPHA-F1: never fires." in text
    assert "CHECK-2: no case in which business.contacts is 99." in text
    assert " 100.0" not in totals(found)


def pack(folder: Path) -> Path:
    """A pack of one rule with one case, laid over the shipped rules."""
    for name, text in {
        "needs/mine.yaml": "rules:\n  - {id: NEED-MINE-F1, when: [{business.enquiries_per_week: '>= 200'}], "
        "then: {favour: 0.3, family: service}, because: A queue., grade: C, sources: [judgement]}\n",
        "tests/cases/mine.yaml": "cases:\n  - {name: A queue, facts: {business.enquiries_per_week: 200}, "
        "fires: [NEED-MINE-F1]}\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_with_a_pack_its_own_rules_are_told_of(tmp_path, capsys):
    shipped = len(load_rulebase().rules)
    command = ["rules", "coverage", "--rules", str(pack(tmp_path)), "--cases-only"]
    assert main.run(command) == 0
    told = capsys.readouterr().out
    assert "Of 1 rule, 1 fired (100.0 %); of 3 outcomes of conditions, 1 were seen (33.3" in told
    assert len(told.splitlines()) < 25
    assert main.run([*command, "--fail-under-rules", "100", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [rule["rule"] for rule in data["by_rule"]] == ["NEED-MINE-F1"]
    assert {lack["rule"] for lack in data["lacks"]} == {"NEED-MINE-F1"}
    assert data["facts"] == []
    assert main.run([*command, "--all", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"]["all"] == shipped + 1


@pytest.mark.parametrize("name", ["test", "coverage", "mutate"])
def test_a_pack_in_place_of_its_cases_is_recognised(name, tmp_path, capsys):
    assert main.run(["rules", name, str(pack(tmp_path))]) == 2
    assert f"is a pack of rules, not a folder of cases. Write --rules {tmp_path}" in capsys.readouterr().err


def test_a_file_of_rules_in_place_of_cases_is_recognised(tmp_path, capsys):
    file = pack(tmp_path) / "needs" / "mine.yaml"
    assert main.run(["rules", "test", str(file)]) == 1
    (line, *_) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        f"{file}:1:1: rules: this is a file of rules, not of cases. The cases of a pack are "
    )


def test_json_tells_everything(base):
    files = cases(base, {"facts": {"business.contacts": 100}, "fires": ["CHECK-2"]})
    data = json.loads(coverage_json(measure_coverage(base, files)))
    assert (data["cases"], data["rules"]["fired"], data["rules"]["all"]) == (1, 1, len(base.rules))
    (rule,) = [entry for entry in data["by_rule"] if entry["rule"] == "CHECK-2"]
    assert (rule["stated"], rule["conditions"][0]["unseen"]) == (["true"], ["false", "unknown"])


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_whole_marks_each_outcome_and_runs_nothing(base):
    files = cases(base, {"facts": {"offering.differentiation": "high"}, "fires": ["ALPHA-F1"]})
    html = coverage_html(measure_coverage(base, files))
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert tags.found.isdisjoint({"script", "link", "img", "a"})
    assert (
        '<span class="y" title="true: seen">T</span><span class="n" title="false: not seen">F</span>' in html
    )
    assert "offering.differentiation &gt;= medium" in html


def test_the_command_fails_under_a_bound(tmp_path, capsys):
    path = tmp_path / "cases.yaml"
    path.write_text("cases: [{name: A, facts: {offering.network_effects: high}, fires: [FREEMIUM-F3]}]\n")
    command = [
        "rules",
        "coverage",
        str(path),
        "--cases-only",
        "--format",
        "json",
        "-o",
        str(tmp_path / "out.json"),
    ]
    assert main.run([*command, "--fail-under-rules", "0"]) == 0
    assert json.loads((tmp_path / "out.json").read_text())["clients"] == 0
    assert main.run([*command, "--fail-under-outcomes", "90"]) == 1
    assert "outcomes of conditions have been seen, which is less than 90 %." in capsys.readouterr().err
