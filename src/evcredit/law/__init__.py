"""The law as a value: agreements, groups of countries, schedules, readings, reforms.

May import: facts, algebra, data, errors.
May be imported by: provisions and every room above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.law.agreements import AgreementKind as AgreementKind
    from evcredit.law.agreements import Agreements as Agreements
    from evcredit.law.agreements import AgreementStatus as AgreementStatus
    from evcredit.law.agreements import Hypothetical as Hypothetical
    from evcredit.law.agreements import Partner as Partner
    from evcredit.law.agreements import TradeAgreement as TradeAgreement
    from evcredit.law.agreements import hypothetical_agreements as hypothetical_agreements
    from evcredit.law.agreements import listed_agreements as listed_agreements
    from evcredit.law.countries import CountryGroup as CountryGroup
    from evcredit.law.current import current_law as current_law
    from evcredit.law.difference import EntryDifference as EntryDifference
    from evcredit.law.difference import LawDifference as LawDifference
    from evcredit.law.difference import law_difference as law_difference
    from evcredit.law.incremental_cost import ModeledVehicle as ModeledVehicle
    from evcredit.law.incremental_cost import ResidualClass as ResidualClass
    from evcredit.law.law import Law as Law
    from evcredit.law.law_changes import ChangeOfLaw as ChangeOfLaw
    from evcredit.law.lists import find_listed as find_listed
    from evcredit.law.lists import listings as listings
    from evcredit.law.manufacturers import Manufacturer as Manufacturer
    from evcredit.law.manufacturers import Manufacturers as Manufacturers
    from evcredit.law.manufacturers import Quarter as Quarter
    from evcredit.law.manufacturers import known_manufacturers as known_manufacturers
    from evcredit.law.readings import AgreementDay as AgreementDay
    from evcredit.law.readings import AgreementScope as AgreementScope
    from evcredit.law.readings import AmountRounding as AmountRounding
    from evcredit.law.readings import Apportionment as Apportionment
    from evcredit.law.readings import IndirectHoldings as IndirectHoldings
    from evcredit.law.readings import ManufacturerLimitDay as ManufacturerLimitDay
    from evcredit.law.readings import PassThroughIncome as PassThroughIncome
    from evcredit.law.readings import Readings as Readings
    from evcredit.law.reform import Reform as Reform
    from evcredit.law.scenarios import named_law as named_law
    from evcredit.law.scenarios import named_laws as named_laws
    from evcredit.law.scenarios import named_reform as named_reform
    from evcredit.law.scenarios import named_reforms as named_reforms

export(
    __name__,
    {
        "agreements": (
            "AgreementKind AgreementStatus Agreements Hypothetical Partner TradeAgreement "
            "hypothetical_agreements listed_agreements"
        ),
        "countries": "CountryGroup",
        "current": "current_law",
        "difference": "EntryDifference LawDifference law_difference",
        "incremental_cost": "ModeledVehicle ResidualClass",
        "law": "Law",
        "law_changes": "ChangeOfLaw",
        "lists": "find_listed listings",
        "manufacturers": "Manufacturer Manufacturers Quarter known_manufacturers",
        "readings": (
            "AgreementDay AgreementScope AmountRounding Apportionment IndirectHoldings "
            "ManufacturerLimitDay PassThroughIncome Readings"
        ),
        "reform": "Reform",
        "scenarios": "named_law named_laws named_reform named_reforms",
    },
)
