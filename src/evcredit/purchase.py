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
from evcredit.seller_report import SellerReport

__all__ = ["DealerLicense", "Purchase", "SalePrice", "VehicleBasis"]


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


@attrs.frozen(kw_only=True)
class VehicleBasis:
    """What the basis of a vehicle for the commercial credit is made of.

    It is the cost or other basis, less what is deducted under section 179 and whatever else
    reduces the basis before the credit does (Form 8936, Schedule A, part V). Each amount may also
    be given as `Bounds`.

    Args:
        cost: US dollars: the cost, or other basis, of the vehicle to the taxpayer (26 USC 1012).
        capitalized_costs: US dollars that belong to the basis and are not in `cost`, such as
            sales tax and delivery. Left out, there are none.
        section_179_deduction: US dollars deducted under 26 USC 179; 0 if nothing is.
        other_reductions: US dollars by which anything else reduces the basis, such as a rebate
            that is not in `cost`. Left out, nothing does.

    Raises:
        InvalidFactError: An amount is negative, a float, or finer than a cent; or more is taken
            off than there is.

    >>> VehicleBasis(cost=40_000, section_179_deduction=20_000).basis
    Decimal('20000.00')
    >>> print(VehicleBasis(cost=40_000).basis)
    0.00 to 40000.00
    """

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

    def __attrs_post_init__(self) -> None:
        check(self, _basis_part_faults)

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
        seller_report_not_accepted: Whether that report, though furnished, has not been accepted;
            it matters from 2024 on. Left out, nothing speaks against it.
        seller_report: The report itself; gives both if they are left out.
        vin_on_return: Whether the return carries the vehicle identification number.
        credit_already_allowed: Whether a credit of the kind that is asked for was already
            allowed for this vehicle: of one that is bought used, whether it was for a
            previously owned vehicle, and of one for a business, for a commercial vehicle.
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
        basis: US dollars and cents: the taxpayer's basis in the vehicle after a deduction under
            section 179 and before the credit (26 USC 45W(b)(1)(A)).
        basis_parts: What the basis is made of; gives `basis` if that is left out.
        depreciable: Whether the vehicle is of a character subject to the allowance for
            depreciation in the taxpayer's hands (26 USC 45W(c)(4)).
        subject_to_lease: Whether the taxpayer leases it to somebody.
        true_lease: Whether what is called a lease is one for federal tax purposes, so that the
            taxpayer is the owner, and not a sale under conditions.
        leased_from_another: Whether the taxpayer is only the lessee, and another the owner.
        comparable_vehicle_price: US dollars and cents: the price of a vehicle powered solely by
            gasoline or diesel, comparable in size and use (26 USC 45W(b)(3)).
        compares_prices: Whether the taxpayer works the incremental cost out from `cost` and
            `comparable_vehicle_price`, although an amount was published for such a vehicle. Left
            out, it relies on the published amount where there is one.
        elective_payment_registered: Whether a tax-exempt or governmental user elects payment of
            the credit and has the registration number that takes (26 USC 6417).
        new_vehicle_credit_allowed: Whether a credit under section 30D was allowed for this
            vehicle, to whomever; asked by the commercial credit.
        used_vehicle_credit_allowed: The same of a credit under section 25E.

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
    seller_report_not_accepted: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "seller report furnished but not accepted", optional=True),
    )
    seller_report: SellerReport | None = attrs.field(
        default=None,
        metadata=declare(Kind.PART, "seller report", of=SellerReport, optional=True),
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
    basis: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "basis of the vehicle after section 179"),
    )
    basis_parts: VehicleBasis | None = attrs.field(
        default=None,
        metadata=declare(Kind.PART, "parts of the basis", of=VehicleBasis, optional=True),
    )
    depreciable: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "of a character subject to depreciation"),
    )
    subject_to_lease: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "leased by the taxpayer to somebody"),
    )
    true_lease: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "a lease, and not a conditional sale, for tax purposes"),
    )
    leased_from_another: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "leased from another by the taxpayer", optional=True),
    )
    comparable_vehicle_price: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "price of a comparable gasoline or diesel vehicle"),
    )
    compares_prices: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(
            Kind.FLAG, "compares prices rather than rely on a published amount", optional=True
        ),
    )
    elective_payment_registered: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "registered for elective payment"),
    )
    new_vehicle_credit_allowed: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "credit under section 30D allowed for this vehicle"),
    )
    used_vehicle_credit_allowed: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "credit under section 25E allowed for this vehicle"),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _purchase_faults)
        if self.sale_price_parts is not None:
            # The check refused prices that exclude each other.
            price: Any = _joint(self.sale_price, self.sale_price_parts.price)
            object.__setattr__(self, "sale_price", price.lower if price.is_exact else price)
        if self.basis_parts is not None:
            basis: Any = _joint(self.basis, self.basis_parts.basis)
            object.__setattr__(self, "basis", basis.lower if basis.is_exact else basis)
        if self.seller_report is not None:
            # The check refused flags that the report contradicts.
            for name, known in _told_by_report(self.seller_report).items():
                if known is not None:
                    object.__setattr__(self, name, known)

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
        and not resale, that the seller report was furnished (unless the report itself is given)
        and the vehicle identification number stands on the return, that no credit was allowed
        for the vehicle before, that the taxpayer does not elect out and uses it in the United
        States. Whatever else is given is added, and goes before these.

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
        if facts.get("seller_report") is not None:
            del usual["seller_report_furnished"]  # the report tells
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

    @classmethod
    def for_business(cls, **facts: Any) -> Purchase:
        """A purchase by a business for its own use, with all as it should be.

        States that the vehicle is depreciable, acquired for use and not for resale, and not
        leased to anybody; that original use begins with the taxpayer; that no credit of any
        section was allowed for it before, its identification number stands on the return, the
        taxpayer does not elect out and uses it in the United States. Whatever else is given is
        added, and goes before these.

        >>> Purchase.for_business(basis=45_000).depreciable
        True
        """
        usual: dict[str, Any] = {
            "original_use_begins_with_taxpayer": True,
            "for_use_or_lease": True,
            "depreciable": True,
            "subject_to_lease": False,
            "vin_on_return": True,
            "credit_already_allowed": False,
            "new_vehicle_credit_allowed": False,
            "used_vehicle_credit_allowed": False,
            "elected_out": False,
            "used_mainly_outside_united_states": False,
        }
        return cls(**{**usual, **facts})

    @classmethod
    def by_lessor(cls, **facts: Any) -> Purchase:
        """A purchase by somebody who leases the vehicle to a customer.

        It is the lessor who places the vehicle in service and claims the commercial credit; the
        customer claims none, and has no right to a part of it. States what `for_business` does,
        and that the vehicle is subject to a lease that is one for tax purposes too. Whatever else
        is given is added, and goes before these.

        >>> lessor = Purchase.by_lessor(placed_in_service="2024-06-03", basis=45_000)
        >>> lessor.subject_to_lease, lessor.true_lease
        (True, True)
        """
        return cls.for_business(**{"subject_to_lease": True, "true_lease": True, **facts})


