"""26 USC 30D(g): the conditions of a transfer of the credit to the dealer.

What the statute does not say is recalled of 26 CFR 1.30D-5 and is a rule of its own: who may
elect (`elected_by_individual`, `mainly_personal_use`) and how often (`elections_left`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact
from evcredit.algebra.field import Kind
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.rule import Rule, all_of
from evcredit.facts.purchase import DealerLicense
from evcredit.facts.transfer import CreditTransfer
from evcredit.provisions.days import SOLD
from evcredit.provisions.transfer import (
    ANY_AMOUNT,
    IN_SERVICE,
    NO_AMOUNT,
    TRANSFER_FACTS,
    TransferRules,
    condition,
)
from evcredit.provisions.views import CreditTransferView, LawView
from evcredit.section_30d.after_sale import not_resold_early, not_returned_early, sale_not_cancelled
from evcredit.section_30d.limits import income_within_limit, is_individual

__all__ = ["TRANSFER", "transfer_allowed"]

_ENTITY = TRANSFER_FACTS.claim.taxpayer.kind


def _derived(
    name: str,
    label: str,
    value: Callable[[Binding, CreditTransfer], bool | None],
    facts: Callable[[Any], tuple[Fact, ...]],
) -> Derived:
    """A yes or no that is computed from some facts of a transfer."""

    def unknown(transfer: Any, binding: Binding) -> Iterator[UnknownFact]:
        for fact in facts(transfer):
            yield from fact.unknown_in(transfer, binding)

    return Derived(
        name=name,
        label=label,
        kind=Kind.FLAG,
        unknown=unknown,
        bind_value=lambda binding: lambda transfer: value(binding, transfer),
        findings=lambda binding, transfer: (),
    )


@condition("26 USC 30D(g)", "placed in service since credits may be transferred")
def transfers_have_begun(transfer: CreditTransferView, law: LawView) -> Expression:
    return law.transfer_in_force.on(IN_SERVICE)


@condition("26 USC 30D(g)(2)(A)", "the dealer is registered")
def dealer_registered(transfer: CreditTransferView, law: LawView) -> Expression:
    return transfer.dealer_registered


@condition("26 USC 30D(g)(8)", "the dealer is licensed to sell vehicles")
def dealer_licensed(transfer: CreditTransferView, law: LawView) -> Expression:
    return ~transfer.dealer_license.is_one_of(DealerLicense.NOBODY)


@condition("26 CFR 1.30D-5(b)(3)", "the dealer is not licensed by a territory alone")
def not_licensed_by_territory_alone(transfer: CreditTransferView, law: LawView) -> Expression:
    return ~transfer.dealer_license.is_one_of(DealerLicense.TERRITORY_ALONE)


@condition("26 USC 30D(g)(2)(B)(i)", "the dealer disclosed the suggested retail price")
def price_disclosed(transfer: CreditTransferView, law: LawView) -> Expression:
    return transfer.price_disclosed


@condition("26 USC 30D(g)(2)(B)(ii)", "the dealer disclosed the credit and other incentives")
def credit_and_incentives_disclosed(transfer: CreditTransferView, law: LawView) -> Expression:
    return transfer.credit_and_incentives_disclosed


@condition("26 USC 30D(g)(2)(B)(iii)", "the dealer disclosed what it pays for the election")
def payment_disclosed(transfer: CreditTransferView, law: LawView) -> Expression:
    return transfer.payment_disclosed


disclosures: Rule = all_of(
    "disclosures",
    "the dealer disclosed what it must, before the election and not later than the sale",
    "26 USC 30D(g)(2)(B)",
    price_disclosed,
    credit_and_incentives_disclosed,
    payment_disclosed,
)


def _payment_equals_credit(binding: Binding, transfer: CreditTransfer) -> bool | None:
    payment = Bounds.of(transfer.payment, ANY_AMOUNT)
    credit = Bounds.of(transfer.credit, ANY_AMOUNT)
    if payment.overlap(credit) is None:
        return False
    return True if payment.is_exact and credit.is_exact else None


payment_equals_credit: Derived = _derived(
    "payment_equals_credit",
    "payment equal to the credit otherwise allowable",
    _payment_equals_credit,
    lambda transfer: (TRANSFER_FACTS.payment, TRANSFER_FACTS.credit),
)


@condition("26 USC 30D(g)(2)(C)", "the dealer paid as much as the credit, by the time of sale")
def paid_in_full(transfer: CreditTransferView, law: LawView) -> Expression:
    return payment_equals_credit & transfer.paid_by_sale


@condition("26 USC 30D(g)(2)(D)", "the election and other incentives did not limit each other")
def incentives_apart(transfer: CreditTransferView, law: LawView) -> Expression:
    return transfer.incentives_leave_election_free & transfer.election_leaves_incentives_whole


def _elected_by_the_sale(binding: Binding, transfer: CreditTransfer) -> bool | None:
    elected, sold = transfer.elected_on, SOLD.of(transfer.claim, binding.law)
    return None if elected is None or sold is None else elected <= sold


def _days_of_the_election(transfer: Any) -> tuple[Fact, ...]:
    if transfer.claim.purchase.sale_date is not None:
        return (TRANSFER_FACTS.elected_on,)
    return (TRANSFER_FACTS.elected_on, IN_SERVICE)


elected_by_the_sale: Derived = _derived(
    "elected_by_the_sale",
    "elected not later than the day of the purchase",
    _elected_by_the_sale,
    _days_of_the_election,
)


@condition("26 USC 30D(g)(3)", "the election was made not later than the day of the purchase")
def elected_in_time(transfer: CreditTransferView, law: LawView) -> Expression:
    return elected_by_the_sale


# Recalled. The statute speaks of any taxpayer.
@condition("26 CFR 1.30D-5", "an individual elects")
def elected_by_individual(transfer: CreditTransferView, law: LawView) -> Expression:
    return is_individual(transfer.claim.taxpayer)


# Recalled.
@condition("26 CFR 1.30D-5", "the buyer expects mainly personal use")
def mainly_personal_use(transfer: CreditTransferView, law: LawView) -> Expression:
    return transfer.mainly_personal_use


def _below_the_limit(binding: Binding, transfer: CreditTransfer) -> bool | None:
    day = binding.day(IN_SERVICE)
    schedule = binding.law.transfer_elections_per_year
    limits = [schedule.on(day)] if day is not None and schedule.standing else schedule.values()
    own = Bounds.of(transfer.earlier_elections, ANY_AMOUNT)
    others = Bounds.of(transfer.earlier_elections_of_spouse, NO_AMOUNT)
    joint = Bounds(own.lower + others.lower, own.upper + others.upper)
    apart: bool | None = binding.law.readings.joint_filers_elect_separately
    counted = {True: (own,), False: (joint,), None: (own, joint)}[apart]
    found = {count.less_than(limit) for count in counted for limit in limits}
    # As the law was known before the limit was announced there is none.
    return True if not found else found.pop().known if len(found) == 1 else None


elections_below_the_limit: Derived = _derived(
    "elections_below_the_limit",
    "fewer earlier transfers in the year than the most there may be",
    _below_the_limit,
    lambda transfer: (TRANSFER_FACTS.earlier_elections,),
)


@condition("26 CFR 1.30D-5", "the buyer has a transfer left for the year")
def elections_left(transfer: CreditTransferView, law: LawView) -> Expression:
    return elections_below_the_limit


transfer_allowed: Rule = all_of(
    "transfer_allowed",
    "the conditions of a transfer to the dealer are met",
    "26 USC 30D(g)(1)",
    transfers_have_begun,
    dealer_registered,
    disclosures,
    paid_in_full,
    incentives_apart,
    elected_in_time,
    dealer_licensed,
    not_licensed_by_territory_alone,
    elected_by_individual,
    mainly_personal_use,
    elections_left,
)
TRANSFER = TransferRules(
    allowed=transfer_allowed,
    went_through=sale_not_cancelled,
    not_returned=not_returned_early,
    not_resold=not_resold_early,
    income=income_within_limit,
)
