"""Form 8936 and its Schedules A against worksheets filled in by hand.

Each worksheet is written out with its reasoning and was computed with pencil and paper from the
lines of the forms, apart from the package.
"""

from datetime import date
from decimal import Decimal

import pytest
from tests.commercial import business_claim
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

from evcredit import Bounds, CleanVehicleReturn, Taxpayer, TaxYear, Verdict, fill_forms, with_facts
from evcredit.facts import IncomeParts, TaxReturn, VehicleBasis
from evcredit.forms import ReturnVehicle
from evcredit.forms.lines import form_is_seen, form_years, lines_of

A = "Schedule A"

# -- one return with everything, 2025 ------------------------------------------------------

# Single. 2025: adjusted gross income 70,000; 2024: 80,000; nothing excluded in either year.
#
# Vehicle 1, new: the manufacturer certifies both contents above 60 percent, so 3,750 + 3,750.
#   Line 8c: the income of 2025 is not above 150,000, so line 8d is passed over.
#   40 percent business use: 7,500 x 40 % = 3,000, rest 4,500.
# Vehicle 2, used, for 12,900: 30 percent are 3,870, less than 4,000. The limit is 75,000: the
#   income of 2025 is below it, so no one requires that of 2024 (line 13c is passed over).
# Vehicle 3, a van of 9,500 pounds for the business: 40,000 less 20,000 under section 179 leave
#   20,000; no engine, so 30 percent: 6,000. The published incremental cost is 7,500, the lesser
#   of the two 6,000, and below the 7,500 for such a weight.
# Vehicle 4, new, credit of 7,500 transferred. The income allows it, so line 8c ends the schedule:
#   nothing is to be repaid, and nothing is left to claim.
#
# Tax 7,000, other personal credits 600. The used vehicle comes first: 7,000 - 600 = 6,400 are
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
        "4a, amount": 7_500,
        "4b": False,
        "5": True,
        "8a": False,
        "8b": True,
        "8c": False,
    },
]


def plain(line):
    """What is on a line, as the worksheets write it."""
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
    assert bearing(forms) == ()


def test_where_the_credits_of_the_whole_return_go():
    """7,500 + 3,870 + 6,000 on the return, 7,500 with the dealer, 250 from a partnership."""
    forms = fill_forms(whole_return())
    assert [str(line.amount) for line in forms.account] == [
        "17,370",
        "9,000",  # 3,000 and 6,000; the 250 that came through are another's
        "6,400",
        "1,970",
        "7,500",
        "0",
        "250",
        "250",
    ]


def test_every_line_was_seen():
    """In every year, but for where the lines of the owners stand and the columns of 2012."""
    assert {each.verified for each in fill_forms(whole_return()).lines} == {True}
    doubtful = {
        (place.form, place.line, year)
        for year in form_years()
        for scope in ("return", "vehicle")
        for place in lines_of(year, scope)
        if form_is_seen(year) and year not in place.verified and place.form != "Schedule K"
    }
    columns = ["7", "8", "9", "10", "11", "16", "17", "18"]
    assert doubtful == {("Form 8936, column of a vehicle", line, 2012) for line in columns}


def test_a_credit_of_nothing_is_marked_where_the_schedule_goes_on():
    """A price above the limit is nothing the schedule requires: the seller report shows it."""
    dear = ReturnVehicle(claim=new_car(vehicle__msrp=Decimal(80_001)), business_use_percent=40)
    lines = {each.line: each for each in returned(dear).lines if each.vehicle}
    assert [plain(lines[line]) for line in ("9", "10", "11", "12")] == [0, 40, 0, 0]
    assert [lines[line].verified for line in ("9", "10", "11", "12")] == [False, True, False, False]


# -- the same with an income above every limit ---------------------------------------------


