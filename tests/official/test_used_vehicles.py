"""Section 25E: worked cases, and on which side of each boundary the boundary itself lies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.used import USED, used, used_claim

from evcredit import Bounds, TaxYear, Verdict, assess, current_law
from evcredit.facts import PriorCredit, SalePrice

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


# -- the sale price and the amount ---------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "price", "credit"),
    [
        (SalePrice.agreed(12_000), "12000", "3600"),
        (SalePrice.agreed(13_333), "13333", "3999.90"),
        (SalePrice.agreed(13_334), "13334", "4000"),
        (SalePrice.agreed(25_000), "25000", "4000"),
        (SalePrice.agreed("25000.01"), "25000.01", "0"),
        (
            SalePrice.agreed(24_800, dealer_fees=347, required_taxes_and_fees=1_580),
            "25147",
            "0",
        ),
        (
            SalePrice.agreed(
                24_800, dealer_fees=347, required_taxes_and_fees=1_580, incentives=500
            ),
            "24647",
            "4000",
        ),
        (SalePrice.agreed(27_000, trade_in=5_000), "27000", "0"),
        # A bill of sale: documents 347.26, electronic filing 25, trade-in 500, down 8,000.
        (
            SalePrice.agreed(32_994, dealer_fees="372.26", trade_in=500, down_payment=8_000),
            "33366.26",
            "0",
        ),
        (SalePrice.agreed(20_000, delivery=400, extended_warranty=1_200), "20400", "4000"),
        (SalePrice.agreed(20_000, financing=900, insurance=700), "20000", "4000"),
    ],
)
def test_sale_price_and_credit(parts: SalePrice, price: str, credit: str) -> None:
    """26 USC 25E(a), (c)(2)(B); 26 CFR 1.25E-1(b)(16); FS-2023-22, topic E."""
    assert parts.price == Decimal(price)
    result = used(purchase__sale_price=None, purchase__sale_price_parts=parts)
    assert result.credit == Bounds.exactly(Decimal(credit))
    assert result.verdict is Verdict.of(Decimal(credit) > 0)
    assert result.missing() == ()


@pytest.mark.parametrize(
    ("price", "credit"),
    [
        ("0", "0"),
        ("0.01", "0"),  # three tenths of a cent
        ("0.02", "0.01"),  # six tenths
        ("13333.31", "3999.99"),
        ("13333.32", "4000"),  # 3,999.996
        ("13333.33", "4000"),
    ],
)
def test_the_amount_is_rounded_to_the_cent(price: str, credit: str) -> None:
    """30 percent of the price; a price that gives nothing gives no credit."""
    result = used(purchase__sale_price=price)
    assert result.credit == Bounds.exactly(Decimal(credit))
    assert result.verdict is result.finding.verdict is Verdict.of(Decimal(credit) > 0)


@pytest.mark.parametrize(
    ("price", "credit", "verdict"),
    [
        (Bounds(0, 13_000), "0 to 3,900", UNKNOWN),
        (Bounds(10_000, 13_000), "3,000 to 3,900", MET),
        (Bounds(20_000, 25_000), "4,000", MET),
        (Bounds(20_000, 26_000), "0 to 4,000", UNKNOWN),
        (Bounds(26_000, 30_000), "0", NOT_MET),
        (None, "0 to 4,000", UNKNOWN),
    ],
)
def test_an_unknown_price_leaves_bounds(price: Any, credit: str, verdict: Verdict) -> None:
    """What is known of the price limits the credit."""
    result = used(purchase__sale_price=price)
    assert (str(result.credit), result.verdict) == (credit, verdict)
    assert result.missing() == (() if result.credit.is_exact else ("purchase.sale_price",))


# -- income --------------------------------------------------------------------------------


def year(status: str | None, income: Any) -> TaxYear:
    return TaxYear(filing_status=status, modified_adjusted_gross_income=income)


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        (year("single", 80_000), year("single", 70_000), MET),
        (year("married filing jointly", 160_000), year("single", 74_000), MET),
        (year("married filing jointly", 160_000), year("single", 75_001), NOT_MET),
        (year("head of household", 112_500), year("head of household", 112_500), MET),
        (year("head of household", 112_501), year("head of household", 112_501), NOT_MET),
        (year("single", 75_000), year("single", 90_000), MET),
        (year("single", "75000.01"), year("single", "75000.01"), NOT_MET),
        (year("married filing separately", 75_000), year("single", 90_000), MET),
        (year("married filing jointly", 150_000), year("single", 90_000), MET),
        (year("qualifying surviving spouse", 150_000), year("single", 90_000), MET),
        (year("married filing jointly", "150000.01"), year("single", 90_000), NOT_MET),
        # One year within is enough, whatever the other turns out to be.
        (year("single", 60_000), TaxYear(), MET),
        (year("single", None), year("single", 60_000), MET),
        (year("single", 90_000), TaxYear(), UNKNOWN),
        (year("single", 90_000), year(None, 150_001), NOT_MET),
        (year("single", 90_000), year(None, 75_000), MET),
        (year("single", 90_000), year(None, 100_000), UNKNOWN),
    ],
)
def test_income(now: TaxYear, before: TaxYear, verdict: Verdict) -> None:
    """26 USC 25E(b): each year against the threshold of its own status; equal is within."""
    result = used(taxpayer__current_year=now, taxpayer__prior_year=before)
    assert result.find("income_of_used_vehicle_buyer").verdict is verdict
    assert result.verdict is verdict


# -- days ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model_year", "acquired", "verdict"),
    [
        (2021, date(2023, 1, 1), MET),
        (2022, date(2023, 12, 31), NOT_MET),
        (2022, date(2024, 1, 1), MET),
        (2023, date(2025, 9, 30), MET),
        (2024, date(2025, 9, 30), NOT_MET),
        (None, date(2025, 9, 30), UNKNOWN),
        (Bounds(2021, 2023), date(2025, 9, 30), MET),
        (Bounds(2021, 2023), date(2024, 9, 30), UNKNOWN),
        (Bounds(2023, 2025), date(2024, 9, 30), NOT_MET),
    ],
)
def test_model_year(model_year: Any, acquired: date, verdict: Verdict) -> None:
    """26 USC 25E(c)(1)(A): at least two calendar years, not months."""
    result = used(placed_in_service=acquired, vehicle__model_year=model_year)
    assert (result.find("model_year").verdict, result.verdict) == (verdict, verdict)
    assert result.missing() == (("vehicle.model_year",) if verdict is UNKNOWN else ())


def test_the_first_days() -> None:
    """P.L. 117-169 sec. 13402(e)(1): vehicles acquired after 2022."""
    early = used(placed_in_service=date(2022, 12, 31))
    assert (early.verdict, early.reason) == (NOT_MET, "acquired_since_it_applies")
    assert early.missing() == ()
    assert used(placed_in_service=date(2023, 1, 1)).verdict is MET
    last_year = date(2022, 12, 31)
    service = date(2023, 1, 1)
    for contract, payment, verdict in (
        (last_year, last_year, NOT_MET),
        (last_year, service, MET),
        (service, last_year, MET),
        (last_year, None, UNKNOWN),
        (None, None, UNKNOWN),
    ):
        result = used(
            placed_in_service=service,
            vehicle__model_year=2019,
            purchase__contract_date=contract,
            purchase__first_payment_date=payment,
        )
        assert result.find("acquired_since_it_applies").verdict is verdict
        assert result.verdict is verdict


@pytest.mark.parametrize(
    ("contract", "payment", "in_service", "verdict"),
    [
        (date(2025, 9, 30), date(2025, 9, 30), date(2025, 9, 30), MET),
        (date(2025, 10, 1), date(2025, 10, 1), date(2025, 10, 1), NOT_MET),
        (date(2025, 9, 29), date(2025, 10, 1), date(2025, 10, 2), NOT_MET),
        (date(2025, 10, 1), date(2025, 9, 29), date(2025, 10, 2), NOT_MET),
        (date(2025, 9, 30), date(2025, 9, 30), date(2026, 2, 14), MET),
        (date(2025, 9, 30), None, date(2026, 2, 14), UNKNOWN),
        (None, date(2025, 10, 1), date(2026, 2, 14), NOT_MET),
        (date(2025, 3, 1), None, date(2025, 9, 30), MET),
    ],
)
def test_the_last_day(contract: Any, payment: Any, in_service: date, verdict: Verdict) -> None:
    """26 USC 25E(g), P.L. 119-21 sec. 70501: contract and payment by 30 September 2025."""
    result = used(
        placed_in_service=in_service,
        vehicle__model_year=2020,
        purchase__contract_date=contract,
        purchase__first_payment_date=payment,
    )
    assert (result.find("acquired_before_the_end").verdict, result.verdict) == (verdict, verdict)


@pytest.mark.parametrize(
    ("contract", "verdict"),
    [
        (date(2022, 12, 31), NOT_MET),
        (date(2023, 1, 1), MET),
        (date(2025, 9, 30), MET),
        (date(2025, 10, 1), NOT_MET),
        (None, UNKNOWN),
    ],
)
def test_contract_and_payment_decide_without_possession(contract: Any, verdict: Verdict) -> None:
    """Possession may still lie ahead; it is never earlier than they are."""
    result = used(
        vehicle__model_year=2020,
        purchase__placed_in_service=None,
        purchase__contract_date=contract,
        purchase__first_payment_date=contract,
    )
    assert result.find("acquired_before_end").verdict is verdict


def test_the_last_day_before_it_was_moved() -> None:
    """As the law was known before P.L. 119-21 the last day was 31 December 2032."""
    law = current_law().known_on(date(2025, 7, 3))
    for day, verdict in ((date(2032, 12, 31), MET), (date(2033, 1, 1), NOT_MET)):
        assert assess(used_claim(day), law=law, credit=USED).verdict is verdict


@pytest.mark.parametrize(
    ("earlier", "free", "verdict"),
    [
        (date(2023, 1, 2), True, NOT_MET),  # three years less a day
        (date(2023, 1, 1), True, MET),
        (date(2023, 1, 1), False, NOT_MET),
        (date(2023, 1, 1), None, UNKNOWN),
        (date(2022, 12, 31), True, MET),
        (date(2022, 12, 31), False, MET),
        (date(2026, 1, 1), True, NOT_MET),
        (None, True, UNKNOWN),
    ],
)
def test_three_years_without_a_credit(earlier: Any, free: Any, verdict: Verdict) -> None:
    """26 USC 25E(c)(3)(D): the period that ends on the day of the sale."""
    claim = used_claim(
        date(2026, 1, 1),
        purchase__contract_date="2025-09-30",
        purchase__first_payment_date="2025-09-30",
        vehicle__model_year=2020,
        taxpayer__prior_credits=(PriorCredit(on=earlier),),
    )
    law = current_law().with_readings(third_anniversary_is_free=free)
    result = assess(claim, law=law, credit=USED)
    assert (result.find("no_recent_credit").verdict, result.verdict) == (verdict, verdict)
    missing = ("taxpayer.prior_credits[0].on",) if earlier is None else ()
    assert result.missing() == missing
    assert len(result.undetermined) == (free is None)


# -- what does not matter ------------------------------------------------------------------


def test_no_price_of_new_vehicles_no_assembly_no_sourcing() -> None:
    """26 USC 25E(c)(1)(D), (e): neither 30D(f)(10) nor (11), nor 30D(d)(1)(G), (d)(7), (e)."""
    result = used(
        vehicle__msrp=140_000,
        vehicle__final_assembly_country="Japan",
        vehicle__battery__components_from_foreign_entity_of_concern=True,
    )
    assert result.verdict is MET
    assert result.mineral_content is None
    assert result.component_content is None


def test_the_conditions_taken_over_from_new_vehicles() -> None:
    """26 USC 25E(c)(1)(D)(i): the letters (C), (D), (E), (F) and (H) of 30D(d)(1)."""
    for fact, value in {
        "vehicle__made_by_qualified_manufacturer": False,
        "vehicle__clean_air_act_motor_vehicle": False,
        "vehicle__gross_vehicle_weight_rating_lb": 14_000,
        "vehicle__driven_by_battery_motor": False,
        "vehicle__battery__capacity_kwh": "6.99",
        "vehicle__battery__externally_rechargeable": False,
        "purchase__seller_report_furnished": False,
    }.items():
        result = used(**{fact: value})
        assert result.verdict is NOT_MET, fact
        assert len(result.reasons) == (1 if "weight" in fact else 2), fact


def test_fuel_cell_vehicles() -> None:
    """26 USC 25E(c)(1)(D)(ii): no qualified manufacturer, but the limit on the weight."""
    fuel_cell = {
        "vehicle__fuel_cell": True,
        "vehicle__made_by_qualified_manufacturer": False,
        "vehicle__battery__capacity_kwh": Decimal("1.6"),
        "vehicle__battery__externally_rechargeable": False,
    }
    assert used(**fuel_cell).credit == Bounds.exactly(4_000)
    heavy = used(**fuel_cell, vehicle__gross_vehicle_weight_rating_lb=14_000)
    assert [each.code for each in heavy.reasons] == ["gross_vehicle_weight"]
