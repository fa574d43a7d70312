"""The forms of a return: which lines there are, what is refused, what unknown facts leave."""

import copy
import json
import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.returns import (
    at_the_dealer,
    bearing,
    motorcycle,
    new_car,
    single,
    used_car,
    van,
    whole_return,
)

from evcredit import (
    Bounds,
    Citation,
    Claim,
    CleanVehicleReturn,
    Credit,
    CreditTransfer,
    InvalidFactError,
    OutsideCoverage,
    Taxpayer,
    Verdict,
    current_law,
    fill_forms,
    with_facts,
)
from evcredit.algebra.field import Kind
from evcredit.data import load
from evcredit.errors import InvalidFactsError
from evcredit.facts import SellerReport, TaxReturn, VehicleBasis
from evcredit.facts.taxpayer import TaxpayerKind
from evcredit.forms import ReturnVehicle
from evcredit.forms.lines import form_is_seen, form_years, lines_of

LAW = current_law()
A = "Schedule A"
EXACT = TaxReturn(tax_before_credits=9_000, other_personal_credits=0)


def filled(*vehicles, tax_return=EXACT, year=2025, law=LAW, **facts):
    stated = CleanVehicleReturn(tax_year=year, vehicles=vehicles, tax_return=tax_return, **facts)
    return fill_forms(stated, law=law)


def new(percent=0, **facts):
    return ReturnVehicle(claim=new_car(**facts), business_use_percent=percent)


def used(price=12_900, day=date(2025, 5, 5), taxpayer=None, **facts):
    return ReturnVehicle(claim=used_car(price, day, taxpayer), credit="25E", **facts)


# -- the table of lines --------------------------------------------------------------------


def test_the_years():
    """All in which section 30D has allowed a credit for a vehicle, from 2010 on."""
    assert form_years() == tuple(range(2010, 2027))


def some_returns(year):
    """Returns that have all the lines of a year between them."""
    day = date(year, 6, 3)
    rich = single(500_000, 500_000)
    split = new_car(day, single(500_000, 70_000))
    yield [ReturnVehicle(claim=split, business_use_percent=20)]
    yield [ReturnVehicle(claim=new_car(day, Taxpayer(kind="partnership")), business_use_percent=20)]
    if year < 2023:
        sold = date(2013, 12, 30) if year == 2014 else date(min(year, 2021), 5, 3)
        parts = VehicleBasis(cost=20_000, section_179_deduction=0)
        claim = motorcycle(20_000, sold, day, purchase__basis_parts=parts)
        yield [ReturnVehicle(claim=claim, business_use_percent=20)]
        return
    yield [used(day=day), ReturnVehicle(claim=van(day=day), credit="45W")]
    yield [used(day=day, taxpayer=single(500_000, 70_000))]
    firm = van(day=day, taxpayer=Taxpayer(kind="partnership"))
    yield [ReturnVehicle(claim=firm, credit="45W")]
    if year > 2023:
        claim = new_car(day, rich)
        yield [attrs.evolve(new(), claim=claim, transfer=at_the_dealer(claim))]


@pytest.mark.parametrize("year", [each for each in form_years() if form_is_seen(each)])
def test_every_line_is_filled_by_some_return(year):
    """No line of the table waits for a value that is never computed."""
    found = {
        (each.form, each.line)
        for vehicles in some_returns(year)
        for each in filled(*vehicles, year=year).lines
    }
    places = [
        *lines_of(year, "return"),
        *(place for credit in Credit for place in lines_of(year, "vehicle", credit)),
    ]
    assert found == {(place.form, place.line) for place in places}


def test_answers_lead_to_lines_that_are_there():
    """Further down, on the same form, for the same credit, in every year."""
    for year in form_years():
        for credit in Credit:
            places = lines_of(year, "vehicle", credit)
            for index, place in enumerate(places):
                for target in set(place.leads) - {"", "stop"}:
                    assert place.kind is Kind.FLAG
                    assert target in [each.line for each in places[index + 1 :]], place


