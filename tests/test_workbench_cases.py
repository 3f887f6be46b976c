"""Cases: what may be written, what must hold, and what people are told when it does not."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tactician import load_rulebase
from tactician.cli import main
from tactician.knowledge.rules import Rulebase
from tactician.workbench import case_words
from tactician.workbench.case_files import InvalidCases, find_case_files, read_cases
from tactician.workbench.case_running import report_of, run_cases, run_file
from tactician.workbench.cases import Case, CaseResult

TINY = Path(__file__).parent / "packs" / "tiny"
FACTS = "facts: {offering.differentiation: high, business.contacts: 100, segment.price_sensitivity: high}"


@pytest.fixture(scope="module")
def base() -> Rulebase:
    return load_rulebase(TINY)


@pytest.fixture
def written(tmp_path: Path):
    """Writes a case file and gives its path."""

    def write(text: str, name: str = "cases.yaml") -> Path:
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


@pytest.fixture
def case(written, base):
    """The one case that some lines make, read."""

    def read(*lines: str) -> Case:
        (file,) = read_cases([written(one(*lines))], base)
        return file.cases[0]

    return read


def one(*lines: str) -> str:
    return "\n".join(["cases:", "  - name: A sentence", *(f"    {line}" for line in lines)]) + "\n"


@pytest.fixture
def result(written, base):
    """What comes of the one case that some lines make."""

    def run(*lines: str, engine: str = "direct") -> CaseResult:
        (file,) = read_cases([written(one(*lines))], base)
        (found,) = run_file(file, base, engine)
        return found

    return run


def test_short_forms_state_the_same_client_as_long_ones(case):
    short = case(
        "facts: {offering.differentiation: high, pains: [{severity: severe}],"
        " products: [{addresses: [pain_1]}], business: {contacts: 3}}",
        "fires: [ALPHA-F1]",
    )
    long = case(
        "facts:",
        "  client: the case",
        "  business: {contacts: 3}",
        "  offering: {differentiation: high}",
        "  segments:",
        "    - name: everyone",
        "      pains: [{id: pain_1, severity: severe}]",
        "      products: [{id: product_1, addresses: [{item: pain_1}]}]",
        "fires: [ALPHA-F1]",
    )
    assert short.client == long.client
    segment = case("facts: {segment: {price_sensitivity: low}}", "silent: [ALPHA-F1]").client.segments[0]
    assert (segment.name, segment.facts) == ("everyone", {"segment.price_sensitivity": "low"})


KEPT = (
    "fires: [ALPHA-F1]",
    "silent: [ALPHA-A1, ALPHA-F1-ELSE]",
    "undecided: [ALPHA-F2, NEED-ACQUISITION-F1]",
    "evidence: {ALPHA-F1: 6.02}",
    "evidence: {ALPHA-F1: 6.5}\n    margin: 0.5",
    "derived: {segment.price_pressure: unknown}",
    "fit: unknown",
    "not_blocked: [alpha]",
    "rank: {alpha: 1, beta: '>= 2', gamma: '<= 1'}",
    "rank: {alpha: between 1 and 2}",
    "outranks: {alpha: [beta]}",
    "horizon: {alpha: [next, later], beta: none, gamma: none}",
    "prepares: {beta: [CHECK-2]}",
    "checks: {alpha: [ALPHA-NEEDS-1]}",
)


@pytest.mark.parametrize("engine", ["direct", "forward"])
@pytest.mark.parametrize("expectation", KEPT)
def test_what_holds_passes_on_every_engine(result, expectation, engine):
    assert result(FACTS, expectation, engine=engine).passed


BROKEN = {
    "fires: [ALPHA-A1]": (
        "ALPHA-A1 fires",
        "it is silent",
        "offering.differentiation <= low is false (offering",
    ),
    "fires: [ALPHA-F2]": ("ALPHA-F2 fires", "it is undecided", "(the pains are unknown)"),
    "silent: [ALPHA-F1]": ("ALPHA-F1 is silent", "it fires", "differentiation >= medium is true"),
    "undecided: [ALPHA-F1]": ("ALPHA-F1 is undecided", "it fires", "differentiation is high"),
    "evidence: {ALPHA-F1: 3}": ("gives +3 points", "it gives +6.021", "certainty factor 0.6, item weight 1"),
    "evidence: {ALPHA-A1: -3}": ("gives -3 points", "it is silent", "differentiation is high"),
    "evidence: {ALPHA-B1: 3}": ("gives +3 points", "it is undecided", "business.has_shop is unknown"),
    "derived: {segment.price_pressure: low}": (
        "price_pressure is low",
        "it is unknown",
        "PRICE-PRESSURE-1: ",
    ),
    "derived: {business.minutes_per_contact: 3}": (
        "is 3",
        "it is unknown",
        "business.staff_hours is unknown",
    ),
    "fit: 0.5": ("segment.fit_score is 0.5", "it is unknown", ""),
    "blocked: [alpha]": ("alpha is ruled out", "it is not ruled out", "ALPHA-B1: business.has_shop == false"),
    "blocked: [beta]": ("beta is ruled out", "it is not ruled out", "no rule blocks it"),
    "rank: {beta: 1}": (
        "beta has rank 1",
        "rank 2",
        "beta 0 points (no evidence); ahead: alpha 4.821 points",
    ),
    "rank: {alpha: '>= 2'}": ("alpha has rank 2 or worse", "rank 1", "ALPHA-F1 +6.02"),
    "outranks: {beta: [alpha]}": (
        "beta ranks before alpha",
        "ranks 2 and 1",
        "beta 0 points against alpha 4.821 points",
    ),
    "horizon: {alpha: now}": ("alpha stands in now", "later", "needs_first beta"),
    "horizon: {beta: now}": ("beta stands in now", "none", "rank 2"),
    "warns: [CHECK-1]": ("CHECK-1 warns", "it does not", "raised: nothing"),
    "prepares: {alpha: [CHECK-2]}": (
        "CHECK-2 is to be prepared before alpha",
        "it is not",
        "there is nothing",
    ),
    "checks: {beta: [CHECK-2]}": ("CHECK-2 is to be checked before beta", "it is not", "there is nothing"),
}


@pytest.mark.parametrize("engine", ["direct", "forward"])
@pytest.mark.parametrize("expectation", BROKEN)
def test_a_failure_says_what_was_expected_what_was_found_and_why(result, expectation, engine):
    expected, found, why = BROKEN[expectation]
    (failure,) = result(FACTS, expectation, engine=engine).failures
    assert expected in failure.expected
    assert failure.found == found
    assert why in failure.why
    assert failure.expectation.place.line == 4


TWO_SEGMENTS = (
    "facts: {segments: [{name: rich, rating: good}, {name: poor, rating: poor}], business.has_shop: false}"
)


def test_a_case_holds_in_every_segment_unless_it_names_one(result):
    (failure,) = result(TWO_SEGMENTS, "fires: [ALPHA-B1]").failures
    assert (failure.segment, failure.found) == ("rich", "it is silent")
    assert result(TWO_SEGMENTS, "in: poor", "fires: [ALPHA-B1]", "blocked: [alpha]").passed
    assert result(TWO_SEGMENTS, "in: rich", "silent: [ALPHA-B1]", "not_blocked: [alpha]").passed


WRONG = {
    "fires: [ALPHA-F9]": (
        ":4:13: cases[A sentence].fires[#1]: there is no rule ALPHA-F9",
        "Did you mean ALPHA-F",
    ),
    "frires: [ALPHA-F1]": (":4:5: cases[A sentence].frires: there is no key 'frires'", "Did you mean fires?"),
    "blocked: [alfa]": (
        ":4:15: cases[A sentence].blocked[#1]: there is no record alfa",
        "Did you mean alpha",
    ),
    "rank: {alpha: <5}": (":4:19: cases[A sentence].rank.alpha: '<5' is no bound of a rank", '"<= 5"'),
    "rank: {alpha: 0}": ("0 is no bound of a rank", "Write 1"),
    "horizon: {alpha: soon}": ("there is no horizon soon", "Known: running, now"),
    "derived: {segment.worth: superb}": ("'superb' is no level of segment.worth", "Levels: poor, fair, good"),
    "derived: {segment.rating: poor}": (
        "there is no derived fact segment.rating",
        "Did you mean segment.worth?",
    ),
    "prepares: {alpha: [CHECK-9]}": (":4:24: ", "there is no rule CHECK-9. Did you mean CHECK-"),
    "margin: 1": (":2:5: cases[A sentence]: this case expects nothing", "Say what must hold"),
    "in: nobody\n    fires: [ALPHA-F1]": (":4:9: ", "there is no segment nobody. Segments: everyone."),
    "evidence: {ALPHA-F1: lots}": (":4:26: cases[A sentence].evidence.ALPHA-F1: a number belongs here", ""),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_is_told_with_its_place(written, base, line):
    with pytest.raises(InvalidCases) as error:
        read_cases([written(one(FACTS, line))], base)
    for words in WRONG[line]:
        assert words in str(error.value)


WRONG_FACTS = {
    "{offering.diff: high}": (":3:13: cases[A sentence].facts.offering.diff: this is not a fact",),
    "{offering.differentiation: hi}": (
        ":3:39: ",
        "facts.offering.differentiation: 'hi' is not one of its levels",
    ),
    "{pains: [{severity: bad}]}": (":3:32: cases[A sentence].facts.pains[#1].severity: 'bad' is not one of",),
    "{offering.differentiation: low, offering: {differentiation: high}}": ("is given twice in this case",),
    "{segments: [{name: a}], pains: []}": ("a case lists segments, or describes its only one",),
    "{running: [alfa]}": ("there is no tactic called 'alfa'",),
    "[1]": (":3:12: cases[A sentence].facts: a mapping belongs here, not a list",),
}


@pytest.mark.parametrize("facts", WRONG_FACTS)
def test_a_mistake_in_the_facts_is_told_where_it_was_written(written, base, facts):
    with pytest.raises(InvalidCases) as error:
        read_cases([written(one(f"facts: {facts}", "fires: [ALPHA-F1]"))], base)
    for words in WRONG_FACTS[facts]:
        assert words in str(error.value)


def test_all_mistakes_in_all_files_are_told_at_once(written, base):
    twice = "cases:\n  - {name: A, fires: [X]}\n  - {name: A, fires: [ALPHA-F1]}\n"
    paths = [written(twice, "one.yaml"), written("nonsense", "two.yaml"), written("cases: [", "three.yaml")]
    with pytest.raises(InvalidCases) as error:
        read_cases(paths, base)
    told = str(error.value)
    assert told.count("\n") == 3
    assert "another case in line 2 has this name" in told
    assert [name in told for name in ("one.yaml", "two.yaml", "three.yaml")] == [True] * 3


def test_stale_drafted_cases_are_told_once_for_a_file(written, base):
    case = "{name: %s, drafted: true, fires: [GONE-F1, GONE-F2]}"
    path = written(f"cases: [{case % 'A'}, {case % 'B'}, {{name: C, fires: [ALPHA-F1]}}]\n")
    with pytest.raises(InvalidCases) as error:
        read_cases([path], base)
    told = "cases: 2 drafted cases do not fit the rules any more. Draft them anew: tactician rules draft"
    assert str(error.value) == f"{path}:1:1: {told}"


def test_a_folder_without_cases_is_told(tmp_path):
    with pytest.raises(InvalidCases, match="there are no case files"):
        find_case_files(tmp_path)


def test_processes_find_what_one_process_finds(written, tmp_path):
    written(one(FACTS, "fires: [ALPHA-A1]"), "b.yaml")
    written(one(FACTS, "fires: [ALPHA-F1]"), "a.yaml")
    assert list(run_cases(tmp_path, [TINY], jobs=2)) == list(run_cases(tmp_path, [TINY]))


def test_mistakes_found_by_several_processes_are_told_together(written, tmp_path):
    written(one(FACTS, "fires: [X]"), "a.yaml")
    written(one(FACTS, "fires: [Y]"), "b.yaml")
    with pytest.raises(InvalidCases) as error:
        list(run_cases(tmp_path, [TINY], jobs=2))
    assert len(error.value.problems) == 2


def test_junit_counts_and_escapes(written, tmp_path):
    written(
        one("facts: {offering.differentiation: low}", "fires: [ALPHA-F1]").replace("A sentence", "A <b> & c")
    )
    report = report_of(run_cases(tmp_path, [TINY]))
    (suite,) = ET.fromstring(case_words.junit(report))
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    assert suite[0].get("name") == "A <b> & c"
    assert "offering.differentiation >= medium is false" in (suite[0][0].text or "")


SHIPPED = """
cases:
  - name: A free edition for next to nothing
    facts: {offering.marginal_cost_of_serving_one_more: none}
    fires: [FREEMIUM-F1]
  - name: A free edition of bread
    facts: {offering.marginal_cost_of_serving_one_more: high}
    fires: [FREEMIUM-F1]
