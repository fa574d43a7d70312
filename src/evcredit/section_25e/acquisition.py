"""26 USC 25E(g) and P.L. 117-169 sec. 13402(e): when the vehicle was acquired."""

from __future__ import annotations

from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of
from evcredit.provisions.acquisition import acquired_by, acquired_since
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView

__all__ = ["acquired_before_end", "acquired_since_it_applies"]


@provision("P.L. 117-169 sec. 13402(e)(1)", "acquired since the section applies")
def acquired_since_it_applies(claim: ClaimView, law: LawView) -> Expression:
    """Whoever has possession before the first day acquired the vehicle before it too."""
    return acquired_since(claim.purchase, law.used_vehicle_first_acquisition.on(PLACED_IN_SERVICE))


@provision("26 USC 25E(g)", "acquired, by contract and payment, not after the last day")
def acquired_before_the_end(claim: ClaimView, law: LawView) -> Expression:
    return acquired_by(claim.purchase, law.used_vehicle_last_acquisition.on(PLACED_IN_SERVICE))


acquired_before_end: Rule = all_of(
    "acquired_before_end",
    "acquired while there was such a credit",
    "26 USC 25E(g)",
    acquired_since_it_applies,
    acquired_before_the_end,
)