def test_lines_are_made_of_lines_that_are_there():
    """In every year, of the same form; and a year is verified only if the form has the line."""
    rows = load("forms.toml")["lines"]
    for row in rows:
        assert set(row["verified"]) <= set(row["years"]), row
        for year in row["years"]:
            for part in row.get("from", ()):
                assert any(
                    (other["form"], other["line"]) == (row["form"], part) and year in other["years"]
                    for other in rows
                ), (row, part)


@pytest.mark.parametrize("year", form_years())
def test_no_line_is_there_twice(year):
    """In one year, for one credit and one kind of filer."""
    for filers in ("owners", "others"):
        for credit in Credit:
            places = [*lines_of(year, "return"), *lines_of(year, "vehicle", credit)]
            here = [
                (each.form, each.line, each.key) for each in places if each.filers in ("", filers)
            ]
            keyed = [(form, line) for form, line, _ in here if not line.startswith("by ")]
            assert len(keyed) == len(set(keyed))


def test_amounts_and_answers_say_where_they_stand():
    """All but what only names the vehicle."""
    for each in filled(new(), used(), ReturnVehicle(claim=van(), credit="45W")).lines:
        named = each.kind is Kind.TEXT or each.key in ("transferred", "registered", "engine")
        assert named or each.citation is not None, each
        assert isinstance(each.citation, Citation | None)
        if each.key in ("tentative", "used_credit", "commercial_credit"):
            assert each.rests_on.code == "credit_allowed"
        if each.line in ("12", "13", "17", "18") and each.form == "Form 8936":
            assert each.rests_on.amount == each.amount


# -- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({}, "tax_year: found None; give the year"),
        ({"tax_year": Bounds(2024, 2025)}, "tax_year: .*give the year"),
        ({"tax_year": "2024.5"}, "tax_year: .*give a whole number"),
        ({"tax_year": 2025, "vehicles": None}, "vehicles: .*empty if there are none"),
        ({"tax_year": 2025, "vehicles": [Claim()]}, r"vehicles\[0\]: .*give a ReturnVehicle"),
        ({"tax_year": 2025, "year_begins": "2024-07-01"}, "year_begins: .*give a day of 2025"),
        (
            {"tax_year": 2025, "tax_return": TaxReturn(business_use_percent=0)},
            "tax_return.business_use_percent: .*of each vehicle",
        ),
        (
            {"tax_year": 2025, "tax_return": TaxReturn(previously_owned_vehicle_credit=0)},
            "tax_return.previously_owned_vehicle_credit: .*of each vehicle",
        ),
        (
            {"tax_year": 2022, "vehicles": [ReturnVehicle(credit="25E")]},
            r"vehicles\[0\].credit: found '25E'; the form of 2022 has no place for it",
        ),
    ],
)
def test_what_cannot_be_a_return(facts, fault):
    """Each fault names its field and what to do."""
    with pytest.raises(InvalidFactError, match=f"^clean_vehicle_return.{fault}"):
        CleanVehicleReturn(**facts)


@pytest.mark.parametrize("year", [2009, 2027])
def test_a_year_whose_forms_are_not_held(year):
    """An error, and no empty form."""
    with pytest.raises(OutsideCoverage, match=f"forms of a tax year: .* {year}; .*2010 to 2026"):
        CleanVehicleReturn(tax_year=year)


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"credit": None}, "credit: found None; name a credit"),
        ({"credit": "30B"}, "credit: found '30B'; give one of '30D'"),
        ({"business_use_percent": 101}, "business_use_percent: .*from 0 to 100"),
        ({"credit": "45W", "transfer": CreditTransfer()}, "transfer: .*commercial credit"),
        (
            {"claim": new_car(), "transfer": CreditTransfer(claim=used_car())},
            "transfer.claim: .*another claim",
        ),
    ],
)
def test_what_cannot_be_a_vehicle_of_a_return(facts, fault):
    """Like the above, for one vehicle."""
    with pytest.raises(InvalidFactError, match=f"^return_vehicle.{fault}"):
        ReturnVehicle(**facts)


