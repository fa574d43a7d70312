"""26 USC 30D(g): the transfer of the credit to the dealer.

A `CreditTransfer` states what happened between buyer, dealer and the Internal Revenue Service;
`settle_transfer` says whether the transfer is good, who has the credit, and who owes what after.

What the statute does not say is recalled of 26 CFR 1.30D-5 and stands in rules and functions of
its own: who may elect (`elected_by_individual`, `mainly_personal_use`), how often
(`elections_left`), and what becomes of the parties if the transfer goes wrong (`_consequence`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

import attrs

from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.claim import Claim
from evcredit.expression import Binding, Derived, Expression, Fact, facts_of
from evcredit.fact import (
    Kind,
    UnknownFact,
    as_count,
    as_day,
    as_flag,
    as_price,
    check,
    declare,
    fact_type_at,
    with_facts,
)
from evcredit.law import Law, current_law
from evcredit.money import VAST, AmountLine, exact_arithmetic, percent_of
from evcredit.purchase import DealerLicense, as_dealer_license
from evcredit.rule import Finding, Rule, all_of, rule
from evcredit.section_30d.after_sale import (
    not_resold_early,
    not_returned_early,
    sale_not_cancelled,
)
from evcredit.section_30d.days import SOLD
from evcredit.section_30d.limits import income, is_individual
from evcredit.section_30d.use_of_credit import use_of_credit
from evcredit.tax_return import TaxReturn
from evcredit.taxpayer import TaxpayerKind, TaxYear
from evcredit.verdict import Verdict

__all__ = [
    "TRANSFER",
    "CreditHolder",
    "CreditTransfer",
    "TransferOutcome",
    "TransferRules",
    "condition",
    "repaid_for_want_of_tax",
    "settle_transfer",
    "transfer_allowed",
]


def _flag(label: str) -> Any:
    return attrs.field(default=None, converter=as_flag, metadata=declare(Kind.FLAG, label))


@attrs.frozen(kw_only=True)
class CreditTransfer:
    """The election to transfer a credit to the dealer, and what came of it.

    Everything left out is unknown.

    Args:
        claim: The vehicle, the purchase and the buyer.
        credit: US dollars: the credit otherwise allowable, apart from the buyer's income and
            from what happened after the sale. It is the credit of `claim_at_the_sale`.
        elected_on: The day of the election.
        dealer_registered: Whether the dealer is registered, and its registration not revoked.
        dealer_license: By whom the dealer is licensed to sell vehicles.
        price_disclosed: Whether the dealer disclosed the manufacturer's suggested retail price,
            or of a previously owned vehicle the sale price, before the election and not later
            than the sale; so too for the next two.
        credit_and_incentives_disclosed: Whether it disclosed the value of the credit and of any
            other incentive.
        payment_disclosed: Whether it disclosed what it pays for the election.
        payment: US dollars paid to the buyer for the election, in cash or as a part of the
            price.
        paid_by_sale: Whether that was not later than the sale.
        incentives_leave_election_free: Whether no other incentive limited the election.
        election_leaves_incentives_whole: Whether the election limited no other incentive.
        mainly_personal_use: Whether the buyer expects to use the vehicle mainly for personal
            ends.
        earlier_elections: How many credits for new or previously owned vehicles the buyer had
            transferred in the same year.
        earlier_elections_of_spouse: How many the other spouse of a joint return had; none
            unless stated. It matters under a reading.
        vin_given_by_dealer: Whether the dealer gave the vehicle identification number to the
            Secretary, which does for the buyer's return (26 USC 30D(g)(6)(C)).
        advance_payment: US dollars that the dealer got in advance for this vehicle (26 USC
            30D(g)(7)).
        reasonable_cause: Whether the dealer shows reasonable cause for an excessive payment.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact, for example a buyer who elects
            both to transfer the credit and not to take it.
        InvalidFactsError: Several faults.

    >>> CreditTransfer.at_the_dealer(payment=7_500).dealer_registered
    True
    """

    claim: Claim = attrs.field(factory=Claim, metadata=declare(Kind.PART, "claim", of=Claim))
    credit: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "credit otherwise allowable"),
    )
    elected_on: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of the election")
    )
    dealer_registered: bool | None = _flag("dealer registered")
    dealer_license: DealerLicense | None = attrs.field(
        default=None,
        converter=as_dealer_license,
        metadata=declare(Kind.CHOICE, "license of the dealer", of=DealerLicense),
    )
    price_disclosed: bool | None = _flag("price disclosed")
    credit_and_incentives_disclosed: bool | None = _flag("credit and incentives disclosed")
    payment_disclosed: bool | None = _flag("payment for the election disclosed")
    payment: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "payment for the election"),
    )
    paid_by_sale: bool | None = _flag("paid not later than the sale")
    incentives_leave_election_free: bool | None = _flag("no incentive limited the election")
    election_leaves_incentives_whole: bool | None = _flag("the election limited no incentive")
    mainly_personal_use: bool | None = _flag("mainly personal use expected")
    earlier_elections: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_count,
        metadata=declare(Kind.COUNT, "earlier transfers in the year"),
    )
    earlier_elections_of_spouse: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_count,
        metadata=declare(Kind.COUNT, "earlier transfers of the other spouse", optional=True),
    )
    vin_given_by_dealer: bool | None = _flag("vehicle identification number given by the dealer")
    advance_payment: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "advance payment to the dealer"),
    )
    reasonable_cause: bool | None = _flag("reasonable cause for an excessive payment")

    def __attrs_post_init__(self) -> None:
        check(self, _transfer_faults)

    @classmethod
    def at_the_dealer(cls, **facts: Any) -> CreditTransfer:
        """A transfer with the facts that hold when all is as it should be.

        States that the dealer is registered and licensed by a State, made every disclosure, paid
        not later than the sale, kept other incentives apart, and gave the vehicle identification
        number to the Secretary; that the buyer expects mainly personal use, and that it is the
        first transfer of the year. Whatever else is given is added, and goes before these.
        """
        usual: dict[str, Any] = {
            "dealer_registered": True,
            "dealer_license": _license_of_the_seller(facts) or DealerLicense.STATE,
            "price_disclosed": True,
            "credit_and_incentives_disclosed": True,
            "payment_disclosed": True,
            "paid_by_sale": True,
            "incentives_leave_election_free": True,
            "election_leaves_incentives_whole": True,
            "mainly_personal_use": True,
            "earlier_elections": 0,
            "vin_given_by_dealer": True,
        }
        return cls(**{**usual, **facts})

    def claim_at_the_sale(self) -> Claim:
        """The claim as the election looks at it.

        That is apart from the buyer's income and from everything after the sale. The election
        not to take the credit is not open to who transfers it (26 USC 30D(g)(6)(B)), and the
        number given by the dealer does for the return ((g)(6)(C)).

        >>> from evcredit import assess, examples
        >>> transfer = CreditTransfer.at_the_dealer(claim=examples.demonstration_claim())
        >>> print(assess(transfer.claim_at_the_sale()).credit)
        7500
        """
        facts: dict[str, Any] = {
            "purchase.elected_out": False,
            "purchase.sale_cancelled": None,
            "purchase.returned_on": None,
            "purchase.resold_on": None,
        }
        if self.vin_given_by_dealer:
            facts["purchase.vin_on_return"] = True
        buyer = self.claim.taxpayer
        if buyer.kind not in (TaxpayerKind.CORPORATION, TaxpayerKind.TAX_EXEMPT_USER):
            for name in ("current_year", "preceding_year"):
                status = getattr(buyer, name).filing_status
                poor = TaxYear(filing_status=status, modified_adjusted_gross_income=0)
                facts[f"taxpayer.{name}"] = poor
        at_the_sale: Claim = with_facts(self.claim, facts)
        return at_the_sale


def _license_of_the_seller(facts: dict[str, Any]) -> DealerLicense | None:
    """What the claim of a transfer says of the seller, who is the dealer."""
    claim = facts.get("claim")
    return claim.purchase.seller_license if isinstance(claim, Claim) else None


def _transfer_faults(transfer: CreditTransfer) -> Iterator[tuple[str, Any, str]]:
    sold_by, license_ = transfer.claim.purchase.seller_license, transfer.dealer_license
    if sold_by is not None and license_ is not None and sold_by is not license_:
        remedy = f"the purchase states a seller licensed by {sold_by.value}; give one of the two"
        yield "dealer_license", license_, remedy
    if transfer.claim.purchase.elected_out:
        yield (
            "claim.purchase.elected_out",
            True,
            "leave it out: who transfers the credit cannot elect not to take it",
        )


# -- the conditions ------------------------------------------------------------------------

#: The facts of a transfer, as rule bodies see them.
_TRANSFER = facts_of(CreditTransfer)
_IN_SERVICE: Fact = _TRANSFER.claim.purchase.placed_in_service
_ENTITY: Fact = _TRANSFER.claim.taxpayer.kind

Statement = Any


def condition(citation: str, title: str) -> Callable[[Callable[[Any, Any], Expression]], Rule]:
    """A condition of a transfer: a rule about a `CreditTransfer`."""
    return rule(citation, title, about=CreditTransfer, law=Law)


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


_NOTHING = Decimal(0)
_NONE = Bounds.exactly(_NOTHING)
#: The bounds of an amount that is not stated.
_ANY_AMOUNT = Bounds(_NOTHING, Decimal("Infinity"))


@condition("26 USC 30D(g)", "placed in service since credits may be transferred")
def transfers_have_begun(transfer: Any, law: Any) -> Statement:
    return law.transfer_in_force.on(_IN_SERVICE)


@condition("26 USC 30D(g)(2)(A)", "the dealer is registered")
def dealer_registered(transfer: Any, law: Any) -> Statement:
    return transfer.dealer_registered


@condition("26 USC 30D(g)(8)", "the dealer is licensed to sell vehicles")
def dealer_licensed(transfer: Any, law: Any) -> Statement:
    return ~transfer.dealer_license.is_one_of(DealerLicense.NOBODY)


@condition("26 CFR 1.30D-5(b)(3)", "the dealer is not licensed by a territory alone")
def not_licensed_by_territory_alone(transfer: Any, law: Any) -> Statement:
    return ~transfer.dealer_license.is_one_of(DealerLicense.TERRITORY_ALONE)


@condition("26 USC 30D(g)(2)(B)(i)", "the dealer disclosed the suggested retail price")
def price_disclosed(transfer: Any, law: Any) -> Statement:
    return transfer.price_disclosed


@condition("26 USC 30D(g)(2)(B)(ii)", "the dealer disclosed the credit and other incentives")
def credit_and_incentives_disclosed(transfer: Any, law: Any) -> Statement:
    return transfer.credit_and_incentives_disclosed


@condition("26 USC 30D(g)(2)(B)(iii)", "the dealer disclosed what it pays for the election")
def payment_disclosed(transfer: Any, law: Any) -> Statement:
    return transfer.payment_disclosed


disclosures = all_of(
    "disclosures",
    "the dealer disclosed what it must, before the election and not later than the sale",
    "26 USC 30D(g)(2)(B)",
    price_disclosed,
    credit_and_incentives_disclosed,
    payment_disclosed,
)


def _payment_equals_credit(binding: Binding, transfer: CreditTransfer) -> bool | None:
    payment = Bounds.of(transfer.payment, _ANY_AMOUNT)
    credit = Bounds.of(transfer.credit, _ANY_AMOUNT)
    if payment.overlap(credit) is None:
        return False
    return True if payment.is_exact and credit.is_exact else None


payment_equals_credit = _derived(
    "payment_equals_credit",
    "payment equal to the credit otherwise allowable",
    _payment_equals_credit,
    lambda transfer: (_TRANSFER.payment, _TRANSFER.credit),
)


@condition("26 USC 30D(g)(2)(C)", "the dealer paid as much as the credit, by the time of sale")
def paid_in_full(transfer: Any, law: Any) -> Statement:
    return payment_equals_credit & transfer.paid_by_sale


@condition("26 USC 30D(g)(2)(D)", "the election and other incentives did not limit each other")
def incentives_apart(transfer: Any, law: Any) -> Statement:
    return transfer.incentives_leave_election_free & transfer.election_leaves_incentives_whole


def _elected_by_the_sale(binding: Binding, transfer: CreditTransfer) -> bool | None:
    elected, sold = transfer.elected_on, SOLD.of(transfer.claim, binding.law)
    return None if elected is None or sold is None else elected <= sold


def _days_of_the_election(transfer: Any) -> tuple[Fact, ...]:
    if transfer.claim.purchase.sale_date is not None:
        return (_TRANSFER.elected_on,)
    return (_TRANSFER.elected_on, _IN_SERVICE)


elected_by_the_sale = _derived(
    "elected_by_the_sale",
    "elected not later than the day of the purchase",
    _elected_by_the_sale,
    _days_of_the_election,
)


@condition("26 USC 30D(g)(3)", "the election was made not later than the day of the purchase")
def elected_in_time(transfer: Any, law: Any) -> Statement:
    return elected_by_the_sale


# Recalled. The statute speaks of any taxpayer.
@condition("26 CFR 1.30D-5", "an individual elects")
def elected_by_individual(transfer: Any, law: Any) -> Statement:
    return is_individual(transfer.claim.taxpayer)


# Recalled.
@condition("26 CFR 1.30D-5", "the buyer expects mainly personal use")
def mainly_personal_use(transfer: Any, law: Any) -> Statement:
    return transfer.mainly_personal_use


def _below_the_limit(binding: Binding, transfer: CreditTransfer) -> bool | None:
    day = binding.day(_IN_SERVICE)
    schedule = binding.law.transfer_elections_per_year
    limits = [schedule.on(day)] if day is not None and schedule.standing else schedule.values()
    own = Bounds.of(transfer.earlier_elections, _ANY_AMOUNT)
    others = Bounds.of(transfer.earlier_elections_of_spouse, _NONE)
    joint = Bounds(own.lower + others.lower, own.upper + others.upper)
    apart: bool | None = binding.law.readings.joint_filers_elect_separately
    counted = {True: (own,), False: (joint,), None: (own, joint)}[apart]
    found = {count.less_than(limit) for count in counted for limit in limits}
    # As the law was known before the limit was announced there is none.
    return True if not found else found.pop().known if len(found) == 1 else None


elections_below_the_limit = _derived(
    "elections_below_the_limit",
    "fewer earlier transfers in the year than the most there may be",
    _below_the_limit,
    lambda transfer: (_TRANSFER.earlier_elections,),
)


@condition("26 CFR 1.30D-5", "the buyer has a transfer left for the year")
def elections_left(transfer: Any, law: Any) -> Statement:
    return elections_below_the_limit


transfer_allowed = all_of(
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


@attrs.frozen(eq=False, kw_only=True)
class TransferRules:
    """What decides a transfer of the credit of one section.

    Args:
        allowed: The conditions of the transfer, a rule about a `CreditTransfer`.
        went_through: That the sale was not cancelled; like the following, a rule about a claim.
        not_returned: That the vehicle was not returned early.
        not_resold: That it was not resold early.
        income: That the buyer's income is within the limit.
    """

    allowed: Rule
    went_through: Rule
    not_returned: Rule
    not_resold: Rule
    income: Rule

    def about_the_claim(self) -> dict[str, Rule]:
        """The rules about the claim, by what happened where they are not met."""
        return {
            "cancelled": self.went_through,
            "returned": self.not_returned,
            "resold": self.not_resold,
            "over": self.income,
        }


TRANSFER = TransferRules(
    allowed=transfer_allowed,
    went_through=sale_not_cancelled,
    not_returned=not_returned_early,
    not_resold=not_resold_early,
    income=income,
)


# -- what follows --------------------------------------------------------------------------


class CreditHolder(Enum):
    """Who has the credit in the end."""

    DEALER = "the dealer"
    BUYER = "the buyer, on the buyer's own return"
    NOBODY = "nobody"


class _Consequence(NamedTuple):
    """What follows for the parties, everything being known."""

    holder: CreditHolder
    to_dealer: Bounds[Decimal]
    to_buyer: Bounds[Decimal]
    repaid: Bounds[Decimal]
    basis: Bounds[Decimal]


class _Amounts(NamedTuple):
    """The amounts a consequence is made of: credit, payment, and what want of tax costs."""

    credit: Bounds[Decimal]
    payment: Bounds[Decimal]
    beyond_tax: Bounds[Decimal]
    #: The facts of the tax return that bear on the last.
    missing: tuple[str, ...] = ()


def _consequence(
    amounts: _Amounts, *, allowed: bool, cancelled: bool, returned: bool, resold: bool, over: bool
) -> _Consequence:
    """What follows, given what happened.

    A cancelled sale voids the election, and an early return takes it back: there is no credit,
    and what the dealer got in advance is excessive. After an early resale, and where the buyer's
    income was too high in both years, the buyer repays the payment and the dealer keeps what it
    got. That the basis is not reduced by what is repaid was not seen; it is supposed here.

    Args:
        amounts: The amounts.
        allowed: Whether the conditions of a transfer are met.
        cancelled: Whether the sale was cancelled.
        returned: Whether the vehicle was returned early.
        resold: Whether it was resold early.
        over: Whether the buyer's income is above the threshold in both years.
    """
    nobody, dealer = CreditHolder.NOBODY, CreditHolder.DEALER
    credit = amounts.credit
    if cancelled or returned:
        return _Consequence(nobody, _NONE, _NONE, _NONE, _NONE)
    if not allowed:
        if resold or over:
            return _Consequence(nobody, _NONE, _NONE, _NONE, _NONE)
        return _Consequence(CreditHolder.BUYER, _NONE, credit, _NONE, credit)
    if resold or over:
        return _Consequence(dealer, credit, _NONE, amounts.payment, _NONE)
    return _Consequence(dealer, credit, _NONE, amounts.beyond_tax, credit)


@attrs.frozen(kw_only=True)
class TransferOutcome:
    """Whether a transfer is good, who has the credit, and who owes what. Made by `settle_transfer`.

    All amounts are bounds in US dollars, exact when nothing that matters is unknown.

    Args:
        finding: The conditions of the transfer, as a tree.
        holder: Who has the credit; `None` if that is open.
        credit_to_dealer: The credit allowed to the dealer.
        credit_to_buyer: The credit left to the buyer's own return.
        payment: What the dealer paid the buyer. It is not in the buyer's gross income, and the
            dealer cannot deduct it (26 USC 30D(g)(5)).
        buyer_repays: What is added to the buyer's tax of the year the vehicle was placed in
            service.
        excessive_payment: What the dealer got in advance above the credit allowed to it.
        addition: What is added to the dealer's tax on top of that.
        addition_citation: Where the rate of the addition stands.
        basis_reduction: By how much the basis of the buyer's vehicle falls, and other deductions
            and credits for it.
        missing: The paths of the facts that are not known exactly and may bear on these.
    """

    finding: Finding
    holder: CreditHolder | None
    credit_to_dealer: Bounds[Decimal]
    credit_to_buyer: Bounds[Decimal]
    payment: Bounds[Decimal]
    buyer_repays: Bounds[Decimal]
    excessive_payment: Bounds[Decimal]
    addition: Bounds[Decimal]
    addition_citation: Citation
    basis_reduction: Bounds[Decimal]
    missing: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the conditions of the transfer are met."""
        return self.finding.verdict

    @property
    def dealer_repays(self) -> Bounds[Decimal]:
        """What is added to the dealer's tax: the excessive payment and the addition to it."""
        exact = exact_arithmetic()
        return Bounds(
            exact.add(self.excessive_payment.lower, self.addition.lower),
            exact.add(self.excessive_payment.upper, self.addition.upper),
        )

    @property
    def lines(self) -> tuple[AmountLine, ...]:
        """The account, line by line, each with where it stands in the law."""
        cite = Citation.parse
        return (
            AmountLine("credit to the dealer", self.credit_to_dealer, cite("26 USC 30D(g)(1)")),
            AmountLine(
                "credit on the buyer's own return", self.credit_to_buyer, cite("26 USC 30D(g)(1)")
            ),
            AmountLine("payment to the buyer", self.payment, cite("26 USC 30D(g)(2)(C)")),
            AmountLine("of it in the buyer's gross income", _NONE, cite("26 USC 30D(g)(5)(A)")),
            AmountLine("of it deductible by the dealer", _NONE, cite("26 USC 30D(g)(5)(B)")),
            AmountLine("added to the buyer's tax", self.buyer_repays, cite("26 USC 30D(g)(10)")),
            AmountLine(
                "excessive payment, added to the dealer's tax",
                self.excessive_payment,
                cite("26 USC 30D(g)(7)(B)"),
            ),
            AmountLine("addition to it", self.addition, self.addition_citation),
            AmountLine(
                "reduction of the buyer's basis", self.basis_reduction, cite("26 USC 30D(g)(6)(A)")
            ),
        )

    def explain(self) -> str:
        """The outcome in words: conditions that decide, who has the credit, amounts, gaps."""
        holder = "open" if self.holder is None else self.holder.value
        lines = [
            f"{self.verdict.value}: {self.finding.rule.title} [{self.finding.citation}]",
            *(
                f"  {reason.verdict.value}: {reason.rule.title} [{reason.citation}]"
                for reason in self.finding.reasons()
                if self.verdict is not Verdict.MET
            ),
            f"who has the credit: {holder}",
            *map(str, self.lines),
        ]
        if self.missing:
            lines.append("not known exactly:")
            lines += [f"  {_label_of(path)} ({path})" for path in self.missing]
        return "\n".join(lines) + "\n"


