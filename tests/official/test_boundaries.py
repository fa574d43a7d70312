"""On which side of each boundary the boundary itself lies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.strategies import known_claim

from evcredit import (
    Bounds,
    FilingStatus,
    OutsideCoverage,
    VehicleClass,
    Verdict,
    assess,
    find_listed,
    with_facts,
)

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
ACQUIRED = ("purchase.contract_date", "purchase.first_payment_date")


def claim(day: date, **facts: Any) -> Any:
    """The demonstration claim with facts by their last two names, joined by two underscores."""
    return with_facts(known_claim(day), {k.replace("__", "."): v for k, v in facts.items()})


def ruling(code: str, day: date = date(2024, 6, 3), **facts: Any) -> tuple[Verdict, Verdict]:
    """The verdict of one rule, and that of the whole."""
    result = assess(claim(day, **facts))
    return result.find(code).verdict, result.verdict


# -- amounts and coverage ------------------------------------------------------------------


def test_the_first_day_that_is_covered() -> None:
    """P.L. 111-5 sec. 1141(c): the text of 2009 governs what is acquired after 2009-12-31."""
    with pytest.raises(OutsideCoverage):
        assess(claim(date(2009, 12, 31)))
    assert assess(claim(date(2010, 1, 1))).credit == Bounds.exactly(7500)


@pytest.mark.parametrize(
    ("minerals", "components", "credit", "verdict"),
    [
        (39, 49, 0, NOT_MET),
        (40, 49, 3750, MET),
        (39, 50, 3750, MET),
        (40, 50, 7500, MET),
    ],
)
def test_two_amounts_each_all_or_nothing(
    minerals: int, components: int, credit: int, verdict: Verdict
) -> None:
    """26 USC 30D(b)(2), (3): $3,750 for each requirement that is satisfied, on 2023-04-18."""
    result = assess(
        claim(
            date(2023, 4, 18),
            vehicle__battery__certified_critical_mineral_content=minerals,
            vehicle__battery__certified_battery_component_content=components,
        )
    )
    assert (result.credit, result.verdict) == (Bounds.exactly(credit), verdict)


@pytest.mark.parametrize(
    ("day", "minerals", "components"),
    [
        (date(2023, 4, 18), 40, 50),
        (date(2023, 12, 31), 40, 50),
        (date(2024, 1, 1), 50, 60),
        (date(2024, 12, 31), 50, 60),
        (date(2025, 1, 1), 60, 60),
        (date(2025, 12, 31), 60, 60),
        (date(2026, 1, 1), 70, 70),
        (date(2026, 12, 31), 70, 70),
    ],
)
def test_applicable_percentages(day: date, minerals: int, components: int) -> None:
    """26 USC 30D(e)(1)(B), (2)(B): equal to the percentage is enough, a millionth less is not."""
    fine = Decimal("0.000001")
    for side, percent in (("critical_mineral", minerals), ("battery_component", components)):
        code = {"critical_mineral": "minerals", "battery_component": "components"}[side]
        fact = f"vehicle__battery__certified_{side}_content"
        for content, verdict in ((Decimal(percent), MET), (percent - fine, NOT_MET)):
            assert ruling(f"{code}_requirement", day, **{fact: content})[0] is verdict


@pytest.mark.parametrize("content", [0, 80, 100])
def test_no_percentage_is_left_after_2026(content: int) -> None:
    """P.L. 119-21 sec. 70502(b): the percentages for 2027 and later were struck; it stays open."""
    result = assess(
        claim(
            date(2027, 1, 1),
            vehicle__battery__certified_critical_mineral_content=content,
            vehicle__battery__certified_battery_component_content=content,
        )
    )
    assert result.verdict is UNKNOWN
    assert result.missing() == ()
    assert any("struck" in reason for reason in result.undetermined)


# -- the vehicle ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vehicle_class", "limit"),
    [
        (VehicleClass.VAN, 80_000),
        (VehicleClass.SPORT_UTILITY_VEHICLE, 80_000),
        (VehicleClass.PICKUP_TRUCK, 80_000),
        (VehicleClass.OTHER, 55_000),
    ],
)
def test_retail_price_equal_to_the_limit_passes(vehicle_class: VehicleClass, limit: int) -> None:
    """26 USC 30D(f)(11): "in excess of" the limit of the class; a cent more fails."""
    for price, verdict in ((Decimal(limit), MET), (limit + Decimal("0.01"), NOT_MET)):
        assert ruling(
            "msrp_within_limit",
            vehicle__vehicle_class=vehicle_class,
            vehicle__msrp=price,
        ) == (verdict, verdict)


@pytest.mark.parametrize(
    ("vehicle_class", "by_list", "verdict"),
    [
        ("sport utility vehicle", None, MET),
        ("other vehicle", None, NOT_MET),
        # The first list went by the classes of fuel economy standards, 55,000; the second by
        # those of the label, 80,000, and back to the first day of the year.
        (None, "L1a_2022-12-29_CAFE", UNKNOWN),
        (None, "L1b_2023-02-03_label", MET),
        (None, None, UNKNOWN),
    ],
)
def test_the_class_of_the_label_counts_back_to_the_first_of_january(
    vehicle_class: str | None, by_list: str | None, verdict: Verdict
) -> None:
    """Notice 2023-16: a Cadillac Lyriq at 62,000, placed in service on 15 January 2023."""
    rows = {row.list_id: row for row in find_listed(make="Cadillac", model="Lyriq")}
    bought = dict.fromkeys(ACQUIRED, date(2023, 1, 3))
    lyriq = {
        "vehicle.make": "Cadillac",
        "vehicle.model": "Lyriq",
        "vehicle.model_year": 2023,
        "vehicle.msrp": 62_000,
        "vehicle.vehicle_class": vehicle_class,
        "vehicle.battery.capacity_kwh": 102,
        "vehicle.listing": None if by_list is None else rows[by_list],
    }
    result = assess(with_facts(known_claim(date(2023, 1, 15)), {**bought, **lyriq}))
    assert (result.verdict, result.credit.lower) == (verdict, 7_500 if verdict is MET else 0)
    assert verdict is MET or result.reason == "msrp_within_limit"


@pytest.mark.parametrize(
    ("pounds", "verdict"),
    [("13999", MET), ("13999.999", MET), ("14000", NOT_MET), ("14000.001", NOT_MET)],
)
def test_weight_below_fourteen_thousand_pounds(pounds: str, verdict: Verdict) -> None:
    """26 USC 30D(d)(1)(E): less than 14,000 pounds; 14,000 itself fails."""
    assert ruling("gross_vehicle_weight", vehicle__gross_vehicle_weight_rating_lb=pounds) == (
        verdict,
        verdict,
    )


@pytest.mark.parametrize(
    ("kwh", "verdict"), [("6.999999", NOT_MET), ("6.9", NOT_MET), ("7", MET), ("7.000001", MET)]
)
@pytest.mark.parametrize("day", [date(2023, 4, 18), date(2026, 12, 31)])
def test_battery_not_less_than_seven_kilowatt_hours(day: date, kwh: str, verdict: Verdict) -> None:
    """26 USC 30D(d)(1)(F)(i): not less than 7 kWh; 7 itself passes."""
    facts = {
        "vehicle__battery__capacity_kwh": kwh,
        # so that the contents do not decide
        "vehicle__battery__certified_battery_component_content": 100,
    }
    assert ruling("battery_capacity", day, **facts) == (verdict, verdict)


@pytest.mark.parametrize(("wheels", "verdict"), [(3, NOT_MET), (4, MET), (6, MET)])
def test_at_least_four_wheels(wheels: int, verdict: Verdict) -> None:
    """26 USC 30D(d)(2): at least 4 wheels."""
    assert ruling("motor_vehicle", vehicle__wheels=wheels) == (verdict, verdict)


@pytest.mark.parametrize(
    ("country", "verdict"),
    [("US", MET), ("Canada", MET), ("Mexico", MET), ("Japan", NOT_MET), ("Chile", NOT_MET)],
)
def test_final_assembly(country: str, verdict: Verdict) -> None:
    """26 USC 30D(d)(1)(G): North America, not every partner of an agreement."""
    assert ruling("final_assembly", vehicle__final_assembly_country=country) == (verdict, verdict)


# -- the taxpayer --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "threshold"),
    [
        (FilingStatus.SINGLE, 150_000),
        (FilingStatus.MARRIED_FILING_SEPARATELY, 150_000),
        (FilingStatus.ESTATE_OR_TRUST, 150_000),
        (FilingStatus.HEAD_OF_HOUSEHOLD, 225_000),
        (FilingStatus.MARRIED_FILING_JOINTLY, 300_000),
        (FilingStatus.QUALIFYING_SURVIVING_SPOUSE, 300_000),
    ],
)
@pytest.mark.parametrize("year", ["current_year", "prior_year"])
def test_income_equal_to_the_threshold_passes(
    year: str, status: FilingStatus, threshold: int
) -> None:
    """26 USC 30D(f)(10): "exceeds" the threshold of the status; a cent more fails."""
    for income, verdict in ((Decimal(threshold), MET), (threshold + Decimal("0.01"), NOT_MET)):
        facts: dict[str, Any] = {
            f"taxpayer__{each}__modified_adjusted_gross_income": 10**9
            for each in ("current_year", "prior_year")
        }
        facts[f"taxpayer__{year}__filing_status"] = status
        facts[f"taxpayer__{year}__modified_adjusted_gross_income"] = income
        assert ruling("income_within_limit", **facts) == (verdict, verdict)


# -- foreign entities of concern -----------------------------------------------------------

STEP = "vehicle.battery.minerals[0].steps[0].foreign_entity_of_concern"
CELL = "vehicle.battery.components[0].contains[0].foreign_entity_of_concern"


@pytest.mark.parametrize(
    ("path", "day", "verdict"),
    [
        (CELL, date(2023, 12, 31), MET),
        (CELL, date(2024, 1, 1), NOT_MET),
        (STEP, date(2023, 12, 31), MET),
        (STEP, date(2024, 1, 1), MET),
        (STEP, date(2024, 12, 31), MET),
        (STEP, date(2025, 1, 1), NOT_MET),
    ],
)
def test_exclusion_by_foreign_entities_of_concern(path: str, day: date, verdict: Verdict) -> None:
    """26 USC 30D(d)(7): components from 2024, minerals from 2025, and then the whole credit."""
    result = assess(with_facts(known_claim(day), {path: True}))
    assert result.verdict is verdict
    assert result.credit == Bounds.exactly(7500 if verdict is MET else 0)
    # Before that day no one is asked about it.
    unasked = assess(with_facts(known_claim(day), {path: None}))
    assert unasked.missing() == (() if verdict is MET else (path,))


# -- the end of the credit -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "payment", "in_service", "verdict"),
    [
        (date(2025, 9, 30), date(2025, 9, 30), date(2025, 9, 30), MET),
        (date(2025, 9, 30), date(2025, 9, 30), date(2025, 10, 1), MET),
        (date(2025, 9, 30), date(2025, 9, 30), date(2026, 12, 31), MET),
        (date(2025, 10, 1), date(2025, 9, 30), date(2025, 10, 1), NOT_MET),
        (date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 1), NOT_MET),
        (date(2025, 10, 1), date(2025, 10, 1), date(2026, 1, 15), NOT_MET),
        (date(2023, 5, 1), date(2025, 10, 1), date(2025, 11, 1), NOT_MET),
    ],
)
def test_acquired_by_contract_and_payment(
    contract: date, payment: date, in_service: date, verdict: Verdict
) -> None:
    """26 USC 30D(h): acquired on the first day with both; later than 2025-09-30 is too late."""
    facts = dict(zip(ACQUIRED, (contract, payment), strict=True))
    result = assess(with_facts(known_claim(in_service), facts))
    assert result.find("acquired_in_time").verdict is verdict
    assert result.find("not_terminated").verdict is verdict
    if verdict is NOT_MET:
        assert result.credit == Bounds.exactly(0)


@pytest.mark.parametrize(
    ("in_service", "verdict"), [(date(2025, 9, 30), MET), (date(2025, 10, 1), UNKNOWN)]
)
def test_possession_in_time_needs_no_further_proof(in_service: date, verdict: Verdict) -> None:
    """26 USC 30D(h): what is in service by 2025-09-30 was acquired by then."""
    result = assess(with_facts(known_claim(in_service), dict.fromkeys(ACQUIRED)))
    assert result.find("acquired_in_time").verdict is verdict
    assert result.missing() == (() if verdict is MET else ACQUIRED)


def test_one_late_day_is_enough_to_be_late() -> None:
    """26 USC 30D(h): a late contract settles it, whenever the payment was."""
    facts = {"purchase.contract_date": date(2025, 10, 1), "purchase.first_payment_date": None}
    result = assess(with_facts(known_claim(date(2025, 11, 1)), facts))
    assert result.verdict is NOT_MET
    assert result.missing() == ()
