"""The report of the seller: Form 15400, the time of sale report.

Whoever sells a clean vehicle to a taxpayer reports the sale to the taxpayer and to the Internal
Revenue Service (26 USC 30D(d)(1)(H)); from 2024 on a report counts that was accepted. What must
be in it, and when it is due, stands in `evcredit.section_30d.seller_report`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.fact import (
    Kind,
    as_choice,
    as_day,
    as_flag,
    as_price,
    as_quantity,
    check,
    declare,
)
from evcredit.vin import as_vin

__all__ = ["ReportStatus", "SellerReport"]


class ReportStatus(Enum):
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
    """A status, by itself or by name."""
    return as_choice(ReportStatus, value)


def _flag(label: str, *, optional: bool = False) -> Any:
    return attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, label, optional=optional)
    )


@attrs.frozen(kw_only=True)
class SellerReport:
    """One seller report: what it says, its days, and what became of it.

    Everything left out is unknown. Names and taxpayer identification numbers are not held; that
    the report gives them is. A report that turned out to lack something was not accepted, so an
    amount that is left out is one that is not known here.

    Args:
        status: What became of it.
        buyer_identified: Whether it gives name and taxpayer identification number of the buyer.
        seller_identified: Whether it gives those of the seller.
        vin: The vehicle identification number it gives; its check digit must be right.
        without_number: Whether the vehicle is one that no such number is assigned to; it is
            not unless stated.
        battery_capacity_kwh: The capacity it gives.
        original_use_verified: Whether it verifies that original use begins with the buyer; asked
            for a new vehicle alone.
        maximum_credit: US dollars: the greatest credit allowable, as reported.
        transfer_elected: Whether the buyer transferred the credit to the dealer.
        transferred_amount: US dollars that the buyer got for that.
        sold_on: The day of the sale.
        sale_price: US dollars: the price.
        signed: Whether somebody who may bind the seller declared it true under penalties of
            perjury.
        filed_on: The day it was filed with the Internal Revenue Service.
        accepted_on: The day it was accepted.
        given_to_buyer_on: The day the buyer got a copy.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.
        InvalidFactsError: Several faults.

    >>> SellerReport(status="accepted").furnished, SellerReport(status="rejected").furnished
    (True, False)
    >>> SellerReport().furnished is None
    True
    """

    status: ReportStatus | None = attrs.field(
        default=None,
        converter=as_report_status,
        metadata=declare(Kind.CHOICE, "status of the seller report", of=ReportStatus),
    )
    buyer_identified: bool | None = _flag("buyer identified in the report")
    seller_identified: bool | None = _flag("seller identified in the report")
    vin: str | None = attrs.field(
        default=None,
        converter=as_vin,
        metadata=declare(Kind.TEXT, "vehicle identification number in the report"),
    )
    without_number: bool | None = _flag("no number is assigned to such a vehicle", optional=True)
    battery_capacity_kwh: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_quantity,
        metadata=declare(Kind.QUANTITY, "battery capacity in the report", unit="kWh"),
    )
    original_use_verified: bool | None = _flag("original use verified in the report")
    maximum_credit: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "greatest credit in the report"),
    )
    transfer_elected: bool | None = _flag("credit transferred, by the report")
    transferred_amount: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "amount transferred")
    )
    sold_on: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of sale in the report")
    )
    sale_price: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "sale price in the report")
    )
    signed: bool | None = _flag("report signed under penalties of perjury")
    filed_on: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day the report was filed")
    )
    accepted_on: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day the report was accepted")
    )
    given_to_buyer_on: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day the buyer got the report")
    )

    def __attrs_post_init__(self) -> None:
        check(self, _report_faults)

    @classmethod
    def accepted(cls, **facts: Any) -> SellerReport:
        """A report that was accepted, with all that goes without saying.

        States that it identifies buyer and seller, is signed, and verifies original use. Whatever
        else is given is added, and goes before these.

        >>> SellerReport.accepted(maximum_credit=7_500).furnished
        True
        """
        usual: dict[str, Any] = {
            "status": ReportStatus.ACCEPTED,
            "buyer_identified": True,
            "seller_identified": True,
            "original_use_verified": True,
            "signed": True,
        }
        return cls(**{**usual, **facts})

    @property
    def furnished(self) -> bool | None:
        """Whether a report was furnished and stands; `None` if its status is unknown."""
        return None if self.status is None else self.status in _FURNISHED

    @property
    def awaits_acceptance(self) -> bool:
        """Whether it is known to be furnished and not accepted."""
        return self.status is ReportStatus.FILED


def _report_faults(report: SellerReport) -> Iterator[tuple[str, Any, str]]:
    if report.without_number and report.vin is not None:
        yield "without_number", True, "a vehicle identification number is given; leave one out"
    if report.transfer_elected is False and report.transferred_amount is not None:
        remedy = "no transfer was elected; leave it out"
        yield "transferred_amount", report.transferred_amount, remedy
    if report.status is ReportStatus.NOT_FILED:
        for name in ("filed_on", "accepted_on"):
            if getattr(report, name) is not None:
                yield name, getattr(report, name), "leave it out: the report was not filed"
        return
    filed, accepted = report.filed_on, report.accepted_on
    if accepted is not None and filed is not None and accepted < filed:
        yield "accepted_on", accepted, f"a report is never accepted before it is filed, on {filed}"
    if accepted is not None and report.status in (ReportStatus.FILED, ReportStatus.REJECTED):
        yield "accepted_on", accepted, "leave it out: the report was not accepted"
