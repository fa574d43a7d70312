"""26 USC 26(a): how the personal credits of one return share the tax of the year.

The credit for previously owned vehicles and the personal part of the credit for new ones are both
limited by the tax of the year, and neither is carried to another. Together they get the lesser of
their sum and the tax left, whichever comes first; the order decides only how much of it is the
one and how much the other, and on which line it stands.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce

import attrs

from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.errors import InvalidFactError
from evcredit.law import Law, current_law
from evcredit.money import AmountLine, add_up, lesser_of, what_is_left
from evcredit.section_30d.use_of_credit import tax_left, use_of_credit
from evcredit.tax_return import TaxReturn

__all__ = ["PersonalCredits", "personal_credits"]

_NOTHING = Decimal(0)
_TAX_LIMIT = Citation.parse("26 USC 26(a)")


@attrs.frozen(kw_only=True)
class PersonalCredits:
    """What the personal credits of a return come to. Made by `personal_credits`.

    All amounts are bounds in US dollars. Of each credit, what is allowed and what is lost add up
    to it, whatever the unknown facts turn out to be.

    Args:
        left_for_new: The tax that the credit for new vehicles can be set against.
        new_allowed: The credit for new vehicles that is allowed.
        new_lost: What of it is above the tax left, and not carried to any other year.
        left_for_used: The same for previously owned vehicles.
        used_allowed: The credit for previously owned vehicles that is allowed.
        used_lost: What of it is above the tax left.
        allowed: What of both together is allowed.
        lost: What of both together is lost.
        used_first: Whether the credit for used vehicles came first; `None` if that is open.
        missing: The facts of the `TaxReturn` that are not known exactly and bear on these.
    """

    left_for_new: Bounds[Decimal]
    new_allowed: Bounds[Decimal]
    new_lost: Bounds[Decimal]
    left_for_used: Bounds[Decimal]
    used_allowed: Bounds[Decimal]
    used_lost: Bounds[Decimal]
    allowed: Bounds[Decimal]
    lost: Bounds[Decimal]
    used_first: bool | None
    missing: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[AmountLine, ...]:
        """The account, line by line, each with where it stands in the law."""
        return (
            AmountLine("tax left for used vehicles", self.left_for_used, _TAX_LIMIT),
            AmountLine("credit for used vehicles allowed", self.used_allowed, _TAX_LIMIT),
            AmountLine("of it lost, not carried", self.used_lost, _TAX_LIMIT),
            AmountLine("tax left for new vehicles", self.left_for_new, _TAX_LIMIT),
            AmountLine("personal credit for new vehicles allowed", self.new_allowed, _TAX_LIMIT),
            AmountLine("of it lost, not carried", self.new_lost, _TAX_LIMIT),
        )


def personal_credits(
    new: Bounds[Decimal],
    used: Bounds[Decimal],
    tax_return: TaxReturn,
    *,
    law: Law | None = None,
) -> PersonalCredits:
    """How the personal credits for new and used vehicles share the tax of a return.

    By the instructions for Form 8936 of 2025 the credit for used vehicles comes first. The
    reading `used_vehicle_credit_first` puts it second, or leaves that open.

    Args:
        new: US dollars: the personal parts of all new vehicles of the year together.
        used: US dollars: the credits for all previously owned vehicles of the year.
        tax_return: The return; what it states of the use of one vehicle does not matter.
        law: The law, with the reading; `current_law` if left out.

    Raises:
        InvalidFactError: The return states a credit for previously owned vehicles beside `used`,
            or an amount is negative, infinite or no decimal number.

    >>> tax_return = TaxReturn(tax_before_credits=10_000, other_personal_credits=0)
    >>> exactly = Bounds.exactly
    >>> found = personal_credits(exactly(Decimal(7500)), exactly(Decimal(4000)), tax_return)
    >>> print(found.used_allowed, found.new_allowed, found.new_lost)
    4000 6000 1500
    """
    if tax_return.previously_owned_vehicle_credit is not None:
        raise InvalidFactError(
            "tax_return.previously_owned_vehicle_credit",
            tax_return.previously_owned_vehicle_credit,
            "leave it out: it is worked out from the credits for used vehicles",
        )
    law = current_law() if law is None else law
    tax = tax_left(tax_return)
    both = add_up((new, used))
    # What bears on both together is what bears on one personal credit as large as both.
    personal = attrs.evolve(tax_return, business_use_percent=Decimal(0))
    missing = [use_of_credit(each, personal).missing for each in (new, used, both)][-1]
    first = law.readings.used_vehicle_credit_first
    orders = (True, False) if first is None else (first,)
    ways = [_in_order(new, used, tax, used_first=order) for order in orders]
    hulls = [reduce(Bounds.hull, ends) for ends in zip(*ways, strict=True)]
    names = (
        *("left_for_new", "new_allowed", "new_lost"),
        *("left_for_used", "used_allowed", "used_lost"),
    )
    _, allowed, lost = _limited(both, tax)
    return PersonalCredits(
        **dict(zip(names, hulls, strict=True)),
        allowed=allowed,
        lost=lost,
        used_first=first,
        missing=missing,
    )


def _in_order(
    new: Bounds[Decimal], used: Bounds[Decimal], tax: Bounds[Decimal], *, used_first: bool
) -> tuple[Bounds[Decimal], ...]:
    """What is left, allowed and lost of the new and then of the used, in one order."""
    one, other = (used, new) if used_first else (new, used)
    first = _limited(one, tax)
    # What the first one leaves is the tax less all of it, not below zero.
    second = _limited(other, what_is_left(tax, one))
    return (*second, *first) if used_first else (*first, *second)


def _limited(
    credit: Bounds[Decimal], left: Bounds[Decimal]
) -> tuple[Bounds[Decimal], Bounds[Decimal], Bounds[Decimal]]:
    """The tax left, the credit allowed against it, and what is lost of it."""
    return left, lesser_of(credit, left), what_is_left(credit, left)
