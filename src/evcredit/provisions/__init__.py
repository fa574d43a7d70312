"""What the sections of the law share. It knows no section by name.

May import: law, facts, algebra, data, errors.
May be imported by: the sections, results and every room above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.provisions.days import election_stands as election_stands
    from evcredit.provisions.registry import section_of as section_of
    from evcredit.provisions.section import BoundCredit as BoundCredit
    from evcredit.provisions.section import Credit as Credit
    from evcredit.provisions.section import Section as Section
    from evcredit.provisions.tax_limit import CreditAllocation as CreditAllocation
    from evcredit.provisions.tax_limit import allocate_credit as allocate_credit
    from evcredit.provisions.tax_limit import business_part as business_part
    from evcredit.provisions.tax_limit import remaining_tax as remaining_tax
    from evcredit.provisions.transfer import CreditHolder as CreditHolder
    from evcredit.provisions.transfer import TransferOutcome as TransferOutcome
    from evcredit.provisions.transfer import TransferRules as TransferRules
    from evcredit.provisions.transfer import settle_transfer as settle_transfer
    from evcredit.provisions.words import clauses as clauses

export(
    __name__,
    {
        "days": "election_stands",
        "registry": "section_of",
        "section": "BoundCredit Credit Section",
        "tax_limit": "CreditAllocation allocate_credit business_part remaining_tax",
        "transfer": "CreditHolder TransferOutcome TransferRules settle_transfer",
        "words": "clauses",
    },
)
