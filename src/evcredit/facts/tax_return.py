"""The tax return on which a credit is taken, as far as a vehicle credit looks at it."""

from __future__ import annotations

from decimal import Decimal
from typing import (
    Any,
    TypedDict,
    Unpack,
)

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import Kind, Number, as_percent, as_price, check, declare, repr_of_facts
from evcredit.algebra.shorthand import given

__all__ = ["TaxReturn", "TaxReturnFacts", "as_tax_return"]


class TaxReturnFacts(TypedDict, total=False):
    """Keyword arguments of `TaxReturn`."""

    business_use_percent: Number | None
    tax_before_credits: Number | None
    other_personal_credits: Number | None
    previously_owned_vehicle_credit: Number | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class TaxReturn:
    """What decides how much of a vehicle credit a return can use. Omitted is unknown.

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

    __repr__ = repr_of_facts
    __str__ = brief

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

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, sound=sound)

    @classmethod
    def personal(cls, **facts: Unpack[TaxReturnFacts]) -> TaxReturn:
        """The return of someone who uses the vehicle for nothing but personal ends.

        Whatever else is given is added, and overrides that.

        >>> TaxReturn.personal(tax_before_credits=3_000).business_use_percent
        Decimal('0')
        """
        stated: TaxReturnFacts = {"business_use_percent": 0}
        stated.update(given(facts))
        return cls(**stated)


def as_tax_return(value: TaxReturn | None) -> Any:
    """A return; `None` is one of which nothing is known."""
    return TaxReturn() if value is None else value
