"""26 USC 25E(b), (d) and (e): income, and the rules taken over from section 30D(f).

Of 30D(f) the limits on income and on the suggested retail price are omitted. What becomes of
the credit when the sale falls through, or the vehicle is soon given up, follows the same rules.
"""

from __future__ import annotations

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.section_30d import after_sale
from evcredit.section_30d import limits as new

__all__ = [
    "income_of_used_vehicle_buyer",
    "named_as_buyer",
    "not_resold",
    "not_returned",
    "sale_went_through",
    "used_income_of_prior_year",
    "used_income_of_this_year",
    "used_vehicle_special_rules",
]


# As in section 30D: the statute compares the lesser of two incomes with one threshold, the form
# tests each year against that year's own status.
@provision("26 USC 25E(b)(1)", "income of this or the prior year within its threshold")
def income_of_used_vehicle_buyer(claim: ClaimView, law: LawView) -> Expression:
    """As 26 USC 30D(f)(10), with thresholds half as high and no taxpayer that is not tested."""
    threshold = law.used_vehicle_income_threshold.on(PLACED_IN_SERVICE)
    now = claim.taxpayer.current_year
    this_year = now.modified_adjusted_gross_income <= threshold[now.filing_status]
    return this_year | new.prior_income_within(claim.taxpayer, threshold, law)


# The form asks about each year on its own.
@provision("26 USC 25E(b)(1)(A)(i)", "income of this year within its threshold")
def used_income_of_this_year(claim: ClaimView, law: LawView) -> Expression:
    """The income of this year alone."""
    threshold = law.used_vehicle_income_threshold.on(PLACED_IN_SERVICE)
    year = claim.taxpayer.current_year
    return year.modified_adjusted_gross_income <= threshold[year.filing_status]


@provision("26 USC 25E(b)(1)(A)(ii)", "income of the prior year within its threshold")
def used_income_of_prior_year(claim: ClaimView, law: LawView) -> Expression:
    """The income of the year before alone."""
    threshold = law.used_vehicle_income_threshold.on(PLACED_IN_SERVICE)
    return new.prior_income_within(claim.taxpayer, threshold, law)


@provision("26 USC 25E(d)", "the vehicle identification number is on the return")
def used_vehicle_vin_on_return(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.vin_on_return


def _taken_over(rule: Rule, citation: str) -> Rule:
    """A rule on new vehicles that is in a place of its own for used ones."""
    return attrs.evolve(rule, citation=Citation.parse(citation))


used_in_service: Rule = _taken_over(new.in_service, "26 USC 25E(a)")
named_as_buyer: Rule = _taken_over(new.named_in_seller_report, "26 CFR 1.25E-1(d)")
sale_went_through: Rule = _taken_over(after_sale.sale_not_cancelled, "26 CFR 1.25E-2(c)(1)")
not_returned: Rule = _taken_over(after_sale.not_returned_early, "26 CFR 1.25E-2(c)(1)")
not_resold: Rule = _taken_over(after_sale.not_resold_early, "26 CFR 1.25E-2(c)(1)")

used_vehicle_special_rules: Rule = all_of(
    "used_vehicle_special_rules",
    "no special rule applies",
    "26 USC 25E(e)",
    income_of_used_vehicle_buyer,
    used_vehicle_vin_on_return,
    new.one_credit_per_vehicle,
    new.not_elected_out,
    new.used_in_united_states,
    new.air_and_safety,
    named_as_buyer,
    used_in_service,
    sale_went_through,
    not_returned,
    not_resold,
)