def test_a_vehicle_of_another_year():
    """It belongs on the return of the year it was placed in service."""
    with pytest.raises(
        InvalidFactError, match=r"vehicles\[1\].claim.purchase.placed_in_service: .*2025-01-01 to"
    ):
        filled(new(), new(day=date(2024, 12, 31)))


def test_one_vehicle_twice():
    """One number, one credit."""
    vehicle = new(vehicle__vin="1G4AH59H45G118341", vehicle__model_year=Decimal(2005))
    with pytest.raises(InvalidFactError, match=r"vehicles\[1\].claim.vehicle.vin: .*one credit"):
        filled(vehicle, vehicle)


def test_vehicles_of_different_taxpayers():
    """A return is one taxpayer's; what is stated may not differ."""
    with pytest.raises(InvalidFactsError) as caught:
        filled(
            new(),
            new(
                taxpayer=single(
                    1,
                    2,
                    kind="corporation",
                    current_year=single().current_year.__class__(),
                    prior_year=single().current_year.__class__(),
                )
            ),
        )
    paths = [fault.path for fault in caught.value.exceptions]
    assert paths == [
        f"clean_vehicle_return.vehicles[1].claim.taxpayer.{name}"
        for name in ("kind", "current_year", "prior_year")
    ]


def test_a_taxpayer_left_out_is_that_of_the_others():
    """No one need write the incomes twice."""
    bare = with_facts(used_car(), {"taxpayer": Taxpayer()})
    forms = filled(ReturnVehicle(claim=bare, credit="25E"), new())
    assert forms.assessments[0].claim.taxpayer == single()
    assert str(forms.line("14").amount) == "3,870"


def test_an_empty_return():
    """All amounts are nothing, and nothing is missing."""
    forms = filled()
    assert str(forms.line("13").amount) == "0"
    assert forms.own_credits == Bounds.exactly(0)
    assert forms.line("5").in_words == "unknown"
    assert bearing(forms) == ()


def test_a_line_that_holds_no_amount():
    """Asking for it is an error that says what is there."""
    forms = filled(new())
    with pytest.raises(TypeError, match="line 5: found 'single'; it holds no amount"):
        _ = forms.line("5").amount
    with pytest.raises(KeyError, match="Form 8936, line 99"):
        forms.line("99")


# -- taxable years -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "day", "belongs"),
    [
        (None, "2024-01-01", True),
        (None, "2024-12-31", True),
        (None, "2023-12-31", False),
        ("2024-07-01", "2024-06-30", False),
        ("2024-07-01", "2025-06-30", True),
        ("2024-07-01", "2025-07-01", False),
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
        ("2024-10-29", "2025-10-28", True),
        ("2024-10-29", "2025-10-29", False),
    ],
)
def test_the_days_of_a_taxable_year(begins, day, belongs):
    """From its first day to the last before the same day a year later."""
    vehicle = ReturnVehicle(
        claim=van(day=date.fromisoformat(day), taxpayer=Taxpayer(kind="corporation")),
        credit="45W",
    )
    if belongs:
        assert filled(vehicle, year=2024, year_begins=begins).lines
    else:
        with pytest.raises(InvalidFactError, match="of its own year"):
            filled(vehicle, year=2024, year_begins=begins)


# -- several used vehicles -----------------------------------------------------------------


def test_a_second_used_vehicle_of_the_same_buyer():
    """The credit for the earlier sale bars the later one, in whatever order they are stated."""
    early, late = used(10_000, date(2025, 2, 3)), used(12_900, date(2025, 5, 5))
    for vehicles in ((early, late), (late, early)):
        forms = filled(*vehicles)
        assert str(forms.line("14").amount) == "3,000"
        assert sum(each.verdict is Verdict.MET for each in forms.assessments) == 1
    assert forms.line("13d", form=A, vehicle=1).in_words == "yes"


def test_a_first_used_vehicle_without_a_credit_bars_nothing():
    """The price of the earlier one is above the limit."""
    forms = filled(used(25_001, date(2025, 2, 3)), used(12_900))
    assert str(forms.line("14").amount) == "3,870"


