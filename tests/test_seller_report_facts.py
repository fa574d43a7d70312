"""What the report of the seller states becomes facts, settles, or contradicts."""

from datetime import date

import attrs
import pytest
from tests.returns import at_the_dealer, bearing, new_car, used_car, van

from evcredit import (
    Battery,
    Bounds,
    Claim,
    CleanVehicleReturn,
    CreditTransfer,
    InvalidFactError,
    Purchase,
    Vehicle,
    Verdict,
    assess,
    fill_forms,
    with_facts,
)
from evcredit.facts import SalePrice, SellerReport
from evcredit.facts.listing import ListedVehicle
from evcredit.forms import ReturnVehicle
from evcredit.io import claim_from_json, claim_to_json
from evcredit.tables.rows import rows_of

VIN = "1FADP5CU6EL502693"  # of model year 2014
WHOLE = {
    "vin": VIN,
    "model_year": 2014,
    "battery_capacity_kwh": 75,
    "maximum_credit": 7_500,
    "sold_on": "2025-03-03",
    "sale_price": 48_000,
}


def reported(claim=None, status="accepted", **facts):
    report = SellerReport.accepted(**{**WHOLE, "status": status, **facts})
    return with_facts(
        Claim() if claim is None else claim,
        {"purchase.seller_report_furnished": None, "purchase.seller_report": report},
    )


def bought(**facts):
    """A new car of which the buyer knows what is on the papers, and not what is in the battery."""
    usual = {
        "vehicle__battery": Battery(),
        "vehicle__final_assembly_country": None,
        "vehicle__model_year": None,
    }
    return new_car(**{**usual, **facts})


# -- facts ----------------------------------------------------------------------------------


def test_what_the_report_states_becomes_a_fact():
    """Number, model year, capacity, days and price."""
    claim = reported()
    assert (claim.vehicle.vin, claim.vehicle.model_year) == (VIN, 2014)
    assert claim.vehicle.battery.capacity_kwh == 75
    assert str(claim.purchase.sale_date) == str(claim.purchase.placed_in_service) == "2025-03-03"
    assert claim.purchase.sale_price == 48_000
    assert claim_from_json(claim_to_json(claim)) == claim


def test_what_the_claim_states_stays():
    """Where both agree as far as they are known."""
    claim = with_facts(Claim(), {"vehicle.battery.capacity_kwh": Bounds(70, 80)})
    assert reported(claim).vehicle.battery.capacity_kwh == Bounds(70, 80)
    assert reported(with_facts(Claim(), {"vehicle.vin": VIN})).vehicle.vin == VIN


@pytest.mark.parametrize("status", ["not filed", "rejected", "voided", "cancelled"])
def test_a_report_that_does_not_stand_states_nothing(status):
    """It was not accepted, or was taken back."""
    claim = reported(status=status)
    assert claim.vehicle == Vehicle()
    assert claim.purchase.sale_price is None
    stated = with_facts(Claim(), {"vehicle.battery.capacity_kwh": 60})
    assert reported(stated, status).vehicle.battery.capacity_kwh == 60


def test_of_a_cancelled_sale_no_vehicle_is_in_service():
    """The day of the report is that of the sale alone."""
    claim = reported(with_facts(Claim(), {"purchase.sale_cancelled": True}))
    assert claim.purchase.placed_in_service is None
    assert claim.purchase.sale_date is not None


