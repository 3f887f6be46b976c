"""The guarded reader of YAML and JSON: values, positions, and everything it refuses."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tactician.errors import Place, TacticianError, UnreadableInput, UsageError
from tactician.facts.building import Bounds, Builder
from tactician.facts.document import document_of, parse_document, read_document
from tactician.facts.repository import facts_folder, rules_folder
from tactician.facts.yaml_errors import explain
from tactician.facts.yaml_source import feed_yaml

CORE = {
    "no": "no", "NO": "NO", "on": "on", "off": "off", "yes": "yes", "y": "y",
    "true": True, "True": True, "TRUE": True, "false": False, "tRUE": "tRUE",
    "null": None, "~": None, "Null": None, "none": "none", "": None,
    "12:30": "12:30", "1_000": "1_000", "010": 10, "0o10": 8, "0x1F": 31, "0b11": "0b11", "0o9": "0o9",
    "+5": 5, "-0": 0, "1.": 1.0, ".5": 0.5, "-1.5e3": -1500.0, "1e": "1e", "1,5": "1,5",
    "2025-01-01": "2025-01-01", "=": "=", "NaN": "NaN", "inf": "inf", "5 kg": "5 kg", '"5"': "5", "'true'": "true",
}  # fmt: skip


def message(data: bytes | str, **options: object) -> str:
    with pytest.raises(UnreadableInput) as caught:
        parse_document(data, "f.yaml", **options)  # type: ignore[arg-type]
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("text", CORE)
def test_unquoted_words_mean_what_yaml_1_2_says(text: str) -> None:
    value = parse_document(f"a: {text}\n").value
    assert value == {"a": CORE[text]}
    assert type(value["a"]) is type(CORE[text])  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [".inf", "-.inf", "+.INF", ".nan", ".NaN", "1e400", "-1e999", "1e16", "1000000000000001", "-1e15001"],
)
def test_numbers_that_are_not_finite_or_too_large_are_refused(text: str) -> None:
    assert "f.yaml:1:4: a: this" in message(f"a: {text}")


def test_whole_numbers_have_at_most_18_digits() -> None:
    assert "18 digits" in message("a: 1234567890123456789")
    assert "18 digits" in message('{"a": 1234567890123456789}')
    assert "18 digits" in message("a: " + "9" * 5000)
    assert parse_document("a: 1000000000000000").value == {"a": 10**15}


def test_both_yaml_parsers_read_the_same() -> None:
    for file in [*sorted(facts_folder().glob("*.yaml"))[:8], rules_folder() / "levers" / "price.yaml"]:
        text = file.read_text(encoding="utf-8")
        builder = Builder(str(file), Bounds())
        feed_yaml(text, builder, yaml.Loader)
        document = parse_document(text, str(file))
        assert builder.root == document.value
        assert builder.region == document._region


POSITIONED = """\
client: Bakery
segments:
  - name: commuters
    pains:
      - {id: queue, severity: severe}
      - id: cold
