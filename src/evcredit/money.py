"""Exact dollars: `Decimal` at the edges, whole cents or millionths inside.

Decimal arithmetic rounds to the precision of the caller's context; integers do not.
"""

from __future__ import annotations

from decimal import Decimal

__all__ = ["VAST", "cents", "dollars", "in_dollars", "in_millionths", "millionths"]

#: More dollars than anything here can be worth.
VAST = Decimal(10**12)


def cents(amount: Decimal) -> int:
    """Whole cents of an amount that has no finer part.

    >>> cents(Decimal("55000.01"))
    5500001
    """
    return _times(amount, 100)


def millionths(amount: Decimal) -> int:
    """Millionths of a dollar of an amount that has no finer part.

    >>> millionths(Decimal("0.5"))
    500000
    """
    return _times(amount, 1_000_000)


def _times(amount: Decimal, units: int) -> int:
    numerator, denominator = amount.as_integer_ratio()
    return numerator * units // denominator


def dollars(whole_cents: int) -> Decimal:
    """The amount of so many cents.

    >>> dollars(5500001)
    Decimal('55000.01')
    """
    sign, whole_cents = ("-" if whole_cents < 0 else ""), abs(whole_cents)
    return Decimal(f"{sign}{whole_cents // 100}.{whole_cents % 100:02d}")


def in_millionths(units: int) -> Decimal:
    """The amount of so many millionths of a dollar.

    >>> in_millionths(500000)
    Decimal('0.500000')
    """
    sign, units = ("-" if units < 0 else ""), abs(units)
    return Decimal(f"{sign}{units // 1_000_000}.{units % 1_000_000:06d}")


def in_dollars(amount: Decimal) -> str:
    """An amount as a reader expects it: cents only where there are any.

    >>> in_dollars(Decimal("3750")), in_dollars(Decimal("55000.10")), in_dollars(Decimal("-2"))
    ('$3,750', '$55,000.10', '-$2')
    """
    if not amount.is_finite():
        return "any amount"
    micro = abs(millionths(amount))
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(micro, 1_000_000)
    fraction = f"{rest:06d}".rstrip("0")
    tail = f".{fraction:0<2}" if fraction else ""
    return f"{sign}${whole:,}{tail}"
