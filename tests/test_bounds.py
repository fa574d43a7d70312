"""Closed intervals."""

import operator
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from evcredit import Bounds, Vehicle, Verdict
from evcredit.errors import InvalidFactError, UndeterminedError

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def test_lower_end_must_not_be_above_the_upper_end():
    """Bounds that hold nothing are refused."""
    with pytest.raises(ValueError, match="the lower bound 2 is above the upper bound 1"):
        Bounds(2, 1)


def test_numbers_given_as_text_are_compared_as_numbers():
    """A price may be given as text, and "9" is below "10"."""
    assert Vehicle(msrp=Bounds("9000", "10000")).msrp == Bounds(Decimal(9000), Decimal(10000))
    assert Vehicle(msrp=Bounds(54_000, "55000.01")).msrp.upper == Decimal("55000.01")
    with pytest.raises(InvalidFactError, match="the lower bound 100 is above the upper bound 20"):
        Bounds("100", "20")


def test_exact_bounds():
    """One value left is exact; two are not."""
    assert Bounds.exactly(5) == Bounds(5, 5)
    assert Bounds.exactly(5).is_exact is True
    assert Bounds(5, 6).is_exact is False


def test_bounds_of_a_fact():
    """A value is exact, bounds stay as they are, and the caller says what is unresolved."""
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


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(Decimal(3750), Decimal(7500)), "3,750 to 7,500"),
        (Bounds(3750, 7500), "3,750 to 7,500"),
        (Bounds.exactly(Decimal("1000.50")), "1,000.50"),
        (Bounds.exactly(Decimal("1E+3")), "1,000"),
        (Bounds(Decimal(3000), Decimal("Infinity")), "3,000 or more"),
        (Bounds.exactly(Decimal("Infinity")), "Infinity"),
        (Bounds(Fraction(1, 3), Fraction(1, 2)), "1/3 to 1/2"),
        (Bounds(date(2024, 1, 1), date(2024, 12, 31)), "2024-01-01 to 2024-12-31"),
    ],
)
def test_in_words(bounds, words):
    """An exact value stands alone; thousands are parted by commas, and days stay as they are."""
    assert str(bounds) == f"{bounds}" == words


def test_operators_compare_as_the_methods_do():
    """With a value on either side, and with other bounds; the answer is a verdict."""
    credit = Bounds(Decimal(3750), Decimal(7500))
    assert (credit >= 3750, credit > 3750, credit <= 3750, credit < 3750) == (
        MET,
        UNKNOWN,
        UNKNOWN,
        NOT_MET,
    )
    comparisons = (operator.ge, operator.gt, operator.le, operator.lt)
    assert [compare(7500, credit) for compare in comparisons] == [MET, UNKNOWN, UNKNOWN, NOT_MET]
    assert (Bounds(date(2024, 1, 1), date(2024, 12, 31)) < date(2025, 1, 1)) is MET


@pytest.mark.parametrize(
    ("other", "at_least", "more_than"),
    [
        (Bounds(1, 10), MET, UNKNOWN),
        (Bounds(1, 9), MET, MET),
        (Bounds(1, 11), UNKNOWN, UNKNOWN),
        (Bounds(20, 30), UNKNOWN, NOT_MET),
        (Bounds(21, 30), NOT_MET, NOT_MET),
    ],
    ids=str,
)
def test_comparison_with_other_bounds(other, at_least, more_than):
    """It is decided only if every value within agrees with every value of the other."""
    assert (Bounds(10, 20) >= other) is at_least
    assert (Bounds(10, 20) > other) is more_than
    assert (other <= Bounds(10, 20)) is at_least
    assert (other < Bounds(10, 20)) is more_than


def test_an_open_comparison_is_neither_true_nor_false():
    """It cannot slip through an `if`."""
    with pytest.raises(UndeterminedError):
        bool(Bounds(10, 20) > 15)


def test_sums():
    """Of bounds and numbers, from either side, by `sum`, and whatever the caller's context."""
    assert Bounds(1, 2) + Bounds(10, 20) == Bounds(11, 22)
    assert Bounds(1, 2) + 5 == 5 + Bounds(1, 2) == Bounds(6, 7)
    assert sum([Bounds(1, 2), Bounds(3, 3)]) == Bounds(4, 5)
    fine = Decimal("0.123456789012345678")
    with localcontext() as context:
        context.prec = 5
        assert Bounds.exactly(fine) + 10**17 == Bounds.exactly(
            Decimal("100000000000000000.123456789012345678")
        )


def test_float_of_what_is_exact():
    """An open value has no single float; its ends have."""
    assert float(Bounds.exactly(Decimal("0.5"))) == 0.5
    with pytest.raises(UndeterminedError, match=r"1 to 2 is not one number; take float of \.lower"):
        float(Bounds(1, 2))


@pytest.mark.parametrize("compare", [operator.ge, operator.lt, operator.add])
def test_floats_are_refused(compare):
    """Nothing compares with or adds a float: 0.1 is not the number that was written."""
    with pytest.raises(TypeError, match=r"floats are not exact; write Decimal\('0\.1'\)"):
        compare(Bounds.exactly(Decimal("0.1")), 0.1)


def test_days_have_bounds_too():
    """Anything ordered can be bounded."""
    year = Bounds(date(2024, 1, 1), date(2024, 12, 31))
    assert year.at_most(date(2024, 12, 31)) is MET
    assert date(2025, 1, 1) not in year
