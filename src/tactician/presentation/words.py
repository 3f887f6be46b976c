"""Words for amounts, times, facts and reasons, from templates over data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from tactician.facts.client import Client, Segment
from tactician.facts.vocabulary import ITEM_KINDS, FactSpec, Value
from tactician.inference.consultation import Witness
from tactician.inference.weights import TOTAL_POINT

Number = float | Fraction
FAMILY_AIM = {
    "acquisition": "win customers",
    "service": "serve customers",
    "retention": "keep customers",
    "upsell": "sell more to customers",
    "lever": "add value",
    "improvement": "improve what is there",
}
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(value: Number, digits: int = 2) -> str:
    """A number with thousands set apart and without trailing zeros."""
    exact = (
        Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(repr(value))
    )
    text = f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(amount: int, noun: str) -> str:
    """`three tactics`, `one tactic`, `12 tactics`."""
    word = NUMBER_WORDS[amount] if 0 <= amount < len(NUMBER_WORDS) else str(amount)
    return f"{word} {noun}" if amount == 1 else f"{word} {noun}s"


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
        return f"{_amount(euros)} EUR"
    own = Fraction(euros) * Fraction(client.rate)
    return f"{_amount(own)} {client.currency} ({_amount(euros)} EUR)"


def money_range(lowest: float, highest: float, client: Client) -> str:
    """A range of euros in the client's currency, and in euros where that is another one; `nothing` for 0."""
    if highest == 0:
        return "nothing"
    rates = [(client.currency, Fraction(client.rate))]
    rates += [("EUR", Fraction(1))] if client.currency != "EUR" else []
    shown = [f"{_range(Fraction(lowest) * rate, Fraction(highest) * rate)} {code}" for code, rate in rates]
    return shown[0] if len(shown) == 1 else f"{shown[0]} ({shown[1]})"


def _range(lowest: Fraction, highest: Fraction) -> str:
    low, high = _amount(lowest), _amount(highest)
    return high if low == high else f"up to {high}" if lowest == 0 else f"{low} to {high}"


def _amount(value: Number) -> str:
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
        return f"{money(value, client)}{_per(spec.unit.replace('EUR', '', 1))}"
    return f"{number(value)} {_per(spec.unit)}".rstrip()


def _per(unit: str) -> str:
    return unit.replace("/", " a ")


def known_fact(witness: Witness, specs: Mapping[str, FactSpec], client: Client, segment: Segment) -> str:
    """What a witness says, for people: a fact with its answer, an item by its text, or a list without such an item."""
    if witness.fact in ITEM_KINDS:
        if witness.value is None:
            return f"no {witness.fact} of that kind"
        texts = {item.id: item.text for item in segment.items.get(witness.fact, ())}
        return f"the {witness.fact} “{texts.get(str(witness.value), witness.value)}”"
    assert witness.value is not None
    spec = specs[witness.fact]
    return f"{label(spec)}: {answer(spec, witness.value, client)}"


def known_facts(
    witnesses: Iterable[Witness],
    specs: Mapping[str, FactSpec],
    client: Client,
    segment: Segment,
    limit: int = 3,
) -> str:
    """The first few witnesses in one phrase, those the owner stated apart from those that were concluded."""
    said, concluded = [], []
    for witness in witnesses:
        derived = witness.fact in specs and specs[witness.fact].derived
        (concluded if derived else said).append(known_fact(witness, specs, client, segment))
    parts = []
    if said:
        parts.append(f"You said: {'; '.join(said[:limit])}.")
    if concluded:
        parts.append(f"Your answers show: {'; '.join(concluded[:limit])}.")
    return " ".join(parts)
