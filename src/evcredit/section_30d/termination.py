"""26 USC 30D(h): the end of the credit.

Since P.L. 119-21 the credit ends by the day of acquisition; before, it would have ended by the
day placed in service, which a law "as known on" an earlier day still says.
"""

from __future__ import annotations

from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of
from evcredit.provisions.acquisition import acquired_by
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView

__all__ = ["not_terminated"]


@provision(
    "26 USC 30D(h)",
    "acquired, by contract and payment, not after the deadline",
    in_force="acquisition_deadline_in_force",
)
def acquired_in_time(claim: ClaimView, law: LawView) -> Expression:
    return acquired_by(claim.purchase, law.acquisition_deadline.on(PLACED_IN_SERVICE))


@provision(
    "26 USC 30D(h)",
    "placed in service not after the deadline",
    in_force="service_deadline_in_force",
)
def placed_in_service_in_time(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.placed_in_service <= law.service_deadline.on(PLACED_IN_SERVICE)


not_terminated: Rule = all_of(
    "not_terminated",
    "the credit had not ended",
    "26 USC 30D(h)",
    acquired_in_time,
    placed_in_service_in_time,
)
