"""Linear equations between shares, solved exactly.

Owners that hold each other in circles have shares that depend on one another. The solution is
computed in integers, without rounding. Shares with few neighbors are substituted in the equations
of the others. What is left is solved by Dixon's method: the equations are solved modulo one
number, this solution is refined digit by digit, and its fractions are recovered when there are
enough digits to leave only one possibility.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import count
from math import isqrt, lcm, prod
from operator import mul
from typing import NamedTuple

__all__ = ["Equation", "solution", "weighted_sum"]

_ZERO = Fraction(0)
#: Up to so many shares are added in turn.
_FEW = 3
#: The first modulus: a prime that fits into one of the digits that Python calculates with.
_MODULUS = 2**30 - 35
#: An equation is substituted while it joins at most so many pairs of others.
_PAIRS = 16


class Equation(NamedTuple):
    """The share of one entity, as a sum over its owners.

    Args:
        whole: How many parts the whole has.
        inside: The parts that owners in the circle pass on, by their places; none is zero.
        outside: The share that owners outside the circle pass on, 1 being the whole.
    """

    whole: int
    inside: Mapping[int, int]
    outside: Fraction


def weighted_sum(parts: Iterable[tuple[int, Fraction]], whole: int) -> Fraction:
    """Add up shares, each times its weight in parts of a whole.

    Many are added over a common denominator, which takes one reduction of a fraction instead of
    one for each.

    >>> weighted_sum([(1, Fraction(1, 2)), (3, Fraction(1, 3))], 10)
    Fraction(3, 20)
    """
    terms = [(weight, share) for weight, share in parts if weight and share]
    if len(terms) <= _FEW:
        # Short and long fractions are reduced crosswise, which is quick.
        return sum((Fraction(weight, whole) * share for weight, share in terms), _ZERO)
    ratios = [(weight, *share.as_integer_ratio()) for weight, share in terms]
    common = lcm(*(below for _, _, below in ratios))
    total = sum(weight * above * (common // below) for weight, above, below in ratios)
    return Fraction(total, common * whole)


def solution(equations: Sequence[Equation]) -> list[Fraction] | None:
    """Solve the equations, without a limit at the whole.

    Args:
        equations: The equation of each entity; places in them are places in this sequence.

    Returns:
        The solution; `None` only if what is passed on around the circles has no finite sum.

    >>> solution([Equation(2, {1: 1}, Fraction(1, 4)), Equation(2, {0: 1}, Fraction(0))])
    [Fraction(1, 3), Fraction(1, 6)]
    >>> solution([Equation(1, {1: 1}, Fraction(1, 4)), Equation(1, {0: 1}, Fraction(0))])
    """
    system = _Substitution(equations)
    if not system.substitute():
        return None
    found = _core_solution(*system.core())
    return None if found is None else system.completed(found)


class _Substitution:
    """Equations of which some are substituted in the others.

    Args:
        equations: The equations.
    """

    __slots__ = ("held", "order", "outside", "weights")

    def __init__(self, equations: Sequence[Equation]) -> None:
        #: By place, what each owner passes on.
        self.weights: list[dict[int, Fraction]] = [
            {owner: Fraction(weight, each.whole) for owner, weight in each.inside.items()}
            for each in equations
        ]
        self.outside = [each.outside for each in equations]
        #: By place, who is held.
        self.held: list[set[int]] = [set() for _ in equations]
        for place, owners in enumerate(self.weights):
            for owner in owners:
                self.held[owner].add(place)
        #: The places that are substituted, in order.
        self.order: list[int] = []

    def _pairs(self, place: int) -> int:
        return len(self.weights[place]) * len(self.held[place])

    def substitute(self) -> bool:
        """Substitute shares with few neighbors; false if the sums are found not to be finite."""
        ahead = [(self._pairs(place), place) for place in range(len(self.weights))]
        heapq.heapify(ahead)
        done: set[int] = set()
        while ahead and ahead[0][0] <= _PAIRS:
            pairs, place = heapq.heappop(ahead)
            if place in done or pairs != self._pairs(place):
                continue
            if not self._solve_for_itself(place):
                return False
            done.add(place)
            self.order.append(place)
            for each in self._put_in(place):
                heapq.heappush(ahead, (self._pairs(each), each))
        return True

    def _solve_for_itself(self, place: int) -> bool:
        """Let a share no longer be on both sides of its equation."""
        owners = self.weights[place]
        own = 1 - owners.pop(place, _ZERO)
        self.held[place].discard(place)
        if own <= 0:
            return False
        if own != 1:
            times = Fraction(own.denominator, own.numerator)
            self.weights[place] = {owner: weight * times for owner, weight in owners.items()}
            self.outside[place] *= times
        return True

    def _put_in(self, place: int) -> set[int]:
        """Put the equation of a share in those of whom it holds; return whose neighbors change."""
        owners = self.weights[place]
        for owner in owners:
            self.held[owner].discard(place)
        for other in self.held[place]:
            target = self.weights[other]
            passed_on = target.pop(place)
            self.outside[other] += passed_on * self.outside[place]
            for owner, weight in owners.items():
                target[owner] = target.get(owner, _ZERO) + passed_on * weight
                self.held[owner].add(other)
        return self.held[place] | owners.keys()

    def left(self) -> list[int]:
        """The places that are not substituted."""
        return sorted(set(range(len(self.weights))).difference(self.order))

    def core(self) -> tuple[list[list[int]], list[Fraction]]:
        """The equations that are left: the matrix, in integers, and the right side."""
        left = self.left()
        position = {place: number for number, place in enumerate(left)}
        matrix, right = [], []
        for number, place in enumerate(left):
            weights = self.weights[place]
            whole = lcm(*(each.denominator for each in weights.values()))
            row = [0] * len(left)
            row[number] = whole
            for owner, weight in weights.items():
                row[position[owner]] -= weight.numerator * (whole // weight.denominator)
            matrix.append(row)
            right.append(self.outside[place] * whole)
        return matrix, right

    def completed(self, core: list[Fraction]) -> list[Fraction]:
        """All shares, from those that are left."""
        found = [_ZERO] * len(self.weights)
        for place, share in zip(self.left(), core, strict=True):
            found[place] = share
        for place in reversed(self.order):
            owners = self.weights[place].items()
            held = sum((weight * found[owner] for owner, weight in owners), _ZERO)
            found[place] = self.outside[place] + held
        return found


# -- Dixon's method ------------------------------------------------------------------------


def _core_solution(matrix: list[list[int]], right: list[Fraction]) -> list[Fraction] | None:
    """The solution of a system with positive numbers on its diagonal and no others."""
    for modulus in count(_MODULUS, -2):
        inverse = _Inverse(matrix, modulus)
        stuck = inverse.stuck
        if stuck is None:
            return _lifted(matrix, right, inverse)
        # What the rows before leave of this one cannot be divided by modulo this number: by
        # accident, unless it is not positive in fact. Where sums are finite it is.
        before = [row[:stuck] for row in matrix[:stuck]]
        column = [Fraction(-row[stuck]) for row in matrix[:stuck]]
        found = _lifted(before, column, _Inverse(before, modulus))
        left = weighted_sum(zip(matrix[stuck][:stuck], found, strict=True), 1)
        if matrix[stuck][stuck] + left <= 0:
            return None
    raise AssertionError  # pragma: no cover


class _Packed:
    """Rows of numbers, packed into one integer each, which is added and multiplied as a whole.

    Args:
        length: How many numbers a row has.
        most: The maximum number that may come up.
    """

    __slots__ = ("length", "width")

    def __init__(self, length: int, most: int) -> None:
        self.length = length
        #: How many bytes each number takes.
        self.width = most.bit_length() // 8 + 1

    def pack(self, numbers: Iterable[int]) -> int:
        width = self.width
        return int.from_bytes(
            b"".join(each.to_bytes(width, "little") for each in numbers), "little"
        )

    def unpack(self, row: int) -> list[int]:
        width = self.width
        data = row.to_bytes(width * self.length, "little")
        read = int.from_bytes
        return [read(data[at : at + width], "little") for at in range(0, len(data), width)]


class _Inverse:
    """The inverse of a matrix modulo a number, by the method of Gauss and Jordan.

    Args:
        matrix: The matrix.
        modulus: The number.
    """

    __slots__ = ("columns", "modulus", "packed", "stuck")

    def __init__(self, matrix: list[list[int]], modulus: int) -> None:
        size = len(matrix)
        self.modulus = modulus
        #: The row at which the inversion ended; `None` if it did not end early.
        self.stuck: int | None = None
        self.packed = packed = _Packed(size, (size + 1) * modulus**2)
        bits = 8 * packed.width
        mask = (1 << bits) - 1
        rows = [packed.pack(each % modulus for each in row) for row in matrix]
        for place in range(size):
            numbers = packed.unpack(rows[place])
            try:
                inverse = pow(numbers[place], -1, modulus)
            except ValueError:
                self.stuck = place
                return
            numbers[place] = 1
            pivot = packed.pack(each * inverse % modulus for each in numbers)
            at = place * bits
            for other, row in enumerate(rows):
                factor = row >> at & mask
                if factor and other != place:
                    rows[other] = row + (-factor % modulus) * pivot - (factor << at)
            rows[place] = pivot
        numbers_of = [[each % modulus for each in packed.unpack(row)] for row in rows]
        self.columns = [packed.pack(column) for column in zip(*numbers_of, strict=True)]

    def times(self, right: list[int]) -> list[int]:
        """The inverse times a column, modulo the number."""
        modulus = self.modulus
        total = sum(map(mul, self.columns, (each % modulus for each in right)))
        return [each % modulus for each in self.packed.unpack(total)]


def _lifted(matrix: list[list[int]], right: list[Fraction], inverse: _Inverse) -> list[Fraction]:
    """The exact solution from the inverse modulo a number.

    Cramer's rule says how large numerators and denominators can be, by Hadamard's bound of
    determinants. With twice as many digits as both have there is only one fraction.
    """
    common = lcm(*(each.denominator for each in right))
    rest = [each.numerator * (common // each.denominator) for each in right]
    largest = prod(isqrt(sum(map(mul, row, row))) + 1 for row in matrix)
    numerator = len(rest) * max(map(abs, rest), default=0) * largest
    modulus, power = inverse.modulus, 1
    # The diagonal is positive and the rest is not: each is multiplied without its sign.
    diagonal = [row[place] for place, row in enumerate(matrix)]
    others_at_most = max((row[place] - sum(row) for place, row in enumerate(matrix)), default=0)
    packed = _Packed(len(rest), modulus * others_at_most)
    columns = [
        packed.pack(0 if row == place else -each for row, each in enumerate(column))
        for place, column in enumerate(zip(*matrix, strict=True))
    ]
    digits: list[list[int]] = []
    while power <= 2 * numerator * largest:
        digit = inverse.times(rest)
        digits.append(digit)
        power *= modulus
        others = packed.unpack(sum(map(mul, columns, digit)))
        rest = [
            (left - own * share + more) // modulus
            for left, own, share, more in zip(rest, diagonal, digit, others, strict=True)
        ]
    residues = [0] * len(rest)
    for digit in reversed(digits):
        residues = [each * modulus + own for each, own in zip(residues, digit, strict=True)]
    return _recovered(residues, power, numerator, common)


def _recovered(residues: list[int], modulus: int, numerator: int, common: int) -> list[Fraction]:
    """The fractions that leave these residues, divided by a common factor.

    Args:
        residues: The residues.
        modulus: What they are residues of.
        numerator: No numerator is larger.
        common: The factor.
    """
    found = []
    denominator = 1
    for residue in residues:
        value = residue * denominator % modulus
        if numerator < value < modulus - numerator:
            # Euclid's algorithm, as far as the remainder is a possible numerator.
            before, old, factor = modulus, 0, 1
            while value > numerator:
                times, remainder = divmod(before, value)
                before, value, old, factor = value, remainder, factor, old - times * factor
            denominator *= abs(factor)
            value = residue * denominator % modulus
        if value > numerator:
            value -= modulus
        found.append(Fraction(value, denominator * common))
    return found
