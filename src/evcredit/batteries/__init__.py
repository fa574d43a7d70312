"""Batteries made up from published figures: masses, prices, and shares of countries.

What is built here is a scenario, never the battery of a maker: the statute requires the value of
what is in a vehicle's own battery.

May import: facts, algebra, data, errors. No law: which place counts is for the law to say.
May be imported by: examples, audit, the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.batteries.model import BatteryModel as BatteryModel
    from evcredit.batteries.model import Chemistry as Chemistry
    from evcredit.batteries.prices import MineralPrices as MineralPrices
    from evcredit.batteries.prices import PriceBasis as PriceBasis
    from evcredit.batteries.prices import mineral_prices as mineral_prices
    from evcredit.batteries.routes import Pairing as Pairing
    from evcredit.batteries.routes import SupplyRoute as SupplyRoute
    from evcredit.batteries.routes import routes_by_stage as routes_by_stage
    from evcredit.batteries.supply import SupplyShare as SupplyShare
    from evcredit.batteries.supply import supply_products as supply_products
    from evcredit.batteries.supply import supply_shares as supply_shares

export(
    __name__,
    {
        "model": "BatteryModel Chemistry",
        "prices": "MineralPrices PriceBasis mineral_prices",
        "routes": "Pairing SupplyRoute routes_by_stage",
        "supply": "SupplyShare supply_products supply_shares",
    },
)
