"""The tax return."""

from decimal import Decimal

import pytest

from evcredit import Bounds, InvalidFactError
from evcredit.facts.tax_return import TaxReturn


def test_nothing_is_assumed():
    """Omitted is unknown; a return without business use can be said in a word."""
    empty = TaxReturn()
    assert empty.business_use_percent is None
    assert empty.tax_before_credits is None
    assert empty.other_personal_credits is None
    assert empty.previously_owned_vehicle_credit is None
    assert TaxReturn.personal().business_use_percent == 0
    assert TaxReturn.personal(business_use_percent=None).business_use_percent == 0


def test_amounts_may_be_bounds():
    """As everywhere."""
    tax = TaxReturn(tax_before_credits=Bounds(1000, 2000)).tax_before_credits
    assert tax == Bounds(Decimal(1000), Decimal(2000))


@pytest.mark.parametrize(
    ("fact", "value", "remedy"),
    [
        ("business_use_percent", 101, "give a percentage from 0 to 100"),
        ("business_use_percent", 0.4, "floats are not exact"),
        ("tax_before_credits", -1, "may not be negative"),
        ("other_personal_credits", "0.001", "give whole cents"),
        ("previously_owned_vehicle_credit", True, "give a Decimal"),
    ],
)
def test_what_cannot_be(fact, value, remedy):
    """Each fault names its field and what to give instead."""
    with pytest.raises(InvalidFactError, match=f"^tax_return.{fact}: .*{remedy}"):
        TaxReturn(**{fact: value})
