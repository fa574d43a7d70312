"""26 USC 25E(f): the transfer of the credit to the dealer, by rules similar to 26 USC 30D(g).

What is taken over is the very rules of `evcredit.section_30d.transfer`. Of its own section 25E
has its first day, which is one of acquisition, what the dealer discloses as the price, the income
that the buyer may not exceed, and the dealer's license, which is a condition of the sale too.
That the rest of 26 CFR 1.25E-3 says what 26 CFR 1.30D-5 does is recalled.
"""

from __future__ import annotations

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of
from evcredit.provisions.acquisition import acquired_since
from evcredit.provisions.transfer import IN_SERVICE, TransferRules, condition
from evcredit.provisions.views import CreditTransferView, LawView
from evcredit.section_25e.limits import (
    income_of_used_vehicle_buyer,
    not_resold,
    not_returned,
    sale_went_through,
)
from evcredit.section_30d import transfer as new

__all__ = ["TRANSFER", "used_transfer_allowed"]


@condition("P.L. 117-169 sec. 13402(e)(2)", "acquired since such credits may be transferred")
def used_transfers_have_begun(transfer: CreditTransferView, law: LawView) -> Expression:
    return acquired_since(
        transfer.claim.purchase, law.used_transfer_first_acquisition.on(IN_SERVICE)
    )


def _similar(rule: Rule, citation: str, title: str = "") -> Rule:
    """A rule on new vehicles that stands, or is worded, otherwise for used ones."""
    return attrs.evolve(rule, citation=Citation.parse(citation), title=title or rule.title)


sale_price_disclosed: Rule = _similar(
    new.price_disclosed, "26 USC 30D(g)(2)(B)(i)", "the dealer disclosed the price"
)

used_disclosures: Rule = all_of(
    "disclosures",
    new.disclosures.title,
    "26 USC 30D(g)(2)(B)",
    sale_price_disclosed,
    new.credit_and_incentives_disclosed,
    new.payment_disclosed,
)

used_dealer_not_licensed_by_territory_alone: Rule = _similar(
    new.not_licensed_by_territory_alone, "26 CFR 1.25E-1(b)(3)"
)
elected_by_used_vehicle_buyer: Rule = _similar(new.elected_by_individual, "26 CFR 1.25E-3(d)")
used_vehicle_mainly_for_personal_use: Rule = _similar(new.mainly_personal_use, "26 CFR 1.25E-3(d)")
used_elections_left: Rule = _similar(new.elections_left, "26 CFR 1.25E-3(d)")

used_transfer_allowed: Rule = all_of(
    "transfer_allowed",
    new.transfer_allowed.title,
    "26 USC 25E(f)",
    used_transfers_have_begun,
    new.dealer_registered,
    used_disclosures,
    new.paid_in_full,
    new.incentives_apart,
    new.elected_in_time,
    new.dealer_licensed,
    used_dealer_not_licensed_by_territory_alone,
    elected_by_used_vehicle_buyer,
    used_vehicle_mainly_for_personal_use,
    used_elections_left,
)

TRANSFER = TransferRules(
    allowed=used_transfer_allowed,
    went_through=sale_went_through,
    not_returned=not_returned,
    not_resold=not_resold,
    income=income_of_used_vehicle_buyer,
    covered="used_transfer_first_acquisition",
)
