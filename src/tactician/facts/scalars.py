"""What an unquoted YAML word means in the core schema of YAML 1.2; knows nothing of where it stands."""

from __future__ import annotations

import math
import re

from tactician.facts.building import INTEGER_DIGITS, Scalar

WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
NUMBER_STARTS = frozenset("+-.0123456789")
INTEGER = re.compile(r"[-+]?[0-9]+")
BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class TooManyDigits(ValueError):
    """A whole number that no fact could need."""


def integer(text: str, base: int = 10) -> int:
    """A whole number of bounded length; raises TooManyDigits."""
    if len(text.lstrip("+-0ox")) > INTEGER_DIGITS:
        raise TooManyDigits(f"a whole number of more than {INTEGER_DIGITS} digits")
    return int(text, base)


def may_be_grouped(text: str) -> bool:
    """Whether a number may be meant as one with a point between its thousands: `1.500` for 1500."""
    return GROUPED.fullmatch(text) is not None


def unmistakable(number: float) -> str:
    """A number as text that nobody takes for one with a point between its thousands: `1.1250` for 1.125."""
    text = f"{number:.15g}"
    return f"{text}0" if may_be_grouped(text) else text


def resolve(text: str) -> Scalar:
    """The value of an unquoted word: null, a truth, a number, or the text itself; raises TooManyDigits.

    `no`, `on`, `12:30` and `1_000` are texts, `010` is ten and `0o10` is eight.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in NUMBER_STARTS:
        return text
    if INTEGER.fullmatch(text):
        return integer(text)
    if BASED.fullmatch(text):
        return integer(text, 0)
    return float(text) if FLOAT.fullmatch(text) else text