# -- contradictions -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "fault", "other"),
    [
        ("purchase.sale_price", 20_000, "seller_report.sale_price", "sale_price"),
        ("purchase.sale_date", "2025-03-04", "seller_report.sold_on", "a sale on 2025-03-04"),
        ("purchase.placed_in_service", "2025-03-02", "placed_in_service", "sale_date"),
        ("purchase.contract_date", "2025-03-04", "placed_in_service", "contract_date"),
        ("vehicle.model_year", 1984, "seller_report.model_year", "vehicle.model_year"),
        (
            "vehicle.battery.capacity_kwh",
            60,
            "seller_report.battery_capacity_kwh",
            "vehicle.battery.capacity_kwh",
        ),
        (
            "vehicle.listing",
            ListedVehicle(make="Example", credit=3_750),
            "seller_report.maximum_credit",
            "vehicle.listing.credit",
        ),
    ],
)
def test_a_contradiction_names_both_places(path, value, fault, other):
    """And what to do."""
    with pytest.raises(InvalidFactError) as caught:
        reported(with_facts(Claim(), {path: value}))
    assert caught.value.path.endswith(fault)
    assert other in caught.value.remedy


def test_the_parts_of_a_price_contradict_the_report():
    """A price that is stated by its parts is stated."""
    with pytest.raises(InvalidFactError, match=r"seller_report\.sale_price"):
        Purchase(
            sale_price_parts=SalePrice.agreed(20_000),
            seller_report=SellerReport.accepted(sale_price=20_001),
        )


@pytest.mark.parametrize(("year", "possible"), [(2014, True), (1984, True), (2015, False)])
def test_the_tenth_character_and_the_model_year(year, possible):
    """It comes round every thirty years (49 CFR 565.15(d)(1))."""
    if possible:
        assert Vehicle(vin=VIN, model_year=year).model_year == year
        assert Claim(vehicle=Vehicle(vin=VIN, model_year=year)).vehicle.vin == VIN
        return
    with pytest.raises(InvalidFactError, match=r"2014; give the one that is right") as caught:
        Claim(vehicle=Vehicle(vin=VIN, model_year=year))
    assert caught.value.path == "claim.vehicle.model_year"
    with pytest.raises(InvalidFactError, match=r"purchase\.seller_report\.vin"):
        reported(with_facts(Claim(), {"vehicle.model_year": year}), model_year=None)


def test_the_tenth_character_against_report_and_list():
    """Each by its own path, with the number it contradicts."""
    with pytest.raises(InvalidFactError) as caught:
        reported(vin=VIN, model_year=2015)
    assert caught.value.path == "claim.purchase.seller_report.model_year"
    assert "(purchase.seller_report.vin) represents 1984 or 2014" in caught.value.remedy
    row = ListedVehicle(make="Example", model_years="2023-2024", credit=7_500)
    with pytest.raises(InvalidFactError) as caught:
        Claim(vehicle=Vehicle(vin=VIN, listing=row))
    assert caught.value.path == "claim.vehicle.listing.model_years"
    assert "(vehicle.vin) represents 1984 or 2014" in caught.value.remedy
    fitting = attrs.evolve(row, model_years="2014-2016")
    assert Claim(vehicle=Vehicle(vin=VIN, listing=fitting)).vehicle.listing == fitting
    # What the claim states of the year takes precedence, and the row then says nothing about the
    # vehicle.
    other = Claim(vehicle=Vehicle(vin=VIN, listing=row, model_year=2014))
    assert "does not apply to this vehicle" in " ".join(assess(other).warnings)


@pytest.mark.parametrize(
    ("facts", "path", "place"),
    [
        ({"payment": 7_500}, "payment", "transferred_amount states 3750"),
        ({"elected_on": "2025-03-03"}, "elected_on", "transfer_elected denies a transfer"),
    ],
)
def test_a_transfer_and_the_report_of_its_claim(facts, path, place):
    """Outside a return too."""
    elected = path == "payment"
    amount = 3_750 if elected else None
    claim = reported(transfer_elected=elected, transferred_amount=amount)
    with pytest.raises(InvalidFactError) as caught:
        CreditTransfer(claim=claim, **facts)
    assert caught.value.path == f"credit_transfer.{path}"
    assert f"claim.purchase.seller_report.{place}" in caught.value.remedy
    rejected = reported(status="rejected", transfer_elected=elected, transferred_amount=amount)
    assert CreditTransfer(claim=rejected, **facts).claim == rejected
    assert CreditTransfer(claim=claim).payment is None
    assert CreditTransfer(claim=claim, payment=amount).payment == amount


