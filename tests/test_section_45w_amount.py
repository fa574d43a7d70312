"""26 USC 45W(b): the amount."""

from datetime import date
from decimal import Decimal

import pytest
from tests.commercial import business_claim

from evcredit import (
    Bounds,
    CreditTransfer,
    InvalidFactError,
    Verdict,
    assess,
    assess_transfer,
    compare,
    current_law,
    with_facts,
)
from evcredit.algebra.quantity import quantity
from evcredit.facts import VehicleBasis
from evcredit.io import claim_from_json, claim_to_json
from evcredit.law import ModeledVehicle
from evcredit.law.incremental_cost import ResidualClass
from evcredit.section_45w.published import published_cost, residual_percent

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()


def credit(law=LAW, **facts):
    return assess(business_claim(**facts), law=law, credit="45W")


def amount(law=LAW, **facts):
    return str(credit(law, **facts).credit)


# -- the percentage of the basis -----------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "engine", "expected"),
    [
        (24_000, False, "7,200"),
        (25_000, False, "7,500"),
        ("24999.98", False, "7,499.99"),
        ("24999.99", False, "7,500"),  # 7,499.997, to the nearest cent
        (52_000, False, "7,500"),
        (48_000, True, "7,200"),
        (50_000, True, "7,500"),
        (0, False, "0"),
        (24_000, None, "3,600 to 7,200"),
        (Bounds(10_000, 20_000), False, "3,000 to 6,000"),
        (None, False, "0 to 7,500"),
        (Bounds(20_000, Decimal("Infinity")), False, "6,000 to 7,500"),
    ],
)
def test_thirty_or_fifteen_percent_of_the_basis(basis, engine, expected):
    """(b)(1)(A): half as much if gasoline or diesel powers it too."""
    facts = {"purchase__basis": basis, "vehicle__gasoline_or_diesel_engine": engine}
    assert amount(**facts, vehicle__compact_car=False) == expected


@pytest.mark.parametrize(
    ("basis", "verdict"),
    [("0.01", NOT_MET), ("0.02", MET), (0, NOT_MET), (None, UNKNOWN), (1, MET)],
)
def test_an_amount_that_rounds_to_nothing_is_none(basis, verdict):
    """30 percent of a cent is no cent; the rule and the credit say the same."""
    result = credit(purchase__basis=basis)
    assert result.verdict is result.finding.verdict is verdict
    assert result.find("some_amount").verdict is verdict


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(13_999, "7,500"), ("13999.99", "7,500"), (14_000, "40,000"), (None, "7,500 to 40,000")],
)
def test_the_limit_goes_by_weight(weight, expected):
    """(b)(4): 14,000 pounds belong to the heavy vehicles."""
    facts = {"purchase__basis": 457_000, "vehicle__gross_vehicle_weight_rating_lb": weight}
    law = LAW.with_incremental_cost("class 4 to 5, battery electric", 90_000, year=2024, why="test")
    for kind in (
        "class 6",
        "class 7 to 8 without a tractor cab",
        "class 8 with a day or sleeper cab",
    ):
        law = law.with_incremental_cost(f"{kind}, battery electric", 90_000, year=2024, why="test")
    assert amount(law, **facts) == expected


# -- the incremental cost ------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2023-02-01", "2024-06-03", "2025-06-03", "2026-06-03"])
def test_published_for_light_vehicles(day):
    """7,500 dollars each year, so it never binds."""
    contract = min(day, "2025-09-30")
    facts = {
        "purchase__contract_date": contract,
        "purchase__first_payment_date": contract,
        "purchase__placed_in_service": day,
    }
    assert amount(**facts) == "7,500"


COMPACT = {
    "vehicle__vehicle_class": "other vehicle",
    "vehicle__gasoline_or_diesel_engine": True,
    "vehicle__compact_car": True,
    "purchase__contract_date": "2023-01-02",
    "purchase__first_payment_date": "2023-01-02",
}


