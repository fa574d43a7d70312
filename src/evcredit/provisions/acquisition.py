"""When a vehicle was acquired, for sections 25E, 30D and 45W.

A vehicle is acquired on the first day on which there is both a written binding contract and a
payment (FS-2025-05), whatever of a section requires the day. Possession is never earlier; without
a contract before it, the vehicle is acquired with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from evcredit.algebra.expression import Expression
from evcredit.algebra.kinds import DayFact
from evcredit.algebra.parameter import Parameter
from evcredit.provisions.views import PurchaseView

__all__ = ["acquired_between", "acquired_by", "acquired_late_enough", "acquired_since"]


def acquired_between(claim: Any) -> tuple[date | None, date | None]:
    """The first and the last day on which the vehicle may have been acquired.

    Args:
        claim: A claim.

    Returns:
        `None` for an end that nothing stated limits; the same day twice if it is known, or
        assumed (`Purchase.acquired_shortly_before`).

    >>> from evcredit import Claim, Purchase
    >>> acquired_between(Claim(purchase=Purchase(contract_date="2025-09-30")))
    (datetime.date(2025, 9, 30), None)
    """
    purchase = claim.purchase
    if purchase.acquired is not None:
        return (purchase.acquired, purchase.acquired)
    last = purchase.placed_in_service
    first = purchase.contract_date or purchase.first_payment_date
    return (first or (last if purchase.acquired_shortly_before else None), last)


# Possession replaces a day that is not stated: what is acquired is never acquired later. So
# a day that is stated decides alone, whether possession is known or not.


def acquired_late_enough(
    purchase: PurchaseView, late_enough: Callable[[DayFact], Expression]
) -> Expression:
    """That the vehicle was acquired on a day that is late enough, of the facts of a purchase."""
    contract, payment = purchase.contract_date, purchase.first_payment_date
    possession = late_enough(purchase.placed_in_service)
    # Shortly before possession is as late as possession, but for the last day of a credit.
    supposed = purchase.acquired_shortly_before & ~contract.is_stated & ~payment.is_stated
    contracted = (late_enough(contract) | purchase.no_contract) & (contract.is_stated | possession)
    paid = late_enough(payment) & (payment.is_stated | possession)
    return (supposed & possession) | (~supposed & (contracted | paid))


def acquired_since(purchase: PurchaseView, first: Parameter[date]) -> Expression:
    """That it was acquired on a day or later."""
    return acquired_late_enough(purchase, lambda day: day >= first)


def acquired_by(purchase: PurchaseView, last: Parameter[date]) -> Expression:
    """That it was acquired on a day or earlier."""
    contract, payment = purchase.contract_date, purchase.first_payment_date

    def possession(day: DayFact) -> Expression:
        return (purchase.placed_in_service <= last) & ~day.is_stated

    contracted = possession(contract) | ((contract <= last) & ~purchase.no_contract)
    return contracted & (possession(payment) | (payment <= last))
