"""The tax return on which a credit is taken, as far as a vehicle credit looks at it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.fact import Kind, as_percent, as_price, check, declare

__all__ = ["TaxReturn"]


@attrs.frozen(kw_only=True)
class TaxReturn:
    """What decides how much of a vehicle credit a return can use. Left out is unknown.

    Each amount may also be given as `Bounds`.

    Args:
        business_use_percent: Percent of the use of the vehicle, in the year it was placed in
            service, for business or investment: miles driven so over all miles, and commuting
            is personal (Schedule A of Form 8936, line 10). State 100 for a corporation, and for
            the seller to a tax-exempt user.
        tax_before_credits: US dollars of tax before credits (from 2020 on Form 1040, line 18),
            the alternative minimum tax included, and what is repaid of transferred credits
            (Schedule 2, lines 1b and 1c).
        other_personal_credits: US dollars of the personal credits that are taken first, the
            foreign tax credit among them (in 2025 lines 1 to 4, 5b, 6d and 6l of Schedule 3);
            0 if there are none.
        previously_owned_vehicle_credit: US dollars of the credit of 26 USC 25E taken on the same
            return, which comes before the one for a new vehicle (Schedule 3, line 6m); none
            unless stated.

    Raises:
        InvalidFactError: An amount is negative, a float, or finer than a cent; or a percentage
            is above 100.

    >>> TaxReturn(tax_before_credits=3_000, other_personal_credits=0).business_use_percent
    """

    business_use_percent: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(Kind.PERCENT, "business use of the vehicle"),
    )
    tax_before_credits: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "tax before credits"),
    )
    other_personal_credits: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "other personal credits"),
    )
    previously_owned_vehicle_credit: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "credit for a previously owned vehicle", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self)

    @classmethod
    def personal(cls, **facts: Any) -> TaxReturn:
        """The return of somebody who uses the vehicle for nothing but personal ends.

        Whatever else is given is added, and goes before that.

        >>> TaxReturn.personal(tax_before_credits=3_000).business_use_percent
        Decimal('0')
        """
        usual: dict[str, Any] = {"business_use_percent": 0}
        return cls(**{**usual, **facts})
