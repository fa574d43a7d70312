"""Section 25E as a whole, and what only it adds to an assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from evcredit.algebra.alike import OneOfEach
from evcredit.algebra.day import Day
from evcredit.algebra.path import read, with_facts
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM
from evcredit.provisions.section import BoundCredit, Credit, Section
from evcredit.section_25e.acquisition import acquired_since_it_applies
from evcredit.section_25e.amount import used_vehicle_credit
from evcredit.section_25e.buyer import credits_that_differ, turns_on_anniversary
from evcredit.section_25e.sale import transfers_that_differ, turns_on_day_of_enactment
from evcredit.section_25e.transfer import TRANSFER

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


def _warnings(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """A published list and an election that are about new vehicles."""
    row = claim.vehicle.listing
    if row is not None:
        yield f"the list {row.list_id} is ignored: it does not apply to previously owned vehicles"
    if claim.purchase.elects_transition_rule:
        yield "the election of P.L. 117-169 sec. 13401(l) is ignored: it is about new vehicles"


def _undetermined(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Days on which a reading leaves the law open."""
    if turns_on_day_of_enactment(claim, bound.law):
        yield (
            "whether a transfer on the day of enactment itself counts is "
            "unresolved; choose a reading"
        )
    if turns_on_anniversary(claim, bound.law):
        yield "whether the three years hold their first anniversary is unresolved; choose a reading"


#: The lists of which many items may be unknown, with what shows the items apart.
_LISTS: dict[str, Callable[[Any, Law], dict[int, tuple[int, ...]]]] = {
    "vehicle.prior_transfers": transfers_that_differ,
    "taxpayer.prior_credits": credits_that_differ,
}


def _one_of_each(bound: BoundCredit, claim: Any) -> OneOfEach:
    """Earlier transfers and sales that are alike, stated once."""
    facts: dict[str, Any] = {}
    items: dict[str, tuple[str, ...]] = {}
    for path, differ in _LISTS.items():
        stated = read(claim, path)
        if stated is not None:
            places = differ(claim, bound.law)
            facts[path] = tuple(stated[place] for place in places)
            for number, alike in enumerate(places.values()):
                items[f"{path}[{number}]"] = tuple(f"{path}[{place}]" for place in alike)
    return OneOfEach(with_facts(claim, facts), items)


SECTION = Section(
    credit=Credit.PREVIOUSLY_OWNED_VEHICLE,
    title="previously owned clean vehicle credit",
    days=(_IN_SERVICE,),
    covered="used_vehicle_amount_limit",
    begins=acquired_since_it_applies,
    days_of=_days_of,
    rules={None: used_vehicle_credit},
    transfer=TRANSFER,
    warnings=_warnings,
    undetermined=_undetermined,
    one_of_each=_one_of_each,
)
