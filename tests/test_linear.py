"""Linear equations between shares, and their solutions in integers."""

from fractions import Fraction
from random import Random

import pytest

from evcredit.section_30d.concern import linear as module
from evcredit.section_30d.concern.linear import Equation, solution, weighted_sum

ZERO, ONE = Fraction(0), Fraction(1)


def equation(whole, inside, outside="0"):
    return Equation(whole, inside, Fraction(outside))


def gauss(equations):
    """The solution by elimination of fractions; `None` if the matrix is singular."""
    size = len(equations)
    rows = [
        [
            *(
                Fraction(row == column) - Fraction(each.inside.get(column, 0), each.whole)
                for column in range(size)
            ),
            each.outside,
        ]
        for row, each in enumerate(equations)
    ]
    for column in range(size):
        pivot = next((row for row in range(column, size) if rows[row][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [each / rows[column][column] for each in rows[column]]
        for row in range(size):
            if row != column:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[size] for row in rows]


def passes_on(equations, shares):
    """What arrives at each entity."""
    return [
        each.outside
        + sum((Fraction(w, each.whole) * shares[o] for o, w in each.inside.items()), ZERO)
        for each in equations
    ]


def dense(size, seed=1, whole=10_000, most=9_500):
    """A circle in which everybody holds of everybody, and a state of one."""
    random = Random(seed)
    return [
        Equation(
            whole,
            {o: random.randrange(1, most // size) for o in range(size) if o != place},
            Fraction(2, 100) if place == 0 else ZERO,
        )
        for place in range(size)
    ]


@pytest.fixture(params=[-1, 1, 16], ids=lambda pairs: f"pairs={pairs}")
def pairs(request, monkeypatch):
    """By Dixon's method alone, by both, and by substitution wherever few take part."""
    monkeypatch.setattr(module, "_PAIRS", request.param)


def test_weighted_sums():
    """Few and many, with and without weight."""
    shares = [Fraction(1, n) for n in range(1, 6)]
    assert weighted_sum([], 10) == 0
    assert weighted_sum([(0, ONE), (3, ZERO)], 10) == 0
    for many in range(1, 6):
        expected = sum((each * (n + 1) / 10 for n, each in enumerate(shares[:many])), ZERO)
        assert weighted_sum(((n + 1, each) for n, each in enumerate(shares[:many])), 10) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 5, 12])
def test_dense_systems(pairs, size):
    """Small circles of all with all, against elimination of fractions."""
    equations = dense(size, whole=100, most=100)
    assert solution(equations) == gauss(equations)


def test_a_large_system_is_exact(pairs):
    """The solution of sixty equations fulfills them to the last digit."""
    equations = dense(60)
    found = solution(equations)
    assert passes_on(equations, found) == found
    assert len(str(found[0].denominator)) > 100


@pytest.mark.parametrize("seed", range(6))
def test_sparse_systems(pairs, seed):
    """A few owners each, some of them none."""
    random = Random(seed)
    equations = [
        equation(
            100,
            {o: random.randrange(1, 24) for o in random.sample(range(9), random.randrange(4))},
            Fraction(random.randrange(20), 100),
        )
        for _ in range(9)
    ]
    equations = [
        e._replace(inside={o: w for o, w in e.inside.items() if o != place})
        for place, e in enumerate(equations)
    ]
    assert solution(equations) == gauss(equations)


def test_long_fractions_from_outside(pairs):
    """What comes from outside may have any denominator."""
    long = Fraction(3**400, 7**300 * 10**60)
    equations = [equation(4, {1: 1, 2: 1}, long), equation(4, {0: 2, 2: 1}), equation(3, {0: 1})]
    assert solution(equations) == gauss(equations)


def test_nothing_to_solve(pairs):
    """No equations, and equations of nothing."""
    assert solution([]) == []
    assert solution([equation(2, {1: 1}), equation(2, {0: 1})]) == [0, 0]


@pytest.mark.parametrize(
    "equations",
    [
        # What comes back is what went out.
        [equation(1, {1: 1}, 1), equation(1, {0: 1}, 1)],
        [equation(1, {1: 1}, 1), equation(1, {2: 1}, 1), equation(1, {0: 1}, 1)],
        # More comes back; the first two pass on just as much to each other.
        [equation(2, {1: 2, 2: 1}, 1), equation(2, {0: 2}, 1), equation(2, {0: 1}, 1)],
        # Three that hold halves of each other twice.
        [equation(2, {1: 1, 2: 1}, 1), equation(2, {0: 1, 2: 1}, 1), equation(2, {0: 1, 1: 1}, 1)],
    ],
)
def test_sums_that_are_not_finite(pairs, equations):
    """There is no solution, or one with negative shares."""
    found = solution(equations)
    assert found is None or min(found) < 0


def test_negative_solutions(pairs):
    """More comes back than went out: the equations have a solution, and it means nothing."""
    equations = [equation(2, {1: 3, 2: 1}, 1), equation(2, {0: 3}, 1), equation(2, {0: 1}, "1/7")]
    found = solution(equations)
    assert found is None or (found == gauss(equations) and max(found) < 0)


@pytest.mark.parametrize("modulus", [15015, 3 * 5 * 7, 9])
def test_a_modulus_that_does_not_fit(monkeypatch, modulus):
    """By accident a number cannot be divided by; then the next modulus is taken."""
    monkeypatch.setattr(module, "_MODULUS", 2**20 * modulus + modulus)
    monkeypatch.setattr(module, "_PAIRS", -1)
    moduli = []
    invert = module._Inverse

    def remembered(matrix, modulus):
        moduli.append(modulus)
        return invert(matrix, modulus)

    monkeypatch.setattr(module, "_Inverse", remembered)
    # The determinants are 105 and multiples of it.
    equations = [
        equation(105, {1: 1}, 1),
        equation(15, {0: 1, 2: 1}, 1),
        equation(7, {1: 1}, "1/3"),
    ]
    assert solution(equations) == gauss(equations)
    assert len(set(moduli)) > 1


def test_singular_at_a_part_of_the_rows(monkeypatch):
    """The elimination ends at the third row; with the exact rest it is no accident."""
    monkeypatch.setattr(module, "_PAIRS", -1)
    equations = [
        equation(4, {1: 1, 2: 2}, 1),
        equation(4, {0: 1, 2: 2, 3: 1}, 1),
        equation(4, {0: 3, 1: 3, 3: 1}, 1),
        equation(4, {0: 1}, 1),
    ]
    assert (
        gauss(
            equations[:3]
            and [
                e._replace(inside={o: w for o, w in e.inside.items() if o < 3})
                for e in equations[:3]
            ]
        )
        is None
    )
    assert solution(equations) is None
