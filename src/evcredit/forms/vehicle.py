"""What comes of each vehicle of a return: its credit, its transfer, and the parts of the credit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.finding import Finding
from evcredit.algebra.path import with_facts
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError
from evcredit.facts.claim import Claim
from evcredit.facts.listing import ListedVehicle
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.taxpayer import PriorCredit, Taxpayer
from evcredit.facts.transfer import CreditTransfer
from evcredit.forms.lines import has_schedules
from evcredit.forms.return_facts import CleanVehicleReturn, ReturnVehicle, days_of
from evcredit.law.law import Law
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit
from evcredit.provisions.tax_limit import CreditAllocation, allocate_credit
from evcredit.provisions.transfer import TransferOutcome
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment
from evcredit.results.transfer import assess_transfer
from evcredit.section_30d.amount import phase_out_account
from evcredit.section_30d.before_2023 import by_cost
from evcredit.section_30d.small_vehicle import SmallVehicleAccount, small_vehicle_account
from evcredit.section_45w.definition import depreciable_by_use

__all__ = [
    "ANY_AMOUNT",
    "ANY_PERCENT",
    "ENDLESS",
    "NONE",
    "FiledVehicle",
    "determined",
    "use_of",
    "vehicles_of",
    "without_business",
]

_NOTHING = Decimal(0)
NONE: Bounds[Decimal] = Bounds.exactly(_NOTHING)
ENDLESS = Decimal("Infinity")
ANY_AMOUNT = Bounds(_NOTHING, ENDLESS)
ANY_PERCENT = Bounds(_NOTHING, Decimal(100))


class FiledVehicle(NamedTuple):
    """One vehicle of the return with all that comes of it."""

    number: int
    vehicle: ReturnVehicle
    claim: Claim
    #: Under the supposition that leaves most, and that leaves least, of earlier used vehicles.
    results: tuple[Assessment, ...]
    outcome: TransferOutcome | None
    #: What becomes of the credit that is left to the taxpayer's own return.
    use: CreditAllocation
    #: Of a vehicle with few wheels before 2023, or one that may have few.
    two_or_three_wheels: SmallVehicleAccount | None

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


def vehicles_of(stated: CleanVehicleReturn, law: Law) -> tuple[FiledVehicle, ...]:
    """Every vehicle of the return, in the order in which they are stated."""
    found: dict[int, FiledVehicle] = {}
    claims = [_claim_of(vehicle, stated) for vehicle in stated.vehicles]
    vehicles = [attrs.evolve(each, transfer=_reported(each)) for each in stated.vehicles]
    # Sales that are known to be earlier come first; one on an unknown day may be the last.
    order = sorted(range(len(claims)), key=lambda index: (_sold(claims[index]) or date.max, index))
    for index in order:
        vehicle, claim = vehicles[index], claims[index]
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
        vehicle = attrs.evolve(vehicle, transfer=_with_elections(index, vehicles, claims))
        found[index] = _one(index, vehicle, results, stated, law)
    return tuple(found[index] for index in range(len(claims)))


def _one(
    index: int,
    vehicle: ReturnVehicle,
    results: tuple[Assessment, ...],
    stated: CleanVehicleReturn,
    law: Law,
) -> FiledVehicle:
    claim, outcome = results[0].claim, None
    own = reduce(Bounds.hull, (determined(vehicle, result) for result in results))
    if vehicle.transfer is not None:
        # What a transfer leaves does not differ by the supposition unless the credit does.
        transfer = attrs.evolve(vehicle.transfer, claim=claim)
        if transfer.credit is None and (len(results) > 1 or vehicle.credit_determined is not None):
            transfer = attrs.evolve(transfer, credit=own)
        outcome = assess_transfer(
            transfer, tax_return=stated.tax_return, law=law, credit=vehicle.credit
        )
        own = outcome.credit_to_buyer
    use, account = use_of(own, vehicle, claim, law), None
    if vehicle.credit is Credit.NEW_VEHICLE and not has_schedules(stated.year):
        use, account = _with_few_wheels(results[0], vehicle, use, law)
    return FiledVehicle(index + 1, vehicle, claim, results, outcome, use, account)


def use_of(
    credit: Bounds[Decimal], vehicle: ReturnVehicle, claim: Claim, law: Law
) -> CreditAllocation:
    """What becomes of a credit by the use of the vehicle."""
    return allocate_credit(
        credit,
        TaxReturn(business_use_percent=vehicle.business_use_percent),
        placed_in_service=claim.purchase.placed_in_service,
        law=law,
    )


def _with_few_wheels(
    result: Assessment, vehicle: ReturnVehicle, use: CreditAllocation, law: Law
) -> tuple[CreditAllocation, SmallVehicleAccount | None]:
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


def _claim_of(vehicle: ReturnVehicle, stated: CleanVehicleReturn) -> Claim:
    """The claim, with what the return states of its taxpayer and of its use."""
    claim = vehicle.claim
    taxpayer = stated.taxpayer if claim.taxpayer == Taxpayer() else claim.taxpayer
    taxpayer = attrs.evolve(taxpayer, prior_credits=stated.prior_credits_of(vehicle))
    claim = attrs.evolve(claim, taxpayer=taxpayer)
    facts: dict[str, Any] = {}
    if without_business(vehicle):
        facts["purchase.depreciable"] = False
    if vehicle.credit_determined is not None and vehicle.credit is Credit.NEW_VEHICLE:
        facts["vehicle.listing"] = _as_listed(vehicle.credit_determined)
    changed: Claim = with_facts(claim, facts)
    return changed


def _as_listed(credit: Decimal) -> ListedVehicle:
    """A known credit for a new vehicle: it settles what a row of a published list settles."""
    return ListedVehicle(
        list_id="credit determined",
        list_name="the tentative credit as stated of the return",
        credit=credit,
        valid_from=date.min,
        valid_to=date.max,
    )


def determined(vehicle: ReturnVehicle, result: Assessment) -> Bounds[Decimal]:
    """The credit of a vehicle: as computed, or the known one where the law allows one at all."""
    known = vehicle.credit_determined
    if known is None or vehicle.credit is Credit.NEW_VEHICLE:
        return result.credit
    stated = Bounds.of(known)
    return {
        Verdict.MET: stated,
        Verdict.UNKNOWN: stated.hull(NONE),
        Verdict.NOT_MET: NONE,
    }[result.verdict]


def without_business(vehicle: ReturnVehicle) -> bool:
    """Whether a commercial credit is claimed for a vehicle with no business use."""
    return (
        vehicle.credit is Credit.COMMERCIAL_VEHICLE
        and depreciable_by_use(vehicle.business_use_percent) is False
    )


# -- transfers of the same year --------------------------------------------------------------


def _reported(vehicle: ReturnVehicle) -> CreditTransfer | None:
    """The transfer, with what the report of the seller states about it; or the one it names."""
    report, transfer = vehicle.claim.purchase.seller_report, vehicle.transfer
    if report is None or report.furnished is False:
        return transfer
    if transfer is None:
        commercial = vehicle.credit is Credit.COMMERCIAL_VEHICLE
        if commercial or not report.transfer_elected:
            return None
        return CreditTransfer(payment=report.transferred_amount)
    return attrs.evolve(transfer, payment=transfer.payment or report.transferred_amount)


def _with_elections(
    index: int, vehicles: list[ReturnVehicle], claims: list[Claim]
) -> CreditTransfer | None:
    """The transfer, with the earlier ones of the return counted for each spouse."""
    vehicle = vehicles[index]
    transfer = vehicle.transfer
    if transfer is None:
        return None
    numbers: dict[bool, list[int]] = {True: [], False: []}
    for other, each in enumerate(vehicles):
        # A cancelled sale voids the election.
        if each.transfer is not None and other != index and not each.claim.purchase.sale_cancelled:
            numbers[_same_buyer(each, vehicle)].append(other)
    days = [
        (each.transfer and each.transfer.elected_on) or _sold(claim)
        for each, claim in zip(vehicles, claims, strict=True)
    ]
    own, others = (_counted(index, numbers[same], days) for same in (True, False))
    return attrs.evolve(
        transfer,
        earlier_elections=_at_least(own, transfer.earlier_elections, ANY_AMOUNT),
        earlier_elections_of_spouse=_at_least(others, transfer.earlier_elections_of_spouse, NONE),
    )


def _counted(index: int, others: list[int], days: list[date | None]) -> Bounds[Decimal]:
    """How many of other elections came before one; on one day, in the order of the return."""
    here = days[index]
    certain = possible = 0
    for other in others:
        day = days[other]
        unknown = day is None or here is None
        earlier = day is not None and here is not None and (day, other) < (here, index)
        certain += earlier
        possible += earlier or unknown
    return Bounds(Decimal(certain), Decimal(possible))


def _at_least(
    counted: Bounds[Decimal], stated: Decimal | Bounds[Decimal] | None, otherwise: Bounds[Decimal]
) -> Decimal | Bounds[Decimal] | None:
    """A stated number of elections that is not below the number counted on the return."""
    if not counted.upper:
        return stated
    known = Bounds.of(stated, otherwise)
    both = Bounds(max(known.lower, counted.lower), max(known.upper, counted.upper))
    return both.lower if both.is_exact else both


def _sold(claim: Claim) -> date | None:
    return claim.purchase.sale_date or claim.purchase.placed_in_service


def _same_buyer(one: ReturnVehicle, other: ReturnVehicle) -> bool:
    return bool(one.bought_by_spouse) is bool(other.bought_by_spouse)


def _credited(earlier: list[FiledVehicle]) -> tuple[tuple[PriorCredit, ...], ...]:
    """The earlier sales of the return with a credit: those that had one, and all that may have."""
    certain = [each for each in earlier if each.own.lower or each.to_dealer.lower]
    possible = [each for each in earlier if each.own.upper or each.to_dealer.upper]
    return tuple(
        tuple(PriorCredit(on=_sold(each.claim)) for each in some) for some in (certain, possible)
    )


def _with_sales(claim: Claim, sales: tuple[PriorCredit, ...]) -> Claim:
    """The claim with more earlier sales; where they were unknown, others may remain."""
    if not sales:
        return claim
    known = claim.taxpayer.prior_credits
    others = (PriorCredit(),) if known is None else known
    more: Claim = with_facts(claim, {"taxpayer.prior_credits": (*others, *sales)})
    return more


def _check_year(stated: CleanVehicleReturn, index: int, result: Assessment) -> None:
    """A fault if the vehicle belongs on the return of another year."""
    day, (first, after) = result.governing_day, days_of(stated)
    if day is not None and not first <= day < after:
        last = after - timedelta(days=1)
        raise InvalidFactError(
            f"clean_vehicle_return.vehicles[{index}].claim.purchase.placed_in_service",
            day,
            f"the return is of {first} to {last}; claim the vehicle on that of its own year",
        )
