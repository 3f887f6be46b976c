"""Numbers and words as people write them."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactician.facts.number_words import (
    Ambiguous,
    UnreadableNumber,
    currencies,
    is_unknown,
    parse_number,
    parse_truth,
    read_figure,
)

SPELLINGS = [
    ("1250", "1250", ""),
    ("010", "10", ""),
    ("12,5", "12.5", ""),
    ("12.5", "12.5", ""),
    ("1.234,50 kr.", "1234.5", "kr"),
    ("1,234.50", "1234.5", ""),
    ("kr. 3 000,-", "3000", "kr"),
    ("3 000 kroner", "3000", "kr"),
    ("1\u00a0234,5", "1234.5", ""),
    ("1\u202f234\u202f567", "1234567", ""),
    ("1'234.50", "1234.5", ""),
    ("1’234,50", "1234.5", ""),
    ("1.234.567", "1234567", ""),
    ("0.123", "0.123", ""),
    ("0,123", "0.123", ""),
    ("1234,567", "1234.567", ""),
    ("1 234.567", "1234.567", ""),
    ("€ 1.234,50", "1234.5", "€"),
    ("€ -5", "-5", "€"),
    ("-€5", "-5", "€"),
    ("DKK 3.000,00", "3000", "DKK"),
    ("45 %", "45", "%"),
    ("45%", "45", "%"),
    ("12,5 pct.", "12.5", "%"),
    ("−7", "-7", ""),
    ("(7)", "-7", ""),
    ("+7", "7", ""),
    ("1,23E+05", "123000", ""),
    ("1.5e3", "1500", ""),
    (",5", "0.5", ""),
    ("-0", "0", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "unit"), SPELLINGS)
def test_a_number_has_one_value_and_one_unit(text: str, value: str, unit: str) -> None:
    figure = read_figure(text)
    assert str(figure.value()) == value
    assert figure.unit == unit


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.500", "-1.234", "1.234 kr", "999,999"])
def test_a_number_with_two_meanings_is_never_guessed(text: str) -> None:
    found = parse_number(text)
    assert isinstance(found, Ambiguous)
    assert parse_number(text, "comma") == found.comma
    assert parse_number(text, "point") == found.point
    assert found.comma != found.point


@pytest.mark.parametrize(
    "text",
    ["", "abc", "nan", "inf", "1e400", "1_000", "0x10", "1.2.3", "1 23", "5.", "12-05-2024", "12:30", "ca. 50",
     "50-60", "5 jan", "#DIV/0!", "#I/T", "１２", "9" * 20, "1" * 100, "--5", "-(5)", "kr 5 kr", "5 kr/md.",
     "1.234 567", "1.23,45", "1,234,56", "0.123,5", "012.345,6", "½"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber):
        parse_number(text)


def test_a_refusal_says_what_to_write_when_nobody_knows() -> None:
    with pytest.raises(UnreadableNumber, match=r"12,5, or unknown when nobody knows\."):
        read_figure("growing")
    with pytest.raises(UnreadableNumber, match=r"12,5, or skip when nobody knows\."):
        read_figure("growing", unknown="skip")


def test_a_stated_decimal_mark_must_fit() -> None:
    with pytest.raises(UnreadableNumber, match="decimal comma"):
        parse_number("12.5", "comma")
    with pytest.raises(UnreadableNumber, match="decimal point"):
        parse_number("1.234,5", "point")


def written(value: Decimal, decimal: str, group: str) -> str:
    whole, _, fraction = f"{abs(value):,f}".partition(".")
    text = whole.replace(",", group) + (decimal + fraction if fraction else "")
    return f"-{text}" if value < 0 else text


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


@given(
    AMOUNTS,
    st.sampled_from([(",", "."), (",", " "), (",", "\u00a0"), (",", "\u202f"), (".", ","), (".", "'")]),
)
def test_every_amount_with_cents_comes_back(value: Decimal, marks: tuple[str, str]) -> None:
    assert parse_number(written(value, *marks)) == value


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(["comma", "point"]))
def test_a_number_reads_as_written_under_its_mark(value: Decimal, mark: str) -> None:
    decimal, group = (",", ".") if mark == "comma" else (".", ",")
    assert parse_number(written(value, decimal, group), mark) == value  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_only_our_own_error_escapes(text: str) -> None:
    with contextlib.suppress(UnreadableNumber):
        assert isinstance(parse_number(text), Decimal | Ambiguous)


@pytest.mark.parametrize("word", ["ja", "JA", "yes", "SAND", "SANN", "WAAR", "true", "y", "1", " Ja "])
def test_words_for_true(word: str) -> None:
    assert parse_truth(word) is True


@pytest.mark.parametrize("word", ["nej", "nei", "nee", "no", "FALSK", "USANN", "ONWAAR", "FALSE", "0"])
def test_words_for_false(word: str) -> None:
    assert parse_truth(word) is False


@pytest.mark.parametrize(
    "word",
    ["", " ", "ved ikke", "Vet ikke", "weet\u00a0niet", "UNKNOWN", "don’t know", "?", "–",
     "I don't know", "I dont know.", "dunno", "I've no idea!", "we do not know", "I'm not sure",
     "jeg ved det ikke", "Det ved jeg ikke", "jeg har ingen anelse", "eg veit ikkje", "aner ikke",
     "ik weet het niet", "ik heb geen idee", "Ich weiß es nicht", "weiß ich nicht", "keine Ahnung"],
)  # fmt: skip
def test_words_for_unknown(word: str) -> None:
    assert is_unknown(word)
    assert parse_truth(word) is None


@pytest.mark.parametrize(
    "word", ["none", "ingen", "geen", "maybe", "0", "x", ".", "I", "I know", "we have none"]
)
def test_words_that_state_something(word: str) -> None:
    assert not is_unknown(word)


def test_what_a_mark_of_money_can_stand_for() -> None:
    assert "DKK" in currencies("kr")
    assert currencies("€") == ("EUR",)
    assert currencies("NOK") == ("NOK",)
    assert currencies("%") == currencies("") == ()