@pytest.mark.parametrize(
    ("day", "facts", "expected"),
    [
        ("2023-02-01", {}, "7,000"),
        ("2024-06-03", {}, "7,000"),
        ("2025-06-03", {}, "0 to 7,500"),
        ("2024-06-03", {"vehicle__compact_car": False}, "7,500"),
        ("2024-06-03", {"vehicle__compact_car": None}, "7,000 to 7,500"),
        ("2024-06-03", {"vehicle__gasoline_or_diesel_engine": False}, "7,500"),
        ("2024-06-03", {"vehicle__vehicle_class": "van"}, "7,500"),  # no car
        ("2024-06-03", {"vehicle__vehicle_class": "van", "vehicle__compact_car": None}, "7,500"),
    ],
)
def test_compact_plug_in_hybrids(day, facts, expected):
    """7,000 dollars for 2023 and 2024; what there is for 2025 was not seen."""
    facts = {**COMPACT, "purchase__placed_in_service": day, **facts}
    assert amount(**facts, purchase__basis=100_000) == expected


HEAVY = {"purchase__basis": 400_000, "purchase__contract_date": "2023-01-02"}


@pytest.mark.parametrize(
    ("weight", "tractor", "kind"),
    [
        (14_000, None, "CLASS_4_TO_5"),
        (19_500, None, "CLASS_4_TO_5"),
        ("19500.01", None, "CLASS_6"),
        (26_000, None, "CLASS_6"),
        (26_001, None, "CLASS_7_TO_8"),
        (33_000, True, "CLASS_7_TO_8"),
        (33_001, False, "CLASS_7_TO_8"),
        (33_001, True, "CLASS_8_TRACTOR"),
        (80_000, False, "CLASS_7_TO_8"),
    ],
)
@pytest.mark.parametrize(
    ("engine", "fuel_cell", "motor"),
    [(False, False, "BATTERY"), (True, False, "HYBRID"), (False, True, "FUEL_CELL")],
)
def test_classes_of_heavy_vehicles(weight, tractor, kind, engine, fuel_cell, motor):
    """Each cell of the published table is read by the vehicles it is meant for, and no others."""
    facts = {
        **HEAVY,
        "vehicle__gross_vehicle_weight_rating_lb": weight,
        "vehicle__tractor_cab": tractor,
        "vehicle__gasoline_or_diesel_engine": engine,
        "vehicle__fuel_cell": fuel_cell,
    }
    own = ModeledVehicle[f"{kind}_{motor}"]
    law = LAW
    for each in ModeledVehicle:
        cost = 12_345 if each is own else 23_456
        law = law.with_incremental_cost(each, cost, year=2024, why="a test")
    assert amount(law, **facts) == "12,345"


@pytest.mark.parametrize(
    ("day", "engine", "expected"),
    [
        ("2023-06-03", False, "40,000"),
        ("2023-06-03", True, "40,000"),
        ("2024-06-03", False, "0 to 40,000"),
    ],
)
def test_the_two_amounts_of_class_8_that_are_held(day, engine, expected):
    """297,000 and 164,000 dollars for 2023, both above the limit."""
    facts = {
        **HEAVY,
        "purchase__first_payment_date": "2023-01-02",
        "purchase__placed_in_service": day,
        "vehicle__gross_vehicle_weight_rating_lb": 80_000,
        "vehicle__tractor_cab": True,
        "vehicle__gasoline_or_diesel_engine": engine,
    }
    assert amount(**facts) == expected


def test_what_is_not_held_is_open_and_says_so():
    """No number is made up; the reason and two ways out are reported, and no fact is needed."""
    result = credit(**HEAVY, vehicle__gross_vehicle_weight_rating_lb=20_000)
    assert (result.verdict, str(result.credit)) == (UNKNOWN, "0 to 40,000")
    assert result.missing() == ()
    (reason,) = result.undetermined
    assert reason.startswith("class 6, battery electric: the report of the Department of Energy")
    assert reason.endswith(
        "supply it with Law.with_incremental_cost, state purchase.incremental_cost, or state "
        "purchase.compares_prices and purchase.cost and purchase.comparable_vehicle_price"
    )
    assert "has an amount for this class that this package does not hold" in result.explain()


