"""The bands of a number as a client counts: money as round as it can be and still mean the same to every rule."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_UP, Context, Decimal

from tactician.facts.money import decimal_of, from_euros, plain, to_euros
from tactician.facts.vocabulary import FactSpec
from tactician.inference.truth_table import FactTable


def own_bands(spec: FactSpec, rate: Decimal, table: FactTable) -> tuple[Decimal, ...]:
    """The values of its bands in units of a currency, given the rate and what depends on the fact."""
    exact = tuple(decimal_of(band.value) for band in spec.bands)
    if not spec.is_money or rate == 1:
        return tuple(plain(value) for value in exact)
    return tuple(_rounded(spec, from_euros(euros, rate), rate, table) for euros in exact)


def _rounded(spec: FactSpec, exact: Decimal, rate: Decimal, table: FactTable) -> Decimal:
    meaning = table.bits(float(to_euros(exact, rate)))
    for digits in range(1, 5):
        for direction in (ROUND_HALF_EVEN, ROUND_UP):
            rounded = Context(prec=digits, rounding=direction).plus(exact)
            euros = float(to_euros(rounded, rate))
            legal = (spec.minimum or 0) <= euros <= (spec.maximum or euros)
            if legal and abs(rounded - exact) * 20 <= exact and table.bits(euros) == meaning:
                return plain(rounded)
    return plain(exact)
