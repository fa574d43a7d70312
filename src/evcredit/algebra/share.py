"""Exact shares with unknowns: a part of a whole as bounds of integer ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from evcredit.algebra.bounds import Bounds, refuse_float
from evcredit.algebra.tuples import made_of_items
from evcredit.algebra.verdict import Verdict

__all__ = ["Fractions", "Share", "reaches", "share_by_places", "share_of", "share_of_percent"]


def reaches(of: Any, whole: Any, percent: Any) -> Any:
    """Whether a part is at least a percentage of its whole.

    Written with operators alone, so that whole numbers, fractions and columns of a table are
    compared by the same words.

    Args:
        of: The part.
        whole: The whole, in the same units.
        percent: Percent, 100 being the whole.

    >>> reaches(2, 5, 40), reaches(2, 5, 41)
    (True, False)
    """
    return of * 100 >= percent * whole


@made_of_items
class Share(NamedTuple):
    """A share between two exact ratios.

    The ratios stay numerator and denominator: comparing cross-products of integers is exact
    and much cheaper than building fractions.

    Compare shares with a ratio, 1 being the whole, or with other shares by ``< <= > >=``: the
    answer is a `Verdict`. Add them by ``+`` or `sum`. `float` of an exact share, or of an end of
    its `bounds`, is for plots and printing only.

    >>> half = Share(1, 2, 1, 2)
    >>> half.at_least_percent(50), half.at_least_percent(51)
    (True, False)
    >>> half >= Fraction(1, 3), float(half)
    (<Verdict.MET: 'met'>, 0.5)
    >>> print(half, "and", half + Share(0, 1, 1, 4))
    50.0 % and 50.0 % to 75.0 %
    """

    lower_numerator: int | Fraction
    lower_denominator: int
    upper_numerator: int | Fraction
    upper_denominator: int

    def at_least_percent(self, percent: int) -> bool | None:
        """Whether the share is equal to or greater than `percent`; `None` if unknown."""
        if reaches(self.lower_numerator, self.lower_denominator, percent):
            return True
        return None if reaches(self.upper_numerator, self.upper_denominator, percent) else False

    @property
    def bounds(self) -> Bounds[Fraction]:
        """The share as bounds of fractions, 1 being the whole."""
        return Bounds(
            Fraction(self.lower_numerator, self.lower_denominator),
            Fraction(self.upper_numerator, self.upper_denominator),
        )

    # A tuple's own comparisons and sum would take the numerators and denominators one by one.
    def __ge__(self, other: Any) -> Verdict:  # type: ignore[override]
        return self.bounds >= _ratio(other)

    def __gt__(self, other: Any) -> Verdict:  # type: ignore[override]
        return self.bounds > _ratio(other)

    def __le__(self, other: Any) -> Verdict:  # type: ignore[override]
        return self.bounds <= _ratio(other)

    def __lt__(self, other: Any) -> Verdict:  # type: ignore[override]
        return self.bounds < _ratio(other)

    def __add__(self, other: Any) -> Share:
        total = self.bounds + _ratio(other)
        return Share(*total.lower.as_integer_ratio(), *total.upper.as_integer_ratio())

    def __radd__(self, other: Any) -> Share:
        return self.__add__(other)

    def __float__(self) -> float:
        return float(self.bounds)

    def __str__(self) -> str:
        bounds = self.bounds
        lower = percent(bounds.lower)
        return f"{lower} %" if bounds.is_exact else f"{lower} % to {percent(bounds.upper)} %"


# Every assessment makes two: a tuple of the class is made in a fraction of the time of a call.
_share: Callable[[tuple[int, ...]], Share] = partial(tuple.__new__, Share)


def _ratio(value: Any) -> Fraction | Bounds[Fraction]:
    """A share as bounds, and a number as an exact fraction."""
    refuse_float(value)
    return value.bounds if isinstance(value, Share) else Fraction(value)


def share_of_percent(percent: Decimal | Bounds[Decimal]) -> Share:
    """A percentage as a share.

    >>> share_of_percent(Decimal("52.5"))
    Share(lower_numerator=105, lower_denominator=200, upper_numerator=105, upper_denominator=200)
    """
    lower, upper = (
        (percent.lower, percent.upper) if isinstance(percent, Bounds) else (percent, percent)
    )
    (least, of_least), (most, of_most) = lower.as_integer_ratio(), upper.as_integer_ratio()
    return Share(least, of_least * 100, most, of_most * 100)


#: The minimum and the maximum fraction of something that qualifies.
Fractions = tuple[int | Fraction, int | Fraction]


def percent(share: Fraction) -> str:
    """A share in percent to one decimal place, half up, for reading only.

    >>> percent(Fraction(1, 3))
    '33.3'
    """
    tenths = (share.numerator * 2000 + share.denominator) // (2 * share.denominator)
    return f"{tenths // 10}.{tenths % 10}"


def share_of(
    parts: Iterable[tuple[int | None, Fractions]],
) -> Share | None:
    """The share of a whole that qualifies, from its parts.

    Args:
        parts: For each part its value (`None` if unknown, otherwise not negative), and a pair:
            the minimum and the maximum fraction of it that may qualify.

    Returns:
        The bounds of the value-weighted share; `None` if there are no parts, which leaves no
        share to speak of. Where the parts are worth nothing, only what holds for every part
        counts.

    The bounds are exact for known values and independent unknown fractions. A part of unknown
    value pulls the share towards its own fraction as it grows without limit, so it widens the
    bounds to take that fraction in.

    >>> print(share_of([(45, (1, 1)), (5, (0, 1)), (50, (0, 0))]))
    45.0 % to 50.0 %
    """
    total = 0
    lower: int | Fraction = 0
    upper: int | Fraction = 0
    worthless: list[Fractions] = []
    weightless: list[Fractions] = []
    for value, fractions in parts:
        if value is None:
            weightless.append(fractions)
        elif value:
            total += value
            least, most = fractions
            if least:
                lower += value * least
            if most:
                upper += value * most
        else:
            worthless.append(fractions)
    if total and not weightless:
        return Share(lower, total, upper, total)
    return _open_share(Fraction(lower), Fraction(upper), total, worthless, weightless)


def _open_share(
    lower: Fraction,
    upper: Fraction,
    total: int,
    worthless: list[Fractions],
    weightless: list[Fractions],
) -> Share | None:
    """The share where some values are unknown, or all of them nothing."""
    if not (total or weightless or worthless):
        return None
    ends = [*weightless, *([(Fraction(lower, total), Fraction(upper, total))] if total else ())]
    # If all turn out to be worth nothing, what holds for every part counts, and that is at most
    # what one of them would count.
    lows = [least for least, _ in (ends if total else [*weightless, *worthless])]
    low = Fraction(min(lows))
    high = Fraction(max(most for _, most in ends) if ends else min(m for _, m in worthless))
    return Share(low.numerator, low.denominator, high.numerator, high.denominator)


def share_by_places(
    parts: Iterable[tuple[int, tuple[str | None, ...]]],
    counts: Mapping[str | None, bool | None],
) -> Share:
    """The same in the common case: a part counts whole if any of its places does.

    Args:
        parts: For each part its value, more than nothing, and its places.
        counts: Whether a place counts; a place that is absent does not.

    >>> print(share_by_places([(3, ("CL", "CN")), (1, ("CN",))], {"CL": True}))
    75.0 %
    """
    total = lower = upper = 0
    for value, places in parts:
        total += value
        best: bool | None = False
        for place in places:
            found = counts.get(place, False)
            if found:
                lower += value
                upper += value
                break
            if found is None:
                best = None
        else:
            if best is None:
                upper += value
    return _share((lower, total, upper, total))