def test_stated_prices_and_an_amount_that_is_not_held():
    """The reason names what to state, and with it the prices decide."""
    facts = {
        **HEAVY,
        "vehicle__gross_vehicle_weight_rating_lb": 20_000,
        "purchase__cost": 150_000,
        "purchase__comparable_vehicle_price": 120_000,
    }
    (reason,) = credit(**facts).undetermined
    assert reason.endswith(
        "supply it with Law.with_incremental_cost, state purchase.incremental_cost, or state "
        "purchase.compares_prices"
    )
    assert amount(**facts, purchase__compares_prices=True) == "30,000"
    assert amount(**facts, purchase__incremental_cost=12_000) == "12,000"


# -- prices compared -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "comparable", "expected"),
    [
        (52_000, 46_000, "6,000"),
        (52_000, 44_500, "7,500"),
        (52_000, 52_000, "0"),
        (52_000, 60_000, "0"),
        (52_000, None, "0 to 7,500"),
        (None, 46_000, "0 to 7,500"),
        (52_000, Bounds(46_000, 48_000), "4,000 to 6,000"),
    ],
)
def test_the_excess_over_a_comparable_vehicle(price, comparable, expected):
    """(b)(2): for whoever would rather compare; a cheaper vehicle has no incremental cost."""
    facts = {"purchase__cost": price, "purchase__comparable_vehicle_price": comparable}
    assert amount(purchase__compares_prices=True, **facts) == expected
    assert amount(**facts) == "7,500"  # relying on what was published


def test_mobile_machinery_has_no_published_amount():
    """Only vehicles made for public roads do; so prices are needed."""
    facts = {"vehicle__mobile_machinery": True, "vehicle__made_for_public_roads": False}
    result = credit(**facts, purchase__cost=52_000)
    assert result.missing() == ("purchase.comparable_vehicle_price",)
    assert (
        amount(**facts, purchase__cost=52_000, purchase__comparable_vehicle_price=49_000) == "3,000"
    )
    both = credit(vehicle__mobile_machinery=True, vehicle__made_for_public_roads=None)
    assert str(both.credit) == "0 to 7,500"


def test_price_and_comparable_price_are_asked_for_together():
    """Either may settle that there is none, and both are needed to know the amount."""
    result = credit(purchase__compares_prices=True)
    prices = {"purchase.cost", "purchase.comparable_vehicle_price"}
    assert set(result.missing()) == prices
    assert frozenset(prices) in result.settling(MET)
    some = credit(purchase__compares_prices=True, purchase__cost=Bounds(50_000, 60_000))
    assert set(some.missing()) == prices


# -- vehicles that another placed in service before ----------------------------------------


USED = {
    "purchase__original_use_begins_with_taxpayer": False,
    "purchase__contract_date": "2025-03-01",
    "purchase__first_payment_date": "2025-03-01",
    "purchase__placed_in_service": "2025-03-03",
}


@pytest.mark.parametrize(
    ("model_year", "vehicle_class", "expected"),
    [
        (2023, "other vehicle", "4,125"),
        (2023, "sport utility vehicle", "4,500"),
        (2023, None, "4,125 to 4,500"),
        (2024, "van", "5,250"),
        (2025, "van", "5,625"),
        (2026, "van", "5,625"),  # an age below nothing is none
        (2022, "van", "0 to 7,500"),
        (None, "van", "0 to 7,500"),
    ],
)
def test_residual_value_by_age_and_class(model_year, vehicle_class, expected):
    """The amount of the model year, times what its age leaves."""
    facts = {"vehicle__model_year": model_year, "vehicle__vehicle_class": vehicle_class}
    assert amount(**USED, **facts) == expected


@pytest.mark.parametrize(
    ("weight", "tractor", "of"),
    [
        (14_000, None, ResidualClass.CLASS_4_TO_5),
        (26_000, None, ResidualClass.CLASS_6),
        (33_000, True, ResidualClass.CLASS_7_TO_8),
        (50_000, True, ResidualClass.CLASS_8_TRACTOR),
    ],
)
@pytest.mark.parametrize("age", [0, 1, 13, 14, 15, 30])
def test_residual_value_of_heavy_vehicles(weight, tractor, of, age):
    """By the rows of the table; the last represents every greater age."""
    law = LAW
    for each in ModeledVehicle:
        law = law.with_incremental_cost(each, 20_000, year=2025, why="a test")
    day = f"{2025 + age}-03-03"
    facts = {
        **USED,
        "purchase__placed_in_service": day,
        "purchase__basis": 400_000,
        "vehicle__gross_vehicle_weight_rating_lb": weight,
        "vehicle__tractor_cab": tractor,
        "vehicle__model_year": 2025,
    }
    percent = LAW.residual_value_percent.on(date(2025, 1, 1))[of][min(age, 14)]
    assert amount(law, **facts) == f"{200 * percent:,}"


