"""Exact dollars: `Decimal` at the edges, whole cents or millionths inside.

Decimal arithmetic rounds to the precision of the caller's context; integers do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from evcredit.algebra.bounds import Bounds, exact_arithmetic

if TYPE_CHECKING:
    from fractions import Fraction

    from evcredit.algebra.citation import Citation

__all__ = [
    "VAST",
    "AmountLine",
    "add_up",
    "bounds_in_dollars",
    "bounds_of_cents",
    "cents",
    "dollars",
    "exact_arithmetic",
    "in_dollars",
    "in_millionths",
    "lesser_of",
    "millionths",
    "part_of",
    "percent_of",
    "split",
    "sum_of",
    "what_is_left",
]

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


# There are only a few amounts, and building bounds is a good part of a fast assessment.
@lru_cache(maxsize=256)
def bounds_of_cents(least: int, most: int) -> Bounds[Decimal]:
    """Bounds in dollars, without decimal places where there are no cents.

    >>> print(bounds_of_cents(0, 750000), bounds_of_cents(359990, 359990))
    0 to 7,500 3,599.90
    """
    return Bounds(_shortest(least), _shortest(most))


def _shortest(whole_cents: int) -> Decimal:
    whole, rest = divmod(whole_cents, 100)
    return dollars(whole_cents) if rest else Decimal(whole)


def in_millionths(units: int) -> Decimal:
    """The amount of so many millionths of a dollar.

    >>> in_millionths(500000)
    Decimal('0.500000')
    """
    sign, units = ("-" if units < 0 else ""), abs(units)
    return Decimal(f"{sign}{units // 1_000_000}.{units % 1_000_000:06d}")


def split(units: int, shares: Iterable[Fraction]) -> tuple[int, ...]:
    """Split whole units by shares, so that no unit is lost or counted twice.

    Args:
        units: How many there are.
        shares: Parts of one that add up to one at most.

    Returns:
        A part for each share, and what remains. They add up to the units exactly; each is within
        one unit of its share of them.

    >>> from fractions import Fraction
    >>> split(100, [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)])
    (33, 33, 34, 0)
    """
    reached: Fraction | int = 0
    ends = [0]
    for share in shares:
        reached = share + reached
        ends.append(int(units * reached))
    return tuple(end - start for start, end in pairwise((*ends, units)))


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum of amounts without a part finer than a cent; an end may be infinite.

    >>> sum_of([Decimal("0.10"), Decimal("0.20")]), sum_of([Decimal(1), Decimal("Infinity")])
    (Decimal('0.30'), Decimal('Infinity'))
    """
    amounts = tuple(amounts)
    for amount in amounts:
        if not amount.is_finite():
            return amount
    return dollars(sum(cents(amount) for amount in amounts))


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """So many percent of an amount, unrounded, with no more decimal places than it needs.

    >>> percent_of(Decimal(7500), Decimal(40)), percent_of(Decimal(7500), Decimal("33.333"))
    (Decimal('3000'), Decimal('2499.975'))
    """
    if not percent:
        return Decimal(0)  # of an endless amount too
    exact = exact_arithmetic()
    part = exact.multiply(amount, percent).scaleb(-2, exact).normalize(exact)
    # A whole number is written out: 3000, and not 3E+3.
    exponent = part.as_tuple().exponent
    return part.quantize(Decimal(1), context=exact) if exponent in range(1, 99) else part


def add_up(amounts: Iterable[Bounds[Decimal]]) -> Bounds[Decimal]:
    """The exact sum of amounts that are known in bounds.

    >>> print(add_up([Bounds(Decimal(1), Decimal(2)), Bounds.exactly(Decimal("0.5"))]))
    1.5 to 2.5
    """
    exact, lower, upper = exact_arithmetic(), Decimal(0), Decimal(0)
    for amount in amounts:
        lower, upper = exact.add(lower, amount.lower), exact.add(upper, amount.upper)
    return Bounds(lower, upper)


def what_is_left(whole: Bounds[Decimal], taken: Bounds[Decimal]) -> Bounds[Decimal]:
    """What is left of an amount after another is taken off it, never below zero.

    >>> print(what_is_left(Bounds(Decimal(3), Decimal(9)), Bounds(Decimal(2), Decimal(5))))
    0 to 7
    """
    exact, nothing = exact_arithmetic(), Decimal(0)
    return Bounds(
        max(nothing, exact.subtract(whole.lower, taken.upper)),
        max(nothing, exact.subtract(whole.upper, taken.lower)),
    )


def part_of(amount: Bounds[Decimal], percent: Bounds[Decimal]) -> Bounds[Decimal]:
    """So many percent of an amount, where both are known in bounds.

    >>> print(part_of(Bounds.exactly(Decimal(7500)), Bounds(Decimal(20), Decimal(40))))
    1,500 to 3,000
    """
    return Bounds(percent_of(amount.lower, percent.lower), percent_of(amount.upper, percent.upper))


def lesser_of(one: Bounds[Decimal], other: Bounds[Decimal]) -> Bounds[Decimal]:
    """The lesser of two amounts that are known in bounds.

    >>> print(lesser_of(Bounds(Decimal(1), Decimal(5)), Bounds(Decimal(2), Decimal(3))))
    1 to 3
    """
    return Bounds(min(one.lower, other.lower), min(one.upper, other.upper))


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


def bounds_in_dollars(amount: Bounds[Decimal]) -> str:
    """Bounds of an amount in words.

    >>> bounds_in_dollars(Bounds(Decimal(0), Decimal(7500)))
    'between $0 and $7,500'
    >>> bounds_in_dollars(Bounds(Decimal(3000), Decimal("Infinity")))
    'at least $3,000'
    """
    if amount.is_exact:
        return in_dollars(amount.lower)
    if not amount.upper.is_finite():
        return f"at least {in_dollars(amount.lower)}"
    return f"between {in_dollars(amount.lower)} and {in_dollars(amount.upper)}"


class AmountLine(NamedTuple):
    """One line of an account: what it is, how much, and its citation.

    Args:
        label: What the amount is.
        amount: Bounds in US dollars.
        citation: The provision of law.

    >>> from evcredit import Citation
    >>> print(AmountLine("basis", Bounds.exactly(Decimal(9)), Citation.parse("26 USC 1012")))
    basis: $9 [26 USC 1012]
    """

    label: str
    amount: Bounds[Decimal]
    citation: Citation

    def __str__(self) -> str:
        return f"{self.label}: {bounds_in_dollars(self.amount)} [{self.citation}]"
