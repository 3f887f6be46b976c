"""Numbers, truths and "don't know" as people write them in English and its neighbours; knows no file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tactician.errors import TacticianError

DecimalMark = Literal["comma", "point"]

LONGEST = 64
LARGEST = Decimal(10) ** 15
SPACES = dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u202f"), " ")
MINUS = "-\u2212\u2013"
SIGNS = {ord(char): "-" for char in MINUS} | {ord("\u2019"): "'"}

CROWNS = ("DKK", "NOK", "SEK", "ISK", "CZK")
CURRENCIES: dict[str, tuple[str, ...]] = {
    "kr": CROWNS,
    "kroner": CROWNS,
    "€": ("EUR",),
    "euro": ("EUR",),
    "$": ("USD", "CAD", "AUD", "NZD"),
    "£": ("GBP",),
    "zł": ("PLN",),
}
"""What a mark of money can stand for."""
CODES = (
    "EUR", "DKK", "NOK", "SEK", "ISK", "GBP", "USD", "CHF", "PLN", "CZK", "HUF", "RON", "BGN", "CAD", "AUD", "NZD",
    "JPY", "CNY", "INR", "TRY", "UAH", "ZAR", "SGD", "HKD",
)  # fmt: skip
"""Codes that stand for themselves; other words of three letters beside a number are refused (`5 jan`)."""
PERCENT = ("%", "pct", "procent", "prosent", "percent", "per cent")

_WRITTEN = (*CURRENCIES, *PERCENT, *(code.lower() for code in CODES))
_UNITS = "|".join(re.escape(unit) for unit in sorted(_WRITTEN, key=len, reverse=True))
_AMOUNT = r"[0-9.,' ]*[0-9](?:[.,]-{1,2})?(?:e[-+]?[0-9]{1,2})?"
_FORM = re.compile(
    rf"(?P<sign>[-+]?) ?(?:(?P<before>{_UNITS})\.? ?)?(?P<inner>[-+]?)"
    rf"(?P<body>{_AMOUNT}) ?(?:(?P<after>{_UNITS})\.?)?"
)
_BODY = {
    mark: re.compile(
        rf"(?P<whole>[0-9]*|[1-9][0-9]{{0,2}}(?P<group>[{group} '])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*)"
        rf"(?:{decimal}(?P<fraction>[0-9]+|-{{1,2}}))?(?P<exponent>e[-+]?[0-9]{{1,2}})?"
    )
    for mark, decimal, group in (("comma", ",", "."), ("point", r"\.", ","))
}

TRUTHS = {
    **dict.fromkeys(
        ("true", "yes", "y", "ja", "j", "jo", "sand", "sandt", "sann", "sant", "waar", "1"), True
    ),
    **dict.fromkeys(
        (
            "false",
            "no",
            "n",
            "nej",
            "nei",
            "nee",
            "falsk",
            "usand",
            "usandt",
            "usann",
            "usant",
            "onwaar",
            "0",
        ),
        False,
    ),
}
UNKNOWN = frozenset(
    (
        "unknown", "not known", "don't know", "dont know", "do not know", "dunno", "no idea", "not sure",
        "ukendt", "ved ikke", "ved det ikke", "det ved jeg ikke", "ved ej", "aner det ikke", "ingen anelse",
        "ukjent", "vet ikke", "vet det ikke", "det vet jeg ikke", "aner ikke", "ingen idé", "veit ikkje", "ukjend",
        "onbekend", "weet niet", "weet ik niet", "weet het niet", "geen idee",
        "unbekannt", "weiss nicht", "weiss ich nicht", "weiss es nicht", "keine ahnung",
        "?", "??", "???", "-", "--",
    )
)  # fmt: skip
_SPEAKER = re.compile(
    r"^(?:i'm|i've|(?:i|we|jeg|eg|vi|ik|wij|ich|wir)(?: am| are| have| har| heb| hebben| habe| haben)?) "
)


class UnreadableNumber(TacticianError):
    """A text that is not a number in any of the ways people write one."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A number that means one thing with a decimal comma and another with a decimal point."""

    text: str
    comma: Decimal
    point: Decimal

    def __str__(self) -> str:
        return f"{self.text} is {self.comma:f} with a decimal comma and {self.point:f} with a decimal point"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written: its value under each decimal mark, None where it cannot be read so, and its unit."""

    text: str
    comma: Decimal | None
    point: Decimal | None
    unit: str = ""
    """Empty, `%`, a mark of money (`kr`, `€`, `$` …) or a code of three letters (`DKK`)."""

    @property
    def is_ambiguous(self) -> bool:
        """Whether the two marks give two values."""
        return self.comma is not None and self.point is not None and self.comma != self.point

    def value(self, decimal: DecimalMark | None = None) -> Decimal | Ambiguous:
        """Its value with that decimal mark, or with the only one that fits; raises UnreadableNumber."""
        if self.comma is not None and self.point is not None:
            if self.comma == self.point or decimal:
                return self.point if decimal == "point" else self.comma
            return Ambiguous(self.text, self.comma, self.point)
        only = self.comma if decimal == "comma" else self.point if decimal == "point" else None
        found = only if decimal else self.comma if self.comma is not None else self.point
        if found is None:
            raise UnreadableNumber(f"{self.text!r} is not a number with a decimal {decimal}.")
        return found


def read_figure(text: str, unknown: str = "unknown") -> Figure:
    """A number with its marks and unit, such as `1.234,50 kr.` or `45 %`; raises UnreadableNumber.

    `unknown` is the word that the reader is told to write when nobody knows.
    """
    shown = text.strip()
    if len(shown) > LONGEST:
        raise UnreadableNumber(f"A text of {len(shown)} characters is not a number.")
    plain, negative = _without_brackets(shown.translate(SPACES).translate(SIGNS).strip().lower())
    found = _FORM.fullmatch(plain)
    if found is None or (found["sign"] and found["inner"]) or (found["before"] and found["after"]):
        raise _unreadable(shown, unknown)
    if negative and (found["sign"] or found["inner"]):
        raise _unreadable(shown, unknown)
    negative = negative or "-" in (found["sign"], found["inner"])
    comma, point = (_value(found["body"], mark, negative) for mark in ("comma", "point"))
    if comma is None and point is None:
        raise _unreadable(shown, unknown)
    return Figure(shown, comma, point, _unit(found["before"] or found["after"] or ""))


def parse_number(text: str, decimal: DecimalMark | None = None) -> Decimal | Ambiguous:
    """The exact value of a number as written, whatever its unit; raises UnreadableNumber."""
    return read_figure(text).value(decimal)


def currencies(unit: str) -> tuple[str, ...]:
    """The currency codes that the unit of a figure can stand for; none for a percentage or no unit."""
    return () if unit in ("", "%") else CURRENCIES.get(unit, (unit,))


def parse_truth(text: str) -> bool | None:
    """The truth that a word such as `ja`, `USANN` or `no` states; None when it states none."""
    return TRUTHS.get(fold(text))


def is_unknown(text: str) -> bool:
    """Whether a text says nothing, or says that nobody knows."""
    folded = fold(text)
    return not folded or _SPEAKER.sub("", folded.rstrip(".!")) in UNKNOWN


def fold(text: str) -> str:
    """A text as it is compared: composed, in lower case, with single spaces and plain marks."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(SPACES).translate(SIGNS)
    return " ".join(folded.split())


