"""The purchase and its days."""

from datetime import date

import pytest

from evcredit import InvalidFactError, InvalidFactsError, Purchase


@pytest.mark.parametrize(
    ("contract", "payment", "acquired"),
    [
        ("2025-09-30", "2025-09-30", date(2025, 9, 30)),
        ("2025-09-30", "2025-10-01", date(2025, 10, 1)),
        ("2025-10-01", "2025-09-30", date(2025, 10, 1)),
        ("2025-09-30", None, None),
        (None, "2025-09-30", None),
        (None, None, None),
    ],
)
def test_acquired_is_the_first_day_with_contract_and_payment(contract, payment, acquired):
    """Both are needed, so the later one decides; one alone leaves it unknown."""
    assert Purchase(contract_date=contract, first_payment_date=payment).acquired == acquired


def test_new_from_dealer_states_what_is_usual():
    """All as it should be, and no days."""
    purchase = Purchase.new_from_dealer()
    assert purchase.original_use_begins_with_taxpayer is True
    assert purchase.for_use_or_lease is True
    assert purchase.seller_report_furnished is True
    assert purchase.vin_on_return is True
    assert purchase.credit_already_allowed is False
    assert purchase.elected_out is False
    assert purchase.used_mainly_outside_united_states is False
    assert purchase.placed_in_service is None


def test_what_is_given_goes_before_the_usual():
    """A stated fact is kept, unknown included."""
    purchase = Purchase.new_from_dealer(elected_out=True, vin_on_return=None)
    assert (purchase.elected_out, purchase.vin_on_return) == (True, None)


def test_order_is_asked_only_of_known_days():
    """Without a day in service there is no order to be wrong."""
    assert Purchase(contract_date="2030-01-01", sale_date="2020-01-01").placed_in_service is None


# -- after the sale ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "what"), [("returned_on", "returned"), ("resold_on", "resold")])
def test_given_up_before_it_was_had(name, what):
    """A vehicle in service is returned or resold on the day itself at the earliest."""
    same_day = Purchase(placed_in_service="2024-06-03", **{name: "2024-06-03"})
    assert getattr(same_day, name) == date(2024, 6, 3)
    assert Purchase(**{name: "2020-01-01"}).placed_in_service is None
    with pytest.raises(InvalidFactError, match=f"never {what} before .*state sale_cancelled"):
        Purchase(placed_in_service="2024-06-03", **{name: "2024-06-02"})


def test_a_cancelled_sale_has_no_later_days():
    """It was cancelled before the vehicle was placed in service, so nothing came after."""
    with pytest.raises(InvalidFactsError) as caught:
        Purchase(
            sale_cancelled=True,
            placed_in_service="2024-06-03",
            returned_on="2024-06-04",
            resold_on="2024-06-05",
        )
    assert [fault.path for fault in caught.value.exceptions] == [
        "purchase.placed_in_service",
        "purchase.returned_on",
        "purchase.resold_on",
    ]
    assert Purchase(sale_cancelled=True, sale_date="2024-06-01").placed_in_service is None
    assert Purchase(sale_cancelled=False, placed_in_service="2024-06-03").sale_cancelled is False
