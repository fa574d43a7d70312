"""The purchase: its days, what was paid to whom, and how the vehicle was bought and is used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.fact import Kind, as_choice, as_day, as_flag, as_price, check, declare
from evcredit.money import cents, dollars, sum_of

__all__ = ["DealerLicense", "Purchase", "SalePrice"]


class DealerLicense(Enum):
    """By whom a dealer is licensed to sell vehicles (26 USC 30D(g)(8))."""

    STATE = "State or District of Columbia"
    TRIBE = "Indian tribal government"
    ALASKA_NATIVE_CORPORATION = "Alaska Native Corporation"
    TERRITORY_ALONE = "territory alone"
    NOBODY = "nobody"


def as_dealer_license(value: DealerLicense | str | None) -> Any:
    """A license, by itself or by name."""
    return as_choice(DealerLicense, value)


@attrs.frozen(kw_only=True)
class SalePrice:
    """What the contract of sale of a used vehicle says, and what of it makes the sale price.

    The sale price is the whole price agreed in a written contract at the time of sale, with
    delivery and with fees that no law asks for, and after incentives. Taxes and fees that State
    or local law requires are left out if they are stated separately, and so are financing, an
    extended warranty and insurance. A trade-in and a down payment are ways to pay it, and the
    transferred credit is no incentive (26 CFR 1.25E-1(b)(16); FS-2023-22, topic E).

    Each amount may also be given as `Bounds`. Left out, it is unknown and not nothing; only what
    the sale price does not look at may be left out without loss.

    Args:
        vehicle: US dollars agreed for the vehicle, before what follows.
        delivery: US dollars for delivery.
        dealer_fees: US dollars of fees that no law requires, such as for documents.
        incentives: US dollars by which dealer or manufacturer reduced the price.
        required_taxes_and_fees: US dollars of separately stated taxes and fees that State or
            local law requires; for the record, like all that follow.
        financing: US dollars for financing.
        extended_warranty: US dollars for an extended warranty.
        insurance: US dollars for insurance.
        trade_in: US dollars allowed for a vehicle traded in.
        down_payment: US dollars paid down.

    Raises:
        InvalidFactError: An amount is negative, a float, or finer than a cent, or the incentives
            are above the price.

    >>> SalePrice.agreed(24_800, dealer_fees=347, required_taxes_and_fees=1_580).price
    Decimal('25147.00')
    >>> print(SalePrice(vehicle=24_800, delivery=0, dealer_fees=0).price)
    0.00 to 24800.00
    """

    vehicle: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "agreed for the vehicle")
    )
    delivery: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "delivery charge")
    )
    dealer_fees: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "fees that no law requires")
    )
    incentives: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "incentives")
    )
    required_taxes_and_fees: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(
            Kind.MONEY, "separately stated taxes and fees required by law", optional=True
        ),
    )
    financing: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "financing", optional=True)
    )
    extended_warranty: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "extended warranty", optional=True),
    )
    insurance: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "insurance", optional=True)
    )
    trade_in: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "trade-in", optional=True)
    )
    down_payment: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "down payment", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _sale_price_faults)

    @classmethod
    def agreed(cls, vehicle: Any, **facts: Any) -> SalePrice:
        """A price with nothing beside it but what is given.

        States that there is no delivery charge, no fee and no incentive. Whatever else is given
        is added, and goes before these.

        Args:
            vehicle: US dollars agreed for the vehicle.
            facts: Other amounts, by name.
        """
        usual: dict[str, Any] = {"delivery": 0, "dealer_fees": 0, "incentives": 0}
        return cls(vehicle=vehicle, **{**usual, **facts})

    @property
    def price(self) -> Decimal | Bounds[Decimal]:
        """The sale price in US dollars, or its bounds if a part is not known exactly."""
        added = _before_incentives(self)
        taken_off = Bounds.of(self.incentives, Bounds(_NOTHING, added.upper))
        least = _less(added.lower, taken_off.upper)
        most = _less(added.upper, taken_off.lower)
        return most if least == most else Bounds(least, most)


def _before_incentives(price: SalePrice) -> Bounds[Decimal]:
    stated = (price.vehicle, price.delivery, price.dealer_fees)
    parts = [Bounds.of(each, _ANY_AMOUNT) for each in stated]
    return Bounds(sum_of(each.lower for each in parts), sum_of(each.upper for each in parts))


_NOTHING = Decimal(0)
_ANY_AMOUNT = Bounds(_NOTHING, Decimal("Infinity"))


def _less(amount: Decimal, taken_off: Decimal) -> Decimal:
    """The difference, never below nothing; of an endless amount an endless one is left."""
    if not taken_off.is_finite():
        return _NOTHING
    if not amount.is_finite():
        return amount
    return dollars(max(0, cents(amount) - cents(taken_off)))


def _sale_price_faults(price: SalePrice) -> Iterator[tuple[str, Any, str]]:
    if price.incentives is not None:
        least, most = Bounds.of(price.incentives).lower, _before_incentives(price).upper
        if least > most:
            yield "incentives", price.incentives, f"they cannot be above the price of {most}"


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
        sale_price: US dollars and cents: the sale price of a previously owned vehicle.
        sale_price_parts: What that price adds up from; gives it if it is left out.
        seller_license: By whom the seller is licensed to sell vehicles; "nobody" of a seller
            who is no dealer.
        original_use_begins_with_taxpayer: Whether nobody used it before.
        for_use_or_lease: Whether it is acquired for use or lease and not for resale.
        seller_report_furnished: Whether the seller furnished the report of 26 USC
            30D(d)(1)(H) to the taxpayer and the Secretary; from 2024, whether it was accepted.
        vin_on_return: Whether the return carries the vehicle identification number.
        credit_already_allowed: Whether a credit of the kind that is asked for was already
            allowed for this vehicle: of one that is bought used, whether it was for a
            previously owned vehicle.
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
    sale_price: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "sale price")
    )
    sale_price_parts: SalePrice | None = attrs.field(
        default=None,
        metadata=declare(Kind.PART, "parts of the sale price", of=SalePrice, optional=True),
    )
    seller_license: DealerLicense | None = attrs.field(
        default=None,
        converter=as_dealer_license,
        metadata=declare(Kind.CHOICE, "license of the seller", of=DealerLicense),
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
        if self.sale_price_parts is not None:
            # The check refused prices that exclude each other.
            price: Any = _joint_price(self.sale_price, self.sale_price_parts)
            object.__setattr__(self, "sale_price", price.lower if price.is_exact else price)

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

    @classmethod
    def used_from_dealer(cls, **facts: Any) -> Purchase:
        """The purchase of a used vehicle with the facts that hold when all is as it should be.

        States that somebody else used the vehicle first, that a dealer licensed by a State
        sold it, and that contract and first payment are of the day placed in service, if that
        is given. It is bought for use and not for resale; the seller report was furnished and the
        vehicle identification number stands on the return; no such credit was allowed for the
        vehicle before; the taxpayer does not elect out and uses it in the United States.
        Whatever else is given is added, and goes before these.

        >>> Purchase.used_from_dealer(placed_in_service="2024-06-03", sale_price=19_000).acquired
        datetime.date(2024, 6, 3)
        """
        day = facts.get("placed_in_service")
        usual: dict[str, Any] = {
            "original_use_begins_with_taxpayer": False,
            "seller_license": DealerLicense.STATE,
            "contract_date": day,
            "first_payment_date": day,
        }
        return cls.new_from_dealer(**{**usual, **facts})


def _joint_price(
    stated: Decimal | Bounds[Decimal] | None, parts: SalePrice
) -> Bounds[Decimal] | None:
    """What the stated price and its parts together leave possible; `None` if nothing."""
    added = Bounds.of(parts.price)
    return added if stated is None else added.overlap(Bounds.of(stated))


def _purchase_faults(purchase: Purchase) -> Iterator[tuple[str, Any, str]]:
    parts = purchase.sale_price_parts
    if parts is not None and _joint_price(purchase.sale_price, parts) is None:
        remedy = f"its parts add up to {parts.price}; give one of the two"
        yield "sale_price", purchase.sale_price, remedy
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