def _without_brackets(text: str) -> tuple[str, bool]:
    """Bookkeepers write minus five as (5)."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    return text, False


def _unit(written: str) -> str:
    if written in PERCENT:
        return "%"
    if written in ("euro", "kroner"):
        return {"euro": "€", "kroner": "kr"}[written]
    return written if written in CURRENCIES else written.upper()


def _value(body: str, mark: str, negative: bool) -> Decimal | None:
    found = _BODY[mark].fullmatch(body)
    if found is None:
        return None
    whole, fraction, exponent = found["whole"], found["fraction"] or "", found["exponent"] or ""
    if exponent and (found["group"] or fraction.startswith("-")):
        return None
    digits = re.sub(r"[^0-9]", "", whole)
    fraction = fraction.strip("-")
    if not digits and not fraction:
        return None
    value = Decimal(f"{digits or '0'}.{fraction or '0'}{exponent}")
    if value > LARGEST:
        return None
    return _plain(-value if negative else value)


def _plain(value: Decimal) -> Decimal:
    """The same value without an exponent and without zeros at the end."""
    normal = value.normalize()
    exponent = normal.as_tuple().exponent
    return normal.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else normal + 0


def _unreadable(text: str, unknown: str) -> UnreadableNumber:
    return UnreadableNumber(f"{text!r} is not a number.", _hint(text, unknown))


def _hint(text: str, unknown: str) -> str:
    if text.startswith("#"):
        return f"The spreadsheet shows an error here; correct the formula, or write {unknown}."
    if re.search(r"[0-9].*[a-z/~<>]|^[~<>]|^ca", text.lower()):
        return "Write the number alone, without words."
    if re.fullmatch(r"[0-9]{1,4}([-./][0-9]{1,4}){1,2}", text):
        return "It looks like a date or a range; write one number."
    return f"Write digits, such as 1250 or 12,5, or {unknown} when nobody knows."
