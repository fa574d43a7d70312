"""Section 25E written down a second time, for claims in which everything is known."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

JOINT = ("married filing jointly", "qualifying surviving spouse")


def credit(claim: Any) -> Decimal:
    """US dollars."""
    vehicle, purchase, buyer = claim.vehicle, claim.purchase, claim.taxpayer
    acquired = max(purchase.contract_date, purchase.first_payment_date)
    sale = purchase.sale_date or purchase.placed_in_service
    rechargeable = (
        vehicle.made_by_qualified_manufacturer
        and vehicle.clean_air_act_motor_vehicle
        and vehicle.driven_by_battery_motor
        and vehicle.battery.capacity_kwh >= 7
        and vehicle.battery.externally_rechargeable
        and purchase.seller_report_furnished
        and not (
            purchase.seller_report_not_accepted and purchase.placed_in_service >= date(2024, 1, 1)
        )
    )
    given_up = [day for day in (purchase.returned_on, purchase.resold_on) if day is not None]
    conditions = (
        date(2023, 1, 1) <= acquired <= date(2025, 9, 30),
        acquired.year - vehicle.model_year >= 2,
        not purchase.original_use_begins_with_taxpayer,
        vehicle.made_for_public_roads and vehicle.wheels >= 4,
        vehicle.gross_vehicle_weight_rating_lb < 14_000,
        rechargeable or vehicle.fuel_cell,
        purchase.seller_license.name not in ("NOBODY", "TERRITORY_ALONE"),
        purchase.sale_price <= 25_000,
        not any(used_up_by(each) for each in vehicle.prior_transfers),
        buyer.kind is None or buyer.kind.value == "individual",
        purchase.for_use_or_lease,
        not buyer.dependent_of_another,
        not any(three_years_on(each.on) > sale for each in buyer.prior_credits),
        any(within(each) for each in (buyer.current_year, buyer.prior_year)),
        purchase.vin_on_return,
        not purchase.credit_already_allowed,
        not purchase.elected_out,
        not purchase.used_predominantly_outside_us,
        vehicle.meets_air_and_safety_rules,
        not purchase.another_owner_in_seller_report,
        not purchase.sale_cancelled,
        all((day - purchase.placed_in_service).days > 30 for day in given_up),
    )
    if not all(conditions):
        return Decimal(0)
    part = (purchase.sale_price * 30 / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return min(part, Decimal(4_000))


def within(year: Any) -> bool:
    """Whether the income of a year is within its threshold."""
    status = year.filing_status.value
    threshold = 150_000 if status in JOINT else 75_000
    if status == "head of household":
        threshold = 112_500
    return bool(year.modified_adjusted_gross_income <= threshold)


def used_up_by(transfer: Any) -> bool:
    """Whether a transfer after 16 August 2022 went to someone who could have had the credit."""
    return (
        transfer.on > date(2022, 8, 16)
        and transfer.to.name == "INDIVIDUAL"
        and transfer.for_use
        and not transfer.dependent_of_another
        and not transfer.credited_shortly_before
    )


def three_years_on(day: date) -> date:
    """The third anniversary; of 29 February the first of March."""
    try:
        return day.replace(year=day.year + 3)
    except ValueError:
        return date(day.year + 3, 3, 1)
