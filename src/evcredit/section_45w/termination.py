"""P.L. 117-169 sec. 13403(c) and 26 USC 45W(g): the first and the last day to acquire.

A vehicle is acquired when there is both a written binding contract and a payment. So the
Internal Revenue Service says of the last day (FS-2025-05); that the word means the same of the
first is our reading.
"""

from __future__ import annotations

from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of
from evcredit.provisions.acquisition import acquired_by, acquired_since
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.section_45w.days import IN_SERVICE

__all__ = ["commercial_acquired_late_enough", "commercial_acquisition"]


@provision("P.L. 117-169 sec. 13403(c)", "acquired, by contract or payment, after 2022")
def commercial_acquired_late_enough(claim: ClaimView, law: LawView) -> Expression:
    """Whoever has possession before the first day acquired the vehicle before it too."""
    return acquired_since(claim.purchase, law.commercial_first_acquisition.on(IN_SERVICE))


@provision("26 USC 45W(g)", "acquired, by contract and payment, not after the last day")
def commercial_acquired_in_time(claim: ClaimView, law: LawView) -> Expression:
    return acquired_by(claim.purchase, law.commercial_acquisition_deadline.on(IN_SERVICE))


commercial_acquisition: Rule = all_of(
    "commercial_acquisition",
    "acquired while there was a commercial credit",
    "26 USC 45W(g)",
    commercial_acquired_late_enough,
    commercial_acquired_in_time,
)