def _joint(
    stated: Decimal | Bounds[Decimal] | None, added: Decimal | Bounds[Decimal]
) -> Bounds[Decimal] | None:
    """What a stated amount and what its parts add up to leave possible; `None` if nothing."""
    parts = Bounds.of(added)
    return parts if stated is None else parts.overlap(Bounds.of(stated))


def _purchase_faults(purchase: Purchase) -> Iterator[tuple[str, Any, str]]:
    parts = purchase.sale_price_parts
    if parts is not None and _joint(purchase.sale_price, parts.price) is None:
        remedy = f"its parts add up to {parts.price}; give one of the two"
        yield "sale_price", purchase.sale_price, remedy
    of_basis = purchase.basis_parts
    if of_basis is not None and _joint(purchase.basis, of_basis.basis) is None:
        remedy = f"its parts come to {of_basis.basis}; give one of the two"
        yield "basis", purchase.basis, remedy
    if purchase.seller_report is not None:
        for name, known in _told_by_report(purchase.seller_report).items():
            stated = getattr(purchase, name)
            if known is not None and stated is not None and stated is not known:
                status: Any = purchase.seller_report.status
                yield name, stated, f"the seller report is {status.value}; give one of the two"
        yield from _report_day_faults(purchase, purchase.seller_report)
    if purchase.leased_from_another and purchase.subject_to_lease:
        remedy = "the taxpayer is stated to be the lessee; give one of the two"
        yield "subject_to_lease", True, remedy
    yield from _order_faults(purchase)
    yield from _later_faults(purchase)


def _told_by_report(report: SellerReport) -> dict[str, bool | None]:
    """The flags of a purchase that a seller report gives; `None` where it leaves one open."""
    furnished = report.furnished
    return {
        "seller_report_furnished": furnished,
        "seller_report_not_accepted": report.awaits_acceptance if furnished else None,
    }


def _report_day_faults(purchase: Purchase, report: SellerReport) -> Iterator[tuple[str, Any, str]]:
    sold = purchase.sale_date
    if sold is not None and report.sold_on is not None and sold != report.sold_on:
        remedy = f"the purchase states a sale on {sold}; give one of the two"
        yield "seller_report.sold_on", report.sold_on, remedy


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
