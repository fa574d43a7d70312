"""Form 8936 and its Schedules A against worksheets filled in by hand.

Each worksheet is written out with its reasoning and was worked out with pencil and paper from the
lines of the forms, apart from the package.
"""

from datetime import date
from decimal import Decimal

import pytest
from tests.commercial import business_claim
from tests.returns import at_the_dealer, new_car, single, used_car, whole_return

from evcredit import (
    Bounds,
    CleanVehicleReturn,
    IncomeParts,
    ReturnVehicle,
    TaxReturn,
    TaxYear,
    Verdict,
    fill_forms,
    with_facts,
)

A = "Schedule A"

# -- one return with everything, 2025 ------------------------------------------------------

# Single. 2025: adjusted gross income 70,000; 2024: 80,000; nothing excluded in either year.
#
# Vehicle 1, new: the manufacturer certifies both contents above 60 percent, so 3,750 + 3,750.
#   Both incomes are below 150,000. 40 percent business use: 7,500 x 40 % = 3,000, rest 4,500.
# Vehicle 2, used, for 12,900: 30 percent are 3,870, less than 4,000. The limit is 75,000: the
#   income of 2025 is below it, that of 2024 is not; one year is enough.
# Vehicle 3, a van of 9,500 pounds for the business: 40,000 less 20,000 under section 179 leave
#   20,000; no engine, so 30 percent: 6,000. The published incremental cost is 7,500, the lesser
#   of the two 6,000, and below the 7,500 for such a weight.
# Vehicle 4, new, credit of 7,500 transferred; the income allows it, nothing is to be repaid,
#   and nothing is left to claim.
#
# Tax 7,000, other personal credits 600. The used vehicle goes first: 7,000 - 600 = 6,400 are
# left, 3,870 are allowed. For the new vehicle 7,000 - (600 + 3,870) = 2,530 are left: of 4,500
# only these are allowed, and 1,970 are lost. A partnership passes 250 of business credit through:
# 3,000 + 250 = 3,250.
FORM_8936 = {
    "1a": 70_000,
    "1b": 0,
    "1c": 0,
    "1d": 0,
    "1e": 0,
    "2": 70_000,
    "3a": 80_000,
    "3b": 0,
    "3c": 0,
    "3d": 0,
    "3e": 0,
    "4": 80_000,
    "5": "single",
    "6": 3_000,
    "7": 250,
    "8": 3_250,
    "9": 4_500,
    "10": 7_000,
    "11": 4_470,
    "12": 2_530,
    "13": 2_530,
    "14": 3_870,
    "15": 7_000,
    "16": 600,
    "17": 6_400,
    "18": 3_870,
    "19": 6_000,
    "20": 0,
    "21": 6_000,
}
ELSEWHERE = {
    ("Form 3800, Part III", "1y"): 3_250,
    ("Form 3800, Part III", "1aa"): 6_000,
    ("Schedule 3 (Form 1040)", "6f"): 2_530,
    ("Schedule 3 (Form 1040)", "6m"): 3_870,
    ("Schedule 2 (Form 1040)", "1b"): 0,
    ("Schedule 2 (Form 1040)", "1c"): 0,
}
SCHEDULES_A = [
    {
        "1a": "2025",
        "1b": "Example",
        "1c": "Crossover",
        "2": "unknown",
        "3": "2025-03-03",
        "4a": False,
        "5": True,
        "8a": False,
        "8b": True,
        "8c": False,
        "8d": False,
        "8e": True,
        "9": 7_500,
        "10": 40,
        "11": 3_000,
        "12": 4_500,
    },
    {
        "1a": "2022",
        "1b": "unknown",
        "1c": "unknown",
        "2": "unknown",
        "3": "2025-05-05",
        "4a": False,
        "6": True,
        "13a": False,
        "13b": False,
        "13c": True,
        "13d": False,
        "13e": False,
        "13f": True,
        "13g": False,
        "14": 12_900,
        "15": 3_870,
        "16": 4_000,
        "17": 3_870,
    },
    {
        "1a": "2024",
        "1b": "unknown",
        "1c": "unknown",
        "2": "unknown",
        "3": "2025-06-02",
        "4a": False,
        "7": True,
        "18a": "unknown",
        "18b": True,
        "18c": True,
        "18d": False,
        "18e": "9500 pounds",
        "19": 40_000,
        "20": 20_000,
        "21": 20_000,
        "22": 6_000,
        "23": 7_500,
        "24": 6_000,
        "25": 7_500,
        "26": 6_000,
    },
    {
        "1a": "2025",
        "1b": "Example",
        "1c": "Crossover",
        "2": "unknown",
        "3": "2025-09-01",
        "4a": True,
        "4b": 7_500,
        "5": True,
        "8a": False,
        "8b": True,
        "8c": False,
        "8d": False,
        "8e": True,
        "9": 0,
        "10": 0,
        "11": 0,
        "12": 0,
    },
]


def plain(line):
    """What stands on a line, as the worksheets write it."""
    if isinstance(line.value, Bounds):
        assert line.value.is_exact, line
        return line.value.lower
    if isinstance(line.value, Verdict) and line.value.known is not None:
        return line.value.known
    return line.in_words


