"""Which totals the parts of a sum can have: subset sums of integers, stored as bits.

Bit ``t`` of a long integer says whether some of the parts add up to ``t``. Adding a part shifts
the integer by it and joins both, so sixty parts worth thousands of dollars in whole cents are
sixty shifts of some forty kilobytes. Nothing is tried, and nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

import attrs

__all__ = ["PairedSums", "ReachableSums", "common_unit"]

#: The most bits that all the sums of one question may take together: 32 MB.
_MOST_BITS = 2**28


def _as_parts(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(values)


@attrs.frozen
class ReachableSums:
    """The totals of every choice of some parts.

    Args:
        parts: Integers, none negative.

    Raises:
        ValueError: A part is negative.

    >>> sums = ReachableSums((3, 5, 9))
    >>> 8 in sums, 10 in sums, sums.least_from(10), sums.most_to(11)
    (True, False, 12, 9)
    >>> sums.parts_of(12)
    (0, 2)
    """

    parts: tuple[int, ...] = attrs.field(converter=_as_parts)
    #: After each part, in order of size, the totals of those so far.
    _layers: tuple[int, ...] = attrs.field(init=False, eq=False, repr=False)
    _order: tuple[int, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if any(part < 0 for part in self.parts):
            raise ValueError("the parts of a sum may not be negative")
        order = sorted(range(len(self.parts)), key=lambda index: self.parts[index])
        layers = [1]
        for index in order:
            layers.append(layers[-1] | layers[-1] << self.parts[index])
        object.__setattr__(self, "_order", tuple(order))
        object.__setattr__(self, "_layers", tuple(layers))

    def __contains__(self, total: int) -> bool:
        """Whether some of the parts add up to `total`."""
        return total >= 0 and bool(self._layers[-1] >> total & 1)

    def least_from(self, least: int) -> int | None:
        """The smallest total that is `least` or more; `None` if there is none."""
        above = self._layers[-1] >> max(0, least)
        return max(0, least) + (above & -above).bit_length() - 1 if above else None

    def most_to(self, most: int) -> int | None:
        """The maximum total that is `most` or less; `None` if `most` is negative."""
        if most < 0:
            return None
        below = self._layers[-1] & ((1 << (most + 1)) - 1)
        return below.bit_length() - 1

    def parts_of(self, total: int) -> tuple[int, ...]:
        """Parts that add up to `total`, by their places; the largest are preferred.

        Raises:
            ValueError: None do.
        """
        if total not in self:
            raise ValueError(f"no choice of the parts adds up to {total}")
        chosen = []
        for index, layer in zip(reversed(self._order), reversed(self._layers[:-1]), strict=True):
            rest = total - self.parts[index]
            if rest >= 0 and layer >> rest & 1:
                chosen.append(index)
                total = rest
        return tuple(sorted(chosen))


@attrs.frozen
class PairedSums:
    """Like the above, for a few parts, however long their numbers: the sums of two halves.

    Args:
        parts: At most some two dozen integers, none negative: each one more makes the search
            longer by half.

    Raises:
        ValueError: A part is negative.

    >>> sums = PairedSums((3_000_000_000_001, 5, 9))
    >>> sums.least_from(10), sums.parts_of(14)
    (14, (1, 2))
    """

    parts: tuple[int, ...] = attrs.field(converter=_as_parts)
    #: The sums of each half, from small to large, each with the bits of its parts.
    _halves: tuple[tuple[tuple[int, int], ...], ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if any(part < 0 for part in self.parts):
            raise ValueError("the parts of a sum may not be negative")
        half = len(self.parts) // 2
        ends = (self.parts[:half], 0), (self.parts[half:], half)
        object.__setattr__(self, "_halves", tuple(_sums(parts, first) for parts, first in ends))

    def least_from(self, least: int) -> int | None:
        """The smallest total that is `least` or more; `None` if there is none."""
        found = self._least(least)
        return None if found is None else found[0]

    def parts_of(self, total: int) -> tuple[int, ...]:
        """Parts that add up to `total`, by their places.

        Raises:
            ValueError: None do.
        """
        found = self._least(total)
        if found is None or found[0] != total:
            raise ValueError(f"no choice of the parts adds up to {total}")
        return tuple(place for place in range(len(self.parts)) if found[1] >> place & 1)

    def _least(self, least: int) -> tuple[int, int] | None:
        """The smallest total from `least` on, with the bits of its parts."""
        one, other = self._halves
        best: tuple[int, int] | None = None
        place = len(other) - 1
        for total, bits in one:
            while place > 0 and total + other[place - 1][0] >= least:
                place -= 1
            found = total + other[place][0]
            if found >= least and (best is None or found < best[0]):
                best = (found, bits | other[place][1])
        return best


def _sums(parts: tuple[int, ...], first: int) -> tuple[tuple[int, int], ...]:
    """Every sum of some parts, with the bits of their places, from small to large."""
    sums = [(0, 0)]
    for place, part in enumerate(parts, start=first):
        sums += [(total + part, bits | 1 << place) for total, bits in sums]
    return tuple(sorted(sums))


def common_unit(values: Iterable[int], most_bits: int = _MOST_BITS) -> tuple[int, bool]:
    """The unit in which to count some values, so that the bits of their sums stay few.

    Args:
        values: Integers, none negative.
        most_bits: The most bits that all their sums may take together.

    Returns:
        The greatest common divisor, and True; or, where that would take too many bits, a greater
        unit, in which sums are only approximate, and False.

    >>> common_unit([45_000, 60_000]), common_unit([1_000_000, 999_999], most_bits=2_000)
    ((15000, True), (3004, False))
    """
    values = tuple(values)
    exact = gcd(*values) or 1
    most = max(1, most_bits // (len(values) + 1))
    least = -(-sum(values) // most)
    return (exact, True) if least <= exact else (least, False)
