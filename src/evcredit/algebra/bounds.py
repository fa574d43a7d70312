"""Closed intervals: what is known of a number or a day when it is not known exactly."""

from __future__ import annotations

from contextlib import suppress
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, Generic, TypeVar, overload

import attrs

from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError, UndeterminedError, shown

__all__ = ["Bounds", "exact_arithmetic", "refuse_float"]

T = TypeVar("T")


def exact_arithmetic() -> Context:
    """A decimal context of its own in which nothing is ever rounded.

    Amounts and percentages have at most eighteen digits on either side of the point, so sums and
    products of a few of them fit; anything that does not raises `decimal.Inexact`.

    >>> exact_arithmetic().multiply(Decimal("0.1"), Decimal("33.333333333333333333"))
    Decimal('3.3333333333333333333')
    """
    return Context(prec=120, traps=[Inexact, InvalidOperation])


@attrs.frozen(order=False)  # said for mypy, which takes it to be ordered by its ends otherwise
class Bounds(Generic[T]):
    """Every value from `lower` to `upper`, both ends included.

    Compare bounds with a value, or with other bounds, by ``< <= > >=``: the answer is a `Verdict`.
    Add them by ``+`` or `sum`, exactly. ``==`` asks whether both ends are the same. `float` of
    exact bounds, or of an end, is for plots and printing only.

    Args:
        lower: The minimum of the value.
        upper: The maximum of the value; the same as `lower` when the value is exact.

    Raises:
        InvalidFactError: `lower` is greater than `upper`, or they cannot be compared.

    >>> credit = Bounds(0, 7500)
    >>> credit.is_exact, credit.at_least(0), credit.at_least(3750), credit.at_least(9000)
    (False, <Verdict.MET: 'met'>, <Verdict.UNKNOWN: 'unknown'>, <Verdict.NOT_MET: 'not met'>)
    >>> credit > 9000, credit + 4000
    (<Verdict.NOT_MET: 'not met'>, Bounds(lower=4000, upper=11500))
    >>> print(credit + 4000)
    4,000 to 11,500
    """

    lower: T
    upper: T

    def __attrs_post_init__(self) -> None:
        lower, upper = _to_compare(self.lower), _to_compare(self.upper)
        try:
            in_order = bool(lower <= upper)
        except ArithmeticError as error:  # NaN, which is neither less nor more than anything
            found, remedy = f"{self.lower} and {self.upper}", "bounds need two numbers"
            raise InvalidFactError("bounds", found, remedy) from error
        except TypeError as error:
            found = f"{shown(self.lower)} and {shown(self.upper)}"
            raise InvalidFactError("bounds", found, "give two numbers, or two days") from error
        if not in_order:
            remedy = f"the lower bound {self.lower} is above the upper bound {self.upper}"
            raise InvalidFactError("bounds", f"{self.lower} to {self.upper}", remedy)

    @classmethod
    def exactly(cls, value: T) -> Bounds[T]:
        """The bounds of a value known exactly.

        >>> Bounds.exactly(3750)
        Bounds(lower=3750, upper=3750)
        """
        return cls(value, value)

    @overload
    @classmethod
    def of(cls, value: T | Bounds[T]) -> Bounds[T]: ...

    @overload
    @classmethod
    def of(cls, value: T | Bounds[T] | None, otherwise: Bounds[T]) -> Bounds[T]: ...

    @classmethod
    def of(cls, value: Any, otherwise: Bounds[T] | None = None) -> Bounds[T]:
        """The bounds of a fact, however much of it is stated.

        Args:
            value: The fact: one value, or bounds, or `None` if it is unknown.
            otherwise: The bounds of a fact that is unknown.

        Raises:
            ValueError: The fact is unknown, and nothing is given for that.

        >>> Bounds.of(50), Bounds.of(Bounds(1, 2)), Bounds.of(None, Bounds(0, 100))
        (Bounds(lower=50, upper=50), Bounds(lower=1, upper=2), Bounds(lower=0, upper=100))
        """
        if value is None:
            if otherwise is None:
                raise ValueError("an unknown value has bounds only if `otherwise` gives them")
            return otherwise
        return value if isinstance(value, Bounds) else cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether only one value is left."""
        return self.lower == self.upper

    def at_least(self, limit: Any) -> Verdict:
        """Whether the value is equal to or greater than `limit`, a value or other bounds."""
        least, most = _ends(limit)
        return self._decide(self.lower >= most, self.upper >= least)

    def more_than(self, limit: Any) -> Verdict:
        """Whether the value exceeds `limit`, a value or other bounds."""
        least, most = _ends(limit)
        return self._decide(self.lower > most, self.upper > least)

    def at_most(self, limit: Any) -> Verdict:
        """Whether the value does not exceed `limit`, a value or other bounds."""
        return ~self.more_than(limit)

    def less_than(self, limit: Any) -> Verdict:
        """Whether the value is below `limit`, a value or other bounds."""
        return ~self.at_least(limit)

    __ge__ = at_least
    __gt__ = more_than
    __le__ = at_most
    __lt__ = less_than

    @staticmethod
    def _decide(at_the_lower_end: bool, at_the_upper_end: bool) -> Verdict:
        # "At least" and "more than" grow with the value, so the two ends decide for all between.
        if at_the_lower_end:
            return Verdict.MET
        return Verdict.UNKNOWN if at_the_upper_end else Verdict.NOT_MET

    def __add__(self, other: Any) -> Bounds[T]:
        least, most = _ends(other)
        return Bounds(_sum(self.lower, least), _sum(self.upper, most))

    __radd__ = __add__

    def __float__(self) -> float:
        if not self.is_exact:
            raise UndeterminedError(f"{self} is not one number; take float of .lower or of .upper")
        end: Any = self.lower
        return float(end)

    def hull(self, other: Bounds[T]) -> Bounds[T]:
        """The smallest bounds that hold both.

        >>> Bounds(1, 2).hull(Bounds(4, 5))
        Bounds(lower=1, upper=5)
        """
        ours: tuple[Any, Any] = (self.lower, self.upper)
        return Bounds(min(ours[0], other.lower), max(ours[1], other.upper))

    def overlap(self, other: Bounds[T]) -> Bounds[T] | None:
        """What both leave possible; `None` if they exclude each other.

        >>> Bounds(1, 4).overlap(Bounds(3, 9)), Bounds(1, 2).overlap(Bounds(3, 9))
        (Bounds(lower=3, upper=4), None)
        """
        ours: tuple[Any, Any] = (self.lower, self.upper)
        lower, upper = max(ours[0], other.lower), min(ours[1], other.upper)
        return None if lower > upper else Bounds(lower, upper)

    def __contains__(self, value: Any) -> bool:
        """Whether `value`, or every value of other bounds, lies within.

        >>> 3 in Bounds(1, 5), Bounds(4, 6) in Bounds(1, 5)
        (True, False)
        """
        if isinstance(value, Bounds):
            return value.lower in self and value.upper in self
        return bool(self.lower <= value <= self.upper)

    def __str__(self) -> str:
        if self.is_exact:
            return _in_words(self.lower)
        if self.upper == Decimal("Infinity"):
            return f"{_in_words(self.lower)} or more"
        return f"{_in_words(self.lower)} to {_in_words(self.upper)}"


def _to_compare(end: Any) -> Any:
    """An end as it is compared: a number that is given as text is one, so "9" is below "10"."""
    if isinstance(end, str):
        with suppress(InvalidOperation):
            return Decimal(end)
    return end


def refuse_float(value: Any) -> None:
    """Raise `TypeError` for a float, which is seldom the number that was written.

    >>> refuse_float(0.1)
    Traceback (most recent call last):
    TypeError: floats are not exact; write Decimal('0.1')
    """
    if isinstance(value, float):
        raise TypeError(f"floats are not exact; write Decimal('{value}')")


def _ends(value: Any) -> tuple[Any, Any]:
    refuse_float(value)
    return (value.lower, value.upper) if isinstance(value, Bounds) else (value, value)


def _sum(one: Any, other: Any) -> Any:
    # Decimals are rounded to the caller's context unless another one adds them.
    decimal = isinstance(one, Decimal) and isinstance(other, Decimal | int)
    return exact_arithmetic().add(one, other) if decimal else one + other


def _in_words(end: Any) -> str:
    if isinstance(end, Decimal) and end.is_finite():
        return f"{end:,f}"
    return f"{end:,}" if isinstance(end, int) else str(end)