def test_the_used_vehicle_of_the_other_spouse():
    """Each spouse is a buyer."""
    forms = filled(used(10_000, date(2025, 2, 3)), used(12_900, bought_by_spouse=True))
    assert str(forms.line("14").amount) == "6,870"


def test_an_uncertain_first_used_vehicle_leaves_the_second_open():
    """Whether it had a credit decides for the other."""
    doubtful = ReturnVehicle(
        claim=used_car(day=date(2025, 2, 3), purchase__seller_report_furnished=None), credit="25E"
    )
    forms = filled(doubtful, used(10_000))
    assert str(forms.line("17", form=A, vehicle=1).amount) == "0 to 3,870"
    assert str(forms.line("17", form=A, vehicle=2).amount) == "0 to 3,000"
    assert bearing(forms) == ("vehicles[0].claim.purchase.seller_report_furnished",)


def test_unknown_earlier_sales_stay_unknown():
    """A known one beside them settles the matter where it bars the credit."""
    person = single(prior_credits=None)
    forms = filled(used(10_000, date(2025, 2, 3), person), used(12_900, taxpayer=person))
    assert str(forms.line("17", form=A, vehicle=1).amount) == "0 to 3,000"
    assert str(forms.line("17", form=A, vehicle=2).amount) == "0 to 3,870"
    assert "vehicles[0].claim.taxpayer.prior_credits" in forms.missing()


def test_a_transferred_used_credit_bars_the_next_one_too():
    """It was allowed, if to the dealer."""
    claim = with_facts(used_car(day=date(2025, 2, 3)), {"purchase.sale_date": date(2025, 2, 3)})
    given = ReturnVehicle(claim=claim, credit="25E", transfer=at_the_dealer(claim, 3_870))
    forms = filled(given, used())
    assert str(forms.line("14").amount) == "0"
    assert forms.transfers[0].holder.value == "the dealer"
    assert forms.transfers[1] is None


def test_a_transfer_of_an_uncertain_second_used_credit():
    """The credit otherwise allowable is known in bounds only."""
    doubtful = ReturnVehicle(
        claim=used_car(day=date(2025, 2, 3), purchase__seller_report_furnished=None), credit="25E"
    )
    claim = with_facts(used_car(), {"purchase.sale_date": date(2025, 5, 5)})
    given = ReturnVehicle(claim=claim, credit="25E", transfer=at_the_dealer(claim, 3_870))
    outcome = filled(doubtful, given).transfers[1]
    assert str(outcome.credit_to_dealer) == "0 to 3,870"


# -- unknown facts -------------------------------------------------------------------------


def test_nothing_known_of_the_return_leaves_bounds():
    """And every fact that matters is named by its path."""
    forms = filled(new(None), used(), tax_return=TaxReturn())
    assert str(forms.line("8").amount) == "0 to 7,500"
    assert str(forms.line("13").amount) == "0 to 7,500"
    assert str(forms.line("18").amount) == "0 to 3,870"
    assert str(forms.forfeited) == "0 to 11,370"
    assert bearing(forms) == (
        "vehicles[0].business_use_percent",
        "tax_return.tax_before_credits",
        "tax_return.other_personal_credits",
    )
    assert forms.line("10").in_words == "unknown"
    assert "Not known exactly\n  vehicles[0].business_use_percent\n" in forms.explain()


def test_unknown_facts_of_a_vehicle():
    """Its credit in bounds goes through to the totals; yes and no are open where they are."""
    forms = filled(new(40, vehicle__msrp=None), tax_return=EXACT)
    assert str(forms.line("9", form=A, vehicle=1).amount) == "0 to 7,500"
    assert str(forms.line("8").amount) == "0 to 3,000"
    assert str(forms.line("13").amount) == "0 to 4,500"
    assert bearing(forms) == ("vehicles[0].claim.vehicle.msrp",)
    unsure = filled(new(0, purchase__for_use_or_lease=None))
    assert unsure.line("8e", form=A, vehicle=1).in_words == "unknown"


