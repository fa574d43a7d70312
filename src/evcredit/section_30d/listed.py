"""Relying on a published list of qualifying vehicles.

The legal fact is what the manufacturer reported of a vehicle and the Internal Revenue Service
accepted; a published list reports that. A claim that states a row of a list relies on it: for a
vehicle of the row's days it represents what the manufacturer reports (Rev. Proc. 2022-42, before
2023 the certification of Notice 2009-89), and for the amount if the row gives one. What the row
says and what is stated of the vehicle itself may differ; the claim's result then says so.

An accepted report of the seller does the same for its one vehicle, where no row is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import FactType, Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.money import bounds_in_dollars, in_dollars
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict, all_known
from evcredit.facts.listing import ListedVehicle
from evcredit.facts.published_list import DayCounted
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE, SOLD, TITLE_PASSED
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses

__all__ = [
    "listed_amount",
    "listed_price",
    "listed_sourcing",
    "published_listing",
    "relies_on_report",
    "speaks_for",
]

_MSRP = CLAIM.vehicle.msrp
_MOST = CLAIM.purchase.seller_report.maximum_credit
_ASSEMBLY = CLAIM.vehicle.final_assembly_country
_LISTING = FactType(Kind.FLAG, "on the published list for that day")


def _counted_day(row: ListedVehicle, claim: Any, law: Any) -> date | None:
    """The day of the claim that the row counts."""
    acquired = row.counted_on is DayCounted.ACQUIRED
    return (TITLE_PASSED if acquired else PLACED_IN_SERVICE).of(claim, law)


def relies_on_report(claim: Any) -> bool:
    """Whether a claim relies on an accepted report of the seller in place of a published list.

    The report is of this one vehicle: the Internal Revenue Service accepts it, with the maximum
    credit allowable, if the manufacturer reported the vehicle (26 USC 30D(d)(1)(H)(v)).

    >>> from evcredit import Claim
    >>> relies_on_report(Claim())
    False
    """
    report = claim.purchase.seller_report
    return (
        claim.vehicle.listing is None and report is not None and report.settled_credit is not None
    )


def speaks_for(claim: Any, law: Any) -> bool | None:
    """Whether the row that a claim relies on applies to its day and its model year.

    Args:
        claim: A claim.
        law: The law, which may move the day placed in service.

    Returns:
        False where the claim relies on no row; `None` if it is unknown. An accepted report of
        the seller applies to its vehicle whatever the day.

    >>> from evcredit import Claim, current_law
    >>> speaks_for(Claim(), current_law())
    False
    """
    row = claim.vehicle.listing
    if row is None:
        return relies_on_report(claim)
    if row.section not in (None, "30D"):
        return False
    # To rely on the row is to say that the vehicle is one it means, so an unknown model year,
    # or a row for certain vehicles only, leaves nothing open; another model year does.
    if row.speaks_for_model_year(claim.vehicle.model_year) is False:
        return False
    on_the_day: bool | None = row.speaks_for_day(_counted_day(row, claim, law))
    return on_the_day


def _assembled(claim: Any, binding: Binding) -> bool | None:
    """Whether final assembly is met; the older lists do not tell of it."""
    if claim.vehicle.listing is None or claim.vehicle.listing.counted_on is not DayCounted.ACQUIRED:
        return True
    sold = SOLD.of(claim, binding.law)
    if sold is not None and not binding.law.final_assembly_in_force.on(sold):
        return True
    inside = binding.law.north_america.members.get(claim.vehicle.final_assembly_country, False)
    return True if inside else (None if sold is None else inside)


def _listed(binding: Binding) -> Callable[[Any], bool | None]:
    def listed(claim: Any) -> bool | None:
        speaks = speaks_for(claim, binding.law)
        return speaks if speaks is False else all_known([speaks, _assembled(claim, binding)])

    return listed


def _within_price(binding: Binding) -> Callable[[Any], bool | None]:
    def within(claim: Any) -> bool | None:
        row = claim.vehicle.listing
        if row is None or row.msrp_limit is None:
            return False
        price, limit = claim.vehicle.msrp, row.msrp_limit
        fits: bool | None = None
        if isinstance(price, Decimal):
            fits = price <= limit
        elif price is not None:
            fits = True if price.upper <= limit else (False if price.lower > limit else None)
        return all_known([speaks_for(claim, binding.law), fits])

    return within


def _days(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    row = claim.vehicle.listing
    if row is not None and speaks_for(claim, binding.law) is None:
        acquired = row.counted_on is DayCounted.ACQUIRED
        yield from (TITLE_PASSED if acquired else PLACED_IN_SERVICE).unknown_in(claim, binding)


def _unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    yield from _days(claim, binding)
    if claim.vehicle.listing is not None and _assembled(claim, binding) is None:
        yield from SOLD.unknown_in(claim, binding)
        yield from _ASSEMBLY.unknown_in(claim, binding)


def _unknown_price(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    row = claim.vehicle.listing
    if row is not None and row.msrp_limit is not None:
        yield from _days(claim, binding)
        yield from _MSRP.unknown_in(claim, binding)


def _gives_amount(binding: Binding) -> Callable[[Any], bool | None]:
    def gives(claim: Any) -> bool | None:
        row = claim.vehicle.listing
        if relies_on_report(claim):
            return not Bounds.of(claim.purchase.seller_report.settled_credit).less_than(1).known
        if row is None or not row.credit:
            return False
        return speaks_for(claim, binding.law)

    return gives


_row_rule = Topic(
    code="listed_row",
    title="the row of the list",
    citation=Citation.parse("Rev. Proc. 2022-42 sec. 4"),
    words=clauses,
)


_report_rule = Topic(
    code="accepted_seller_report",
    title="the accepted report of the seller",
    citation=Citation.parse("26 USC 30D(d)(1)(H)(v)"),
    words=clauses,
)


def _findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    row = claim.vehicle.listing
    if relies_on_report(claim):
        most = claim.purchase.seller_report.settled_credit
        told = FactRead(_MOST.path, most, _MOST.declared)
        text = f"accepted, with a credit of at most {bounds_in_dollars(Bounds.of(most))}"
        return (Finding(_report_rule, Verdict.MET, facts=(told,), note=text),)
    speaks = speaks_for(claim, binding.law)
    read = FactRead("vehicle.listing", speaks, _LISTING)
    limit = "" if row.msrp_limit is None else f"; price limit {in_dollars(row.msrp_limit)}"
    mark = _MARKS.get(row.mark)
    text = f"{row}{limit}{mark or ''}"
    return (Finding(_row_rule, Verdict.of(speaks), facts=(read,), note=text),)


_MARKS = {
    "V": "; read in a source",
    "V2": "; read in two sources",
    "R": "; recalled, not read in a source",
}


def _derived(name: str, label: str, **how: Any) -> Derived:
    return Derived(
        name=name,
        label=label,
        kind=Kind.FLAG,
        findings=_findings,
        reads=lambda law: ("vehicle.listing", _MSRP.path, _ASSEMBLY.path),
        **how,
    )


_on_list = _derived(
    "on_published_list",
    "on the published list relied on",
    unknown=_unknown,
    bind_value=_listed,
)
_amount_listed = _derived(
    "amount_on_published_list",
    "amount on the published list relied on",
    unknown=_days,
    bind_value=_gives_amount,
)
_listed_limit = _derived(
    "within_listed_price",
    "price within the limit on the published list",
    unknown=_unknown_price,
    bind_value=_within_price,
    breakpoints=lambda law: {_MSRP.path: _price_limits(law)},
)


def _price_limits(law: Any) -> tuple[int, ...]:
    table = law.msrp_limit.values()[0]
    limits: tuple[int, ...] = table.values()
    return limits


@provision("Rev. Proc. 2022-42 sec. 4", "on a published list of vehicles reported as qualifying")
def published_listing(claim: ClaimView, law: LawView) -> Expression:
    """The row relied on applies to the vehicle's day, and tells all that is reported."""
    return _on_list


@provision(
    "Rev. Proc. 2022-42 sec. 4",
    "price not in excess of the limit on the published list",
    in_force="clean_vehicle_rules_in_force",
)
def listed_price(claim: ClaimView, law: LawView) -> Expression:
    """The list gives the limit of the vehicle's class."""
    return _listed_limit


@provision(
    "Rev. Proc. 2022-42 sec. 4",
    "the published list gives an amount, so a sourcing requirement is met",
    in_force="sourcing_in_force",
)
def listed_sourcing(claim: ClaimView, law: LawView) -> Expression:
    """Which of the two requirements is met the list does not tell."""
    return _amount_listed


@provision("Rev. Proc. 2022-42 sec. 4", "an amount is on the published list for that day")
def listed_amount(claim: ClaimView, law: LawView) -> Expression:
    """The row relied on applies to the vehicle's day, and gives an amount."""
    return _amount_listed
