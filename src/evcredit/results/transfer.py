"""Assess a transfer of the credit to the dealer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from evcredit.errors import InvalidFactError, checked
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit, Section
from evcredit.results.assessing import assess

if TYPE_CHECKING:
    from evcredit.facts.tax_return import TaxReturn
    from evcredit.facts.transfer import CreditTransfer
    from evcredit.provisions.transfer import TransferOutcome

__all__ = ["assess_transfer"]


def assess_transfer(
    transfer: CreditTransfer,
    *,
    tax_return: TaxReturn | None = None,
    law: Law | None = None,
    credit: Credit | str | Section = Credit.NEW_VEHICLE,
) -> TransferOutcome:
    """What follows from a transfer to the dealer, with the credit computed where omitted.

    Args:
        transfer: The election and what came of it. A credit it states is taken as it is, for
            example the one of the seller report.
        tax_return: The buyer's return; it matters only under a reading.
        law: The law; `current_law` if omitted.
        credit: Which credit is transferred, as for `assess`.

    Raises:
        InvalidFactError: There is no such credit, or it cannot be transferred to a dealer.
        OutsideCoverage: The vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> from evcredit.facts.transfer import CreditTransfer
    >>> transfer = CreditTransfer.at_the_dealer(
    ...     claim=examples.demonstration_claim(), payment=7500, elected_on="2024-06-03"
    ... )
    >>> outcome = assess_transfer(transfer)
    >>> outcome.holder.value, str(outcome.credit_to_dealer)
    ('the dealer', '7,500')
    """
    from evcredit.facts.transfer import CreditTransfer  # noqa: PLC0415
    from evcredit.provisions.transfer import settle_transfer  # noqa: PLC0415

    law = law_applied(law)
    checked(transfer, CreditTransfer, "transfer")
    section = section_of(credit)
    rules = section.transfer
    if rules is None:
        allowed = " or ".join(repr(each.value) for each in Credit if section_of(each).transfer)
        number = section.credit.value
        raise InvalidFactError("credit", number, f"no dealer can take it over; give {allowed}")
    if transfer.credit is None:
        found = assess(transfer.claim_at_the_sale(), law=law, credit=section).credit
        transfer = attrs.evolve(transfer, credit=found)
    return settle_transfer(transfer, tax_return=tax_return, law=law, rules=rules)