def test_residual_values_never_grow_with_age():
    """And there are as many in each class."""
    for _, rows, _ in LAW.residual_value_percent.on(date(2025, 1, 1)).rows:
        assert len(rows) == 15
        assert list(rows) == sorted(rows, reverse=True)


def test_the_model_year_is_asked_for_of_a_used_vehicle_alone():
    """Of a new one it is for the reader."""
    assert credit(vehicle__model_year=None).missing() == ()
    result = credit(**USED, vehicle__model_year=None)
    assert result.missing() == ("vehicle.model_year",)
    assert result.settling(MET) == (frozenset({"vehicle.model_year"}),)


def test_an_unknown_day_of_a_used_vehicle():
    """Its age is unresolved, and so are the years after the contract."""
    facts = {**USED, "purchase__placed_in_service": None, "vehicle__model_year": 2023}
    result = credit(**facts)
    assert (result.verdict, str(result.credit)) == (MET, "1,125 to 4,500")
    assert result.missing() == ("purchase.placed_in_service",)
    both = credit(**{**facts, "vehicle__model_year": None})
    assert set(both.missing()) == {"purchase.placed_in_service", "vehicle.model_year"}


def test_before_the_notice_of_2025_nothing_was_published_for_used_vehicles():
    """As known in 2024 the incremental cost of a used vehicle is unresolved."""
    law = LAW.known_on(date(2024, 12, 1))
    facts = {**USED, "purchase__placed_in_service": "2025-03-03", "vehicle__model_year": 2023}
    result = credit(law, **facts)
    assert str(result.credit) == "0 to 7,500"
    assert any("nothing had been published on vehicles" in each for each in result.undetermined)
    assert "nothing had been published on vehicles" in result.explain()


# -- the section as a whole ----------------------------------------------------------------


@pytest.mark.parametrize("acquired", [None, "2022-11-01"])
def test_days_before_2023(acquired):
    """P.L. 117-169 sec. 13403(c): it applies to vehicles acquired after 2022, so to no earlier."""
    days = dict.fromkeys(("purchase__contract_date", "purchase__first_payment_date"), acquired)
    result = credit(**days, purchase__placed_in_service="2022-12-31")
    assert (result.verdict, str(result.credit), result.missing()) == (NOT_MET, "0", ())
    assert result.reason == "commercial_acquired_late_enough"
    assert result.warnings[0].startswith("section 45W applies from 2023-01-01 on (P.L. 117-169 s")
    first = credit(**dict.fromkeys(days, "2023-01-01"), purchase__placed_in_service="2023-01-01")
    assert (first.verdict, first.warnings) == (MET, ())


def test_an_unknown_day_in_service_after_a_known_contract():
    """Whenever it is delivered, the amount is the same."""
    result = credit(purchase__placed_in_service=None)
    assert (result.verdict, str(result.credit), result.missing()) == (MET, "7,500", ())
    open_end = credit(
        purchase__placed_in_service=None,
        purchase__contract_date=None,
        purchase__first_payment_date=None,
    )
    # Of a vehicle whose contract and payment are known, the delivery would change nothing.
    assert open_end.verdict is UNKNOWN
    assert set(open_end.missing()) == {"purchase.contract_date", "purchase.first_payment_date"}


