"""The report of the seller: Form 15400, the time of sale report.

Whoever sells a clean vehicle to a taxpayer reports the sale to the taxpayer and to the Internal
Revenue Service (26 USC 30D(d)(1)(H)); from 2024 on a report counts that was accepted. What must
be in it, and when it is due, is in `evcredit.section_30d.seller_report`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import (
    Any,
    TypedDict,
    Unpack,
)

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Kind,
    Number,
    as_choice,
    as_count,
    as_day,
    as_flag,
    as_price,
    as_quantity,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.shorthand import given
from evcredit.facts.vin import as_vin

__all__ = ["ReportStatus", "SellerReport", "SellerReportFacts"]


class ReportStatus(PlainEnum):
    """What became of a seller report.

    Until 2023 a report was furnished and that was all: it is `FILED`. From 2024 on it is filed
    electronically and accepted or rejected, and can be taken back.
    """

    NOT_FILED = "not filed"
    FILED = "filed, not accepted so far"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    VOIDED = "voided"
    CANCELLED = "cancelled"
    RETURNED = "accepted, and updated for a return"


#: Of which status a report was furnished.
_FURNISHED = (ReportStatus.FILED, ReportStatus.ACCEPTED, ReportStatus.RETURNED)


def as_report_status(value: ReportStatus | str | None) -> Any:
    """A status, as itself or by name."""
    return as_choice(ReportStatus, value)


def _flag(label: str, *, optional: bool = False) -> Any:
    # What shows that the report is in order is looked at by the check of reports alone.
    return attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, label, optional=optional, for_reader=True),
    )


class SellerReportFacts(TypedDict, total=False):
    """Keyword arguments of `SellerReport`."""

    status: ReportStatus | str | None
    buyer_identified: bool | None
    seller_identified: bool | None
    vin: str | None
    model_year: Number | None
    without_number: bool | None
    battery_capacity_kwh: Number | None
    original_use_verified: bool | None
    maximum_credit: Number | None
    transfer_elected: bool | None
    transferred_amount: Number | None
    sold_on: date | str | None
    sale_price: Number | None
    signed: bool | None
    filed_on: date | str | None
    accepted_on: date | str | None
    given_to_buyer_on: date | str | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class SellerReport:
    """One seller report: what it says, its days, and what became of it.

    Everything omitted is unknown. Names and taxpayer identification numbers are not stored; that
    the report gives them is. A report that turned out to lack something was not accepted, so an
    amount that is omitted is one that is not known here.

    Args:
        status: What became of it.
        buyer_identified: Whether it gives name and taxpayer identification number of the buyer.
        seller_identified: Whether it gives those of the seller.
        vin: The vehicle identification number it gives; its check digit must be right.
        model_year: The model year it gives.
        without_number: Whether the vehicle is one that no such number is assigned to; it is
            not unless stated.
        battery_capacity_kwh: The capacity it gives.
        original_use_verified: Whether it verifies that original use begins with the buyer; needed
            for a new vehicle alone.
        maximum_credit: US dollars: the maximum credit allowable, as reported.
        transfer_elected: Whether the buyer transferred the credit to the dealer.
        transferred_amount: US dollars that the buyer got for that.
        sold_on: The day of the sale.
        sale_price: US dollars: the price.
        signed: Whether someone who may bind the seller declared it true under penalties of
            perjury.
        filed_on: The day it was filed with the Internal Revenue Service.
        accepted_on: The day it was accepted.
        given_to_buyer_on: The day the buyer got a copy.

    Raises:
        InvalidFactError: A fact is invalid or is not exact.
        InvalidFactsError: Several faults.

    >>> SellerReport(status="accepted").furnished, SellerReport(status="rejected").furnished
    (True, False)
    >>> SellerReport().furnished is None
    True
    """

    __repr__ = repr_of_facts
    __str__ = brief

    status: ReportStatus | None = attrs.field(
        default=None,
        converter=as_report_status,
        metadata=declare(
            Kind.CHOICE,
            "status of the seller report",
            of=ReportStatus,
            gives="seller_report_furnished",
        ),
    )
    buyer_identified: bool | None = _flag("buyer identified in the report")
    seller_identified: bool | None = _flag("seller identified in the report")
    vin: str | None = attrs.field(
        default=None,
        converter=as_vin,
        metadata=declare(Kind.TEXT, "vehicle identification number in the report", for_reader=True),
    )
    model_year: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_count,
        metadata=declare(Kind.COUNT, "model year in the report", optional=True, for_reader=True),
    )
    without_number: bool | None = _flag("no number is assigned to such a vehicle", optional=True)
    battery_capacity_kwh: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_quantity,
        metadata=declare(
            Kind.QUANTITY, "battery capacity in the report", unit="kWh", for_reader=True
        ),
    )
    original_use_verified: bool | None = _flag("original use verified in the report")
    maximum_credit: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "greatest credit in the report"),
    )
    transfer_elected: bool | None = _flag("credit transferred, by the report")
    transferred_amount: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "amount transferred", for_reader=True),
    )
    sold_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of sale in the report", gives="sale_date"),
    )
    sale_price: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "sale price in the report", for_reader=True),
    )
    signed: bool | None = _flag("report signed under penalties of perjury")
    filed_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day the report was filed", for_reader=True),
    )
    accepted_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day the report was accepted", for_reader=True),
    )
    given_to_buyer_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day the buyer got the report", for_reader=True),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _report_faults, sound=sound)

    @classmethod
    def accepted(cls, **facts: Unpack[SellerReportFacts]) -> SellerReport:
        """A report that was accepted, with all that goes without saying.

        States that it identifies buyer and seller, is signed, and verifies original use. Whatever
        else is given is added, and overrides these.

        >>> SellerReport.accepted(maximum_credit=7_500).furnished
        True
        """
        stated: SellerReportFacts = {
            "status": ReportStatus.ACCEPTED,
            "buyer_identified": True,
            "seller_identified": True,
            "original_use_verified": True,
            "signed": True,
        }
        stated.update(given(facts))
        return cls(**stated)

    @property
    def furnished(self) -> bool | None:
        """Whether a report was furnished and stands; `None` if its status is unknown."""
        return None if self.status is None else self.status in _FURNISHED

    @property
    def settled_credit(self) -> Decimal | Bounds[Decimal] | None:
        """The maximum credit of a report that was accepted; `None` of every other.

        >>> SellerReport.accepted(maximum_credit=7_500).settled_credit
        Decimal('7500')
        >>> SellerReport(status="rejected", maximum_credit=7_500).settled_credit
        """
        return self.maximum_credit if self.status is ReportStatus.ACCEPTED else None

    @property
    def awaits_acceptance(self) -> bool:
        """Whether it is known to be furnished and not accepted."""
        return self.status is ReportStatus.FILED


def _report_faults(report: SellerReport) -> Iterator[tuple[str, Any, str]]:
    if report.without_number and report.vin is not None:
        yield "without_number", True, "a vehicle identification number is given; leave one out"
    if report.transfer_elected is False and report.transferred_amount is not None:
        remedy = "no transfer was elected; omit it"
        yield "transferred_amount", report.transferred_amount, remedy
    if report.status is ReportStatus.NOT_FILED:
        for name in ("filed_on", "accepted_on"):
            if getattr(report, name) is not None:
                yield name, getattr(report, name), "omit it: the report was not filed"
        return
    filed, accepted = report.filed_on, report.accepted_on
    if accepted is not None and filed is not None and accepted < filed:
        yield "accepted_on", accepted, f"a report is never accepted before it is filed, on {filed}"
    if accepted is not None and report.status in (ReportStatus.FILED, ReportStatus.REJECTED):
        yield "accepted_on", accepted, "omit it: the report was not accepted"
