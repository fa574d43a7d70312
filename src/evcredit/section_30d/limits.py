"""26 USC 30D(f): the special rules that stand between a new clean vehicle and the credit.

Among them is what takes the credit away after the sale: a cancelled sale, and a return or resale
soon after the vehicle was placed in service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact
from evcredit.fact import Kind, UnknownFact
from evcredit.law import Law, PassThroughIncome
from evcredit.rule import FactRead, Finding, Mode, Rule, all_of, any_of
from evcredit.section_30d.listed import listed_price
from evcredit.section_30d.provision import CLAIM, PLACED_IN_SERVICE, Statement, provision
from evcredit.taxpayer import TaxpayerKind
from evcredit.verdict import Verdict

__all__ = [
    "listed_special_rules",
    "sale_stands",
    "special_rules",
    "still_new_for_a_later_buyer",
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


def _why_not_tested(binding: Binding, claim: Any) -> str | None:
    entity: TaxpayerKind | None = claim.taxpayer.kind
    if entity in (TaxpayerKind.PARTNERSHIP, TaxpayerKind.S_CORPORATION):
        at_the_entity = PassThroughIncome.AT_THE_ENTITY
        if binding.law.readings.pass_through_income is at_the_entity:
            return None
    return None if entity is None else _NOT_TESTED.get(entity)


def _income_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    why = _why_not_tested(binding, claim)
    if why is None:
        return ()
    read = FactRead(_ENTITY.path, claim.taxpayer.kind, _ENTITY.declared)
    return (Finding(_income_elsewhere_rule, Verdict.MET, facts=(read,), note=why),)


income_not_tested = Derived(
    name="income_not_tested_here",
    label="income limit not tested at this kind of taxpayer",
    kind=Kind.FLAG,
    unknown=lambda claim, binding: iter(()),  # an individual, estate or trust unless stated
    bind_value=lambda binding: lambda claim: _why_not_tested(binding, claim) is not None,
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


@provision(
    "26 USC 30D(f)(11)",
    "suggested retail price not in excess of the limit",
    in_force="clean_vehicle_rules_in_force",
)
def suggested_retail_price(claim: Any, law: Any) -> Statement:
    limit = law.suggested_retail_price_limit.on(PLACED_IN_SERVICE)
    return claim.vehicle.msrp <= limit[claim.vehicle.vehicle_class]


# -- who may claim -------------------------------------------------------------------------


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


# -- after the sale ------------------------------------------------------------------------


def within_days(day: date | None, placed_in_service: date | None, days: int) -> bool | None:
    """Whether an event falls within so many days of the day placed in service.

    The days are counted from the day placed in service, and the last of them is within.

    Args:
        day: The day of the event; `None` if it did not happen.
        placed_in_service: The day the vehicle was placed in service.
        days: How many days.

    Returns:
        `None` if the day placed in service is needed and unknown.

    >>> service = date(2024, 6, 3)
    >>> within_days(date(2024, 7, 3), service, 30), within_days(date(2024, 7, 4), service, 30)
    (True, False)
    """
    if day is None:
        return False
    return None if placed_in_service is None else (day - placed_in_service).days <= days


def _early(event: Fact, label: str) -> Derived:
    """Whether the vehicle was given up within the days that take the credit away."""
    day_of = attrgetter(event.path)

    def value(binding: Binding) -> Callable[[Any], bool | None]:
        schedule = binding.law.return_or_resale_days

        def early(claim: Any) -> bool | None:
            day = day_of(claim)
            if day is None:
                return False  # by far the most claims
            service = claim.purchase.placed_in_service
            return within_days(day, service, 0 if service is None else schedule.on(service))

        return early

    def unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
        if day_of(claim) is not None:
            yield from _IN_SERVICE.unknown_in(claim, binding)

    def findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
        day, service = day_of(claim), claim.purchase.placed_in_service
        if day is None:
            return ()
        facts = (
            FactRead(event.path, day, event.declared),
            FactRead(_IN_SERVICE.path, service, _IN_SERVICE.declared),
        )
        kept = ~Verdict.of(value(binding)(claim))
        happened = f"{event.declared.label} {day}"
        if service is None:
            text = f"{happened}; the day placed in service is unknown"
        else:
            limit = binding.law.return_or_resale_days.on(service)
            after = (day - service).days
            text = f"{happened}, {after} days after placed in service; the limit is {limit} days"
        return (Finding(_days_rule, kept, facts=facts, note=text),)

    return Derived(
        name=label.replace(" ", "_"),
        label=label,
        kind=Kind.FLAG,
        unknown=unknown,
        bind_value=value,
        findings=findings,
        samples=lambda unknown, claim, law: _days_in_service(day_of(claim), law),
    )


_days_rule = Rule(
    code="kept_beyond_the_days",
    title="not within the days that take the credit away",
    citation=Citation.parse("26 CFR 1.30D-4"),
    mode=Mode.BODY,
)


def _days_in_service(event: date, law: Law) -> tuple[date, ...]:
    """Days placed in service to try: the last ones within and beyond the days."""
    limits = law.return_or_resale_days.values()
    return tuple(event - timedelta(days=days) for days in limits)


_IN_SERVICE: Fact = CLAIM.purchase.placed_in_service

returned_early = _early(CLAIM.purchase.returned_on, "returned within the days")
resold_early = _early(CLAIM.purchase.resold_on, "resold within the days")


# A vehicle whose sale falls through is never placed in service by the taxpayer.
@provision("26 CFR 1.30D-4", "the sale was not cancelled before the vehicle was placed in service")
def sale_not_cancelled(claim: Any, law: Any) -> Statement:
    return ~claim.purchase.sale_cancelled


@provision(
    "26 CFR 1.30D-4",
    "the vehicle was not returned soon after it was placed in service",
    in_force="return_or_resale_rule_in_force",
)
def not_returned_early(claim: Any, law: Any) -> Statement:
    return ~returned_early


# Who sells so soon is taken to have bought for resale.
@provision(
    "26 CFR 1.30D-4",
    "the vehicle was not resold soon after it was placed in service",
    in_force="return_or_resale_rule_in_force",
)
def not_resold_early(claim: Any, law: Any) -> Statement:
    return ~resold_early


sale_stands = all_of(
    "sale_stands",
    "the sale stands",
    "26 USC 30D(f)(5)",
    sale_not_cancelled,
    not_returned_early,
    not_resold_early,
)


# After a return or a resale original use has begun, with the first buyer.
@provision("FS-2023-22", "the vehicle is still new for a later buyer")
def still_new_for_a_later_buyer(claim: Any, law: Any) -> Statement:
    """What is left for the next buyer: only a sale cancelled in time leaves the vehicle new.

    It decides nothing about this claim, so it is no part of `special_rules`.
    """
    return claim.purchase.sale_cancelled


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
