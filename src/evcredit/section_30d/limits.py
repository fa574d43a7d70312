"""26 USC 30D(f): the special rules that stand between a new clean vehicle and the credit."""

from __future__ import annotations

from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.kinds import ChoiceFact
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.rule import Rule, all_of, any_of
from evcredit.algebra.schedule import Table
from evcredit.algebra.symbol import law_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.facts.taxpayer import FilingStatus, TaxpayerKind
from evcredit.law.law import Law
from evcredit.law.readings import PassThroughIncome
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView, TaxpayerView
from evcredit.provisions.words import clauses
from evcredit.section_30d.after_sale import sale_final
from evcredit.section_30d.listed import listed_price

__all__ = [
    "claimed_by_individual",
    "in_service",
    "income_of_prior_year",
    "income_of_this_year",
    "is_individual",
    "listed_special_rules",
    "owner_income_within_limit",
    "prior_income_within",
    "special_rules",
    "who_may_claim",
]


@provision("26 USC 30D(f)(4)", "not used predominantly outside the United States")
def used_in_united_states(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.used_predominantly_outside_us


@provision("26 USC 30D(f)(6)", "the taxpayer does not elect out")
def not_elected_out(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.elected_out


@provision("26 USC 30D(f)(7)", "complies with air quality and motor vehicle safety rules")
def air_and_safety(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.meets_air_and_safety_rules


@provision(
    "26 USC 30D(f)(8)",
    "no credit was allowed for this vehicle before",
    in_force="clean_vehicle_rules_in_force",
)
def one_credit_per_vehicle(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.credit_already_allowed


@provision(
    "26 USC 30D(f)(9)",
    "the vehicle identification number is on the return",
    in_force="clean_vehicle_rules_in_force",
)
def vin_on_return(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.vin_on_return


# The credit is one of the taxable year in which the vehicle is placed in service.
@provision("26 USC 30D(a)", "the vehicle has been placed in service")
def in_service(claim: ClaimView, law: LawView) -> Expression:
    """Known not to be where that is stated; an unknown day is one on which it was."""
    return ~claim.purchase.not_in_service


# -- income --------------------------------------------------------------------------------

_ENTITY = CLAIM.taxpayer.kind

_income_elsewhere_rule = Topic(
    code="income_not_tested_here",
    title="the income limit is not tested at this taxpayer",
    citation=Citation.parse("26 CFR 1.30D-4"),
    words=clauses,
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


def _not_tested(entity: ChoiceFact[TaxpayerKind], law: LawView) -> Expression:
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


income_not_tested: Derived = Derived(
    name="income_not_tested_here",
    label="income limit not tested at this kind of taxpayer",
    kind=Kind.FLAG,
    body=_NOWHERE_HERE,
    findings=_income_findings,
)


# The statute speaks of the year before and says nothing about a taxpayer that had none.
def prior_income_within(
    taxpayer: TaxpayerView, threshold: Parameter[Table], law: LawView
) -> Expression:
    """That the income of the prior year is within its threshold, of the facts of a taxpayer."""
    year, none = taxpayer.prior_year, taxpayer.no_prior_year
    within = year.modified_adjusted_gross_income <= threshold[year.filing_status]
    return (none & law.readings.absent_prior_year_within_limit) | (~none & within)


# The statute compares the lesser of two incomes with one threshold. The form, which governs in
# practice when the filing status changed, tests each year against that year's own status; with
# one status throughout the two are the same.
@provision(
    "26 USC 30D(f)(10)",
    "income of this or the prior year within its threshold",
    in_force="clean_vehicle_rules_in_force",
)
def income_within_limit(claim: ClaimView, law: LawView) -> Expression:
    threshold = law.magi_limit.on(PLACED_IN_SERVICE)
    now = claim.taxpayer.current_year
    return (
        (now.modified_adjusted_gross_income <= threshold[now.filing_status])
        | prior_income_within(claim.taxpayer, threshold, law)
        | income_not_tested
    )


# Recalled. Whoever owns a part of the entity takes the credit on the owner's own return.
@provision(
    "26 CFR 1.30D-4",
    "income of the owner of a partnership or S corporation within its threshold",
    in_force="clean_vehicle_rules_in_force",
)
def owner_income_within_limit(claim: ClaimView, law: LawView) -> Expression:
    """The income limit of a credit that is passed through to the taxpayer, if tested there."""
    threshold = law.magi_limit.on(PLACED_IN_SERVICE)
    now = claim.taxpayer.current_year
    return (
        (now.modified_adjusted_gross_income <= threshold[now.filing_status])
        | prior_income_within(claim.taxpayer, threshold, law)
        | income_not_tested
        | law.readings.pass_through_income.is_one_of(PassThroughIncome.AT_THE_ENTITY)
    )


# The form asks about each year on its own.
@provision("26 USC 30D(f)(10)(A)(i)", "income of this year within its threshold")
def income_of_this_year(claim: ClaimView, law: LawView) -> Expression:
    """The income of this year alone, whatever the kind of taxpayer."""
    threshold = law.magi_limit.on(PLACED_IN_SERVICE)
    year = claim.taxpayer.current_year
    return year.modified_adjusted_gross_income <= threshold[year.filing_status]


@provision("26 USC 30D(f)(10)(A)(ii)", "income of the prior year within its threshold")
def income_of_prior_year(claim: ClaimView, law: LawView) -> Expression:
    """The income of the year before alone, whatever the kind of taxpayer."""
    threshold = law.magi_limit.on(PLACED_IN_SERVICE)
    return prior_income_within(claim.taxpayer, threshold, law)


@provision(
    "26 USC 30D(f)(11)",
    "suggested retail price not in excess of the limit",
    in_force="clean_vehicle_rules_in_force",
)
def msrp_within_limit(claim: ClaimView, law: LawView) -> Expression:
    limit = law.msrp_limit.on(PLACED_IN_SERVICE)
    return claim.vehicle.msrp <= limit[claim.vehicle.vehicle_class]


# -- who may claim -------------------------------------------------------------------------


def is_individual(taxpayer: TaxpayerView) -> Expression:
    """That a taxpayer is an individual, of the facts of a taxpayer as rule bodies see them."""
    estate = taxpayer.current_year.filing_status.is_one_of(FilingStatus.ESTATE_OR_TRUST)
    others = [each for each in TaxpayerKind if each is not TaxpayerKind.INDIVIDUAL]
    return taxpayer.kind.is_one_of(TaxpayerKind.INDIVIDUAL) | (
        ~taxpayer.kind.is_one_of(*others) & ~estate
    )


@provision("26 USC 30D(f)(10)", "the taxpayer is an individual")
def claimed_by_individual(claim: ClaimView, law: LawView) -> Expression:
    """An individual, or no one of another stated kind."""
    return is_individual(claim.taxpayer)


# The credit is against the tax of chapter 1, and the elective payment of 26 USC 6417 does not
# reach section 30D. What a tax-exempt owner could claim against a tax on unrelated business was
# not seen; none is allowed here.
@provision("26 USC 30D(a)", "the taxpayer is not a tax-exempt or governmental user")
def not_tax_exempt(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.taxpayer.kind.is_one_of(TaxpayerKind.TAX_EXEMPT_USER)


@provision(
    "26 USC 30D(f)(3) (2021)", "a sale to a tax-exempt user counts for the seller, if it is one"
)
def seller_to_tax_exempt_user(claim: ClaimView, law: LawView) -> Expression:
    counts = law.tax_exempt_seller_rule_in_force.on(PLACED_IN_SERVICE)
    purchase = claim.purchase
    return ~purchase.sold_to_tax_exempt_user | (counts & purchase.credit_disclosed_to_user)


# There is no proration: the person the report names claims the whole credit, or no one does.
@provision("26 CFR 1.30D-4", "the seller report names no other owner of the vehicle")
def named_in_seller_report(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.another_owner_in_seller_report


who_may_claim: Rule = all_of(
    "who_may_claim",
    "the taxpayer is the one who may claim",
    "26 USC 30D(a)",
    not_tax_exempt,
    seller_to_tax_exempt_user,
    named_in_seller_report,
)


_OTHERS = (
    income_within_limit,
    one_credit_per_vehicle,
    vin_on_return,
    not_elected_out,
    used_in_united_states,
    air_and_safety,
    who_may_claim,
    in_service,
    sale_final,
)

special_rules: Rule = all_of(
    "special_rules",
    "no special rule applies",
    "26 USC 30D(f)",
    msrp_within_limit,
    *_OTHERS,
)

# Like the above, for a claim that relies on a published list, which gives the limit of the class.
price_within_limit: Rule = any_of(
    "price_within_limit",
    "price not in excess of the limit of the vehicle's class, as stated or as listed",
    "26 USC 30D(f)(11)",
    msrp_within_limit,
    listed_price,
)

listed_special_rules: Rule = all_of(
    "special_rules",
    "no special rule applies",
    "26 USC 30D(f)",
    price_within_limit,
    *_OTHERS,
)