def test_the_whole_return():
    """Every line of every form, and no other."""
    forms = fill_forms(whole_return())
    found = {(each.form, each.line, each.vehicle): plain(each) for each in forms.lines}
    expected = {("Form 8936", line, None): value for line, value in FORM_8936.items()}
    expected |= {(*place, None): value for place, value in ELSEWHERE.items()}
    expected |= {
        ("Schedule A (Form 8936)", line, number): value
        for number, schedule in enumerate(SCHEDULES_A, 1)
        for line, value in schedule.items()
    }
    assert found == expected
    assert forms.missing() == ()


def test_where_the_credits_of_the_whole_return_go():
    """7,500 + 3,870 + 6,000 on the return, 7,500 with the dealer."""
    forms = fill_forms(whole_return())
    assert [str(line.amount) for line in forms.account] == [
        "17370",
        "9000",  # 3,000 and 6,000; the 250 that came through are another's
        "6400",
        "1970",
        "7500",
        "0",
    ]


def test_lines_that_were_not_seen_are_marked():
    """In 2025 only those on which a transferred credit is left out; in 2024 every Schedule A."""
    lines = fill_forms(whole_return()).lines
    doubtful = [(each.vehicle, each.line) for each in lines if not each.verified]
    assert doubtful == [(4, "9"), (4, "11"), (4, "12")]
    vehicle = ReturnVehicle(claim=new_car(date(2024, 3, 3)), business_use_percent=0)
    lines = fill_forms(CleanVehicleReturn(tax_year=2024, vehicles=[vehicle])).lines
    assert {each.verified for each in lines if each.vehicle} == {False}
    assert {each.verified for each in lines if each.form == "Form 8936"} == {True}


# -- the same with an income above every limit ---------------------------------------------


# 180,000 and 175,000 are above 150,000 and above 75,000. No credit for vehicles 1 and 2; the
# commercial one has no limit. The transferred 7,500 are added to the tax on Schedule 2, line 1b.
def test_an_income_above_the_limits():
    """Nothing but the commercial credit and what is passed through is left, and 7,500 are owed."""
    forms = fill_forms(whole_return(single(180_000, 175_000)))
    for line, amount in {"6": 0, "8": 250, "9": 0, "13": 0, "14": 0, "18": 0, "21": 6_000}.items():
        assert plain(forms.line(line)) == amount, line
    assert plain(forms.line("1b", form="Schedule 2")) == 7_500
    assert plain(forms.line("8c", form=A, vehicle=4)) is True
    assert plain(forms.line("8d", form=A, vehicle=4)) is True
    assert plain(forms.line("17", form=A, vehicle=2)) == 0
    with pytest.raises(KeyError, match="line 15, vehicle 2"):
        forms.line("15", form=A, vehicle=2)


# -- short cases ---------------------------------------------------------------------------


def returned(*vehicles, tax=9_000, other=0, year=2025):
    return fill_forms(
        CleanVehicleReturn(
            tax_year=year,
            vehicles=vehicles,
            tax_return=TaxReturn(tax_before_credits=tax, other_personal_credits=other),
        )
    )


def test_one_year_within_the_limit_is_enough():
    """180,000 this year, 140,000 the year before, tax 9,000: all of it."""
    person = single(180_000, 140_000)
    forms = returned(ReturnVehicle(claim=new_car(taxpayer=person), business_use_percent=0))
    assert plain(forms.line("13")) == 7_500


def test_business_part_survives_want_of_tax():
    """7,500 at 40 percent business: 3,000 to Form 3800; of 4,500 with 3,800 tax 700 are lost."""
    forms = returned(ReturnVehicle(claim=new_car(), business_use_percent=40), tax=3_800)
    assert plain(forms.line("1y", form="Form 3800")) == 3_000
    assert plain(forms.line("13")) == 3_800
    assert str(forms.lost) == "700"


def test_used_before_new():
    """4,000 used and 7,500 new against 10,000: 4,000 and 6,000; 1,500 are lost."""
    forms = returned(
        ReturnVehicle(claim=new_car(), business_use_percent=0),
        ReturnVehicle(claim=used_car(20_000), credit="25E"),
        tax=10_000,
    )
    assert [plain(forms.line(line)) for line in ("18", "11", "12", "13")] == [
        4_000,
        4_000,
        6_000,
        6_000,
    ]
    assert str(forms.lost) == "1500"


def test_a_used_credit_transferred_and_repaid():
    """Income of 90,000 and 80,000 is above 75,000: the 3,870 go on Schedule 2, line 1c."""
    claim = with_facts(
        used_car(taxpayer=single(90_000, 80_000)), {"purchase.sale_date": date(2025, 5, 5)}
    )
    forms = returned(ReturnVehicle(claim=claim, credit="25E", transfer=at_the_dealer(claim, 3_870)))
    assert plain(forms.line("1c", form="Schedule 2")) == 3_870
    assert plain(forms.line("14")) == 0