# 180,000 and 175,000 are above 150,000 and above 75,000. No credit for vehicles 1 and 2; the
# commercial one has no limit. The transferred 7,500 are added to the tax on Schedule 2, line 1b.
def test_an_income_above_the_limits():
    """Nothing but the commercial credit is left, and 7,500 are owed.

    Whoever has a credit passed through for a new vehicle is tested too (26 CFR 1.30D-4).
    """
    forms = fill_forms(whole_return(single(180_000, 175_000)))
    for line, amount in {
        "6": 0,
        "7": 0,
        "8": 0,
        "9": 0,
        "13": 0,
        "14": 0,
        "18": 0,
        "21": 6_000,
    }.items():
        assert plain(forms.line(line)) == amount, line
    assert plain(forms.line("1b", form="Schedule 2")) == 7_500
    assert plain(forms.line("8c", form=A, vehicle=4)) is True
    assert plain(forms.line("8d", form=A, vehicle=4)) is True
    assert plain(forms.line("4b", form=A, vehicle=4)) is True
    last = {each.vehicle: each.line for each in forms.lines if each.vehicle}
    assert last == {1: "8d", 2: "13c", 3: "26", 4: "8d"}


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
    assert str(forms.forfeited) == "700"


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
    assert str(forms.forfeited) == "1,500"


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
    assert plain(forms.line("4b", form=A, vehicle=1)) is True
    assert forms.lines[-1].line == "8a"


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
        vehicle__vin="1G4AH59H3N0118341",
        vehicle__battery__capacity_kwh=Decimal("8.8"),
    )
    forms = returned(
        ReturnVehicle(claim=claim, business_use_percent=20), tax=1_500, other=100, year=2022
    )
    column = {each.line: plain(each) for each in forms.lines if each.vehicle == 1}
    assert column == {
        "1": "2022 Toyota Example",
        "2": "1G4AH59H3N0118341",
        "3": "2022-11-15",
        "4a": 4_502,
        "4b": 50,
        "4c": 2_251,
        "5": 20,
        "6": Decimal("450.20"),
        "11": Decimal("450.20"),
        "15": Decimal("1800.80"),
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
    assert str(forms.forfeited) == "400.80"


def test_two_wheels_on_the_form_of_2022():
    """Acquired in 2021: 10 percent of a cost of 13,995, all personal, so Part II is left blank."""
    claim = motorcycle(13_995, date(2021, 12, 30), placed_in_service=date(2022, 1, 10))
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=0), year=2022)
    column = {each.line: plain(each) for each in forms.lines if each.vehicle == 1}
    assert list(column) == ["1", "2", "3", "4a", "4b", "4c", "15", "16", "17", "18"]
    assert (column["4a"], column["4b"], column["4c"]) == (13_995, 100, 13_995)
    assert (column["15"], column["17"]) == (13_995, 2_500)
    assert column["16"] == column["18"] == Decimal("1399.50")
    assert "12" not in {each.line for each in forms.lines}


# A motorcycle for 30,000, four tenths of it for business, of which 2,000 were deducted under
# section 179. Business: 12,000 less 2,000, of which 10 percent are 1,000. The rest of the cost is
# 18,000, 10 percent 1,800; of the 2,500 only 1,500 are left. By use of the whole credit the parts
# would be 1,000 and 1,500 too; with 10,000 deducted (200 and 1,800) they would not.
@pytest.mark.parametrize(
    ("deducted", "expected"),
    [
        (2_000, [12_000, 2_000, 10_000, 1_000, 2_500, 1_000, 18_000, 1_800, 1_500, 1_500]),
        (10_000, [12_000, 10_000, 2_000, 200, 2_500, 200, 18_000, 1_800, 2_300, 1_800]),
        (20_000, [12_000, 20_000, 0, 0, 2_500, 0, 18_000, 1_800, 2_500, 1_800]),
    ],
)
@pytest.mark.parametrize("year", [2012, 2013, 2015, 2018, 2021])
def test_two_wheels_for_business(year, deducted, expected):
    """Lines 6 to 11 and 15 to 18."""
    claim = motorcycle(
        30_000,
        date(year, 5, 3),
        purchase__basis_parts=VehicleBasis(cost=30_000, section_179_deduction=deducted),
    )
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=40), year=year)
    column = {each.line: plain(each) for each in forms.lines if each.vehicle == 1}
    lines = ["6", "7", "8", "9", "10", "11", "15", "16", "17", "18"]
    assert [column[line] for line in lines] == expected
    assert [plain(forms.line(line)) for line in ("12", "19")] == [expected[5], expected[9]]
    assert str(forms.own_credits) == f"{expected[5] + expected[9]:,}"


# -- the forms of 2010 to 2021 -------------------------------------------------------------