def test_the_explanation_shows_the_account():
    """Each limb with its place, new and used, by prices, exact and not."""
    text = credit(vehicle__vehicle_class=None, **USED, vehicle__model_year=None).explain()
    for line in (
        "30 percent of a basis of $52,000: $15,600 [26 USC 45W(b)(1)(A)]",
        "incremental cost, not known exactly",
        "percent of it are left at an unknown age [26 CFR 1.45W-2(f)(3)]",
        "at most $7,500 for a vehicle of such a weight [26 USC 45W(b)(4)]",
    ):
        assert line in text
    prices = credit(
        purchase__basis=Bounds(50_000, 52_000),
        purchase__compares_prices=True,
        purchase__cost=52_000,
        vehicle__gasoline_or_diesel_engine=None,
    ).explain()
    for line in (
        "15 to 30 percent of a basis of between $50,000 and $52,000: not known exactly",
        "price of a comparable vehicle: unknown [26 USC 45W(b)(3)]",
        "what a price of $52,000 is above that: not known exactly [26 USC 45W(b)(2)]",
    ):
        assert line in prices
    used = credit(**USED, vehicle__model_year=2023).explain()
    assert "60 percent of it are left at an age of 2 years" in used


def test_the_lessee_is_told_who_claims():
    """The lease route leads through the lessor."""
    result = credit(purchase__leased_from_another=True, purchase__subject_to_lease=None)
    assert result.verdict is NOT_MET
    assert [each.code for each in result.reasons] == ["not_the_lessee"]
    told = "of a leased vehicle the lessor claims this credit; the lessee has no part in it"
    assert result.warnings == (told,)
    assert credit().warnings == ()


def test_a_supplied_amount_is_worth_something():
    """Two laws compared: what a number that is not covered is worth."""
    claim = business_claim(**HEAVY, vehicle__gross_vehicle_weight_rating_lb=20_000)
    law = LAW.with_incremental_cost("class 6, battery electric", 60_000, year=2024, why="a report")
    found = compare(claim, LAW, law, credit="45W")
    assert (str(found.before.credit), str(found.after.credit)) == ("0 to 40,000", "40,000")


def test_published_costs_begin_and_end_with_a_year():
    """They are looked up by the year, so every entry must cover whole years."""
    for day in LAW.modeled_incremental_cost.boundaries():
        assert (day.month, day.day) == (1, 1)


def test_what_published_numbers_are_made_of():
    """The quantity that picks them, and the schedule that they are in."""
    year = quantity(2024)
    cost, left = (
        published_cost(ModeledVehicle.LIGHT, year),
        residual_percent(ResidualClass.CLASS_6, year),
    )
    assert [getattr(each, "name", each) for each in cost.operands()] == [
        year,
        "modeled_incremental_cost",
    ]
    assert [getattr(each, "name", each) for each in left.operands()] == [
        year,
        "residual_value_percent",
    ]


def test_no_dealer_takes_the_commercial_credit_over():
    """26 USC 45W has no transfer; a tax-exempt user elects payment instead."""
    transfer = CreditTransfer.at_the_dealer(
        claim=business_claim(), payment=7500, elected_on="2024-06-03"
    )
    with pytest.raises(InvalidFactError, match="no dealer can take it over") as caught:
        assess_transfer(transfer, credit="45W")
    assert caught.value.path == "credit"


def test_a_business_claim_as_json():
    """Parts of the basis, flags and all come back as they were."""
    parts = VehicleBasis(cost=40_000, section_179_deduction=20_000)
    claim = business_claim(purchase__basis=None, purchase__basis_parts=parts)
    again = claim_from_json(claim_to_json(claim))
    assert again == claim
    assert amount_of_claim(again) == "6,000"


def amount_of_claim(claim):
    return str(assess(claim, credit="45W").credit)


def test_of_an_unknown_day_the_number_that_is_not_published_is_not_named():
    """For some of the days one may be."""
    claim = with_facts(
        business_claim(), {"purchase.placed_in_service": None, "purchase.basis": None}
    )
    result = assess(claim, credit="45W")
    assert not result.credit.is_exact
    assert result.undetermined == ()


def test_a_stated_cost_beside_compared_prices_is_said_to_override_them():
    """A price that is stated and not read is never passed over in silence."""
    facts = {
        "purchase__cost": 52_000,
        "purchase__comparable_vehicle_price": 46_000,
        "purchase__compares_prices": True,
    }
    assert credit(**facts).warnings == ()
    both = credit(**facts, purchase__incremental_cost=4_000)
    assert str(both.credit) == "4,000"
    (warning,) = both.warnings
    assert warning.startswith("purchase.incremental_cost overrides the prices")
