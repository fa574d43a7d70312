"""The most that owners can pass on, each within its bounds and all of them within the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

import attrs

__all__ = ["Part", "most_passed_on"]

#: The most cases that are looked at before a bound that may be too large is taken.
CASES = 4096


class Part(NamedTuple):
    """What one owner may hold, and what lies behind it.

    Args:
        least: The minimum it holds, in parts of a whole.
        most: The most it may hold.
        behind: The share that is held of the owner, 1 being the whole.
    """

    least: int
    most: int
    behind: Fraction


def most_passed_on(
    parts: Sequence[Part], whole: int, merged_from: Fraction | None = None
) -> Fraction:
    """Return the most that owners can pass on together.

    An owner passes on its holding times what lies behind it. From the share on from which it is
    merged with what it owns, it passes on all that lies behind it.

    Args:
        parts: The owners.
        whole: How many parts the whole has. The minimum holdings amount to no more.
        merged_from: The share from which an owner is merged, 1 being the whole; `None` if no
            owner is.

    Returns:
        The maximum sum for any holdings within the bounds that amount to no more than the whole.
        Where many owners differ and more than two can be merged, the search ends after
        `CASES` cases; then the sum returned may be too large, but never too small.

    >>> third, half = Fraction(1, 3), Fraction(1, 2)
    >>> most_passed_on([Part(0, 8, third), Part(0, 8, half)], 10)
    Fraction(7, 15)
    >>> most_passed_on([Part(0, 8, third), Part(0, 8, half)], 10, half)
    Fraction(5, 6)
    """
    return _Choice.of(parts, whole, merged_from).best()


class _Candidate(NamedTuple):
    """An owner that may be merged or not.

    Args:
        least: The minimum it holds.
        cost: What it takes beyond that to merge it.
        rate: What each part passes on if it is not merged.
        gain: What merging it adds.
    """

    least: int
    cost: int
    rate: int
    gain: int


class _Case(NamedTuple):
    """Which candidates are merged and which are not; of the others both is possible.

    Args:
        left: The parts that are left to hold.
        value: What is passed on without them.
        merged: The candidates that are merged, by place.
        apart: Those that are not.
    """

    left: int
    value: int
    merged: frozenset[int]
    apart: frozenset[int]


@attrs.frozen(slots=False)
class _Choice:
    """The choice of the owners to merge, in integers."""

    candidates: tuple[_Candidate, ...]
    #: What each part passes on and how many parts there are, of owners that cannot be merged.
    others: tuple[tuple[int, int], ...]
    start: _Case
    unit: int

    @classmethod
    def of(cls, parts: Sequence[Part], whole: int, merged_from: Fraction | None) -> _Choice:
        """Bring holdings and what lies behind them to common denominators."""
        fine = 1 if merged_from is None else merged_from.denominator
        whole *= fine
        merged_at = whole + 1 if merged_from is None else merged_from.numerator * whole // fine
        common = lcm(*(each.behind.denominator for each in parts))
        candidates, others, value, left = [], [], 0, whole
        for part in parts:
            least, most = part.least * fine, part.most * fine
            rate = part.behind.numerator * (common // part.behind.denominator)
            left -= least
            if least >= merged_at:
                value += rate * whole
                continue
            value += rate * least
            if most >= merged_at:
                gain = rate * (whole - least)
                candidates.append(_Candidate(least, merged_at - least, rate, gain))
            else:
                others.append((rate, most - least))
        start = _Case(left, value, frozenset(), frozenset())
        return cls(tuple(candidates), tuple(others), start, common * whole)

    @cached_property
    def _steps(self) -> list[tuple[Fraction, int, bool, int]]:
        """What parts can be used for, the best use first: its rate, its size, whose it is."""
        steps = [(Fraction(rate), room, False, -1) for rate, room in self.others]
        for place, each in enumerate(self.candidates):
            steps.append((Fraction(each.gain, each.cost), each.cost, True, place))
            steps.append((Fraction(each.rate), each.cost, False, place))
        return sorted(steps, key=lambda step: -step[0])

    def best(self) -> Fraction:
        """The most that is passed on, by branch and bound; no more than the whole."""
        best, most = Fraction(0), Fraction(self.unit)
        cases, looked_at = [self.start], 0
        while cases and best < most:
            case = cases.pop()
            bound, split = self._bound(case)
            looked_at += 1
            if bound <= best:
                continue
            if split is None or looked_at > CASES:
                best = min(bound, most)
                continue
            chosen = self.candidates[split]
            # Whoever passes on less and holds less is not merged instead of the chosen one.
            worse = frozenset(
                place
                for place, each in enumerate(self.candidates)
                if each.rate <= chosen.rate and each.least <= chosen.least
            )
            cases.append(case._replace(apart=case.apart | (worse - case.merged)))
            cases.append(
                case._replace(
                    left=case.left - chosen.cost,
                    value=case.value + chosen.gain,
                    merged=case.merged | {split},
                )
            )
        return best * Fraction(1, self.unit)

    def _bound(self, case: _Case) -> tuple[Fraction, int | None]:
        """No less than what is passed on in a case, and a candidate merged in part for that."""
        value, left = Fraction(case.value), case.left
        for rate, size, merging, place in self._steps:
            if place in case.merged:
                continue
            if place >= 0:
                can = place not in case.apart and self.candidates[place].cost <= case.left
                if can is not merging:
                    continue
            used = min(size, left)
            value += rate * used
            left -= used
            if merging and used < size:
                return value, (place if used else None)
        return value, None