def test_makers_of_different_names_are_a_warning():
    """Where they are on record as different manufacturers; a company and its make are not."""
    row = ListedVehicle(make="Tesla", valid_from="2024-01-01", valid_to="2025-12-31")
    claim = new_car(vehicle__manufacturer="Nissan", vehicle__make="Tesla", vehicle__listing=row)
    warnings = " ".join(assess(claim).warnings)
    assert "Nissan (vehicle.manufacturer) and Tesla (vehicle.make) are of different" in warnings
    assert "Nissan (vehicle.manufacturer) and Tesla (vehicle.listing.make) are of" in warnings
    company = with_facts(
        claim,
        {
            "vehicle.manufacturer": "General Motors",
            "vehicle.make": "Chevrolet",
            "vehicle.listing": None,
        },
    )
    assert "manufacturers" not in " ".join(assess(company).warnings)


def test_a_class_and_the_limit_of_the_list():
    """A list with the limit of a truck, and a sedan."""
    row = ListedVehicle(
        make="Example", msrp_limit=80_000, valid_from="2024-01-01", valid_to="2025-12-31"
    )
    claim = new_car(vehicle__vehicle_class="other vehicle", vehicle__listing=row)
    assert (
        "the list has a limit of $80,000 on the price (vehicle.listing.msrp_limit), and other "
        "vehicle is stated as the class (vehicle.vehicle_class), which has one of $55,000: "
        "check both"
    ) in assess(claim).warnings
    for facts in (
        {"vehicle.vehicle_class": "pickup truck"},
        {"vehicle.vehicle_class": None},
        dict.fromkeys(
            ("purchase.placed_in_service", "purchase.acquired", "purchase.sale_date"),
            date(2022, 6, 3),
        ),
    ):
        assert "has a limit" not in " ".join(assess(with_facts(claim, facts)).warnings)


def test_number_plant_and_list_that_may_be_honest_are_warnings():
    """A maker of one country may build in another; a list may spell a make its own way."""
    row = ListedVehicle(make="Other", valid_from="2024-01-01", valid_to="2025-12-31")
    claim = new_car(
        vehicle__vin=VIN,
        vehicle__model_year=2014,
        vehicle__final_assembly_country="Germany",
        vehicle__listing=row,
    )
    warnings = " ".join(assess(claim).warnings)
    assert "is of a maker in United States, and final assembly in Germany is stated" in warnings
    assert "the list has a Other (vehicle.listing.make), and a Example is stated" in warnings
    same = with_facts(claim, {"vehicle.final_assembly_country": "US", "vehicle.listing": None})
    assert "check" not in " ".join(assess(same).warnings)


# -- what an accepted report settles --------------------------------------------------------


def test_an_accepted_report_settles_what_the_maker_reported():
    """As a published list does, and it says so; what the buyer must show stays."""
    result = assess(reported(bought()))
    assert (result.verdict, str(result.credit)) == (Verdict.MET, "7,500")
    assert "accepted, with a credit of at most $7,500" in result.explain()
    assert assess(reported(bought(purchase__for_use_or_lease=None))).missing() == (
        "purchase.for_use_or_lease",
    )


@pytest.mark.parametrize(
    ("facts", "credit"),
    [
        ({"maximum_credit": 3_750}, "3,750"),
        ({"maximum_credit": Bounds(3_750, 7_500)}, "3,750 to 7,500"),
        ({"maximum_credit": None}, "0 to 7,500"),
        ({"status": "filed, not accepted so far"}, "0"),
    ],
)
def test_how_much_it_settles(facts, credit):
    """The maximum credit that it states; one that was not accepted settles nothing."""
    assert str(assess(reported(bought(), **facts)).credit) == credit