def _label_of(path: str) -> str:
    of: type = CreditTransfer
    if path.startswith("tax_return."):
        of, path = TaxReturn, path.removeprefix("tax_return.")
    return fact_type_at(of, path).label


def settle_transfer(
    transfer: CreditTransfer,
    *,
    tax_return: TaxReturn | None = None,
    law: Law | None = None,
    rules: TransferRules = TRANSFER,
) -> TransferOutcome:
    """What follows from a transfer for buyer and dealer.

    Args:
        transfer: The election and what came of it.
        tax_return: The buyer's return; it matters only under a reading, because a transferred
            credit above the tax of the year is otherwise kept.
        law: The law; `current_law` if left out.
        rules: Of which credit; of the one for a new vehicle if left out.

    Raises:
        OutsideCoverage: The vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> bought = with_facts(
    ...     examples.demonstration_claim(),
    ...     {
    ...         "purchase.sale_date": date(2024, 6, 3),
    ...         "taxpayer.current_year.modified_adjusted_gross_income": 400_000,
    ...         "taxpayer.preceding_year.modified_adjusted_gross_income": 310_000,
    ...     },
    ... )
    >>> transfer = CreditTransfer.at_the_dealer(
    ...     claim=bought,
    ...     credit=7_500,
    ...     payment=7_500,
    ...     advance_payment=7_500,
    ...     elected_on="2024-06-03",
    ... )
    >>> outcome = settle_transfer(transfer)
    >>> outcome.holder.value, str(outcome.buyer_repays), str(outcome.dealer_repays)
    ('the dealer', '7500', '0')
    """
    law = current_law() if law is None else law
    claim = transfer.claim
    finding = rules.allowed.finding(transfer, law)
    standing = {name: rule.verdict(claim, law) for name, rule in rules.about_the_claim().items()}
    truths = {name: _possible(~verdict) for name, verdict in standing.items()}
    truths["allowed"] = _possible(finding.verdict)
    amounts = _amounts(transfer, tax_return or TaxReturn(), law)
    found = [
        _consequence(amounts, **dict(zip(truths, values, strict=True)))
        for values in product(*truths.values())
    ]
    holders = {each.holder for each in found}
    to_dealer = reduce(Bounds.hull, (each.to_dealer for each in found))
    advance = Bounds.of(transfer.advance_payment, _ANY_AMOUNT)
    excess = reduce(Bounds.hull, (_excess(advance, each.to_dealer) for each in found))
    addition, citation = _addition(excess, transfer, law)
    outcome = TransferOutcome(
        finding=finding,
        holder=holders.pop() if len(holders) == 1 else None,
        credit_to_dealer=to_dealer,
        credit_to_buyer=reduce(Bounds.hull, (each.to_buyer for each in found)),
        payment=Bounds.of(transfer.payment, _ANY_AMOUNT),
        buyer_repays=reduce(Bounds.hull, (each.repaid for each in found)),
        excessive_payment=excess,
        addition=addition,
        addition_citation=citation,
        basis_reduction=reduce(Bounds.hull, (each.basis for each in found)),
        missing=(),
    )
    missing = dict.fromkeys(_missing(transfer, outcome, standing, law, rules))
    if not outcome.buyer_repays.is_exact:
        missing.update(dict.fromkeys(f"tax_return.{name}" for name in amounts.missing))
    return attrs.evolve(outcome, missing=tuple(missing))


