"""Exact dollars."""

from decimal import Decimal, Inexact, InvalidOperation, localcontext

import pytest

from evcredit import Bounds, Citation
from evcredit.algebra.bounds import exact_arithmetic
from evcredit.algebra.money import (
    AmountLine,
    bounds_in_dollars,
    cents,
    dollars,
    in_dollars,
    millionths,
    percent_of,
    sum_of,
)


def test_units():
    """Amounts become whole cents and millionths, negative ones too."""
    assert cents(Decimal("55000.01")) == 5_500_001
    assert cents(Decimal("-0.10")) == -10
    assert millionths(Decimal("932.40")) == 932_400_000
    assert millionths(Decimal("0.000001")) == 1


@pytest.mark.parametrize(
    ("whole_cents", "amount"),
    [(0, "0.00"), (5, "0.05"), (5_550_000, "55500.00"), (-5, "-0.05"), (-12_345, "-123.45")],
)
def test_cents_become_dollars(whole_cents, amount):
    """Back from cents, with the sign in front."""
    assert str(dollars(whole_cents)) == amount


def test_the_context_of_the_caller_does_not_round():
    """Large amounts stay exact under a context of few digits."""
    with localcontext() as context:
        context.prec = 3
        assert cents(Decimal("123456789012345.67")) == 12_345_678_901_234_567
        assert str(dollars(12_345_678_901_234_567)) == "123456789012345.67"
        assert in_dollars(Decimal("123456789.10")) == "$123,456,789.10"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "$0"),
        ("3750", "$3,750"),
        ("7500.00", "$7,500"),
        ("124.8", "$124.80"),
        ("54999.99", "$54,999.99"),
        ("-1234.5", "-$1,234.50"),
        ("0.000001", "$0.000001"),
        ("0.125", "$0.125"),
        ("Infinity", "any amount"),
    ],
)
def test_in_dollars(amount, words):
    """Thousands are separated and cents shown only where there are any."""
    assert in_dollars(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "percent", "part"),
    [
        ("7500", "40", "3000"),
        ("7500", "0", "0"),
        ("Infinity", "0", "0"),
        ("Infinity", "20", "Infinity"),
        ("8E+3", "50", "4000"),
        ("0.00", "20", "0"),
        ("4751.80", "33.3", "1582.3494"),
        (
            "999999999999999999.99",
            "99.999999999999999999",
            "999999999999999999.98" + "0" * 19 + "1",
        ),
    ],
)
def test_percent_of(amount, percent, part):
    """Nothing is rounded, and a whole number is written out, whatever the caller's context."""
    with localcontext() as context:
        context.prec = 3
        assert str(percent_of(Decimal(amount), Decimal(percent))) == part


def test_exact_arithmetic_refuses_what_it_cannot_hold():
    """Rather an error than a rounded amount, or no number."""
    exact = exact_arithmetic()
    with pytest.raises(Inexact):
        exact.divide(Decimal(1), Decimal(3))
    with pytest.raises(InvalidOperation):
        exact.subtract(Decimal("Infinity"), Decimal("Infinity"))


def test_sum_of():
    """Whole cents add up; the first endless amount represents the sum."""
    assert sum_of([]) == 0
    assert str(sum_of([Decimal("0.10"), Decimal(-5), Decimal("0.2")])) == "-4.70"
    assert sum_of([Decimal(1), Decimal("-Infinity")]) == Decimal("-Infinity")


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        ("3000", "3000", "$3,000"),
        ("3750", "3750", "$3,750"),
        ("0", "7500", "between $0 and $7,500"),
        ("-3750", "7500", "between -$3,750 and $7,500"),
        ("1", "Infinity", "at least $1"),
    ],
)
def test_bounds_in_dollars(lower, upper, words):
    """Exact, between two ends, or open."""
    assert bounds_in_dollars(Bounds(Decimal(lower), Decimal(upper))) == words


def test_a_line_says_where_it_stands():
    """Label, amount, citation."""
    line = AmountLine("lost", Bounds.exactly(Decimal(1500)), Citation.parse("26 USC 26(a)"))
    assert str(line) == "lost: $1,500 [26 USC 26(a)]"
