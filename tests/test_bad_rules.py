"""For each mistake in a rulebase: one broken file, the words its message contains, and no second complaint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tactician import load_rulebase
from tactician.errors import InvalidRulebase

TESTS = Path(__file__).parent
TINY = TESTS / "packs" / "tiny"
MISTAKES = sorted((TESTS / "bad_rules").glob("*.yaml"))


def header(file: Path, name: str) -> str:
    """What the comment at the top of a broken file says under a name."""
    line = next(line for line in file.read_text().splitlines() if line.startswith(f"# {name}: "))
    return line.partition(": ")[2]


def overlay(folder: Path, name: str, text: str) -> Path:
    """A pack of one file."""
    target = folder / "pack" / name
    target.parent.mkdir(parents=True)
    target.write_text(text)
    return folder / "pack"


def test_the_ground_of_the_mistakes_is_sound():
    assert load_rulebase(TINY).rules


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_a_mistake_is_told(file: Path, tmp_path: Path):
    pack = overlay(tmp_path, header(file, "lies in"), file.read_text())
    with pytest.raises(InvalidRulebase) as caught:
        load_rulebase(TINY, pack)
    message = str(caught.value)
    said = header(file, "must say").split(" | ")
    assert [words for words in said if words not in message] == [], message
    assert len(caught.value.problems) <= len(said), message
    assert caught.value.exit_code == 3
    assert "Traceback" not in message
    assert "pydantic" not in message


def test_there_are_enough_mistakes():
    assert len(MISTAKES) >= 40


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1 + " * 500_000 + "1", "a text of 2000001 characters, 10000 are allowed"),
        ("(" * 900, "this is not an expression"),
        ("1" + "+1" * 400, "nested deeper than 100 operations"),
        ("-" * 150 + "1", "nested deeper than 100 operations"),
    ],
    ids=["two megabytes", "brackets", "terms", "signs"],
)
def test_a_monstrous_expression_is_refused(value: str, words: str, tmp_path: Path):
    fact = (
        f'name: n, scope: segment, type: number, value: "{value}", because: b, grade: C, sources: [judgement]'
    )
    with pytest.raises(InvalidRulebase, match=words):
        load_rulebase(TINY, overlay(tmp_path, "derived/bad.yaml", f"derived: [{{{fact}}}]"))


def test_a_pack_may_not_be_larger_than_its_limit(tmp_path: Path):
    pack = overlay(tmp_path, "needs/bad.yaml", "rules: []\n" + "# filler\n" * 300_000)
    (pack / "needs" / "worse.yaml").write_text("rules: []\n" + "# filler\n" * 300_000)
    with pytest.raises(InvalidRulebase, match=r"a rule pack may have 5,242,880 bytes.*TACTICIAN_MAX_BYTES"):
        load_rulebase(TINY, pack)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(InvalidRulebase, match="there is no such folder"):
        load_rulebase(TINY, tmp_path / "nothing")


def test_the_first_folder_must_be_a_whole_rulebase(tmp_path: Path):
    with pytest.raises(InvalidRulebase) as caught:
        load_rulebase(overlay(tmp_path, "needs/some.yaml", "rules: []"))
    missing = [f"{name}.yaml is missing" for name in ("vocabulary", "parameters", "sources")]
    assert [words for words in missing if words not in str(caught.value)] == []


def test_all_mistakes_are_told_at_once_in_the_order_of_the_files(tmp_path: Path):
    text = (TINY / "acquisition" / "alpha.yaml").read_text()
    text = text.replace("ALPHA-F2", "BETA-F2").replace("hours_per_week: 1", "hours_per_week: one")
    text = text.replace('"<= low"', '"<= lwo"')
    with pytest.raises(InvalidRulebase) as caught:
        load_rulebase(TINY, overlay(tmp_path, "acquisition/alpha.yaml", text))
    problems = caught.value.problems
    assert len(problems) == 4
    assert [problem.place.line for problem in problems] == sorted(
        problem.place.line or 0 for problem in problems
    )
