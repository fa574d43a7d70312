"""Claims for the commercial credit, shared by several test modules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from evcredit import (
    Assessment,
    Battery,
    Claim,
    Purchase,
    Vehicle,
    VehicleClass,
    assess,
    with_facts,
)
from evcredit.facts.taxpayer import TaxpayerKind

FIRST_DAY = date(2023, 1, 1)
A_DAY = timedelta(days=1)


@cache
def _van() -> Claim:
    return Claim(
        vehicle=Vehicle.road_vehicle(
            vehicle_class="van",
            model_year=2024,
            gross_vehicle_weight_rating_lb=9_500,
            made_by_qualified_manufacturer=True,
            gasoline_or_diesel_engine=False,
            battery=Battery(capacity_kwh=68, externally_rechargeable=True),
        ),
        purchase=Purchase.for_business(
            contract_date="2024-03-01",
            first_payment_date="2024-03-01",
            placed_in_service="2024-06-03",
            basis=52_000,
        ),
    )


def business_claim(**facts: Any) -> Claim:
    """A battery electric van that a business bought in 2024, with facts by path.

    A path is written with two underscores for each point: ``vehicle__fuel_cell=True``.
    """
    return with_facts(_van(), {path.replace("__", "."): fact for path, fact in facts.items()})


def business(**facts: Any) -> Assessment:
    """The assessment of `business_claim` for the commercial credit."""
    return assess(business_claim(**facts), credit="45W")


# -- claims in which everything is known -----------------------------------------------------

_often = st.sampled_from([True] * 39 + [False])
_seldom = st.sampled_from([False] * 39 + [True])
_either = st.booleans()
cents = st.integers(0, 60_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
_prices = st.one_of(
    cents,
    st.sampled_from(
        [Decimal(0), Decimal("0.01"), Decimal(25_000), Decimal(50_000), Decimal(60_000)]
    ),
)
_weights = st.one_of(
    st.sampled_from([13_999, 14_000, 19_500, 19_501, 26_000, 26_001, 33_000, 33_001, 80_000]),
    st.integers(3_000, 13_999),
).map(Decimal)
_days = st.one_of(
    st.dates(date(2023, 1, 1), date(2025, 9, 30)),
    st.dates(date(2023, 1, 1), date(2025, 9, 30)),
    st.dates(date(2022, 11, 1), date(2026, 3, 1)),
    st.sampled_from([date(2022, 12, 31), date(2023, 1, 1), date(2025, 9, 30), date(2025, 10, 1)]),
)
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "vehicle.vehicle_class": st.sampled_from(VehicleClass),
    "vehicle.model_year": st.integers(2005, 2027).map(Decimal),
    "vehicle.gross_vehicle_weight_rating_lb": _weights,
    "vehicle.made_by_qualified_manufacturer": _often,
    "vehicle.gasoline_or_diesel_engine": _either,
    "vehicle.compact_car": _either,
    "vehicle.tractor_cab": _either,
    "vehicle.fuel_cell": _seldom,
    "vehicle.mobile_machinery": _seldom,
    "vehicle.made_for_public_roads": _often,
    "vehicle.clean_air_act_motor_vehicle": _often,
    "vehicle.driven_by_battery_motor": _often,
    "vehicle.meets_air_and_safety_rules": _often,
    "vehicle.battery.externally_rechargeable": _often,
    "vehicle.battery.capacity_kwh": st.sampled_from(
        ["6.9", "7", "14.9", "15", "80", "80", "80", "80"]
    ).map(Decimal),
    "purchase.basis": st.one_of(cents, _prices),
    "purchase.cost": _prices,
    "purchase.comparable_vehicle_price": _prices,
    "purchase.compares_prices": st.sampled_from([False, False, True]),
    "purchase.original_use_begins_with_taxpayer": st.sampled_from([True, True, False]),
    "purchase.for_use_or_lease": _often,
    "purchase.depreciable": _often,
    "purchase.subject_to_lease": _either,
    "purchase.true_lease": _often,
    "purchase.vin_on_return": _often,
    "purchase.credit_already_allowed": _seldom,
    "purchase.new_vehicle_credit_allowed": _seldom,
    "purchase.used_vehicle_credit_allowed": _seldom,
    "purchase.elected_out": _seldom,
    "purchase.used_predominantly_outside_us": _seldom,
    "purchase.elective_payment_registered": _often,
    "taxpayer.kind": st.sampled_from(
        [TaxpayerKind.CORPORATION, TaxpayerKind.INDIVIDUAL, TaxpayerKind.TAX_EXEMPT_USER]
    ),
}
DAYS = ("purchase.contract_date", "purchase.first_payment_date", "purchase.placed_in_service")


@st.composite
def business_claims(draw: st.DrawFn) -> Claim:
    """A claim in which everything that section 45W requires is known."""
    contract, payment = draw(_days), draw(_days)
    delivery = max(contract, payment, FIRST_DAY) + draw(st.integers(0, 400)) * A_DAY
    known = {path: draw(strategy) for path, strategy in FACTS.items()}
    known |= dict(zip(DAYS, (contract, payment, delivery), strict=True))
    return with_facts(business_claim(), known)
