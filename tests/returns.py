"""Returns with clean vehicles that several test modules share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.commercial import business_claim
from tests.used import used_claim

from evcredit import (
    Battery,
    Claim,
    CleanVehicleReturn,
    CreditTransfer,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    with_facts,
)
from evcredit.facts import IncomeParts, TaxReturn, VehicleBasis
from evcredit.forms import ReturnVehicle


def single(this_year: Any = 70_000, before: Any = 80_000, **facts: Any) -> Taxpayer:
    """A single individual with the incomes of two years, none of it excluded."""
    usual: dict[str, Any] = {
        "kind": "individual",
        "current_year": TaxYear(
            filing_status="single", income_parts=IncomeParts.domestic(this_year)
        ),
        "prior_year": TaxYear(filing_status="single", income_parts=IncomeParts.domestic(before)),
        "dependent_of_another": False,
        "prior_credits": (),
    }
    return Taxpayer(**{**usual, **facts})


def new_car(day: date = date(2025, 3, 3), taxpayer: Taxpayer | None = None, **facts: Any) -> Claim:
    """A new vehicle worth $7,500 by the percentages that its manufacturer certified.

    A path is written with two underscores for each point.
    """
    claim = Claim(
        vehicle=Vehicle.road_vehicle(
            make="Example",
            model="Crossover",
            model_year=2025,
            vehicle_class="sport utility vehicle",
            msrp=48_995,
            gross_vehicle_weight_rating_lb=5_800,
            made_by_qualified_manufacturer=True,
            final_assembly_country="US",
            battery=Battery(
                capacity_kwh=75,
                externally_rechargeable=True,
                certified_critical_mineral_content=65,
                certified_battery_component_content=65,
                minerals_from_foreign_entity_of_concern=False,
                components_from_foreign_entity_of_concern=False,
            ),
        ),
        purchase=Purchase.new_from_dealer(
            contract_date=day, first_payment_date=day, sale_date=day, placed_in_service=day
        ),
        taxpayer=single() if taxpayer is None else taxpayer,
    )
    return with_facts(claim, {path.replace("__", "."): value for path, value in facts.items()})


def motorcycle(cost: Any, sold: date, placed_in_service: date | None = None, **facts: Any) -> Claim:
    """A vehicle on two wheels, before 2023."""
    usual = {
        "vehicle__wheels": Decimal(2),
        "vehicle__top_speed_mph": Decimal(95),
        "vehicle__battery__capacity_kwh": Decimal("14.4"),
        "vehicle__gross_vehicle_weight_rating_lb": Decimal(900),
        "purchase__cost": Decimal(cost),
        "purchase__title_date": sold,
    }
    claim = new_car(sold, **{**usual, **facts})
    day = sold if placed_in_service is None else placed_in_service
    return with_facts(claim, {"purchase.placed_in_service": day})


def used_car(
    price: Any = 12_900,
    day: date = date(2025, 5, 5),
    taxpayer: Taxpayer | None = None,
    **facts: Any,
) -> Claim:
    """A used vehicle, bought from a dealer."""
    return used_claim(
        day,
        purchase__sale_price=Decimal(price),
        taxpayer=single() if taxpayer is None else taxpayer,
        **facts,
    )


def van(
    cost: Any = 40_000,
    deducted: Any = 20_000,
    day: date = date(2025, 6, 2),
    taxpayer: Taxpayer | None = None,
    **facts: Any,
) -> Claim:
    """A battery electric van of a business."""
    return business_claim(
        purchase=Purchase.for_business(
            contract_date=day,
            first_payment_date=day,
            placed_in_service=day,
            basis_parts=VehicleBasis(cost=cost, section_179_deduction=deducted),
        ),
        taxpayer=single() if taxpayer is None else taxpayer,
        **facts,
    )


def at_the_dealer(claim: Claim, amount: Any = 7_500, **facts: Any) -> CreditTransfer:
    """A transfer on the day of the sale, for the amount of the credit."""
    return CreditTransfer.at_the_dealer(
        elected_on=claim.purchase.sale_date, payment=amount, advance_payment=amount, **facts
    )


def whole_return(taxpayer: Taxpayer | None = None, **facts: Any) -> CleanVehicleReturn:
    """One new, one used and one commercial vehicle, and a new one whose credit went to the dealer.

    The new one is used 40 percent for business. The tax is $7,000, and $600 of other credits come
    first.
    """
    person = single() if taxpayer is None else taxpayer
    given = new_car(date(2025, 9, 1), person)
    usual: dict[str, Any] = {
        "tax_year": 2025,
        "vehicles": (
            ReturnVehicle(claim=new_car(taxpayer=person), business_use_percent=40),
            ReturnVehicle(claim=used_car(taxpayer=person), credit="25E"),
            ReturnVehicle(claim=van(taxpayer=person), credit="45W"),
            ReturnVehicle(claim=given, business_use_percent=0, transfer=at_the_dealer(given)),
        ),
        "tax_return": TaxReturn(tax_before_credits=7_000, other_personal_credits=600),
        "passed_through_new": 250,
    }
    return CleanVehicleReturn(**{**usual, **facts})


def bearing(forms: Any) -> tuple[str, ...]:
    """What is missing and affects an amount: all but what is still to type."""
    return tuple(path for path in forms.missing() if path not in forms.still_to_type())