def test_an_unknown_day():
    """No year is compared with it."""
    claim = new_car(purchase__placed_in_service=None)
    forms = filled(ReturnVehicle(claim=claim, business_use_percent=0))
    assert forms.line("3", form=A, vehicle=1).in_words == "unknown"
    assert not forms.line("13").amount.is_exact


def test_missing_of_a_transfer():
    """What affects the buyer's return; not what is the dealer's affair."""
    claim = new_car()
    transfer = attrs.evolve(at_the_dealer(claim), dealer_registered=None, advance_payment=None)
    forms = filled(ReturnVehicle(claim=claim, business_use_percent=0, transfer=transfer))
    assert str(forms.line("9", form=A, vehicle=1).amount) == "0 to 7,500"
    assert bearing(forms) == ("vehicles[0].transfer.dealer_registered",)
    later = new_car(taxpayer=single(180_000, 140_000), purchase__seller_report_furnished=None)
    forms = filled(
        ReturnVehicle(claim=later, business_use_percent=0, transfer=at_the_dealer(later))
    )
    assert bearing(forms) == ("vehicles[0].claim.purchase.seller_report_furnished",)
    stated = attrs.evolve(at_the_dealer(later), credit=Bounds(Decimal(3_750), Decimal(7_500)))
    forms = filled(ReturnVehicle(claim=later, business_use_percent=0, transfer=stated))
    assert "vehicles[0].transfer.credit" in forms.missing()
    rich = new_car(
        taxpayer=attrs.evolve(
            single(),
            prior_year=single(180_000, 0).current_year,
            current_year=attrs.evolve(
                single().current_year, modified_adjusted_gross_income=None, income_parts=None
            ),
        )
    )
    forms = filled(ReturnVehicle(claim=rich, business_use_percent=0, transfer=at_the_dealer(rich)))
    assert str(forms.line("1b", form="Schedule 2").amount) == "0 to 7,500"
    assert bearing(forms) == (
        "vehicles[0].claim.taxpayer.current_year.modified_adjusted_gross_income",
    )


def test_missing_tax_under_the_reading_that_takes_it_back():
    """Under that reading a transferred credit above the tax is repaid, so the tax matters."""
    claim = new_car()
    law = LAW.with_readings(transferred_credit_beyond_tax_kept=False)
    vehicle = ReturnVehicle(claim=claim, business_use_percent=0, transfer=at_the_dealer(claim))
    unknown = TaxReturn(other_personal_credits=0)
    forms = filled(vehicle, tax_return=unknown, law=law)
    assert str(forms.line("1b", form="Schedule 2").amount) == "0 to 7,500"
    assert "tax_return.tax_before_credits" in forms.missing()
    poor = TaxReturn(tax_before_credits=5_000, other_personal_credits=0)
    forms = filled(vehicle, tax_return=poor, law=law)
    assert str(forms.line("1b", form="Schedule 2").amount) == "2,500"


# -- the order of two credits --------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (
            True,
            {"11": "3,870", "12": "4,130", "13": "4,130", "16": "0", "17": "8,000", "18": "3,870"},
        ),
        (False, {"11": "0", "12": "8,000", "13": "7,500", "16": "7,500", "17": "500", "18": "500"}),
        (
            None,
            {
                "11": "0 to 3,870",
                "12": "4,130 to 8,000",
                "13": "4,130 to 7,500",
                "16": "0 to 7,500",
                "17": "500 to 8,000",
                "18": "500 to 3,870",
            },
        ),
    ],
)
def test_the_reading_of_the_order(first, expected):
    """What is lost of both together is the same."""
    tax_return = TaxReturn(tax_before_credits=8_000, other_personal_credits=0)
    law = LAW.with_readings(used_vehicle_credit_first=first)
    forms = filled(new(), used(), tax_return=tax_return, law=law)
    assert {line: str(forms.line(line).amount) for line in expected} == expected
    assert str(forms.forfeited) == "3,370"
    assert str(forms.personal_credit) == "8,000"


