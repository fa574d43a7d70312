"""26 USC 25E(b), (d) and (e): income, and the rules taken over from section 30D(f).

Of 30D(f) the limits on income and on the suggested retail price are left out. What becomes of
the credit when the sale falls through, or the vehicle is soon given up, follows the same rules.
"""

from __future__ import annotations

from typing import Any

import attrs

from evcredit.citation import Citation
from evcredit.rule import Rule, all_of
from evcredit.section_30d import after_sale
from evcredit.section_30d import limits as new
from evcredit.section_30d.provision import PLACED_IN_SERVICE, Statement, provision

__all__ = [
    "income_of_used_vehicle_buyer",
    "named_as_buyer",
    "not_resold",
    "not_returned",
    "sale_went_through",
    "used_income_of_preceding_year",
    "used_income_of_this_year",
    "used_vehicle_special_rules",
]


# As in section 30D: the statute compares the lesser of two incomes with one threshold, the form
# tests each year against that year's own status.
@provision("26 USC 25E(b)(1)", "income of this or the preceding year within its threshold")
def income_of_used_vehicle_buyer(claim: Any, law: Any) -> Statement:
    """As 26 USC 30D(f)(10), with thresholds half as high and no taxpayer that is not tested."""
    threshold = law.used_vehicle_income_threshold.on(PLACED_IN_SERVICE)
    now, before = claim.taxpayer.current_year, claim.taxpayer.preceding_year
    return (now.modified_adjusted_gross_income <= threshold[now.filing_status]) | (
        before.modified_adjusted_gross_income <= threshold[before.filing_status]
    )


# The form asks about each year by itself.
@provision("26 USC 25E(b)(1)(A)(i)", "income of this year within its threshold")
def used_income_of_this_year(claim: Any, law: Any) -> Statement:
    """The income of this year alone."""
    threshold = law.used_vehicle_income_threshold.on(PLACED_IN_SERVICE)
    year = claim.taxpayer.current_year
    return year.modified_adjusted_gross_income <= threshold[year.filing_status]


@provision("26 USC 25E(b)(1)(A)(ii)", "income of the preceding year within its threshold")
def used_income_of_preceding_year(claim: Any, law: Any) -> Statement:
    """The income of the year before alone."""
    threshold = law.used_vehicle_income_threshold.on(PLACED_IN_SERVICE)
    year = claim.taxpayer.preceding_year
    return year.modified_adjusted_gross_income <= threshold[year.filing_status]


@provision("26 USC 25E(d)", "the vehicle identification number is on the return")
def used_vehicle_vin_on_return(claim: Any, law: Any) -> Statement:
    return claim.purchase.vin_on_return


def _taken_over(rule: Rule, citation: str) -> Rule:
    """A rule on new vehicles that stands in a place of its own for used ones."""
    return attrs.evolve(rule, citation=Citation.parse(citation))


named_as_buyer = _taken_over(new.named_in_seller_report, "26 CFR 1.25E-1(d)")
sale_went_through = _taken_over(after_sale.sale_not_cancelled, "26 CFR 1.25E-2(c)(1)")
not_returned = _taken_over(after_sale.not_returned_early, "26 CFR 1.25E-2(c)(1)")
not_resold = _taken_over(after_sale.not_resold_early, "26 CFR 1.25E-2(c)(1)")

used_vehicle_special_rules = all_of(
    "used_vehicle_special_rules",
    "no special rule stands in the way",
    "26 USC 25E(e)",
    income_of_used_vehicle_buyer,
    used_vehicle_vin_on_return,
    new.one_credit_per_vehicle,
    new.not_elected_out,
    new.used_in_united_states,
    new.air_and_safety,
    named_as_buyer,
    sale_went_through,
    not_returned,
    not_resold,
)
