"""Section 30D as a whole, and what only it adds to an assessment: its warnings and contents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from evcredit.fact import with_facts
from evcredit.law import Law, ManufacturerLimitDay
from evcredit.money import bounds_of_cents
from evcredit.section import BoundCredit, Credit, Section
from evcredit.section_30d.amount import own_facts, with_list
from evcredit.section_30d.before_2023 import manufacturer_percentage
from evcredit.section_30d.components import battery_component_content, components_requirement
from evcredit.section_30d.days import (
    LIMIT_DAY,
    PLACED_IN_SERVICE,
    SOLD,
    TITLE_PASSED,
    election_stands,
)
from evcredit.section_30d.foreign_entity import standing_disagreements
from evcredit.section_30d.listed import speaks_for
from evcredit.section_30d.minerals import critical_mineral_content, minerals_requirement
from evcredit.share import Share
from evcredit.verdict import Verdict

if TYPE_CHECKING:
    from evcredit.assessment import Assessment

__all__ = ["SECTION"]

_DAYS = (PLACED_IN_SERVICE, SOLD, TITLE_PASSED, LIMIT_DAY)


def _days_of(claim: Any, law: Law) -> tuple[date | None, ...]:
    purchase = claim.purchase
    if (
        purchase.sale_date is purchase.title_date is purchase.elects_binding_contract_rule is None
    ):  # the common case: all of them are the day of possession
        return (purchase.placed_in_service,)
    return tuple(day.of(claim, law) for day in _DAYS)


def _bound(result: Assessment) -> BoundCredit:
    return SECTION.of(result.claim, result.law)


# -- the contents ----------------------------------------------------------------------------


def _mineral_content(claim: Any, law: Law) -> Share | None:
    idle = SECTION.of(claim, law)[minerals_requirement].applies is False
    return None if idle else critical_mineral_content(claim, law)


def _component_content(claim: Any, law: Law) -> Share | None:
    idle = SECTION.of(claim, law)[components_requirement].applies is False
    return None if idle else battery_component_content(claim, law)


# -- what a reader should look at again ------------------------------------------------------


def _warnings(result: Assessment) -> Iterator[str]:
    """What a reader should look at again.

    An election that is not open; a phase-out on which statute and practice differ; where what a
    certified percentage or a published list says differs from what is stated of the supply
    chain and the vehicle; and where a step or component is stated to be by a foreign entity of
    concern, or not, and it follows otherwise.
    """
    yield from _elections(result)
    yield from _limit_days(result)
    yield from _disagreements(result)
    yield from _listing_disagreements(result)
    yield from standing_disagreements(result.claim, result.law)


def _undetermined(result: Assessment) -> Iterator[str]:
    """A published list that does not tell whether it speaks for the day."""
    row = result.claim.vehicle.listing
    if row is not None and speaks_for(result.claim, result.law) is None:
        yield f"the list leaves open whether it speaks for that day: {row}"


def _elections(result: Assessment) -> Iterator[str]:
    """The election of 2022, where it is made and not open."""
    elected = result.claim.purchase.elects_binding_contract_rule
    if elected and election_stands(result.claim, result.law) is Verdict.NOT_MET:
        yield (
            "the election of P.L. 117-169 sec. 13401(l) is left aside: it needs a contract or "
            f"purchase from {result.law.election_first_contract.values()[0]} to "
            f"{result.law.election_last_contract.values()[0]} and a vehicle placed in service "
            "after that"
        )


def _limit_days(result: Assessment) -> Iterator[str]:
    """Where the statute and the practice differ on whether a phase-out still bears."""
    in_force = result.law.manufacturer_limit_in_force
    percentage = _bound(result)[manufacturer_percentage]
    by_sale = result.law.readings.manufacturer_limit_day is ManufacturerLimitDay.SOLD
    sold, in_service = SOLD.of(result.claim, result.law), result.governed_as_of
    if not by_sale or not percentage.applies or in_service is None:
        return
    left: Any = percentage.run(result.claim)
    if not in_force.on(in_service) and left.lower < 100:
        yield (
            f"the phase-out bears because the vehicle was sold on {sold}; the practice goes by "
            "the day placed in service (reading manufacturer_limit_day)"
        )


def _disagreements(result: Assessment) -> Iterator[str]:
    battery, bound = result.claim.vehicle.battery, _bound(result)
    sides = (
        (
            "critical_mineral",
            battery.minerals,
            bound[minerals_requirement],
            result.law.certifications_hold,
        ),
        ("battery_component", battery.components, bound[components_requirement], True),
    )
    for name, stated, requirement, governs in sides:
        fact = f"certified_{name}_content"
        certified = getattr(battery, fact)
        if certified is None or stated is None or not governs:
            continue
        # The same requirement, of the same claim without the certified percentage.
        alone = requirement.finding(with_facts(result.claim, {f"vehicle.battery.{fact}": None}))
        relied_on = Verdict.of(requirement.run(result.claim))
        if alone.verdict is not Verdict.UNKNOWN and alone.verdict is not relied_on:
            content = next(f.value for f in alone.reasons()[0].facts if isinstance(f.value, Share))
            yield (
                f"the certified {name.replace('_', ' ')} content of {certified} % governs, but "
                f"what is stated of the supply chain comes to {content}: the requirement "
                f"would be {alone.verdict.value}"
            )


def _listing_disagreements(result: Assessment) -> Iterator[str]:
    """Where a published list says one thing and what is stated of the vehicle another."""
    row = result.claim.vehicle.listing
    if row is not None and row.section not in (None, "30D"):
        yield f"the list {row.list_id} is about section {row.section} and says nothing here"
    if row is None:
        return
    speaks = speaks_for(result.claim, result.law)
    if speaks is False and row.section in (None, "30D"):
        yield f"the row relied on says nothing of this vehicle: {row}"
    if result.find("published_listing").verdict is not Verdict.MET:
        return
    if row.mark == "R":
        yield f"the row of the list {row.list_id} is recalled, and was not read in a source"
    itself = result.find("vehicle_itself")
    if itself.verdict is Verdict.NOT_MET:
        why = "; ".join(finding.rule.title for finding in itself.reasons())
        yield f"the list {row.list_id} governs, but what is stated of the vehicle fails: {why}"
    alone = with_facts(result.claim, {"vehicle.listing": None})
    own = bounds_of_cents(*SECTION.of(alone, result.law).of(alone))
    listed = row.credit is not None and result.credit.is_exact and result.verdict is Verdict.MET
    if listed and itself.verdict is not Verdict.NOT_MET and result.credit.lower not in own:
        yield (
            f"the amount on the list {row.list_id} governs, but what is stated of the "
            f"vehicle comes to {own}"
        )


SECTION = Section(
    credit=Credit.NEW_VEHICLE,
    title="new clean vehicle credit",
    days=_DAYS,
    covered="sourcing_in_force",
    days_of=_days_of,
    rules={False: own_facts, True: with_list},
    variant=lambda claim: claim.vehicle.listing is not None,
    warnings=_warnings,
    undetermined=_undetermined,
    mineral_content=_mineral_content,
    component_content=_component_content,
)
