"""Section 25E as a whole, and what only it adds to an assessment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from evcredit.expression import Day
from evcredit.law import Law
from evcredit.section import Credit, Section
from evcredit.section_25e.amount import used_vehicle_credit
from evcredit.section_25e.buyer import turns_on_anniversary
from evcredit.section_25e.sale import turns_on_day_of_enactment
from evcredit.section_30d.provision import CLAIM

if TYPE_CHECKING:
    from evcredit.assessment import Assessment

__all__ = ["SECTION"]

# The rules shared with section 30D read the day of possession under the same path. The election
# of 2022, which may move it there, is none of this section's.
_IN_SERVICE = Day(
    CLAIM.purchase.placed_in_service.path,
    "placed in service",
    CLAIM.purchase.placed_in_service,
    reads=(CLAIM.purchase.placed_in_service,),
)


def _days_of(claim: Any, law: Law) -> tuple[date | None, ...]:
    return (claim.purchase.placed_in_service,)


def _warnings(result: Assessment) -> Iterator[str]:
    """A published list and an election that are about new vehicles."""
    row = result.claim.vehicle.listing
    if row is not None:
        yield f"the list {row.list_id} is left aside: it says nothing of previously owned vehicles"
    if result.claim.purchase.elects_binding_contract_rule:
        yield "the election of P.L. 117-169 sec. 13401(l) is left aside: it is about new vehicles"


def _undetermined(result: Assessment) -> Iterator[str]:
    """Days on which a reading leaves the law open."""
    if turns_on_day_of_enactment(result.claim, result.law):
        yield "whether a transfer on the day of enactment itself counts is open; choose a reading"
    if turns_on_anniversary(result.claim, result.law):
        yield "whether the three years hold their first anniversary is open; choose a reading"


SECTION = Section(
    credit=Credit.PREVIOUSLY_OWNED_VEHICLE,
    title="previously owned clean vehicle credit",
    days=(_IN_SERVICE,),
    covered="used_vehicle_amount_limit",
    days_of=_days_of,
    rules={None: used_vehicle_credit},
    warnings=_warnings,
    undetermined=_undetermined,
)
