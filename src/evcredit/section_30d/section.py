"""Section 30D as a whole, and what only it adds to an assessment: its warnings and contents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from evcredit.algebra.codes import Codes
from evcredit.algebra.money import bounds_of_cents, dollars, in_dollars
from evcredit.algebra.path import with_facts
from evcredit.algebra.share import Share
from evcredit.algebra.verdict import Verdict
from evcredit.facts.country import country_name
from evcredit.facts.vin import manufacturer_region, vin_doubt
from evcredit.law.law import Law
from evcredit.law.readings import ManufacturerLimitDay
from evcredit.provisions.days import (
    LIMIT_DAY,
    PLACED_IN_SERVICE,
    SOLD,
    TITLE_PASSED,
    election_stands,
)
from evcredit.provisions.section import BoundCredit, Credit, Headings, Section
from evcredit.section_30d.amount import own_facts, with_list, with_report
from evcredit.section_30d.concern.foreign_entity import feoc_conflicts, untraced_statements
from evcredit.section_30d.definition import vehicle_itself
from evcredit.section_30d.listed import published_listing, relies_on_report, speaks_for
from evcredit.section_30d.phase_out import manufacturer_percentage
from evcredit.section_30d.sourcing.components import (
    battery_component_content,
    components_requirement,
)
from evcredit.section_30d.sourcing.minerals import critical_mineral_content, minerals_requirement
from evcredit.section_30d.sourcing.open_law import open_components, open_minerals
from evcredit.section_30d.transfer import TRANSFER

__all__ = ["SECTION"]

#: The variant of a claim that relies on an accepted report of the seller.
_REPORT = "report"
_DAYS = (PLACED_IN_SERVICE, SOLD, TITLE_PASSED, LIMIT_DAY)


def _days_of(claim: Any, law: Law) -> tuple[date | None, ...]:
    purchase = claim.purchase
    if (
        purchase.sale_date is purchase.title_date is purchase.elects_transition_rule is None
    ):  # the common case: all of them are the day of possession
        return (purchase.placed_in_service,)
    return tuple(day.of(claim, law) for day in _DAYS)


# -- the contents ----------------------------------------------------------------------------


def _mineral_content(bound: BoundCredit, claim: Any) -> Share | None:
    idle = bound[minerals_requirement].applies is False
    return None if idle else critical_mineral_content(claim, bound.law)


def _component_content(bound: BoundCredit, claim: Any) -> Share | None:
    idle = bound[components_requirement].applies is False
    return None if idle else battery_component_content(claim, bound.law)


# -- warnings ------------------------------------------------------


def _warnings(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Warnings.

    An election that is not open; a phase-out on which statute and practice differ; where what a
    certified percentage or a published list says differs from what is stated of the supply
    chain and the vehicle; and where a step or component is stated to be by a foreign entity of
    concern, or not, and it follows otherwise.
    """
    yield from _elections(bound, claim)
    yield from _limit_days(bound, claim)
    yield from _disagreements(bound, claim)
    yield from _listing_disagreements(bound, claim)
    yield from _report_disagreements(bound, claim)
    yield from _hints(bound, claim)
    yield from feoc_conflicts(claim, bound.law)


