"""26 USC 26(a): how the personal credits of one return share the tax of the year.

The credit for previously owned vehicles and the personal part of the credit for new ones are both
limited by the tax of the year, and neither is carried to another. Together they get the lesser of
their sum and the tax left, whichever comes first; the order decides only how much of it is the
one and how much the other, and on which line it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.field import repr_of_facts
from evcredit.algebra.money import AmountLine, add_up
from evcredit.algebra.quantity import Quantity, if_else
from evcredit.algebra.symbol import law_of
from evcredit.errors import InvalidFactError
from evcredit.facts.tax_return import TaxReturn
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.return_amounts import (
    LEFT,
    NEW,
    USED,
    ReturnAmounts,
    allowed_of,
    forfeited_of,
    left_after,
)
from evcredit.provisions.tax_limit import allocate_credit
from evcredit.provisions.views import LawView

__all__ = ["SHARES_OF_TAX", "PersonalCredits", "personal_credits"]

_TAX_LIMIT = Citation.parse("26 USC 26(a)")
_LAW: LawView = law_of(Law)


def _shares_of_tax() -> dict[str, Quantity]:
    """By the instructions for Form 8936 of 2025 the credit for used vehicles comes first."""
    used_first = _LAW.readings.used_vehicle_credit_first
    left_for_new = if_else(used_first, left_after(USED), LEFT)
    left_for_used = if_else(used_first, LEFT, left_after(NEW))
    both = NEW + USED
    return {
        "left_for_new": left_for_new,
        "new_allowed": allowed_of(NEW, left_for_new),
        "new_lost": forfeited_of(NEW, left_for_new),
        "left_for_used": left_for_used,
        "used_allowed": allowed_of(USED, left_for_used),
        "used_lost": forfeited_of(USED, left_for_used),
        "allowed": allowed_of(both, LEFT),
        "forfeited": forfeited_of(both, LEFT),
    }


#: What the personal credits of a return amount to, by the names of `PersonalCredits`: read on
#: the amounts of one return, and on the columns of a table of returns.
SHARES_OF_TAX: Mapping[str, Quantity] = _shares_of_tax()


@attrs.frozen(kw_only=True, repr=False)
class PersonalCredits:
    """What the personal credits of a return amount to. Returned by `personal_credits`.

    All amounts are bounds in US dollars. Of each credit, what is allowed and what is lost add up
    to it, whatever the unknown facts turn out to be.

    Args:
        left_for_new: The tax that the credit for new vehicles can be set against.
        new_allowed: The credit for new vehicles that is allowed.
        new_lost: What of it is above the tax left, and not carried to any other year.
        left_for_used: Like the above, for previously owned vehicles.
        used_allowed: The credit for previously owned vehicles that is allowed.
        used_lost: What of it is above the tax left.
        allowed: What of both together is allowed.
        forfeited: What of both together is lost.
        used_first: Whether the credit for used vehicles came first; `None` if that is unresolved.
        missing: The facts of the `TaxReturn` that are not known exactly and affect these.
    """

    __repr__ = repr_of_facts

    left_for_new: Bounds[Decimal]
    new_allowed: Bounds[Decimal]
    new_lost: Bounds[Decimal]
    left_for_used: Bounds[Decimal]
    used_allowed: Bounds[Decimal]
    used_lost: Bounds[Decimal]
    allowed: Bounds[Decimal]
    forfeited: Bounds[Decimal]
    used_first: bool | None
    missing: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[AmountLine, ...]:
        """The account, line by line, each with the provision of law."""
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
        law: The law, with the reading; `current_law` if omitted.

    Raises:
        InvalidFactError: The return states a credit for previously owned vehicles beside `used`,
            or an amount is negative, infinite or no decimal number.

    >>> tax_return = TaxReturn(tax_before_credits=10_000, other_personal_credits=0)
    >>> exactly = Bounds.exactly
    >>> found = personal_credits(exactly(Decimal(7500)), exactly(Decimal(4000)), tax_return)
    >>> print(found.used_allowed, found.new_allowed, found.new_lost)
    4,000 6,000 1,500
    """
    if tax_return.previously_owned_vehicle_credit is not None:
        raise InvalidFactError(
            "tax_return.previously_owned_vehicle_credit",
            tax_return.previously_owned_vehicle_credit,
            "omit it: it is computed from the credits for used vehicles",
        )
    law = law_applied(law)
    both = add_up((new, used))
    # What affects both together is what affects one personal credit as large as both.
    personal = attrs.evolve(tax_return, business_use_percent=Decimal(0))
    missing = [allocate_credit(each, personal).missing for each in (new, used, both)][-1]
    amounts = ReturnAmounts(
        new_vehicle_credit=new,
        used_vehicle_credit=used,
        tax_before_credits=tax_return.tax_before_credits,
        other_personal_credits=tax_return.other_personal_credits,
    )
    found = {name: bounds(amounts) for name, bounds in _bound(law)}
    return PersonalCredits(
        **found, used_first=law.readings.used_vehicle_credit_first, missing=missing
    )


@lru_cache(maxsize=16)
def _bound(law: Law) -> tuple[tuple[str, Callable[[Any], Bounds[Decimal]]], ...]:
    """The amounts of `PersonalCredits`, each as a function of the amounts of a return."""
    binding = Binding(law, {})
    return tuple((name, amount.bind(binding)) for name, amount in SHARES_OF_TAX.items())
