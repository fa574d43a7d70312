"""Facts from the files that other systems write, with a report on every value of each file.

May import: facts, algebra, errors; the command line also results. No law: importers state facts.
May be imported by: `__main__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.importers.battery_pass import import_battery_pass as import_battery_pass
    from evcredit.importers.battery_passport import (
        import_battery_passport as import_battery_passport,
    )
    from evcredit.importers.bill_of_materials import (
        import_bill_of_materials as import_bill_of_materials,
    )
    from evcredit.importers.bods import import_bods as import_bods
    from evcredit.importers.files import FORMATS as FORMATS
    from evcredit.importers.files import format_of as format_of
    from evcredit.importers.files import import_file as import_file
    from evcredit.importers.fuel_economy import LabeledVehicle as LabeledVehicle
    from evcredit.importers.fuel_economy import import_fuel_economy as import_fuel_economy
    from evcredit.importers.gleif import import_gleif as import_gleif
    from evcredit.importers.report import Imported as Imported
    from evcredit.importers.report import ImportReport as ImportReport
    from evcredit.importers.report import Mapped as Mapped
    from evcredit.importers.report import Unknown as Unknown
    from evcredit.importers.report import Unmapped as Unmapped
    from evcredit.importers.rmi import import_rmi as import_rmi
    from evcredit.importers.supply import BatteryFacts as BatteryFacts
    from evcredit.importers.us_tariff import import_us_tariff as import_us_tariff
    from evcredit.importers.usgs import CountryShare as CountryShare
    from evcredit.importers.usgs import import_usgs as import_usgs
    from evcredit.importers.vpic import VehicleHints as VehicleHints
    from evcredit.importers.vpic import import_vpic as import_vpic

export(
    __name__,
    {
        "battery_pass": "import_battery_pass",
        "battery_passport": "import_battery_passport",
        "bill_of_materials": "import_bill_of_materials",
        "bods": "import_bods",
        "files": "FORMATS format_of import_file",
        "fuel_economy": "LabeledVehicle import_fuel_economy",
        "gleif": "import_gleif",
        "report": "ImportReport Imported Mapped Unknown Unmapped",
        "rmi": "import_rmi",
        "supply": "BatteryFacts",
        "us_tariff": "import_us_tariff",
        "usgs": "CountryShare import_usgs",
        "vpic": "VehicleHints import_vpic",
    },
)
