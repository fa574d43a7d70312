"""The day that picks the law of section 45W: placed in service, and nothing moves it.

The election of P.L. 117-169 sec. 13401(l) is about section 30D alone.
"""

from __future__ import annotations

from evcredit.algebra.day import Day
from evcredit.provisions.days import CLAIM

__all__ = ["IN_SERVICE"]

_FACT = CLAIM.purchase.placed_in_service

#: The day the taxpayer takes possession.
IN_SERVICE = Day(_FACT.path, "placed in service", body=_FACT, reads=(_FACT,))
