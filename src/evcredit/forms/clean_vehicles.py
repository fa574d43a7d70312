"""Form 8936 with its Schedules A, filled in for a return with any number of vehicles.

State the vehicles and the return in a `CleanVehicleReturn`; `fill_forms` assesses each vehicle,
lets the sections of the law divide and limit the credits, and places what they come to on the
lines of the year. Where an amount goes on (Schedules 2 and 3, Form 3800) is placed too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from typing import Any, NamedTuple

import attrs

from evcredit._version import __version__
from evcredit.assessment import Assessment, assess, assess_transfer, section_of
from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.claim import Claim
from evcredit.errors import InvalidFactError, OutsideCoverage
from evcredit.fact import (
    Fault,
    Kind,
    as_choice,
    as_count,
    as_day,
    as_flag,
    as_percent,
    as_price,
    as_tuple,
    check,
    declare,
    with_facts,
)
from evcredit.forms.form import (
    FormLine,
    LinePlace,
    by_form,
    form_years,
    in_markdown,
    lines_of,
)
from evcredit.law import Law, current_law
from evcredit.money import AmountLine, bounds_in_dollars, exact_arithmetic
from evcredit.receipt import facts_to_dict, json_value
from evcredit.rule import Finding, Mode, Rule
from evcredit.section import Credit
from evcredit.section_25e.amount import price_account
from evcredit.section_25e.limits import used_income_of_preceding_year, used_income_of_this_year
from evcredit.section_25e.use_of_credit import PersonalCredits, personal_credits
from evcredit.section_30d.amount import phase_out_account
from evcredit.section_30d.before_2023 import by_cost
from evcredit.section_30d.limits import (
    claimed_by_individual,
    income_of_preceding_year,
    income_of_this_year,
)
from evcredit.section_30d.small_vehicle import SmallVehicleAccount, small_vehicle_account
from evcredit.section_30d.transfer import CreditTransfer, TransferOutcome
from evcredit.section_30d.use_of_credit import UseOfCredit, use_of_credit
from evcredit.section_45w.amount import basis_account
from evcredit.tax_return import TaxReturn
from evcredit.taxpayer import CreditedSale, Taxpayer, TaxpayerKind
from evcredit.verdict import Verdict

__all__ = ["CleanVehicleForms", "CleanVehicleReturn", "ReturnVehicle", "fill_forms"]

_NOTHING = Decimal(0)
_NONE = Bounds.exactly(_NOTHING)
_ENDLESS = Decimal("Infinity")
_ANY_AMOUNT = Bounds(_NOTHING, _ENDLESS)
_ANY_INCOME = Bounds(-_ENDLESS, _ENDLESS)
_ALL = Decimal(100)
_ANY_PERCENT = Bounds(_NOTHING, _ALL)


# -- what is stated ------------------------------------------------------------------------


def _as_credit(value: Credit | str | None) -> Any:
    if value is None:
        return Fault(value, "name a credit, for example '30D'")
    return as_choice(Credit, value)


def _as_vehicles(value: Any) -> Any:
    if value is None:
        return Fault(value, "give a list, empty if there are none")
    return as_tuple(value)


@attrs.frozen(kw_only=True)
class ReturnVehicle:
    """One vehicle of a return: which credit is claimed for it, and how it is used.

    Args:
        claim: The vehicle, the purchase and the taxpayer. A taxpayer that is left out is the one
            of the other vehicles.
        credit: The credit; that for a new vehicle unless stated.
        business_use_percent: Percent of the use of a new vehicle, in the year it was placed in
            service, for business or investment. State 100 for a corporation.
        transfer: The transfer of the credit to the dealer, if there was one; its claim may be
            left out.
        bought_by_spouse: Whether the other spouse of a joint return bought the vehicle, so that
            an earlier credit of the one is none of the other. It was not unless stated.

    Raises:
        InvalidFactError: A fact cannot be true, for example a transfer of another vehicle.
        InvalidFactsError: Several faults.

    >>> ReturnVehicle(business_use_percent=40).credit
    <Credit.NEW_VEHICLE: '30D'>
    """

    claim: Claim = attrs.field(factory=Claim, metadata=declare(Kind.PART, "claim", of=Claim))
    credit: Credit = attrs.field(
        default=Credit.NEW_VEHICLE,
        converter=_as_credit,
        metadata=declare(Kind.CHOICE, "credit", of=Credit),
    )
    business_use_percent: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(Kind.PERCENT, "business use of the vehicle"),
    )
    transfer: CreditTransfer | None = attrs.field(
        default=None,
        metadata=declare(
            Kind.PART, "transfer of the credit to the dealer", of=CreditTransfer, optional=True
        ),
    )
    bought_by_spouse: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "bought by the other spouse", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _vehicle_faults)


def _vehicle_faults(vehicle: ReturnVehicle) -> Iterator[tuple[str, Any, str]]:
    transfer = vehicle.transfer
    if transfer is None:
        return
    if vehicle.credit is Credit.COMMERCIAL_VEHICLE:
        yield "transfer", transfer, "no dealer can take over a commercial credit; leave it out"
    if transfer.claim not in (Claim(), vehicle.claim):
        yield "transfer.claim", transfer.claim, "it is about another claim; leave it out"


@attrs.frozen(kw_only=True)
class CleanVehicleReturn:
    """A return on which credits for clean vehicles are claimed.

    Args:
        tax_year: The calendar year in which the taxable year begins, from 2010 to 2025.
        vehicles: The vehicles placed in service in it.
        tax_return: Tax and other credits of the return. Business use is stated of each vehicle,
            and the credit for used vehicles is worked out, so neither is stated there.
        year_begins: The first day of a taxable year that is no calendar year.
        passed_through_new: US dollars of business credits for new vehicles from partnerships and
            S corporations; none unless stated.
        passed_through_commercial: The same of commercial vehicles.

    Raises:
        InvalidFactError: A fact cannot be true, for example a vehicle of another year.
        InvalidFactsError: Several faults.
        OutsideCoverage: The forms of the year are not held.

    >>> from evcredit import examples
    >>> vehicle = ReturnVehicle(claim=examples.demonstration_claim(), business_use_percent=0)
    >>> CleanVehicleReturn(tax_year=2024, vehicles=[vehicle]).taxpayer.kind is None
    True
    """

    tax_year: Decimal | None = attrs.field(
        default=None, converter=as_count, metadata=declare(Kind.COUNT, "tax year")
    )
    vehicles: tuple[ReturnVehicle, ...] = attrs.field(
        default=(),
        converter=_as_vehicles,
        metadata=declare(Kind.PARTS, "vehicles of the return", of=ReturnVehicle),
    )
    tax_return: TaxReturn = attrs.field(
        factory=TaxReturn, metadata=declare(Kind.PART, "tax return", of=TaxReturn)
    )
    year_begins: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "first day of the taxable year", optional=True),
    )
    passed_through_new: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "business credits passed through, new", optional=True),
    )
    passed_through_commercial: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "business credits passed through, commercial", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _return_faults)

    @property
    def year(self) -> int:
        """The tax year as a number."""
        return int(self.tax_year or 0)

    @property
    def taxpayer(self) -> Taxpayer:
        """The taxpayer, as the first claim that states one has it."""
        return next((t for t in _taxpayers(self.vehicles) if t != Taxpayer()), Taxpayer())


def _taxpayers(vehicles: Iterable[ReturnVehicle]) -> Iterator[Taxpayer]:
    return (vehicle.claim.taxpayer for vehicle in vehicles)


def _days_of(stated: CleanVehicleReturn) -> tuple[date, date]:
    """The first day of the taxable year and the first day after it."""
    first = stated.year_begins or date(stated.year, 1, 1)
    if (first.month, first.day) == (2, 29):
        return first, date(first.year + 1, 3, 1)
    return first, first.replace(year=first.year + 1)


#: What must be the same of all claims: it is one taxpayer's return.
_SHARED = ("kind", "current_year", "preceding_year")


def _return_faults(stated: CleanVehicleReturn) -> Iterator[tuple[str, Any, str]]:
    if not isinstance(stated.tax_year, Decimal):
        yield "tax_year", stated.tax_year, "give the year, for example 2024"
        return
    if stated.year not in form_years():
        held = f"tax years {form_years()[0]} to {form_years()[-1]}"
        raise OutsideCoverage("the forms of a tax year", stated.year, held)
    if stated.year_begins is not None and stated.year_begins.year != stated.year:
        yield "year_begins", stated.year_begins, f"give a day of {stated.year}"
        return
    for name in ("business_use_percent", "previously_owned_vehicle_credit"):
        value = getattr(stated.tax_return, name)
        if value is not None:
            remedy = "leave it out: it is stated, or follows, of each vehicle"
            yield f"tax_return.{name}", value, remedy
    seen: dict[str, int] = {}
    for index, vehicle in enumerate(stated.vehicles):
        path = f"vehicles[{index}]"
        yield from _place_faults(stated, vehicle, path)
        vin = vehicle.claim.vehicle.vin
        if vin is not None and vin in seen:
            remedy = f"it is the number of vehicles[{seen[vin]}] too; one vehicle, one credit"
            yield f"{path}.claim.vehicle.vin", vin, remedy
        seen.setdefault(vin or "", index)


def _place_faults(
    stated: CleanVehicleReturn, vehicle: ReturnVehicle, path: str
) -> Iterator[tuple[str, Any, str]]:
    if not lines_of(stated.year, "vehicle", vehicle.credit):
        remedy = f"the form of {stated.year} has no place for it"
        yield f"{path}.credit", vehicle.credit.value, remedy
    taxpayer = vehicle.claim.taxpayer
    if taxpayer != Taxpayer():
        for name in _SHARED:
            if getattr(taxpayer, name) != getattr(stated.taxpayer, name):
                remedy = "it differs from that of an earlier vehicle of the return"
                yield f"{path}.claim.taxpayer.{name}", getattr(taxpayer, name), remedy


# -- what comes of each vehicle ------------------------------------------------------------


class _Placed(NamedTuple):
    """One vehicle of the return with all that comes of it."""

    number: int
    vehicle: ReturnVehicle
    claim: Claim
    #: Under the supposition that leaves most, and that leaves least, of earlier used vehicles.
    results: tuple[Assessment, ...]
    outcome: TransferOutcome | None
    #: What is left to the taxpayer's own return.
    own: Bounds[Decimal]
    use: UseOfCredit
    #: Of a vehicle with few wheels before 2023, or one that may have few.
    few_wheels: SmallVehicleAccount | None

    @property
    def result(self) -> Assessment:
        return self.results[0]

    @property
    def to_dealer(self) -> Bounds[Decimal]:
        return _NONE if self.outcome is None else self.outcome.credit_to_dealer

    @property
    def repaid(self) -> Bounds[Decimal]:
        return _NONE if self.outcome is None else self.outcome.buyer_repays

    @property
    def basis(self) -> Finding:
        return self.result.finding if self.outcome is None else self.outcome.finding


def _add(amounts: Iterable[Bounds[Decimal]]) -> Bounds[Decimal]:
    exact = exact_arithmetic()

    def both(one: Bounds[Decimal], other: Bounds[Decimal]) -> Bounds[Decimal]:
        return Bounds(exact.add(one.lower, other.lower), exact.add(one.upper, other.upper))

    return reduce(both, amounts, _NONE)


def _placed(stated: CleanVehicleReturn, law: Law) -> tuple[_Placed, ...]:
    """Every vehicle of the return, in the order in which they are stated."""
    found: dict[int, _Placed] = {}
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
) -> _Placed:
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
    use = _use_of(own, vehicle, claim, law)
    account = None
    if vehicle.credit is _NEW and stated.year < _FIRST_SCHEDULE_A:
        account = _few_wheels(results[0], vehicle, law)
        if account is not None:
            own, use = _with_account(results[0], use, account, law)
    return _Placed(index + 1, vehicle, claim, results, outcome, own, use, account)


def _use_of(credit: Bounds[Decimal], vehicle: ReturnVehicle, claim: Claim, law: Law) -> UseOfCredit:
    return use_of_credit(
        credit,
        TaxReturn(business_use_percent=vehicle.business_use_percent),
        placed_in_service=claim.purchase.placed_in_service,
        law=law,
    )


def _few_wheels(result: Assessment, vehicle: ReturnVehicle, law: Law) -> SmallVehicleAccount | None:
    """The account of a vehicle that has, or may have, few wheels."""
    bound = section_of(Credit.NEW_VEHICLE).of(result.claim, law)
    if result.verdict is Verdict.NOT_MET or by_cost.bind(bound.binding)(result.claim) is False:
        return None
    percent = Bounds.of(vehicle.business_use_percent, _ANY_PERCENT)
    parts = result.claim.purchase.basis_parts
    deducted = _ANY_AMOUNT if percent.upper else _NONE
    if parts is not None:
        deducted = Bounds.of(parts.section_179_deduction, deducted)
    cost = phase_out_account(result.claim, bound).left
    return small_vehicle_account(cost, percent, deducted, bound.binding)


def _with_account(
    result: Assessment, use: UseOfCredit, account: SmallVehicleAccount, law: Law
) -> tuple[Bounds[Decimal], UseOfCredit]:
    """The credit and its parts by that account; others too, as far as they are possible."""
    business, personal, own = account.business_part, account.personal_part, account.credit
    bound = section_of(Credit.NEW_VEHICLE).of(result.claim, law)
    if by_cost.bind(bound.binding)(result.claim) is None:
        business, personal = business.hull(use.business_part), personal.hull(use.personal_part)
        own = own.hull(use.credit)
    if result.verdict is Verdict.UNKNOWN:
        business, personal, own = (each.hull(_NONE) for each in (business, personal, own))
    return own, attrs.evolve(use, credit=own, business_part=business, personal_part=personal)


def _claim_of(vehicle: ReturnVehicle, taxpayer: Taxpayer) -> Claim:
    claim = vehicle.claim
    return attrs.evolve(claim, taxpayer=taxpayer) if claim.taxpayer == Taxpayer() else claim


def _sold(claim: Claim) -> date | None:
    return claim.purchase.sale_date or claim.purchase.placed_in_service


def _same_buyer(one: ReturnVehicle, other: ReturnVehicle) -> bool:
    return bool(one.bought_by_spouse) is bool(other.bought_by_spouse)


def _credited(earlier: list[_Placed]) -> tuple[tuple[CreditedSale, ...], ...]:
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
    day, (first, after) = result.governed_as_of, _days_of(stated)
    if day is not None and not first <= day < after:
        last = after - timedelta(days=1)
        raise InvalidFactError(
            f"clean_vehicle_return.vehicles[{index}].claim.purchase.placed_in_service",
            day,
            f"the return is of {first} to {last}; claim the vehicle on that of its own year",
        )


# -- what stands on the lines --------------------------------------------------------------

Value = Bounds[Decimal] | Verdict | str | None


class _Entry(NamedTuple):
    """What stands on a line, and what it rests on."""

    value: Value
    rests_on: Finding | AmountLine | None = None

    @property
    def answer(self) -> Verdict:
        """The value of an answer."""
        return self.value if isinstance(self.value, Verdict) else Verdict.UNKNOWN


def _text(value: Any) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _stated(value: Any, otherwise: Bounds[Decimal] = _ANY_AMOUNT) -> _Entry:
    return _Entry(Bounds.of(value, otherwise))


def _answer(finding: Finding, *, negated: bool = False) -> _Entry:
    return _Entry(~finding.verdict if negated else finding.verdict, finding)


#: Of each credit the answers that a finding gives: its code, and whether the line denies it.
_ANSWERS = {
    Credit.NEW_VEHICLE: {
        "acquired_in_time": ("not_terminated", False),
        "used_abroad": ("used_in_united_states", True),
        "resold": ("not_resold_early", True),
        "for_use": ("use_or_lease", False),
    },
    Credit.PREVIOUSLY_OWNED_VEHICLE: {
        "acquired_in_time": ("while_it_lasted", False),
        "used_abroad": ("used_in_united_states", True),
        "resold": ("not_resold_early", True),
        "recent_credit": ("no_recent_credit", True),
        "price_over": ("sale_price", True),
        "for_use": ("bought_for_use", False),
        "dependent": ("not_a_dependent", True),
        "fuel_cell": ("used_fuel_cell_vehicle", False),
    },
    Credit.COMMERCIAL_VEHICLE: {
        "acquired_in_time": ("commercial_acquisition", False),
        "used_abroad": ("used_in_united_states", True),
        "depreciable": ("depreciable_or_exempt", False),
        "for_use": ("commercial_use_or_lease", False),
    },
}
#: The definition of each kind of vehicle; what the schedule asks on a line of its own is left out.
_DEFINITIONS = {
    Credit.NEW_VEHICLE: "new_clean_vehicle",
    Credit.PREVIOUSLY_OWNED_VEHICLE: "previously_owned_clean_vehicle",
    Credit.COMMERCIAL_VEHICLE: "commercial_clean_vehicle",
}
#: The same of rules that decide nothing by themselves.
_INCOMES: dict[Credit, dict[str, Rule]] = {
    Credit.NEW_VEHICLE: {
        "income_over": income_of_this_year,
        "income_before_over": income_of_preceding_year,
    },
    Credit.PREVIOUSLY_OWNED_VEHICLE: {
        "income_over": used_income_of_this_year,
        "income_before_over": used_income_of_preceding_year,
    },
}


def _of_vehicle(placed: _Placed, year: int, law: Law) -> dict[str, _Entry]:
    """What stands on the lines of one vehicle."""
    vehicle, credit, claim = placed.claim.vehicle, placed.vehicle.credit, placed.claim
    named = (vehicle.model_year, vehicle.make, vehicle.model)
    day = claim.purchase.placed_in_service
    entries: dict[str, _Entry] = {
        "model_year": _Entry(_text(vehicle.model_year)),
        "make": _Entry(vehicle.make),
        "model": _Entry(vehicle.model),
        "year_make_model": _Entry(" ".join(_text(each) or "unknown" for each in named)),
        "vin": _Entry(vehicle.vin),
        "placed_in_service": _Entry(_text(day)),
        "day_on_old_form": _Entry(_text(placed.result.governed_as_of)),
    }
    if credit is Credit.NEW_VEHICLE and year < _FIRST_SCHEDULE_A:
        return entries | _new(placed, law) | _old_form(placed, law)
    for key, (code, negated) in _ANSWERS[credit].items():
        entries[key] = _answer(placed.result.find(code), negated=negated)
    for key, rule in _INCOMES.get(credit, {}).items():
        entries[key] = _answer(rule.finding(claim, law), negated=True)
    definition = placed.result.find(_DEFINITIONS[credit])
    asked = {code for code, _ in _ANSWERS[credit].values()}
    kind = [_answer(each) for each in _but_for(definition, asked)]
    entries["of_the_kind"] = _joint(kind)
    entries["of_the_kind_in_time"] = _joint([*kind, entries["acquired_in_time"]])
    entries |= _AMOUNTS[credit](placed, law)
    if placed.vehicle.business_use_percent == _ALL:
        entries.pop("personal_part", None)  # Schedule A stops before it
    return entries | _of_transfer(placed.outcome, entries)


def _but_for(finding: Finding, codes: set[str]) -> Iterator[Finding]:
    """What a finding is made of, without the findings of some codes."""
    if finding.rule.mode is Mode.ALL and any(each.code in codes for each in finding.walk()):
        for branch in finding.branches:
            if branch.code not in codes:
                yield from _but_for(branch, codes)
    else:
        yield finding


def _joint(answers: list[_Entry]) -> _Entry:
    """Whether all answers are yes; it rests on the first that decides."""
    joint = reduce(Verdict.__and__, (each.answer for each in answers))
    return next(each for each in answers if each.answer is joint)


def _of_transfer(outcome: TransferOutcome | None, answers: dict[str, _Entry]) -> dict[str, _Entry]:
    """What was transferred, and whether an answer of the schedule takes the credit away."""
    if outcome is None:
        return {"transferred": _Entry(Verdict.NOT_MET)}

    def says(key: str, otherwise: Verdict) -> Verdict:
        return answers[key].answer if key in answers else otherwise

    over = says("income_over", Verdict.NOT_MET) & says("income_before_over", Verdict.NOT_MET)
    denied = says("resold", Verdict.NOT_MET) | (says("individual", Verdict.MET) & over)
    transferred = {"transferred": _Entry(outcome.verdict, outcome.finding)}
    if outcome.verdict is Verdict.NOT_MET:
        return transferred
    return transferred | {
        "transferred_amount": _Entry(outcome.payment, outcome.finding),
        "transfer_denied": _Entry(outcome.verdict & denied, outcome.finding),
    }


_FIRST_SCHEDULE_A = 2023


def _old_form(placed: _Placed, law: Law) -> dict[str, _Entry]:
    if placed.result.verdict is Verdict.NOT_MET:
        return {}
    bound = section_of(Credit.NEW_VEHICLE).of(placed.claim, law)
    account = phase_out_account(placed.claim, bound)
    entries = {
        "amount_before_2023": _Entry(account.amount),
        "phase_out_percent": _Entry(account.percent),
        "after_phase_out": _Entry(account.left),
    }
    few = placed.few_wheels
    if few is None:
        whole = _use_of(account.left, placed.vehicle, placed.claim, law)
        shares = whole.business_part, whole.personal_part
    else:
        shares = few.business_share, few.personal_share
        entries |= {f"few_wheels.{name}": _Entry(value) for name, value in few._asdict().items()}
    entries |= zip(("business_share", "personal_share"), map(_Entry, shares), strict=True)
    return entries


def _new(placed: _Placed, law: Law) -> dict[str, _Entry]:
    lines = placed.use.lines
    return {
        "individual": _answer(claimed_by_individual.finding(placed.claim, law)),
        "tentative": _Entry(placed.own, placed.basis),
        "business_percent": _stated(placed.vehicle.business_use_percent, _ANY_PERCENT),
        "business_part": _Entry(placed.use.business_part, lines[1]),
        "personal_part": _Entry(placed.use.personal_part, lines[2]),
    }


def _used(placed: _Placed, law: Law) -> dict[str, _Entry]:
    bound = section_of(Credit.PREVIOUSLY_OWNED_VEHICLE).of(placed.claim, law)
    account = price_account(placed.claim, bound.binding)
    entries = {
        "sale_price": _Entry(account.price),
        "used_credit": _Entry(placed.own, placed.basis),
    }
    if placed.result.verdict is not Verdict.NOT_MET:
        entries["part_of_price"] = _Entry(account.part)
        entries["price_limit"] = _Entry(account.limit)
    return entries


def _commercial(placed: _Placed, law: Law) -> dict[str, _Entry]:
    bound = section_of(Credit.COMMERCIAL_VEHICLE).of(placed.claim, law)
    account = basis_account(placed.claim, bound.binding)
    purchase, vehicle = placed.claim.purchase, placed.claim.vehicle
    cost, deducted = _cost_and_deduction(placed.claim, account.basis)
    pounds = vehicle.gross_vehicle_weight_rating_lb
    entries = {
        "registered": _Entry(Verdict.of(purchase.elective_payment_registered)),
        "engine": _Entry(Verdict.of(vehicle.gasoline_or_diesel_engine)),
        "weight": _Entry(None if pounds is None else f"{_text(pounds)} pounds"),
        "cost": _Entry(cost),
        "section_179": _Entry(deducted),
        "basis": _Entry(account.basis),
        "commercial_credit": _Entry(placed.own, placed.basis),
    }
    if placed.result.verdict is not Verdict.NOT_MET:
        entries["part_of_basis"] = _Entry(account.of_basis)
        entries["incremental_cost"] = _Entry(account.incremental_cost)
        entries["lesser"] = _Entry(account.lesser)
        entries["weight_limit"] = _Entry(account.limit)
    return entries


def _cost_and_deduction(
    claim: Claim, basis: Bounds[Decimal]
) -> tuple[Bounds[Decimal], Bounds[Decimal]]:
    """Cost or other basis, and the deduction under section 179, as far as they are stated."""
    parts = claim.purchase.basis_parts
    if parts is None:
        return Bounds(basis.lower, _ENDLESS), _ANY_AMOUNT
    before = attrs.evolve(parts, section_179_deduction=_NOTHING).basis
    return Bounds.of(before), Bounds.of(parts.section_179_deduction, _ANY_AMOUNT)


_AMOUNTS: dict[Credit, Callable[[_Placed, Law], dict[str, _Entry]]] = {
    Credit.NEW_VEHICLE: _new,
    Credit.PREVIOUSLY_OWNED_VEHICLE: _used,
    Credit.COMMERCIAL_VEHICLE: _commercial,
}

#: Who has an income that the form asks for; of a taxpayer of no stated kind it is supposed.
_WITH_INCOME = (None, TaxpayerKind.INDIVIDUAL, TaxpayerKind.ESTATE_OR_TRUST)
_OWNERS = (TaxpayerKind.PARTNERSHIP, TaxpayerKind.S_CORPORATION)
_PARTS = (
    "adjusted_gross_income",
    "puerto_rico_exclusion",
    "foreign_income_exclusion",
    "foreign_housing_deduction",
    "american_samoa_exclusion",
)


def _of_income(taxpayer: Taxpayer) -> dict[str, _Entry]:
    """Part I: the incomes of the two years."""
    if taxpayer.kind not in _WITH_INCOME:
        return {}
    entries = {}
    for name in ("current_year", "preceding_year"):
        year = getattr(taxpayer, name)
        for part in _PARTS:
            otherwise = _ANY_INCOME if part == _PARTS[0] else _ANY_AMOUNT
            value = None if year.income_parts is None else getattr(year.income_parts, part)
            entries[f"{name}.{part}"] = _stated(value, otherwise)
        total = "modified_adjusted_gross_income"
        entries[f"{name}.{total}"] = _stated(getattr(year, total), _ANY_INCOME)
    totals = [entry.value for key, entry in entries.items() if key.endswith(total)]
    one, other = (each for each in totals if isinstance(each, Bounds))
    lesser = Bounds(min(one.lower, other.lower), min(one.upper, other.upper))
    status = taxpayer.preceding_year.filing_status
    return entries | {
        "lesser_income": _Entry(lesser),
        "preceding_filing_status": _Entry(None if status is None else status.value),
    }


def _before(
    other: Bounds[Decimal], allowed: Bounds[Decimal], *, comes_first: bool | None
) -> Bounds[Decimal]:
    """The personal credits that come before one of the two, if the other does."""
    ways = {True: (allowed,), False: (_NONE,), None: (allowed, _NONE)}[comes_first]
    return reduce(Bounds.hull, (_add((other, each)) for each in ways))


def _of_return(
    stated: CleanVehicleReturn, placed: tuple[_Placed, ...], personal: PersonalCredits
) -> dict[str, _Entry]:
    """What stands on the lines of the whole return."""

    def of(credit: Credit) -> list[_Placed]:
        return [each for each in placed if each.vehicle.credit is credit]

    new, used = of(Credit.NEW_VEHICLE), of(Credit.PREVIOUSLY_OWNED_VEHICLE)
    business = _add(each.use.business_part for each in new)
    commercial = _add(each.own for each in of(Credit.COMMERCIAL_VEHICLE))
    passed = Bounds.of(stated.passed_through_new, _NONE)
    passed_commercial = Bounds.of(stated.passed_through_commercial, _NONE)
    tax = _stated(stated.tax_return.tax_before_credits)
    other = Bounds.of(stated.tax_return.other_personal_credits, _ANY_AMOUNT)
    first, lines = personal.used_first, personal.lines
    second = None if first is None else not first
    return {
        **_of_income(stated.taxpayer),
        "new_business": _Entry(business),
        "new_pass_through": _Entry(passed),
        "new_business_total": _Entry(_add((business, passed))),
        "new_personal": _Entry(_add(each.use.personal_part for each in new)),
        "tax": tax,
        "before_new": _Entry(_before(other, personal.used_allowed, comes_first=first)),
        "left_for_new": _Entry(personal.left_for_new, lines[3]),
        "new_allowed": _Entry(personal.new_allowed, lines[4]),
        "used": _Entry(_add(each.own for each in used)),
        "before_used": _Entry(_before(other, personal.new_allowed, comes_first=second)),
        "left_for_used": _Entry(personal.left_for_used, lines[0]),
        "used_allowed": _Entry(personal.used_allowed, lines[1]),
        "commercial": _Entry(commercial),
        "commercial_pass_through": _Entry(passed_commercial),
        "commercial_total": _Entry(_add((commercial, passed_commercial))),
        "new_repaid": _Entry(_add(each.repaid for each in new)),
        "used_repaid": _Entry(_add(each.repaid for each in used)),
    }


#: The lines on which a credit is left out that is not the taxpayer's own, or not allowed for a
#: reason that the schedule does not ask for; how the form does that was not seen.
_NETTED = ("tentative", "business_part", "personal_part", "used_credit", "commercial_credit")


def _left_out(placed: _Placed) -> bool:
    return placed.outcome is not None or placed.result.verdict is Verdict.NOT_MET


def _fill(
    places: Iterable[LinePlace], entries: dict[str, _Entry], year: int, placed: _Placed | None
) -> Iterator[FormLine]:
    going_to = ""
    left_out = placed is not None and _left_out(placed)
    transferred = entries.get("transferred", _Entry(None)).answer is Verdict.MET
    for place in places:
        entry = entries.get(place.key)
        if entry is None or going_to not in ("", place.line):
            continue
        netted = left_out and place.key in _NETTED
        going_to = place.next_line(entry.value, transferred=transferred)
        rests_on = entry.rests_on
        yield FormLine(
            form=place.form,
            line=place.line,
            key=place.key,
            caption=place.caption,
            kind=place.kind,
            value=entry.value,
            verified=year in place.verified and not netted,
            citation=place.citation or getattr(rests_on, "citation", None),
            rests_on=rests_on,
            computed_from=place.computed_from,
            vehicle=None if placed is None else placed.number,
        )


def _without(places: Iterable[LinePlace], part: str) -> list[LinePlace]:
    return [each for each in places if not part or each.part != part]


# -- the result ----------------------------------------------------------------------------


@attrs.frozen(kw_only=True, slots=False)
class CleanVehicleForms:
    """The forms of a return, filled in. Made by `fill_forms`.

    Args:
        stated: The return.
        law: The law it was filled in under.
    """

    stated: CleanVehicleReturn
    law: Law

    @cached_property
    def _placed(self) -> tuple[_Placed, ...]:
        return _placed(self.stated, self.law)

    @cached_property
    def personal(self) -> PersonalCredits:
        """How the personal credits for new and used vehicles share the tax of the return."""
        of = Credit.PREVIOUSLY_OWNED_VEHICLE
        return personal_credits(
            _add(p.use.personal_part for p in self._placed if p.vehicle.credit is _NEW),
            _add(p.own for p in self._placed if p.vehicle.credit is of),
            self.stated.tax_return,
            law=self.law,
        )

    @cached_property
    def lines(self) -> tuple[FormLine, ...]:
        """Every line, form by form; the Schedules A come after Form 8936 and where it leads."""
        year = self.stated.year
        entries = _of_return(self.stated, self._placed, self.personal)
        owners = self.stated.taxpayer.kind in _OWNERS
        blank = "" if self._for_business else "business"
        places = [
            each
            for each in lines_of(year, "return")
            if not each.filers or (each.filers == "owners") is owners
        ]
        found = [*_fill(_without(places, blank), entries, year, None)]
        for placed in self._placed:
            of = _of_vehicle(placed, year, self.law)
            places = _without(lines_of(year, "vehicle", placed.vehicle.credit), blank)
            found += _fill(places, of, year, placed)
        return tuple(found)

    @property
    def _for_business(self) -> bool:
        """Whether anything on the return is, or may be, for business."""
        uses = (each.vehicle.business_use_percent for each in self._placed)
        percents = [Bounds.of(use, _ANY_PERCENT) for use in uses]
        passed = Bounds.of(self.stated.passed_through_new, _NONE)
        return any(each.upper for each in (*percents, passed))

    def line(self, line: str, *, form: str = "Form 8936", vehicle: int | None = None) -> FormLine:
        """One line.

        Args:
            line: Its number on the form, such as "13".
            form: The form; the beginning of its name will do.
            vehicle: Of a Schedule A, the vehicle, counted from 1.

        Raises:
            KeyError: There is no such line on this return.
        """
        for each in self.lines:
            if each.line == line and each.vehicle == vehicle and each.form.startswith(form):
                return each
        raise KeyError(f"{form}, line {line}" + (f", vehicle {vehicle}" if vehicle else ""))

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """The assessment of each vehicle, in the order of the return."""
        return tuple(each.result for each in self._placed)

    @property
    def transfers(self) -> tuple[TransferOutcome | None, ...]:
        """What came of the transfer of each vehicle's credit, `None` where there was none."""
        return tuple(each.outcome for each in self._placed)

    @property
    def own_credits(self) -> Bounds[Decimal]:
        """The credits of all vehicles that are left to this return, before any limit."""
        return _add(each.own for each in self._placed)

    @property
    def business_credit(self) -> Bounds[Decimal]:
        """What of them is a general business credit; its limit is not worked out here."""
        return _add(
            each.use.business_part if each.vehicle.credit is _NEW else each.own
            for each in self._placed
            if each.vehicle.credit is not Credit.PREVIOUSLY_OWNED_VEHICLE
        )

    @property
    def personal_credit(self) -> Bounds[Decimal]:
        """What of them is a personal credit and allowed."""
        return self.personal.allowed

    @property
    def lost(self) -> Bounds[Decimal]:
        """What of them is lost for want of tax, and not carried to another year."""
        return self.personal.lost

    @property
    def account(self) -> tuple[AmountLine, ...]:
        """Where all the credits go: nothing is created and nothing gets lost."""
        cite = Citation.parse
        return (
            AmountLine("credits on this return", self.own_credits, cite("26 USC 30D(a)")),
            AmountLine(
                "of them general business credits, whose unused part is carried",
                self.business_credit,
                cite("26 USC 39(a)"),
            ),
            AmountLine("of them personal credits allowed", self.personal_credit, _TAX_LIMIT),
            AmountLine("of them lost, not carried to another year", self.lost, _TAX_LIMIT),
            AmountLine(
                "credits transferred to dealers",
                _add(each.to_dealer for each in self._placed),
                cite("26 USC 30D(g)(1)"),
            ),
            AmountLine(
                "transferred credits to be repaid",
                _add(each.repaid for each in self._placed),
                cite("26 USC 30D(g)(10)"),
            ),
        )

    def missing(self) -> tuple[str, ...]:
        """The paths of the facts that are not known exactly and may bear on an amount."""
        found: list[str] = []
        for each in self._placed:
            path = f"vehicles[{each.number - 1}]"
            if not (each.own.is_exact and each.repaid.is_exact):
                for result in each.results:
                    found += (f"{path}.claim.{name}" for name in result.missing())
            few = each.few_wheels
            if few is not None and not few.section_179.is_exact and not few.business_part.is_exact:
                found.append(f"{path}.claim.{_SECTION_179}")
            found += _missing_of_transfer(each, path)
            if each.vehicle.credit is _NEW and "business_use_percent" in each.use.missing:
                found.append(f"{path}.business_use_percent")
        found += (f"tax_return.{name}" for name in self.personal.missing)
        return tuple(dict.fromkeys(found))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should look at again, vehicle by vehicle."""
        return (
            *(
                f"vehicle {each.number}: {warning}"
                for each in self._placed
                for warning in (*each.result.warnings, *_report_warnings(each))
            ),
            *self._return_warnings(),
        )

    def _return_warnings(self) -> Iterator[str]:
        """Where the tax cannot be that of the form, which holds what is repaid."""
        repaid = _add(each.repaid for each in self._placed)
        tax = Bounds.of(self.stated.tax_return.tax_before_credits, _ANY_AMOUNT)
        if tax.upper < repaid.lower:
            yield (
                f"the tax before credits is below the {bounds_in_dollars(repaid)} of transferred "
                "credits to be repaid, which are part of it (Form 1040, line 18)"
            )

    def explain(self, form: str = "text") -> str:
        """The forms line by line, then where the credits go and what is missing.

        Args:
            form: ``"text"``, or ``"markdown"`` for a table of each form, which notebooks show.

        Raises:
            ValueError: There is no such form.
        """
        if form not in ("text", "markdown"):
            raise ValueError(f"no form is called {form!r}; give 'text' or 'markdown'")
        markdown = form == "markdown"
        told = []
        for title, lines in by_form(self.lines):
            rows = [*_TABLE, *map(in_markdown, lines)] if markdown else [f"  {i}" for i in lines]
            told += _headed(title, rows, markdown=markdown)
        accounts = (
            f"{line.label}: {bounds_in_dollars(line.amount)} [{line.citation}]"
            for line in self.account
        )
        for title, items in (
            ("Where the credits go", accounts),
            ("Look at again", self.warnings),
            ("Not known exactly", self.missing()),
        ):
            mark = "- " if markdown else "  "
            rows = [mark + (i.replace("$", "\\$") if markdown else i) for i in items]
            told += _headed(title, rows, markdown=markdown) if rows else []
        return "\n".join(told[:-1]) + "\n"

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def to_dict(self) -> dict[str, Any]:
        """The forms, ready for JSON, with what it takes to obtain them again."""
        return {
            "tax_year": self.stated.year,
            "lines": [line.to_dict() for line in self.lines],
            "account": [
                {
                    "label": line.label,
                    "amount": json_value(line.amount),
                    "citation": str(line.citation),
                }
                for line in self.account
            ],
            "missing": list(self.missing()),
            "warnings": list(self.warnings),
            "receipt": {
                "evcredit": __version__,
                "law": self.law.name,
                "as_known_on": json_value(self.law.as_known_on),
                "law_digest": self.law.digest,
                "facts": facts_to_dict(self.stated),
            },
        }

    def __reduce__(self) -> tuple[Any, ...]:
        # Everything else follows from the return and the law.
        return _fill_again, (self.stated, self.law)


_NEW = Credit.NEW_VEHICLE
_TABLE = ("| line | what | value | law |", "|---|---|--:|---|")
_SECTION_179 = "purchase.basis_parts.section_179_deduction"
_TAX_LIMIT = Citation.parse("26 USC 26(a)")


def _headed(title: str, rows: list[str], *, markdown: bool) -> list[str]:
    return [f"**{title}**", "", *rows, ""] if markdown else [title, *rows, ""]


def _fill_again(stated: CleanVehicleReturn, law: Law) -> CleanVehicleForms:
    return fill_forms(stated, law=law)


#: Facts of a transfer that bear on the return of the dealer alone.
_OF_THE_DEALER = ("advance_payment", "reasonable_cause")


def _missing_of_transfer(placed: _Placed, path: str) -> Iterator[str]:
    """What is not known of a transfer and bears on the buyer's return."""
    transfer, outcome = placed.vehicle.transfer, placed.outcome
    if transfer is None or outcome is None:
        return
    # A credit that is worked out is as open as the facts of the claim, which are named.
    worked_out = ("credit",) if transfer.credit is None else ()
    for name in outcome.missing:
        if name.startswith("tax_return."):
            yield name
        elif name.startswith("claim."):
            yield f"{path}.{name}"
        elif name not in (*_OF_THE_DEALER, *worked_out):
            yield f"{path}.transfer.{name}"


