"""A return on which credits for clean vehicles are claimed, as its filer states it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.claim import Claim
from evcredit.errors import OutsideCoverage
from evcredit.fact import (
    Fault,
    Kind,
    as_choice,
    as_count,
    as_day,
    as_flag,
    as_percent,
    as_price,
    as_tuple,
    check,
    declare,
)
from evcredit.forms.form import form_years, lines_of
from evcredit.section import Credit
from evcredit.section_30d.transfer import CreditTransfer
from evcredit.tax_return import TaxReturn
from evcredit.taxpayer import Taxpayer

__all__ = ["CleanVehicleReturn", "ReturnVehicle", "days_of"]


def _as_credit(value: Credit | str | None) -> Any:
    if value is None:
        return Fault(value, "name a credit, for example '30D'")
    return as_choice(Credit, value)


def _as_vehicles(value: Any) -> Any:
    if value is None:
        return Fault(value, "give a list, empty if there are none")
    return as_tuple(value)


@attrs.frozen(kw_only=True)
class ReturnVehicle:
    """One vehicle of a return: which credit is claimed for it, and how it is used.

    Args:
        claim: The vehicle, the purchase and the taxpayer. A taxpayer that is left out is the one
            of the other vehicles.
        credit: The credit; that for a new vehicle unless stated.
        business_use_percent: Percent of the use of a new vehicle, in the year it was placed in
            service, for business or investment. State 100 for a corporation.
        transfer: The transfer of the credit to the dealer, if there was one; its claim may be
            left out.
        bought_by_spouse: Whether the other spouse of a joint return bought the vehicle, so that
            an earlier credit of the one is none of the other. It was not unless stated.

    Raises:
        InvalidFactError: A fact cannot be true, for example a transfer of another vehicle.
        InvalidFactsError: Several faults.

    >>> ReturnVehicle(business_use_percent=40).credit
    <Credit.NEW_VEHICLE: '30D'>
    """

    claim: Claim = attrs.field(factory=Claim, metadata=declare(Kind.PART, "claim", of=Claim))
    credit: Credit = attrs.field(
        default=Credit.NEW_VEHICLE,
        converter=_as_credit,
        metadata=declare(Kind.CHOICE, "credit", of=Credit),
    )
    business_use_percent: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(Kind.PERCENT, "business use of the vehicle"),
    )
    transfer: CreditTransfer | None = attrs.field(
        default=None,
        metadata=declare(
            Kind.PART, "transfer of the credit to the dealer", of=CreditTransfer, optional=True
        ),
    )
    bought_by_spouse: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "bought by the other spouse", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _vehicle_faults)


def _vehicle_faults(vehicle: ReturnVehicle) -> Iterator[tuple[str, Any, str]]:
    transfer = vehicle.transfer
    if transfer is None:
        return
    if vehicle.credit is Credit.COMMERCIAL_VEHICLE:
        yield "transfer", transfer, "no dealer can take over a commercial credit; leave it out"
    if transfer.claim not in (Claim(), vehicle.claim):
        yield "transfer.claim", transfer.claim, "it is about another claim; leave it out"


@attrs.frozen(kw_only=True)
class CleanVehicleReturn:
    """A return on which credits for clean vehicles are claimed.

    Args:
        tax_year: The calendar year in which the taxable year begins, from 2010 to 2025.
        vehicles: The vehicles placed in service in it.
        tax_return: Tax and other credits of the return. Business use is stated of each vehicle,
            and the credit for used vehicles is worked out, so neither is stated there.
        year_begins: The first day of a taxable year that is no calendar year.
        passed_through_new: US dollars of business credits for new vehicles from partnerships and
            S corporations; none unless stated.
        passed_through_commercial: The same of commercial vehicles.

    Raises:
        InvalidFactError: A fact cannot be true, for example a vehicle of another year.
        InvalidFactsError: Several faults.
        OutsideCoverage: The forms of the year are not held.

    >>> from evcredit import examples
    >>> vehicle = ReturnVehicle(claim=examples.demonstration_claim(), business_use_percent=0)
    >>> CleanVehicleReturn(tax_year=2024, vehicles=[vehicle]).taxpayer.kind is None
    True
    """

    tax_year: Decimal | None = attrs.field(
        default=None, converter=as_count, metadata=declare(Kind.COUNT, "tax year")
    )
    vehicles: tuple[ReturnVehicle, ...] = attrs.field(
        default=(),
        converter=_as_vehicles,
        metadata=declare(Kind.PARTS, "vehicles of the return", of=ReturnVehicle),
    )
    tax_return: TaxReturn = attrs.field(
        factory=TaxReturn, metadata=declare(Kind.PART, "tax return", of=TaxReturn)
    )
    year_begins: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "first day of the taxable year", optional=True),
    )
    passed_through_new: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "business credits passed through, new", optional=True),
    )
    passed_through_commercial: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "business credits passed through, commercial", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _return_faults)

    @property
    def year(self) -> int:
        """The tax year as a number."""
        return int(self.tax_year or 0)

    @property
    def taxpayer(self) -> Taxpayer:
        """The taxpayer, as the first claim that states one has it."""
        return next((t for t in _taxpayers(self.vehicles) if t != Taxpayer()), Taxpayer())


def _taxpayers(vehicles: Iterable[ReturnVehicle]) -> Iterator[Taxpayer]:
    return (vehicle.claim.taxpayer for vehicle in vehicles)


def days_of(stated: CleanVehicleReturn) -> tuple[date, date]:
    """The first day of the taxable year and the first day after it."""
    first = stated.year_begins or date(stated.year, 1, 1)
    if (first.month, first.day) == (2, 29):
        return first, date(first.year + 1, 3, 1)
    return first, first.replace(year=first.year + 1)


#: What must be the same of all claims: it is one taxpayer's return.
_SHARED = ("kind", "current_year", "preceding_year")


def _return_faults(stated: CleanVehicleReturn) -> Iterator[tuple[str, Any, str]]:
    if not isinstance(stated.tax_year, Decimal):
        yield "tax_year", stated.tax_year, "give the year, for example 2024"
        return
    if stated.year not in form_years():
        held = f"tax years {form_years()[0]} to {form_years()[-1]}"
        raise OutsideCoverage("the forms of a tax year", stated.year, held)
    if stated.year_begins is not None and stated.year_begins.year != stated.year:
        yield "year_begins", stated.year_begins, f"give a day of {stated.year}"
        return
    for name in ("business_use_percent", "previously_owned_vehicle_credit"):
        value = getattr(stated.tax_return, name)
        if value is not None:
            remedy = "leave it out: it is stated, or follows, of each vehicle"
            yield f"tax_return.{name}", value, remedy
    seen: dict[str, int] = {}
    for index, vehicle in enumerate(stated.vehicles):
        path = f"vehicles[{index}]"
        yield from _place_faults(stated, vehicle, path)
        vin = vehicle.claim.vehicle.vin
        if vin is not None and vin in seen:
            remedy = f"it is the number of vehicles[{seen[vin]}] too; one vehicle, one credit"
            yield f"{path}.claim.vehicle.vin", vin, remedy
        seen.setdefault(vin or "", index)


def _place_faults(
    stated: CleanVehicleReturn, vehicle: ReturnVehicle, path: str
) -> Iterator[tuple[str, Any, str]]:
    if not lines_of(stated.year, "vehicle", vehicle.credit):
        remedy = f"the form of {stated.year} has no place for it"
        yield f"{path}.credit", vehicle.credit.value, remedy
    taxpayer = vehicle.claim.taxpayer
    if taxpayer != Taxpayer():
        for name in _SHARED:
            if getattr(taxpayer, name) != getattr(stated.taxpayer, name):
                remedy = "it differs from that of an earlier vehicle of the return"
                yield f"{path}.claim.taxpayer.{name}", getattr(taxpayer, name), remedy
