"""How the personal credits of a return share its tax."""

from decimal import Decimal

import pytest

from evcredit import Bounds, InvalidFactError, current_law
from evcredit.facts import TaxReturn
from evcredit.section_25e import personal_credits

LAW = current_law()


def exactly(amount):
    return Bounds.exactly(Decimal(amount))


def tax(amount, other=0):
    return TaxReturn(tax_before_credits=amount, other_personal_credits=other)


@pytest.mark.parametrize(
    ("first", "amount", "expected"),
    [
        # allowed new, lost new, allowed used, lost used
        (True, 11_500, ("7,500", "0", "4,000", "0")),
        (True, 10_000, ("6,000", "1,500", "4,000", "0")),
        (True, 4_000, ("0", "7,500", "4,000", "0")),
        (True, 3_999, ("0", "7,500", "3,999", "1")),
        (True, 0, ("0", "7,500", "0", "4,000")),
        (False, 10_000, ("7,500", "0", "2,500", "1,500")),
        (False, 7_499, ("7,499", "1", "0", "4,000")),
        (None, 10_000, ("6,000 to 7,500", "0 to 1,500", "2,500 to 4,000", "0 to 1,500")),
    ],
)
def test_who_comes_first(first, amount, expected):
    """The first one takes what it can, the other what is left."""
    law = LAW.with_readings(used_vehicle_credit_first=first)
    found = personal_credits(exactly(7_500), exactly(4_000), tax(amount), law=law)
    parts = (found.new_allowed, found.new_lost, found.used_allowed, found.used_lost)
    assert tuple(map(str, parts)) == expected
    assert found.used_first is first
    assert (found.allowed, found.forfeited) == (
        exactly(min(11_500, amount)),
        exactly(max(0, 11_500 - amount)),
    )


def test_lines_say_where_they_stand():
    """The account in order."""
    found = personal_credits(exactly(7_500), exactly(4_000), tax(10_600, 600))
    assert [str(line) for line in found.lines] == [
        "tax left for used vehicles: $10,000 [26 USC 26(a)]",
        "credit for used vehicles allowed: $4,000 [26 USC 26(a)]",
        "of it lost, not carried: $0 [26 USC 26(a)]",
        "tax left for new vehicles: $6,000 [26 USC 26(a)]",
        "personal credit for new vehicles allowed: $6,000 [26 USC 26(a)]",
        "of it lost, not carried: $1,500 [26 USC 26(a)]",
    ]


@pytest.mark.parametrize(
    ("tax_return", "missing"),
    [
        (TaxReturn(), ("tax_before_credits", "other_personal_credits")),
        (tax(None), ("tax_before_credits",)),
        (tax(Bounds(11_500, 20_000)), ()),
        (tax(0, None), ()),
        (TaxReturn(business_use_percent=None, tax_before_credits=0), ()),
    ],
)
def test_what_is_missing(tax_return, missing):
    """Only what can change an amount."""
    assert personal_credits(exactly(7_500), exactly(4_000), tax_return).missing == missing


def test_what_is_refused():
    """A credit for used vehicles stated twice, and what is no amount."""
    stated = TaxReturn(previously_owned_vehicle_credit=4_000)
    with pytest.raises(InvalidFactError, match=r"previously_owned_vehicle_credit: .*computed"):
        personal_credits(exactly(0), exactly(0), stated)
    for wrong in (exactly(-1), exactly("Infinity")):
        for amounts in ((wrong, exactly(9)), (exactly(9), wrong)):
            with pytest.raises(InvalidFactError, match="give US dollars"):
                personal_credits(*amounts, tax(0))
