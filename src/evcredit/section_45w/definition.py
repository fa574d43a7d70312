"""26 USC 45W(c): what a qualified commercial clean vehicle is.

Neither original use nor where the vehicle or anything in it comes from matters here.
"""

from __future__ import annotations

from decimal import Decimal

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of, any_of
from evcredit.facts.taxpayer import TaxpayerKind
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.section_30d.definition import battery_motor, clean_air_act, external_recharging
from evcredit.section_45w.days import IN_SERVICE

__all__ = ["commercial_clean_vehicle", "depreciable_by_use"]


@provision("26 USC 45W(c)(1)", "made by a qualified manufacturer")
def commercial_manufacturer(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.made_by_qualified_manufacturer


@provision("26 USC 45W(c)(1)", "acquired for use or lease by the taxpayer, not for resale")
def commercial_use_or_lease(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.for_use_or_lease


# -- road vehicle or mobile machinery ------------------------------------------------------


@provision("26 USC 45W(c)(2)(A)", "made primarily for public roads, and not for rails alone")
def commercial_for_roads(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.made_for_public_roads


@provision("26 USC 45W(c)(2)(B)", "mobile machinery")
def mobile_machinery(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.mobile_machinery


street_vehicle: Rule = all_of(
    "street_vehicle",
    "a motor vehicle for public roads",
    "26 USC 45W(c)(2)(A)",
    clean_air_act,
    commercial_for_roads,
)

street_vehicle_or_machinery: Rule = any_of(
    "street_vehicle_or_machinery",
    "a motor vehicle for public roads, or mobile machinery",
    "26 USC 45W(c)(2)",
    street_vehicle,
    mobile_machinery,
)


# -- battery or fuel cell ------------------------------------------------------------------


@provision("26 USC 45W(c)(3)(A)", "battery capacity not less than the minimum for any weight")
def large_battery(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.battery.capacity_kwh >= law.commercial_capacity_kwh.on(IN_SERVICE)


@provision("26 USC 45W(c)(3)(A)", "gross vehicle weight rating below that of a heavy vehicle")
def light_vehicle(claim: ClaimView, law: LawView) -> Expression:
    division = law.commercial_weight_division_lb.on(IN_SERVICE)
    return claim.vehicle.gross_vehicle_weight_rating_lb < division


@provision("26 USC 45W(c)(3)(A)", "battery capacity not less than the minimum for a light vehicle")
def small_battery(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.battery.capacity_kwh >= law.commercial_light_capacity_kwh.on(IN_SERVICE)


small_battery_of_light_vehicle: Rule = all_of(
    "small_battery_of_light_vehicle",
    "a light vehicle with a battery large enough for it",
    "26 USC 45W(c)(3)(A)",
    light_vehicle,
    small_battery,
)

# Whatever suffices for a heavy vehicle suffices for a light one.
commercial_battery_capacity: Rule = any_of(
    "commercial_battery_capacity",
    "battery capacity not less than the minimum for its weight",
    "26 USC 45W(c)(3)(A)",
    large_battery,
    small_battery_of_light_vehicle,
)


@provision("26 USC 45W(c)(3)(B)", "a fuel cell vehicle of 26 USC 30B(b)(3)(A) and (B)")
def commercial_fuel_cell(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.fuel_cell


commercial_battery_vehicle: Rule = all_of(
    "commercial_battery_vehicle",
    "a rechargeable vehicle driven by a battery motor",
    "26 USC 45W(c)(3)(A)",
    battery_motor,
    commercial_battery_capacity,
    external_recharging,
)

commercial_propulsion: Rule = any_of(
    "commercial_propulsion",
    "driven by a battery or a fuel cell",
    "26 USC 45W(c)(3)",
    commercial_battery_vehicle,
    commercial_fuel_cell,
)


# -- depreciation --------------------------------------------------------------------------


@provision("26 USC 45W(c)(4)", "of a character subject to the allowance for depreciation")
def depreciable(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.depreciable


def depreciable_by_use(percent: Decimal | Bounds[Decimal] | None) -> bool | None:
    """Whether business use makes a vehicle depreciable (26 USC 45W(c)(4), 167(a)).

    Depreciation is allowed for property used in a business or held to produce income. A vehicle
    with no such use is not of that character. With some, it is as the claim states.

    Args:
        percent: Percent of the use that is for business or investment; `None` if unknown.

    Returns:
        False without business use, `None` where the percentage alone does not tell.

    >>> depreciable_by_use(Decimal(0)), depreciable_by_use(Decimal(40))
    (False, None)
    """
    return None if percent is None or Bounds.of(percent).upper else False


@provision("26 USC 45W(d)(2)", "placed in service by a tax-exempt user and not leased")
def exempt_from_depreciation(claim: ClaimView, law: LawView) -> Expression:
    tax_exempt = claim.taxpayer.kind.is_one_of(TaxpayerKind.TAX_EXEMPT_USER)
    return tax_exempt & ~claim.purchase.subject_to_lease


depreciable_or_exempt: Rule = any_of(
    "depreciable_or_exempt",
    "depreciable, or of a tax-exempt user",
    "26 USC 45W(c)(4)",
    depreciable,
    exempt_from_depreciation,
)


commercial_clean_vehicle: Rule = all_of(
    "commercial_clean_vehicle",
    "the vehicle is a qualified commercial clean vehicle",
    "26 USC 45W(c)",
    commercial_manufacturer,
    commercial_use_or_lease,
    street_vehicle_or_machinery,
    commercial_propulsion,
    depreciable_or_exempt,
)
