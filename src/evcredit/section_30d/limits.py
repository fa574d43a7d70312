"""26 USC 30D(f): the special rules that stand between a new clean vehicle and the credit."""

from __future__ import annotations

from typing import Any

from evcredit.rule import all_of, any_of
from evcredit.section_30d.listed import listed_price
from evcredit.section_30d.provision import PLACED_IN_SERVICE, Statement, provision

__all__ = ["listed_special_rules", "special_rules"]


@provision("26 USC 30D(f)(4)", "not used predominantly outside the United States")
def used_in_united_states(claim: Any, law: Any) -> Statement:
    return ~claim.purchase.used_mainly_outside_united_states


@provision("26 USC 30D(f)(6)", "the taxpayer does not elect out")
def not_elected_out(claim: Any, law: Any) -> Statement:
    return ~claim.purchase.elected_out


@provision("26 USC 30D(f)(7)", "complies with air quality and motor vehicle safety rules")
def air_and_safety(claim: Any, law: Any) -> Statement:
    return claim.vehicle.meets_air_and_safety_rules


@provision(
    "26 USC 30D(f)(8)",
    "no credit was allowed for this vehicle before",
    in_force="clean_vehicle_rules_in_force",
)
def one_credit_per_vehicle(claim: Any, law: Any) -> Statement:
    return ~claim.purchase.credit_already_allowed


@provision(
    "26 USC 30D(f)(9)",
    "the vehicle identification number is on the return",
    in_force="clean_vehicle_rules_in_force",
)
def vin_on_return(claim: Any, law: Any) -> Statement:
    return claim.purchase.vin_on_return


# The statute compares the lesser of two incomes with one threshold. The form, which governs in
# practice when the filing status changed, tests each year against that year's own status; with
# one status throughout the two are the same.
@provision(
    "26 USC 30D(f)(10)",
    "income of this or the preceding year within its threshold",
    in_force="clean_vehicle_rules_in_force",
)
def income(claim: Any, law: Any) -> Statement:
    threshold = law.income_threshold.on(PLACED_IN_SERVICE)
    now, before = claim.taxpayer.current_year, claim.taxpayer.preceding_year
    return (now.modified_adjusted_gross_income <= threshold[now.filing_status]) | (
        before.modified_adjusted_gross_income <= threshold[before.filing_status]
    )


@provision(
    "26 USC 30D(f)(11)",
    "suggested retail price not in excess of the limit",
    in_force="clean_vehicle_rules_in_force",
)
def suggested_retail_price(claim: Any, law: Any) -> Statement:
    limit = law.suggested_retail_price_limit.on(PLACED_IN_SERVICE)
    return claim.vehicle.msrp <= limit[claim.vehicle.vehicle_class]


_OTHERS = (
    income,
    one_credit_per_vehicle,
    vin_on_return,
    not_elected_out,
    used_in_united_states,
    air_and_safety,
)

special_rules = all_of(
    "special_rules",
    "no special rule stands in the way",
    "26 USC 30D(f)",
    suggested_retail_price,
    *_OTHERS,
)

#: The same for a claim that relies on a published list, which gives the limit of the class.
listed_special_rules = all_of(
    "special_rules",
    "no special rule stands in the way",
    "26 USC 30D(f)",
    any_of(
        "price_within_limit",
        "price not in excess of the limit of the vehicle's class, as stated or as listed",
        "26 USC 30D(f)(11)",
        suggested_retail_price,
        listed_price,
    ),
    *_OTHERS,
)
