"""Section 30D once more, for claims in which everything is known: dates, gates and sums by hand.

Written from the statute and the notices, in plain steps and exact fractions, and without the
package's rules, schedules and arithmetic: what it shares with them are the classes of facts. It
knows the current law with its default readings, and gives `None` where that leaves a claim open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from tests.strategies import AMERICA, LISTED, TERRITORIES

from evcredit import BatteryComponent, Claim, FilingStatus, MineralSource, VehicleClass
from evcredit.facts import Activity
from evcredit.facts.published_list import DayCounted
from evcredit.facts.taxpayer import TaxpayerKind

#: Which day begins what: P.L. 117-169 sec. 13401(k), (l) and 88 FR 23370.
ASSEMBLY_SOLD_FROM = date(2022, 8, 17)
CLEAN_VEHICLES_FROM = date(2023, 1, 1)
SOURCING_FROM = date(2023, 4, 18)

#: First days of 50, 25 and 0 percent: Notice 2018-96, Notice 2019-22, the form for 2022.
PHASE_OUTS = {
    "tesla": (date(2019, 1, 1), date(2019, 7, 1), date(2020, 1, 1)),
    "general motors": (date(2019, 4, 1), date(2019, 10, 1), date(2020, 4, 1)),
    "toyota": (date(2022, 10, 1), date(2023, 4, 1), date(2023, 10, 1)),
}
SOLD_AS = {
    "chevrolet": "general motors",
    "cadillac": "general motors",
    "gmc": "general motors",
    "lexus": "toyota",
}


class OpenLaw(Exception):
    """The law, or a reading of it, leaves the claim open."""


# -- days ----------------------------------------------------------------------------------


def governing_day(claim: Claim) -> date:
    """The day placed in service, or 2022-08-15 if the taxpayer may elect so and does."""
    purchase = claim.purchase
    day = purchase.placed_in_service
    if purchase.elects_transition_rule and day >= date(2022, 8, 16):
        for bound in (purchase.contract_date, purchase.sale_date):
            if bound is not None and date(2022, 1, 1) <= bound <= date(2022, 8, 15):
                return date(2022, 8, 15)
    return day


def sold_on(claim: Claim) -> date:
    purchase, day = claim.purchase, governing_day(claim)
    if purchase.sale_date is None:
        return day
    return min(purchase.sale_date, day) if day < purchase.placed_in_service else purchase.sale_date


# -- the amount of the text before ---------------------------------------------------------


def kilowatt_hour_amount(capacity: Any) -> Fraction:
    """$2,500, and from 5 kWh on $417 and $417 for each kilowatt hour more, up to $7,500."""
    kwh = Fraction(capacity)
    amount = Fraction(2500)
    if kwh >= 5:
        amount += min(Fraction(5000), 417 + 417 * (kwh - 5))
    return half_up(amount)


def half_up(amount: Fraction, to: Fraction = Fraction(1)) -> Fraction:
    return (amount / to + Fraction(1, 2)).__floor__() * to


def cost_amount(cost: Any) -> Fraction:
    """Ten percent of the cost, at most $2,500."""
    return min(half_up(Fraction(cost) / 10, Fraction(1, 100)), Fraction(2500))


def percentage_left(claim: Claim) -> Fraction:
    """What the manufacturer's 200,000th vehicle leaves of the credit."""
    sold = sold_on(claim)
    if sold >= date(2023, 1, 1):
        return Fraction(1)
    name = (claim.vehicle.manufacturer or claim.vehicle.make).lower()
    half, quarter, nothing = PHASE_OUTS.get(SOLD_AS.get(name, name), (date.max,) * 3)
    if sold >= nothing:
        return Fraction(0)
    if sold >= quarter:
        return Fraction(1, 4)
    return Fraction(1, 2) if sold >= half else Fraction(1)


# -- sourcing ------------------------------------------------------------------------------


def mineral_share(sources: Iterable[MineralSource], *, traced: bool) -> Fraction:
    total = qualifying = Fraction(0)
    for source in sources:
        best = max(
            activity_share(source, Activity.EXTRACTION, (*AMERICA, *LISTED)),
            activity_share(source, Activity.PROCESSING, (*AMERICA, *LISTED)),
            activity_share(source, Activity.RECYCLING, AMERICA),
        )
        if any(step.activity is Activity.RECYCLING for step in source.steps):
            best = activity_share(source, Activity.RECYCLING, AMERICA)
        value = Fraction(source.value)
        total += value
        qualifying += value * best if traced else value * (best >= Fraction(1, 2))
    return qualifying / total


