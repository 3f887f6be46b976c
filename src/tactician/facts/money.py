"""Amounts of money: from the client's currency to whole cents of euros, in decimal arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

CENT = Decimal("0.01")
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


def decimal_of(number: int | float) -> Decimal:
    """The number as it was written: 0.1 is one tenth."""
    return Decimal(number) if isinstance(number, int) else Decimal(repr(number))


def plain(value: Decimal) -> Decimal:
    """The same number without an exponent and without zeros at the end."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def to_euros(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount in euros, to the cent, halves to even; the rate is in units per euro."""
    return EXACT.divide(amount, rate).quantize(CENT, context=EXACT)


def from_euros(euros: Decimal, rate: Decimal) -> Decimal:
    """An amount in the client's currency, to its hundredth, halves to even."""
    return EXACT.multiply(euros, rate).quantize(CENT, context=EXACT)
