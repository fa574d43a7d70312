"""What comes of each vehicle of a return: its credit, its transfer, and the parts of the credit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

import attrs

from evcredit.assessment import Assessment, assess, assess_transfer, section_of
from evcredit.bounds import Bounds
from evcredit.claim import Claim
from evcredit.errors import InvalidFactError
from evcredit.fact import with_facts
from evcredit.forms.form import has_schedules
from evcredit.forms.stated import CleanVehicleReturn, ReturnVehicle, days_of
from evcredit.law import Law
from evcredit.rule import Finding
from evcredit.section import Credit
from evcredit.section_30d.amount import phase_out_account
from evcredit.section_30d.before_2023 import by_cost
from evcredit.section_30d.small_vehicle import SmallVehicleAccount, small_vehicle_account
from evcredit.section_30d.transfer import TransferOutcome
from evcredit.section_30d.use_of_credit import UseOfCredit, use_of_credit
from evcredit.tax_return import TaxReturn
from evcredit.taxpayer import CreditedSale, Taxpayer
from evcredit.verdict import Verdict

__all__ = [
    "ANY_AMOUNT",
    "ANY_PERCENT",
    "ENDLESS",
    "NONE",
    "Placed",
    "use_of",
    "vehicles_of",
]

_NOTHING = Decimal(0)
NONE = Bounds.exactly(_NOTHING)
ENDLESS = Decimal("Infinity")
ANY_AMOUNT = Bounds(_NOTHING, ENDLESS)
ANY_PERCENT = Bounds(_NOTHING, Decimal(100))


class Placed(NamedTuple):
    """One vehicle of the return with all that comes of it."""

    number: int
    vehicle: ReturnVehicle
    claim: Claim
    #: Under the supposition that leaves most, and that leaves least, of earlier used vehicles.
    results: tuple[Assessment, ...]
    outcome: TransferOutcome | None
    #: What becomes of the credit that is left to the taxpayer's own return.
    use: UseOfCredit
    #: Of a vehicle with few wheels before 2023, or one that may have few.
    few_wheels: SmallVehicleAccount | None

    @property
    def own(self) -> Bounds[Decimal]:
        """The credit that is left to the taxpayer's own return."""
        return self.use.credit

    @property
    def result(self) -> Assessment:
        """The assessment, under the first supposition."""
        return self.results[0]

    @property
    def to_dealer(self) -> Bounds[Decimal]:
        """The credit that went to the dealer."""
        return NONE if self.outcome is None else self.outcome.credit_to_dealer

    @property
    def repaid(self) -> Bounds[Decimal]:
        """What the buyer repays of a transferred credit."""
        return NONE if self.outcome is None else self.outcome.buyer_repays

    @property
    def basis(self) -> Finding:
        """What the credit on the return rests on."""
        return self.result.finding if self.outcome is None else self.outcome.finding


def vehicles_of(stated: CleanVehicleReturn, law: Law) -> tuple[Placed, ...]:
    """Every vehicle of the return, in the order in which they are stated."""
    found: dict[int, Placed] = {}
    claims = [_claim_of(vehicle, stated.taxpayer) for vehicle in stated.vehicles]
    # Sales that are known to be earlier come first; one on an unknown day may be the last.
    order = sorted(range(len(claims)), key=lambda index: (_sold(claims[index]) or date.max, index))
    for index in order:
        vehicle, claim = stated.vehicles[index], claims[index]
        earlier = [
            each
            for each in found.values()
            if _same_buyer(each.vehicle, vehicle)
            and each.vehicle.credit is vehicle.credit is Credit.PREVIOUSLY_OWNED_VEHICLE
        ]
        suppositions = dict.fromkeys(_with_sales(claim, some) for some in _credited(earlier))
        results = tuple(assess(each, law=law, credit=vehicle.credit) for each in suppositions)
        for result in results:
            _check_year(stated, index, result)
        found[index] = _one(index, vehicle, results, stated, law)
    return tuple(found[index] for index in range(len(claims)))