# A Nissan of 24 kWh: 2,500 + 417 x 20 is above 7,500, so 7,500. 40 percent business are 3,000.
# Tax 5,000 less 800 leave 4,200 for the other 4,500; 300 are lost. What stands where:
LINES_BY_YEAR = {
    2010: ("3", "5", "9", ["6", "7", "8", "10", "11", "12", "13", "14"], "53"),
    2011: ("4", "6", "10", ["7", "8", "9", "11", "12", "13", "14", "15"], "53"),
    2012: ("4", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "53"),
    2013: ("4", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "53"),
    2014: ("4", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "54"),
    2017: ("4", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "54"),
    2018: ("4c", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "54"),
    2019: ("4c", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "6"),
    2020: ("4c", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "6"),
    2021: ("4c", "11", "18", ["12", "13", "14", "19", "20", "21", "22", "23"], "6f"),
}


@pytest.mark.parametrize("year", LINES_BY_YEAR)
def test_the_forms_before_2022(year):
    """The credit, its parts, the totals, and where they go."""
    claim = new_car(
        date(year, 9, 1), vehicle__make="Nissan", vehicle__battery__capacity_kwh=Decimal(24)
    )
    vehicle = ReturnVehicle(claim=claim, business_use_percent=40)
    forms = returned(vehicle, tax=5_000, other=800, year=year)
    whole, business, personal, totals, last = LINES_BY_YEAR[year]
    column = {each.line: plain(each) for each in forms.lines if each.vehicle == 1}
    assert [column[line] for line in (whole, business, personal)] == [7_500, 3_000, 4_500]
    amounts = [plain(forms.line(line)) for line in totals]
    assert amounts == [3_000, 0, 3_000, 4_500, 5_000, 800, 4_200, 4_200]
    assert plain(forms.line("1y", form="Form 3800")) == 3_000
    where = "Form 1040" if year < 2018 else "Schedule 3"
    assert plain(forms.line(last, form=where)) == 4_200
    assert str(forms.forfeited) == "300"


def test_few_wheels_had_no_place_before_2012():
    """The law of 2010 and 2011 did not know them (another form did), and neither did the form."""
    for year in (2010, 2011):
        claim = motorcycle(30_000, date(year, 5, 3))
        forms = returned(ReturnVehicle(claim=claim, business_use_percent=0), year=year)
        assert forms.assessments[0].verdict is Verdict.NOT_MET
        assert not any(each.key.startswith("two_or_three_wheels") for each in forms.lines)


def test_an_unknown_deduction_of_a_vehicle_with_few_wheels():
    """It is not nothing: of 1,200 and 1,800 the first may be lost, and it is named."""
    claim = motorcycle(30_000, date(2018, 5, 3))
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=40), year=2018)
    assert str(forms.line("12").amount) == "0 to 1,200"
    assert str(forms.line("19").amount) == "1,300 to 1,800"
    assert str(forms.own_credits) == "1,800 to 2,500"
    assert bearing(forms) == ("vehicles[0].claim.purchase.basis_parts.section_179_deduction",)


def test_wheels_that_are_not_known():
    """Two or four: 10 percent of the cost, or 2,500 + 417 + 417 x 9.4, to the dollar 6,837."""
    claim = motorcycle(30_000, date(2018, 5, 3), vehicle__wheels=None)
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=0), year=2018)
    assert forms.line("18", form="Form 8936, column", vehicle=1).amount.upper == 6_837
    assert str(forms.own_credits) == "0 to 6,837"
    assert "vehicles[0].claim.vehicle.wheels" in forms.missing()


# -- the form of 2023 ----------------------------------------------------------------------

# In 2023 Schedule A requested no income, no resale and no transfer, but whether the vehicle was
# used abroad (line 4), whether a used one ran on a fuel cell (13d), and nothing of the weight.
ASKED_IN_2023 = {
    "30D": {"4": False, "5": True, "8": True, "9": 7_500, "10": 100, "11": 7_500},
    "25E": {
        "4": False,
        "6": True,
        "13a": False,
        "13b": True,
        "13c": False,
        "13d": False,
        "14": 12_900,
        "15": 3_870,
        "16": 4_000,
        "17": 3_870,
    },
    "45W": {
        "4": False,
        "7": True,
        "18a": True,
        "18b": True,
        "18c": False,
        "19": 40_000,
        "20": 20_000,
        "21": 20_000,
        "22": 6_000,
        "23": 7_500,
        "24": 6_000,
        "25": 7_500,
        "26": 6_000,
    },
}


