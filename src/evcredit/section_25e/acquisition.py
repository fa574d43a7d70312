"""26 USC 25E(g) and P.L. 117-169 sec. 13402(e): when the vehicle was acquired.

A vehicle is acquired on the first day on which there is both a written binding contract and a
payment (FS-2025-05), whatever of section 25E asks for the day. Possession is never earlier.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from evcredit.rule import all_of
from evcredit.section_30d.provision import PLACED_IN_SERVICE, Statement, provision

__all__ = [
    "acquired_between",
    "acquired_by",
    "acquired_late_enough",
    "acquired_since",
    "while_it_lasted",
]


def acquired_between(claim: Any) -> tuple[date | None, date | None]:
    """The first and the last day on which the vehicle may have been acquired.

    Args:
        claim: A claim.

    Returns:
        `None` for an end that nothing stated limits; the same day twice if it is known.

    >>> from evcredit import Claim, Purchase
    >>> acquired_between(Claim(purchase=Purchase(contract_date="2025-09-30")))
    (datetime.date(2025, 9, 30), None)
    """
    purchase = claim.purchase
    known = purchase.acquired
    if known is not None:
        return (known, known)
    return (purchase.contract_date or purchase.first_payment_date, purchase.placed_in_service)


# Possession stands in for a day that is not stated: what is acquired is never acquired later. So
# a day that is stated decides alone, whether possession is known or not.


def acquired_late_enough(purchase: Any, late_enough: Callable[[Any], Any]) -> Statement:
    """That the vehicle was acquired on a day that is late enough, of the facts of a purchase."""

    def since(day: Any) -> Any:
        return late_enough(day) & (day.is_stated | late_enough(purchase.placed_in_service))

    return since(purchase.contract_date) | since(purchase.first_payment_date)


def acquired_since(purchase: Any, first: Any) -> Statement:
    """That it was acquired on a day or later."""
    return acquired_late_enough(purchase, lambda day: day >= first)


def acquired_by(purchase: Any, last: Any) -> Statement:
    """That it was acquired on a day or earlier."""

    def by(day: Any) -> Any:
        return (day <= last) | (~day.is_stated & (purchase.placed_in_service <= last))

    return by(purchase.contract_date) & by(purchase.first_payment_date)


@provision("P.L. 117-169 sec. 13402(e)(1)", "acquired since the section applies")
def acquired_since_it_applies(claim: Any, law: Any) -> Statement:
    return acquired_since(claim.purchase, law.used_vehicle_first_acquisition.on(PLACED_IN_SERVICE))


@provision("26 USC 25E(g)", "acquired, by contract and payment, not after the last day")
def acquired_before_the_end(claim: Any, law: Any) -> Statement:
    return acquired_by(claim.purchase, law.used_vehicle_last_acquisition.on(PLACED_IN_SERVICE))


while_it_lasted = all_of(
    "while_it_lasted",
    "acquired while there was such a credit",
    "26 USC 25E(g)",
    acquired_since_it_applies,
    acquired_before_the_end,
)
