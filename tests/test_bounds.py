"""Closed intervals."""

from datetime import date
from decimal import Decimal

import pytest

from evcredit import Bounds, Verdict

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def test_lower_end_must_not_be_above_the_upper_end():
    """Bounds that hold nothing are refused."""
    with pytest.raises(ValueError, match="the lower bound 2 is above the upper bound 1"):
        Bounds(2, 1)


def test_exact_bounds():
    """One value left is exact; two are not."""
    assert Bounds.exactly(5) == Bounds(5, 5)
    assert Bounds.exactly(5).is_exact is True
    assert Bounds(5, 6).is_exact is False


def test_bounds_of_a_fact():
    """A value is exact, bounds stay as they are, and the caller says what is open."""
    assert Bounds.of(5) == Bounds.of(5, Bounds(0, 9)) == Bounds(5, 5)
    assert Bounds.of(Bounds(5, 6)) == Bounds.of(Bounds(5, 6), Bounds(0, 9)) == Bounds(5, 6)
    assert Bounds.of(None, Bounds(0, 9)) == Bounds(0, 9)
    assert Bounds.of(False) == Bounds(False, False)  # known, and not to be taken for unknown
    with pytest.raises(ValueError, match="only if `otherwise` gives them"):
        Bounds.of(None)


@pytest.mark.parametrize(
    ("limit", "at_least", "more_than", "at_most", "less_than"),
    [
        (9, MET, MET, NOT_MET, NOT_MET),
        (10, MET, UNKNOWN, UNKNOWN, NOT_MET),
        (11, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (20, UNKNOWN, NOT_MET, MET, UNKNOWN),
        (21, NOT_MET, NOT_MET, MET, MET),
    ],
)
def test_comparisons_of_10_to_20(limit, at_least, more_than, at_most, less_than):
    """A comparison is decided only if every value within agrees; equality passes "at least"."""
    bounds = Bounds(10, 20)
    assert bounds.at_least(limit) is at_least
    assert bounds.more_than(limit) is more_than
    assert bounds.at_most(limit) is at_most
    assert bounds.less_than(limit) is less_than


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        (9, False),
        (10, True),
        (20, True),
        (21, False),
        (Bounds(10, 20), True),
        (Bounds(9, 20), False),
        (Bounds(10, 21), False),
    ],
    ids=str,
)
def test_containment_takes_both_ends_in(value, inside):
    """Values and bounds lie within up to the very ends."""
    assert (value in Bounds(10, 20)) is inside


def test_hull():
    """The hull is the same from both sides and takes in the gap."""
    assert Bounds(1, 2).hull(Bounds(4, 5)) == Bounds(1, 5)
    assert Bounds(4, 5).hull(Bounds(1, 2)) == Bounds(1, 5)
    assert Bounds(1, 9).hull(Bounds(4, 5)) == Bounds(1, 9)


def test_in_words():
    """An exact value stands alone."""
    assert str(Bounds(Decimal(0), Decimal(7500))) == "0 to 7500"
    assert str(Bounds.exactly(Decimal("0.50"))) == "0.50"


def test_days_have_bounds_too():
    """Anything ordered can be bounded."""
    year = Bounds(date(2024, 1, 1), date(2024, 12, 31))
    assert year.at_most(date(2024, 12, 31)) is MET
    assert date(2025, 1, 1) not in year
