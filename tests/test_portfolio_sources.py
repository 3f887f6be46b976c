"""Many clients from wherever they are: paths, mappings, tables in memory; sheets to fill in; progress."""

from __future__ import annotations

import hashlib
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tactician
from portfolio_world import evaluation_of, stated, write_lines
from tactician.errors import CannotWrite, ProblemsError, UsageError
from tactician.facts.number_words import read_figure
from tactician.facts.repository import facts_folder
from tactician.knowledge.rules import Rulebase
from tactician.portfolio import arrow_tables
from tactician.portfolio.columns import levels_by_word
from tactician.portfolio.documents import client_document
from tactician.portfolio.headings import LANGUAGES, Headings, headings_file, level_words, plain, sheet_kind
from tactician.portfolio.inputs import Inputs
from tactician.portfolio.progress import Progress
from tactician.portfolio.template_files import number_text, write_sheets, write_template
from tactician.presentation.spreadsheet_text import as_written, harmless

EXAMPLE = facts_folder() / "solsikken_bakery.yaml"


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return tactician.open_rulebase()


def clients(rulebase: Rulebase, *sources: Any) -> dict[str, Any]:
    """The clients of some inputs, by name; none may have a problem."""
    evaluation = evaluation_of(rulebase)
    inputs = Inputs(rulebase, evaluation.tactic_names)
    found = [
        each.resolve(evaluation.reader) for each in inputs.pending(inputs.find([str(s) for s in sources]))
    ]
    assert [problem for each in found for problem in each.problems] == []
    return {each.id: each.client for each in found}


def assert_same(one: Any, other: Any) -> None:
    for field in ("id", "currency", "rate", "running", "facts", "segments", "amounts"):
        assert getattr(one, field) == getattr(other, field)


# Library


def test_results_stream_in_the_order_of_the_clients(rulebase: Rulebase) -> None:
    documents = (stated(number, rulebase.vocabulary) for number in range(10**9))
    results = tactician.consult_many(documents, rulebase)
    first = [next(results) for _ in range(3)]
    assert [result.id for result in first] == ["Ærø Is 00000", "Bakkerij 00001", "Fjell & Fjord 00002"]
    assert first[0].advice.tactics[0].rank == 1


def test_sources_can_be_mixed(rulebase: Rulebase, tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "a.jsonl", range(2), rulebase.vocabulary)
    client = tactician.read_client(EXAMPLE, rulebase)
    mapping = {"client": "Mapping", "segments": [{"name": "all"}]}
    bad = {"client": "Bad", "segments": []}
    results = list(tactician.consult_many([str(lines), client, mapping, bad, EXAMPLE], rulebase))
    assert [result.id for result in results] == [
        "Ærø Is 00000", "Bakkerij 00001", "Solsikken Bakery", "Mapping", "Bad", "Solsikken Bakery",
    ]  # fmt: skip
    assert results[2].consultation.segments == results[5].consultation.segments
    with pytest.raises(ProblemsError, match="no segment"):
        _ = results[4].advice


ROWS = {
    "client": ["Alfa", "Beta", "Beta"],
    "currency": ["EUR", "DKK", None],
    "running": [["referrals"], [], None],
    "monthly_budget": [250.5, 1000.0, None],
    "customer_base_size": [120, 80, None],
    "feedback_mechanism": [True, None, None],
    "segment": ["all", "one", "two"],
    "share": [1.0, 0.25, 0.75],
    "price_sensitivity": ["high", "lav", "unknown"],
}


class Polars:
    """The shape of a Polars table."""

    columns = tuple(ROWS)
    shape = (3, len(ROWS))

    def iter_rows(self) -> Any:
        return zip(*ROWS.values(), strict=True)


