"""26 USC 25E(a): the amount, and section 25E as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact, Parameter, law_of
from evcredit.fact import Kind
from evcredit.law import Law
from evcredit.money import dollars, in_dollars
from evcredit.quantity import (
    Quantity,
    amount_of,
    choose,
    holds,
    least,
    percent_of,
    quantity,
    rounded,
)
from evcredit.rule import FactRead, Finding, Mode, Rule, all_of, amount
from evcredit.section import Composition
from evcredit.section_25e.acquisition import while_it_lasted
from evcredit.section_25e.buyer import qualified_buyer
from evcredit.section_25e.definition import previously_owned_clean_vehicle
from evcredit.section_25e.limits import used_vehicle_special_rules
from evcredit.section_30d.provision import CLAIM, PLACED_IN_SERVICE, Statement, provision
from evcredit.verdict import Verdict

__all__ = [
    "PriceAccount",
    "credit_allowed",
    "price_account",
    "used_vehicle_amount",
    "used_vehicle_credit",
]

_PRICE: Fact = CLAIM.purchase.sale_price


def _of_the_price(price: Any, law: Any) -> Quantity:
    """A part of the sale price, to the cent, at most the limit."""
    percent = law.used_vehicle_percent.on(PLACED_IN_SERVICE)
    limit = law.used_vehicle_amount_limit.on(PLACED_IN_SERVICE)
    return least(rounded(percent_of(percent, price)), limit)


_amount = _of_the_price(_PRICE, law_of(Law))


class PriceAccount(NamedTuple):
    """How the amount for a used vehicle comes about, in US dollars.

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


def price_account(claim: Any, binding: Binding) -> PriceAccount:
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
        dollars(100 * 100 * most // percent)
        for most in law.used_vehicle_amount_limit.values()
        for percent in law.used_vehicle_percent.values()
    ]
    return {_PRICE.path: [Decimal(0), Decimal("0.01"), *ends]}


_part_rule = Rule(
    code="part_of_the_sale_price",
    title="a part of the sale price",
    citation=Citation.parse("26 USC 25E(a)(2)"),
    mode=Mode.BODY,
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


used_vehicle_amount = amount(
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
def sold_for_something(claim: Any, law: Any) -> Statement:
    return _something


eligible = all_of(
    "eligible",
    "the vehicle and the taxpayer qualify",
    "26 USC 25E(a)",
    while_it_lasted,
    previously_owned_clean_vehicle,
    qualified_buyer,
    used_vehicle_special_rules,
)

credit_allowed = all_of(
    "credit_allowed",
    "a previously owned clean vehicle credit is allowed",
    "26 USC 25E(a)",
    eligible,
    sold_for_something,
)


used_vehicle_credit = Composition(
    credit_allowed,
    (used_vehicle_amount,),
    choose(holds(eligible), amount_of(used_vehicle_amount), 0),
)