"""


def test_places_of_values_and_keys() -> None:
    document = parse_document(POSITIONED, "f.yaml")
    assert document.place(["client"]) == Place("f.yaml", 1, 9)
    assert document.place(["client"], key=True) == Place("f.yaml", 1, 1)
    assert document.place(["segments", 0, "pains", 0, "severity"]) == Place("f.yaml", 5, 31)
    assert document.place(["segments", 0, "pains", 0, "severity"], key=True) == Place("f.yaml", 5, 21)
    assert document.place(["segments", 0, "pains", 1]) == Place("f.yaml", 6, 9)
    assert document.place([]) == Place("f.yaml", 1, 1)


def test_the_place_of_what_is_missing_is_that_of_its_nearest_ancestor() -> None:
    document = parse_document(POSITIONED, "f.yaml")
    assert document.place(["segments", 0, "gains", 3, "id"]) == document.place(["segments", 0])
    assert document.place(["client", "x"]) == document.place(["client"])
    assert document.place(["segments", 7]) == document.place(["segments"])


def test_paths_are_told_with_names() -> None:
    document = parse_document(POSITIONED, "f.yaml")
    assert (
        document.where(["segments", 0, "pains", 1, "severity"]) == "segments[commuters].pains[cold].severity"
    )
    assert parse_document("[[1, 2]]").where([0, 1]) == "[#1][#2]"


def test_json_has_the_same_values_and_its_own_places() -> None:
    value = parse_document(POSITIONED).value
    text = json.dumps(value, indent="\t")
    document = parse_document(text, "f.json")
    assert document.value == value
    assert document.place(["segments", 0, "name"]) == Place("f.json", 5, 12)
    assert document.place(["segments", 0, "name"], key=True) == Place("f.json", 5, 4)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e15, 1e15)
    | st.text("aéæ\n\t\"\\/: #-[]{}'", max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc: '\"é", max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_json_and_values_in_memory_come_back_as_they_are(value: object) -> None:
    for indent in (None, 1, "\t"):
        assert parse_document(json.dumps(value, indent=indent), format="json").value == value
    assert parse_document(json.dumps(value, ensure_ascii=False), format="json").value == value
    assert document_of(value).value == value


def told(error: UnreadableInput) -> None:
    assert error.problems
    assert str(error).startswith("f")


@given(st.text(max_size=60) | st.text("{}[]:,-&*!|>'\"#%@ \n\tab01.", max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for form in ("yaml", "json"):
        try:
            parse_document(text, "f", format=form)
        except UnreadableInput as error:
            told(error)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    try:
        parse_document(data, "f")
    except UnreadableInput as error:
        told(error)


@given(st.text('{}[]:,"\\ \n0123456789.eE+-tfn/u', max_size=40))
def test_json_is_read_exactly_when_the_standard_library_reads_it(text: str) -> None:
    def refuse(word: str) -> object:
        raise ValueError(word)

    try:
        expected = json.loads(text, parse_constant=refuse)
    except ValueError:
        with pytest.raises(UnreadableInput):
            parse_document(text, format="json")
        return
    try:
        assert parse_document(text, format="json").value == expected
    except UnreadableInput as error:
        said = " ".join(problem.what for problem in error.problems)
        assert any(
            word in said for word in ("twice", "digits", "finite", "beyond", "unprintable character")
        ), said


NESTED = {
    "flow": lambda n: "[" * n,
    "flow mappings": lambda n: "{a: " * n,
    "block": lambda n: "- " * n,
    "json lists": lambda n: "[" * n + "]" * n,
    "json mappings": lambda n: '{"a":' * n + "1" + "}" * n,
}


@pytest.mark.parametrize("depth", [33, 1_000, 50_000, 1_000_000])
@pytest.mark.parametrize("kind", NESTED)
def test_deep_nesting_is_refused_with_its_place(kind: str, depth: int) -> None:
    text = NESTED[kind](depth)
    begin = time.perf_counter()
    told = message(text, format="json" if kind.startswith("json") else "yaml")
    assert time.perf_counter() - begin < 1
    assert "deeper than 32 levels" in told
    assert "TACTICIAN_MAX_DEPTH" in told
    assert told.startswith("f.yaml:1:")


@pytest.mark.parametrize("depth", [33, 1_000])
def test_deep_indentation_is_refused(depth: int) -> None:
    assert "deeper than 32 levels" in message("\n".join(" " * level + "a:" for level in range(depth)))


def test_thirty_two_levels_are_allowed() -> None:
    assert parse_document("[" * 32 + "]" * 32).value
    assert parse_document("[" * 32 + "]" * 32, format="json").value


def test_deep_and_cyclic_values_in_memory_are_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(UnreadableInput, match="deeper than 32"):
        document_of(value)
    with pytest.raises(UnreadableInput, match="a set cannot be a fact"):
        document_of({"a": {1}})
    with pytest.raises(UnreadableInput, match="not a finite number"):
        document_of({"a": math.nan})
    with pytest.raises(UnreadableInput, match="key 1 is not a text"):
        document_of({1: "a"})


BOMBS = [
    "a: &a [x, x]\nb: [*a, *a, *a]",
    "&a [*a]",
    "a: &a\n  b: *a",
    "a: &a {x: 1}\nb: {<<: *a}",
    "a: &a [1]\nb: &b [*a, *a]\nc: &c [*b, *b]",
    "b: *nothing",
    "b: {<<: {c: 1}}",
    "<<: [1]",
]


@pytest.mark.parametrize("text", BOMBS)
def test_aliases_anchors_and_merge_keys_are_refused(text: str) -> None:
    told = message(text)
    assert "not allowed" in told
    assert told.startswith("f.yaml:")


TAGS = [
    "!!python/object/apply:os.system ['true']", "!!python/object/new:os.system ['true']", "!!python/tuple [1]",
    "!!python/name:os.system ''", "!!python/module:os ''", "!!binary aGk=", "!!timestamp 2025-01-01", "!!set {a}",
    "!!omap []", "!!pairs []", "!!str 5", "!!int '5'", "!!float '5'", "!!bool 'yes'", "!!null ''", "! 5", "!ENV x",
    "!include other.yaml", "!<tag:yaml.org,2002:python/object:x> {}", "!= none",
]  # fmt: skip


@pytest.fixture(scope="module")
def events() -> Iterator[list[str]]:
    """What the interpreter reports while a test runs; such a hook cannot be taken away again, only silenced."""
    seen: list[str] = []
    listening = [True]
    sys.addaudithook(lambda event, _: seen.append(event) if listening else None)
    yield seen
    listening.clear()


@pytest.mark.parametrize("tag", TAGS)
def test_tags_are_refused_and_nothing_happens(tag: str, events: list[str]) -> None:
    events.clear()
    told = message(f"a: {tag}\n")
    happened = set(events)
    assert "is a tag, and tags are not allowed" in told
    assert not {"os.system", "subprocess.Popen", "open", "socket.connect", "import"} & happened


DUPLICATES = [
    ("a: 1\nb: 2\na: 3\n", "'a' is given twice, in line 1 and in line 3"),
    ("x:\n  a: 1\n  a: 1\n", "f.yaml:3:3: x: 'a' is given twice, in line 2 and in line 3"),
    ("{a: 1, a: 2}", "twice, in line 1"),
    ("{a: {b: 1,\n b: 2}}", "twice, in line 1 and in line 2"),
    ("é: 1\ne\u0301: 2\n", "twice, in line 1 and in line 2"),
    ("'a': 1\n\"a\": 2\n", "twice"),
    ('{"a": 1, "a": 2}', "twice"),
    ('{"a":\n 1, "\\u0061": 2}', "twice, in line 1 and in line 2"),
    ('{"\u00c5": 1,\n"A\u030a": 2}', "twice, in line 1 and in line 2"),
    ('[{"b": {"a": 1,\n"a": 1}}]', "[#1].b: 'a' is given twice, in line 1 and in line 2"),
]


@pytest.mark.parametrize(("text", "words"), DUPLICATES)
def test_duplicate_keys_are_refused_with_both_lines(text: str, words: str) -> None:
    assert words in message(text)


def test_keys_that_look_the_same_are_refused_in_memory_too() -> None:
    with pytest.raises(UnreadableInput, match="'é' is given twice"):
        document_of({"é": 1, "e\u0301": 2})


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = message("a: 1\na: 2\nb: .nan\nc: 12345678901234567890\nd: [\n").splitlines()
    assert len(told) == 4
    assert [line.split(":")[1] for line in told] == ["2", "3", "4", "6"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('a: "\\0"', "U+0000"), ('a: "\\e[31m"', "U+001B"), ("a: x\x07", "U+0007"), ('{"a": "\\u0000"}', "U+0000"),
        ('{"a": "\\ud800"}', "U+D800"), ("a: x\x9b", "U+009B"), ("a: \ud800", "U+D800"), ('"\\b": 1', "U+0008"),
    ],
)  # fmt: skip
def test_control_characters_and_lone_surrogates_are_refused(text: str, words: str) -> None:
    assert f"unprintable character {words}" in message(text)


def test_long_texts_and_many_values_are_refused_with_the_way_to_raise_the_limit() -> None:
    assert "a text of 10001 characters, 10000 are allowed. Set TACTICIAN_MAX_TEXT" in message(
        "a: " + "x" * 10_001
    )
    assert parse_document("a: " + "x" * 10_000).value
    many = "[" + "1," * 200_000 + "1]"
    assert "more than 200000 keys and values up to here. Set TACTICIAN_MAX_NODES" in message(
        many, format="json"
    )
    assert "more than 200000" in message(many, format="yaml")


def test_limits_can_be_raised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TACTICIAN_MAX_DEPTH", "40")
    monkeypatch.setenv("TACTICIAN_MAX_TEXT", "20000")
    monkeypatch.setenv("TACTICIAN_MAX_BYTES", "20000")
    assert parse_document("[" * 40 + "]" * 40).value
    file = tmp_path / "long.yaml"
    file.write_text("a: " + "x" * 15_000)
    assert read_document(file, limit=100).value
    monkeypatch.setenv("TACTICIAN_MAX_DEPTH", "many")
    with pytest.raises(UsageError, match="TACTICIAN_MAX_DEPTH is 'many'"):
        parse_document("a: 1")


BROKEN = {
    "a:\n\tb: 1\n": (2, "a tab stands where spaces are needed"),
    "a:\n  - b\n\t- c\n": (3, "a tab stands"),
    "a: @x\n": (1, "cannot start with this character"),
    "a: b: c\n": (1, "this colon is unexpected"),
    "a: 1\nb\nc: 2\n": (3, "a line without a colon"),
    "a:\n  b: 1\n c: 2\n": (3, "the indentation does not match"),
    "a: [1, 2\nb: 3\n": (2, "the list opened with [ in line 1 is not closed"),
    "a: {x: 1 y: 2}\n": (1, "a comma is missing"),
    'b: 1\na: "x\nc: 1\n': (2, "a quote is opened in line 2 and never closed"),
    'a: "C:\\q"\n': (1, "a backslash in double quotes"),
    "a: >= 5\n": (1, 'Put it in quotes: ">= 5"'),
    "a: *\n": (1, "starts with * or & needs quotes"),
    "a: !e!x 1\n": (1, "starts with ! needs quotes"),
    "%YAML 2.0\n---\na: 1\n": (1, "another version of YAML"),
    "a: - b\n": (1, "a list cannot start on this line"),
    "{a: 1}\nb: 2\n": (2, "something follows after the end"),
    "a: ]\n": (1, "a value is missing before this character"),
    "a: 1\n---\nb: 2\n": (2, "a second document starts here"),
    "? [1]\n: 2\n": (1, "a key must be a word"),
}


@pytest.mark.parametrize("loader", [yaml.Loader, yaml.CLoader])
@pytest.mark.parametrize("text", BROKEN)
def test_broken_yaml_is_told_in_our_own_sentences_by_both_parsers(text: str, loader: type) -> None:
    line, words = BROKEN[text]
    with pytest.raises(UnreadableInput) as caught:
        feed_yaml(text, Builder("f.yaml", Bounds()), loader)
    assert str(caught.value).startswith(f"f.yaml:{line}:")
    assert words in str(caught.value)


BROKEN_JSON = {
    '{"a":1,}': "a comma before the closing bracket",
    "[1,2": "opened here with [ is never closed",
    '{"a" 1}': "a colon is missing",
    '{"a":NaN}': "'NaN' is not a JSON value",
    '{"a":-Infinity}': "'-Infinity' is not a JSON value",
    '{"a":012}': "'012' is not a JSON value",
    '{"a":1}x': "something follows after the end",
    '{"a":"\\q"}': "a backslash here",
    '{"a":1 "b":2}': "a comma or } is missing",
    '{"a":"x\ny"}': "this quote is not closed",
    '{"a":}': "a value is missing",
    "{'a': 1}": "a key in double quotes",
    "[1,,2]": "a value is missing",
    "": "the file is empty",
}


@pytest.mark.parametrize("text", BROKEN_JSON)
def test_broken_json_is_told_in_our_own_sentences(text: str) -> None:
    assert BROKEN_JSON[text] in message(text, format="json")


def test_a_file_without_an_ending_is_told_by_its_beginning() -> None:
    assert parse_document('{"a":\t1}').value == {"a": 1}
    assert parse_document("{a: 1}").value == {"a": 1}
    assert parse_document("a: 1").value == {"a": 1}


def test_text_is_normalised_so_that_what_looks_the_same_is_the_same() -> None:
    assert parse_document("a: cafe\u0301").value == {"a": "caf\u00e9"}


def test_empty_files_are_refused() -> None:
    for text in ("", "   \n", "# nothing but a comment\n", "\ufeff"):
        assert "the file is empty" in message(text)


def test_decimal_numbers_in_memory_are_read() -> None:
    assert document_of({"a": Decimal("0.1"), "b": (1, 2)}).value == {"a": 0.1, "b": [1, 2]}
    with pytest.raises(UnreadableInput, match="client: a: this is not a finite number"):
        document_of({"a": Decimal("Infinity")})


def test_an_error_of_yaml_that_nobody_foresaw_has_a_sentence_too() -> None:
    assert explain(yaml.YAMLError("odd"), "a: 1")[:2] == (None, "this is not YAML")


def test_errors_are_of_one_family() -> None:
    assert issubclass(UnreadableInput, TacticianError)
