"""The purchase: its days, what was paid to whom, and how the vehicle was bought and is used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import (
    TYPE_CHECKING,
    Any,
    TypedDict,
    Unpack,
)

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Fault,
    Kind,
    Number,
    as_choice,
    as_day,
    as_flag,
    as_price,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.hints import import_for_hints
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.shorthand import given, short_for

if TYPE_CHECKING:
    from evcredit.facts.price import SalePrice, VehicleBasis
    from evcredit.facts.seller_report import SellerReport

__all__ = ["DealerLicense", "Purchase", "PurchaseFacts", "as_purchase"]


#: What makes an acquisition: the later of their days is its day.
_BOTH = ("contract_date", "first_payment_date")


class DealerLicense(PlainEnum):
    """By whom a dealer is licensed to sell vehicles (26 USC 30D(g)(8))."""

    STATE = "State or District of Columbia"
    TRIBE = "Indian tribal government"
    ALASKA_NATIVE_CORPORATION = "Alaska Native Corporation"
    TERRITORY_ALONE = "territory alone"
    NOBODY = "nobody"


def as_dealer_license(value: DealerLicense | str | None) -> Any:
    """A license, as itself or by name."""
    return as_choice(DealerLicense, value)


class PurchaseFacts(TypedDict, total=False):
    """Keyword arguments of `Purchase`."""

    contract_date: date | str | None
    no_contract: bool | None
    first_payment_date: date | str | None
    acquired: date | str | None
    acquired_shortly_before: bool | None
    sale_date: date | str | None
    title_date: date | str | None
    placed_in_service: date | str | None
    not_in_service: bool | None
    elects_transition_rule: bool | None
    cost: Number | None
    sale_price: Number | None
    sale_price_parts: SalePrice | None
    seller_license: DealerLicense | str | None
    original_use_begins_with_taxpayer: bool | None
    for_use_or_lease: bool | None
    seller_report_furnished: bool | None
    seller_report_not_accepted: bool | None
    seller_report: SellerReport | None
    vin_on_return: bool | None
    credit_already_allowed: bool | None
    elected_out: bool | None
    used_predominantly_outside_us: bool | None
    another_owner_in_seller_report: bool | None
    sold_to_tax_exempt_user: bool | None
    credit_disclosed_to_user: bool | None
    sale_cancelled: bool | None
    returned_on: date | str | None
    resold_on: date | str | None
    basis: Number | None
    basis_parts: VehicleBasis | None
    depreciable: bool | None
    subject_to_lease: bool | None
    true_lease: bool | None
    leased_from_another: bool | None
    comparable_vehicle_price: Number | None
    compares_prices: bool | None
    incremental_cost: Number | None
    elective_payment_registered: bool | None
    new_vehicle_credit_allowed: bool | None
    used_vehicle_credit_allowed: bool | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Purchase:
    """How and when a taxpayer got a vehicle. Everything omitted is unknown.

    Args:
        contract_date: The day a written binding contract was entered into.
        no_contract: Whether there was none before possession, so that the vehicle is acquired
            when it is placed in service. Defaults to one.
        first_payment_date: The day of the first payment; a nominal down payment or a
            trade-in counts.
        acquired: The day of contract and first payment together: it states whichever of the two
            is omitted.
        acquired_shortly_before: Whether contract and first payment are of days shortly before
            possession, or of its day; ready-made constructors suppose so. Where neither day is
            stated, possession then shows that the vehicle was acquired late enough. That it was
            acquired by the last day of a credit it does not show, nor the contrary.
        sale_date: The day the vehicle was sold to the taxpayer. Omitted, it is the day of
            possession, as the time of sale is where the regulations use the word.
        title_date: The day title passed under State law; omitted, it is the day of sale.
        placed_in_service: The day the taxpayer took possession.
        not_in_service: Whether the taxpayer has not taken possession yet, and so has no credit
            yet. Omitted, the taxpayer has, on a day that may be unknown.
        elects_transition_rule: Whether the taxpayer elects the transition rule of P.L.
            117-169 sec. 13401(l): for a contract or purchase of 2022 before that law, the
            vehicle counts as placed in service on the day before it. Defaults to not.
        cost: US dollars and cents: what the taxpayer paid for the vehicle.
        sale_price: US dollars and cents: the sale price of a previously owned vehicle.
        sale_price_parts: What that price adds up from; gives it if omitted.
        seller_license: By whom the seller is licensed to sell vehicles; "no one" of a seller
            who is no dealer.
        original_use_begins_with_taxpayer: Whether no one used it before.
        for_use_or_lease: Whether it is acquired for use or lease and not for resale.
        seller_report_furnished: Whether the seller furnished the report of 26 USC
            30D(d)(1)(H) to the taxpayer and the Secretary; from 2024, whether it was accepted.
        seller_report_not_accepted: Whether that report, though furnished, has not been accepted;
            it matters from 2024 on. Omitted, nothing speaks against it.
        seller_report: The report itself; gives both if they are omitted, and so it does day of
            sale, day placed in service and sale price.
        vin_on_return: Whether the return carries the vehicle identification number.
        credit_already_allowed: Whether a credit of the kind that is needed was already
            allowed for this vehicle: of one that is bought used, whether it was for a
            previously owned vehicle, and of one for a business, for a commercial vehicle.
        elected_out: Whether the taxpayer elects not to take the credit.
        used_predominantly_outside_us: Whether it is property of 26 USC 50(b)(1).
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
        basis_parts: What the basis is made of; gives `basis` if that is omitted.
        depreciable: Whether the vehicle is of a character subject to the allowance for
            depreciation in the taxpayer's hands (26 USC 45W(c)(4)).
        subject_to_lease: Whether the taxpayer leases it to someone.
        true_lease: Whether what is called a lease is one for federal tax purposes, so that the
            taxpayer is the owner, and not a sale under conditions.
        leased_from_another: Whether the taxpayer is only the lessee, and another the owner.
        comparable_vehicle_price: US dollars and cents: the price of a vehicle powered solely by
            gasoline or diesel, comparable in size and use (26 USC 45W(b)(3)).
        compares_prices: Whether the taxpayer computes the incremental cost from `cost` and
            `comparable_vehicle_price`, although an amount was published for such a vehicle. If
            omitted, it relies on the published amount where there is one.
        incremental_cost: US dollars and cents: the incremental cost of a commercial vehicle where
            it is known already (26 USC 45W(b)(2)); it overrides prices and published amounts.
        elective_payment_registered: Whether a tax-exempt or governmental user elects payment of
            the credit and has the registration number that takes (26 USC 6417).
        new_vehicle_credit_allowed: Whether a credit under section 30D was allowed for this
            vehicle, to whomever; asked by the commercial credit.
        used_vehicle_credit_allowed: Like the above, for a credit under section 25E.

    Raises:
        InvalidFactError: A fact is invalid or is not exact, for example a vehicle placed
            in service before it was acquired.
        InvalidFactsError: Several faults.

    >>> Purchase(contract_date="2025-09-30", first_payment_date="2025-10-01").acquired
    datetime.date(2025, 10, 1)
    """

    __repr__ = repr_of_facts
    __str__ = brief

    contract_date: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of the written binding contract"),
    )
    no_contract: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "no written binding contract before possession", optional=True),
    )
    first_payment_date: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of the first payment")
    )
    #: A day given for both; it is kept in these.
    _acquired: date | None = attrs.field(
        default=None,
        alias="acquired",
        converter=as_day,
        repr=False,
        eq=False,
        metadata=short_for(*_BOTH),
    )
    acquired_shortly_before: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(
            Kind.FLAG,
            "acquired shortly before possession",
            optional=True,
            for_reader=True,
            gives_way_to=("contract_date", "no_contract", "first_payment_date", "acquired"),
        ),
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
    not_in_service: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "not placed in service yet", optional=True),
    )
    elects_transition_rule: bool | None = attrs.field(
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
        metadata=declare(
            Kind.PART,
            "parts of the sale price",
            of="evcredit.facts.price.SalePrice",
            optional=True,
            gives="sale_price",
        ),
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
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "seller report furnished", usual=True),
    )
    seller_report_not_accepted: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "seller report furnished but not accepted", optional=True),
    )
    seller_report: SellerReport | None = attrs.field(
        default=None,
        metadata=declare(
            Kind.PART,
            "seller report",
            of="evcredit.facts.seller_report.SellerReport",
            optional=True,
        ),
    )
    vin_on_return: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "vehicle identification number on the return", usual=True),
    )
    credit_already_allowed: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "credit already allowed for this vehicle", usual=False),
    )
    elected_out: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "elected not to take the credit"),
    )
    used_predominantly_outside_us: bool | None = attrs.field(
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
        metadata=declare(
            Kind.PART,
            "parts of the basis",
            of="evcredit.facts.price.VehicleBasis",
            optional=True,
            gives="basis",
        ),
    )
    depreciable: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "of a character subject to depreciation"),
    )
    subject_to_lease: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "leased by the taxpayer to someone"),
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
    incremental_cost: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "incremental cost, as determined", optional=True),
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

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _purchase_faults, sound=sound)
        if self._acquired is not None:
            # The check refused a day that is not the later of two stated ones.
            for name in _BOTH:
                object.__setattr__(self, name, getattr(self, name) or self._acquired)
            object.__setattr__(self, "_acquired", None)
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
            for name, told in _sale_of_report(self).items():
                if getattr(self, name) is None:
                    object.__setattr__(self, name, told)

    @property
    def acquired(self) -> date | None:
        """The first day with both a written binding contract and a payment (FS-2025-05).

        Without a contract before it, that is the day of possession. `None` if it is not known.
        """
        if self.no_contract:
            return self.placed_in_service
        if self.contract_date is None or self.first_payment_date is None:
            return None
        return max(self.contract_date, self.first_payment_date)

    @classmethod
    def new_from_dealer(cls, **facts: Unpack[PurchaseFacts]) -> Purchase:
        """A purchase with the facts that hold when all is as it should be.

        States that original use begins with the taxpayer, that the vehicle is bought for use
        and not resale, that the seller report was furnished (unless the report itself is given)
        and the vehicle identification number is on the return, that no credit was allowed
        for the vehicle before, that the taxpayer does not elect out and uses it in the United
        States. Unless `acquired`, a contract or a first payment is stated, it also states that
        the vehicle was acquired shortly before possession. Whatever else is given is added, and
        overrides these; `None` is as good as omitted.

        >>> Purchase.new_from_dealer(placed_in_service="2024-06-03").seller_report_furnished
        True
        """
        stated: PurchaseFacts = {
            "original_use_begins_with_taxpayer": True,
            "for_use_or_lease": True,
            "seller_report_furnished": True,
            "vin_on_return": True,
            "credit_already_allowed": False,
            "elected_out": False,
            "used_predominantly_outside_us": False,
        }
        if facts.get("seller_report") is not None:
            del stated["seller_report_furnished"]  # the report shows
        return cls(**stated | _usual_acquisition(facts) | given(facts))

    @classmethod
    def used_from_dealer(cls, **facts: Unpack[PurchaseFacts]) -> Purchase:
        """The purchase of a used vehicle with the facts that hold when all is as it should be.

        States that someone else used the vehicle first, that a dealer licensed by a State
        sold it, and otherwise what `new_from_dealer` does. Whatever else is given is added, and
        overrides these; `None` is as good as omitted.

        >>> bought = Purchase.used_from_dealer(placed_in_service="2024-06-03", sale_price=19_000)
        >>> bought.acquired, bought.acquired_shortly_before
        (None, True)
        >>> Purchase.used_from_dealer(acquired="2025-09-30").first_payment_date
        datetime.date(2025, 9, 30)
        """
        stated: PurchaseFacts = {
            "original_use_begins_with_taxpayer": False,
            "seller_license": DealerLicense.STATE,
        }
        return cls.new_from_dealer(**stated | given(facts))

    @classmethod
    def for_business(cls, **facts: Unpack[PurchaseFacts]) -> Purchase:
        """A purchase by a business for its own use, with all as it should be.

        States that the vehicle is depreciable, acquired for use and not for resale, and not
        leased to anybody; that original use begins with the taxpayer; that no credit of any
        section was allowed for it before, its identification number is on the return, the
        taxpayer does not elect out and uses it in the United States. Of the acquisition it states
        what `new_from_dealer` does. Whatever else is given is added, and overrides these;
        `None` is as good as omitted.

        >>> Purchase.for_business(basis=45_000).depreciable
        True
        """
        stated: PurchaseFacts = {
            "original_use_begins_with_taxpayer": True,
            "for_use_or_lease": True,
            "depreciable": True,
            "subject_to_lease": False,
            "vin_on_return": True,
            "credit_already_allowed": False,
            "new_vehicle_credit_allowed": False,
            "used_vehicle_credit_allowed": False,
            "elected_out": False,
            "used_predominantly_outside_us": False,
        }
        return cls(**stated | _usual_acquisition(facts) | given(facts))

    @classmethod
    def by_lessor(cls, **facts: Unpack[PurchaseFacts]) -> Purchase:
        """A purchase by someone who leases the vehicle to a customer.

        It is the lessor who places the vehicle in service and claims the commercial credit; the
        customer claims none, and has no right to a part of it. States what `for_business` does,
        and that the vehicle is subject to a lease that is one for tax purposes too. Whatever else
        is given is added, and overrides these; `None` is as good as omitted.

        >>> lessor = Purchase.by_lessor(placed_in_service="2024-06-03", basis=45_000)
        >>> lessor.subject_to_lease, lessor.true_lease
        (True, True)
        """
        stated: PurchaseFacts = {"subject_to_lease": True, "true_lease": True}
        return cls.for_business(**stated | given(facts))


def as_purchase(value: Purchase | None) -> Any:
    """A purchase; `None` is one of which nothing is known."""
    return Purchase() if value is None else value


#: Any of these says when the vehicle was acquired.
_OF_ACQUISITION = (
    "contract_date",
    "no_contract",
    "first_payment_date",
    "acquired",
    "acquired_shortly_before",
)


def _usual_acquisition(facts: PurchaseFacts) -> PurchaseFacts:
    """What ready-made constructors say of the acquisition, where nothing is stated of it."""
    if any(facts.get(name) is not None for name in _OF_ACQUISITION):
        return {}
    return {"acquired_shortly_before": True}


def _joint(
    stated: Decimal | Bounds[Decimal] | None, added: Decimal | Bounds[Decimal]
) -> Bounds[Decimal] | None:
    """What a stated amount and what its parts add up to leave possible; `None` if nothing."""
    parts = Bounds.of(added)
    return parts if stated is None else parts.overlap(Bounds.of(stated))


def _purchase_faults(purchase: Purchase) -> Iterator[tuple[str, Any, str]]:
    acquired: Any = purchase._acquired  # noqa: SLF001  # of this module; kept until all is checked
    parts = purchase.sale_price_parts
    if parts is not None and _joint(purchase.sale_price, parts.price) is None:
        remedy = f"its parts add up to {parts.price}; these conflict; give only one"
        yield "sale_price", purchase.sale_price, remedy
    of_basis = purchase.basis_parts
    if of_basis is not None and _joint(purchase.basis, of_basis.basis) is None:
        remedy = f"its parts amount to {of_basis.basis}; these conflict; give only one"
        yield "basis", purchase.basis, remedy
    if purchase.seller_report is not None:
        for name, known in _told_by_report(purchase.seller_report).items():
            stated = getattr(purchase, name)
            if known is not None and stated is not None and stated is not known:
                status: Any = purchase.seller_report.status
                yield (
                    name,
                    stated,
                    f"the seller report is {status.value}; these conflict; give only one",
                )
        yield from _report_day_faults(purchase, purchase.seller_report)
    if purchase.leased_from_another and purchase.subject_to_lease:
        remedy = "the taxpayer is stated to be the lessee; these conflict; give only one"
        yield "subject_to_lease", True, remedy
    yield from _acquisition_faults(purchase, acquired)
    yield from _order_faults(purchase, acquired)
    yield from _later_faults(purchase)


def _acquisition_faults(purchase: Purchase, acquired: Any) -> Iterator[tuple[str, Any, str]]:
    """What contradicts contract and first payment, given the day stated for both."""
    if isinstance(acquired, Fault):
        yield "acquired", acquired.found, acquired.remedy
        return
    contract, payment = purchase.contract_date, purchase.first_payment_date
    if purchase.no_contract and (contract or acquired) is not None:
        remedy = "no contract is stated (no_contract); these conflict; give only one"
        yield "acquired" if contract is None else "contract_date", contract or acquired, remedy
    days = [contract or acquired, payment or acquired]
    later = None if None in days else max(days)
    if acquired is not None and acquired != later:
        remedy = f"contract and first payment are both there on {later}; leave one of them out"
        yield "acquired", acquired, remedy


def _told_by_report(report: SellerReport) -> dict[str, bool | None]:
    """The flags of a purchase that a seller report gives; `None` where it leaves one open."""
    furnished = report.furnished
    return {
        "seller_report_furnished": furnished,
        "seller_report_not_accepted": report.awaits_acceptance if furnished else None,
    }


def _sale_of_report(purchase: Purchase) -> dict[str, Any]:
    """The facts of a sale that a valid report gives: its days and the price.

    The time of sale is the day of possession where the regulations use the word.
    """
    report = purchase.seller_report
    if report is None or report.furnished is False:
        return {}
    told: dict[str, Any] = {"sale_date": report.sold_on, "sale_price": report.sale_price}
    never = purchase.sale_cancelled or purchase.not_in_service
    if not never and purchase.sale_date in (None, report.sold_on):
        told["placed_in_service"] = report.sold_on
    return told


def _report_day_faults(purchase: Purchase, report: SellerReport) -> Iterator[tuple[str, Any, str]]:
    price, told = purchase.sale_price, report.sale_price
    if price is None and purchase.sale_price_parts is not None:
        price = purchase.sale_price_parts.price
    if price is not None and told is not None and _joint(price, told) is None:
        remedy = (
            f"the purchase states a sale price of {price} (sale_price); these "
            "conflict; give only one"
        )
        yield "seller_report.sale_price", told, remedy
    sold = purchase.sale_date
    if sold is not None and report.sold_on is not None and sold != report.sold_on:
        remedy = f"the purchase states a sale on {sold}; these conflict; give only one"
        yield "seller_report.sold_on", report.sold_on, remedy


def _later_faults(purchase: Purchase) -> Iterator[tuple[str, Any, str]]:
    """What contradicts the events after the sale."""
    if purchase.sale_cancelled or purchase.not_in_service:
        remedy = "omit it: the sale is stated to be cancelled before it was in service"
        if not purchase.sale_cancelled:
            remedy = "the vehicle is stated not to be in service (not_in_service); give only one"
        for name in ("placed_in_service", "returned_on", "resold_on"):
            day = getattr(purchase, name)
            if day is not None:
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


#: What is never later than possession.
_EARLIER = (
    ("contract_date", "the contract"),
    ("first_payment_date", "the first payment"),
    ("sale_date", "the sale"),
    ("title_date", "the passing of title"),
)


def _order_faults(purchase: Purchase, acquired: Any) -> Iterator[tuple[str, Any, str]]:
    told: dict[str, Any] = {}
    if acquired is not None or purchase.seller_report is not None:
        # A day that cannot be read is a fault of its own, and before or after nothing.
        both = None if isinstance(acquired, Fault) else acquired
        told = {**dict.fromkeys(_BOTH, both), **_sale_of_report(purchase)}
    in_service = purchase.placed_in_service or told.get("placed_in_service")
    if in_service is None:
        return
    for name, what in _EARLIER:
        day = getattr(purchase, name) or told.get(name)
        if day is not None and day > in_service:
            yield (
                "placed_in_service",
                in_service,
                f"a vehicle is never placed in service before {what} ({name}), which is of {day}",
            )


# Modules that few programs need.
import_for_hints(Purchase, price="SalePrice VehicleBasis", seller_report="SellerReport")
