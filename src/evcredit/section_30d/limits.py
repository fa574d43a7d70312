"""26 USC 30D(f): the special rules that stand between a new clean vehicle and the credit."""

from __future__ import annotations

from typing import Any

from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact, law_of
from evcredit.fact import Kind
from evcredit.law import Law, PassThroughIncome
from evcredit.rule import FactRead, Finding, Mode, Rule, all_of, any_of
from evcredit.section_30d.after_sale import sale_stands
from evcredit.section_30d.listed import listed_price
from evcredit.section_30d.provision import CLAIM, PLACED_IN_SERVICE, Statement, provision
from evcredit.taxpayer import FilingStatus, TaxpayerKind
from evcredit.verdict import Verdict

__all__ = [
    "claimed_by_individual",
    "income_of_preceding_year",
    "income_of_this_year",
    "is_individual",
    "listed_special_rules",
    "special_rules",
    "who_may_claim",
]


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


# -- income --------------------------------------------------------------------------------

_ENTITY: Fact = CLAIM.taxpayer.kind

_income_elsewhere_rule = Rule(
    code="income_not_tested_here",
    title="the income limit is not tested at this taxpayer",
    citation=Citation.parse("26 CFR 1.30D-4"),
    mode=Mode.BODY,
)
#: Why the income limit is not tested at a kind of taxpayer.
_NOT_TESTED = {
    TaxpayerKind.CORPORATION: "a corporation has no income limit",
    TaxpayerKind.TAX_EXEMPT_USER: "a tax-exempt or governmental user has no income limit",
    **dict.fromkeys(
        (TaxpayerKind.PARTNERSHIP, TaxpayerKind.S_CORPORATION),
        "the income of each owner is tested on that owner's own return",
    ),
}


def _not_tested(entity: Any, law: Any) -> Any:
    """Whether the income limit is not tested at this kind of taxpayer."""
    has_none = entity.is_one_of(TaxpayerKind.CORPORATION, TaxpayerKind.TAX_EXEMPT_USER)
    passes_through = entity.is_one_of(TaxpayerKind.PARTNERSHIP, TaxpayerKind.S_CORPORATION)
    at_the_owners = law.readings.pass_through_income.is_one_of(PassThroughIncome.AT_THE_OWNERS)
    return has_none | (passes_through & at_the_owners)


_NOWHERE_HERE = _not_tested(_ENTITY, law_of(Law))


def _income_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    if not _NOWHERE_HERE.bind(binding)(claim):
        return ()
    read = FactRead(_ENTITY.path, claim.taxpayer.kind, _ENTITY.declared)
    why = _NOT_TESTED[claim.taxpayer.kind]
    return (Finding(_income_elsewhere_rule, Verdict.MET, facts=(read,), note=why),)


income_not_tested = Derived(
    name="income_not_tested_here",
    label="income limit not tested at this kind of taxpayer",
    kind=Kind.FLAG,
    body=_NOWHERE_HERE,
    findings=_income_findings,
)


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
    return (
        (now.modified_adjusted_gross_income <= threshold[now.filing_status])
        | (before.modified_adjusted_gross_income <= threshold[before.filing_status])
        | income_not_tested
    )


# The form asks about each year by itself.
@provision("26 USC 30D(f)(10)(A)(i)", "income of this year within its threshold")
def income_of_this_year(claim: Any, law: Any) -> Statement:
    """The income of this year alone, whatever the kind of taxpayer."""
    threshold = law.income_threshold.on(PLACED_IN_SERVICE)
    year = claim.taxpayer.current_year
    return year.modified_adjusted_gross_income <= threshold[year.filing_status]


@provision("26 USC 30D(f)(10)(A)(ii)", "income of the preceding year within its threshold")
def income_of_preceding_year(claim: Any, law: Any) -> Statement:
    """The income of the year before alone, whatever the kind of taxpayer."""
    threshold = law.income_threshold.on(PLACED_IN_SERVICE)
    year = claim.taxpayer.preceding_year
    return year.modified_adjusted_gross_income <= threshold[year.filing_status]


@provision(
    "26 USC 30D(f)(11)",
    "suggested retail price not in excess of the limit",
    in_force="clean_vehicle_rules_in_force",
)
def suggested_retail_price(claim: Any, law: Any) -> Statement:
    limit = law.suggested_retail_price_limit.on(PLACED_IN_SERVICE)
    return claim.vehicle.msrp <= limit[claim.vehicle.vehicle_class]


# -- who may claim -------------------------------------------------------------------------


def is_individual(taxpayer: Any) -> Statement:
    """That a taxpayer is an individual, of the facts of a taxpayer as rule bodies see them."""
    estate = taxpayer.current_year.filing_status.is_one_of(FilingStatus.ESTATE_OR_TRUST)
    others = [each for each in TaxpayerKind if each is not TaxpayerKind.INDIVIDUAL]
    return taxpayer.kind.is_one_of(TaxpayerKind.INDIVIDUAL) | (
        ~taxpayer.kind.is_one_of(*others) & ~estate
    )


@provision("26 USC 30D(f)(10)", "the taxpayer is an individual")
def claimed_by_individual(claim: Any, law: Any) -> Statement:
    """An individual, or nobody of another stated kind."""
    return is_individual(claim.taxpayer)


# The credit is against the tax of chapter 1, and the elective payment of 26 USC 6417 does not
# reach section 30D. What a tax-exempt owner could claim against a tax on unrelated business was
# not seen; none is allowed here.
@provision("26 USC 30D(a)", "the taxpayer is not a tax-exempt or governmental user")
def not_tax_exempt(claim: Any, law: Any) -> Statement:
    return ~claim.taxpayer.kind.is_one_of(TaxpayerKind.TAX_EXEMPT_USER)


@provision(
    "26 USC 30D(f)(3) (2021)", "a sale to a tax-exempt user counts for the seller, if it is one"
)
def seller_to_tax_exempt_user(claim: Any, law: Any) -> Statement:
    counts = law.tax_exempt_seller_rule_in_force.on(PLACED_IN_SERVICE)
    purchase = claim.purchase
    return ~purchase.sold_to_tax_exempt_user | (counts & purchase.credit_disclosed_to_user)


# There is no proration: whoever the report names claims the whole credit, or nobody does.
@provision("26 CFR 1.30D-4", "the seller report names no other owner of the vehicle")
def named_in_seller_report(claim: Any, law: Any) -> Statement:
    return ~claim.purchase.another_owner_in_seller_report


who_may_claim = all_of(
    "who_may_claim",
    "the taxpayer is the one who may claim",
    "26 USC 30D(a)",
    not_tax_exempt,
    seller_to_tax_exempt_user,
    named_in_seller_report,
)


_OTHERS = (
    income,
    one_credit_per_vehicle,
    vin_on_return,
    not_elected_out,
    used_in_united_states,
    air_and_safety,
    who_may_claim,
    sale_stands,
)

special_rules = all_of(
    "special_rules",
    "no special rule stands in the way",
    "26 USC 30D(f)",
    suggested_retail_price,
    *_OTHERS,
)

# The same for a claim that relies on a published list, which gives the limit of the class.
price_within_limit = any_of(
    "price_within_limit",
    "price not in excess of the limit of the vehicle's class, as stated or as listed",
    "26 USC 30D(f)(11)",
    suggested_retail_price,
    listed_price,
)

listed_special_rules = all_of(
    "special_rules",
    "no special rule stands in the way",
    "26 USC 30D(f)",
    price_within_limit,
    *_OTHERS,
)
