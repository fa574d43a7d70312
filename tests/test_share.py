"""Exact shares with unknowns."""

import operator
from fractions import Fraction

import pytest

from evcredit import Bounds, Verdict
from evcredit.algebra.share import Share, share_of
from evcredit.errors import UndeterminedError

YES, NO, OPEN = (1, 1), (0, 0), (0, 1)


def bounds(parts):
    """The bounds of a share of parts."""
    return share_of(parts).bounds


@pytest.mark.parametrize(
    ("parts", "lower", "upper"),
    [
        ([(100, YES)], 1, 1),
        ([(100, NO)], 0, 0),
        ([(45, YES), (5, OPEN), (50, NO)], Fraction(45, 100), Fraction(50, 100)),
        ([(1, YES), (2, NO)], Fraction(1, 3), Fraction(1, 3)),
        ([(3, (Fraction(1, 2), Fraction(2, 3))), (1, NO)], Fraction(3, 8), Fraction(1, 2)),
        ([(1, YES), (0, NO)], 1, 1),
    ],
)
def test_known_values(parts, lower, upper):
    """The known part over the whole, and the whole less what is known not to count."""
    assert bounds(parts) == Bounds(lower, upper)


@pytest.mark.parametrize(
    ("parts", "lower", "upper"),
    [
        ([(None, YES), (100, NO)], 0, 1),
        ([(None, NO), (100, YES)], 0, 1),
        ([(None, YES), (50, YES), (50, NO)], Fraction(1, 2), 1),
        ([(None, NO), (50, YES), (50, NO)], 0, Fraction(1, 2)),
        ([(None, OPEN), (100, YES)], 0, 1),
        ([(None, YES), (None, NO)], 0, 1),
        ([(None, (Fraction(1, 4), Fraction(3, 4))), (100, OPEN)], 0, 1),
    ],
)
def test_unknown_values(parts, lower, upper):
    """A part of unknown value can pull the share as far as its own fraction, and no further."""
    assert bounds(parts) == Bounds(lower, upper)


def test_no_parts_have_no_share():
    """Without parts there is no share to speak of."""
    assert share_of([]) is None


@pytest.mark.parametrize(
    ("parts", "lower", "upper"),
    [
        ([(0, YES)], 1, 1),
        ([(0, YES), (0, NO)], 0, 0),
        ([(0, YES), (0, OPEN)], 0, 1),
        ([(0, NO), (None, YES)], 0, 1),
        ([(0, YES), (None, YES)], 1, 1),
        ([(0, YES), (None, NO)], 0, 0),
        ([(0, YES), (None, OPEN)], 0, 1),
    ],
)
def test_worthless_parts(parts, lower, upper):
    """Of parts worth nothing only what holds for every one counts."""
    assert bounds(parts) == Bounds(lower, upper)


@pytest.mark.parametrize(
    ("share", "percent", "reached"),
    [
        (Share(2, 5, 2, 5), 40, True),
        (Share(2, 5, 2, 5), 41, False),
        (Share(399_999, 1_000_000, 399_999, 1_000_000), 40, False),
        (Share(2, 5, 1, 2), 40, True),
        (Share(2, 5, 1, 2), 50, None),
        (Share(2, 5, 1, 2), 51, False),
        (Share(Fraction(1, 2), 1, Fraction(1, 2), 1), 50, True),
    ],
)
def test_comparison_with_a_percentage(share, percent, reached):
    """Equality passes, to the last digit; between the bounds it is unknown."""
    assert share.at_least_percent(percent) is reached


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share(477, 1000, 477, 1000), "47.7 %"),
        (Share(1, 3, 2, 3), "33.3 % to 66.7 %"),
        (Share(1, 2000, 1, 2000), "0.1 %"),
        (Share(4999, 100_000, 4999, 100_000), "5.0 %"),
        (Share(0, 1, 1, 1), "0.0 % to 100.0 %"),
    ],
)
def test_in_words(share, words):
    """One decimal place, half up; exact shares stand alone."""
    assert str(share) == words


def test_comparison_with_ratios_and_shares():
    """Three-valued, 1 being the whole; not the order of numerators and denominators."""
    share = Share(45, 100, 1, 2)
    assert (share >= Fraction(45, 100), share > Fraction(45, 100)) == (Verdict.MET, Verdict.UNKNOWN)
    assert (share <= Fraction(1, 2), share < Fraction(1, 2)) == (Verdict.MET, Verdict.UNKNOWN)
    assert (share < 1, share > Share(2, 5, 44, 100)) == (Verdict.MET, Verdict.MET)
    assert operator.gt(1, share) is Verdict.MET


def test_sum_of_shares():
    """Of shares and ratios, also by `sum`."""
    assert Share(1, 2, 1, 2) + Share(0, 1, 1, 4) == Share(1, 2, 3, 4)
    assert sum([Share(1, 4, 1, 4), Share(1, 4, 1, 4)]) == Share(1, 2, 1, 2)


def test_float_of_a_share():
    """Of an exact one, or of an end of its bounds."""
    open_share = Share(1, 4, 1, 2)
    assert float(Share(1, 2, 1, 2)) == 0.5
    assert float(open_share.bounds.lower) == 0.25
    with pytest.raises(UndeterminedError):
        float(open_share)


def test_a_share_is_not_compared_with_a_float():
    """2/5 is not 0.4."""
    with pytest.raises(TypeError, match="floats are not exact"):
        operator.ge(Share(2, 5, 2, 5), 0.4)
