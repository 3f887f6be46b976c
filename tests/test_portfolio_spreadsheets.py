"""Spreadsheets as people have them: no number is read wrong, and what is not clear is asked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import tactician
from portfolio_world import evaluation_of
from spreadsheets.exports import CURRENCY, LEVELS, NBSP, PORTFOLIO, STYLES, Style
from tactician.facts.money import to_euros
from tactician.knowledge.rules import Rulebase
from tactician.portfolio.inputs import Inputs
from tactician.portfolio.sheets import number_cell


@pytest.fixture(scope="module")
def rulebase() -> Rulebase:
    return tactician.open_rulebase()


class Reading:
    """The clients of some inputs, and what was said about them."""

    def __init__(self, rulebase: Rulebase, *paths: Path, decimal: str | None = None) -> None:
        self.said: list[str] = []
        evaluation = evaluation_of(rulebase)
        inputs = Inputs(rulebase, evaluation.tactic_names, decimal, self.said.append)  # type: ignore[arg-type]
        found = inputs.pending(inputs.find([*map(str, paths)]))
        self.results = [pending.resolve(evaluation.reader) for pending in found]
        self.clients = {result.id: result.client for result in self.results if result.client}
        self.problems = [problem for result in self.results for problem in result.problems]


def assert_exact(reading: Reading, language: str, rulebase: Rulebase, portfolio=PORTFOLIO) -> None:
    assert reading.problems == []
    assert list(reading.clients) == [stated.name for stated in portfolio]
    rate = rulebase.parameters.rates[CURRENCY[language]]
    for stated in portfolio:
        client = reading.clients[stated.name]
        segment = client.segments[0]
        assert client.currency == CURRENCY[language]
        assert client.amounts["business.monthly_budget"] == stated.budget
        assert client.amounts["offering.average_order_value"] == stated.order
        assert client.facts["business.monthly_budget"] == float(to_euros(stated.budget, rate))
        assert Decimal(repr(client.facts["offering.gross_margin"])) == stated.margin
        assert segment.name == stated.segment
        assert segment.ppm == 1_000_000
        assert segment.facts["segment.segment_size"] == stated.size
        assert Decimal(repr(segment.facts["segment.purchase_frequency"])) == stated.frequency
        assert segment.facts.get("segment.public_buyer") == stated.public
        assert segment.facts["segment.price_sensitivity"] == LEVELS["en"][stated.price]
        assert segment.facts.get("segment.trust_level") == (
            None if stated.trust is None else LEVELS["en"][stated.trust]
        )


def test_there_are_enough_ways() -> None:
    assert len(STYLES) >= 30
    assert len(set(STYLES.values())) == len(STYLES)


@pytest.mark.parametrize("name", STYLES)
def test_every_number_is_read_right(name: str, tmp_path: Path, rulebase: Rulebase) -> None:
    style = STYLES[name]
    portfolio = PORTFOLIO
    if style.encoding == "latin-1":
        portfolio = tuple(client for client in PORTFOLIO if "œ" not in client.name)
        path = tmp_path / "export.csv"
        path.write_bytes(style.text().replace("œ", "oe").encode("latin-1"))
        reading = Reading(rulebase, path)
        del reading.clients["Boeuf & Brød 3"]
        assert_exact(reading, style.language, rulebase, portfolio)
        return
    reading = Reading(rulebase, style.write(tmp_path / "export.csv"))
    assert_exact(reading, style.language, rulebase)


@pytest.mark.parametrize("language", ["da", "nb", "nl", "en"])
@pytest.mark.parametrize("how", ["numbers", "texts", "percent", "inline"])
def test_every_number_of_a_workbook_is_read_right(
    language: str, how: str, tmp_path: Path, rulebase: Rulebase
) -> None:
    path = tmp_path / "export.xlsx"
    write_workbook(path, language, how)
    assert_exact(Reading(rulebase, path), language, rulebase)


def write_workbook(path: Path, language: str, how: str) -> None:
    if how == "inline":
        write_with_openpyxl(path, language)
        return
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    percent = book.add_format({"num_format": '0.00" "%'})
    grouped = book.add_format({"num_format": "#,##0.00"})
    style = Style(language, group=".", fixed=2)
    sheet = book.add_worksheet("Ark1")
    sheet.write_string(0, 0, "Eksport")
    for number, row in enumerate(style.text().splitlines()):
        for column, text in enumerate(row.split(";")):
            sheet.write_string(number + 2, column, text)
    for number, client in enumerate(PORTFOLIO, start=3):
        for column, text in enumerate(style.row(client)):
            sheet.write_string(number, column, text)
        if how == "texts":
            continue
        numbers = {2: client.budget, 3: client.margin, 4: client.order, 7: client.size, 8: client.frequency}
        for column, value in numbers.items():
            sheet.write_number(number, column, float(value), grouped)
        sheet.write_number(number, 6, 1)
        if client.public is not None:
            sheet.write_boolean(number, 9, client.public)
        if how == "percent":
            sheet.write_number(number, 3, float(client.margin / 100), percent)
            sheet.write_number(number, 6, 1, percent)
    book.close()


def write_with_openpyxl(path: Path, language: str) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    style = Style(language)
    headings = style.text().splitlines()[0].split(";")
    sheet.append(headings)
    for client in PORTFOLIO:
        row: list[object] = list(style.row(client))
        row[2], row[3], row[4] = float(client.budget), float(client.margin), float(client.order)
        row[6], row[7], row[8] = 1, client.size, float(client.frequency)
        row[9] = client.public if client.public is not None else None
        sheet.append(row)
    book.save(path)


@pytest.mark.parametrize("marks", [(",", "."), (".", ",")])
def test_a_column_that_does_not_tell_its_decimal_mark_is_asked_about(
    marks: tuple[str, str], tmp_path: Path, rulebase: Rulebase
) -> None:
    decimal, group = marks
    path = tmp_path / "open.csv"
    rows = [("Alfa", f"1{group}234"), ("Beta", f"2{group}500"), ("Gamma", "900")]
    path.write_text("client;monthly budget\n" + "".join(f"{name};{text}\n" for name, text in rows))
    reading = Reading(rulebase, path)
    assert reading.clients == {}
    (problem,) = reading.problems
    assert "monthly budget" in problem.where
    assert f"1{group}234" in problem.what
    assert "?" in problem.what
    assert "--decimal comma" in problem.hint
    assert "--decimal point" in problem.hint
    name = "comma" if decimal == "," else "point"
    answered = Reading(rulebase, path, decimal=name)
    assert [client.amounts["business.monthly_budget"] for client in answered.clients.values()] == [
        1234,
        2500,
        900,
    ]
    other = Reading(rulebase, path, decimal="point" if name == "comma" else "comma")
    stated = [client.amounts["business.monthly_budget"] for client in other.clients.values()]
    assert stated == [Decimal("1.234"), Decimal("2.5"), 900]


def test_other_columns_do_not_answer_for_one_that_is_open(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "open.csv"
    path.write_text("client;gross margin;monthly budget\nAlfa;45,5;1.234\n")
    reading = Reading(rulebase, path)
    assert not reading.clients
    assert "monthly budget" in reading.problems[0].where


def test_a_column_with_both_marks_is_asked_about(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "both.csv"
    path.write_text("client;gross margin\nAlfa;45,5\nBeta;30.5\n")
    reading = Reading(rulebase, path)
    assert not reading.clients
    assert "'45,5' in row 2" in reading.problems[0].what
    assert "'30.5' in row 3" in reading.problems[0].what
    stated = Reading(rulebase, path, decimal="comma")
    assert list(stated.clients) == ["Alfa"]
    assert "30.5" in stated.problems[0].what


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "cp1252", "latin-1"]


def table_of_200() -> str:
    names = ["Ærø", "Østerbro", "Århus", "Zoë", "Noël", "naïef", "Café Ål", "Smørrebrød", "Blåbær"]
    rows = [f"{names[n % len(names)]} {n};{n % 50},5;høj;strøget {n}" for n in range(200)]
    return "\r\n".join(["Klient;Dækningsgrad;Prisfølsomhed;Segment", *rows, ""])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same(encoding: str, tmp_path: Path, rulebase: Rulebase) -> None:
    text = table_of_200()
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_bytes(text.encode())
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    other.write_bytes((mark + text).encode(encoding))
    expected, found = Reading(rulebase, plain), Reading(rulebase, other)
    assert len(found.clients) == 200
    assert [(c.id, c.facts, c.segments) for c in found.clients.values()] == [
        (c.id, c.facts, c.segments) for c in expected.clients.values()
    ]
    assert any("read as semicolon" in line and "200 rows" in line for line in found.said)


def test_a_mac_file_is_read_with_a_warning(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "mac.csv"
    path.write_bytes(table_of_200().encode("mac-roman"))
    reading = Reading(rulebase, path)
    assert "Ærø 0" in reading.clients
    assert any("warning" in line and "Mac" in line for line in reading.said)


def test_letters_garbled_before_are_warned_about(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "twice.csv"
    path.write_bytes("client;segment\nRÃ¸dovre;all\n".encode())
    assert any("warning" in line and "garbled" in line for line in Reading(rulebase, path).said)


def test_what_was_detected_is_told(tmp_path: Path, rulebase: Rulebase) -> None:
    path = Style(encoding="cp1252").write(tmp_path / "a.csv")
    (said,) = Reading(rulebase, path).said
    assert said == f"{path}: read as semicolon, cp1252, decimal comma, 8 rows."


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("1,5 timer", "not a number"),
        ("12-05", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1e400", "not a number"),
        ("#DIV/0!", "not a number"),
        ("#I/T", "not a number"),
        ("1_000", "not a number"),
        ("45 kr", "amount of money"),
        ("SAND", "not a number"),
        ("101", "above 100"),
        ("-1", "below 0"),
    ],
)
def test_a_number_that_is_none_is_told_with_its_cell(
    cell: str, what: str, tmp_path: Path, rulebase: Rulebase
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"client;gross margin;segment\nGood;12,5;all\nBad;{cell};all\n", encoding="utf-8")
    reading = Reading(rulebase, path)
    assert list(reading.clients) == ["Good"]
    (problem,) = reading.problems
    assert what in problem.what
    assert (problem.place.line, problem.place.column) == (3, 2)
    assert problem.where == 'column "gross margin" (B3)'
    assert problem.hint


def test_everything_wrong_with_a_client_is_told_at_once(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "client;currency;churn;customer satisfaction;feedback mechanism;segment;share\n"
        "Bad;XXX;150;so so;maybe;one;0,9\nBad;;;;;two;0,9\n",
        encoding="utf-8",
    )
    reading = Reading(rulebase, path)
    wheres = [problem.where for problem in reading.problems]
    assert [where.split('"')[1] for where in wheres] == [
        "currency", "churn", "customer satisfaction", "feedback mechanism", "share",
    ]  # fmt: skip


def test_a_percentage_of_a_workbook_is_what_the_cell_shows() -> None:
    figure = number_cell(Decimal("0.125"), percent=True)
    assert (figure.text, figure.value(), figure.unit) == ("12.5 %", Decimal("12.5"), "%")


def test_money_in_another_currency_is_refused(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "client;currency;monthly budget\nA;EUR;500 kr\nB;DKK;500 kr\nC;DKK;€ 500\nD;;500 kr\n",
        encoding="utf-8",
    )
    reading = Reading(rulebase, path)
    assert list(reading.clients) == ["B"]
    assert {result.id for result in reading.results if result.problems} == {"A", "C", "D"}
    headed = tmp_path / "b.csv"
    headed.write_text("client;currency;monthly budget (DKK)\nA;EUR;500\nB;DKK;500\n", encoding="utf-8")
    assert list(Reading(rulebase, headed).clients) == ["B"]


def test_rows_of_one_client_must_agree(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "client;churn;segment\nA;10;one\nA;10;two\nB;10;one\nB;20;two\nC;10;one\nC;;two\n", encoding="utf-8"
    )
    reading = Reading(rulebase, path)
    assert list(reading.clients) == ["A", "C"]
    assert "20 here and 10 in row 4" in reading.problems[0].what


def test_items_in_numbered_columns(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "klient;segment;smerte 1;smerte 1 alvor;smerte 2;gevinster;produkt 1;produkt 1 afhjælper;"
        "produkt 1 afhjælper 2;produkt 1 afhjælper 2 bevis\n"
        "A;alle;kø;alvorlig;larm;ingen;app;smerte 1;smerte 2;testet\n",
        encoding="utf-8",
    )
    (client,) = Reading(rulebase, path).clients.values()
    items = client.segments[0].items
    assert [(item.text, dict(item.attributes)) for item in items["pain"]] == [
        ("kø", {"severity": "severe"}),
        ("larm", {}),
    ]
    assert items["gain"] == ()
    assert "job" not in items
    assert [(link.item, link.proof) for link in items["product"][0].addresses] == [
        ("pain_1", None),
        ("pain_2", "tested"),
    ]


def test_unknown_headings_are_told_and_mistyped_ones_refused(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "a.csv"
    path.write_text("client;Telefon;#churn\nA;12345678;x\n", encoding="utf-8")
    reading = Reading(rulebase, path)
    assert list(reading.clients) == ["A"]
    assert any("left out the columns Telefon" in line for line in reading.said)
    path.write_text("client;price sensitivty\nA;high\n", encoding="utf-8")
    reading = Reading(rulebase, path)
    assert not reading.clients
    assert "price_sensitivity" in reading.problems[0].hint


def test_spaces_of_every_kind_group_digits(tmp_path: Path, rulebase: Rulebase) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"client;segment size\nA;12{NBSP}500\nB;12 500\nC;12\u202f500\nD;12'500\n", encoding="utf-8"
    )
    sizes = {c.segments[0].facts["segment.segment_size"] for c in Reading(rulebase, path).clients.values()}
    assert sizes == {12_500}
