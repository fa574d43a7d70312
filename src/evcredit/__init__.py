"""The United States clean vehicle credits, computed exactly, with reasons and citations.

>>> from evcredit import assess, compare, current_law, examples
>>> claim = examples.demonstration_claim()
>>> assess(claim).verdict
<Verdict.MET: 'met'>
>>> print(compare(claim, current_law().without_agreement("JPCMA"), current_law()).worth)
3750
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evcredit._version import __version__

if TYPE_CHECKING:
    from evcredit.agreement import (
        AgreementKind,
        Agreements,
        Hypothetical,
        Partner,
        Standing,
        TradeAgreement,
        hypothetical_agreements,
        listed_agreements,
    )
    from evcredit.assessment import Assessment, Comparison, assess, assess_transfer, compare
    from evcredit.battery import (
        Activity,
        Battery,
        BatteryComponent,
        ComponentKind,
        MaterialUse,
        MineralSource,
        Step,
    )
    from evcredit.bounds import Bounds
    from evcredit.change import Change, Refusal, change_of_all, refusals
    from evcredit.choosing import BuyNew, BuyUsed, Lease, Option, Options, options
    from evcredit.citation import Citation
    from evcredit.claim import Claim
    from evcredit.coverage import change_days, deferred_provisions, open_points, uncovered
    from evcredit.errors import (
        EvcreditError,
        InvalidFactError,
        InvalidFactsError,
        LawError,
        OutsideCoverage,
        UndeterminedError,
        UnknownAgreement,
        UnknownListing,
    )
    from evcredit.fact import with_facts
    from evcredit.forms.clean_vehicles import CleanVehicleForms, fill_forms
    from evcredit.forms.form import FormLine
    from evcredit.forms.stated import CleanVehicleReturn, ReturnVehicle
    from evcredit.history import Recipient, VehicleTransfer
    from evcredit.incremental_cost import ModeledVehicle, ResidualClass
    from evcredit.law import (
        AgreementDay,
        AgreementScope,
        AmountRounding,
        Apportionment,
        IndirectHoldings,
        Law,
        ManufacturerLimitDay,
        PassThroughIncome,
        Readings,
        current_law,
        named_law,
        named_laws,
    )
    from evcredit.listing import ListedVehicle, find_listed, listings
    from evcredit.manufacturer import Manufacturer, Manufacturers, Quarter
    from evcredit.mineral import ApplicableMineral, applicable_minerals
    from evcredit.ownership import Contract, Entity, GovernmentRole, Holding, Metric, OwnershipGraph
    from evcredit.purchase import DealerLicense, Purchase, SalePrice, VehicleBasis
    from evcredit.rule import Finding
    from evcredit.section import Credit
    from evcredit.section_25e.use_of_credit import PersonalCredits, personal_credits
    from evcredit.section_30d.pools import (
        Pool,
        PoolMember,
        pool_component_content,
        pool_mineral_content,
    )
    from evcredit.section_30d.seller_report import (
        ReportDeadlines,
        check_seller_report,
        report_deadlines,
    )
    from evcredit.section_30d.transfer import (
        CreditTransfer,
        TransferOutcome,
        settle_transfer,
    )
    from evcredit.section_30d.use_of_credit import UseOfCredit, use_of_credit
    from evcredit.seller_report import ReportStatus, SellerReport
    from evcredit.tax_return import TaxReturn
    from evcredit.taxpayer import (
        CreditedSale,
        FilingStatus,
        IncomeParts,
        Taxpayer,
        TaxpayerKind,
        TaxYear,
    )
    from evcredit.vehicle import StickerPrice, Vehicle, VehicleClass
    from evcredit.verdict import Verdict

# Each name is loaded when it is first asked for, so that a program that imports the package for
# one of them, or only passes by, does not wait for all. `__all__` and the imports above tell
# type checkers the same; a test holds the three together.
_HOMES: dict[str, tuple[str, ...]] = {
    "agreement": (
        "AgreementKind",
        "Agreements",
        "Hypothetical",
        "Partner",
        "Standing",
        "TradeAgreement",
        "hypothetical_agreements",
        "listed_agreements",
    ),
    "assessment": (
        "Assessment",
        "Comparison",
        "assess",
        "assess_transfer",
        "compare",
    ),
    "battery": (
        "Activity",
        "Battery",
        "BatteryComponent",
        "ComponentKind",
        "MaterialUse",
        "MineralSource",
        "Step",
    ),
    "bounds": ("Bounds",),
    "change": ("Change", "Refusal", "change_of_all", "refusals"),
    "choosing": ("BuyNew", "BuyUsed", "Lease", "Option", "Options", "options"),
    "citation": ("Citation",),
    "claim": ("Claim",),
    "coverage": (
        "change_days",
        "deferred_provisions",
        "open_points",
        "uncovered",
    ),
    "errors": (
        "EvcreditError",
        "InvalidFactError",
        "InvalidFactsError",
        "LawError",
        "OutsideCoverage",
        "UndeterminedError",
        "UnknownAgreement",
        "UnknownListing",
    ),
    "fact": ("with_facts",),
    "forms.clean_vehicles": ("CleanVehicleForms", "fill_forms"),
    "forms.form": ("FormLine",),
    "forms.stated": ("CleanVehicleReturn", "ReturnVehicle"),
    "history": ("Recipient", "VehicleTransfer"),
    "incremental_cost": (
        "ModeledVehicle",
        "ResidualClass",
    ),
    "law": (
        "AgreementDay",
        "AgreementScope",
        "AmountRounding",
        "Apportionment",
        "IndirectHoldings",
        "Law",
        "ManufacturerLimitDay",
        "PassThroughIncome",
        "Readings",
        "current_law",
        "named_law",
        "named_laws",
    ),
    "listing": (
        "ListedVehicle",
        "find_listed",
        "listings",
    ),
    "manufacturer": (
        "Manufacturer",
        "Manufacturers",
        "Quarter",
    ),
    "mineral": (
        "ApplicableMineral",
        "applicable_minerals",
    ),
    "ownership": (
        "Contract",
        "Entity",
        "GovernmentRole",
        "Holding",
        "Metric",
        "OwnershipGraph",
    ),
    "purchase": ("DealerLicense", "Purchase", "SalePrice", "VehicleBasis"),
    "rule": ("Finding",),
    "section": ("Credit",),
    "section_25e.use_of_credit": ("PersonalCredits", "personal_credits"),
    "section_30d.pools": (
        "Pool",
        "PoolMember",
        "pool_component_content",
        "pool_mineral_content",
    ),
    "section_30d.seller_report": (
        "ReportDeadlines",
        "check_seller_report",
        "report_deadlines",
    ),
    "section_30d.transfer": (
        "CreditTransfer",
        "TransferOutcome",
        "settle_transfer",
    ),
    "section_30d.use_of_credit": (
        "UseOfCredit",
        "use_of_credit",
    ),
    "seller_report": ("ReportStatus", "SellerReport"),
    "tax_return": ("TaxReturn",),
    "taxpayer": (
        "CreditedSale",
        "FilingStatus",
        "IncomeParts",
        "TaxYear",
        "Taxpayer",
        "TaxpayerKind",
    ),
    "vehicle": (
        "StickerPrice",
        "Vehicle",
        "VehicleClass",
    ),
    "verdict": ("Verdict",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "Activity",
    "AgreementDay",
    "AgreementKind",
    "AgreementScope",
    "Agreements",
    "AmountRounding",
    "ApplicableMineral",
    "Apportionment",
    "Assessment",
    "Battery",
    "BatteryComponent",
    "Bounds",
    "BuyNew",
    "BuyUsed",
    "Change",
    "Citation",
    "Claim",
    "CleanVehicleForms",
    "CleanVehicleReturn",
    "Comparison",
    "ComponentKind",
    "Contract",
    "Credit",
    "CreditTransfer",
    "CreditedSale",
    "DealerLicense",
    "Entity",
    "EvcreditError",
    "FilingStatus",
    "Finding",
    "FormLine",
    "GovernmentRole",
    "Holding",
    "Hypothetical",
    "IncomeParts",
    "IndirectHoldings",
    "InvalidFactError",
    "InvalidFactsError",
    "Law",
    "LawError",
    "Lease",
    "ListedVehicle",
    "Manufacturer",
    "ManufacturerLimitDay",
    "Manufacturers",
    "MaterialUse",
    "Metric",
    "MineralSource",
    "ModeledVehicle",
    "Option",
    "Options",
    "OutsideCoverage",
    "OwnershipGraph",
    "Partner",
    "PassThroughIncome",
    "PersonalCredits",
    "Pool",
    "PoolMember",
    "Purchase",
    "Quarter",
    "Readings",
    "Recipient",
    "Refusal",
    "ReportDeadlines",
    "ReportStatus",
    "ResidualClass",
    "ReturnVehicle",
    "SalePrice",
    "SellerReport",
    "Standing",
    "Step",
    "StickerPrice",
    "TaxReturn",
    "TaxYear",
    "Taxpayer",
    "TaxpayerKind",
    "TradeAgreement",
    "TransferOutcome",
    "UndeterminedError",
    "UnknownAgreement",
    "UnknownListing",
    "UseOfCredit",
    "Vehicle",
    "VehicleBasis",
    "VehicleClass",
    "VehicleTransfer",
    "Verdict",
    "__version__",
    "applicable_minerals",
    "assess",
    "assess_transfer",
    "change_days",
    "change_of_all",
    "check_seller_report",
    "compare",
    "current_law",
    "deferred_provisions",
    "fill_forms",
    "find_listed",
    "hypothetical_agreements",
    "listed_agreements",
    "listings",
    "named_law",
    "named_laws",
    "open_points",
    "options",
    "personal_credits",
    "pool_component_content",
    "pool_mineral_content",
    "refusals",
    "report_deadlines",
    "settle_transfer",
    "uncovered",
    "use_of_credit",
    "with_facts",
]
