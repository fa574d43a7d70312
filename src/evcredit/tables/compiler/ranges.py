"""Ranges of numbers as columns: the minimum and the maximum that a number may be in each row.

Each end is a whole number, the same in every row, or a column of whole numbers that is only as
wide as the maximum of them needs: narrow columns are read faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import lcm
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

__all__ = ["ColumnRange", "Number", "as_wide", "in_cents"]

#: A whole number, or a column of whole numbers without unknowns.
Number = int | nw.Expr
_WIDTHS: tuple[tuple[int, Any], ...] = ((2**15, nw.Int16), (2**31, nw.Int32))


def _dtype(most: int) -> Any:
    """The narrowest type that holds whole numbers up to a size."""
    return next((dtype for end, dtype in _WIDTHS if most < end), nw.Int64)


def typed(number: Number, most: int) -> nw.Expr:
    """A number as a column that is wide enough for numbers up to a size."""
    return nw.lit(number, dtype=_dtype(most)) if isinstance(number, int) else number


class ColumnRange(NamedTuple):
    """The minimum and the maximum a quantity may be, in so many parts of its unit.

    Args:
        lower: The minimum.
        upper: The maximum.
        parts: How many parts make one of the unit.
        most: What neither end exceeds in any row, without regard to its sign.
    """

    lower: Number
    upper: Number
    parts: int
    most: int

    def sized(self, most: int) -> ColumnRange:
        """The same in columns that are just wide enough for numbers up to a size."""
        if _dtype(most) is _dtype(self.most):
            return self._replace(most=most)
        return self.each(
            lambda n: n if isinstance(n, int) else n.cast(_dtype(most)), self.parts, most
        )

    def times(self, number: int, parts: int) -> ColumnRange:
        """The same, multiplied."""
        if number == 1:
            return self._replace(parts=parts)
        wide = self.sized(self.most * number)
        lower, upper = wide.lower * number, wide.upper * number
        return ColumnRange(lower, lower if wide.upper is wide.lower else upper, parts, wide.most)

    def in_parts(self, parts: int) -> ColumnRange:
        """The same in finer parts."""
        return self.times(parts // self.parts, parts)

    def each(self, of: Callable[[Number], Number], parts: int, most: int) -> ColumnRange:
        """The value with something done to each end, which is done once if they are one."""
        lower = of(self.lower)
        return ColumnRange(
            lower, lower if self.upper is self.lower else of(self.upper), parts, most
        )


def known_range(number: int, parts: int) -> ColumnRange:
    """A number that is known and the same in every row."""
    return ColumnRange(number, number, parts, abs(number))


def as_wide(*several: ColumnRange) -> tuple[ColumnRange, ...]:
    """Quantities in the same parts and in columns of the same width."""
    parts = lcm(*(ends.parts for ends in several))
    alike = [ends.in_parts(parts) for ends in several]
    most = max(ends.most for ends in alike)
    return tuple(ends.sized(most) for ends in alike)


def in_cents(credit: ColumnRange) -> tuple[nw.Expr, nw.Expr]:
    """The ends of an amount in US dollars as columns of whole cents, 64 bits wide."""
    lower, upper = (
        nw.lit(n, dtype=nw.Int64) if isinstance(n, int) else n.cast(nw.Int64)
        for n in (credit.lower, credit.upper)
    )
    times = 100 // credit.parts
    return (lower, upper) if times == 1 else (lower * times, upper * times)


def lesser(one: Number, other: Number, most: int) -> Number:
    """The lesser of two numbers in each row."""
    if isinstance(one, int) and isinstance(other, int):
        return min(one, other)
    first, second = typed(one, most), typed(other, most)
    return nw.when(first <= second).then(first).otherwise(second)


def greater(one: Number, other: Number, most: int) -> Number:
    """The greater of two numbers in each row."""
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    first, second = typed(one, most), typed(other, most)
    return nw.when(first >= second).then(first).otherwise(second)


def hull_of(several: Iterable[ColumnRange]) -> ColumnRange:
    """The minimum of some lower ends and the maximum of the upper ones, all of one width."""
    found, *rest = several
    for ends in rest:
        lower = lesser(found.lower, ends.lower, ends.most)
        found = found._replace(lower=lower, upper=greater(found.upper, ends.upper, ends.most))
    return found


def one_number(condition: Any, met: Number, otherwise: Number, most: int) -> Number:
    """One of two numbers in each row; the condition is never unknown."""
    if isinstance(condition, bool):
        return met if condition else otherwise
    if isinstance(met, int) and isinstance(otherwise, int) and met == otherwise:
        return met
    return nw.when(condition).then(typed(met, most)).otherwise(typed(otherwise, most))


def one_range(condition: Any, met: ColumnRange, otherwise: ColumnRange) -> ColumnRange:
    """One of two quantities of one width; the condition is never unknown."""
    lower = one_number(condition, met.lower, otherwise.lower, met.most)
    if met.lower is met.upper and otherwise.lower is otherwise.upper:
        return met._replace(lower=lower, upper=lower)
    return met._replace(
        lower=lower, upper=one_number(condition, met.upper, otherwise.upper, met.most)
    )