def activity_share(source: MineralSource, activity: Activity, where: Iterable[str]) -> Fraction:
    steps = [step for step in source.steps if step.activity is activity]
    if len(steps) == 1:
        return Fraction(steps[0].country in where)
    added = sum((Fraction(step.value_added) for step in steps), Fraction(0))
    here = sum((Fraction(step.value_added) for step in steps if step.country in where), Fraction(0))
    return here / added if added else Fraction(0)


def component_share(modules: Iterable[BatteryComponent]) -> Fraction:
    modules = tuple(modules)
    total = sum((Fraction(each.value) for each in modules), Fraction(0))
    return sum(map(north_american_value, modules), Fraction(0)) / total


def north_american_value(part: BatteryComponent) -> Fraction:
    own = Fraction(part.value) - sum((Fraction(each.value) for each in part.contains), Fraction(0))
    inside = sum(map(north_american_value, part.contains), Fraction(0))
    return inside + (own if part.made_in in (*AMERICA, "PR") else 0)


def every_part(parts: Iterable[BatteryComponent]) -> Iterable[BatteryComponent]:
    for part in parts:
        yield part
        yield from every_part(part.contains)


def percentages(day: date) -> tuple[int, int]:
    """What minerals and components must reach (26 USC 30D(e)(1)(B), (e)(2)(B))."""
    found = {2023: (40, 50), 2024: (50, 60), 2025: (60, 60), 2026: (70, 70)}.get(day.year)
    if found is None:
        raise OpenLaw
    return found


def sourcing_amount(claim: Claim, day: date) -> Fraction:
    battery = claim.vehicle.battery
    minerals, components = percentages(day)
    content = battery.certified_critical_mineral_content
    if content is None:
        if any(step.country in TERRITORIES for each in battery.minerals for step in each.steps):
            raise OpenLaw
        content = 100 * max(
            mineral_share(battery.minerals, traced=traced) for traced in (True, False)
        )
    amount = Fraction(3750) if content >= minerals else Fraction(0)
    content = battery.certified_battery_component_content
    if content is None:
        if any(part.made_in == "GU" for part in every_part(battery.components)):
            raise OpenLaw
        content = 100 * component_share(battery.components)
    return amount + (3750 if content >= components else 0)


# -- the gates -----------------------------------------------------------------------------


def right_kind(claim: Claim, day: date) -> bool:
    """26 USC 30D(d), by the vehicle's own facts."""
    vehicle, battery = claim.vehicle, claim.vehicle.battery
    if day >= CLEAN_VEHICLES_FROM and vehicle.fuel_cell:
        return True
    propelled = (
        vehicle.gross_vehicle_weight_rating_lb < 14_000
        and vehicle.driven_by_battery_motor
        and battery.externally_rechargeable
    )
    full = (
        vehicle.clean_air_act_motor_vehicle
        and vehicle.made_for_public_roads
        and vehicle.wheels >= 4
        and battery.capacity_kwh >= (7 if day >= CLEAN_VEHICLES_FROM else 4)
        and (day < CLEAN_VEHICLES_FROM or vehicle.made_by_qualified_manufacturer)
    )
    return propelled and (full or small_vehicle(claim, day))


def small_title(claim: Claim) -> tuple[int, ...]:
    """How many wheels will do, less than four, by the day title passed."""
    title = claim.purchase.title_date or sold_on(claim)
    if 2012 <= title.year <= 2013:
        return (2, 3)
    return (2,) if 2015 <= title.year <= 2021 else ()


def small_vehicle(claim: Claim, day: date) -> bool:
    vehicle = claim.vehicle
    return (
        day < CLEAN_VEHICLES_FROM
        and vehicle.wheels in small_title(claim)
        and vehicle.made_for_public_roads
        and vehicle.top_speed_mph >= 45
        and vehicle.battery.capacity_kwh * 2 >= 5
    )


def tainted(claim: Claim, day: date) -> bool:
    battery = claim.vehicle.battery
    parts = every_part(battery.components) if day >= date(2024, 1, 1) else ()
    steps = (
        [step for each in battery.minerals for step in each.steps]
        if day >= date(2025, 1, 1)
        else []
    )
    return any(each.foreign_entity_of_concern for each in (*parts, *steps))


def assembled_right(claim: Claim) -> bool:
    if sold_on(claim) < ASSEMBLY_SOLD_FROM:
        return True
    if claim.vehicle.final_assembly_country == "GU":
        raise OpenLaw
    return claim.vehicle.final_assembly_country in (*AMERICA, "PR")