def _possible(verdict: Verdict) -> tuple[bool, ...]:
    return (True, False) if verdict.known is None else (verdict.known,)


def _amounts(transfer: CreditTransfer, tax_return: TaxReturn, law: Law) -> _Amounts:
    credit = Bounds.of(transfer.credit, _ANY_AMOUNT)
    payment = Bounds.of(transfer.payment, _ANY_AMOUNT)
    # A transfer is good only if both are equal, so what is known of one is known of the other.
    paid = payment.overlap(credit) or payment
    return _Amounts(credit, paid, *repaid_for_want_of_tax(paid, tax_return, law))


def repaid_for_want_of_tax(
    payment: Bounds[Decimal], tax_return: TaxReturn, law: Law
) -> tuple[Bounds[Decimal], tuple[str, ...]]:
    """What a buyer repays because the payment is above the tax of the year: nothing, by default.

    The reading `transferred_credit_beyond_tax_kept` decides.

    Args:
        payment: Bounds of the payment in US dollars.
        tax_return: The buyer's return.
        law: The law.

    Returns:
        Bounds of the amount, and the facts of the return that bear on it.

    >>> amount, _ = repaid_for_want_of_tax(
    ...     Bounds.exactly(Decimal(7_500)), TaxReturn(), current_law()
    ... )
    >>> print(amount)
    0
    """
    kept = law.readings.transferred_credit_beyond_tax_kept
    if kept:
        return _NONE, ()
    # Of an endless payment any tax may be too little.
    finite = Bounds(payment.lower, min(payment.upper, VAST))
    used = use_of_credit(finite, attrs.evolve(tax_return, business_use_percent=0))
    above = used.lost if finite == payment else Bounds(used.lost.lower, payment.upper)
    return above if kept is False else above.hull(_NONE), used.missing