def _report_warnings(placed: _Placed) -> Iterator[str]:
    """Where the credit is above the greatest one that the seller reported."""
    report = placed.claim.purchase.seller_report
    if report is None or report.maximum_credit is None:
        return
    most = Bounds.of(report.maximum_credit)
    if placed.own.lower > most.upper:
        yield (
            f"the credit of {bounds_in_dollars(placed.own)} is above the {bounds_in_dollars(most)} "
            "of the seller report"
        )


def fill_forms(stated: CleanVehicleReturn, *, law: Law | None = None) -> CleanVehicleForms:
    """Fill in the forms of a return on which credits for clean vehicles are claimed.

    Each vehicle is assessed by itself, save that a credit for a used vehicle bars the next one of
    the same buyer for three years, on the same return too. Where a reading asks back a transferred
    credit above the tax of the year, each one is held against the tax by itself.

    Args:
        stated: The return.
        law: The law; `current_law` if left out.

    Raises:
        InvalidFactError: A vehicle belongs on the return of another year.
        OutsideCoverage: A vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> vehicle = ReturnVehicle(claim=examples.demonstration_claim(), business_use_percent=40)
    >>> tax_return = TaxReturn(tax_before_credits=3_800, other_personal_credits=0)
    >>> forms = fill_forms(
    ...     CleanVehicleReturn(tax_year=2024, vehicles=[vehicle], tax_return=tax_return)
    ... )
    >>> print(forms.line("8").amount, forms.line("13").amount, forms.lost)
    3000 3800 700
    """
    forms = CleanVehicleForms(stated=stated, law=current_law() if law is None else law)
    _ = forms.lines  # what cannot be filled in is told here, and not when it is looked at
    return forms
