"""Words for amounts, times, facts and reasons, from templates over data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from tactician.facts.client import Client, Segment
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec, Value
from tactician.inference.consultation import Witness
from tactician.inference.weights import TOTAL_POINT

Number = int | float | Fraction
FAMILY_AIM = {
    "acquisition": "win customers",
    "service": "serve customers",
    "retention": "keep customers",
    "upsell": "sell more to customers",
    "lever": "add value",
    "improvement": "improve what is there",
}
CERTAIN_FIGURES = 4
"""Euros are kept to the cent, so a product of some of them is right to about a ten-thousandth."""
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(value: Number, digits: int = 2) -> str:
    """A number with thousands set apart and without trailing zeros."""
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    text = f"{rounded or abs(rounded):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / value.denominator
    return Decimal(repr(value))


def count(amount: int, noun: str) -> str:
    """`three tactics`, `one tactic`, `12 tactics`."""
    return f"{in_words(amount)} {noun}" if amount == 1 else f"{in_words(amount)} {noun}s"


def in_words(amount: int) -> str:
    """Small numbers as words."""
    return NUMBER_WORDS[amount] if 0 <= amount < len(NUMBER_WORDS) else str(amount)


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def sentence(text: str) -> str:
    """The text with a capital at the start and a full stop at the end."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def money(euros: Number, client: Client) -> str:
    """An amount in the client's currency, and in euros where that is another one."""
    if client.currency == "EUR":
        return f"{_amount(Fraction(euros))} EUR"
    return f"{_amount(_own(Fraction(euros), client))} {client.currency} ({_amount(Fraction(euros))} EUR)"


def reckoned(euros: Fraction, client: Client, towards: Callable[[Fraction], int]) -> str:
    """An amount that was reckoned, rounded in each currency; one that was stated stays as it is."""
    if client.currency == "EUR" or _stated(euros, client) is not None:
        return money(euros if _stated(euros, client) is not None else towards(euros), client)
    own = towards(euros * Fraction(client.rate))
    return f"{number(own)} {client.currency} ({number(towards(euros))} EUR)"


def at_most(euros: Fraction, client: Client) -> str:
    """An amount that was reckoned, rounded up."""
    return reckoned(euros, client, math.ceil)


def concluded(euros: Number, client: Client) -> str:
    """An amount that rules concluded in euros: in another currency only its first figures are certain."""
    exact = Fraction(euros)
    if client.currency == "EUR" or _stated(exact, client) is not None:
        return money(euros, client)
    own = exact * Fraction(client.rate)
    uncertain = len(str(int(abs(own)))) - CERTAIN_FIGURES
    rounded = Fraction(round(own, -uncertain)) if uncertain > 0 else own
    return f"{_amount(rounded)} {client.currency} ({_amount(exact)} EUR)"


def _own(euros: Fraction, client: Client) -> Fraction:
    """An amount in the client's currency: as it was stated where this is one of its facts, not rounded twice."""
    stated = _stated(euros, client)
    return euros * Fraction(client.rate) if stated is None else stated


def _stated(euros: Fraction, client: Client) -> Fraction | None:
    """The client's own figure of an amount, where this is one of its facts."""
    for amount in map(Fraction, client.amounts.values()):
        if round(amount / Fraction(client.rate) * 100) == round(euros * 100):
            return amount
    return None


def money_range(lowest: float, highest: float, client: Client) -> str:
    """A range of euros in the client's currency, and in euros where that is another one; `nothing` for 0."""
    if highest == 0:
        return "nothing"
    low, high = Fraction(lowest), Fraction(highest)
    euros = f"{_range(low, high)} EUR"
    if client.currency == "EUR":
        return euros
    rate = Fraction(client.rate)
    return f"{_range(low * rate, high * rate)} {client.currency} ({euros})"


def _range(lowest: Fraction, highest: Fraction) -> str:
    low, high = _amount(lowest), _amount(highest)
    return high if low == high else f"up to {high}" if low == "0" else f"{low} to {high}"


def _amount(value: Fraction) -> str:
    """Whole units from 100 on, cents below."""
    return number(value, 0 if abs(value) >= 100 else 2)


def hours(value: Number) -> str:
    """`1 hour`, `2.5 hours`."""
    text = number(value, 1)
    return f"{text} hour" if text == "1" else f"{text} hours"


def weeks(soonest: float, latest: float) -> str:
    """`4 to 12 weeks`."""
    if soonest == latest:
        return f"{number(latest)} week" if latest == 1 else f"{number(latest)} weeks"
    return f"{number(soonest)} to {number(latest)} weeks"


def points(total: int, per_point: int = TOTAL_POINT) -> str:
    """Points to one decimal, with a sign."""
    tenths = Decimal(total) / per_point
    rounded = tenths.quantize(Decimal("0.1"), ROUND_HALF_EVEN)
    return f"{rounded:+}" if rounded else "0.0"


def label(spec: FactSpec) -> str:
    """What a fact is called in a sentence."""
    return spec.name.replace("_", " ")


def answer(spec: FactSpec, value: Value, client: Client) -> str:
    """A value as the owner would say it: what the level means, or the number with its unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return spec.meanings.get(value, value.replace("_", " "))
    if spec.is_money:
        amount = concluded(value, client) if spec.derived else money(value, client)
        return f"{amount}{_per(spec.unit.replace('EUR', '', 1))}"
    return f"{number(value)} {_per(spec.unit)}".rstrip()


def _per(unit: str) -> str:
    return unit.replace("/", " a ")


def known_facts(
    witnesses: Iterable[Witness],
    specs: Mapping[str, FactSpec],
    client: Client,
    segment: Segment,
    most: int = 3,
) -> str:
    """What satisfied a rule, in the owner's own answers; what was concluded from them is told apart."""
    said: list[str] = []
    shown: list[str] = []
    for witness in witnesses:
        if witness.fact in ITEM_KINDS:
            said.append(_item(witness, segment))
        elif witness.value is not None:
            spec = specs[witness.fact]
            phrase = f"“{answer(spec, witness.value, client)}” ({label(spec)})"
            (shown if spec.derived else said).append(phrase)
    parts = (("You said", said[:most]), ("Your answers show", shown[:most]))
    return " ".join(f"{opening} {listed(phrases)}." for opening, phrases in parts if phrases)


def _item(witness: Witness, segment: Segment) -> str:
    """An item by its text, or a list that holds no such item."""
    if witness.value is None:
        return f"that there is no such {witness.fact}"
    texts = {item.id: item.text for item in segment.items.get(witness.fact, ())}
    return f"“{texts.get(str(witness.value), witness.value)}” (a {witness.fact})"
