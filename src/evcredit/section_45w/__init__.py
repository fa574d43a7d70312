"""Section 45W, the credit for qualified commercial clean vehicles.

May import: sections 30D and 25E, provisions, law, facts, algebra.
May be imported by: forms, tables, audit.

| module | provisions |
|---|---|
| `definition` | (c): what a qualified commercial clean vehicle is, and (d)(2) |
| `limits` | (d) and (e): the special rules, and who claims |
| `published` | (b)(2): numbers that the agency publishes for kinds of vehicles |
| `amount` | (b): basis, incremental cost and limit, and everything together |
| `days` | the day that picks the law |
| `termination` | (g): the first and the last day to acquire |
| `section` | the section as one object |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.section_45w.amount import BasisAccount as BasisAccount
    from evcredit.section_45w.amount import basis_account as basis_account
    from evcredit.section_45w.amount import no_published_number as no_published_number
    from evcredit.section_45w.published import published_cost as published_cost
    from evcredit.section_45w.published import published_numbers as published_numbers
    from evcredit.section_45w.published import residual_percent as residual_percent

export(
    __name__,
    {
        "amount": "BasisAccount basis_account no_published_number",
        "published": "published_cost published_numbers residual_percent",
    },
)