# -- who files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "form", "incomes"),
    [
        ("individual", "Form 3800", True),
        ("estate or trust", "Form 3800", True),
        (None, "Form 3800", True),
        ("corporation", "Form 3800", False),
        ("tax-exempt or governmental user", "Form 3800", False),
        ("partnership", "Schedule K", False),
        ("S corporation", "Schedule K", False),
    ],
)
def test_where_a_business_credit_goes(kind, form, incomes):
    """To Form 3800, or to the owners; and who is needed for an income."""
    taxpayer = Taxpayer(kind=kind, current_year=Taxpayer().current_year)
    claim = van(taxpayer=taxpayer, purchase__elective_payment_registered=True)
    forms = filled(ReturnVehicle(claim=claim, credit="45W"))
    found = {each.form for each in forms.lines if each.key == "commercial_total"}
    assert any(each.startswith(form) for each in found - {"Form 8936"})
    assert len(found) == 2
    assert any(each.line == "2" and each.vehicle is None for each in forms.lines) is incomes
    assert set(TaxpayerKind) >= {taxpayer.kind} - {None}


def test_a_basis_that_is_not_taken_apart():
    """Cost and deduction are then unknown; the cost is at least the basis."""
    claim = with_facts(van(), {"purchase.basis_parts": None, "purchase.basis": Decimal(20_000)})
    forms = filled(ReturnVehicle(claim=claim, credit="45W"))
    assert forms.line("19", form=A, vehicle=1).in_words == "at least $20,000"
    assert forms.line("20", form=A, vehicle=1).in_words == "unknown"
    assert forms.line("21", form=A, vehicle=1).in_words == "$20,000"


def test_a_commercial_vehicle_that_does_not_qualify():
    """The form stops before the amount; or, for a reason it does not require, it is nothing."""
    claim = van(purchase__for_use_or_lease=False)
    forms = filled(ReturnVehicle(claim=claim, credit="45W"))
    assert forms.lines[-1].line == "18c"
    forms = filled(ReturnVehicle(claim=van(purchase__vin_on_return=False), credit="45W"))
    assert str(forms.line("26", form=A, vehicle=1).amount) == "0"
    assert not forms.line("26", form=A, vehicle=1).verified
    with pytest.raises(KeyError):
        forms.line("23", form=A, vehicle=1)
    unweighed = van(vehicle__gross_vehicle_weight_rating_lb=None)
    forms = filled(ReturnVehicle(claim=unweighed, credit="45W"))
    assert forms.line("18e", form=A, vehicle=1).in_words == "unknown"


def test_a_new_vehicle_of_2022_that_does_not_qualify():
    """Neither an amount nor a percentage, and nothing to divide."""
    claim = new_car(date(2022, 11, 1), vehicle__made_for_public_roads=False)
    forms = filled(ReturnVehicle(claim=claim, business_use_percent=50), year=2022)
    column = {each.line: str(each.value) for each in forms.lines if each.vehicle}
    assert "4a" not in column
    assert (column["11"], column["18"]) == ("0", "0")


# -- the result as a value, in words and as data -------------------------------------------


def test_forms_are_values():
    """Equal for equal returns, hashable, and as good after pickling."""
    forms = fill_forms(whole_return())
    for again in (pickle.loads(pickle.dumps(forms)), copy.deepcopy(forms)):
        assert again == forms
        assert hash(again) == hash(forms)
        assert again.lines == forms.lines
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        forms.law = None


def test_in_words():
    """Form by form, with the mark of lines whose value was not seen there."""
    text = fill_forms(whole_return()).explain()
    assert text.startswith("Form 8936\n  1a  adjusted gross income of this year: $70,000 [26 USC")
    assert "\n\nSchedule A (Form 8936), vehicle 4\n" in text
    assert "  10  business use: 40 percent [26 USC 30D(c)(1)]\n" in text
    assert "not verified" not in text
    dear = filled(new(40, vehicle__msrp=Decimal(80_001))).explain()
    assert "  11  business part: $0 [26 USC 30D(c)(1)] (line not verified)\n" in dear
    assert "allowed here, as general business credits: $250 [26 USC 38(b)]\n" in text
    assert text.endswith("  vehicles[3].claim.vehicle.vin\n")