INCOMES = {
    FilingStatus.MARRIED_FILING_JOINTLY: 300_000,
    FilingStatus.QUALIFYING_SURVIVING_SPOUSE: 300_000,
    FilingStatus.HEAD_OF_HOUSEHOLD: 225_000,
}


def income_within(claim: Claim) -> bool:
    if claim.taxpayer.kind in (
        TaxpayerKind.CORPORATION,
        TaxpayerKind.TAX_EXEMPT_USER,
        TaxpayerKind.PARTNERSHIP,
        TaxpayerKind.S_CORPORATION,
    ):
        return True
    years = (claim.taxpayer.current_year, claim.taxpayer.prior_year)
    return any(
        year.modified_adjusted_gross_income <= INCOMES.get(year.filing_status, 150_000)
        for year in years
    )


def taxpayer_may(claim: Claim, day: date) -> bool:
    """The special rules of 26 USC 30D(f), apart from price, and what follows the sale."""
    purchase, vehicle = claim.purchase, claim.vehicle
    always = (
        not purchase.used_predominantly_outside_us
        and not purchase.elected_out
        and vehicle.meets_air_and_safety_rules
        and purchase.original_use_begins_with_taxpayer
        and purchase.for_use_or_lease
        and claim.taxpayer.kind is not TaxpayerKind.TAX_EXEMPT_USER
        and not purchase.another_owner_in_seller_report
        and not purchase.sale_cancelled
    )
    if purchase.sold_to_tax_exempt_user and (
        day >= date(2024, 1, 1) or not purchase.credit_disclosed_to_user
    ):
        return False
    if day < CLEAN_VEHICLES_FROM:
        return always
    kept = all(
        event is None or (event - purchase.placed_in_service).days > 30
        for event in (purchase.returned_on, purchase.resold_on)
    )
    accepted = day < date(2024, 1, 1) or not purchase.seller_report_not_accepted
    return (
        always
        and kept
        and purchase.seller_report_furnished
        and accepted
        and purchase.vin_on_return
        and not purchase.credit_already_allowed
        and income_within(claim)
    )


def price_within(claim: Claim, day: date) -> bool:
    limit = 55_000 if claim.vehicle.vehicle_class is VehicleClass.OTHER else 80_000
    return day < CLEAN_VEHICLES_FROM or claim.vehicle.msrp <= limit


def acquired_in_time(claim: Claim, day: date) -> bool:
    deadline = date(2025, 9, 30)
    purchase = claim.purchase
    return day <= deadline or max(purchase.contract_date, purchase.first_payment_date) <= deadline


# -- published lists -----------------------------------------------------------------------


def row_speaks(claim: Claim, day: date) -> bool:
    row, year = claim.vehicle.listing, claim.vehicle.model_year
    if row is None or (year is not None and row.years is not None and year not in row.years):
        return False
    if row.counted_on is DayCounted.ACQUIRED:
        day = claim.purchase.title_date or sold_on(claim)
    starts = [row.earliest_start or row.valid_from, row.latest_start or row.valid_from]
    ends = [row.earliest_end or row.valid_to, row.latest_end or row.valid_to]
    if (starts[0] and day < starts[0]) or (ends[1] and day > ends[1]):
        return False
    if starts[1] and day >= starts[1] and ends[0] and day <= ends[0]:
        return True
    raise OpenLaw


# -- the whole -----------------------------------------------------------------------------


def credit(claim: Claim) -> Fraction | None:
    """The credit in US dollars; 0 if there is none, `None` if the law leaves it open."""
    try:
        return _credit(claim)
    except OpenLaw:
        return None


def _credit(claim: Claim) -> Fraction:
    day, row = governing_day(claim), claim.vehicle.listing
    if not (taxpayer_may(claim, day) and acquired_in_time(claim, day)):
        return Fraction(0)
    listed = row_speaks(claim, day)
    listed_price = listed and row.msrp_limit is not None and claim.vehicle.msrp <= row.msrp_limit
    if not (price_within(claim, day) or listed_price):
        return Fraction(0)
    reported = listed and (row.counted_on is not DayCounted.ACQUIRED or assembled_right(claim))
    if not reported and not (
        right_kind(claim, day) and not tainted(claim, day) and assembled_right(claim)
    ):
        return Fraction(0)
    if listed and row.credit:
        amount = Fraction(row.credit)
    elif day >= SOURCING_FROM:
        amount = sourcing_amount(claim, day)
    elif day < CLEAN_VEHICLES_FROM and claim.vehicle.wheels < 4:
        amount = cost_amount(claim.purchase.cost)
    else:
        amount = kilowatt_hour_amount(claim.vehicle.battery.capacity_kwh)
    return half_up(amount * percentage_left(claim), Fraction(1, 100))
