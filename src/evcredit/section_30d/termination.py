"""26 USC 30D(h): the end of the credit.

Since P.L. 119-21 the credit ends by the day of acquisition; before, it would have ended by the
day placed in service, which a law "as known on" an earlier day still says.
"""

from __future__ import annotations

from typing import Any

from evcredit.rule import all_of
from evcredit.section_30d.provision import PLACED_IN_SERVICE, Statement, provision

__all__ = ["not_terminated"]


# A vehicle is acquired when there is both a written binding contract and a payment (FS-2025-05),
# and never after it is placed in service: possession in time settles the matter alone.
@provision(
    "26 USC 30D(h)",
    "acquired, by contract and payment, not after the deadline",
    in_force="acquisition_deadline_in_force",
)
def acquired_in_time(claim: Any, law: Any) -> Statement:
    deadline = law.acquisition_deadline.on(PLACED_IN_SERVICE)
    return (claim.purchase.placed_in_service <= deadline) | (
        (claim.purchase.contract_date <= deadline) & (claim.purchase.first_payment_date <= deadline)
    )


@provision(
    "26 USC 30D(h)",
    "placed in service not after the deadline",
    in_force="service_deadline_in_force",
)
def placed_in_service_in_time(claim: Any, law: Any) -> Statement:
    return claim.purchase.placed_in_service <= law.service_deadline.on(PLACED_IN_SERVICE)


not_terminated = all_of(
    "not_terminated",
    "the credit had not ended",
    "26 USC 30D(h)",
    acquired_in_time,
    placed_in_service_in_time,
)
