"""Evaluate each offer for one person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import attrs

from evcredit.advice.offers import BuyNew, BuyUsed, Lease
from evcredit.advice.option import Option, Options, Route
from evcredit.algebra.bounds import Bounds, exact_arithmetic
from evcredit.algebra.field import Fault, as_tuple
from evcredit.algebra.path import with_facts
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError, checked
from evcredit.facts.claim import Claim
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.taxpayer import Taxpayer
from evcredit.facts.transfer import CreditTransfer
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.days import SOLD
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit
from evcredit.provisions.tax_limit import allocate_credit
from evcredit.provisions.transfer import CreditHolder, repaid_for_want_of_tax
from evcredit.results.assessing import assess
from evcredit.results.transfer import assess_transfer

__all__ = ["options", "ways"]

_NOTHING = Decimal(0)
_NONE = Bounds.exactly(_NOTHING)
_ANY_AMOUNT = Bounds(_NOTHING, Decimal("Infinity"))
_CREDITS: dict[type, Credit] = {
    BuyNew: Credit.NEW_VEHICLE,
    BuyUsed: Credit.PREVIOUSLY_OWNED_VEHICLE,
    Lease: Credit.COMMERCIAL_VEHICLE,
}


def options(
    taxpayer: Taxpayer,
    offers: Any,
    *,
    tax_return: TaxReturn | None = None,
    law: Law | None = None,
) -> Options:
    """What offers give one person, which is best, by when, and what would flip each refusal.

    Args:
        taxpayer: The person, with income and filing status as far as they are known.
        offers: Offers to buy or lease: `BuyNew`, `BuyUsed`, `Lease`.
        tax_return: The person's return; what is omitted is unknown, not nothing.
        law: The law; `current_law` if omitted.

    Raises:
        InvalidFactError: An offer is none of these, or a fact of one is invalid.
        OutsideCoverage: A vehicle is placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> claim = examples.demonstration_claim()
    >>> found = options(
    ...     claim.taxpayer,
    ...     [BuyNew(name="crossover", vehicle=claim.vehicle, purchase=claim.purchase)],
    ...     tax_return=TaxReturn.personal(tax_before_credits=5_000, other_personal_credits=0),
    ... )
    >>> print(found.best.net_benefit, found.best.forfeited)
    5,000 2,500
    """
    law = law_applied(law)
    checked(taxpayer, Taxpayer, "taxpayer")
    own = tax_return or TaxReturn()
    listed = as_tuple(offers)
    if listed is None or isinstance(listed, Fault):
        raise InvalidFactError("offers", offers, "give a list of BuyNew, BuyUsed and Lease")
    found: list[Option] = []
    for index, offer in enumerate(listed):
        if isinstance(offer, Lease):
            found.append(_leased(offer, law))
        elif isinstance(offer, BuyNew | BuyUsed):
            if offer.transfer is not None:
                found.append(_transferred(offer, offer.transfer, taxpayer, own, law))
            found.append(_on_return(offer, taxpayer, own, law))
        else:
            raise InvalidFactError(f"offers[{index}]", offer, "give a BuyNew, BuyUsed or Lease")
    return Options(taxpayer=taxpayer, tax_return=own, law=law, options=tuple(found))


def ways(
    claim: Claim,
    *,
    credit: Credit | str = Credit.NEW_VEHICLE,
    tax_return: TaxReturn | None = None,
    transfer: CreditTransfer | Literal["usual"] | None = "usual",
    law: Law | None = None,
) -> Options:
    """What one person ends up with for one vehicle, on the return or by transfer to the dealer.

    Income and tax are in it: what the income of both years refuses or asks back, and what is lost
    because the tax is too low. A part of the credit that is refused has its `Option.denials` too.

    Args:
        claim: The vehicle, the purchase and the person.
        credit: The credit, as for `assess`; that of a business has no transfer.
        tax_return: The person's return; what is omitted is unknown, not nothing.
        transfer: On what terms the dealer takes the credit over; usual ones by default
            (`CreditTransfer.at_the_dealer`), `None` if it does not. Omit `claim` and `credit`.
        law: The law; `current_law` if omitted.

    Returns:
        Both ways; `Options.best` is the better one, and `Options.amount` what it leaves.

    Raises:
        InvalidFactError: There is no such credit, or a fact of the transfer is invalid.
        OutsideCoverage: The vehicle is placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> tax = TaxReturn.personal(tax_before_credits=5_000, other_personal_credits=0)
    >>> found = ways(examples.demonstration_claim(), tax_return=tax)
    >>> [(each.route.name, str(each.net_benefit)) for each in found.options]
    [('TRANSFERRED', '7,500'), ('ON_RETURN', '5,000')]
    >>> print(found.amount, "by", found.best.route.name)
    7,500 by TRANSFERRED
    """
    checked(claim, Claim, "claim")
    law = law_applied(law)
    kind = section_of(credit).credit
    if tax_return is not None:
        checked(tax_return, TaxReturn, "tax_return")
    own, purchase = tax_return or TaxReturn(), claim.purchase
    if kind is Credit.COMMERCIAL_VEHICLE:
        offer = BuyNew(name=_NAME, vehicle=claim.vehicle, purchase=purchase)
        only = _of_business(offer, claim.taxpayer, law)
        return Options(taxpayer=claim.taxpayer, tax_return=own, law=law, options=(only,))
    terms = transfer
    if isinstance(terms, str) and terms != "usual":
        raise InvalidFactError("transfer", terms, "give the terms, 'usual', or None")
    if isinstance(terms, str):
        # Who elects not to take the credit cannot transfer it.
        usual = CreditTransfer.at_the_dealer(dealer_license=purchase.seller_license)
        terms = None if purchase.elected_out else usual
    make = BuyNew if kind is Credit.NEW_VEHICLE else BuyUsed
    bought = make(name=_NAME, vehicle=claim.vehicle, purchase=purchase, transfer=terms)
    return options(claim.taxpayer, [bought], tax_return=own, law=law)


#: What the one vehicle of a claim is called.
_NAME = "this vehicle"


def _of_business(offer: BuyNew, taxpayer: Taxpayer, law: Law) -> Option:
    """The commercial credit, all of it a business credit, whose unused part is carried."""
    result = assess(_claim(offer, taxpayer), law=law, credit=Credit.COMMERCIAL_VEHICLE)
    return Option(
        offer=offer,
        route=Route.ON_RETURN,
        assessment=result,
        verdict=result.verdict,
        on_return=result.credit,
        net_benefit=result.credit,
    )


def _claim(offer: BuyNew | BuyUsed, taxpayer: Taxpayer) -> Claim:
    return Claim(vehicle=offer.vehicle, purchase=offer.purchase, taxpayer=taxpayer)


def _on_return(
    offer: BuyNew | BuyUsed, taxpayer: Taxpayer, tax_return: TaxReturn, law: Law
) -> Option:
    """The credit claimed on the return: the personal part up to the tax, and the business part."""
    result = assess(_claim(offer, taxpayer), law=law, credit=_CREDITS[type(offer)])
    if isinstance(offer, BuyUsed):
        # Of this credit there is no business part (Schedule A of Form 8936, part IV).
        tax_return = attrs.evolve(tax_return, business_use_percent=0)
    used = allocate_credit(
        result.credit,
        tax_return,
        placed_in_service=result.governing_day,
        law=law,
    )
    add = exact_arithmetic().add
    # Each end is reached: what is allowed rises with credit, business use and tax alike.
    net_benefit = Bounds(
        min(used.credit.lower, add(used.business_part.lower, used.remaining_tax.lower)),
        min(used.credit.upper, add(used.business_part.upper, used.remaining_tax.upper)),
    )
    unknown = () if net_benefit.is_exact else tuple(f"tax_return.{name}" for name in used.missing)
    return Option(
        offer=offer,
        route=Route.ON_RETURN,
        assessment=result,
        verdict=result.verdict,
        on_return=net_benefit,
        forfeited=used.forfeited,
        net_benefit=net_benefit,
        open=unknown,
    )


#: What of a transfer is the dealer's concern alone, or follows.
_NOT_THE_BUYERS = ("advance_payment", "reasonable_cause", "payment", "credit")


def _transferred(
    offer: BuyNew | BuyUsed,
    transfer: CreditTransfer,
    taxpayer: Taxpayer,
    tax_return: TaxReturn,
    law: Law,
) -> Option:
    """The credit handed to the dealer, for a payment of the same amount."""
    kind, claim = _CREDITS[type(offer)], _claim(offer, taxpayer)
    terms = attrs.evolve(transfer, claim=claim)
    if terms.elected_on is None:
        terms = attrs.evolve(terms, elected_on=SOLD.of(claim, law))
    allowable = assess(terms.claim_at_the_sale(), law=law, credit=kind).credit
    # The payment is as much as the credit, so if that is unresolved, so is the payment.
    settled = [
        assess_transfer(
            attrs.evolve(terms, credit=credit, payment=payment),
            tax_return=tax_return,
            law=law,
            credit=kind,
        )
        for credit, payment in (
            [(allowable, terms.payment)]
            if terms.payment is not None
            else [(end, end) for end in dict.fromkeys((allowable.lower, allowable.upper))]
        )
    ]
    outcome = settled[-1]
    # A transfer is good only if both are equal, so what is known of one is known of the other.
    at_sale = allowable.overlap(Bounds.of(terms.payment, allowable)) or _NONE
    # With the buyer's income and what came after the sale, which the election did not look at.
    facts: dict[str, Any] = {
        "purchase.elected_out": False,
        "purchase.vin_on_return": terms.number_given,
    }
    result = assess(with_facts(claim, facts), law=law, credit=kind)
    least = _kept(min(result.credit.lower, at_sale.upper), tax_return, law).lower
    most = _kept(min(result.credit.upper, at_sale.upper), tax_return, law).upper
    allowed = outcome.verdict
    net_benefit = {
        Verdict.MET: Bounds(least, most),
        Verdict.UNKNOWN: Bounds(_NOTHING, most),
        Verdict.NOT_MET: _NONE,
    }[allowed]
    holders = {each.holder for each in settled}
    if CreditHolder.DEALER not in holders and None not in holders:
        at_sale = _NONE
    elif holders != {CreditHolder.DEALER}:
        at_sale = at_sale.hull(_NONE)
    repaid = settled[0].buyer_repays.hull(outcome.buyer_repays)
    unknown = (
        () if net_benefit.is_exact else (p for p in outcome.missing if p not in _NOT_THE_BUYERS)
    )
    return Option(
        offer=offer,
        route=Route.TRANSFERRED,
        assessment=result,
        transfer=outcome,
        verdict=allowed & result.verdict,
        at_sale=at_sale,
        repaid=repaid,
        net_benefit=net_benefit,
        open=tuple(map(_path_of_transfer, unknown)),
        terms=attrs.evolve(
            terms,
            credit=allowable,
            payment=allowable if terms.payment is None else terms.payment,
        ),
    )


def _kept(credit: Decimal, tax_return: TaxReturn, law: Law) -> Bounds[Decimal]:
    """What stays of a credit handed over: all of it, but under a reading what is above the tax."""
    repaid, _ = repaid_for_want_of_tax(Bounds.exactly(credit), tax_return, law)
    less = exact_arithmetic().subtract
    return Bounds(less(credit, repaid.upper), less(credit, repaid.lower))


def _path_of_transfer(path: str) -> str:
    if path.startswith("tax_return."):
        return path
    return path.removeprefix("claim.") if path.startswith("claim.") else f"transfer.{path}"


def _leased(offer: Lease, law: Law) -> Option:
    """What the lessor passes on of its credit."""
    claim = Claim(vehicle=offer.vehicle, purchase=offer.lessor_purchase, taxpayer=offer.lessor)
    result = assess(claim, law=law, credit=Credit.COMMERCIAL_VEHICLE)
    passed = Bounds.of(offer.passed_on, _ANY_AMOUNT)
    net_benefit = Bounds(
        min(passed.lower, result.credit.lower), min(passed.upper, result.credit.upper)
    )
    bears = not passed.is_exact and passed.lower < result.credit.upper
    return Option(
        offer=offer,
        route=Route.LEASED,
        assessment=result,
        verdict=result.verdict,
        at_sale=net_benefit,
        net_benefit=net_benefit,
        open=("passed_on",) if bears else (),
    )
