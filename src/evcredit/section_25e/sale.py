"""26 USC 25E(c)(2): what a qualified sale is, and who had the vehicle before.

A vehicle carries one credit of this kind: the sale must be the first transfer since the law was
enacted to a qualified buyer other than the original user. Whoever could have had the credit uses
that up, with too high an income or without claiming too; a dealer or a company does not
(26 CFR 1.25E-1(e), examples 1 to 6 [captions seen, outcomes after the words of the statute]).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import Finding
from evcredit.algebra.path import UnknownFact, unknown_facts
from evcredit.algebra.rule import Rule, all_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict, any_known
from evcredit.facts.prior_transfer import PriorTransfer, Recipient
from evcredit.facts.purchase import DealerLicense
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses

__all__ = [
    "qualified_sale",
    "slot_used_up",
    "to_qualified_buyer",
    "transfer_counts",
    "transfers_that_differ",
    "turns_on_day_of_enactment",
]

_EARLIER = CLAIM.vehicle.prior_transfers


@provision("26 USC 25E(c)(2)(A)", "the seller is a licensed dealer")
def sold_by_dealer(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.seller_license.is_one_of(DealerLicense.NOBODY)


@provision("26 CFR 1.25E-1(b)(3)", "the dealer is not licensed by a territory alone")
def dealer_licensed_in_a_state(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.seller_license.is_one_of(DealerLicense.TERRITORY_ALONE)


@provision("26 USC 25E(c)(2)(B)", "sale price not above the limit")
def sale_price(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.sale_price <= law.used_vehicle_price_limit.on(PLACED_IN_SERVICE)


# -- the first transfer --------------------------------------------------------------------


def transfer_counts(on: date | None, law: Law) -> Verdict:
    """Whether a transfer on a day is one since the day of enactment.

    Args:
        on: The day; `None` if it is unknown.
        law: The law, with the reading for that day itself.

    >>> from evcredit import current_law
    >>> [transfer_counts(date(2022, 8, day), current_law()).value for day in (15, 16, 17)]
    ['not met', 'not met', 'met']
    """
    enacted: date = law.used_vehicle_transfers_count_from.values()[0]
    if on is None:
        return Verdict.UNKNOWN
    if on == enacted:
        return Verdict.of(law.readings.enactment_day_counts)
    return Verdict.of(on > enacted)


def to_qualified_buyer(transfer: PriorTransfer) -> Verdict:
    """Whether a transfer went to a qualified buyer other than the original user.

    That is an individual who bought for use, is nobody's dependent, and had no such credit in
    the three years before (26 USC 25E(c)(3)). Income and what the buyer claimed do not matter.

    >>> to_qualified_buyer(PriorTransfer.to_individual("2024-06-03"))
    <Verdict.MET: 'met'>
    >>> to_qualified_buyer(PriorTransfer.to_company("2024-06-03"))
    <Verdict.NOT_MET: 'not met'>
    """
    another = None if transfer.to is None else transfer.to is Recipient.INDIVIDUAL
    return (
        Verdict.of(another)
        & Verdict.of(transfer.for_use)
        & ~Verdict.of(transfer.dependent_of_another)
        & ~Verdict.of(transfer.credited_shortly_before)
    )


def slot_used_up(transfers: tuple[PriorTransfer, ...] | None, law: Law) -> Verdict:
    """Whether earlier transfers have used up the one credit that a vehicle carries.

    The vehicle starts with its credit left, and each transfer that counts and goes to a
    qualified buyer takes it for good; what is unknown of one may or may not have.

    Args:
        transfers: Every transfer before the purchase; `None` if they are unknown.
        law: The law.

    >>> from evcredit import current_law
    >>> slot_used_up((PriorTransfer.to_dealer("2024-05-02"),), current_law())
    <Verdict.NOT_MET: 'not met'>
    >>> slot_used_up((PriorTransfer.to_individual("2023-05-02"),), current_law())
    <Verdict.MET: 'met'>
    """
    if transfers is None:
        return Verdict.UNKNOWN
    return Verdict.of(any_known(_uses_it_up(each, law).known for each in transfers))


def _uses_it_up(transfer: PriorTransfer, law: Law) -> Verdict:
    return transfer_counts(transfer.on, law) & to_qualified_buyer(transfer)


def transfers_that_differ(claim: Any, law: Law) -> dict[int, tuple[int, ...]]:
    """Return transfers that together decide like all of them, and which others each is like.

    A transfer that has not used up the credit decides nothing, and one that has decides alone.
    Of others it matters only what is unknown of them, as what is known allows either.

    Args:
        claim: The claim.
        law: The law.

    Returns:
        By the place of a transfer in the list, the places of those like it, its own first.
    """
    found: dict[tuple[Any, ...], list[int]] = {}
    for place, each in enumerate(claim.vehicle.prior_transfers or ()):
        uses_it_up = _uses_it_up(each, law)
        if uses_it_up is not Verdict.NOT_MET:
            open_facts = tuple(unknown.path for unknown in unknown_facts(each))
            counts = transfer_counts(each.on, law)
            found.setdefault((uses_it_up, counts, open_facts), []).append(place)
    return {places[0]: tuple(places) for places in found.values()}


def turns_on_day_of_enactment(claim: Any, law: Law) -> bool:
    """Whether a transfer may have used it up, but for its day, on which the law is unresolved."""
    enacted = law.used_vehicle_transfers_count_from.values()[0]
    return law.readings.enactment_day_counts is None and any(
        each.on == enacted and to_qualified_buyer(each) is not Verdict.NOT_MET
        for each in claim.vehicle.prior_transfers or ()
    )


def _unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    """What is not known of the transfers; others than `transfers_that_differ` are omitted."""
    transfers = claim.vehicle.prior_transfers
    if transfers is None:
        yield UnknownFact(_EARLIER.path, _EARLIER.declared)
    for index, each in enumerate(transfers or ()):
        yield from unknown_facts(each, f"{_EARLIER.path}[{index}]")


def _samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    counts_from = law.used_vehicle_transfers_count_from.values()[0]
    if unknown.declared.kind is Kind.PARTS:
        after = PriorTransfer.to_individual(counts_from + _A_DAY)
        return ((), (after,))
    return (counts_from, counts_from + _A_DAY) if unknown.declared.kind is Kind.DAY else ()


_A_DAY = timedelta(days=1)

_transfer_rule = Topic(
    code="earlier_transfer",
    title="an earlier transfer leaves the credit for a later buyer",
    citation=Citation.parse("26 USC 25E(c)(2)(C)"),
    words=clauses,
)


def _findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    law: Law = binding.law
    return tuple(
        Finding(_transfer_rule, ~_uses_it_up(each, law), note=_in_words(each, law))
        for each in claim.vehicle.prior_transfers or ()
    )


def _in_words(transfer: PriorTransfer, law: Law) -> str:
    to = "someone" if transfer.to is None else transfer.to.value
    what = f"to {to} " + ("on an unknown day" if transfer.on is None else f"on {transfer.on}")
    if transfer_counts(transfer.on, law) is Verdict.NOT_MET:
        return f"{what}: not since the day of enactment"
    qualified = to_qualified_buyer(transfer)
    if qualified is Verdict.MET:
        return f"{what}: a qualified buyer"
    no, perhaps = "not a qualified buyer", "perhaps a qualified buyer"
    return f"{what}: {no if qualified is Verdict.NOT_MET else perhaps}"


first_to_qualified_buyer: Derived = Derived(
    name="first_to_qualified_buyer",
    label="credit left by the earlier transfers",
    kind=Kind.FLAG,
    unknown=_unknown,
    bind_value=lambda binding: (
        lambda claim: (~slot_used_up(claim.vehicle.prior_transfers, binding.law)).known
    ),
    findings=_findings,
    samples=_samples,
    reads=lambda law: (_EARLIER.path,),
)


@provision(
    "26 USC 25E(c)(2)(C)",
    "the first transfer since enactment to a qualified buyer other than the original user",
)
def first_transfer(claim: ClaimView, law: LawView) -> Expression:
    return first_to_qualified_buyer


# The buyer of a sale to the original user is not one other than the original user, and original
# use began with the taxpayer: (c)(1)(B) says so already.
qualified_sale: Rule = all_of(
    "qualified_sale",
    "acquired in a qualified sale",
    "26 USC 25E(c)(2)",
    sold_by_dealer,
    dealer_licensed_in_a_state,
    sale_price,
    first_transfer,
)