def test_in_markdown():
    """A table for each form, which notebooks show; and no other way of telling."""
    forms = fill_forms(whole_return())
    told = forms.explain("markdown")
    assert told == forms._repr_markdown_()
    assert told.startswith(
        "**Form 8936**\n\n| line | what | value | law |\n|---|---|--:|---|\n"
        "| 1a | adjusted gross income of this year | \\$70,000 | 26 USC 30D(f)(10)(C) |\n"
    )
    assert "\n\n**Schedule A (Form 8936), vehicle 4**\n\n| line |" in told
    assert "\n| 13b | income of this year above its threshold | no | 26 USC 25E" in told
    assert "\n\n**Where the credits go**\n\n- credits on this return: \\$17,370 [26 USC" in told
    assert "| 12 | personal part | \\$0 (not verified) |" in filled(
        new(40, vehicle__msrp=Decimal(80_001))
    ).explain("markdown")
    with pytest.raises(ValueError, match="no form is called 'pdf'"):
        forms.explain("pdf")


def test_as_data():
    """Ready for JSON, with finding, citation and what it takes to obtain it again."""
    forms = fill_forms(whole_return())
    data = json.loads(json.dumps(forms.to_dict()))
    by_place = {(row["form"], row["line"], row.get("vehicle")): row for row in data["lines"]}
    assert len(by_place) == len(forms.lines)
    line = by_place["Form 8936", "13", None]
    assert line["value"] == {"lower": 2530, "upper": 2530}
    assert line["computed_from"] == ["9", "12"]
    assert line["account"] == "personal credit for new vehicles allowed"
    answer = by_place["Schedule A (Form 8936)", "13b", 2]
    assert answer["value"] is False
    assert answer["finding"] == "used_income_of_this_year"
    assert answer["citation"] == "26 USC 25E(b)(1)(A)(i)"
    assert data["receipt"]["law_digest"] == LAW.digest
    assert data["receipt"]["facts"]["tax_return"]["tax_before_credits"] == 7000
    assert data["receipt"]["facts"]["vehicles"][1]["credit"] == "25E"
    assert "citation" not in by_place["Schedule A (Form 8936)", "1a", 1]
    assert data["warnings"] == []
    assert {path.rpartition(".")[2] for path in data["missing"]} == {"vin", "make", "model"}


def test_an_answer_that_is_open_as_data():
    """It is null."""
    line = filled(new(0, purchase__for_use_or_lease=None)).line("8e", form=A, vehicle=1)
    assert line.to_dict()["value"] is None


def test_warnings():
    """Of each vehicle, and where the seller reported less."""
    report = SellerReport.accepted(maximum_credit=3_750)
    claim = with_facts(
        new_car(),
        {"purchase.seller_report_furnished": None, "purchase.seller_report": report},
    )
    forms = filled(new(), ReturnVehicle(claim=claim, business_use_percent=0))
    unread = "stated, but no rule in force of section 30D reads it: taxpayer.dependent_of_another"
    assert [warning.partition(",")[0] for warning in forms.warnings] == [
        "vehicle 1: stated",
        "vehicle 2: the credit in the accepted seller report governs",
        "vehicle 2: stated",
    ]
    assert str(forms.line("9", form=A, vehicle=2).amount) == "3,750"
    assert f"Look at again\n  vehicle 1: {unread}" in forms.explain()
    filed = attrs.evolve(report, status="filed, not accepted so far")
    early = with_facts(
        new_car(date(2023, 5, 3)),
        {"purchase.seller_report_furnished": None, "purchase.seller_report": filed},
    )
    above = filled(ReturnVehicle(claim=early, business_use_percent=0), year=2023).warnings
    assert above[-1] == "vehicle 1: the credit of $7,500 is above the $3,750 of the seller report"
    whole = attrs.evolve(report, maximum_credit=7_500)
    claim = with_facts(claim, {"purchase.seller_report": whole})
    (warning,) = filled(ReturnVehicle(claim=claim, business_use_percent=0)).warnings
    assert warning.startswith("vehicle 1: stated, but no rule")
    assert "seller_report" not in warning
    silent = attrs.evolve(report, maximum_credit=None)
    claim = with_facts(claim, {"purchase.seller_report": silent})
    assert filled(ReturnVehicle(claim=claim, business_use_percent=0)).warnings == (warning,)


