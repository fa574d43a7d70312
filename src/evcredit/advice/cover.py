"""The smallest choice of parts whose gains cover a need, by count or by value, in integers.

Nothing here knows what the parts are. Most gain just what they are worth, so that their sums are
subset sums (`evcredit.algebra.reachable`); the few that gain less, because part of them counts
already, are tried in every combination. Where they are more, or their sums too many, a choice is
known to be the smallest if it comes down to a bound; `evcredit.advice.solver` can look further.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, combinations
from math import ceil, floor
from typing import NamedTuple

from evcredit.algebra.reachable import PairedSums, ReachableSums, common_unit

__all__ = ["Choice", "Need", "Part", "covers", "fewest", "least_value"]

#: The most parts that are tried in every combination.
_MOST_TRIED = 12
#: The most parts whose sums are paired, and the most others in addition to them.
_MOST_PAIRED = 24
_MOST_BESIDE = 6


class Part(NamedTuple):
    """One part that can be chosen.

    Args:
        value: What it is worth, in integer units.
        gains: What choosing it gains towards each need: at most its value.
    """

    value: int
    gains: tuple[int | Fraction, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it gains just its value towards every need."""
        return all(gain == self.value for gain in self.gains)


class Need(NamedTuple):
    """What the gains must add up to.

    Args:
        amount: The amount.
        strict: Whether they must be more than that, and not just as much.
    """

    amount: int | Fraction
    strict: bool = False

    def left(self, gained: int | Fraction) -> int:
        """The integer units that are still needed, never below zero."""
        rest = self.amount - gained
        return max(0, floor(rest) + 1 if self.strict else ceil(rest))


class Choice(NamedTuple):
    """Parts that cover every need together.

    Args:
        places: Their places, in order.
        exact: Whether no choice is smaller. Otherwise there may be one, but none below
            `at_least`.
        at_least: The value that every choice moves at least.
    """

    places: tuple[int, ...]
    exact: bool
    at_least: int


def fewest(parts: Sequence[Part], needs: Sequence[Need]) -> Choice | None:
    """The choice of the fewest parts; `None` if all together do not cover the needs.

    >>> parts = [Part(5, (5,)), Part(3, (3,)), Part(4, (2,))]
    >>> fewest(parts, [Need(8)]).places
    (0, 1)
    """
    if not _left(parts, needs, ()):
        return Choice((), exact=True, at_least=0)
    if _left(parts, needs, range(len(parts))):
        return None
    # Of one need those that gain most are the fewest. No choice for several has fewer than one.
    most = max((_fewest_for(parts, needs, index) for index in range(len(needs))), key=len)
    if not _left(parts, needs, most):
        return _choice(most, parts, needs, exact=True)
    plain, others, exact = _sorted_out(parts)
    plain.sort(key=lambda place: (-parts[place].value, place))
    sums = [0, *accumulate(parts[place].value for place in plain)]
    best: tuple[int, ...] | None = None
    for tried in _combinations(others):
        if best is not None and len(tried) >= len(best):
            break  # combinations come by size
        count = bisect_left(sums, _left(parts, needs, tried))
        if count < len(sums) and (best is None or len(tried) + count < len(best)):
            best = (*tried, *plain[:count])
    if best is None:  # not all was tried, so that a cover can escape
        best = _any_cover(parts, needs)
    return _choice(best, parts, needs, exact=exact or len(best) == len(most))


