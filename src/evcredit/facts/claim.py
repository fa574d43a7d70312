"""A claim: one vehicle, one purchase, one taxpayer.

Source: 26 USC 30D, 25E and 45W.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import Kind, check, declare, repr_of_facts
from evcredit.facts.purchase import Purchase, as_purchase
from evcredit.facts.taxpayer import Taxpayer, as_taxpayer
from evcredit.facts.vehicle import Vehicle, as_vehicle
from evcredit.facts.vin import model_years, vin_doubt

if TYPE_CHECKING:
    from evcredit.facts.seller_report import SellerReport

__all__ = ["Claim", "as_claim"]


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Claim:
    """Everything that is stated about one vehicle and its buyer.

    Args:
        vehicle: The vehicle.
        purchase: How and when it was bought.
        taxpayer: Who claims the credit.

    Raises:
        InvalidFactError: A part is of the wrong class, or what is stated as earlier is later
            than the purchase.

    >>> Claim().vehicle.msrp is None
    True
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return "\n".join(map(str, (self.vehicle, self.purchase, self.taxpayer)))

    vehicle: Vehicle = attrs.field(
        factory=Vehicle, converter=as_vehicle, metadata=declare(Kind.PART, "vehicle", of=Vehicle)
    )
    purchase: Purchase = attrs.field(
        factory=Purchase,
        converter=as_purchase,
        metadata=declare(Kind.PART, "purchase", of=Purchase),
    )
    taxpayer: Taxpayer = attrs.field(
        factory=Taxpayer,
        converter=as_taxpayer,
        metadata=declare(Kind.PART, "taxpayer", of=Taxpayer),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _claim_faults, sound=sound)
        if self.purchase.seller_report is not None:
            told = _vehicle_of_report(self.vehicle, self.purchase.seller_report)
            if told != self.vehicle:
                object.__setattr__(self, "vehicle", told)


def as_claim(value: Claim | None) -> Any:
    """A claim; `None` is one of which nothing is known."""
    return Claim() if value is None else value


def _vehicle_of_report(vehicle: Vehicle, report: SellerReport) -> Vehicle:
    """The vehicle with what a report in effect states about it and no one else stated."""
    if report.furnished is False:
        return vehicle
    told = {
        name: getattr(report, name)
        for name in ("vin", "model_year")
        if getattr(vehicle, name) is None and getattr(report, name) is not None
    }
    capacity = report.battery_capacity_kwh
    if capacity is not None and vehicle.battery.capacity_kwh is None:
        told["battery"] = attrs.evolve(vehicle.battery, capacity_kwh=capacity)
    return attrs.evolve(vehicle, **told) if told else vehicle


def _report_faults(claim: Claim, report: SellerReport) -> Iterator[tuple[str, Any, str]]:
    """Where a report in effect contradicts what is stated of the vehicle."""
    listing = claim.vehicle.listing
    listed = None if listing is None or listing.section == "25E" else listing.credit
    for name, told, place, stated in (
        ("model_year", report.model_year, "vehicle.model_year", claim.vehicle.model_year),
        (
            "battery_capacity_kwh",
            report.battery_capacity_kwh,
            "vehicle.battery.capacity_kwh",
            claim.vehicle.battery.capacity_kwh,
        ),
        ("maximum_credit", report.maximum_credit, "vehicle.listing.credit", listed),
    ):
        if told is None or stated is None or Bounds.of(told).overlap(Bounds.of(stated)):
            continue
        remedy = f"{place} states {stated}; give the one that is right, and leave out the other"
        yield f"purchase.seller_report.{name}", told, remedy


def _year_faults(claim: Claim) -> Iterator[tuple[str, Any, str]]:
    """Model years that the tenth character of the number contradicts."""
    report, listing = claim.purchase.seller_report, claim.vehicle.listing
    vin = claim.vehicle.vin or (None if report is None else report.vin)
    year, reported = claim.vehicle.model_year, None if report is None else report.model_year
    listed = None if listing is None else listing.years
    if vin is None or not (year or reported or listed) or vin_doubt(vin):
        return
    # Which round of thirty years it is, is left open: that depends on the weight.
    possible = model_years(vin, light_vehicle=False)
    place = "vehicle.vin" if claim.vehicle.vin else "purchase.seller_report.vin"
    years = " or ".join(map(str, possible))
    remedy = (
        f"the tenth character of the number {vin} ({place}) represents {years}; give the one "
        "that is right, and leave out the other"
    )
    for path, stated in (
        ("vehicle.model_year", year),
        ("purchase.seller_report.model_year", reported),
    ):
        within = None if stated is None else Bounds.of(stated)
        if possible and within is not None and not any(each in within for each in possible):
            yield path, stated, remedy
    # Of a stated model year a row that is about others says nothing, which is no contradiction.
    if listing is None or listed is None or year is not None or reported is not None:
        return
    if possible and not set(listed) & set(possible):
        yield "vehicle.listing.model_years", listing.model_years, remedy


def _claim_faults(claim: Claim) -> Iterator[tuple[str, Any, str]]:
    in_service = claim.purchase.placed_in_service
    for index, each in enumerate(claim.vehicle.prior_transfers or ()):
        if each.on is not None and in_service is not None and each.on > in_service:
            path = f"vehicle.prior_transfers[{index}].on"
            yield path, each.on, f"it is not earlier than the purchase, in service on {in_service}"
    report = claim.purchase.seller_report
    numbers = {claim.vehicle.vin, None if report is None else report.vin} - {None}
    if report is not None and len(numbers) > 1:
        remedy = f"the vehicle is stated to be {claim.vehicle.vin}; it is another's report"
        yield "purchase.seller_report.vin", report.vin, remedy
    if report is not None and report.furnished is not False:
        yield from _report_faults(claim, report)
    yield from _year_faults(claim)
    sold = claim.purchase.sale_date or in_service
    for index, sale in enumerate(claim.taxpayer.prior_credits or ()):
        if sale.on is not None and sold is not None and sale.on > sold:
            path = f"taxpayer.prior_credits[{index}].on"
            yield path, sale.on, f"it is not earlier than the sale on {sold}"