def _one(
    index: int,
    vehicle: ReturnVehicle,
    results: tuple[Assessment, ...],
    stated: CleanVehicleReturn,
    law: Law,
) -> Placed:
    claim, outcome = results[0].claim, None
    own = reduce(Bounds.hull, (result.credit for result in results))
    if vehicle.transfer is not None:
        # What a transfer leaves does not differ by the supposition unless the credit does.
        transfer = attrs.evolve(vehicle.transfer, claim=claim)
        if transfer.credit is None and len(results) > 1:
            transfer = attrs.evolve(transfer, credit=own)
        outcome = assess_transfer(
            transfer, tax_return=stated.tax_return, law=law, credit=vehicle.credit
        )
        own = outcome.credit_to_buyer
    use, account = use_of(own, vehicle, claim, law), None
    if vehicle.credit is Credit.NEW_VEHICLE and not has_schedules(stated.year):
        use, account = _with_few_wheels(results[0], vehicle, use, law)
    return Placed(index + 1, vehicle, claim, results, outcome, use, account)


def use_of(credit: Bounds[Decimal], vehicle: ReturnVehicle, claim: Claim, law: Law) -> UseOfCredit:
    """What becomes of a credit by the use of the vehicle."""
    return use_of_credit(
        credit,
        TaxReturn(business_use_percent=vehicle.business_use_percent),
        placed_in_service=claim.purchase.placed_in_service,
        law=law,
    )


def _with_few_wheels(
    result: Assessment, vehicle: ReturnVehicle, use: UseOfCredit, law: Law
) -> tuple[UseOfCredit, SmallVehicleAccount | None]:
    """What becomes of the credit if the vehicle has, or may have, few wheels, and the account."""
    claim = result.claim
    bound = section_of(Credit.NEW_VEHICLE).of(claim, law)
    few = by_cost.bind(bound.binding)(claim)
    if result.verdict is Verdict.NOT_MET or few is False:
        return use, None
    percent = Bounds.of(vehicle.business_use_percent, ANY_PERCENT)
    parts = claim.purchase.basis_parts
    deducted = ANY_AMOUNT if percent.upper else NONE
    if parts is not None:
        deducted = Bounds.of(parts.section_179_deduction, deducted)
    cost = phase_out_account(claim, bound).left
    account = small_vehicle_account(cost, percent, deducted, bound.binding)
    amounts: tuple[Bounds[Decimal], ...]
    amounts = (account.credit, account.business_part, account.personal_part)
    if few is None:  # what comes of the amount by capacity is possible too
        others = (use.credit, use.business_part, use.personal_part)
        amounts = tuple(map(Bounds.hull, amounts, others))
    if result.verdict is Verdict.UNKNOWN:
        amounts = tuple(each.hull(NONE) for each in amounts)
    own, business, personal = amounts
    return attrs.evolve(use, credit=own, business_part=business, personal_part=personal), account


def _claim_of(vehicle: ReturnVehicle, taxpayer: Taxpayer) -> Claim:
    claim = vehicle.claim
    return attrs.evolve(claim, taxpayer=taxpayer) if claim.taxpayer == Taxpayer() else claim


def _sold(claim: Claim) -> date | None:
    return claim.purchase.sale_date or claim.purchase.placed_in_service


def _same_buyer(one: ReturnVehicle, other: ReturnVehicle) -> bool:
    return bool(one.bought_by_spouse) is bool(other.bought_by_spouse)


def _credited(earlier: list[Placed]) -> tuple[tuple[CreditedSale, ...], ...]:
    """The earlier sales of the return with a credit: those that had one, and all that may have."""
    certain = [each for each in earlier if each.own.lower or each.to_dealer.lower]
    possible = [each for each in earlier if each.own.upper or each.to_dealer.upper]
    return tuple(
        tuple(CreditedSale(on=_sold(each.claim)) for each in some) for some in (certain, possible)
    )


def _with_sales(claim: Claim, sales: tuple[CreditedSale, ...]) -> Claim:
    """The claim with more earlier sales; where they were unknown, others may remain."""
    if not sales:
        return claim
    known = claim.taxpayer.earlier_credited_sales
    others = (CreditedSale(),) if known is None else known
    more: Claim = with_facts(claim, {"taxpayer.earlier_credited_sales": (*others, *sales)})
    return more


def _check_year(stated: CleanVehicleReturn, index: int, result: Assessment) -> None:
    """A fault if the vehicle belongs on the return of another year."""
    day, (first, after) = result.governed_as_of, days_of(stated)
    if day is not None and not first <= day < after:
        last = after - timedelta(days=1)
        raise InvalidFactError(
            f"clean_vehicle_return.vehicles[{index}].claim.purchase.placed_in_service",
            day,
            f"the return is of {first} to {last}; claim the vehicle on that of its own year",
        )