def test_resold_within_thirty_days_after_a_transfer():
    """Line 8a stops, and the buyer repays what the dealer paid."""
    claim = new_car(purchase__resold_on=date(2025, 3, 20))
    forms = returned(
        ReturnVehicle(claim=claim, business_use_percent=0, transfer=at_the_dealer(claim))
    )
    assert plain(forms.line("8a", form=A, vehicle=1)) is True
    assert plain(forms.line("1b", form="Schedule 2")) == 7_500
    assert plain(forms.line("9", form=A, vehicle=1)) == 0


def test_income_abroad():
    """61,000 and 126,500 excluded are 187,500; the form of 2023 takes the lesser of two years."""
    abroad = IncomeParts(
        adjusted_gross_income=61_000,
        foreign_income_exclusion=126_500,
        foreign_housing_deduction=0,
        american_samoa_exclusion=0,
        puerto_rico_exclusion=0,
    )
    person = single(
        current_year=TaxYear(filing_status="single", income_parts=abroad), before=140_000
    )
    claim = new_car(date(2023, 6, 1), person)
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=0), year=2023)
    assert [plain(forms.line(line)) for line in ("1a", "1c", "2", "4", "5", "13")] == [
        61_000,
        126_500,
        187_500,
        140_000,
        140_000,
        7_500,
    ]


# -- the form before 2023 ------------------------------------------------------------------


# A Toyota of 8.8 kWh sold and placed in service on 15 November 2022: 2,500 + 417 + 417 x 3.8 is
# 4,501.60, to the dollar 4,502. Half of it is left in the fourth quarter of 2022: 2,251. Business
# use of 20 percent: 450.20; the rest is 1,800.80, and of the tax of 1,500 less 100 only 1,400 are
# left: 400.80 are lost.
def test_the_form_of_2022():
    """Column of the vehicle, totals, and where they go."""
    claim = new_car(
        date(2022, 11, 15),
        vehicle__make="Toyota",
        vehicle__model="Example",
        vehicle__model_year=Decimal(2022),
        vehicle__vin="1G4AH59H45G118341",
        vehicle__battery__capacity_kwh=Decimal("8.8"),
    )
    forms = returned(
        ReturnVehicle(claim=claim, business_use_percent=20), tax=1_500, other=100, year=2022
    )
    column = {each.line: plain(each) for each in forms.lines if each.vehicle == 1}
    assert column == {
        "1": "2022 Toyota Example",
        "2": "1G4AH59H45G118341",
        "3": "2022-11-15",
        "4a": 4_502,
        "4b": 50,
        "4c": 2_251,
        "5": 20,
        "11": Decimal("450.20"),
        "18": Decimal("1800.80"),
    }
    totals = {each.line: plain(each) for each in forms.lines if each.form == "Form 8936"}
    assert totals == {
        "12": Decimal("450.20"),
        "13": 0,
        "14": Decimal("450.20"),
        "19": Decimal("1800.80"),
        "20": 1_500,
        "21": 100,
        "22": 1_400,
        "23": 1_400,
    }
    assert plain(forms.line("6f", form="Schedule 3")) == 1_400
    assert str(forms.lost) == "400.8"


def test_two_wheels_on_the_form_of_2022():
    """Acquired in 2021: 10 percent of a cost of 13,995, all personal."""
    claim = new_car(
        date(2022, 1, 10),
        vehicle__wheels=Decimal(2),
        vehicle__top_speed_mph=Decimal(95),
        vehicle__battery__capacity_kwh=Decimal("14.4"),
        vehicle__gross_vehicle_weight_rating_lb=Decimal(900),
        purchase__cost=Decimal(13_995),
        purchase__sale_date=date(2021, 12, 30),
        purchase__title_date=date(2021, 12, 30),
        purchase__contract_date=date(2021, 12, 30),
        purchase__first_payment_date=date(2021, 12, 30),
    )
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=0), year=2022)
    column = {each.line: plain(each) for each in forms.lines if each.vehicle == 1}
    assert (column["4a"], column["4b"], column["4c"]) == (13_995, 100, 13_995)
    assert (column["11"], column["18"]) == (0, Decimal("1399.50"))


def test_the_election_of_2022():
    """Possession in 2023 under a contract of July 2022 belongs on the form of 2022, as of the
    day before enactment."""
    claim = new_car(
        date(2023, 2, 1),
        purchase__contract_date=date(2022, 7, 30),
        purchase__first_payment_date=date(2022, 7, 30),
        purchase__elects_binding_contract_rule=True,
        vehicle__final_assembly_country="JP",
        vehicle__make="Nissan",
    )
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=0), year=2022)
    assert plain(forms.line("3", form="Form 8936, column", vehicle=1)) == "2022-08-15"
    assert plain(forms.line("23")) == 7_500


# -- a business ----------------------------------------------------------------------------


def test_a_corporation_with_a_van():
    """No incomes; 7,500 on Form 3800."""
    claim = business_claim(taxpayer__kind="corporation", purchase__placed_in_service="2024-06-03")
    forms = returned(ReturnVehicle(claim=claim, credit="45W"), year=2024)
    assert plain(forms.line("1aa", form="Form 3800")) == 7_500
    with pytest.raises(KeyError):
        forms.line("2")