def test_schedule_a_of_2023():
    """All of a new vehicle is for business, so its schedule ends before the personal part."""
    day = date(2023, 6, 1)
    forms = returned(
        ReturnVehicle(claim=new_car(day), business_use_percent=100),
        ReturnVehicle(claim=used_car(day=day), credit="25E"),
        ReturnVehicle(claim=van(day=day), credit="45W"),
        year=2023,
    )
    for number, expected in enumerate(ASKED_IN_2023.values(), 1):
        found = {each.line: plain(each) for each in forms.lines if each.vehicle == number}
        named = ("1a", "1b", "1c", "2", "3")
        assert {line: value for line, value in found.items() if line not in named} == expected
    assert not any(each.form.startswith("Schedule 2") for each in forms.lines)
    assert plain(forms.line("5")) == 70_000


# -- where a schedule ends -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "credit", "facts", "last"),
    [
        (2023, "30D", {"purchase.used_predominantly_outside_us": True}, "4"),
        (2023, "30D", {"purchase.original_use_begins_with_taxpayer": False}, "5"),
        (2024, "30D", {"purchase.original_use_begins_with_taxpayer": False}, "5"),
        (2025, "30D", {"purchase.first_payment_date": date(2025, 10, 1)}, "5"),
        (2025, "30D", {"purchase.resold_on": date(2025, 10, 20)}, "8a"),
        (2023, "25E", {"vehicle.model_year": Decimal(2022)}, "6"),
        (2023, "25E", {"purchase.sale_price": Decimal(25_001)}, "13a"),
        (2023, "25E", {"purchase.for_use_or_lease": False}, "13b"),
        (2023, "25E", {"taxpayer.dependent_of_another": True}, "13c"),
        (2024, "25E", {"purchase.sale_price": Decimal(25_001)}, "13e"),
        (2024, "25E", {"purchase.for_use_or_lease": False}, "13f"),
        (2025, "25E", {"taxpayer.dependent_of_another": True}, "13g"),
        (2023, "30D", {"purchase.for_use_or_lease": False}, "8"),
        (2025, "30D", {"purchase.for_use_or_lease": False}, "8e"),
        (2023, "45W", {"vehicle.clean_air_act_motor_vehicle": False}, "7"),
        (2023, "45W", {"purchase.depreciable": False}, "18a"),
        (2024, "45W", {"purchase.depreciable": False}, "18b"),
        (2023, "45W", {"purchase.for_use_or_lease": False}, "18b"),
        (2024, "45W", {"purchase.for_use_or_lease": False}, "18c"),
    ],
)
def test_where_a_schedule_ends(year, credit, facts, last):
    """At the answer that takes the credit away; nothing of the vehicle reaches a total."""
    day = date(year, 9, 30) if year == 2025 else date(year, 6, 3)
    claim = {"30D": new_car, "25E": used_car, "45W": van}[credit](day=day)
    late = {"purchase.placed_in_service": date(2025, 10, 9)} if year == 2025 else {}
    vehicle = ReturnVehicle(
        claim=with_facts(claim, {**late, **facts}),
        credit=credit,
        business_use_percent=0 if credit == "30D" else None,
    )
    forms = returned(vehicle, year=year)
    assert forms.lines[-1].line == last
    assert forms.assessments[0].verdict is Verdict.NOT_MET
    assert {str(forms.line(line).amount) for line in ("6", "9", "14", "19")} == {"0"}


def test_a_taxpayer_that_is_no_individual_is_asked_for_no_income():
    """Line 8b leads to line 8e."""
    claim = new_car(date(2024, 6, 3), Taxpayer(kind="corporation"))
    forms = returned(ReturnVehicle(claim=claim, business_use_percent=100), year=2024)
    asked = [each.line for each in forms.lines if each.vehicle and each.line[0] == "8"]
    assert asked == ["8a", "8b", "8e"]


def test_the_election_of_2022():
    """Possession in 2023 under a contract of July 2022 belongs on the form of 2022, as of the
    day before enactment."""
    claim = new_car(
        date(2023, 2, 1),
        purchase__contract_date=date(2022, 7, 30),
        purchase__first_payment_date=date(2022, 7, 30),
        purchase__elects_transition_rule=True,
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
