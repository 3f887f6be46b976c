"""`rules list`, `show`, `docs` and `diff`: what they say about the tiny base and about the shipped one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tactician.cli.main import run
from tactician.facts.repository import rules_folder
from tactician.knowledge.loading import load_rulebase
from tactician.knowledge.rules import Rulebase
from tactician.presentation.condition_words import in_words
from tactician.workbench import rule_docs

TESTS = Path(__file__).parent
TINY = TESTS / "packs" / "tiny"
DOCS = TESTS.parent / "docs" / "rules"
CLIENT = """\
client: A shop
business: {business_stage: idea, contacts: 200, has_shop: false, staff_hours: 10}
offering: {differentiation: high}
segments: [{name: all, rating: good, price_sensitivity: high}]
"""


@pytest.fixture(autouse=True)
def on_tiny(monkeypatch: pytest.MonkeyPatch):
    """The commands take the tiny base for the shipped one."""
    for module in ("workbench.case_folders", "facts.repository"):
        monkeypatch.setattr(f"tactician.{module}.rules_folder", lambda: TINY)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """Runs a command that must end well and gives what it prints, line breaks taken out."""

    def say(*arguments: str, code: int = 0) -> str:
        assert run(["rules", *arguments]) == code
        return " ".join(capsys.readouterr().out.split())

    return say


@pytest.fixture
def edited(tmp_path: Path):
    """A copy of the tiny base in which texts of some files are replaced."""

    def edit(*edits: tuple[str, str, str]) -> Path:
        folder = tmp_path / "edited"
        shutil.copytree(TINY, folder)
        for file, before, after in edits:
            text = (folder / file).read_text()
            assert before in text
            (folder / file).write_text(text.replace(before, after, 1))
        return folder

    return edit


@pytest.fixture
def client(tmp_path: Path) -> str:
    (tmp_path / "client.yaml").write_text(CLIENT)
    return str(tmp_path / "client.yaml")


def test_the_list_counts_rules_for_against_and_blocks(said):
    rows = {row["id"]: row for row in json.loads(said("list", "--format", "json"))}
    assert list(rows) == ["alpha", "beta", "gamma"]
    assert rows["alpha"] == {
        "id": "alpha", "name": "Alpha", "family": "acquisition", "for": "4", "against": "6", "blocks": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "alpha",
            ["Alpha", "When it fits", "+6.021 points when differentiation is medium", "What rules it out"],
        ),
        (
            "ALPHA-F1",
            ["+6.021 points when differentiation", "Because: What differs can be shown", "About: Alpha"],
        ),
        ("ALPHA-F1", ["Stands at:", "acquisition/alpha.yaml:23:5", "No case speaks of it"]),
        ("ALPHA-F2", ["there is a pain whose severity is severe", "Knowingly repeats: ALPHA-F1"]),
        ("ALPHA-B1", ["Ruled out when has shop is no and worth is poor"]),
        ("ALPHA-JURY-PARTLY", ["Compiled from the field jury_shift"]),
        ("ALPHA-NEEDS-1", ["Prepare (4 hours): Free some hours.", "is under 5 hours a week"]),
        ("CHECK-1", ["Warn: Customers are not content.", "Raised when rating is known and rating is poor"]),
        (
            "price_pressure",
            ["The first that holds decides", "high when", "medium otherwise", "Used by: BETA-F1"],
        ),
        ("segment.worth", ["Computed as: coalesce(segment.rating, segment.fit_class)"]),
        ("segment.fit_score", ["Computed by: the measure canvas fit"]),
        (
            "price_sensitivity",
            ["segment.price_sensitivity", "How much does price decide?", "PRICE-PRESSURE-1"],
        ),
        (
            "business.contacts",
            ["a number from 0 to 500 contacts/week", "CHECK-2", "business.minutes_per_contact"],
        ),
        ("pain.severity", ["severe: they act on it", "Used by: ALPHA-F2"]),
        ("field_test", ["A field test", "Read for this: yes", "https://example.org/test", "segment.worth"]),
        ("parameter.hourly_cost", ["Value: 30", "Why: A round number", "Nothing looks at it by name"]),
        ("plan.now", ["plan.now", "Why: Three."]),
        ("T203", ["T203 double-count", "Severity: warning"]),
    ],
)
def test_showing_says(name: str, words: list[str], said):
    text = said("show", name)
    assert [word for word in words if word not in text] == [], text


def test_showing_what_is_not_there_suggests_what_is(capsys):
    assert run(["rules", "show", "alpah"]) == 2
    assert "Nothing in the rulebase is called 'alpah'. Did you mean alpha?" in capsys.readouterr().err


def test_a_record_is_shown_by_its_name_in_any_language(said):
    assert said("show", "Alfa") == said("show", "alpha")


def test_showing_names_the_cases_of_a_rule_and_those_that_cannot_be_read(tmp_path: Path, capsys):
    cases = tmp_path / "tests" / "cases"
    cases.mkdir(parents=True)
    (cases / "a.yaml").write_text("cases:\n  - {name: Something differs, fires: [ALPHA-F1]}\n")
    (cases / "b.yaml").write_text("cases:\n  - {name: Broken, fires: [NO-SUCH-F1]}\n")
    assert run(["rules", "show", "ALPHA-F1", "--rules", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "Something differs" in printed.out
    assert "Case files that cannot be read: 1." in printed.err


@pytest.mark.parametrize("name", sorted(load_rulebase(TINY).rule))
def test_every_rule_can_be_shown(name: str, said):
    assert name in said("show", name)


def test_tests_of_one_fact_become_one_clause():
    base = load_rulebase(rules_folder())
    words = in_words(base.rule["FREEMIUM-F1-ELSE"].when, base.specs)
    assert words.count("marginal cost of serving one more") == 1


def test_docs_are_written_once_and_told_when_stale(tmp_path: Path, capsys):
    folder = tmp_path / "pages"
    assert run(["rules", "docs", "-o", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md", "alpha.md", "beta.md", "derived.md", "gamma.md", "lint.md", "vocabulary.md",
    ]  # fmt: skip
    assert run(["rules", "docs", "--check", "-o", str(folder)]) == 0
    (folder / "alpha.md").write_text(f"{rule_docs.MADE}something else")
    (folder / "old.md").write_text(f"{rule_docs.MADE}a record that is gone")
    capsys.readouterr()
    assert run(["rules", "docs", "--check", "-o", str(folder)]) == 1
    told = capsys.readouterr().err
    assert "alpha.md is stale." in told
    assert "2 pages are stale. Run: tactician rules docs" in told
    assert run(["rules", "docs", "-o", str(folder)]) == 0
    assert not (folder / "old.md").exists()
    assert run(["rules", "docs", "--check", "-o", str(folder)]) == 0


def test_docs_leave_the_files_of_others_alone(tmp_path: Path, capsys):
    (tmp_path / "guide.md").write_bytes("Sm\xf8rrebr\xf8d".encode("latin-1"))
    (tmp_path / "README.md").write_text("# My project\n")
    assert run(["rules", "docs", "-o", str(tmp_path)]) == 4
    assert f"{tmp_path / 'README.md'} was not made by tactician rules docs." in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "guide.md"]
    (tmp_path / "README.md").unlink()
    assert run(["rules", "docs", "-o", str(tmp_path)]) == 0
    assert (tmp_path / "guide.md").exists()
    capsys.readouterr()
    assert run(["rules", "docs", "-o", str(tmp_path / "guide.md")]) == 4
    assert f"{tmp_path / 'guide.md'} could not be written: File exists." in capsys.readouterr().err


def test_the_pages_of_the_shipped_base_are_up_to_date():
    assert rule_docs.stale(load_rulebase(rules_folder()), DOCS) == (), "Run: tactician rules docs"


def test_every_page_of_a_shipped_record_has_its_headings():
    base: Rulebase = load_rulebase(rules_folder())
    fixed = (
        "What it is",
        "When it fits",
        "When it does not",
        "What rules it out",
        "What it takes",
        "Examples",
        "Sources",
    )
    for record in base.records:
        text = (DOCS / f"{record}.md").read_text(encoding="utf-8")
        assert [heading for heading in fixed if f"\n## {heading}\n" not in text] == [], record


def test_no_difference_is_said(said, client):
    text = said("diff", "shipped", str(TINY), "--clients", client, "--fail-on-change")
    assert "Nothing: no rule differs, and no client is told anything else." in text


def test_changed_rules_are_told_in_words(said, client, edited):
    folder = edited(
        ("acquisition/alpha.yaml", "favour: 0.6", "favour: 0.2"),
        ("service/beta.yaml", "because: Many or few.", "because: Few."),
        ("levers/gamma.yaml", "GAMMA-F1", "GAMMA-F2"),
        ("process/checks.yaml", "hours: 2", "hours: 3"),
        ("derived/all.yaml", "* 60", "* 50"),
        ("parameters.yaml", "now: {value: 3", "now: {value: 2"),
        ("service/beta.yaml", "hours_per_week: 2", "hours_per_week: 4"),
    )
    text = said("diff", str(TINY), str(folder), "--clients", client)
    for words in (
        "1 added: - GAMMA-F2", "1 removed: - GAMMA-F1",
        "ALPHA-F1: certainty factor: “+0.6” is now “+0.2”",
        "BETA-F1: because: “Many or few.” is now “Few.”",
        "CHECK-2: hours: “2” is now “3”",
        "business.minutes_per_contact: computed as: “((business.staff_hours * 60)",
        "plan.now: value: “3” is now “2”",
        "beta: hours_per_week: “2.0” is now “4.0”",
    ):  # fmt: skip
        assert words in text


def test_a_client_is_told_of_the_rule_that_did_it(said, client, edited):
    folder = edited(
        ("acquisition/alpha.yaml", "favour: 0.6", "against: 0.8"),
        ("acquisition/alpha.yaml", "ALPHA-F1", "ALPHA-A9"),
        ("acquisition/alpha.yaml", "    cf_if_false: 0.3\n", ""),
        ("acquisition/alpha.yaml", "[ALPHA-F1]", "[ALPHA-A9]"),
        ("parameters.yaml", "{ALPHA-F1: 1200000}", "{}"),
    )
    text = said("diff", str(TINY), str(folder), "--clients", client, "--top", "1")
    assert "A shop: - alpha:" in text
    assert "by ALPHA-A9 -9.5, ALPHA-F1 -6.0 and prior +1.2" in text


def test_a_change_further_down_the_chain_is_named(said, client, edited):
    folder = edited(("derived/all.yaml", "is: high", "is: low"))
    text = said("diff", str(TINY), str(folder), "--clients", client, "--top", "1")
    assert "beta:" in text
    assert "BETA-F1 -4.8 (through PRICE-PRESSURE-1)" in text


def test_a_new_block_is_named(said, client, edited):
    folder = edited(("acquisition/alpha.yaml", '{segment.worth: "== poor"}', '{segment.worth: "== good"}'))
    text = said("diff", str(TINY), str(folder), "--clients", client)
    assert "is now ruled out, by the block ALPHA-B1" in text


def test_a_change_fails_when_asked_to(said, client, edited):
    folder = edited(("acquisition/alpha.yaml", "favour: 0.6", "favour: 0.5"))
    said("diff", str(TINY), str(folder), "--clients", client, code=0)
    said("diff", str(TINY), str(folder), "--clients", client, "--fail-on-change", code=1)


def test_a_difference_as_json(client, edited, capsys):
    folder = edited(("acquisition/alpha.yaml", "favour: 0.6", "favour: 0.59"))
    assert run(["rules", "diff", str(TINY), str(folder), "--clients", client, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (change,) = told["rulebase"]
    assert change == {
        "sort": "rule", "name": "ALPHA-F1", "kind": "changed", "parts": [["certainty factor", "+0.6", "+0.59"]],
    }  # fmt: skip
    assert told["clients"] == []


def test_a_pack_is_compared_over_the_shipped_rules(said, client, tmp_path: Path):
    pack = tmp_path / "pack"
    (pack / "needs").mkdir(parents=True)
    (pack / "needs" / "more.yaml").write_text(
        "rules:\n  - {id: NEED-MORE-F1, when: [{segment.rating: '== good'}], then: {favour: 0.2, family: service},"
        " because: A reason, grade: B, sources: [field_test]}\n"
    )
    assert "1 added: - NEED-MORE-F1" in said("diff", "shipped", str(pack), "--clients", client)
