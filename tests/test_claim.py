"""Claims."""

from evcredit import Claim, Purchase, Taxpayer, Vehicle


def test_a_claim_of_which_nothing_is_known():
    """Every part is there and says nothing."""
    assert Claim() == Claim(vehicle=Vehicle(), purchase=Purchase(), taxpayer=Taxpayer())


def test_claims_are_compared_by_what_they_state():
    """Another price is another claim."""
    assert Claim(vehicle=Vehicle(msrp=1)) == Claim(vehicle=Vehicle(msrp="1.00"))
    assert Claim(vehicle=Vehicle(msrp=1)) != Claim(vehicle=Vehicle(msrp=2))
