"""A claim: one vehicle, one purchase, one taxpayer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from evcredit.fact import Kind, check, declare
from evcredit.purchase import Purchase
from evcredit.taxpayer import Taxpayer
from evcredit.vehicle import Vehicle

__all__ = ["Claim"]


@attrs.frozen(kw_only=True)
class Claim:
    """Everything that is stated about one vehicle and its buyer.

    Args:
        vehicle: The vehicle.
        purchase: How and when it was bought.
        taxpayer: Who claims the credit.

    Raises:
        InvalidFactError: A part is of the wrong class, or what is stated as earlier is later
            than the purchase.

    >>> Claim().vehicle.msrp is None
    True
    """

    vehicle: Vehicle = attrs.field(
        factory=Vehicle, metadata=declare(Kind.PART, "vehicle", of=Vehicle)
    )
    purchase: Purchase = attrs.field(
        factory=Purchase, metadata=declare(Kind.PART, "purchase", of=Purchase)
    )
    taxpayer: Taxpayer = attrs.field(
        factory=Taxpayer, metadata=declare(Kind.PART, "taxpayer", of=Taxpayer)
    )

    def __attrs_post_init__(self) -> None:
        check(self, _claim_faults)


def _claim_faults(claim: Claim) -> Iterator[tuple[str, Any, str]]:
    in_service = claim.purchase.placed_in_service
    for index, each in enumerate(claim.vehicle.earlier_transfers or ()):
        if each.on is not None and in_service is not None and each.on > in_service:
            path = f"vehicle.earlier_transfers[{index}].on"
            yield path, each.on, f"it is not earlier than the purchase, in service on {in_service}"
    report = claim.purchase.seller_report
    numbers = {claim.vehicle.vin, None if report is None else report.vin} - {None}
    if report is not None and len(numbers) > 1:
        remedy = f"the vehicle is stated to be {claim.vehicle.vin}; it is another's report"
        yield "purchase.seller_report.vin", report.vin, remedy
    sold = claim.purchase.sale_date or in_service
    for index, sale in enumerate(claim.taxpayer.earlier_credited_sales or ()):
        if sale.on is not None and sold is not None and sale.on > sold:
            path = f"taxpayer.earlier_credited_sales[{index}].on"
            yield path, sale.on, f"it is not earlier than the sale on {sold}"
