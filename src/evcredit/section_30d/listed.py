"""Relying on a published list of qualifying vehicles.

The legal fact is what the manufacturer reported of a vehicle and the Internal Revenue Service
accepted; a published list tells of that. A claim that states a row of a list relies on it: for a
vehicle of the row's days it stands for what the manufacturer reports (Rev. Proc. 2022-42, before
2023 the certification of Notice 2009-89), and for the amount if the row gives one. What the row
says and what is stated of the vehicle itself may differ; the claim's result then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact
from evcredit.fact import FactType, Kind, UnknownFact
from evcredit.listing import DayCounted, ListedVehicle
from evcredit.money import in_dollars
from evcredit.rule import FactRead, Finding, Mode, Rule
from evcredit.section_30d.days import CLAIM, PLACED_IN_SERVICE, SOLD, TITLE_PASSED
from evcredit.section_30d.provision import Statement, provision
from evcredit.verdict import Verdict, all_known

__all__ = [
    "listed_amount",
    "listed_price",
    "listed_sourcing",
    "published_listing",
    "speaks_for",
]

_MSRP: Fact = CLAIM.vehicle.msrp
_ASSEMBLY: Fact = CLAIM.vehicle.final_assembly_country
_LISTING = FactType(Kind.FLAG, "on the published list for that day")


def _counted_day(row: ListedVehicle, claim: Any, law: Any) -> date | None:
    """The day of the claim that the row counts."""
    acquired = row.counted_on is DayCounted.ACQUIRED
    return (TITLE_PASSED if acquired else PLACED_IN_SERVICE).of(claim, law)


def speaks_for(claim: Any, law: Any) -> bool | None:
    """Whether the row that a claim relies on speaks for its day and its model year.

    Args:
        claim: A claim.
        law: The law, which may move the day placed in service.

    Returns:
        False where the claim relies on no row; `None` if it is unknown.

    >>> from evcredit import Claim, current_law
    >>> speaks_for(Claim(), current_law())
    False
    """
    row = claim.vehicle.listing
    if row is None or row.section not in (None, "30D"):
        return False
    # To rely on the row is to say that the vehicle is one it means, so an unknown model year,
    # or a row for certain vehicles only, leaves nothing open; another model year does.
    if row.speaks_for_model_year(claim.vehicle.model_year) is False:
        return False
    on_the_day: bool | None = row.speaks_for_day(_counted_day(row, claim, law))
    return on_the_day


def _assembled(claim: Any, binding: Binding) -> bool | None:
    """Whether final assembly is met; the older lists do not tell of it."""
    if claim.vehicle.listing.counted_on is not DayCounted.ACQUIRED:
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
        if row is None or not row.credit:
            return False
        return speaks_for(claim, binding.law)

    return gives


_row_rule = Rule(
    code="listed_row",
    title="the row of the list",
    citation=Citation.parse("Rev. Proc. 2022-42 sec. 4"),
    mode=Mode.BODY,
)


def _findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    row = claim.vehicle.listing
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
    return Derived(name=name, label=label, kind=Kind.FLAG, findings=_findings, **how)


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
    table = law.suggested_retail_price_limit.values()[0]
    limits: tuple[int, ...] = table.values()
    return limits


@provision("Rev. Proc. 2022-42 sec. 4", "on a published list of vehicles reported as qualifying")
def published_listing(claim: Any, law: Any) -> Statement:
    """The row relied on speaks for the vehicle's day, and tells all that is reported."""
    return _on_list


@provision(
    "Rev. Proc. 2022-42 sec. 4",
    "price not in excess of the limit on the published list",
    in_force="clean_vehicle_rules_in_force",
)
def listed_price(claim: Any, law: Any) -> Statement:
    """The list gives the limit of the vehicle's class."""
    return _listed_limit


@provision(
    "Rev. Proc. 2022-42 sec. 4",
    "the published list gives an amount, so a sourcing requirement is met",
    in_force="sourcing_in_force",
)
def listed_sourcing(claim: Any, law: Any) -> Statement:
    """Which of the two requirements is met the list does not tell."""
    return _amount_listed


@provision("Rev. Proc. 2022-42 sec. 4", "an amount is on the published list for that day")
def listed_amount(claim: Any, law: Any) -> Statement:
    """The row relied on speaks for the vehicle's day, and gives an amount."""
    return _amount_listed
