"""Every wrong client file of bad_facts/ is refused in the promised words, with a line, and without a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from small_world import READER
from tactician.errors import InvalidClient, ProblemsError, UnreadableInput

FOLDER = Path(__file__).parent / "bad_facts"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))
ERRORS = {"invalid": InvalidClient, "unreadable": UnreadableInput}


def refusal(path: Path) -> ProblemsError:
    with pytest.raises(ProblemsError) as caught:
        READER.read(path)
    return caught.value


def test_every_file_is_expected() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {"expected.yaml", *EXPECTED}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_wrong_file_is_refused_in_the_promised_words(name: str) -> None:
    expected = EXPECTED[name]
    error = refusal(FOLDER / name)
    told = str(error)
    assert type(error) is ERRORS[expected["error"]]
    assert error.exit_code == 1
    assert (error.problems[0].place.line or 0) == expected["line"], told
    for words in expected["words"]:
        assert words in told
    for leak in ("Traceback", "pydantic", "https://", "Input should", "_model", "literal_error"):
        assert leak not in told


def test_each_problem_is_told_once() -> None:
    for name in EXPECTED:
        lines = str(refusal(FOLDER / name)).splitlines()
        assert len(set(lines)) == len(lines), name


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "client.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_more_segments_than_allowed(tmp_path: Path) -> None:
    text = "client: x\nsegments:\n" + "".join(f"  - name: segment {n}\n" for n in range(21))
    told = str(refusal(written(tmp_path, text)))
    assert "client.yaml:3:3: segments: there are 21 entries, and 20 are allowed" in told
    assert "limits.segments in parameters.yaml" in told


def test_more_items_than_allowed(tmp_path: Path) -> None:
    text = "client: x\nsegments:\n  - name: a\n    pains:\n" + "".join(
        f"      - id: p{n}\n" for n in range(101)
    )
    told = str(refusal(written(tmp_path, text)))
    assert "client.yaml:5:7: segments[a].pains: there are 101 entries, and 100 are allowed" in told
    assert "limits.items in parameters.yaml" in told


def test_a_text_that_is_too_long(tmp_path: Path) -> None:
    text = f"client: x\nsegments:\n  - name: a\n    pains: [{{id: p, text: {'x' * 10_001}}}]\n"
    assert "client.yaml:4:27: segments[a].pains[p].text: a text of 10001 characters" in str(
        refusal(written(tmp_path, text))
    )


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    assert "a client file may have 1,048,576 bytes" in str(
        refusal(written(tmp_path, "client: x\n" + "# \n" * 400_000))
    )


def test_a_file_of_nothing_but_problems_is_told_in_part(tmp_path: Path) -> None:
    text = "client: x\nsegments: [{name: a}]\nbusiness:\n" + "".join(f"  fact{n}: 1\n" for n in range(5000))
    error = refusal(written(tmp_path, text))
    assert len(error.problems) == 101
    assert "only 100 problems are shown. Repair these first." in str(error)
    twice = "client: x\n" + "a: 1\n" * 5000
    error = refusal(written(tmp_path, twice))
    assert len(error.problems) == 101
    assert "reading stops here, after 100 problems" in str(error)


def test_long_names_are_cut_in_messages(tmp_path: Path) -> None:
    text = f"client: x\ncurrency: {'c' * 9000}\nsegments:\n  - name: {'n' * 9000}\n    {'k' * 900}: 1\n"
    assert all(len(line) < 500 for line in str(refusal(written(tmp_path, text))).splitlines())
