"""Prices and the basis of a vehicle, with the parts that make them up."""

from __future__ import annotations

from collections.abc import Iterator
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
from evcredit.algebra.field import Kind, Number, as_price, check, declare, repr_of_facts
from evcredit.algebra.money import cents, dollars, sum_of
from evcredit.algebra.shorthand import given

__all__ = ["SalePrice", "SalePriceFacts", "StickerPrice", "VehicleBasis"]


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class StickerPrice:
    """What the window label says, and what of it makes the suggested retail price.

    The manufacturer's suggested retail price is the base price plus the options physically
    attached when the vehicle is delivered to the dealer (15 USC 1232(f)(1), (2)). The
    destination charge and whatever the dealer adds are no part of it.

    Args:
        base_price: US dollars.
        factory_options: US dollars, all of them together; 0 if there are none.
        destination_charge: US dollars, for the record.
        dealer_options: US dollars, for the record.

    Raises:
        InvalidFactError: An amount is negative, a float, or finer than a cent.

    >>> StickerPrice(base_price=54000, factory_options=1500, destination_charge=1395).msrp
    Decimal('55500.00')
    >>> StickerPrice(base_price=54000).msrp.lower
    Decimal('54000')
    """

    __repr__ = repr_of_facts
    __str__ = brief

    base_price: Decimal | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "base price")
    )
    factory_options: Decimal | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "factory options")
    )
    destination_charge: Decimal | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "destination charge", optional=True),
    )
    dealer_options: Decimal | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "dealer options", optional=True),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _sticker_faults, sound=sound)

    @property
    def msrp(self) -> Decimal | Bounds[Decimal]:
        """The suggested retail price; at least the known part if a part is unknown."""
        if self.base_price is None or self.factory_options is None:
            least = self.base_price or self.factory_options or Decimal(0)
            return Bounds(least, Decimal("Infinity"))
        return dollars(cents(self.base_price) + cents(self.factory_options))


def _sticker_faults(sticker: StickerPrice) -> Iterator[tuple[str, Any, str]]:
    for name in ("base_price", "factory_options", "destination_charge", "dealer_options"):
        value = getattr(sticker, name)
        if isinstance(value, Bounds):
            yield name, value, "give one amount; bounds belong in vehicle.msrp"


class SalePriceFacts(TypedDict, total=False):
    """Keyword arguments of `SalePrice.agreed`."""

    delivery: Number | None
    dealer_fees: Number | None
    incentives: Number | None
    required_taxes_and_fees: Number | None
    financing: Number | None
    extended_warranty: Number | None
    insurance: Number | None
    trade_in: Number | None
    down_payment: Number | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class SalePrice:
    """What the contract of sale of a used vehicle says, and what of it makes the sale price.

    The sale price is the whole price agreed in a written contract at the time of sale, with
    delivery and with fees that no law requires, and after incentives. Taxes and fees that State
    or local law requires are omitted if they are stated separately, and so are financing, an
    extended warranty and insurance. A trade-in and a down payment are ways to pay it, and the
    transferred credit is no incentive (26 CFR 1.25E-1(b)(16); FS-2023-22, topic E).

    Each amount may also be given as `Bounds`. Defaults to unknown and not nothing; only what
    the sale price does not look at may be omitted without loss.

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
    0.00 to 24,800.00
    """

    __repr__ = repr_of_facts
    __str__ = brief

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

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _sale_price_faults, sound=sound)

    @classmethod
    def agreed(cls, vehicle: Number | None, **facts: Unpack[SalePriceFacts]) -> SalePrice:
        """A price with nothing beside it but what is given.

        States that there is no delivery charge, no fee and no incentive. Whatever else is given
        is added, and overrides these.

        Args:
            vehicle: US dollars agreed for the vehicle.
            facts: Other amounts, by name.
        """
        stated: SalePriceFacts = {"delivery": 0, "dealer_fees": 0, "incentives": 0}
        stated.update(given(facts))
        return cls(vehicle=vehicle, **stated)

    @property
    def price(self) -> Decimal | Bounds[Decimal]:
        """The sale price in US dollars, or its bounds if a part is not known exactly."""
        added = _before_incentives(self)
        taken_off = Bounds.of(self.incentives, Bounds(_NOTHING, added.upper))
        least = _less(added.lower, taken_off.upper)
        most = _less(added.upper, taken_off.lower)
        return most if least == most else Bounds(least, most)


def _before_incentives(price: SalePrice) -> Bounds[Decimal]:
    return _sum(price.vehicle, price.delivery, price.dealer_fees)


def _sum(*stated: Decimal | Bounds[Decimal] | None) -> Bounds[Decimal]:
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


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class VehicleBasis:
    """What the basis of a vehicle for the commercial credit is made of.

    It is the cost or other basis, less what is deducted under section 179 and whatever else
    reduces the basis before the credit does (Form 8936, Schedule A, part V). Each amount may also
    be given as `Bounds`.

    Args:
        cost: US dollars: the cost, or other basis, of the vehicle to the taxpayer (26 USC 1012).
        capitalized_costs: US dollars that belong to the basis and are not in `cost`, such as
            sales tax and delivery. Omitted, there are none.
        section_179_deduction: US dollars deducted under 26 USC 179; 0 if nothing is.
        other_reductions: US dollars by which anything else reduces the basis, such as a rebate
            that is not in `cost`. Omitted, nothing does.

    Raises:
        InvalidFactError: An amount is negative, a float, or finer than a cent; or more is taken
            off than there is.

    >>> VehicleBasis(cost=40_000, section_179_deduction=20_000).basis
    Decimal('20000.00')
    >>> print(VehicleBasis(cost=40_000).basis)
    0.00 to 40,000.00
    """

    __repr__ = repr_of_facts
    __str__ = brief

    cost: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "cost or other basis"),
    )
    capitalized_costs: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "other costs in the basis", optional=True),
    )
    section_179_deduction: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "deduction under section 179"),
    )
    other_reductions: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "other reductions of the basis", optional=True),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _basis_part_faults, sound=sound)

    @property
    def basis(self) -> Decimal | Bounds[Decimal]:
        """The basis in US dollars, or its bounds; nothing is taken off but what is there."""
        there = self.before_reductions
        off = Bounds.of(self.section_179_deduction, Bounds(_NOTHING, there.upper))
        others = Bounds.of(self.other_reductions or _NOTHING)
        least = _less(_less(there.lower, others.upper), off.upper)
        most = _less(_less(there.upper, others.lower), off.lower)
        return most if least == most else Bounds(least, most)

    @property
    def before_reductions(self) -> Bounds[Decimal]:
        """Bounds of the cost and what belongs to it, before anything is taken off."""
        return _sum(self.cost, self.capitalized_costs or _NOTHING)


def _basis_part_faults(parts: VehicleBasis) -> Iterator[tuple[str, Any, str]]:
    there = parts.before_reductions.upper
    for name in ("other_reductions", "section_179_deduction"):
        taken_off = Bounds.of(getattr(parts, name) or _NOTHING).lower
        if taken_off > there:
            yield name, getattr(parts, name), f"it is more than the {there} that it is taken from"
        there = _less(there, taken_off)
