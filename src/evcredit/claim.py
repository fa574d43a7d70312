"""A claim: one vehicle, one purchase, one taxpayer."""

from __future__ import annotations

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
        InvalidFactError: A part is of the wrong class.

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
        check(self)
