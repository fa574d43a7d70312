"""26 USC 30D(c) and 26(a) as quantities: the parts of a credit, and the tax that limits them.

They are read on one return (`evcredit.provisions.tax_limit`) and on the columns of a table of
returns (`evcredit.tables.returns`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import Kind, declare
from evcredit.algebra.quantity import (
    Quantity,
    if_else,
    maximum,
    minimum,
    percent_of,
    quantity,
    rounded,
)
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.facts.tax_return import TaxReturn
from evcredit.law.law import Law
from evcredit.law.readings import Apportionment
from evcredit.provisions.days import CLAIM
from evcredit.provisions.views import LawView

__all__ = [
    "ALLOWED",
    "CREDIT",
    "FORFEITED",
    "LEFT",
    "NEW",
    "USED",
    "CreditedVehicle",
    "ReturnAmounts",
    "allowed_of",
    "forfeited_of",
    "left_after",
    "parts_of_credit",
]

Amount = Decimal | Bounds[Decimal] | None
_OF_RETURN = attrs.fields_dict(TaxReturn)


@attrs.frozen(kw_only=True)
class CreditedVehicle:
    """The credit for one new vehicle and its use, as the rules read them.

    Args:
        credit: US dollars of the credit determined, to the cent.
        business_use_percent: As of `TaxReturn`.
    """

    credit: Amount = attrs.field(default=None, metadata=declare(Kind.MONEY, "credit"))
    business_use_percent: Amount = attrs.field(
        default=None, metadata=_OF_RETURN["business_use_percent"].metadata
    )


@attrs.frozen(kw_only=True)
class ReturnAmounts:
    """The amounts of one return that share its tax, as the rules read them.

    Args:
        new_vehicle_credit: US dollars of the personal parts for all new vehicles.
        used_vehicle_credit: US dollars of the credits for all previously owned vehicles.
        tax_before_credits: As of `TaxReturn`.
        other_personal_credits: As of `TaxReturn`.
    """

    new_vehicle_credit: Amount = attrs.field(
        default=None, metadata=declare(Kind.MONEY, "personal credit for new vehicles")
    )
    used_vehicle_credit: Amount = attrs.field(
        default=None, metadata=declare(Kind.MONEY, "credit for previously owned vehicles")
    )
    tax_before_credits: Amount = attrs.field(
        default=None, metadata=_OF_RETURN["tax_before_credits"].metadata
    )
    other_personal_credits: Amount = attrs.field(
        default=None, metadata=_OF_RETURN["other_personal_credits"].metadata
    )


_VEHICLE: Any = facts_of(CreditedVehicle)
_RETURN: Any = facts_of(ReturnAmounts)
_LAW: LawView = law_of(Law)

#: The credit for one vehicle in whole cents: no line of a form holds less.
CREDIT = rounded(_VEHICLE.credit)
#: The personal credits of a return for new and for used vehicles.
NEW, USED = rounded(_RETURN.new_vehicle_credit), rounded(_RETURN.used_vehicle_credit)


def left_after(*taken: Any) -> Quantity:
    """Tax before credits less those that come first, and some more; never below zero."""
    first = quantity(_RETURN.other_personal_credits)
    for credit in taken:
        first = first + credit
    return maximum(quantity(_RETURN.tax_before_credits) - first, 0)


def allowed_of(credit: Quantity, left: Quantity) -> Quantity:
    """What of a personal credit the tax left allows (26 USC 26(a))."""
    return minimum(credit, left)


def forfeited_of(credit: Quantity, left: Quantity) -> Quantity:
    """What of a personal credit is above the tax left; it is not carried to another year."""
    return maximum(credit - left, 0)


#: The tax that personal credits can be set against, and what it allows of those for new vehicles.
LEFT = left_after()
ALLOWED, FORFEITED = allowed_of(NEW, LEFT), forfeited_of(NEW, LEFT)


def parts_of_credit(law: Law) -> tuple[Quantity, Quantity, Quantity]:
    """The percentage of a credit for a new vehicle that is for business, and both parts.

    The reading `Apportionment` decides between the plain multiplication of the form and the rule
    recalled of 26 CFR 1.30D-1(b)(2).

    Returns:
        The business share in percent; the business part (26 USC 30D(c)(1)); the personal part
        (30D(c)(2)). The parts add up to the credit.
    """
    share = quantity(_VEHICLE.business_use_percent)
    threshold = law.whole_business_credit_percent
    # As the law was known before the rule was made there is no such threshold.
    if law.readings.apportionment is not Apportionment.BY_USE and threshold.standing:
        named = _LAW.whole_business_credit_percent.on(CLAIM.purchase.placed_in_service)
        share = if_else(quantity(named) > share, share, 100)
    business = rounded(percent_of(share, CREDIT))
    # The business part is rounded half up, so the rest of the credit is rounded half down.
    return share, business, rounded(percent_of(quantity(100) - share, CREDIT), down=True)
