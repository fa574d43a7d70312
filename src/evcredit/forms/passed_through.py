"""Credits that partnerships and S corporations pass through to the return of an owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import finding_of
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.finding import Finding
from evcredit.algebra.money import add_up
from evcredit.algebra.verdict import Verdict
from evcredit.facts.claim import Claim
from evcredit.facts.purchase import Purchase
from evcredit.forms.return_facts import CleanVehicleReturn, days_of
from evcredit.forms.vehicle import NONE
from evcredit.law.law import Law
from evcredit.section_30d.limits import owner_income_within_limit

__all__ = ["PassedThrough", "passed_through"]


class PassedThrough(NamedTuple):
    """The credits passed through to a return, and what of them is allowed there.

    Args:
        new: US dollars passed through for new vehicles.
        new_allowed: What of that the income of the filer leaves.
        commercial: US dollars passed through for commercial vehicles, which have no such limit.
        income: Whether the income of the filer is within the limit.
        missing: The facts of the taxpayer that would settle it, as paths of the return.
    """

    new: Bounds[Decimal]
    new_allowed: Bounds[Decimal]
    commercial: Bounds[Decimal]
    income: Finding
    missing: tuple[str, ...]

    @property
    def total(self) -> Bounds[Decimal]:
        """All that is passed through."""
        return add_up((self.new, self.commercial))

    @property
    def allowed(self) -> Bounds[Decimal]:
        """What of it is allowed, as a general business credit."""
        return add_up((self.new_allowed, self.commercial))


def passed_through(stated: CleanVehicleReturn, law: Law) -> PassedThrough:
    """What is passed through to a return.

    The law that governs is that of the last day of the taxable year: on which day of it the
    entity placed the vehicle in service is not asked.

    Args:
        stated: The return.
        law: The law.
    """
    day = days_of(stated)[1] - timedelta(days=1)
    claim = Claim(purchase=Purchase(placed_in_service=day), taxpayer=stated.taxpayer)
    income = finding_of(owner_income_within_limit, claim, law)
    new = Bounds.of(stated.passed_through_new, NONE)
    verdict = income.verdict if income.in_force else Verdict.MET
    allowed = {Verdict.MET: new, Verdict.UNKNOWN: new.hull(NONE), Verdict.NOT_MET: NONE}[verdict]
    missing: tuple[str, ...] = ()
    if verdict is Verdict.UNKNOWN and new.upper:
        binding = Binding(law, {"purchase.placed_in_service": day})
        missing = tuple(_unknown(stated, claim, binding))
    commercial = Bounds.of(stated.passed_through_commercial, NONE)
    return PassedThrough(new, allowed, commercial, income, missing)


def _unknown(stated: CleanVehicleReturn, claim: Claim, binding: Binding) -> Iterator[str]:
    """The unknown incomes and statuses, under the path at which the return states its taxpayer."""
    for fact in owner_income_within_limit.facts():
        for unknown in fact.unknown_in(claim, binding):
            yield f"{stated.taxpayer_path}.{unknown.path.removeprefix('taxpayer.')}"
