"""Section 45W as a whole, and what only it adds to an assessment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcredit.provisions.section import BoundCredit, Credit, Section
from evcredit.section_45w.amount import composition, no_published_number
from evcredit.section_45w.days import IN_SERVICE
from evcredit.section_45w.termination import commercial_acquired_late_enough

__all__ = ["SECTION"]


def _undetermined(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """A published number that is not covered, or that there is not."""
    if bound.binding.day(IN_SERVICE) is None:
        return  # a number may be published for the day
    purchase = claim.purchase
    prices = {name: getattr(purchase, name) for name in ("cost", "comparable_vehicle_price")}
    absent = [f"purchase.{name}" for name, price in prices.items() if price is None]
    state = " and ".join(["purchase.compares_prices", *absent])
    for reason in no_published_number(claim, bound.binding):
        yield (
            f"{reason}; supply it with Law.with_incremental_cost, state "
            f"purchase.incremental_cost, or state {state}"
        )


def _warnings(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Where the lessee of a vehicle asks, or what is stated of the cost is not looked at."""
    if claim.purchase.incremental_cost is not None and claim.purchase.compares_prices:
        yield (
            "purchase.incremental_cost overrides the prices: purchase.comparable_vehicle_price is "
            "not compared with the cost"
        )
    if claim.purchase.leased_from_another:
        yield "of a leased vehicle the lessor claims this credit; the lessee has no part in it"


SECTION = Section(
    credit=Credit.COMMERCIAL_VEHICLE,
    title="commercial clean vehicle credit",
    days=(IN_SERVICE,),
    covered="commercial_percent",
    begins=commercial_acquired_late_enough,
    days_of=lambda claim, law: (claim.purchase.placed_in_service,),
    rules={None: composition},
    warnings=_warnings,
    undetermined=_undetermined,
)
