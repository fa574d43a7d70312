"""The smallest choice of parts whose gains cover a need, by count or by value, in integers.

Nothing here knows what the parts are. Most gain just what they are worth, so that their sums are
subset sums (`evcredit.algebra.reachable`); the few that gain less, because part of them counts
already, are tried in every combination.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, combinations
from math import ceil, floor
from typing import NamedTuple

from evcredit.algebra.reachable import PairedSums, ReachableSums, common_unit

__all__ = ["Choice", "Need", "Part", "fewest", "least_value"]

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
    return _choice(best, exact, needs)


def least_value(parts: Sequence[Part], needs: Sequence[Need]) -> Choice | None:
    """The choice worth the minimum; `None` if all together do not cover the needs.

    >>> parts = [Part(5, (5,)), Part(3, (3,)), Part(4, (2,))]
    >>> least_value(parts, [Need(4)]).places, least_value(parts, [Need(3, strict=True)]).places
    ((0,), (0,))
    """
    if not _left(parts, needs, ()):
        return Choice((), exact=True, at_least=0)
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
    if best is None:
        # Where sums are approximate, a narrow way to cover the needs can escape them.
        found = None if exact else fewest(parts, needs)
        return None if found is None else found._replace(exact=False)
    _, tried, total = best
    places = (*tried, *(plain[index] for index in sums.parts_of(total)))
    return _choice(places, exact and complete, needs)


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


def _left(parts: Sequence[Part], needs: Sequence[Need], chosen: Sequence[int]) -> int:
    """What is still needed of plain parts, once some others are chosen."""
    return max(
        need.left(sum((parts[place].gains[index] for place in chosen), start=0))
        for index, need in enumerate(needs)
    )


def _choice(places: tuple[int, ...] | None, exact: bool, needs: Sequence[Need]) -> Choice | None:
    if places is None:
        return None
    return Choice(tuple(sorted(places)), exact, max(need.left(0) for need in needs))
