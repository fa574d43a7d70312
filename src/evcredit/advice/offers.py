"""The offers a person can choose among: buy new, buy used, lease."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import clipped
from evcredit.algebra.field import Kind, as_price, as_text, check, declare, repr_of_facts
from evcredit.facts.claim import Claim
from evcredit.facts.purchase import Purchase, as_purchase
from evcredit.facts.taxpayer import Taxpayer, TaxpayerKind
from evcredit.facts.transfer import CreditTransfer
from evcredit.facts.vehicle import Vehicle, as_vehicle

__all__ = ["BuyNew", "BuyUsed", "Lease", "Offer"]


def _purchase_faults(offer: BuyNew | BuyUsed) -> Iterator[tuple[str, Any, str]]:
    yield from _name_faults(offer)
    terms = offer.transfer
    if terms is None:
        return
    if terms.claim != Claim():
        yield "transfer.claim", terms.claim, "omit it: the offer states vehicle and purchase"
    if terms.credit is not None:
        yield "transfer.credit", terms.credit, "omit it: it is computed from the offer"
    if offer.purchase.elected_out:
        remedy = "omit it: who transfers the credit cannot elect not to take it"
        yield "purchase.elected_out", True, remedy


def _name_faults(offer: BuyNew | BuyUsed | Lease) -> Iterator[tuple[str, Any, str]]:
    if not offer.name:
        yield "name", None, "give the offer a name"


def _as_lessor(value: Taxpayer | None) -> Any:
    """A taxpayer; a corporation of which nothing else is known if none is given."""
    return Taxpayer(kind=TaxpayerKind.CORPORATION) if value is None else value


@attrs.frozen(kw_only=True, repr=False)
class _Buy:
    """What the offers of a purchase state."""

    __repr__ = repr_of_facts

    name: str = attrs.field(converter=as_text, metadata=declare(Kind.TEXT, "name of the offer"))
    vehicle: Vehicle = attrs.field(
        factory=Vehicle, converter=as_vehicle, metadata=declare(Kind.PART, "vehicle", of=Vehicle)
    )
    purchase: Purchase = attrs.field(
        factory=Purchase,
        converter=as_purchase,
        metadata=declare(Kind.PART, "purchase", of=Purchase),
    )
    transfer: CreditTransfer | None = attrs.field(
        default=None,
        metadata=declare(Kind.PART, "terms of a transfer", of=CreditTransfer, optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _purchase_faults)


@attrs.frozen(kw_only=True, repr=False)
class BuyNew(_Buy):
    """The offer of a new vehicle, with the credit of 26 USC 30D.

    Args:
        name: What to call the offer.
        vehicle: The vehicle.
        purchase: The purchase as it would be; a day that is still open is omitted.
        transfer: On what terms the dealer would take the credit over; none if it would not.
            Omit `claim` and `credit`. If omitted too, the payment is as much as the credit,
            and the election on the day of the sale: so the law requires it.

    Raises:
        InvalidFactError: A fact is invalid, or has no name.
        InvalidFactsError: Several faults.

    >>> BuyNew(name="Crossover").vehicle.msrp
    """

    def __str__(self) -> str:
        return f"{clipped(self.name)} (buy new): {self.vehicle}"


@attrs.frozen(kw_only=True, repr=False)
class BuyUsed(_Buy):
    """The offer of a used vehicle, with the credit of 26 USC 25E.

    Args:
        name: What to call the offer.
        vehicle: The vehicle.
        purchase: As of `BuyNew`.
        transfer: As of `BuyNew`.

    Raises:
        InvalidFactError: A fact is invalid, or has no name.
        InvalidFactsError: Several faults.

    >>> BuyUsed(name="Hatchback", purchase=Purchase.used_from_dealer(sale_price=14_000)).name
    'Hatchback'
    """

    def __str__(self) -> str:
        return f"{clipped(self.name)} (buy used): {self.vehicle}"


@attrs.frozen(kw_only=True)
class Lease:
    """The offer of a lease, with the lessor's credit of 26 USC 45W.

    The customer of a lease has no credit and no right to a part of the lessor's; what counts is
    what the offer passes on.

    Args:
        name: What to call the offer.
        vehicle: The vehicle.
        lessor_purchase: How the lessor gets the vehicle (`Purchase.by_lessor`).
        lessor: Who the lessor is; a corporation unless stated.
        passed_on: US dollars by which the lease is cheaper because of the credit; unknown if
            omitted. Above the credit of the lessor it does not count.

    Raises:
        InvalidFactError: A fact is invalid, or has no name.
        InvalidFactsError: Several faults.

    >>> Lease(name="three years", passed_on=7_500).lessor.kind.value
    'corporation'
    """

    name: str = attrs.field(converter=as_text, metadata=declare(Kind.TEXT, "name of the offer"))
    vehicle: Vehicle = attrs.field(
        factory=Vehicle, converter=as_vehicle, metadata=declare(Kind.PART, "vehicle", of=Vehicle)
    )
    lessor_purchase: Purchase = attrs.field(
        factory=Purchase,
        converter=as_purchase,
        metadata=declare(Kind.PART, "purchase by the lessor", of=Purchase),
    )
    lessor: Taxpayer = attrs.field(
        default=None,
        converter=_as_lessor,
        metadata=declare(Kind.PART, "lessor", of=Taxpayer),
    )
    passed_on: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "credit passed on to the customer"),
    )

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return f"{clipped(self.name)} (lease): {self.vehicle}"

    def __attrs_post_init__(self) -> None:
        check(self, _name_faults)


Offer = BuyNew | BuyUsed | Lease
