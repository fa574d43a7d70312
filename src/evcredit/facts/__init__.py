"""What a caller states: vehicles, batteries, chains, owners, purchases, taxpayers. No law.

May import: algebra, data, errors.
May be imported by: every room above: law, provisions, sections, results and what reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.facts import vin as vin
    from evcredit.facts.battery import Battery as Battery
    from evcredit.facts.chain import Activity as Activity
    from evcredit.facts.chain import MaterialUse as MaterialUse
    from evcredit.facts.chain import MineralSource as MineralSource
    from evcredit.facts.chain import Step as Step
    from evcredit.facts.claim import Claim as Claim
    from evcredit.facts.component import BatteryComponent as BatteryComponent
    from evcredit.facts.component import ComponentKind as ComponentKind
    from evcredit.facts.contract import Contract as Contract
    from evcredit.facts.country import EUROPEAN_UNION as EUROPEAN_UNION
    from evcredit.facts.country import TERRITORY_OF as TERRITORY_OF
    from evcredit.facts.country import country_code as country_code
    from evcredit.facts.country import country_name as country_name
    from evcredit.facts.facility import Facility as Facility
    from evcredit.facts.listing import ListedVehicle as ListedVehicle
    from evcredit.facts.listing import Powertrain as Powertrain
    from evcredit.facts.mineral import ApplicableMineral as ApplicableMineral
    from evcredit.facts.mineral import QualifyingForm as QualifyingForm
    from evcredit.facts.mineral import applicable_minerals as applicable_minerals
    from evcredit.facts.ownership import Entity as Entity
    from evcredit.facts.ownership import GovernmentRole as GovernmentRole
    from evcredit.facts.ownership import Holding as Holding
    from evcredit.facts.ownership import Metric as Metric
    from evcredit.facts.ownership_graph import OwnershipGraph as OwnershipGraph
    from evcredit.facts.place import Place as Place
    from evcredit.facts.place import doubt_about as doubt_about
    from evcredit.facts.place import is_doubtful as is_doubtful
    from evcredit.facts.place import place_name as place_name
    from evcredit.facts.pool import PeriodDay as PeriodDay
    from evcredit.facts.pool import Pool as Pool
    from evcredit.facts.pool import PoolBy as PoolBy
    from evcredit.facts.pool import PoolMember as PoolMember
    from evcredit.facts.price import SalePrice as SalePrice
    from evcredit.facts.price import StickerPrice as StickerPrice
    from evcredit.facts.price import VehicleBasis as VehicleBasis
    from evcredit.facts.prior_transfer import PriorTransfer as PriorTransfer
    from evcredit.facts.prior_transfer import Recipient as Recipient
    from evcredit.facts.published_list import DayCounted as DayCounted
    from evcredit.facts.published_list import PublishedList as PublishedList
    from evcredit.facts.published_list import Publisher as Publisher
    from evcredit.facts.published_list import published_lists as published_lists
    from evcredit.facts.purchase import DealerLicense as DealerLicense
    from evcredit.facts.purchase import Purchase as Purchase
    from evcredit.facts.seller_report import ReportStatus as ReportStatus
    from evcredit.facts.seller_report import SellerReport as SellerReport
    from evcredit.facts.subdivision import Subdivision as Subdivision
    from evcredit.facts.subdivision import subdivisions_of as subdivisions_of
    from evcredit.facts.tax_return import TaxReturn as TaxReturn
    from evcredit.facts.taxpayer import FilingStatus as FilingStatus
    from evcredit.facts.taxpayer import IncomeParts as IncomeParts
    from evcredit.facts.taxpayer import PriorCredit as PriorCredit
    from evcredit.facts.taxpayer import Taxpayer as Taxpayer
    from evcredit.facts.taxpayer import TaxpayerKind as TaxpayerKind
    from evcredit.facts.taxpayer import TaxYear as TaxYear
    from evcredit.facts.transfer import CreditTransfer as CreditTransfer
    from evcredit.facts.vehicle import LabelClass as LabelClass
    from evcredit.facts.vehicle import Vehicle as Vehicle
    from evcredit.facts.vehicle import VehicleClass as VehicleClass
    from evcredit.facts.vehicle import label_class as label_class
    from evcredit.facts.vehicle import label_classes as label_classes

export(
    __name__,
    {
        "battery": "Battery",
        "chain": "Activity MaterialUse MineralSource Step",
        "claim": "Claim",
        "component": "BatteryComponent ComponentKind",
        "contract": "Contract",
        "country": "EUROPEAN_UNION TERRITORY_OF country_code country_name",
        "facility": "Facility",
        "listing": "ListedVehicle Powertrain",
        "mineral": "ApplicableMineral QualifyingForm applicable_minerals",
        "ownership": "Entity GovernmentRole Holding Metric",
        "ownership_graph": "OwnershipGraph",
        "place": "Place doubt_about is_doubtful place_name",
        "pool": "PeriodDay Pool PoolBy PoolMember",
        "price": "SalePrice StickerPrice VehicleBasis",
        "prior_transfer": "PriorTransfer Recipient",
        "published_list": "DayCounted PublishedList Publisher published_lists",
        "purchase": "DealerLicense Purchase",
        "seller_report": "ReportStatus SellerReport",
        "subdivision": "Subdivision subdivisions_of",
        "tax_return": "TaxReturn",
        "taxpayer": "FilingStatus IncomeParts PriorCredit TaxYear Taxpayer TaxpayerKind",
        "transfer": "CreditTransfer",
        "vehicle": "LabelClass Vehicle VehicleClass label_class label_classes",
    },
    modules="vin",
)
