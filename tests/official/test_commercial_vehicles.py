"""Worked cases of section 45W, and both sides of each of its boundaries.

The amounts were computed by hand from the statute, Notices 2023-9, 2024-5 and 2025-9, and the
table of residual values of 90 FR 3506; see docs/readings.md for what of the published amounts is
recalled. Everything is stated, so every case has one answer.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.commercial import business_claim

from evcredit import Bounds, Purchase, Verdict, assess, with_facts
from evcredit.facts import VehicleBasis

CAR, SPORT_UTILITY, VAN = "other vehicle", "sport utility vehicle", "van"
BATTERY = {"vehicle__gasoline_or_diesel_engine": False}
HYBRID = {"vehicle__gasoline_or_diesel_engine": True, "vehicle__compact_car": False}


def bought(day: str, basis: Any, **facts: Any) -> dict[str, Any]:
    return {
        "purchase__contract_date": day,
        "purchase__first_payment_date": day,
        "purchase__placed_in_service": day,
        "purchase__basis": basis,
        **facts,
    }


def by_lessor(day: str, basis: Any, **facts: Any) -> dict[str, Any]:
    lease = {"purchase__subject_to_lease": True, "purchase__true_lease": True}
    return bought(day, basis, **lease, **facts)


def used(year: int, model_year: int, basis: Any, **facts: Any) -> dict[str, Any]:
    second = {"purchase__original_use_begins_with_taxpayer": False}
    return bought(f"{year}-05-20", basis, vehicle__model_year=model_year, **second, **facts)


def heavy(weight: int, capacity: int) -> dict[str, Any]:
    return {
        "vehicle__gross_vehicle_weight_rating_lb": weight,
        "vehicle__battery__capacity_kwh": capacity,
        "vehicle__tractor_cab": True,
    }


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "1 battery car of a lessor": (
        by_lessor("2024-05-20", 45_000, vehicle__vehicle_class=CAR, **BATTERY),
        "7500",
    ),
    "2 plug-in hybrid of a lessor": (
        by_lessor("2024-05-20", 48_000, vehicle__vehicle_class=SPORT_UTILITY, **HYBRID),
        "7200",
    ),
    "3 the same for 50,000 dollars": (
        by_lessor("2024-05-20", 50_000, vehicle__vehicle_class=SPORT_UTILITY, **HYBRID),
        "7500",
    ),
    "4 battery van": (bought("2024-05-20", 24_000, vehicle__vehicle_class=VAN, **BATTERY), "7200"),
    "6 heavy battery tractor": (
        bought("2023-05-20", 457_000, **heavy(80_000, 900), **BATTERY),
        "40000",
    ),
    "7 heavy hybrid tractor": (
        bought("2023-05-20", 324_000, **heavy(80_000, 300), **HYBRID),
        "40000",
    ),
    "8 truck of 14,000 pounds with 12 kWh": (
        bought("2023-05-20", 100_000, **heavy(14_000, 12), **BATTERY),
        "0",
    ),
    "9 used car": (used(2025, 2023, 20_000, vehicle__vehicle_class=CAR, **BATTERY), "4125"),
    "10 used sport utility vehicle": (
        used(2025, 2023, 20_000, vehicle__vehicle_class=SPORT_UTILITY, **BATTERY),
        "4500",
    ),
    "11 compact hybrid car of a lessor": (
        by_lessor(
            "2024-05-20",
            49_000,
            vehicle__vehicle_class=CAR,
            **{**HYBRID, "vehicle__compact_car": True},
        ),
        "7000",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_worked_case(name: str) -> None:
    """The credit, exactly, and met or not as it is more than nothing."""
    facts, expected = CASES[name]
    result = assess(business_claim(**facts), credit="45W")
    assert result.credit == Bounds.exactly(Decimal(expected))
    assert result.verdict is Verdict.of(expected != "0")
    assert result.missing() == ()


def test_worked_case_5_with_a_deduction_under_section_179() -> None:
    """A battery van for 40,000 dollars of which 20,000 are deducted: 30 percent of the rest."""
    claim = business_claim(**bought("2024-05-20", None, vehicle__vehicle_class=VAN))
    parts = with_facts(
        claim,
        {"purchase.basis_parts": VehicleBasis(cost=40_000, section_179_deduction=20_000)},
    )
    assert str(assess(parts, credit="45W").credit) == "6,000"
    unknown = with_facts(claim, {"purchase.basis_parts": VehicleBasis(cost=40_000)})
    assert str(assess(unknown, credit="45W").credit) == "0 to 7,500"


@pytest.mark.parametrize(
    ("weight", "capacity", "expected"),
    [
        (13_999, "6.99", "0"),
        (13_999, 7, "7,500"),
        (13_999, "14.9", "7,500"),
        (13_999, 15, "7,500"),
        (14_000, 7, "0"),
        (14_000, "14.9", "0"),
        (14_000, 15, "open"),
    ],
)
def test_weight_and_capacity(weight: int, capacity: Any, expected: str) -> None:
    """7 kWh below 14,000 pounds and 15 from there; what was published from there is not covered."""
    facts = bought(
        "2024-05-20",
        100_000,
        vehicle__gross_vehicle_weight_rating_lb=weight,
        vehicle__battery__capacity_kwh=capacity,
    )
    result = assess(business_claim(**facts), credit="45W")
    if expected == "open":
        assert str(result.credit) == "0 to 30,000"
        assert len(result.undetermined) == 1
    else:
        assert str(result.credit) == expected


@pytest.mark.parametrize(
    ("engine", "basis", "expected"),
    [
        (False, 25_000, "7,500"),
        (False, "24999.97", "7,499.99"),
        (True, 50_000, "7,500"),
        (True, "49999.93", "7,499.99"),
    ],
)
def test_the_basis_that_gives_the_whole_amount(engine: bool, basis: Any, expected: str) -> None:
    """25,000 dollars at 30 percent, 50,000 at 15."""
    rate = HYBRID if engine else BATTERY
    result = assess(business_claim(**bought("2024-05-20", basis, **rate)), credit="45W")
    assert str(result.credit) == expected


@pytest.mark.parametrize(
    ("engine", "basis", "expected"),
    [
        (False, "133333.31", "39,999.99"),
        (False, "133333.34", "40,000"),
        (True, "266666.60", "39,999.99"),
        (True, "266666.67", "40,000"),
    ],
)
def test_the_basis_of_a_heavy_vehicle(engine: bool, basis: Any, expected: str) -> None:
    """Above it the limit of 40,000 dollars binds."""
    rate = HYBRID if engine else BATTERY
    facts = bought("2023-05-20", basis, **heavy(80_000, 900), **rate)
    assert str(assess(business_claim(**facts), credit="45W").credit) == expected


@pytest.mark.parametrize(
    ("contract", "payment", "in_service", "expected"),
    [
        ("2022-12-31", "2022-12-31", "2023-01-03", "0"),
        ("2022-12-31", "2023-01-01", "2023-01-03", "7,500"),
        ("2025-09-30", "2025-09-30", "2026-02-10", "7,500"),
        ("2025-09-29", "2025-10-01", "2026-02-10", "0"),
        ("2025-10-01", "2025-10-01", "2025-10-01", "0"),
    ],
)
def test_first_and_last_day(contract: str, payment: str, in_service: str, expected: str) -> None:
    """Acquired after 2022 and not after 30 September 2025, by contract and payment."""
    claim = business_claim(
        purchase__contract_date=contract,
        purchase__first_payment_date=payment,
        purchase__placed_in_service=in_service,
    )
    assert str(assess(claim, credit="45W").credit) == expected


def test_a_leased_car_that_no_buyer_could_claim_for() -> None:
    """Any make, assembled anywhere, at any price: the lease route, and none for a buyer."""
    car = business_claim(
        vehicle__vehicle_class=CAR,
        vehicle__msrp=140_000,
        vehicle__final_assembly_country="Germany",
        vehicle__battery__components_from_foreign_entity_of_concern=True,
    )
    lessor = with_facts(
        car,
        {
            f"purchase.{name}": value
            for name, value in (("subject_to_lease", True), ("true_lease", True))
        },
    )
    assert str(assess(lessor, credit="45W").credit) == "7,500"
    assert assess(lessor, credit="30D").verdict is Verdict.NOT_MET
    lessee = with_facts(
        car, {"purchase.subject_to_lease": None, "purchase.leased_from_another": True}
    )
    assert assess(lessee, credit="45W").verdict is Verdict.NOT_MET


def test_a_city_with_a_mobile_crane() -> None:
    """A tax-exempt user depreciates nothing, is paid the credit, and compares prices."""
    crane = business_claim(
        vehicle__mobile_machinery=True,
        vehicle__made_for_public_roads=False,
        vehicle__clean_air_act_motor_vehicle=False,
        vehicle__gross_vehicle_weight_rating_lb=60_000,
        vehicle__battery__capacity_kwh=200,
        taxpayer__kind="tax-exempt or governmental user",
        purchase__depreciable=False,
        purchase__elective_payment_registered=True,
        purchase__basis=300_000,
        purchase__cost=300_000,
        purchase__comparable_vehicle_price=265_000,
    )
    assert str(assess(crane, credit="45W").credit) == "35,000"
    leased = with_facts(crane, {"purchase.subject_to_lease": True, "purchase.true_lease": True})
    assert assess(leased, credit="45W").verdict is Verdict.NOT_MET


def test_ready_made_purchases_reach_a_credit() -> None:
    """With the days and the basis nothing is missing."""
    days = dict.fromkeys(("contract_date", "first_payment_date", "placed_in_service"), "2024-05-20")
    for purchase in (Purchase.for_business, Purchase.by_lessor):
        claim = with_facts(business_claim(), {"purchase": purchase(basis=30_000, **days)})
        assert str(assess(claim, credit="45W").credit) == "7,500"
