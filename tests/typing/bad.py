"""Mistakes that type checkers find: each line marked so, and no other (see check.py)."""

from typing import Any

from evcredit import (
    Battery,
    BatteryComponent,
    Claim,
    CreditTransfer,
    MineralSource,
    Purchase,
    Step,
    Vehicle,
    assess,
    current_law,
)
from evcredit.algebra.expression import Expression
from evcredit.facts.pool import Pool
from evcredit.facts.price import SalePrice
from evcredit.facts.vehicle import VehicleClass
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView

# -- facts -----------------------------------------------------------------------------------

Vehicle.road_vehicle(msrpp=48_000)  # wrong: misspelled
Vehicle.road_vehicle(msrp=48_000.50)  # wrong: a float
Vehicle.road_vehicle(battery={"capacity_kwh": 75})  # wrong: not a battery
Vehicle(msrp=48_000.50)  # wrong: a float
Vehicle(vehicle_class=5)  # wrong: not a class
Purchase.new_from_dealer(placed_in_servise="2024-06-03")  # wrong: misspelled
Purchase.new_from_dealer(placed_in_service=20240603)  # wrong: not a day
Purchase.used_from_dealer(sale_price=19_000.00)  # wrong: a float
Purchase.for_business(depreciable="yes")  # wrong: not a flag
Purchase.by_lessor(basis_=45_000)  # wrong: misspelled
CreditTransfer.at_the_dealer(payment=7_500.0)  # wrong: a float
SalePrice.agreed(24_800.0)  # wrong: a float
SalePrice.agreed(24_800, dealer_fee=347)  # wrong: misspelled
MineralSource.extracted_in("Chile", "lithium", 406.70)  # wrong: a float
MineralSource.processed_in("Japan", "nickel", extraction="Chile")  # wrong: misspelled
MineralSource.recycled_in("Canada", "cobalt", mass=3)  # wrong: misspelled
Battery(minerals=3)  # wrong: not a list
Battery(minerals=[Step()])  # wrong: steps, not minerals
BatteryComponent(kind="cell", contains="separator")  # wrong: text
Pool.of_year(2024, by="model line")  # wrong: without members
current_law().with_readings(puerto_rico=True)  # wrong: misspelled
print(assess(Claim()).verdct)  # wrong: misspelled


# -- rules -----------------------------------------------------------------------------------


def rule_body(claim: ClaimView, law: LawView) -> list[Any]:
    """Each line alone, as the body of a rule would have it."""
    vehicle, day = claim.vehicle, claim.purchase.placed_in_service
    return [
        vehicle.made_for_public_road,  # wrong: misspelled
        law.minimum_wheel,  # wrong: misspelled
        law.readings.agreement_scop,  # wrong: misspelled
        vehicle.wheels >= law.acquisition_deadline.ever,  # wrong: a number against a day
        day <= law.minimum_wheels.on(day),  # wrong: a day against a number
        vehicle.wheels >= law.minimum_wheels,  # wrong: a schedule without a day
        vehicle.vehicle_class.is_one_of(5),  # wrong: not a member
        law.north_america.contains(vehicle.make),  # wrong: text as a country
        vehicle.wheels & vehicle.fuel_cell,  # wrong: a number as a statement
        law.minimum_wheels.ever & vehicle.fuel_cell,  # wrong: a number as a statement
        law.minimum_wheels.on(vehicle.wheels),  # wrong: a number as a day
    ]


@provision("26 USC 30D(d)(1)", "a body that returns no statement")  # wrong: a number
def no_statement(claim: ClaimView, law: LawView) -> int:
    return 4


@provision("26 USC 30D(d)(1)", "a body as it should be")
def statement(claim: ClaimView, law: LawView) -> Expression:
    vehicle = claim.vehicle
    enough = vehicle.wheels >= law.minimum_wheels.on(PLACED_IN_SERVICE)
    return enough & ~vehicle.vehicle_class.is_one_of(VehicleClass.VAN) & vehicle.fuel_cell
