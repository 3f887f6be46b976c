"""The client file that an interview writes, its journal, and the run without a terminal."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactician.cli.main import run
from tactician.facts.document import parse_document, read_document
from tactician.facts.repository import facts_folder
from tactician.interview import events as e
from tactician.interview import journal as journals
from tactician.interview.answers import Answers
from tactician.interview.counting import count
from tactician.interview.desk import Desk
from tactician.interview.events import DamagedJournal, decode
from tactician.interview.happening import after
from tactician.interview.journal import Beginning, InUse, Journal
from tactician.interview.slots import Slot
from tactician.interview.stating import said, state
from tactician.interview.writing import client_text, scalar
from tactician.knowledge.loading import load_rulebase


@cache
def desk() -> Desk:
    return Desk(load_rulebase())


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def written(answers: Answers) -> str:
    return client_text(answers, count(answers, desk().pointless), desk().rulebase.vocabulary)


@pytest.mark.parametrize("path", sorted(facts_folder().glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_client_comes_back_as_it_was(path: Path) -> None:
    mapping = read_document(path, limit=10**6).value
    assert isinstance(mapping, dict)
    answers = said(mapping, desk().rulebase.vocabulary)
    document = parse_document(written(answers), "written.yaml")
    again = desk().reader.from_document(document)
    before = desk().reader.from_mapping(state(count(answers, desk().pointless).answers))
    assert again.segments == before.segments
    assert again.facts == before.facts
    assert again.running == before.running


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=40
    )
)
def test_any_text_can_be_written(text: str) -> None:
    found = parse_document(f"client: {scalar(text)}\n", "written.yaml").value
    assert isinstance(found, dict)
    plain = parse_document(json.dumps({"client": text}), "plain.json").value
    assert found == plain


def test_a_number_is_written_so_that_nobody_takes_its_point_for_thousands() -> None:
    answers = after(Answers(), e.SegmentAdded("all"), e.Answered("business.churn", {"": 1.125}))
    assert "  churn: 1.1250  # " in written(answers)
    again = desk().reader.from_document(parse_document(written(answers), "written.yaml"))
    assert again.facts["business.churn"] == 1.125


def test_an_answer_that_stops_counting_is_kept_and_counts_again() -> None:
    refills, control = "offering.consumables_needed", "offering.consumables_control"
    answers = after(Answers(), e.Answered(refills, {"": "high"}), e.Answered(control, {"": "medium"}))
    none = after(answers, e.Answered(refills, {"": "none"}))
    assert count(none, desk().pointless).answers.facts[control] == "none"
    assert none.facts[control] == "medium"
    assert "# consumables_control: medium (does not count: nothing has to be refilled)" in written(none)
    back = after(none, e.Answered(refills, {"": "high"}))
    assert count(back, desk().pointless).answers.facts[control] == "medium"


def test_a_skipped_question_is_written_as_unknown() -> None:
    answers = after(Answers(), e.SegmentAdded("all"), e.Answered("business.churn", {"": None}))
    assert answers.skipped == {Slot("business.churn")}
    assert "\n  churn: unknown  # " in written(answers)


def test_a_torn_last_line_is_dropped_and_a_damaged_one_is_refused() -> None:
    journal = Journal.begin(Beginning())
    journal.keep(e.Named("Bakery"))
    journal.close()
    path = journals.folder() / f"{journal.name}.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"did": "Named", "na')
    kept = journals.read(journal.name)
    assert kept.events == (e.Named("Bakery"),)
    Journal.reopen(kept).close()
    assert path.read_bytes() == whole
    path.write_bytes(whole.replace(b"Named", b"Shouted") + b"\n")
    with pytest.raises(DamagedJournal):
        journals.read(journal.name)


def test_what_another_window_added_meanwhile_is_not_cut_off() -> None:
    journal = Journal.begin(Beginning())
    journal.keep(e.Named("Bakery"))
    journal.close()
    seen = journals.read(journal.name)
    other = Journal.reopen(journals.read(journal.name))
    with pytest.raises(InUse, match="is open in another window"):
        Journal.reopen(seen)
    other.keep(e.Counted("DKK"))
    other.close()
    with pytest.raises(InUse, match=r"went on in another window\. Start again"):
        Journal.reopen(seen)
    now = journals.read(journal.name)
    assert now.events == (e.Named("Bakery"), e.Counted("DKK"))
    Journal.reopen(now).close()
    assert journals.read(journal.name) == now


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "nothing", ""])
def test_only_interviews_can_be_gone_on_with(name: str) -> None:
    with pytest.raises(DamagedJournal):
        journals.read(name)


@pytest.mark.parametrize(
    "stated", [None, 3, {}, {"did": "Named"}, {"did": "Named", "name": "x", "more": 1}, {"did": []}]
)
def test_what_no_interview_does_is_refused(stated: object) -> None:
    with pytest.raises(DamagedJournal):
        decode(stated)


def ask(*arguments: str) -> int:
    return run(["ask", "--no-input", *arguments])


def test_answers_and_settings_without_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "some.yaml"
    source.write_text("currency: DKK\nbusiness: {business_stage: growth}\n", encoding="utf-8")
    out = tmp_path / "bakery.yaml"
    settings = ("client=Bakery", "segments=commuters, families", "business.monthly_budget=kr. 3.000,00")
    arguments = [word for setting in settings for word in ("--set", setting)]
    assert (
        ask(
            "--answers",
            str(source),
            *arguments,
            "--set",
            "segment[families].price_sensitivity=high",
            "-o",
            str(out),
        )
        == 0
    )
    assert capsys.readouterr().out.startswith("Plan for Bakery")
    found = read_document(out, limit=10**6).value
    assert found == {
        "client": "Bakery",
        "currency": "DKK",
        "business": {"business_stage": "growth", "monthly_budget": 3000},
        "segments": [{"name": "commuters"}, {"name": "families", "price_sensitivity": "high"}],
    }


def test_it_says_so_when_answers_are_kept_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--set", "client=Bakery") == 0
    assert "No file was named with -o: your answers are not kept." in capsys.readouterr().err


def test_any_name_of_a_group_can_be_set_and_nothing_be_running(tmp_path: Path) -> None:
    out = tmp_path / "bakery.yaml"
    arguments = ("segments=a=b", "segment[a=b].price_sensitivity=high", "running=unknown")
    assert ask(*(word for each in arguments for word in ("--set", each)), "-o", str(out)) == 0
    found = read_document(out, limit=10**6).value
    assert isinstance(found, dict)
    assert found["segments"] == [{"name": "a=b", "price_sensitivity": "high"}]
    assert not found.get("running")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing was given"),
        (("--set", "business.churn"), "lacks a value"),
        (("--set", "business.churns=3"), "Did you mean business.churn"),
        (("--set", "offering.churn=3"), "Write business.churn."),
        (("--set", "curency=DKK"), "Did you mean currency"),
        (("--set", "pain.severity=severe"), "no fact 'pain.severity'"),
        (("--set", "churn=300"), "out of range"),
        (("--set", "business.monthly_budget=1.234"), "two ways"),
        (("--set", "segments=a", "--set", "segment[b].public_buyer=yes"), "no group called b"),
        (("--set", "running=freemiun"), "freemium"),
    ],
)
def test_what_cannot_be_taken_is_said(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(*arguments) == 2
    assert words in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_with_its_own_code(tmp_path: Path) -> None:
    assert ask("--set", "client=Bakery", "-o", str(tmp_path / "none" / "bakery.yaml")) == 4


def test_a_file_that_is_there_is_replaced_only_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "my bakery.yaml"
    filled = "client: Bakery\nbusiness: {business_stage: growth}\nsegments: [{name: all}]\n"
    out.write_text(filled, encoding="utf-8")
    for arguments in (("--set", "client=Other"), ("--answers", str(out))):
        assert ask(*arguments, "-o", str(out)) == 2
        told = capsys.readouterr().err
        assert f"{out} is there already. Add --force to replace it, or edit it with: tactician ask '" in told
        assert out.read_text(encoding="utf-8") == filled
    assert not list((tmp_path / "state").rglob("*.jsonl"))
    assert ask("--set", "client=Other", "-o", str(out), "--force") == 0
    assert "client: Other" in out.read_text(encoding="utf-8")


def test_a_file_is_edited_under_any_of_its_names(tmp_path: Path) -> None:
    file, link = tmp_path / "bakery.yaml", tmp_path / "link.yaml"
    file.write_text("client: Bakery\nsegments: [{name: all}]\n", encoding="utf-8")
    link.symlink_to(file)
    assert ask(str(file), "--set", "client=One") == 0
    assert ask(str(file), "--set", "client=Two", "-o", str(link)) == 0
    assert "client: Two" in file.read_text(encoding="utf-8")


def test_the_client_file_can_go_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--set", "client=Bakery", "-o", "-") == 0
    assert "client: Bakery\n" in capsys.readouterr().out
