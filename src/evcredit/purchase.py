"""The purchase: the days the law asks about, and how the vehicle was bought and is used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.fact import Kind, as_day, as_flag, as_price, check, declare

__all__ = ["Purchase"]


@attrs.frozen(kw_only=True)
class Purchase:
    """How and when a taxpayer got a vehicle. Everything left out is unknown.

    Args:
        contract_date: The day a written binding contract was entered into.
        first_payment_date: The day of the first payment; a nominal down payment or a
            trade-in counts.
        sale_date: The day the vehicle was sold to the taxpayer. Left out, it is the day of
            possession, as the time of sale is where the regulations use the word.
        title_date: The day title passed under State law; left out, it is the day of sale.
        placed_in_service: The day the taxpayer took possession.
        elects_binding_contract_rule: Whether the taxpayer elects the transition rule of P.L.
            117-169 sec. 13401(l): for a contract or purchase of 2022 before that law, the
            vehicle counts as placed in service on the day before it. Left out, it is not.
        cost: US dollars and cents: what the taxpayer paid for the vehicle.
        original_use_begins_with_taxpayer: Whether nobody used it before.
        for_use_or_lease: Whether it is acquired for use or lease and not for resale.
        seller_report_furnished: Whether the seller furnished the report of 26 USC
            30D(d)(1)(H) to the taxpayer and the Secretary; from 2024, whether it was accepted.
        vin_on_return: Whether the return carries the vehicle identification number.
        credit_already_allowed: Whether a credit was already allowed for this vehicle.
        elected_out: Whether the taxpayer elects not to take the credit.
        used_mainly_outside_united_states: Whether it is property of 26 USC 50(b)(1).
        another_owner_in_seller_report: Whether the seller report names another owner of the
            vehicle than the taxpayer; the one it names claims the whole credit.
        sold_to_tax_exempt_user: Whether the taxpayer sold the vehicle to a tax-exempt or
            governmental user (26 USC 50(b)(3), (4)), without a lease, and claims as the seller.
        credit_disclosed_to_user: Whether that seller clearly told the user in a document how
            much credit is allowable.
        sale_cancelled: Whether the sale was cancelled before the vehicle was placed in service.
        returned_on: The day the taxpayer returned the vehicle to the seller.
        resold_on: The day the taxpayer sold it on.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact, for example a vehicle placed
            in service before it was acquired.
        InvalidFactsError: Several faults.

    >>> Purchase(contract_date="2025-09-30", first_payment_date="2025-10-01").acquired
    datetime.date(2025, 10, 1)
    """

    contract_date: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of the written binding contract"),
    )
    first_payment_date: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of the first payment")
    )
    sale_date: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of sale", optional=True)
    )
    title_date: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day title passed", optional=True),
    )
    placed_in_service: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day placed in service")
    )
    elects_binding_contract_rule: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "elects the binding contract rule of 2022", optional=True),
    )
    cost: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "cost of the vehicle")
    )
    original_use_begins_with_taxpayer: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "original use begins with the taxpayer"),
    )
    for_use_or_lease: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "acquired for use or lease, not for resale"),
    )
    seller_report_furnished: bool | None = attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, "seller report furnished")
    )
    vin_on_return: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "vehicle identification number on the return"),
    )
    credit_already_allowed: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "credit already allowed for this vehicle"),
    )
    elected_out: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "elected not to take the credit"),
    )
    used_mainly_outside_united_states: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "used predominantly outside the United States"),
    )
    another_owner_in_seller_report: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "another owner named in the seller report", optional=True),
    )
    sold_to_tax_exempt_user: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "sold by the taxpayer to a tax-exempt user", optional=True),
    )
    credit_disclosed_to_user: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "amount of the credit disclosed to the tax-exempt user"),
    )
    sale_cancelled: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(
            Kind.FLAG, "sale cancelled before the vehicle was placed in service", optional=True
        ),
    )
    returned_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of return to the seller", optional=True),
    )
    resold_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of resale", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _purchase_faults)

    @property
    def acquired(self) -> date | None:
        """The first day with both a written binding contract and a payment (FS-2025-05)."""
        if self.contract_date is None or self.first_payment_date is None:
            return None
        return max(self.contract_date, self.first_payment_date)

    @classmethod
    def new_from_dealer(cls, **facts: Any) -> Purchase:
        """A purchase with the facts that hold when all is as it should be.

        States that original use begins with the taxpayer, that the vehicle is bought for use
        and not resale, that the seller report was furnished and the vehicle identification
        number stands on the return, that no credit was allowed for the vehicle before, that
        the taxpayer does not elect out and uses it in the United States. Whatever else is
        given is added, and goes before these.

        >>> Purchase.new_from_dealer(placed_in_service="2024-06-03").seller_report_furnished
        True
        """
        usual: dict[str, Any] = {
            "original_use_begins_with_taxpayer": True,
            "for_use_or_lease": True,
            "seller_report_furnished": True,
            "vin_on_return": True,
            "credit_already_allowed": False,
            "elected_out": False,
            "used_mainly_outside_united_states": False,
        }
        return cls(**{**usual, **facts})


def _purchase_faults(purchase: Purchase) -> Iterator[tuple[str, Any, str]]:
    yield from _order_faults(purchase)
    yield from _later_faults(purchase)


def _later_faults(purchase: Purchase) -> Iterator[tuple[str, Any, str]]:
    """What contradicts the events after the sale."""
    if purchase.sale_cancelled:
        for name in ("placed_in_service", "returned_on", "resold_on"):
            day = getattr(purchase, name)
            if day is not None:
                remedy = "leave it out: the sale is stated to be cancelled before it was in service"
                yield name, day, remedy
        return
    in_service = purchase.placed_in_service
    for name, what in (("returned_on", "returned"), ("resold_on", "resold")):
        day = getattr(purchase, name)
        if day is not None and in_service is not None and day < in_service:
            remedy = (
                f"a vehicle is never {what} before it is placed in service, on {in_service}; "
                "of a sale that fell through before, state sale_cancelled"
            )
            yield name, day, remedy


def _order_faults(purchase: Purchase) -> Iterator[tuple[str, Any, str]]:
    in_service = purchase.placed_in_service
    if in_service is None:
        return
    earlier = {
        "contract_date": "the contract",
        "first_payment_date": "the first payment",
        "sale_date": "the sale",
        "title_date": "the passing of title",
    }
    for name, what in earlier.items():
        day = getattr(purchase, name)
        if day is not None and day > in_service:
            yield (
                "placed_in_service",
                in_service,
                f"a vehicle is never placed in service before {what} ({name}), which is of {day}",
            )
