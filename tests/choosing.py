"""Offers to choose among, shared by several test modules."""

from __future__ import annotations

from typing import Any

from evcredit import (
    Battery,
    BuyNew,
    BuyUsed,
    CreditTransfer,
    Lease,
    Purchase,
    Taxpayer,
    Vehicle,
    examples,
    with_facts,
)
from evcredit.facts import TaxReturn

CLAIM = examples.demonstration_claim()

NEW = BuyNew(
    name="crossover",
    vehicle=CLAIM.vehicle,
    purchase=CLAIM.purchase,
    transfer=CreditTransfer.at_the_dealer(),
)
USED = BuyUsed(
    name="hatchback",
    vehicle=Vehicle.road_vehicle(
        model_year=2021,
        gross_vehicle_weight_rating_lb=4_200,
        made_by_qualified_manufacturer=True,
        battery=Battery(capacity_kwh=40, externally_rechargeable=True),
        prior_transfers=(),
    ),
    purchase=Purchase.used_from_dealer(placed_in_service="2024-06-03", sale_price=14_000),
    transfer=CreditTransfer.at_the_dealer(),
)
LEASE = Lease(
    name="lease",
    vehicle=with_facts(CLAIM.vehicle, {"gasoline_or_diesel_engine": False}),
    lessor_purchase=Purchase.by_lessor(
        contract_date="2024-06-01",
        first_payment_date="2024-06-01",
        placed_in_service="2024-06-03",
        basis=52_000,
    ),
    passed_on=6_000,
)
OFFERS = (NEW, USED, LEASE)

_FEW_DOLLARS = {"modified_adjusted_gross_income": 61_000, "filing_status": "single"}
BUYER = with_facts(
    Taxpayer(dependent_of_another=False, prior_credits=()),
    {
        f"{year}.{name}": fact
        for year in ("current_year", "prior_year")
        for name, fact in _FEW_DOLLARS.items()
    },
)
ON_RETURN = TaxReturn.personal(tax_before_credits=5_000, other_personal_credits=0)


def changed(subject: Any, **facts: Any) -> Any:
    """A thing with facts by path, written with two underscores for each point."""
    return with_facts(subject, {path.replace("__", "."): fact for path, fact in facts.items()})