TABLES = {
    "arrow": lambda: pa.table(ROWS),
    "arrow in chunks": lambda: pa.concat_tables([pa.table(ROWS).slice(0, 1), pa.table(ROWS).slice(1)]),
    "arrow decimals": lambda: pa.table(
        {**ROWS, "share": pa.array([Decimal("1"), Decimal("0.25"), Decimal("0.75")])}
    ),
    "arrow levels": lambda: pa.table(
        {**ROWS, "price_sensitivity": pa.array(ROWS["price_sensitivity"]).dictionary_encode()}
    ),
    "pandas": lambda: pytest.importorskip("pandas").DataFrame(ROWS),
    "polars": Polars,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_in_memory_is_read_like_a_sheet(name: str, rulebase: Rulebase) -> None:
    results = list(tactician.consult_many(TABLES[name](), rulebase))
    assert [result.problems for result in results] == [(), ()]
    alfa, beta = (result.consultation.client for result in results)
    assert alfa.running == ("referrals",)
    assert (alfa.amounts["business.monthly_budget"], alfa.facts["business.feedback_mechanism"]) == (
        Decimal("250.5"),
        True,
    )
    assert beta.running == ()
    assert [segment.ppm for segment in beta.segments] == [250_000, 750_000]
    assert [segment.facts for segment in beta.segments] == [{"segment.price_sensitivity": "low"}, {}]
    assert "business.feedback_mechanism" not in beta.facts


def test_a_parquet_file_is_read_like_a_sheet(rulebase: Rulebase, tmp_path: Path) -> None:
    from pyarrow import parquet

    parquet.write_table(pa.table(ROWS), tmp_path / "a.parquet")
    assert list(clients(rulebase, tmp_path / "a.parquet")) == ["Alfa", "Beta"]
    (tmp_path / "b.parquet").write_bytes(b"PAR1 not really")
    (result,) = tactician.consult_many(tmp_path / "b.parquet", rulebase)
    assert "not a whole Parquet file" in str(result.problems[0])


def test_the_bound_of_rows_of_a_parquet_file_can_be_raised(
    rulebase: Rulebase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import parquet

    parquet.write_table(pa.table({"client": ["A", "B", "C"]}), tmp_path / "a.parquet")
    monkeypatch.setattr(arrow_tables, "MOST_ROWS", 2)
    (result,) = tactician.consult_many(tmp_path / "a.parquet", rulebase)
    assert "there are 3 rows, and 2 are allowed" in result.problems[0].what
    assert "Set TACTICIAN_MAX_ROWS to a higher number" in result.problems[0].hint
    monkeypatch.setenv("TACTICIAN_MAX_ROWS", "3")
    assert list(clients(rulebase, tmp_path / "a.parquet")) == ["A", "B", "C"]
    monkeypatch.setenv("TACTICIAN_MAX_ROWS", "many")
    with pytest.raises(UsageError, match="TACTICIAN_MAX_ROWS is 'many'"):
        list(tactician.consult_many(tmp_path / "a.parquet", rulebase))


def test_nan_in_a_table_is_no_number(rulebase: Rulebase) -> None:
    table = pa.table({"client": ["A"], "churn": [float("nan")]})
    (result,) = tactician.consult_many(table, rulebase)
    assert "finite" in result.problems[0].what


@pytest.mark.parametrize("source", [5, object()])
def test_what_holds_no_clients_is_refused(source: object, rulebase: Rulebase) -> None:
    with pytest.raises(UsageError, match="holds no clients"):
        list(tactician.consult_many(source, rulebase))
    with pytest.raises(UsageError, match="no engine called"):
        list(tactician.consult_many([], rulebase, "columnar"))


def test_lines_of_json_name_their_line(rulebase: Rulebase, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps({"client": "Good", "segments": [{"name": "a"}]})
    bad = json.dumps({"client": "Bad", "business": {"churn": 101}, "segments": [{"name": "a"}]})
    path.write_text(
        f"\ufeff{good}\n\n{{\n{bad}\n{'x' * 3_000_000}\n{good.replace('Good', 'Last')}", encoding="utf-8"
    )
    results = list(tactician.consult_many(path, rulebase))
    assert [result.id for result in results if result.consultation] == ["Good", "Last"]
    assert [result.problems[0].place.line for result in results if result.problems] == [3, 4, 5]


def test_a_folder_is_read_whole_but_for_what_is_hidden(rulebase: Rulebase, tmp_path: Path) -> None:
    (tmp_path / "deep" / ".hidden").mkdir(parents=True)
    for name in ("a.yaml", "deep/b.yml", "deep/c.json", ".d.yaml", "deep/.hidden/e.yaml", "notes.docx"):
        (tmp_path / name).write_text(
            f'{{"client": "{name[:-4]}", "segments": [{{"name": "x"}}]}}', encoding="utf-8"
        )
    assert list(clients(rulebase, tmp_path)) == ["a.", "deep/b", "deep/c."]
    assert list(clients(rulebase, f"{tmp_path}/**/*.json")) == ["deep/c."]


# Headings and words


def test_no_heading_means_two_things(rulebase: Rulebase) -> None:
    headings = Headings(rulebase.vocabulary)
    for known in (headings.main, *headings.items.values()):
        assert known
    for spec in rulebase.vocabulary.facts.values():
        translated = headings_file()["facts"][spec.id]
        assert set(translated) == set(LANGUAGES) - {"en"}
        for words in (*translated.values(), (spec.name, spec.id)):
            for word in words:
                kind = (
                    spec.scope
                    if spec.scope in headings.items
                    else "product"
                    if spec.scope == "link"
                    else None
                )
                target = headings.find(word, kind)
                assert target is not None, word
                if spec.scope != "link" or word != spec.name:
                    assert (target.scope, target.name) == (spec.scope, spec.name), word


def test_headings_are_known_however_they_are_written(rulebase: Rulebase) -> None:
    headings = Headings(rulebase.vocabulary)
    for text in (
        "monthly_budget", "Monthly Budget", "MONTHLY-BUDGET", "monthlyBudget", "business.monthly_budget",
        "Månedligt budget", "maanedligt budget", "MÅNEDLIGT BUDGET (kr./md.)", "Ma\u030anedligt budget",
        "budget pr. måned kr", "Maandbudget [EUR]",
    ):  # fmt: skip
        target = headings.find(text)
        assert target is not None, text
        assert (target.scope, target.name) == ("business", "monthly_budget")
    assert headings.find("Telefon") is None
    assert headings.find("product 2 addresses 3 proof").link == 3  # type: ignore[union-attr]
    assert headings.find("product 2 addresses 3 colour") is None


def test_every_level_has_its_words_and_no_word_means_two_levels(rulebase: Rulebase) -> None:
    for spec in rulebase.vocabulary.facts.values():
        words = levels_by_word(spec)
        for level in spec.levels:
            assert words[plain(level).replace(" ", "_")] == level
            assert words[level.replace("_", " ")] == level
    known = {level for spec in rulebase.vocabulary.facts.values() for level in spec.levels}
    assert set(level_words()) <= known
    assert known - set(level_words()) <= {
        "mvp",
        "supporting_buyer",
        "supporting_cocreator",
        "supporting_transferrer",
    }


def test_sheets_are_known_in_every_language() -> None:
    assert {sheet_kind(name) for name in ("Clients", "klanten", "KLIENTER")} == {"clients"}
    assert sheet_kind("smerter") == "pains"
    assert sheet_kind("Ark1") is None


# Sheets to fill in


@pytest.mark.parametrize(("name", "decimal"), [("a.xlsx", "point"), ("points", "point"), ("commas", "comma")])
def test_reading_sheets_back_is_exact(name: str, decimal: str, rulebase: Rulebase, tmp_path: Path) -> None:
    form = "xlsx" if name.endswith(".xlsx") else "csv"
    written = write_sheets(rulebase, form, str(tmp_path / name), [str(facts_folder())], decimal)  # type: ignore[arg-type]
    expected = clients(rulebase, facts_folder())
    found = clients(rulebase, written)
    assert len(found) > 30
    assert list(found) == list(expected)
    for name in expected:
        assert_same(found[name], expected[name])


EDGE = st.one_of(
    st.floats(0, 1000, allow_nan=False).map(lambda value: round(value, 3)),
    st.sampled_from([0, 1.125, 999.999, 1000, 1234.567, 0.001, 12.5, 100]),
)
NAME = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30
).map(str.strip).filter(lambda text: text and not text.lower().startswith("# help"))  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAME,
    text=NAME,
    numbers=st.lists(EDGE, min_size=2, max_size=2),
    how=st.sampled_from(["xlsx", "comma", "point"]),
)
def test_any_names_and_numbers_come_back(
    name: str,
    text: str,
    numbers: list[float],
    how: str,
    rulebase: Rulebase,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("sheets")
    document = {
        "client": name,
        "business": {"monthly_budget": numbers[0]},
        "segments": [
            {
                "name": text,
                "purchase_frequency": min(400, numbers[1]),
                "pains": [],
                "gains": [{"id": text, "text": name}],
            },
            {"name": f"{text} 2", "gains": []},
        ],
    }
    evaluation = evaluation_of(rulebase)
    try:
        expected = evaluation.reader.from_mapping(document)
    except ProblemsError:
        return
    output = folder / ("a.xlsx" if how == "xlsx" else "a")
    write_template(output, rulebase, [document], "point" if how == "point" else "comma")
    (found,) = clients(rulebase, output).values()
    assert_same(found, expected)


@given(EDGE, st.sampled_from(["comma", "point"]))
def test_a_number_written_for_a_sheet_can_be_read_in_one_way(value: float, decimal: Any) -> None:
    figure = read_figure(number_text(value, decimal))
    assert not figure.is_ambiguous
    assert float(figure.value(decimal)) == value  # type: ignore[arg-type]


@given(st.text(max_size=20))
def test_what_is_made_harmless_comes_back(text: str) -> None:
    printed = harmless(text)
    assert as_written(printed) == harmless(text).removeprefix("'") or as_written(printed) == printed
    if text.isprintable():
        assert as_written(harmless(text)) == text


def test_an_empty_template_has_every_question_and_the_same_bytes(rulebase: Rulebase, tmp_path: Path) -> None:
    import openpyxl

    hashes = set()
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, rulebase)
        hashes.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(hashes) == 1
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["clients", "segments", "pains", "gains", "jobs", "products"]
    headings = {cell.value for sheet in book for cell in sheet[1]}
    helps = " ".join(str(cell.value) for sheet in book for cell in sheet[2])
    for spec in rulebase.vocabulary.facts.values():
        assert {spec.name, f"addresses {spec.name}"} & headings
        assert spec.question in helps
    offered = {
        tuple(rule.formula1.strip('"').split(","))
        for sheet in book
        for rule in sheet.data_validations.dataValidation
    }
    for spec in rulebase.vocabulary.facts.values():
        if spec.levels:
            assert spec.levels in offered
    inputs = Inputs(rulebase)
    (pending,) = inputs.pending(inputs.find([str(tmp_path / "a.xlsx")]))
    assert "no clients" in pending.resolve(evaluation_of(rulebase).reader).problems[0].what


def test_sheets_are_not_written_over_something_else(rulebase: Rulebase, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x.txt").write_text("x")
    with pytest.raises(CannotWrite, match="other files"):
        write_template(tmp_path / "mine", rulebase)
    with pytest.raises(UsageError, match="six files"):
        write_sheets(rulebase, "csv", str(tmp_path / "a.csv"), [], "point")
    with pytest.raises(UsageError, match="screen"):
        write_sheets(rulebase, "xlsx", None, [], "point")
    with pytest.raises(ProblemsError):
        write_sheets(rulebase, "xlsx", str(tmp_path / "a.xlsx"), [str(tmp_path / "none.yaml")], "point")


def test_a_client_is_the_file_that_states_it(rulebase: Rulebase) -> None:
    for name, client in clients(rulebase, facts_folder()).items():
        again = evaluation_of(rulebase).reader.from_mapping(client_document(client, rulebase.vocabulary))
        assert_same(again, client)
        assert again.id == name
    without = tactician.read_client(EXAMPLE, rulebase).with_fact("business.monthly_budget", 500.0)
    document = client_document(without, rulebase.vocabulary)
    assert document["business"]["monthly_budget"] != 500


# Progress


class Screen(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def shown(terminal: bool, seconds: float, clients: int = 100, skipped: int = 0) -> str:
    screen, now = Screen(terminal), [0.0]
    progress = Progress(clients * 10, stream=screen, clock=lambda: now[0])
    for _ in range(skipped):
        progress.skip(10)
    for _ in range(clients - skipped):
        now[0] += seconds / clients
        progress.advance(10)
    progress.end()
    return screen.getvalue()


def test_progress_is_shown_only_when_it_takes_long() -> None:
    assert shown(True, 0.9) == ""
    text = shown(True, 10)
    assert "\r50%, 50 clients, 10 a second, 5 s left" in text.replace("\x1b[K", "")
    assert text.endswith("\r\x1b[K")
    assert "1 h 6 min left" in shown(True, 4000)


def test_progress_is_plain_lines_where_nobody_watches() -> None:
    text = shown(False, 60)
    assert "\r" not in text
    assert "\x1b" not in text
    assert 4 <= text.count("\n") <= 8


def test_the_rate_leaves_out_what_an_earlier_run_did() -> None:
    last = shown(False, 60, clients=200, skipped=100).splitlines()[-1]
    assert "3 a second" in last
    assert "clients" in last
