"""Section 45W as a whole, and what only it adds to an assessment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evcredit.section import Credit, Section
from evcredit.section_45w.amount import composition, no_published_number
from evcredit.section_45w.days import IN_SERVICE

if TYPE_CHECKING:
    from evcredit.assessment import Assessment

__all__ = ["SECTION"]


def _undetermined(result: Assessment) -> Iterator[str]:
    """A published number that is not held, or that there is not."""
    binding = SECTION.of(result.claim, result.law).binding
    for reason in no_published_number(result.claim, binding):
        yield f"{reason}; supply it with Law.with_incremental_cost, or state compares_prices"


def _warnings(result: Assessment) -> Iterator[str]:
    """Where the lessee of a vehicle asks."""
    if result.claim.purchase.leased_from_another:
        yield "of a leased vehicle the lessor claims this credit; the lessee has no part in it"


SECTION = Section(
    credit=Credit.COMMERCIAL_VEHICLE,
    title="commercial clean vehicle credit",
    days=(IN_SERVICE,),
    covered="commercial_percent",
    days_of=lambda claim, law: (claim.purchase.placed_in_service,),
    rules={None: composition},
    warnings=_warnings,
    undetermined=_undetermined,
)