def _excess(advance: Bounds[Decimal], allowed: Bounds[Decimal]) -> Bounds[Decimal]:
    """What was paid in advance above what is allowed, never below zero."""
    exact = exact_arithmetic()

    def above(paid: Decimal, credit: Decimal) -> Decimal:
        # Nothing is above an endless amount, an endless one included.
        return max(_NOTHING, exact.subtract(paid, credit)) if credit.is_finite() else _NOTHING

    return Bounds(above(advance.lower, allowed.upper), above(advance.upper, allowed.lower))


def _addition(
    excess: Bounds[Decimal], transfer: CreditTransfer, law: Law
) -> tuple[Bounds[Decimal], Citation]:
    """The addition to an excessive payment, waived for reasonable cause, and where it stands."""
    schedule = law.excessive_payment_addition_percent
    day = transfer.claim.purchase.placed_in_service
    entries = schedule.standing if day is None else (schedule.entry_on(day),)
    rates = [Decimal(str(entry.value)) for entry in entries]
    waived = transfer.reasonable_cause
    least = percent_of(excess.lower, min(rates)) if waived is False else _NOTHING
    most = _NOTHING if waived else percent_of(excess.upper, max(rates))
    return Bounds(least, most), entries[0].citation


def _missing(
    transfer: CreditTransfer,
    outcome: TransferOutcome,
    standing: dict[str, Verdict],
    law: Law,
    rules: TransferRules,
) -> Iterator[str]:
    """The paths of what is not known and may bear on the outcome, in the order of the rules."""
    day = transfer.claim.purchase.placed_in_service
    if outcome.verdict is Verdict.UNKNOWN:
        binding = Binding(law, {} if day is None else {_IN_SERVICE.path: day})
        for found in outcome.finding.walk():
            if found.verdict is Verdict.UNKNOWN and found.rule.body is not None:
                yield from _unknown_facts(found.rule, transfer, binding)
    about = rules.about_the_claim()
    binding = Binding(law, {} if day is None else {"purchase.placed_in_service": day})
    for name, verdict in standing.items():
        if verdict is Verdict.UNKNOWN:
            for path in _unknown_facts(about[name], transfer.claim, binding):
                yield f"claim.{path}"
    if not (outcome.credit_to_dealer.is_exact and outcome.credit_to_buyer.is_exact):
        yield from _inexact(transfer, "credit")
    if not outcome.buyer_repays.is_exact:
        yield from _inexact(transfer, "payment")
    if not outcome.excessive_payment.is_exact:
        yield from _inexact(transfer, "advance_payment")
    if outcome.excessive_payment.upper and transfer.reasonable_cause is None:
        yield "reasonable_cause"


def _inexact(transfer: CreditTransfer, name: str) -> Iterator[str]:
    value = getattr(transfer, name)
    if value is None or isinstance(value, Bounds):
        yield name


def _unknown_facts(rule: Rule, thing: Any, binding: Binding) -> Iterator[str]:
    for fact in rule.facts():
        for unknown in fact.unknown_in(thing, binding):
            yield unknown.path
