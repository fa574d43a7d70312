"""The election to transfer a credit to the dealer, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import (
    Any,
    TypedDict,
    Unpack,
)

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Kind,
    Number,
    as_count,
    as_day,
    as_flag,
    as_price,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.path import with_facts
from evcredit.algebra.shorthand import given
from evcredit.algebra.verdict import any_known
from evcredit.facts.claim import Claim, as_claim
from evcredit.facts.purchase import DealerLicense, as_dealer_license
from evcredit.facts.taxpayer import TaxpayerKind, TaxYear

__all__ = ["CreditTransfer", "CreditTransferFacts"]


def _flag(label: str) -> Any:
    return attrs.field(default=None, converter=as_flag, metadata=declare(Kind.FLAG, label))


class CreditTransferFacts(TypedDict, total=False):
    """Keyword arguments of `CreditTransfer`."""

    claim: Claim | None
    credit: Number | None
    elected_on: date | str | None
    dealer_registered: bool | None
    dealer_license: DealerLicense | str | None
    price_disclosed: bool | None
    credit_and_incentives_disclosed: bool | None
    payment_disclosed: bool | None
    payment: Number | None
    paid_by_sale: bool | None
    incentives_leave_election_free: bool | None
    election_leaves_incentives_whole: bool | None
    mainly_personal_use: bool | None
    earlier_elections: Number | None
    earlier_elections_of_spouse: Number | None
    vin_given_by_dealer: bool | None
    advance_payment: Number | None
    reasonable_cause: bool | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class CreditTransfer:
    """The election to transfer a credit to the dealer, and what came of it.

    Everything omitted is unknown.

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
        InvalidFactError: A fact is invalid or is not exact, for example a buyer who elects
            both to transfer the credit and not to take it.
        InvalidFactsError: Several faults.

    >>> CreditTransfer.at_the_dealer(payment=7_500).dealer_registered
    True
    """

    __repr__ = repr_of_facts
    __str__ = brief

    claim: Claim = attrs.field(
        factory=Claim, converter=as_claim, metadata=declare(Kind.PART, "claim", of=Claim)
    )
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

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _transfer_faults, sound=sound)

    @classmethod
    def at_the_dealer(cls, **facts: Unpack[CreditTransferFacts]) -> CreditTransfer:
        """A transfer with the facts that hold when all is as it should be.

        States that the dealer is registered and licensed by a State, made every disclosure, paid
        not later than the sale, kept other incentives apart, and gave the vehicle identification
        number to the Secretary; that the buyer expects mainly personal use, and that it is the
        first transfer of the year. Whatever else is given is added, and overrides these.
        """
        stated: CreditTransferFacts = {
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
        stated.update(given(facts))
        return cls(**stated)

    @property
    def number_given(self) -> bool | None:
        """Whether the number is given, by dealer or return; `None` if that is unresolved."""
        by_dealer, on_return = self.vin_given_by_dealer, self.claim.purchase.vin_on_return
        return any_known((by_dealer, on_return))

    def claim_at_the_sale(self) -> Claim:
        """The claim as the election looks at it.

        That is apart from the buyer's income and from everything after the sale. The election
        not to take the credit is not open to who transfers it (26 USC 30D(g)(6)(B)), and the
        number given by the dealer does for the return ((g)(6)(C)).

        >>> from evcredit import assess, examples
        >>> transfer = CreditTransfer.at_the_dealer(claim=examples.demonstration_claim())
        >>> print(assess(transfer.claim_at_the_sale()).credit)
        7,500
        """
        facts: dict[str, Any] = {
            "purchase.elected_out": False,
            "purchase.sale_cancelled": None,
            "purchase.not_in_service": None,
            "taxpayer.no_prior_year": None,
            "purchase.returned_on": None,
            "purchase.resold_on": None,
        }
        facts["purchase.vin_on_return"] = self.number_given
        buyer = self.claim.taxpayer
        if buyer.kind not in (TaxpayerKind.CORPORATION, TaxpayerKind.TAX_EXEMPT_USER):
            for name in ("current_year", "prior_year"):
                status = getattr(buyer, name).filing_status
                poor = TaxYear(filing_status=status, modified_adjusted_gross_income=0)
                facts[f"taxpayer.{name}"] = poor
        at_the_sale: Claim = with_facts(self.claim, facts)
        return at_the_sale


def _license_of_the_seller(facts: CreditTransferFacts) -> DealerLicense | None:
    """What the claim of a transfer says of the seller, who is the dealer."""
    claim = facts.get("claim")
    return claim.purchase.seller_license if isinstance(claim, Claim) else None


def _transfer_faults(transfer: CreditTransfer) -> Iterator[tuple[str, Any, str]]:
    sold_by, license_ = transfer.claim.purchase.seller_license, transfer.dealer_license
    if sold_by is not None and license_ is not None and sold_by is not license_:
        remedy = (
            f"the purchase states a seller licensed by {sold_by.value}; these "
            "conflict; give only one"
        )
        yield "dealer_license", license_, remedy
    yield from _report_faults(transfer)
    if transfer.claim.purchase.elected_out:
        yield (
            "claim.purchase.elected_out",
            True,
            "omit it: who transfers the credit cannot elect not to take it",
        )


def _report_faults(transfer: CreditTransfer) -> Iterator[tuple[str, Any, str]]:
    """Where a report that was furnished contradicts the transfer, or its payment."""
    report = transfer.claim.purchase.seller_report
    if report is None or report.furnished is False:
        return
    place = "claim.purchase.seller_report"
    if report.transfer_elected is False and transfer.elected_on is not None:
        remedy = f"{place}.transfer_elected denies a transfer; these conflict; give only one"
        yield "elected_on", transfer.elected_on, remedy
    paid, reported = transfer.payment, report.transferred_amount
    if paid is not None and reported is not None and not _may_agree(paid, reported):
        remedy = f"{place}.transferred_amount states {reported}; these conflict; give only one"
        yield "payment", paid, remedy


def _may_agree(one: Decimal | Bounds[Decimal], other: Decimal | Bounds[Decimal]) -> bool:
    return Bounds.of(one).overlap(Bounds.of(other)) is not None
