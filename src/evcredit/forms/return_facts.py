"""A return on which credits for clean vehicles are claimed, as its filer states it.

Source: Form 8936 and its Schedule A.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import (
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
    repr_of_facts,
)
from evcredit.errors import OutsideCoverage
from evcredit.facts.claim import Claim, as_claim
from evcredit.facts.tax_return import TaxReturn, as_tax_return
from evcredit.facts.taxpayer import PriorCredit, Taxpayer
from evcredit.facts.transfer import CreditTransfer
from evcredit.forms.lines import form_years, lines_of
from evcredit.provisions.section import Credit

__all__ = ["CleanVehicleReturn", "ReturnVehicle", "days_of"]


def _as_credit(value: Credit | str | None) -> Any:
    if value is None:
        return Fault(value, "name a credit, for example '30D'")
    return as_choice(Credit, value)


def _as_vehicles(value: list[ReturnVehicle] | tuple[ReturnVehicle, ...]) -> Any:
    stated = as_tuple(value)
    return Fault(value, "give a list, empty if there are none") if stated is None else stated


@attrs.frozen(kw_only=True)
class ReturnVehicle:
    """One vehicle of a return: which credit is claimed for it, and how it is used.

    Args:
        claim: The vehicle, the purchase and the taxpayer. A taxpayer that is omitted is the one
            of the other vehicles.
        credit: The credit; that for a new vehicle unless stated.
        business_use_percent: Percent of the use of a new vehicle, in the year it was placed in
            service, for business or investment. State 100 for a corporation. A commercial
            vehicle with 0 is not depreciable.
        transfer: The transfer of the credit to the dealer, if there was one; its claim may be
            omitted.
        bought_by_spouse: Whether the other spouse of a joint return bought the vehicle, so that
            earlier credits and transfers of the one are none of the other. It was not unless
            stated. `Taxpayer.prior_credits` of such a claim are those of that spouse.
        credit_determined: US dollars of the tentative credit where it is known already, whatever
            is stated of the battery, price or basis. What the law asks of buyer and use is still
            tested, and of a used or commercial vehicle everything else is.

    Raises:
        InvalidFactError: A fact is invalid, for example a transfer of another vehicle.
        InvalidFactsError: Several faults.

    >>> ReturnVehicle(business_use_percent=40).credit
    <Credit.NEW_VEHICLE: '30D'>
    """

    claim: Claim = attrs.field(
        factory=Claim, converter=as_claim, metadata=declare(Kind.PART, "claim", of=Claim)
    )
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

    credit_determined: Decimal | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "tentative credit, as determined", optional=True),
    )

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return str(self.claim.vehicle)

    def __attrs_post_init__(self) -> None:
        check(self, _vehicle_faults)


def _vehicle_faults(vehicle: ReturnVehicle) -> Iterator[tuple[str, Any, str]]:
    transfer, listing = vehicle.transfer, vehicle.claim.vehicle.listing
    yield from _report_faults(vehicle)
    known: Any = vehicle.credit_determined
    if isinstance(known, Bounds):
        yield "credit_determined", known, "give one amount, or omit it"
    if known is not None and listing is not None:
        remedy = (
            "the claim relies on a published list (claim.vehicle.listing); these "
            "conflict; give only one"
        )
        yield "credit_determined", known, remedy
    if transfer is None:
        return
    if vehicle.credit is Credit.COMMERCIAL_VEHICLE:
        yield "transfer", transfer, "no dealer can take over a commercial credit; omit it"
    if transfer.claim not in (Claim(), vehicle.claim):
        yield "transfer.claim", transfer.claim, "it is about another claim; omit it"


def _report_faults(vehicle: ReturnVehicle) -> Iterator[tuple[str, Any, str]]:
    """Where the report of the seller contradicts what the return states of the vehicle."""
    report, transfer = vehicle.claim.purchase.seller_report, vehicle.transfer
    if report is None or report.furnished is False:
        return
    known, place = vehicle.credit_determined, "claim.purchase.seller_report"
    if _differ(known, report.maximum_credit):
        remedy = (
            f"{place}.maximum_credit states {report.maximum_credit}; these conflict; give only one"
        )
        yield "credit_determined", known, remedy
    if transfer is not None and report.transfer_elected is False:
        remedy = f"{place}.transfer_elected denies a transfer; these conflict; give only one"
        yield "transfer", transfer, remedy
    if transfer is not None and _differ(transfer.payment, report.transferred_amount):
        remedy = f"{place}.transferred_amount states {report.transferred_amount}; give one"
        yield "transfer.payment", transfer.payment, remedy


def _differ(one: Any, other: Any) -> bool:
    return None not in (one, other) and Bounds.of(one).overlap(Bounds.of(other)) is None


@attrs.frozen(kw_only=True)
class CleanVehicleReturn:
    """A return on which credits for clean vehicles are claimed.

    Args:
        tax_year: The calendar year in which the taxable year begins, from 2010 to 2026.
            The form of 2026 was not seen: its lines are those of 2025, and marked.
        vehicles: The vehicles placed in service in it.
        tax_return: Tax and other credits of the return. Business use is stated of each vehicle,
            and the credit for used vehicles is computed, so neither is stated there.
        year_begins: The first day of a taxable year that is no calendar year.
        passed_through_new: US dollars of business credits for new vehicles from partnerships and
            S corporations; none unless stated. The income limit is tested on this return, under
            the reading `PassThroughIncome`.
        passed_through_commercial: Like the above, for commercial vehicles.
        filer: The taxpayer whose return it is. Defaults to the one of the first claim that
            states one.
        spouse_prior_credits: The earlier sales for which the other spouse of a joint return was
            allowed a credit for a previously owned vehicle; empty if there was none, unknown if
            omitted. It is needed for a vehicle bought by that spouse alone.

    Raises:
        InvalidFactError: A fact is invalid, for example a vehicle of another year.
        InvalidFactsError: Several faults.
        OutsideCoverage: The forms of the year are not covered.

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
        factory=TaxReturn,
        converter=as_tax_return,
        metadata=declare(Kind.PART, "tax return", of=TaxReturn),
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

    filer: Taxpayer | None = attrs.field(
        default=None,
        metadata=declare(Kind.PART, "taxpayer of the return", of=Taxpayer, optional=True),
    )
    spouse_prior_credits: tuple[PriorCredit, ...] | None = attrs.field(
        default=None,
        converter=as_tuple,
        metadata=declare(
            Kind.PARTS,
            "earlier sales with such a credit of the other spouse",
            of=PriorCredit,
            optional=True,
        ),
    )

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return f"return for {self.tax_year or 'an unknown year'}: vehicles {len(self.vehicles)}"

    def __attrs_post_init__(self) -> None:
        check(self, _return_faults)

    @property
    def year(self) -> int:
        """The tax year as a number."""
        return int(self.tax_year or 0)

    @property
    def taxpayer(self) -> Taxpayer:
        """The taxpayer, as the return or else the first claim that states one has it."""
        index = self._first_with_taxpayer
        if self.filer is not None or index is None:
            return self.filer or Taxpayer()
        return self.vehicles[index].claim.taxpayer

    @property
    def taxpayer_path(self) -> str:
        """Where the taxpayer is stated, or else is to be stated."""
        index = self._first_with_taxpayer
        if self.filer is not None or index is None:
            return "filer"
        return f"vehicles[{index}].claim.taxpayer"

    @property
    def _first_with_taxpayer(self) -> int | None:
        numbered = enumerate(self.vehicles)
        return next((i for i, each in numbered if each.claim.taxpayer != Taxpayer()), None)

    def prior_credits_of(self, vehicle: ReturnVehicle) -> tuple[PriorCredit, ...] | None:
        """The earlier credits for used vehicles of the person who bought a vehicle of the return.

        What is stated of one spouse is not assumed of the other.

        Args:
            vehicle: A vehicle of the return.

        Returns:
            `None` if they are not stated of that buyer.
        """
        by_spouse = bool(vehicle.bought_by_spouse)
        if by_spouse and self.spouse_prior_credits is not None:
            return self.spouse_prior_credits
        stated = [vehicle.claim.taxpayer]
        if self.filer is not None and not by_spouse:
            stated.append(self.filer)
        stated += (
            each.claim.taxpayer
            for each in self.vehicles
            if bool(each.bought_by_spouse) is by_spouse
        )
        return next((t.prior_credits for t in stated if t.prior_credits is not None), None)


def days_of(stated: CleanVehicleReturn) -> tuple[date, date]:
    """The first day of the taxable year and the first day after it."""
    first = stated.year_begins or date(stated.year, 1, 1)
    if (first.month, first.day) == (2, 29):
        return first, date(first.year + 1, 3, 1)
    return first, first.replace(year=first.year + 1)


#: What must be the same of all claims: it is one taxpayer's return.
_SHARED = ("kind", "current_year", "prior_year", "no_prior_year")


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
            remedy = "omit it: it is stated, or follows, of each vehicle"
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
