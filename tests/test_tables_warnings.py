"""What an assessment warns of is said of claims that become rows, and of those that are assumed."""

import warnings
from decimal import Decimal

import polars as pl
import pytest

from evcredit import Claim, EvcreditError, Vehicle, assess, examples, with_facts
from evcredit.errors import ClaimWarning
from evcredit.tables import assess_frame, rows_of

CLAIM = examples.demonstration_claim()
ODD = with_facts(CLAIM, {"purchase.sale_price": 20_000, "purchase.cost": 5_100_000})


def said(function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function()
    assert all(issubclass(each.category, ClaimWarning | UserWarning) for each in caught)
    return [str(each.message) for each in caught if each.category is ClaimWarning]


def test_claims_that_become_rows():
    """Each sentence once, with the first claim and how many more."""
    assert said(lambda: rows_of([CLAIM])) == []
    told = said(lambda: rows_of([CLAIM, ODD, ODD]))
    assert told == [f"claims[1] and 1 more: {each}" for each in assess(ODD).warnings]
    assert any("purchase.sale_price" in each for each in told)
    several = [Claim(vehicle=Vehicle(msrp=Decimal(n))) for n in range(1, 26)]
    told = said(lambda: rows_of(several))
    assert len(told) == 21
    assert told[-1] == "claims: 5 more warnings; assess shows those of one claim"


def test_a_claim_that_is_assumed():
    """Without what a column overrides."""
    row = pl.DataFrame({"row": [1]})
    told = said(lambda: assess_frame(row, assume=ODD, unknown=True))
    assert told == [f"assume: {each}" for each in assess(ODD).warnings]
    beside = pl.DataFrame({"purchase_cost_cents": [51_000_00]})
    told = said(lambda: assess_frame(beside, assume=ODD, unknown=True))
    assert not any("5100000" in each for each in told)
    assert said(lambda: assess_frame(row, assume=CLAIM, unknown=True)) == []
    assert said(lambda: assess_frame(row, assume=ODD, unknown=True, check=False)) == []


def test_a_warning_is_one_of_ours():
    with pytest.warns(ClaimWarning) as caught:
        rows_of([ODD])
    assert isinstance(caught[0].message, EvcreditError) and isinstance(
        caught[0].message, UserWarning
    )


def test_one_warning_is_said_once():
    """Of two components of one kind and place too."""
    claim = with_facts(ODD, {"vehicle.battery.components": CLAIM.vehicle.battery.components * 2})
    told = assess(claim).warnings
    assert len(told) == len(set(told))
