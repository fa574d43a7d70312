"""Shares in circles of owners, exactly.

Owners that hold each other in a circle have shares that depend on one another, as a system of
linear equations: the share of each is what comes from outside, plus weighted shares of others,
and never more than the whole. Strict bounds with few digits show which shares stop at the whole,
and an exact solution gives the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from evcredit.algebra.circle import strong_components
from evcredit.section_30d.concern.linear import Equation, solution, weighted_sum

__all__ = ["capped_shares", "converges"]

_ZERO, _ONE = Fraction(0), Fraction(1)
#: The whole, in the numbers of bounds with few digits.
_SCALE = 1 << 64
#: How often such bounds are refined before an exact solution decides.
_SWEEPS = 40


def capped_shares(equations: Sequence[Equation]) -> list[Fraction]:
    """Solve equations whose shares stop at the whole.

    Args:
        equations: The equation of each entity; places in them are places in this sequence.

    Returns:
        The shares, in the same order. What nothing from outside arrives at is zero; of the rest
        there is only one solution.

    >>> half = Equation(2, {1: 1}, Fraction(1, 4)), Equation(2, {0: 1}, Fraction(0))
    >>> capped_shares(half)
    [Fraction(1, 3), Fraction(1, 6)]
    """
    shares = [_ZERO] * len(equations)
    for places in _components(equations):
        own = _within(equations, places, shares)
        if len(own) == 1:
            found = [min(own[0].outside, _ONE)]
        elif any(each.outside for each in own):
            found = _capped_together(own)
        else:
            continue
        for place, share in zip(places, found, strict=True):
            shares[place] = share
    return shares


def converges(equations: Sequence[Equation]) -> bool:
    """Whether all that is passed on around the circles, round after round, has a finite sum.

    Where it has not, the linear equations have no solution without negative shares, and only
    stopping at the whole gives them one. What nothing from outside arrives at is ignored.

    >>> converges([Equation(1, {1: 1}, Fraction(1, 4)), Equation(1, {0: 1}, Fraction(0))])
    False
    """
    reached: set[int] = set()
    for places in _components(equations):
        if any(
            equations[place].outside or not reached.isdisjoint(equations[place].inside)
            for place in places
        ):
            reached.update(places)
            if len(places) > 1 and not _converges_together(_within(equations, places)):
                return False
    return True


# -- one circle ----------------------------------------------------------------------------


def _components(equations: Sequence[Equation]) -> list[list[int]]:
    return strong_components(range(len(equations)), lambda place: equations[place].inside)


def _within(
    equations: Sequence[Equation], places: Sequence[int], known: Sequence[Fraction] | None = None
) -> list[Equation]:
    """Some of the equations, with their own places; the others pass on what is known of them."""
    own = {place: position for position, place in enumerate(places)}
    found = []
    for whole, inside, outside in (equations[place] for place in places):
        further = outside
        if known is not None and len(inside) > 0:
            given = ((w, known[each]) for each, w in inside.items() if each not in own)
            further += weighted_sum(given, whole)
        kept = {own[each]: weight for each, weight in inside.items() if each in own}
        found.append(Equation(whole, kept, further))
    return found


class _Row:
    """The weights of an equation, laid out to be multiplied with the shares of its owners."""

    __slots__ = ("owners", "weights", "whole")

    def __init__(self, equation: Equation) -> None:
        self.whole = equation.whole
        self.owners = tuple(equation.inside)
        self.weights = tuple(equation.inside.values())

    def sum(self, shares: list[int]) -> int:
        return sum(map(mul, self.weights, map(shares.__getitem__, self.owners)))


def _capped_together(equations: list[Equation]) -> list[Fraction]:
    """The shares of a circle at which something arrives.

    From a set that includes every share that stops at the whole, those are removed that do not
    reach it given the others, until nothing changes.
    """
    full = _perhaps_full(equations)
    while True:
        shares = _with_full(equations, full)
        reaching = [place for place in full if _passed_on_to(equations[place], shares) >= 1]
        if reaching == full:
            return shares
        full = reaching


def _passed_on_to(equation: Equation, shares: list[Fraction]) -> Fraction:
    parts = ((weight, shares[owner]) for owner, weight in equation.inside.items())
    return equation.outside + weighted_sum(parts, equation.whole)


def _with_full(equations: list[Equation], full: list[int]) -> list[Fraction]:
    """The shares if exactly these stop at the whole."""
    shares = [_ZERO] * len(equations)
    for place in full:
        shares[place] = _ONE
    free = [place for place in range(len(equations)) if not shares[place]]
    # What does not reach the whole passes on less than arrives, so there is one solution.
    found = solution(_within(equations, free, shares)) or []
    for place, share in zip(free, found, strict=True):
        shares[place] = share
    return shares


def _perhaps_full(equations: list[Equation]) -> list[int]:
    """The places of shares that stop at the whole, and perhaps of some that nearly reach it."""
    rows = [_Row(each) for each in equations]
    scaled = [(each.outside * each.whole * _SCALE).as_integer_ratio() for each in equations]
    most, least = [_SCALE] * len(rows), [0] * len(rows)
    perhaps: list[int] = []
    for _ in range(_SWEEPS):
        perhaps, surely = [], 0
        for place, (row, (above, below)) in enumerate(zip(rows, scaled, strict=True)):
            arrives = row.sum(most) - (-above // below)
            if arrives >= row.whole * _SCALE:
                perhaps.append(place)
            else:
                most[place] = -(-arrives // row.whole)
        if not perhaps:
            break
        for place, (row, (above, below)) in enumerate(zip(rows, scaled, strict=True)):
            arrives = row.sum(least) + above // below
            surely += arrives >= row.whole * _SCALE
            least[place] = min(arrives // row.whole, _SCALE)
        if surely == len(perhaps):
            break
    return perhaps


def _converges_together(equations: list[Equation]) -> bool:
    """Whether what goes around one circle dies out.

    It does if for some positive numbers what owners pass on amounts to no more than the numbers
    themselves, and to less for one of them; it does not if for some numbers it amounts to no less
    (Collatz and Wielandt). Such numbers turn up soon if the owners' numbers are put in again
    and again. Otherwise the exact solution decides.
    """
    rows = [_Row(each) for each in equations]
    # Rounded down and rounded up, so that each is on the safe side of what it has to show.
    low, high = [_SCALE] * len(rows), [_SCALE] * len(rows)
    for _ in range(_SWEEPS):
        if any(low) and all(row.sum(low) >= low[n] * row.whole for n, row in enumerate(rows)):
            return False
        less = [row.sum(high) - high[n] * row.whole for n, row in enumerate(rows)]
        if max(less) <= 0 and min(less) < 0:
            return True
        for place, row in enumerate(rows):
            low[place] = row.sum(low) // row.whole
            high[place] = -(-row.sum(high) // row.whole)
    found = solution([each._replace(outside=_ONE) for each in equations])
    return found is not None and min(found) >= 0
