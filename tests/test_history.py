"""Earlier transfers of a vehicle."""

from datetime import date

import pytest

from evcredit import Claim, InvalidFactError, Purchase, Vehicle, VehicleTransfer
from evcredit.history import Recipient
from evcredit.io import claim_from_json, claim_to_json


def test_to_individual_states_what_is_usual():
    """For use, nobody's dependent, no credit shortly before; what is given goes before it."""
    transfer = VehicleTransfer.to_individual("2024-06-03")
    assert (transfer.on, transfer.to) == (date(2024, 6, 3), Recipient.INDIVIDUAL)
    assert transfer.for_use is True
    assert transfer.dependent_of_another is False
    assert transfer.credited_shortly_before is False
    assert VehicleTransfer.to_individual(dependent_of_another=None).dependent_of_another is None


def test_others():
    """A dealer buys for resale; of the rest nothing more is said."""
    assert VehicleTransfer.to_dealer("2024-06-03").for_use is False
    assert VehicleTransfer.to_company().to is Recipient.COMPANY
    assert VehicleTransfer.to_original_user().to is Recipient.ORIGINAL_USER
    assert VehicleTransfer(to="a dealer") == VehicleTransfer(to="dealer")


@pytest.mark.parametrize(
    ("fact", "value"),
    [("on", "yesterday"), ("to", "a friend"), ("for_use", "yes"), ("dependent_of_another", 1)],
)
def test_faults(fact, value):
    """Named, with what to give instead."""
    with pytest.raises(InvalidFactError, match=fact):
        VehicleTransfer(**{fact: value})


def test_a_vehicle_takes_a_list_of_transfers():
    """Empty, several, or unknown; nothing else."""
    assert Vehicle().earlier_transfers is None
    one = VehicleTransfer.to_dealer("2024-06-03")
    assert Vehicle(earlier_transfers=[one]).earlier_transfers == (one,)
    with pytest.raises(InvalidFactError, match=r"earlier_transfers\[0\]"):
        Vehicle(earlier_transfers=["2024-06-03"])
    with pytest.raises(InvalidFactError, match="earlier_transfers"):
        Vehicle(earlier_transfers=one)


def test_earlier_is_not_later_than_the_purchase():
    """A transfer on the day itself is fine, one after it is a fault with its path."""
    purchase = Purchase(placed_in_service="2024-06-03")
    for day in ("2024-06-03", None):
        vehicle = Vehicle(earlier_transfers=[VehicleTransfer.to_dealer(day)])
        assert Claim(vehicle=vehicle, purchase=purchase).vehicle == vehicle
    late = Vehicle(earlier_transfers=[VehicleTransfer(), VehicleTransfer.to_dealer("2024-06-04")])
    assert Claim(vehicle=late).purchase.placed_in_service is None
    with pytest.raises(InvalidFactError, match=r"vehicle\.earlier_transfers\[1\]\.on"):
        Claim(vehicle=late, purchase=purchase)


def test_transfers_travel_as_json():
    """There and back."""
    vehicle = Vehicle(
        earlier_transfers=[VehicleTransfer.to_individual("2024-06-03"), VehicleTransfer()]
    )
    claim = Claim(vehicle=vehicle)
    assert claim_from_json(claim_to_json(claim)) == claim
    none = Claim(vehicle=Vehicle(earlier_transfers=()))
    assert claim_from_json(claim_to_json(none)) == none
