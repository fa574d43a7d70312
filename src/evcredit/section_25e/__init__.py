"""Section 25E, the credit for previously owned clean vehicles.

May import: section 30D, whose rules it takes over unchanged, provisions, law, facts, algebra.
May be imported by: section 45W, forms, tables, audit.

| module | provisions |
|---|---|
| `acquisition` | (g), and the first day of the section: when the vehicle was acquired |
| `definition` | (c)(1): what a previously owned clean vehicle is |
| `sale` | (c)(2): what a qualified sale is, and who had the vehicle before |
| `buyer` | (c)(3): who a qualified buyer is |
| `limits` | (b), (d) and (e): income, and the special rules |
| `tax_limit` | 26 USC 26: the order of personal credits against tax |
| `transfer` | (f): the conditions of a transfer of the credit to the dealer |
| `amount` | (a): the amount, and everything together |
| `section` | the section as one object |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.section_25e.amount import PriceAccount as PriceAccount
    from evcredit.section_25e.amount import price_account as price_account
    from evcredit.section_25e.buyer import within_years as within_years
    from evcredit.section_25e.sale import slot_used_up as slot_used_up
    from evcredit.section_25e.sale import to_qualified_buyer as to_qualified_buyer
    from evcredit.section_25e.sale import transfer_counts as transfer_counts
    from evcredit.section_25e.tax_limit import PersonalCredits as PersonalCredits
    from evcredit.section_25e.tax_limit import personal_credits as personal_credits

export(
    __name__,
    {
        "amount": "PriceAccount price_account",
        "buyer": "within_years",
        "sale": "slot_used_up to_qualified_buyer transfer_counts",
        "tax_limit": "PersonalCredits personal_credits",
    },
)
