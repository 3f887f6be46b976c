"""`tactician explain` and `check-explanation` as people use them: every question, every form, every source."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

import tactician
from tactician.advice.advise import Advice
from tactician.cli import main
from tactician.facts.repository import facts_folder
from tactician.knowledge.loading import load_rulebase

CAFE = facts_folder() / "cafe.yaml"
BAKERY = facts_folder() / "solsikken_bakery.yaml"
TOYS = facts_folder() / "toy_shop.yaml"


@cache
def cafe() -> Advice:
    return tactician.plan(CAFE, load_rulebase(), "direct")


def explain(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What `tactician explain` prints, on one line."""
    assert main.run(["explain", *map(str, arguments)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return " ".join(captured.out.split())


def failing(capsys: pytest.CaptureFixture[str], code: int, *arguments: object) -> str:
    """What a command that cannot do it says."""
    assert main.run([str(each) for each in arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


@pytest.mark.parametrize("place", [0, 5, 11, 24])
def test_full_depth_names_every_reason_with_rule_and_grade(
    place: int, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = cafe().tactics[place]
    told = explain(capsys, CAFE, entry.id, "--depth", "full")
    assert f"ranks {entry.rank} of 25" in told or "is ruled out" in told
    for piece in entry.evidence:
        grade = cafe().consultation.rulebase.rule[piece.rule].grade
        assert re.search(rf"{piece.rule}[^)]*grade {grade}", told), piece.rule


def test_short_medium_and_full_tell_more_and_more(capsys: pytest.CaptureFixture[str]) -> None:
    short, medium, full = (
        len(explain(capsys, CAFE, "--depth", depth)) for depth in ("short", "medium", "full")
    )
    assert short < medium < full


def test_why_not_names_the_block_and_what_stayed_silent(capsys: pytest.CaptureFixture[str]) -> None:
    told = explain(capsys, CAFE, "--why-not", "freemium")
    assert "Why Freemium is ruled out" in told
    assert "FREEMIUM-B2" in told
    (explanation,) = tactician.explain(cafe(), ["freemium"])
    lost = explanation.lost[0]
    assert lost.rule.id in told


def test_a_comparison_tells_the_rules_of_both(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = cafe().tactics[0], cafe().tactics[4]
    told = explain(capsys, CAFE, "--compare", second.id, first.id)
    assert f"Why {first.record.name} ranks above {second.record.name}" in told
    ours = {piece.rule for piece in first.evidence} - {piece.rule for piece in second.evidence}
    assert all(rule in told for rule in ours)


def test_the_arithmetic_adds_up_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    entry = cafe().tactics[0]
    told = explain(capsys, CAFE, entry.id, "--arithmetic")
    adds = [float(number) for number in re.findall(r"Times its share, [\d.]+: (-?[\d.]+\d)", told)]
    assert sum(adds) == pytest.approx(entry.total / 10**12, abs=1e-6)


def test_mycin_reads_the_same_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    told = explain(capsys, CAFE, cafe().tactics[0].id, "--calculus", "mycin")
    assert "MB" in told
    assert "MD" in told
    assert all(piece.rule in told for piece in cafe().tactics[0].evidence)


def test_a_fact_is_explained_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    told = explain(capsys, CAFE, "churn")
    assert "You said: churn is 20 percent a year." in told
    assert "What it does" in told


def test_items_are_told_with_all_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    told = explain(capsys, BAKERY, "--depth", "full", "--top", "5")
    assert "“queues at eight” (a pain, kind obstacle, aspect functional, severity severe" in told
    assert not re.search(r", \(|,\)", told)
    assert re.search(r"It counts [\d.]+ times, the weight of what you listed\.", told)


@pytest.mark.parametrize("name", ["price_sensitivty", "Price sensitivty"])
def test_a_misspelt_fact_is_recognised(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Did you mean price_sensitivity?" in failing(capsys, 2, "explain", CAFE, name)


@pytest.mark.parametrize("option", ["--why-not", "--change"])
def test_a_fact_where_a_tactic_is_wanted_is_told_apart(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "That is a fact: tactician explain FILE churn" in failing(
        capsys, 2, "explain", CAFE, option, "churn"
    )


@pytest.mark.parametrize(
    "question",
    [(), ("referrals",), ("churn",), ("--why-not", "freemium"), ("--compare", "referrals", "freemium")],
)
def test_markdown_and_table_say_the_same(
    question: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    table = set(re.findall(r"[a-z]{4,}", explain(capsys, CAFE, *question)))
    markdown = set(re.findall(r"[a-z]{4,}", explain(capsys, CAFE, *question, "--format", "markdown")))
    assert table == markdown


# Certificates


def test_a_certificate_is_accepted_and_a_changed_one_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "explanation.json"
    assert main.run(["explain", str(CAFE), "referrals", "--format", "json", "-o", str(path)]) == 0
    assert main.run(["check-explanation", str(path), str(CAFE)]) == 0
    assert "Every step follows" in capsys.readouterr().err
    data = json.loads(path.read_text(encoding="utf-8"))
    data["records"][0]["total"] += 1
    path.write_text(json.dumps(data), encoding="utf-8")
    assert main.run(["check-explanation", str(path), str(CAFE)]) == 1
    out, err = capsys.readouterr()
    assert "records[0].total" in out
    assert "does not follow" in err
    assert main.run(["check-explanation", str(path), str(TOYS)]) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}'])
def test_what_is_no_certificate_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "explanation.json"
    path.write_text(text, encoding="utf-8")
    assert main.run(["check-explanation", str(path), str(CAFE)]) == 1
    assert "Traceback" not in capsys.readouterr().err


# Rows of a portfolio


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx", "parquet"])
def test_any_row_of_a_batch_is_explained_as_its_file_is(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"out.{ending}"
    assert main.run(["batch", str(CAFE), str(TOYS), "-o", str(out), "-q"]) == 0
    capsys.readouterr()
    name = "Café Lindehjørnet"
    assert explain(capsys, out, "--client", name, "referrals") == explain(capsys, CAFE, "referrals")


def test_a_row_that_is_not_there_and_a_table_without_a_row_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert main.run(["batch", str(CAFE), "-o", str(out), "-q"]) == 0
    capsys.readouterr()
    assert "Did you mean Café Lindehjørnet?" in failing(
        capsys, 1, "explain", out, "--client", "Café Lindehjornet"
    )
    for command in ("explain", "plan", "trace"):
        assert "takes a client of its output with --client ID" in failing(capsys, 1, command, out)


# Wrong questions


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("refferals",), "Did you mean referrals?"),
        (("business.chrun",), "Did you mean"),
        (("--why-not", "fremium"), "Did you mean freemium?"),
        (("--compare", "referrals", "referrals"), "the same"),
        (("--compare", "referrals", "design"), "ranked apart"),
        (("referrals", "--why-not", "freemium"), "exclude one another"),
        (("referrals", "--depth", "deep"), "deep"),
        (("churn", "--format", "json"), "A fact has no certificate. Leave out --format json"),
    ],
)
def test_wrong_questions_are_told(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in failing(capsys, 2, "explain", CAFE, *arguments)
