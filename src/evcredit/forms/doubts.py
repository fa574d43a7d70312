"""Warnings about a vehicle: what the seller report and the use contradict."""

from __future__ import annotations

from collections.abc import Iterator

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.money import bounds_in_dollars
from evcredit.forms.vehicle import FiledVehicle, without_business

__all__ = ["REPORTED_CREDIT", "report_warnings", "use_warnings"]

#: What the seller reported is compared with the credit here, and no rule of a credit reads it.
REPORTED_CREDIT = "purchase.seller_report.maximum_credit"


def report_warnings(placed: FiledVehicle) -> Iterator[str]:
    """Where the credit is above the maximum one that the seller reported."""
    report = placed.claim.purchase.seller_report
    if report is None or report.maximum_credit is None:
        return
    most = Bounds.of(report.maximum_credit)
    if placed.own.lower > most.upper:
        yield (
            f"the credit of {bounds_in_dollars(placed.own)} is above the {bounds_in_dollars(most)} "
            "of the seller report"
        )


def use_warnings(placed: FiledVehicle) -> Iterator[str]:
    """Where business use overrides what the purchase states of depreciation."""
    if without_business(placed.vehicle) and placed.vehicle.claim.purchase.depreciable:
        yield (
            "the purchase states a depreciable vehicle, and the return none of business use; "
            "without any it is not depreciable"
        )
    known = placed.vehicle.credit_determined
    if known is not None and Bounds.of(known).overlap(placed.result.credit) is None:
        yield (
            f"the credit is stated to be {bounds_in_dollars(Bounds.of(known))}, but what is stated "
            f"of vehicle, purchase and buyer amounts to {bounds_in_dollars(placed.result.credit)}"
        )