def _undetermined(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Contents that the law leaves unresolved, and a list that does not tell whether it speaks."""
    for requirement, reasons in (
        (minerals_requirement, open_minerals),
        (components_requirement, open_components),
    ):
        if bound[requirement].applies is not False and bound[requirement].run(claim) is None:
            yield from reasons(claim, bound.binding)
    yield from untraced_statements(claim, bound.binding)
    row = claim.vehicle.listing
    day = bound.binding.day(PLACED_IN_SERVICE)
    if None not in (row, day) and speaks_for(claim, bound.law) is None:
        yield f"the list leaves unresolved whether it applies to that day: {row}"


def _elections(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """The election of 2022, where it is made and not open."""
    elected = claim.purchase.elects_transition_rule
    if elected and election_stands(claim, bound.law) is Verdict.NOT_MET:
        yield (
            "the election of P.L. 117-169 sec. 13401(l) is ignored: it needs a contract or "
            f"purchase from {bound.law.election_first_contract.values()[0]} to "
            f"{bound.law.election_last_contract.values()[0]} and a vehicle placed in service "
            "after that"
        )


def _limit_days(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Where the statute and the practice differ on whether a phase-out still bears."""
    in_force = bound.law.manufacturer_limit_in_force
    percentage = bound[manufacturer_percentage]
    by_sale = bound.law.readings.manufacturer_limit_day is ManufacturerLimitDay.SOLD
    sold, in_service = SOLD.of(claim, bound.law), PLACED_IN_SERVICE.of(claim, bound.law)
    if not by_sale or not percentage.applies or in_service is None:
        return
    left: Any = percentage.run(claim)
    if not in_force.on(in_service) and left.lower < 100:
        yield (
            f"the phase-out bears because the vehicle was sold on {sold}; the practice goes by "
            "the day placed in service (reading manufacturer_limit_day)"
        )


def _disagreements(bound: BoundCredit, claim: Any) -> Iterator[str]:
    battery = claim.vehicle.battery
    sides = (
        (
            "critical_mineral",
            battery.minerals,
            bound[minerals_requirement],
            bound.law.certifications_apply,
        ),
        ("battery_component", battery.components, bound[components_requirement], True),
    )
    for name, stated, requirement, governs in sides:
        fact = f"certified_{name}_content"
        certified = getattr(battery, fact)
        if certified is None or stated is None or not governs:
            continue
        # The same requirement, of the same claim without the certified percentage.
        alone = requirement.finding(with_facts(claim, {f"vehicle.battery.{fact}": None}))
        relied_on = Verdict.of(requirement.run(claim))
        if alone.verdict is not Verdict.UNKNOWN and alone.verdict is not relied_on:
            content = next(f.value for f in alone.reasons()[0].facts if isinstance(f.value, Share))
            yield (
                f"the certified {name.replace('_', ' ')} content of {certified} % governs, but "
                f"what is stated of the supply chain amounts to {content}: the requirement "
                f"would be {alone.verdict.value}"
            )


def _listing_disagreements(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Where a published list says one thing and what is stated of the vehicle another."""
    row = claim.vehicle.listing
    if row is not None and row.section not in (None, "30D"):
        yield f"the list {row.list_id} is about section {row.section} and says nothing here"
    if row is None:
        return
    if row.asked_for is not None:
        yield (
            f"the list {row.list_id} has {row.make} {row.model} and no {row.asked_for}: check that "
            "it means this variant"
        )
    speaks = speaks_for(claim, bound.law)
    if speaks is False and row.section in (None, "30D"):
        yield f"the row relied on does not apply to this vehicle: {row}"
    if bound[published_listing].finding(claim).verdict is not Verdict.MET:
        return
    if row.mark == "R":
        yield f"the row of the list {row.list_id} is recalled, and was not read in a source"
    itself = bound[vehicle_itself].finding(claim)
    if itself.verdict is Verdict.NOT_MET:
        why = "; ".join(finding.rule.title for finding in itself.reasons())
        yield f"the list {row.list_id} governs, but what is stated of the vehicle fails: {why}"
    alone = with_facts(claim, {"vehicle.listing": None})
    own = bounds_of_cents(*SECTION.of(alone, bound.law).of(alone))
    least, most = bound.of(claim)
    listed = row.credit is not None and least == most > 0
    if listed and itself.verdict is not Verdict.NOT_MET and dollars(least) not in own:
        yield (
            f"the amount on the list {row.list_id} governs, but what is stated of the "
            f"vehicle amounts to {own}"
        )


def _report_disagreements(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Where an accepted report says one thing and what is stated of the vehicle another."""
    if not relies_on_report(claim):
        return
    itself = bound[vehicle_itself].finding(claim)
    if itself.verdict is Verdict.NOT_MET:
        why = "; ".join(finding.rule.title for finding in itself.reasons())
        yield f"the accepted seller report governs, but what is stated of the vehicle fails: {why}"
        return
    alone = with_facts(claim, {"purchase.seller_report.maximum_credit": None})
    own = bounds_of_cents(*SECTION.of(alone, bound.law).of(alone))
    here = bounds_of_cents(*bound.of(claim))
    if here.upper and here.overlap(own) is None:
        yield (
            "the credit in the accepted seller report governs, but what is stated of the vehicle "
            f"amounts to {own}"
        )


def _hints(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Where number, list and claim may mean different vehicles, or may all be right."""
    vehicle, inside = claim.vehicle, bound.law.north_america.members
    well_formed = vehicle.vin is not None and not vin_doubt(vehicle.vin)
    region = manufacturer_region(vehicle.vin) if well_formed else None
    assembled = vehicle.final_assembly_country
    if region is not None and assembled is not None:
        here, there = (inside.get(each, False) for each in (region, assembled))
        if here is not there and None not in (here, there):
            yield (
                f"the number {vehicle.vin} (vehicle.vin) is of a maker in "
                f"{country_name(region)}, and final assembly in {country_name(assembled)} is "
                "stated (vehicle.final_assembly_country): check both"
            )
    yield from _makers(bound, claim)
    yield from _classes(bound, claim)
    row = vehicle.listing
    if row is None or row.make is None or vehicle.make is None:
        return
    if row.make.casefold() != vehicle.make.casefold():
        yield (
            f"the list has a {row.make} (vehicle.listing.make), and a {vehicle.make} is stated "
            "(vehicle.make): check that the row means this vehicle"
        )


def _makers(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Where the maker is another one on record than those of make and list."""
    vehicle, row = claim.vehicle, claim.vehicle.listing
    stated = {
        "vehicle.manufacturer": vehicle.manufacturer,
        "vehicle.make": vehicle.make,
        "vehicle.listing.make": None if row is None else row.make,
    }
    named = bound.law.manufacturers.named
    found = {path: named(name) for path, name in stated.items() if name is not None}
    known = {path: maker for path, maker in found.items() if maker is not None}
    first = known.pop("vehicle.manufacturer", None)
    for path, maker in known.items():
        if first is not None and maker is not first:
            yield (
                f"{vehicle.manufacturer} (vehicle.manufacturer) and {stated[path]} ({path}) are of "
                "different manufacturers: check both"
            )


def _classes(bound: BoundCredit, claim: Any) -> Iterator[str]:
    """Where the list gives another limit on the price than the stated class has."""
    row, stated = claim.vehicle.listing, claim.vehicle.vehicle_class
    day = PLACED_IN_SERVICE.of(claim, bound.law)
    if row is None or row.msrp_limit is None or stated is None or day is None:
        return
    if not bound.law.clean_vehicle_rules_in_force.on(day):
        return
    limits: Any = bound.law.msrp_limit.on(day)
    limit = Decimal(limits[stated])
    if limit != row.msrp_limit:
        yield (
            f"the list has a limit of {in_dollars(row.msrp_limit)} on the price "
            f"(vehicle.listing.msrp_limit), and {stated.value} is stated as the class "
            f"(vehicle.vehicle_class), which has one of {in_dollars(limit)}: check both"
        )


SECTION = Section(
    credit=Credit.NEW_VEHICLE,
    title="new clean vehicle credit",
    days=_DAYS,
    covered="sourcing_in_force",
    days_of=_days_of,
    rules={False: own_facts, True: with_list, _REPORT: with_report},
    headings=Headings(
        amount=Codes(
            {
                "value_added_test",
                "traced_value_test",
                "minerals_requirement",
                "components_requirement",
                "listed_sourcing",
            }
        ),
        sourcing="sourcing",
        listed_amount="listed_amount",
        listed_sourcing="listed_sourcing",
        replaced=Codes({"amount_by_capacity"}),
        election="P.L. 117-169 sec. 13401(l)",
    ),
    transfer=TRANSFER,
    variant=lambda claim: _REPORT if relies_on_report(claim) else claim.vehicle.listing is not None,
    warnings=_warnings,
    undetermined=_undetermined,
    mineral_content=_mineral_content,
    component_content=_component_content,
)
