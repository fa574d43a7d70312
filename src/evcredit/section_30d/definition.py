"""26 USC 30D(d)(1)-(6): what a new clean vehicle is."""

from __future__ import annotations

from typing import Any

from evcredit.rule import all_of, any_of
from evcredit.section_30d.foreign_entity import excluded_components, excluded_minerals
from evcredit.section_30d.provision import PLACED_IN_SERVICE, Statement, provision

__all__ = ["new_clean_vehicle"]


@provision("26 USC 30D(d)(1)(A)", "original use begins with the taxpayer")
def original_use(claim: Any, law: Any) -> Statement:
    return claim.purchase.original_use_begins_with_taxpayer


@provision("26 USC 30D(d)(1)(B)", "acquired for use or lease, not for resale")
def use_or_lease(claim: Any, law: Any) -> Statement:
    return claim.purchase.for_use_or_lease


@provision("26 USC 30D(d)(1)(C)", "made by a qualified manufacturer")
def qualified_manufacturer(claim: Any, law: Any) -> Statement:
    return claim.vehicle.made_by_qualified_manufacturer


@provision("26 USC 30D(d)(1)(D)", "a motor vehicle under title II of the Clean Air Act")
def clean_air_act(claim: Any, law: Any) -> Statement:
    return claim.vehicle.clean_air_act_motor_vehicle


@provision("26 USC 30D(d)(1)(E)", "gross vehicle weight rating below the limit")
def gross_vehicle_weight(claim: Any, law: Any) -> Statement:
    limit = law.gross_vehicle_weight_limit_lb.on(PLACED_IN_SERVICE)
    return claim.vehicle.gross_vehicle_weight_rating_lb < limit


@provision("26 USC 30D(d)(1)(F)", "propelled to a significant extent by a battery motor")
def battery_motor(claim: Any, law: Any) -> Statement:
    return claim.vehicle.driven_by_battery_motor


@provision("26 USC 30D(d)(1)(F)(i)", "battery capacity not less than the minimum")
def battery_capacity(claim: Any, law: Any) -> Statement:
    minimum = law.minimum_battery_capacity_kwh.on(PLACED_IN_SERVICE)
    return claim.vehicle.battery.capacity_kwh >= minimum


@provision("26 USC 30D(d)(1)(F)(ii)", "rechargeable from an external source of electricity")
def external_recharging(claim: Any, law: Any) -> Statement:
    return claim.vehicle.battery.externally_rechargeable


@provision("26 USC 30D(d)(1)(G)", "final assembly within North America")
def final_assembly(claim: Any, law: Any) -> Statement:
    return law.north_america.contains(claim.vehicle.final_assembly_country)


@provision("26 USC 30D(d)(1)(H)", "the seller furnished the required report")
def seller_report(claim: Any, law: Any) -> Statement:
    return claim.purchase.seller_report_furnished


@provision("26 USC 30D(d)(2)", "made for public roads, with enough wheels")
def motor_vehicle(claim: Any, law: Any) -> Statement:
    enough_wheels = claim.vehicle.wheels >= law.minimum_wheels.on(PLACED_IN_SERVICE)
    return claim.vehicle.made_for_public_roads & enough_wheels


@provision("26 USC 30D(d)(6)", "a new qualified fuel cell motor vehicle of 26 USC 30B(b)(3)")
def fuel_cell_vehicle(claim: Any, law: Any) -> Statement:
    return claim.vehicle.fuel_cell


battery_vehicle = all_of(
    "battery_vehicle",
    "a motor vehicle with a large enough rechargeable battery",
    "26 USC 30D(d)(1)",
    qualified_manufacturer,
    clean_air_act,
    gross_vehicle_weight,
    battery_motor,
    battery_capacity,
    external_recharging,
    motor_vehicle,
)

# A fuel cell vehicle need only meet (G) and (H) of (d)(1); 26 USC 30B(b)(3) has first use, and
# use or lease, among its own conditions, so those two stand beside the alternative.
kind_of_vehicle = any_of(
    "kind_of_vehicle",
    "a vehicle of a kind that qualifies",
    "26 USC 30D(d)",
    battery_vehicle,
    fuel_cell_vehicle,
)

new_clean_vehicle = all_of(
    "new_clean_vehicle",
    "the vehicle is a new clean vehicle",
    "26 USC 30D(d)",
    original_use,
    use_or_lease,
    kind_of_vehicle,
    final_assembly,
    seller_report,
    excluded_minerals,
    excluded_components,
)