def least_value(parts: Sequence[Part], needs: Sequence[Need]) -> Choice | None:
    """The choice worth the minimum; `None` if all together do not cover the needs.

    >>> parts = [Part(5, (5,)), Part(3, (3,)), Part(4, (2,))]
    >>> least_value(parts, [Need(4)]).places, least_value(parts, [Need(3, strict=True)]).places
    ((0,), (0,))
    """
    if not _left(parts, needs, ()):
        return Choice((), exact=True, at_least=0)
    if _left(parts, needs, range(len(parts))):
        return None
    plain, others, complete = _sorted_out(parts)
    unit, exact = common_unit(parts[place].value for place in plain)
    sums: ReachableSums | PairedSums
    if not exact and len(plain) <= _MOST_PAIRED and len(others) <= _MOST_BESIDE:
        unit, exact = 1, True
        sums = PairedSums(parts[place].value for place in plain)
    else:
        # Rounded down, so that what is found covers the need in full.
        sums = ReachableSums(parts[place].value // unit for place in plain)
    best: tuple[int, tuple[int, ...], int] | None = None
    for tried in _combinations(others):
        own = sum(parts[place].value for place in tried)
        if best is not None and own >= best[0]:
            continue
        total = sums.least_from(-(-_left(parts, needs, tried) // unit))
        if total is not None and (best is None or own + total * unit < best[0]):
            best = (own + total * unit, tried, total)
    if best is None:  # where sums are approximate, or not all is tried, a narrow way can escape
        return _choice(_any_cover(parts, needs), parts, needs, exact=False)
    _, tried, total = best
    places = (*tried, *(plain[index] for index in sums.parts_of(total)))
    return _choice(places, parts, needs, exact=exact and complete)


def _sorted_out(parts: Sequence[Part]) -> tuple[list[int], list[int], bool]:
    """The places of plain parts and of others that gain anything, and whether these are all."""
    useful = [place for place, part in enumerate(parts) if any(part.gains)]
    plain = [place for place in useful if parts[place].is_plain]
    others = [place for place in useful if not parts[place].is_plain]
    others.sort(key=lambda place: (-parts[place].value, place))
    return plain, others[:_MOST_TRIED], len(others) <= _MOST_TRIED


def _combinations(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for count in range(len(places) + 1):
        yield from combinations(places, count)


def covers(parts: Sequence[Part], needs: Sequence[Need], chosen: Sequence[int]) -> bool:
    """Whether parts cover every need.

    Args:
        parts: The parts.
        needs: The needs.
        chosen: The places of those that are chosen.
    """
    return not _left(parts, needs, chosen)


def _left(parts: Sequence[Part], needs: Sequence[Need], chosen: Sequence[int]) -> int:
    """What is still needed of plain parts, once some others are chosen."""
    return max(
        need.left(sum((parts[place].gains[index] for place in chosen), start=0))
        for index, need in enumerate(needs)
    )


def _fewest_for(parts: Sequence[Part], needs: Sequence[Need], index: int) -> tuple[int, ...]:
    """The fewest parts that cover one need, the others aside: those that gain most towards it."""
    gained: int | Fraction = 0
    chosen = []
    # Most gain first; the parts together are known to suffice.
    order = iter(sorted(range(len(parts)), key=lambda place: -parts[place].gains[index]))
    while needs[index].left(gained):
        chosen.append(next(order))
        gained += parts[chosen[-1]].gains[index]
    return tuple(chosen)


def _any_cover(parts: Sequence[Part], needs: Sequence[Need]) -> tuple[int, ...]:
    """A cover from which no part can be omitted, where all parts are one; not the smallest."""
    kept = list(range(len(parts)))
    for place in sorted(kept, key=lambda place: sum(parts[place].gains)):
        without = [each for each in kept if each != place]
        if not _left(parts, needs, without):
            kept = without
    return tuple(kept)


def _at_least(parts: Sequence[Part], needs: Sequence[Need]) -> int:
    """What every choice is worth at least, as if a part could be cut to size."""
    bound = max(need.left(0) for need in needs)
    for index, need in enumerate(needs):
        value, left = Fraction(0), Fraction(need.amount)
        useful = (part for part in parts if part.gains[index] > 0)
        for part in sorted(
            useful, key=lambda part: Fraction(Fraction(part.value), part.gains[index])
        ):
            taken = max(Fraction(0), min(Fraction(1), Fraction(left, part.gains[index])))
            value += taken * part.value
            left -= taken * part.gains[index]
        bound = max(bound, ceil(value))
    return bound


def _choice(
    places: Sequence[int], parts: Sequence[Part], needs: Sequence[Need], *, exact: bool
) -> Choice:
    at_least = _at_least(parts, needs)
    value = sum(parts[place].value for place in places)
    return Choice(tuple(sorted(places)), exact or value == at_least, at_least)
