"""Exact dollars."""

from decimal import Decimal, localcontext

import pytest

from evcredit.money import cents, dollars, in_dollars, millionths


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
