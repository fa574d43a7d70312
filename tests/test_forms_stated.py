"""What is still to type on the forms, lines that there are not, and amounts that are known."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.returns import at_the_dealer, bearing, new_car, used_car, van, whole_return

from evcredit import (
    Battery,
    Bounds,
    Claim,
    CleanVehicleReturn,
    InvalidFactError,
    assess,
    fill_forms,
    with_facts,
)
from evcredit.facts import TaxReturn
from evcredit.facts.listing import ListedVehicle
from evcredit.forms import ReturnVehicle
from evcredit.io import return_from_json, return_to_json

EXACT = TaxReturn(tax_before_credits=30_000, other_personal_credits=0)
VIN = "1FADP5CU6EL502693"


def filled(*vehicles, year=2025, **facts):
    return fill_forms(
        CleanVehicleReturn(tax_year=year, vehicles=vehicles, tax_return=EXACT, **facts)
    )


# -- what is still to type ------------------------------------------------------------------


def test_what_a_schedule_asks_for_is_missing_until_it_is_stated():
    """Number, make, model and days, after what affects an amount."""
    forms = filled(ReturnVehicle(claim=Claim()))
    typed = [
        f"vehicles[0].claim.{name}"
        for name in (
            "vehicle.model_year",
            "vehicle.make",
            "vehicle.model",
            "vehicle.vin",
            "purchase.placed_in_service",
        )
    ]
    assert list(forms.still_to_type()) == typed
    assert set(typed) < set(forms.missing())
    whole = filled(
        ReturnVehicle(
            claim=new_car(vehicle__vin=VIN, vehicle__model_year=2014), business_use_percent=0
        )
    )
    assert whole.missing() == ()


def test_a_column_of_an_old_form_asks_for_the_same():
    """There model year, make and model share a line."""
    forms = filled(ReturnVehicle(claim=Claim()), year=2018)
    assert {path.rpartition(".")[2] for path in forms.still_to_type()} >= {
        "model_year",
        "make",
        "model",
    }


def test_a_line_that_there_is_not_names_those_there_are():
    """With the forms, or the numbers of the vehicles, where these are wrong."""
    forms = fill_forms(whole_return())
    for asked, remedy in (
        ({"line": "99"}, "the lines are 1a, 1b,"),
        ({"line": "9", "form": "Form 1"}, "the forms are Form 8936; "),
        ({"line": "9", "form": "Schedule A"}, "give vehicle=1 or 2 or 3 or 4"),
        ({"line": "9", "vehicle": 1}, "leave vehicle out"),
        ({"line": "99", "form": "Schedule A", "vehicle": 2}, "the lines are 1a, 1b, 1c"),
    ):
        with pytest.raises(KeyError) as caught:
            forms.line(**asked)
        assert remedy in str(caught.value)
        assert len(str(caught.value)) < 400


# -- amounts that are known -----------------------------------------------------------------


def without_battery(claim):
    return with_facts(claim, {"vehicle.battery": Battery()})


def test_a_known_credit_for_a_new_vehicle_needs_no_battery():
    """What the law asks of the buyer is still tested."""
    claim = without_battery(new_car())
    for credit, line in ((None, "0 to 7,500"), (3_750, "3,750")):
        forms = filled(ReturnVehicle(claim=claim, business_use_percent=0, credit_determined=credit))
        assert str(forms.line("9", form="Schedule A", vehicle=1).amount) == line
        assert return_from_json(return_to_json(forms.stated)) == forms.stated
    unknown = with_facts(claim, {"purchase.for_use_or_lease": None})
    forms = filled(ReturnVehicle(claim=unknown, business_use_percent=0, credit_determined=7_500))
    assert bearing(forms) == ("vehicles[0].claim.purchase.for_use_or_lease",)
    resale = with_facts(claim, {"purchase.for_use_or_lease": False})
    forms = filled(ReturnVehicle(claim=resale, business_use_percent=0, credit_determined=7_500))
    assert str(forms.own_credits) == "0"
    assert any("stated to be $7,500" in each for each in forms.warnings)


@pytest.mark.parametrize(
    ("facts", "amount"),
    [
        ({}, "4,000"),
        ({"purchase.for_use_or_lease": None}, "0 to 4,000"),
        ({"purchase.for_use_or_lease": False}, "0"),
    ],
)
def test_a_known_credit_for_a_used_vehicle(facts, amount):
    """It overrides the part of the price, where there is a credit at all."""
    claim = with_facts(used_car(), facts)
    forms = filled(ReturnVehicle(claim=claim, credit="25E", credit_determined=4_000))
    assert str(forms.line("14").amount) == amount
    # What is stated amounts to $3,870, $0 to $3,870 or $0.
    assert any("stated to be $4,000" in each for each in forms.warnings)


def test_a_known_credit_that_went_to_the_dealer():
    """The payment is compared with it."""
    claim = without_battery(new_car())
    vehicle = ReturnVehicle(
        claim=claim,
        business_use_percent=0,
        credit_determined=7_500,
        transfer=at_the_dealer(claim),
    )
    assert str(filled(vehicle).account[4].amount) == "7,500"


def test_a_known_credit_and_a_published_list_exclude_each_other():
    """Both would state the amount; and a known amount is one amount."""
    with pytest.raises(InvalidFactError, match="give one amount"):
        ReturnVehicle(credit_determined=Bounds(3_750, 7_500))
    row = ListedVehicle(make="Example", credit=7_500)
    claim = with_facts(new_car(), {"vehicle.listing": row})
    with pytest.raises(InvalidFactError, match="these conflict; give only one"):
        ReturnVehicle(claim=claim, credit_determined=7_500)


def test_a_known_incremental_cost():
    """It overrides prices and published amounts (26 USC 45W(b)(2))."""
    for cost, amount in (
        (Decimal(5_000), "5,000"),
        (Bounds(5_000, 9_000), "5,000 to 6,000"),
        (0, "0"),
    ):
        claim = van(purchase__incremental_cost=cost)
        result = assess(claim, credit="45W")
        assert str(result.credit) == amount
        if amount != "0":  # the schedule ends where there is none
            forms = filled(ReturnVehicle(claim=claim, credit="45W"))
            assert forms.line("23", form="Schedule A", vehicle=1).amount == Bounds.of(cost)
    assert "incremental cost as determined: $0" in result.explain()


# -- by hand --------------------------------------------------------------------------------


def test_the_return_of_the_page_by_hand():
    """At most 60 lines of JSON; that it is equal to the return in Python, the page itself shows."""
    text = Path("docs/how-to/return.json").read_text("utf-8")
    assert text.count("\n") <= 60
    forms = fill_forms(return_from_json(text))
    assert [str(forms.line(line).amount) for line in ("8", "13", "18")] == [
        "3,000",
        "2,530",
        "3,870",
    ]