def test_where_the_report_and_the_facts_differ():
    """The report governs, and a warning names what is stated."""
    less = assess(reported(new_car(vehicle__model_year=None), maximum_credit=3_750))
    assert str(less.credit) == "3,750"
    assert any("what is stated of the vehicle amounts to 7,500" in each for each in less.warnings)
    abroad = new_car(vehicle__model_year=None, vehicle__final_assembly_country="Germany")
    warned = assess(reported(abroad)).warnings
    assert any("the accepted seller report governs, but what is stated" in each for each in warned)
    same = assess(reported(new_car(vehicle__model_year=None)))
    assert not any("report" in each for each in same.warnings)


def test_a_report_of_no_credit_settles_no_amount():
    """Then the sourcing requirements decide."""
    assert str(assess(reported(bought(), maximum_credit=0)).credit) == "0 to 7,500"


def test_a_table_refuses_what_it_does_not_read():
    """By the place at which it is stated."""
    with pytest.raises(InvalidFactError, match=r"purchase\.seller_report"):
        rows_of([reported(bought())])


# -- the forms ------------------------------------------------------------------------------


def filled(claim, **facts):
    usual = {"business_use_percent": 0, "claim": claim}
    vehicle = ReturnVehicle(**{**usual, **facts})
    return fill_forms(CleanVehicleReturn(tax_year=2025, vehicles=[vehicle]))


def test_line_9_is_the_greatest_credit_of_the_report():
    """And number and model year are typed."""
    forms = filled(reported(bought()))
    assert str(forms.line("9", form="Schedule A", vehicle=1).amount) == "7,500"
    assert forms.line("2", form="Schedule A", vehicle=1).in_words == VIN
    assert set(bearing(forms)) <= {
        "tax_return.tax_before_credits",
        "tax_return.other_personal_credits",
    }


def test_a_transfer_that_only_the_report_tells_of():
    """What the report does not say of it stays unknown, and is needed."""
    claim = reported(bought(), transfer_elected=True, transferred_amount=7_500)
    forms = filled(claim)
    assert forms.transfers[0].verdict is Verdict.UNKNOWN
    assert str(forms.transfers[0].payment) == "7,500"
    assert "vehicles[0].transfer.dealer_registered" in forms.missing()
    paid = filled(claim, transfer=at_the_dealer(claim, None))
    assert str(paid.account[4].amount) == "7,500"
    assert filled(reported(bought(), transfer_elected=False)).transfers == (None,)
    business = ReturnVehicle(
        claim=reported(
            van(purchase__placed_in_service="2025-06-02"),
            sold_on=None,
            vin=None,
            model_year=None,
            battery_capacity_kwh=None,
            transfer_elected=True,
        ),
        credit="45W",
    )
    forms = fill_forms(CleanVehicleReturn(tax_year=2025, vehicles=[business]))
    assert forms.transfers == (None,)
    voided = reported(bought(), status="voided", transfer_elected=True)
    assert filled(voided).transfers == (None,)


def test_a_transfer_that_the_report_denies():
    """Each fault names the place in the report."""
    claim = reported(bought(), transfer_elected=False)
    with pytest.raises(InvalidFactError, match=r"seller_report\.transfer_elected denies"):
        ReturnVehicle(claim=claim, transfer=at_the_dealer(claim))
    claim = reported(bought(), transfer_elected=True, transferred_amount=3_750)
    with pytest.raises(InvalidFactError, match=r"transferred_amount states 3750"):
        ReturnVehicle(claim=claim, transfer=at_the_dealer(claim))
    with pytest.raises(InvalidFactError, match=r"maximum_credit states 7500"):
        ReturnVehicle(claim=claim, credit_determined=3_750)


def test_the_price_of_a_used_vehicle_comes_from_the_report():
    """26 USC 25E(a): 30 percent of it."""
    claim = with_facts(used_car(), {"purchase.sale_price": None})
    report = SellerReport.accepted(sale_price=10_000)
    told = with_facts(
        claim, {"purchase.seller_report_furnished": None, "purchase.seller_report": report}
    )
    assert str(assess(told, credit="25E").credit) == "3,000"
