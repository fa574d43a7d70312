"""26 USC 25E(a): the amount, and section 25E as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.kinds import Number
from evcredit.algebra.money import dollars, in_dollars
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.quantity import (
    Quantity,
    amount_of,
    holds,
    if_else,
    minimum,
    percent_of,
    quantity,
    rounded,
)
from evcredit.algebra.rule import Rule, all_of, amount
from evcredit.algebra.symbol import law_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.section import CreditRules
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses
from evcredit.section_25e.acquisition import acquired_before_end
from evcredit.section_25e.buyer import qualified_buyer
from evcredit.section_25e.definition import previously_owned_clean_vehicle
from evcredit.section_25e.limits import used_vehicle_special_rules

__all__ = [
    "PriceAccount",
    "credit_allowed",
    "price_account",
    "used_vehicle_amount",
    "used_vehicle_credit",
]

_PRICE = CLAIM.purchase.sale_price


def _of_the_price(price: Number | Decimal, law: LawView) -> Quantity:
    """A part of the sale price, to the cent, at most the limit."""
    percent = law.used_vehicle_percent.on(PLACED_IN_SERVICE)
    limit = law.used_vehicle_amount_limit.on(PLACED_IN_SERVICE)
    return minimum(rounded(percent_of(percent, price)), limit)


_amount = _of_the_price(_PRICE, law_of(Law))


class PriceAccount(NamedTuple):
    """How the amount for a used vehicle is computed, in US dollars.

    Args:
        price: The sale price.
        part: The percentage of it, to the cent.
        limit: The most there is.
        amount: The lesser of the two.
    """

    price: Bounds[Decimal]
    part: Bounds[Decimal]
    limit: Bounds[Decimal]
    amount: Bounds[Decimal]


def price_account(claim: Claim, binding: Binding) -> PriceAccount:
    """The account of the amount by the sale price.

    Args:
        claim: The claim.
        binding: The law and the days of the claim.
    """
    law = law_of(Law)
    percent = law.used_vehicle_percent.on(PLACED_IN_SERVICE)
    limit = law.used_vehicle_amount_limit.on(PLACED_IN_SERVICE)
    steps = (quantity(_PRICE), rounded(percent_of(percent, _PRICE)), quantity(limit), _amount)
    return PriceAccount(*(step.bind(binding)(claim) for step in steps))


def _turns(law: Law) -> Mapping[str, Iterable[Any]]:
    """Where the amount starts and stops growing with the price."""
    ends = [
        dollars(floor(Fraction(100 * 100 * Fraction(most), Fraction(percent))))
        for most in law.used_vehicle_amount_limit.values()
        for percent in law.used_vehicle_percent.values()
        if percent
    ]
    return {_PRICE.path: [Decimal(0), Decimal("0.01"), *ends]}


_part_rule = Topic(
    code="part_of_the_sale_price",
    title="a part of the sale price",
    citation=Citation.parse("26 USC 25E(a)(2)"),
    words=clauses,
)


def _findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    price = claim.purchase.sale_price
    read = FactRead(_PRICE.path, price, _PRICE.declared)

    def told(name: str) -> Any:
        return binding.entries(Parameter(name, PLACED_IN_SERVICE))[0].value

    most = in_dollars(Decimal(told("used_vehicle_amount_limit")))
    text = f"{told('used_vehicle_percent')} percent of the sale price, at most {most}"
    if isinstance(price, Decimal):
        text = f"sale price {in_dollars(price)}: {text}"
    known = Verdict.MET if isinstance(price, Decimal) else Verdict.UNKNOWN
    return (Finding(_part_rule, known, facts=(read,), note=text),)


used_vehicle_amount: Rule = amount(
    "26 USC 25E(a)",
    "amount by the sale price",
    Derived(
        name="amount_by_sale_price",
        label="amount by the sale price",
        kind=Kind.MONEY,
        body=_amount,
        findings=_findings,
        breakpoints=_turns,
    ),
    words=clauses,
)

_something = Derived(
    name="sale_price_gives_a_credit",
    label="the sale price gives a credit of at least a cent",
    kind=Kind.FLAG,
    body=_amount > 0,
    findings=lambda binding, claim: (),
    breakpoints=_turns,
)


@provision("26 USC 25E(a)(2)", "the sale price gives a credit of at least a cent")
def sold_for_something(claim: ClaimView, law: LawView) -> Expression:
    return _something


eligible: Rule = all_of(
    "eligible",
    "the vehicle and the taxpayer qualify",
    "26 USC 25E(a)",
    acquired_before_end,
    previously_owned_clean_vehicle,
    qualified_buyer,
    used_vehicle_special_rules,
)

credit_allowed: Rule = all_of(
    "credit_allowed",
    "a previously owned clean vehicle credit is allowed",
    "26 USC 25E(a)",
    eligible,
    sold_for_something,
)


used_vehicle_credit: CreditRules = CreditRules(
    credit_allowed,
    (used_vehicle_amount,),
    if_else(holds(eligible), amount_of(used_vehicle_amount), 0),
)
