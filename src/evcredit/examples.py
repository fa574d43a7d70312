"""Ready-made claims to try things on.

The minerals of the demonstration follow published figures: masses per kWh of NMC 811 cells with
a graphite anode from BatPaC 5.1 (Argonne National Laboratory; as replicated by Busch et al.),
times 75 kWh, times prices of 2023: lithium, nickel and cobalt from the USGS Mineral Commodity
Summaries 2026 data release; battery-grade graphite at $6 and manganese at $2.70 a kilogram are
recalled, not read. Where the minerals come from is an illustration, not the supply chain of any
maker. The component values are relative, chosen so that the content is 62 percent.
"""

from __future__ import annotations

from datetime import date

from evcredit.algebra.field import checked_day
from evcredit.facts.battery import Battery
from evcredit.facts.chain import MineralSource
from evcredit.facts.claim import Claim
from evcredit.facts.component import BatteryComponent, ComponentKind
from evcredit.facts.purchase import Purchase
from evcredit.facts.taxpayer import FilingStatus, Taxpayer, TaxYear
from evcredit.facts.vehicle import Vehicle, VehicleClass

__all__ = ["demonstration_battery", "demonstration_claim"]

_MASSES = "BatPaC 5.1 masses at prices of 2023; see evcredit.examples"


def demonstration_battery() -> Battery:
    """A 75 kWh NMC 811 battery with its supply chain.

    >>> demonstration_battery().capacity_kwh
    Decimal('75')
    """
    chains = MineralSource
    return Battery(
        capacity_kwh=75,
        externally_rechargeable=True,
        minerals=(
            chains.extracted_in(
                "Chile", "lithium", "932.40", processed_in="Chile", evidence=_MASSES
            ),
            chains.extracted_in(
                "Australia", "lithium", "621.60", processed_in="China", evidence=_MASSES
            ),
            chains.processed_in(
                "Japan", "nickel", 1061, extracted_in="Indonesia", evidence=_MASSES
            ),
            chains.processed_in(
                "Finland",
                "cobalt",
                211,
                extracted_in="Democratic Republic of the Congo",
                evidence=_MASSES,
            ),
            chains.processed_in(
                "China", "manganese", 16, extracted_in="South Africa", evidence=_MASSES
            ),
            chains.processed_in(
                "Japan", "graphite", "124.80", extracted_in="Japan", evidence=_MASSES
            ),
            chains.processed_in(
                "China", "graphite", "291.20", extracted_in="China", evidence=_MASSES
            ),
        ),
        components=(
            BatteryComponent(
                kind=ComponentKind.BATTERY_MODULE,
                value=10000,
                made_in="United States",
                foreign_entity_of_concern=False,
                contains=(
                    BatteryComponent(
                        kind=ComponentKind.BATTERY_CELL,
                        value=8000,
                        made_in="United States",
                        foreign_entity_of_concern=False,
                        contains=(
                            _part(ComponentKind.CATHODE_ELECTRODE, 3000, "South Korea"),
                            _part(ComponentKind.ANODE_ELECTRODE, 1200, "United States"),
                            _part(ComponentKind.SEPARATOR, 800, "Japan"),
                            _part(ComponentKind.LIQUID_ELECTROLYTE, 500, "United States"),
                        ),
                    ),
                ),
            ),
        ),
    )


def _part(kind: ComponentKind, value: int, made_in: str) -> BatteryComponent:
    return BatteryComponent(
        kind=kind, value=value, made_in=made_in, foreign_entity_of_concern=False
    )


def demonstration_claim(placed_in_service: date = date(2024, 6, 3)) -> Claim:
    """A sport utility vehicle with the demonstration battery, bought by a couple.

    Args:
        placed_in_service: The day of possession; contract and first payment are a month and
            more before, or that day if it is early.

    >>> demonstration_claim().vehicle.vehicle_class.value
    'sport utility vehicle'
    """
    placed_in_service = checked_day(placed_in_service, "placed_in_service")
    ordered = min(date(2024, 4, 22), placed_in_service)
    return Claim(
        vehicle=Vehicle.road_vehicle(
            make="Example",
            model="Crossover 75",
            vehicle_class=VehicleClass.SPORT_UTILITY_VEHICLE,
            msrp=57990,
            gross_vehicle_weight_rating_lb=6250,
            made_by_qualified_manufacturer=True,
            final_assembly_country="United States",
            battery=demonstration_battery(),
        ),
        purchase=Purchase.new_from_dealer(
            contract_date=ordered,
            first_payment_date=ordered,
            placed_in_service=placed_in_service,
        ),
        taxpayer=Taxpayer(
            current_year=TaxYear(
                filing_status=FilingStatus.MARRIED_FILING_JOINTLY,
                modified_adjusted_gross_income=212000,
            ),
            prior_year=TaxYear(
                filing_status=FilingStatus.MARRIED_FILING_JOINTLY,
                modified_adjusted_gross_income=198500,
            ),
        ),
    )
