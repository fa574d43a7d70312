"""26 USC 30D(d)(1)-(6): what a new clean vehicle is, and what it was before 2023.

Until the end of 2022 the vehicle was called a new qualified plug-in electric drive motor vehicle:
any manufacturer's would suffice, 4 kWh were enough, no one had to report the sale, fuel cell
vehicles had a credit of their own (26 USC 30B), and for some years vehicles with two or three
wheels had a paragraph, (g). Where the vehicle was assembled has mattered since the day after P.L.
117-169.
"""

from __future__ import annotations

from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of, any_of, when
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.days import PLACED_IN_SERVICE, SOLD, TITLE_PASSED
from evcredit.provisions.provision import flag, provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.section_30d.concern.foreign_entity import excluded_components, excluded_minerals
from evcredit.section_30d.listed import published_listing

__all__ = ["listed_clean_vehicle", "new_clean_vehicle"]


@provision("26 USC 30D(d)(1)(A)", "original use begins with the taxpayer")
def original_use(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.original_use_begins_with_taxpayer


# A lessee acquires nothing: the lessor does, and claims.
@provision("26 USC 30D(d)(1)(B)", "acquired for use or lease, not for resale")
def use_or_lease(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.for_use_or_lease & ~claim.purchase.leased_from_another


@provision(
    "26 USC 30D(d)(1)(C)",
    "made by a qualified manufacturer",
    in_force="clean_vehicle_rules_in_force",
)
def qualified_manufacturer(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.made_by_qualified_manufacturer


@provision("26 USC 30D(d)(1)(D)", "a motor vehicle under title II of the Clean Air Act")
def clean_air_act(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.clean_air_act_motor_vehicle


@provision("26 USC 30D(d)(1)(E)", "gross vehicle weight rating below the limit")
def gross_vehicle_weight(claim: ClaimView, law: LawView) -> Expression:
    limit = law.gross_vehicle_weight_limit_lb.on(PLACED_IN_SERVICE)
    return claim.vehicle.gross_vehicle_weight_rating_lb < limit


@provision("26 USC 30D(d)(1)(F)", "propelled to a significant extent by a battery motor")
def battery_motor(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.driven_by_battery_motor


@provision("26 USC 30D(d)(1)(F)(i)", "battery capacity not less than the minimum")
def battery_capacity(claim: ClaimView, law: LawView) -> Expression:
    minimum = law.minimum_battery_capacity_kwh.on(PLACED_IN_SERVICE)
    return claim.vehicle.battery.capacity_kwh >= minimum


@provision("26 USC 30D(d)(1)(F)(ii)", "rechargeable from an external source of electricity")
def external_recharging(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.battery.externally_rechargeable


@provision(
    "26 USC 30D(d)(1)(G)",
    "final assembly within North America",
    in_force="final_assembly_in_force",
    on=SOLD,
)
def final_assembly(claim: ClaimView, law: LawView) -> Expression:
    return law.north_america.contains(claim.vehicle.final_assembly_country)


@provision(
    "26 USC 30D(d)(1)(H)",
    "the seller furnished the required report",
    in_force="clean_vehicle_rules_in_force",
)
def seller_report(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.seller_report_furnished


# A report may be furnished and still be worth nothing.
@provision(
    "Rev. Proc. 2023-33",
    "the seller report is not known to lack acceptance",
    in_force="seller_report_acceptance_in_force",
)
def seller_report_accepted(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.seller_report_not_accepted


@provision("26 USC 30D(d)(2)", "made for public roads, with enough wheels")
def motor_vehicle(claim: ClaimView, law: LawView) -> Expression:
    enough_wheels = claim.vehicle.wheels >= law.minimum_wheels.on(PLACED_IN_SERVICE)
    return claim.vehicle.made_for_public_roads & enough_wheels


@provision(
    "26 USC 30D(d)(6)",
    "a new qualified fuel cell motor vehicle of 26 USC 30B(b)(3)",
    in_force="clean_vehicle_rules_in_force",
)
def fuel_cell_vehicle(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.fuel_cell


@provision(
    "26 USC 30D(g)(3)(A) (2021)", "two or three wheels, acquired while such vehicles qualified"
)
def two_or_three_wheels(claim: ClaimView, law: LawView) -> Expression:
    three = law.three_wheels_in_force.on(TITLE_PASSED) & (claim.vehicle.wheels <= 3)
    two = law.two_wheels_in_force.on(TITLE_PASSED) & (claim.vehicle.wheels <= 2)
    return (claim.vehicle.wheels >= 2) & (three | two)


@provision("26 USC 30D(g)(2)(A) (2021)", "it cost something")
def has_cost(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.cost > 0


@provision("26 USC 30D(g)(3)(B) (2021)", "battery capacity not less than the minimum for its kind")
def small_battery_capacity(claim: ClaimView, law: LawView) -> Expression:
    minimum = law.small_vehicle_capacity_kwh.on(PLACED_IN_SERVICE)
    return claim.vehicle.battery.capacity_kwh >= minimum


@provision("26 USC 30D(g)(3)(C) (2021)", "made for public roads")
def small_vehicle_for_roads(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.made_for_public_roads


@provision("26 USC 30D(g)(3)(D) (2021)", "fast enough")
def top_speed(claim: ClaimView, law: LawView) -> Expression:
    return claim.vehicle.top_speed_mph >= law.small_vehicle_speed_mph.on(PLACED_IN_SERVICE)


small_vehicle: Rule = when(
    lambda claim, law: flag("small_vehicles_in_force"),
    all_of(
        "small_vehicle",
        "a plug-in electric vehicle with two or three wheels",
        "26 USC 30D(g) (2021)",
        two_or_three_wheels,
        small_battery_capacity,
        small_vehicle_for_roads,
        top_speed,
        has_cost,
    ),
    about=Claim,
    law=Law,
)

full_vehicle: Rule = all_of(
    "full_vehicle",
    "a motor vehicle with a large enough battery",
    "26 USC 30D(d)(1)",
    qualified_manufacturer,
    clean_air_act,
    battery_capacity,
    motor_vehicle,
)

size_of_vehicle: Rule = any_of(
    "size_of_vehicle",
    "a vehicle of a size that qualifies",
    "26 USC 30D(d)(1)",
    full_vehicle,
    small_vehicle,
)

battery_vehicle: Rule = all_of(
    "battery_vehicle",
    "a rechargeable vehicle driven by a battery motor",
    "26 USC 30D(d)(1)",
    gross_vehicle_weight,
    battery_motor,
    external_recharging,
    size_of_vehicle,
)

# A fuel cell vehicle need only meet (G) and (H) of (d)(1); 26 USC 30B(b)(3) has first use, and
# use or lease, among its own conditions, so those two are separate from the alternative.
kind_of_vehicle: Rule = any_of(
    "kind_of_vehicle",
    "a vehicle of a kind that qualifies",
    "26 USC 30D(d)",
    battery_vehicle,
    fuel_cell_vehicle,
)

_OF_THE_SALE = (original_use, use_or_lease, seller_report, seller_report_accepted)
_REPORTED = (kind_of_vehicle, final_assembly, excluded_minerals, excluded_components)

new_clean_vehicle: Rule = all_of(
    "new_clean_vehicle",
    "the vehicle is a new clean vehicle",
    "26 USC 30D(d)",
    *_OF_THE_SALE,
    *_REPORTED,
)

# Like the above, for a claim that relies on a published list: it may represent what is reported.
vehicle_itself: Rule = all_of(
    "vehicle_itself",
    "the vehicle qualifies by its own facts",
    "26 USC 30D(d)",
    *_REPORTED,
)

reported_vehicle: Rule = any_of(
    "reported_vehicle",
    "the vehicle qualifies by its own facts, or by a published list",
    "26 USC 30D(d)",
    vehicle_itself,
    published_listing,
)

listed_clean_vehicle: Rule = all_of(
    "new_clean_vehicle",
    "the vehicle is a new clean vehicle",
    "26 USC 30D(d)",
    *_OF_THE_SALE,
    reported_vehicle,
)
