"""From what was typed to an answer, or to what has to be asked back; never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tactician.facts.money import decimal_of, from_euros, plain
from tactician.facts.number_words import Figure, UnreadableNumber, currencies, fold, parse_truth, read_figure
from tactician.facts.vocabulary import FactSpec
from tactician.inference.own_bands import own_bands
from tactician.inference.truth_table import FactTable
from tactician.interview.events import Stated

LETTERS = "abcdefghijklmnopqrstuvwxyz"
RANGE = re.compile(r"(?P<low>[^-–]*\d[^-–]*?)\s*(?:-|–|\bto\b|\btil\b|\btot\b)\s*(?P<high>\D{0,4}\d.*)")
ABOUT = re.compile(r"(?:about|around|roughly|circa|ca\.?|omkring|rundt|ongeveer|~|≈)\s*(?=\S{0,4}\d)")
IN_UNITS = frozenset(("a", "an", "per", "of", "pr", "pr.", "om", "the"))


@dataclass(frozen=True, slots=True)
class Again:
    """That it has to be typed once more, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class WhichOne:
    """That what was typed can mean several numbers."""

    why: str
    values: tuple[Decimal, ...]


Understood = Stated | Again | WhichOne


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact as it is asked of one client."""

    spec: FactSpec
    currency: str
    rate: Decimal
    table: FactTable
    """What depends on the values of a number."""

    @property
    def unit(self) -> str:
        """The unit, in the currency of the client."""
        return self.spec.unit.replace("EUR", self.currency)

    @property
    def offered(self) -> tuple[tuple[Decimal, str], ...]:
        """The bands of a number as the client counts, each with its meaning."""
        bands = own_bands(self.spec, self.rate, self.table)
        return tuple((value, band.meaning) for value, band in zip(bands, self.spec.bands, strict=True))

    @property
    def limits(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest number, as the client counts."""
        least, greatest = (decimal_of(bound or 0) for bound in (self.spec.minimum, self.spec.maximum))
        return (self._own(least), self._own(greatest)) if self.spec.is_money else (least, greatest)

    def understand(self, text: str) -> Understood:
        """The answer that a text gives."""
        if self.spec.is_number:
            return self._number(text)
        if self.spec.type == "bool":
            return self._truth(text)
        return self._level(text)

    def _level(self, text: str) -> Understood:
        levels = self.spec.levels
        word = fold(text).replace(" ", "_")
        if word.isdecimal() and 1 <= int(word) <= len(levels):
            return levels[int(word) - 1]
        found = [level for level in levels if level == word] or [lv for lv in levels if lv.startswith(word)]
        return found[0] if len(found) == 1 else Again(f"Type a number from 1 to {len(levels)}, or skip.")

    def _truth(self, text: str) -> Understood:
        word = fold(text)
        truth = {"1": True, "2": False}.get(word, parse_truth(word) if word != "0" else None)
        return Again("Type 1 for yes or 2 for no, or skip.") if truth is None else truth

    def _number(self, text: str) -> Understood:
        word = fold(text)
        offered = self.offered
        if len(word) == 1 and word in LETTERS[: len(offered)]:
            return plain_number(offered[LETTERS.index(word)][0])
        word = self._without_unit(ABOUT.sub("", word))
        try:
            return self._figure(read_figure(word, unknown="skip"))
        except UnreadableNumber as error:
            between = RANGE.fullmatch(word)
            if between:
                return self._range(between["low"], between["high"]) or Again(str(error))
            return Again(str(error))

    def _without_unit(self, text: str) -> str:
        """The text without the words of the unit at its end: `5 hours a week` is 5."""
        unit = {*re.findall(r"[^\W\d]+", self.spec.unit.lower()), *IN_UNITS} - {"eur"}
        known = unit | {word.removesuffix("s") for word in unit} | {f"{word}s" for word in unit}
        words = text.split()
        while len(words) > 1 and set(words[-1].split("/")) <= known:
            words.pop()
        return " ".join(words)

    def _range(self, low: str, high: str) -> Understood | None:
        """`2-3` is asked back: with its ends, and the middle."""
        try:
            ends = [self._figure(read_figure(part)) for part in (low, high)]
        except UnreadableNumber:
            return None
        if not all(isinstance(end, int | float) for end in ends):
            return None
        first, last = (decimal_of(end) for end in ends if isinstance(end, int | float))
        middle = (first + last) / 2
        values = [first, middle, last] if not self.spec.whole or middle == int(middle) else [first, last]
        return WhichOne("That is a range; one number is needed.", tuple(values)) if first < last else None

    def _figure(self, figure: Figure) -> Understood:
        wrong = self._wrong_unit(figure)
        if wrong:
            return Again(wrong)
        readings = {value for value in (figure.comma, figure.point) if value is not None}
        if self.spec.whole and len(readings) > 1:
            readings = {value for value in readings if value == int(value)}
        if len(readings) > 1:
            return WhichOne(f"{figure.text} can be read in two ways.", tuple(sorted(readings)))
        (value,) = readings
        return self._within(value)

    def _within(self, value: Decimal) -> Understood:
        wrong = self.problem(value)
        return Again(wrong) if wrong else plain_number(value)

    def problem(self, value: Decimal) -> str:
        """What is wrong with a number; empty when nothing is."""
        least, greatest = self.limits
        if self.spec.whole and value != int(value):
            return f"{shown(value)} is not a whole number."
        if not least <= value <= greatest:
            return f"{shown(value)} is out of range: from {shown(least)} to {shown(greatest)} {self.unit}."
        return ""

    def _wrong_unit(self, figure: Figure) -> str:
        if figure.unit == "%":
            is_percent = self.spec.unit.startswith("percent")
            return "" if is_percent else f"Percent does not fit here; the unit is {self.unit}."
        if figure.unit and not self.spec.is_money:
            return f"Money does not fit here; the unit is {self.unit}."
        if figure.unit and self.currency not in currencies(figure.unit):
            return f"You count in {self.currency}: give the amount in that currency, or change it with list."
        return ""

    def _own(self, euros: Decimal) -> Decimal:
        return from_euros(euros, self.rate)


def plain_number(value: Decimal) -> int | float:
    """The number as a client file states it."""
    return int(value) if value == value.to_integral_value() else float(value)


def shown(value: Decimal | int | float) -> str:
    """The number with thousands set apart."""
    exact = plain(value if isinstance(value, Decimal) else decimal_of(value))
    return f"{exact:,f}"
