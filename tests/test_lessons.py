"""The lessons show what the program prints today."""

import importlib.util
from pathlib import Path

import pytest

from tactician import library

FOLDER = Path(__file__).parents[1] / "docs" / "lessons"


@pytest.fixture(scope="module")
def make():
    spec = importlib.util.spec_from_file_location("make_lessons", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_three_lessons(make):
    assert [page.stem[2:] for page in make.pages()] == [
        "certainty_factors",
        "conflict_resolution",
        "negation_and_the_unknown",
    ]


@pytest.mark.parametrize("place", range(3))
def test_a_lesson_is_not_stale(make, place):
    page = make.pages()[place]
    assert make.renewed(page) == page.read_text(encoding="utf-8"), "Run: python docs/lessons/make.py"


def test_a_changed_output_and_a_failing_command_are_noticed(make, tmp_path):
    page = tmp_path / "1_page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    assert make.renewed(page) == "```python\n>>> 1 + 1\n2\n```\n"
    page.write_text("```console\n$ tactician trace nowhere.yaml\n```\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="nowhere"):
        make.renewed(page)


def test_the_answers_to_the_exercises_are_right():
    rulebase, file = library.open_teaching(), library.teaching_client()
    breadth = library.trace(file, rulebase, strategy="breadth").segments[0]
    assert breadth.cycles[-1].fires.rule == "CALL-OUT-B1"
    depth = library.trace(file, rulebase).segments[0]
    assert [element.name for element in depth.cycles[6].declared] == ["segment.earnings"]
    orders = {}
    for name, segment in (("breadth", breadth), ("depth", depth)):
        fired = [cycle.fires.rule for cycle in segment.cycles]
        assert fired.index("QUEUE-1") < fired.index("MOOD-1")
        orders[name] = fired.index("SECOND-GLASS-F1") < fired.index("STAMP-CARD-F1")
    assert orders["breadth"] != orders["depth"]
    client = library.read_client(file, rulebase)
    (segment,) = client.segments
    assert (
        "SHADE-F2"
        in library.consult(client.with_fact("segment.passers_by", None), rulebase).segments[0].fired
    )
    silent = client.with_fact("offering.taste", None)
    for fact in ("segment.passers_by", "segment.thirst"):
        silent = silent.with_fact(fact, None)
    from dataclasses import replace

    silent = replace(silent, segments=(replace(silent.segments[0], items={}),))
    assert library.trace(silent, rulebase).segments[0].cycles == ()