"""


def test_the_command_prints_failures_then_the_summary_and_fails(written, tmp_path, capsys):
    path = written(SHIPPED)
    assert main.run(["rules", "test", str(path), "--junit", str(tmp_path / "out.xml")]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == f"{path}:6:5: A free edition of bread"
    assert captured.out.splitlines()[-1] == "=== 1 failed, 1 passed in 1 file ==="
    assert captured.err.splitlines()[0] == f"{path}  1 passed, 1 failed"
    assert captured.err.splitlines()[-1] == "Error: 1 of 2 cases failed."
    assert ET.parse(tmp_path / "out.xml").getroot().get("failures") == "1"


def test_the_command_is_quiet_when_asked(written, capsys):
    path = written(SHIPPED.replace("high", "none"))
    assert main.run(["rules", "test", str(path), "-q"]) == 0
    assert capsys.readouterr() == ("=== 2 passed in 1 file ===\n", "")


def test_a_pack_without_cases_is_told_where_to_put_them(tmp_path, capsys):
    (tmp_path / "derived").mkdir()
    assert main.run(["rules", "test", "--rules", str(tmp_path)]) == 2
    assert "tests/cases" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["test"], ["draft", "--check"], ["coverage"], ["mutate"]])
def test_without_a_checkout_the_cases_of_the_shipped_rules_are_told_to_be_in_one(
    command, tmp_path, monkeypatch, capsys
):
    installed = tmp_path / "rules"
    installed.symlink_to(TINY)
    monkeypatch.setattr("tactician.workbench.case_folders.rules_folder", lambda: installed)
    assert main.run(["rules", *command]) == 2
    assert "in a checkout of the project (pip install -e .)" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["rules"]
