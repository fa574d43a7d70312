"""Earlier transfers of a vehicle."""

from datetime import date

import pytest

from evcredit import Claim, InvalidFactError, Purchase, Vehicle
from evcredit.facts import PriorTransfer
from evcredit.facts.prior_transfer import Recipient
from evcredit.io import claim_from_json, claim_to_json


def test_to_individual_states_what_is_usual():
    """For use, nobody's dependent, no credit shortly before; what is given overrides it."""
    transfer = PriorTransfer.to_individual("2024-06-03")
    assert (transfer.on, transfer.to) == (date(2024, 6, 3), Recipient.INDIVIDUAL)
    assert transfer.for_use is True
    assert transfer.dependent_of_another is False
    assert transfer.credited_shortly_before is False
    assert PriorTransfer.to_individual(dependent_of_another=True).dependent_of_another is True
    assert PriorTransfer.to_individual(dependent_of_another=None).dependent_of_another is False


def test_others():
    """A dealer buys for resale; of the rest nothing more is said."""
    assert PriorTransfer.to_dealer("2024-06-03").for_use is False
    assert PriorTransfer.to_company().to is Recipient.COMPANY
    assert PriorTransfer.to_original_user().to is Recipient.ORIGINAL_USER
    assert PriorTransfer(to="a dealer") == PriorTransfer(to="dealer")


@pytest.mark.parametrize(
    ("fact", "value"),
    [("on", "yesterday"), ("to", "a friend"), ("for_use", "yes"), ("dependent_of_another", 1)],
)
def test_faults(fact, value):
    """Named, with what to give instead."""
    with pytest.raises(InvalidFactError, match=fact):
        PriorTransfer(**{fact: value})


def test_a_vehicle_takes_a_list_of_transfers():
    """Empty, several, or unknown; nothing else."""
    assert Vehicle().prior_transfers is None
    one = PriorTransfer.to_dealer("2024-06-03")
    assert Vehicle(prior_transfers=[one]).prior_transfers == (one,)
    with pytest.raises(InvalidFactError, match=r"prior_transfers\[0\]"):
        Vehicle(prior_transfers=["2024-06-03"])
    with pytest.raises(InvalidFactError, match="prior_transfers"):
        Vehicle(prior_transfers=one)


def test_earlier_is_not_later_than_the_purchase():
    """A transfer on the day itself is fine, one after it is a fault with its path."""
    purchase = Purchase(placed_in_service="2024-06-03")
    for day in ("2024-06-03", None):
        vehicle = Vehicle(prior_transfers=[PriorTransfer.to_dealer(day)])
        assert Claim(vehicle=vehicle, purchase=purchase).vehicle == vehicle
    late = Vehicle(prior_transfers=[PriorTransfer(), PriorTransfer.to_dealer("2024-06-04")])
    assert Claim(vehicle=late).purchase.placed_in_service is None
    with pytest.raises(InvalidFactError, match=r"vehicle\.prior_transfers\[1\]\.on"):
        Claim(vehicle=late, purchase=purchase)


def test_transfers_travel_as_json():
    """There and back."""
    vehicle = Vehicle(prior_transfers=[PriorTransfer.to_individual("2024-06-03"), PriorTransfer()])
    claim = Claim(vehicle=vehicle)
    assert claim_from_json(claim_to_json(claim)) == claim
    none = Claim(vehicle=Vehicle(prior_transfers=()))
    assert claim_from_json(claim_to_json(none)) == none