def test_a_fact_of_the_taxpayer_that_another_vehicle_needs_is_no_warning():
    """Earlier credits for used vehicles are read for the used one."""
    warned = [
        each for each in fill_forms(whole_return()).warnings if "taxpayer.prior_credits" in each
    ]
    assert warned == []


def test_a_tax_without_what_is_to_be_repaid():
    """Line 18 of Form 1040 holds what Schedule 2 adds, so it cannot be below it."""
    claim = new_car(taxpayer=single(180_000, 175_000))
    given = ReturnVehicle(claim=claim, business_use_percent=0, transfer=at_the_dealer(claim))
    for tax, warned in ((7_499, True), (7_500, False), (None, False)):
        tax_return = TaxReturn(tax_before_credits=tax, other_personal_credits=0)
        warnings = filled(given, tax_return=tax_return).warnings
        assert any("below the $7,500 of transferred credits" in each for each in warnings) is warned


def test_a_part_of_what_is_not_known():
    """It is not known either: 30 percent of any price, or of any basis."""
    without_price = with_facts(used_car(), {"purchase.sale_price": None})
    unpriced = ReturnVehicle(claim=without_price, credit="25E")
    assert filled(unpriced).line("15", form=A, vehicle=1).in_words == "unknown"
    unstated = with_facts(van(), {"purchase.basis_parts": None, "purchase.basis": None})
    forms = filled(ReturnVehicle(claim=unstated, credit="45W"))
    assert forms.line("22", form=A, vehicle=1).in_words == "unknown"
    assert str(forms.line("24", form=A, vehicle=1).amount) == "0 to 7,500"


def test_a_transfer_that_is_void():
    """The credit stayed with the buyer, so that nothing was transferred and nothing is repaid."""
    claim = new_car()
    void = attrs.evolve(at_the_dealer(claim), dealer_registered=False)
    forms = filled(ReturnVehicle(claim=claim, business_use_percent=0, transfer=void))
    asked = {each.line: each.in_words for each in forms.lines if each.vehicle}
    assert asked["4a"] == "no"
    assert not {"4a, amount", "4b"} & set(asked)
    assert asked["12"] == "$7,500"


def test_the_form_of_2026_was_not_seen():
    """A vehicle acquired in time and placed in service in 2026: the lines of 2025, marked."""
    bought, contents = date(2025, 9, 20), ("critical_mineral", "battery_component")
    facts = {f"vehicle__battery__certified_{each}_content": Decimal(75) for each in contents}
    claim = with_facts(new_car(bought, **facts), {"purchase.placed_in_service": date(2026, 1, 9)})
    forms = filled(ReturnVehicle(claim=claim, business_use_percent=0), year=2026)
    of_2025 = filled(ReturnVehicle(claim=new_car(bought), business_use_percent=0), year=2025)
    assert [each.line for each in forms.lines] == [each.line for each in of_2025.lines]
    assert {each.verified for each in forms.lines} == {False}
    assert "form of 2026 not seen: the lines are those of the form of 2025" in forms.warnings
    assert str(forms.line("9", form="Schedule A", vehicle=1).amount) == "7,500"


def test_parts_are_whole_cents_and_add_up():
    """A third of $7,500 is no fraction of a cent."""
    forms = filled(ReturnVehicle(claim=new_car(), business_use_percent="33.3333"))
    business = forms.line("11", form="Schedule A", vehicle=1).amount.lower
    personal = forms.line("12", form="Schedule A", vehicle=1).amount.lower
    assert (business, personal) == (Decimal("2500.00"), Decimal("5000.00"))
