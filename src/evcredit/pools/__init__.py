"""Pools of vehicles and graphs of owners: what the law makes of them, with a receipt.

May import: results and below, and section 30D for contents and standards.
May be imported by: io, the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.pools.assessment import PoolAssessment as PoolAssessment
    from evcredit.pools.assessment import assess_pool as assess_pool
    from evcredit.pools.owners import OwnersAssessment as OwnersAssessment
    from evcredit.pools.owners import assess_owners as assess_owners

export(
    __name__,
    {"assessment": "PoolAssessment assess_pool", "owners": "OwnersAssessment assess_owners"},
)
