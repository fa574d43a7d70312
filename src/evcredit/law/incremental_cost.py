"""Classes of commercial vehicles, as the published incremental costs distinguish them.

The Internal Revenue Service accepts the incremental cost that the Department of Energy modeled
for a class of vehicles (Notices 2023-9, 2024-5 and 2025-9), and for a vehicle that another
placed in service before a part of it, by class and age (26 CFR 1.45W-2(f)(3), proposed). The
amounts are schedules of the law: `Law.modeled_incremental_cost` and
`Law.residual_value_percent`.
"""

from __future__ import annotations

from evcredit.algebra.plain_enum import PlainEnum

__all__ = ["ModeledVehicle", "ResidualClass"]


class ResidualClass(PlainEnum):
    """A class of the table of residual values, by weight and body (90 FR 3506)."""

    PASSENGER_CAR = "passenger car below 14,000 pounds"
    LIGHT_TRUCK = "van, sport utility vehicle or pickup truck below 14,000 pounds"
    CLASS_4_TO_5 = "class 4 to 5"
    CLASS_6 = "class 6"
    CLASS_7_TO_8 = "class 7 to 8 without a tractor cab"
    CLASS_8_TRACTOR = "class 8 with a day or sleeper cab"


class ModeledVehicle(PlainEnum):
    """A kind of vehicle with an incremental cost of its own in the published amounts."""

    LIGHT = "street vehicle below 14,000 pounds, other than a compact plug-in hybrid"
    COMPACT_HYBRID = "compact plug-in hybrid car"
    CLASS_4_TO_5_BATTERY = "class 4 to 5, battery electric"
    CLASS_4_TO_5_HYBRID = "class 4 to 5, plug-in hybrid"
    CLASS_4_TO_5_FUEL_CELL = "class 4 to 5, fuel cell"
    CLASS_6_BATTERY = "class 6, battery electric"
    CLASS_6_HYBRID = "class 6, plug-in hybrid"
    CLASS_6_FUEL_CELL = "class 6, fuel cell"
    CLASS_7_TO_8_BATTERY = "class 7 to 8 without a tractor cab, battery electric"
    CLASS_7_TO_8_HYBRID = "class 7 to 8 without a tractor cab, plug-in hybrid"
    CLASS_7_TO_8_FUEL_CELL = "class 7 to 8 without a tractor cab, fuel cell"
    CLASS_8_TRACTOR_BATTERY = "class 8 with a day or sleeper cab, battery electric"
    CLASS_8_TRACTOR_HYBRID = "class 8 with a day or sleeper cab, plug-in hybrid"
    CLASS_8_TRACTOR_FUEL_CELL = "class 8 with a day or sleeper cab, fuel cell"
