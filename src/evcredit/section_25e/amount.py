"""26 USC 25E(a): the amount, and section 25E as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact, Parameter, law_of
from evcredit.fact import Kind
from evcredit.law import Law
from evcredit.money import cents, in_dollars
from evcredit.quantity import Quantity, least, percent_of, rounded
from evcredit.rule import BoundRule, FactRead, Finding, Mode, Rule, all_of, amount
from evcredit.section_25e.acquisition import while_it_lasted
from evcredit.section_25e.buyer import qualified_buyer
from evcredit.section_25e.definition import previously_owned_clean_vehicle
from evcredit.section_25e.limits import used_vehicle_special_rules
from evcredit.section_30d.provision import CLAIM, PLACED_IN_SERVICE, Statement, provision
from evcredit.verdict import Verdict

__all__ = ["BoundUsedVehicle", "bind_used_vehicle", "credit_allowed", "used_vehicle_amount"]

_PRICE: Fact = CLAIM.purchase.sale_price


def _of_the_price(price: Any, law: Any) -> Quantity:
    """A part of the sale price, to the cent, at most the limit."""
    percent = law.used_vehicle_percent.on(PLACED_IN_SERVICE)
    limit = law.used_vehicle_amount_limit.on(PLACED_IN_SERVICE)
    return least(rounded(percent_of(percent, price)), limit)


_amount = _of_the_price(_PRICE, law_of(Law))


def _turns(law: Law) -> Mapping[str, Iterable[Any]]:
    """Where the amount starts and stops growing with the price."""
    ends = [
        Decimal(100 * 100 * most // percent) / 100
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


@attrs.frozen(eq=False)
class BoundUsedVehicle:
    """Section 25E under a law, on the days of a claim.

    Args:
        allowed: The rule of everything.
        amount: The amount by the sale price.
    """

    allowed: BoundRule
    amount: BoundRule

    @property
    def measured(self) -> tuple[BoundRule, ...]:
        """The amount beside the tree of rules."""
        return (self.amount,)

    @property
    def roots(self) -> tuple[Rule, ...]:
        """The rules whose outcomes `of_outcomes` takes."""
        return (self.allowed.rule, self.amount.rule)

    def of(self, claim: Any) -> tuple[int, int]:
        """The least and the greatest credit of a claim in cents."""
        allowed = self.allowed.run(claim)
        if allowed is False:
            return (0, 0)
        found: Any = self.amount.inner(claim)
        return (cents(found.lower) if allowed else 0, cents(found.upper))

    def of_outcomes(self, *outcomes: Any, claim: Any) -> tuple[int, int]:
        """The least and the greatest credit in cents, given what the roots come to.

        Args:
            outcomes: What each of `roots` comes to.
            claim: The claim; the outcomes say everything.
        """
        allowed, found = outcomes
        if allowed is False:
            return (0, 0)
        whole = cents(found)
        return (whole if allowed else 0, whole)


def bind_used_vehicle(binding: Binding, variant: Any) -> BoundUsedVehicle:
    """Section 25E under a law, on the days of a claim."""
    return BoundUsedVehicle(
        allowed=credit_allowed.bind(binding), amount=used_vehicle_amount.bind(binding)
    )
