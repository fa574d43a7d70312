"""What is on the lines of the forms, by its key; `form` knows on which line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.bound import finding_of
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.finding import Finding
from evcredit.algebra.money import AmountLine, add_up, lesser_of
from evcredit.algebra.rule import Rule
from evcredit.algebra.topic import Mode
from evcredit.algebra.verdict import Verdict
from evcredit.facts.claim import Claim
from evcredit.facts.taxpayer import Taxpayer, TaxpayerKind
from evcredit.forms.lines import has_schedules
from evcredit.forms.passed_through import PassedThrough
from evcredit.forms.return_facts import CleanVehicleReturn
from evcredit.forms.vehicle import ANY_AMOUNT, ANY_PERCENT, ENDLESS, NONE, FiledVehicle, use_of
from evcredit.law.law import Law
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit
from evcredit.provisions.transfer import TransferOutcome
from evcredit.section_25e.amount import price_account
from evcredit.section_25e.limits import used_income_of_prior_year, used_income_of_this_year
from evcredit.section_25e.tax_limit import PersonalCredits
from evcredit.section_30d.amount import phase_out_account
from evcredit.section_30d.limits import (
    claimed_by_individual,
    income_of_prior_year,
    income_of_this_year,
)
from evcredit.section_45w.amount import basis_account

__all__ = ["OWNERS", "Entry", "Value", "entries_of_return", "entries_of_vehicle"]

_NOTHING = Decimal(0)
_ANY_INCOME = Bounds(-ENDLESS, ENDLESS)

Value = Bounds[Decimal] | Verdict | str | None


class Entry(NamedTuple):
    """What is on a line, and what it rests on."""

    value: Value
    rests_on: Finding | AmountLine | None = None

    @property
    def answer(self) -> Verdict:
        """The value of an answer."""
        return self.value if isinstance(self.value, Verdict) else Verdict.UNKNOWN


def _text(value: Any) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _stated(value: Any, otherwise: Bounds[Decimal] = ANY_AMOUNT) -> Entry:
    return Entry(Bounds.of(value, otherwise))


def _answer(finding: Finding, *, negated: bool = False) -> Entry:
    return Entry(~finding.verdict if negated else finding.verdict, finding)


#: Of each credit the answers that a finding gives: its code, and whether the line denies it.
_ANSWERS = {
    Credit.NEW_VEHICLE: {
        "acquired_in_time": ("not_terminated", False),
        "used_abroad": ("used_in_united_states", True),
        "resold": ("not_resold_early", True),
        "for_use": ("use_or_lease", False),
    },
    Credit.PREVIOUSLY_OWNED_VEHICLE: {
        "acquired_in_time": ("acquired_before_end", False),
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
#: The definition of each kind of vehicle; what the schedule asks on a line of its own is omitted.
_DEFINITIONS = {
    Credit.NEW_VEHICLE: "new_clean_vehicle",
    Credit.PREVIOUSLY_OWNED_VEHICLE: "previously_owned_clean_vehicle",
    Credit.COMMERCIAL_VEHICLE: "commercial_clean_vehicle",
}
#: Like the above, for rules that decide nothing on their own.
_INCOMES: dict[Credit, dict[str, Rule]] = {
    Credit.NEW_VEHICLE: {
        "income_over": income_of_this_year,
        "income_before_over": income_of_prior_year,
    },
    Credit.PREVIOUSLY_OWNED_VEHICLE: {
        "income_over": used_income_of_this_year,
        "income_before_over": used_income_of_prior_year,
    },
}


def entries_of_vehicle(placed: FiledVehicle, year: int, law: Law) -> dict[str, Entry]:
    """What is on the lines of one vehicle."""
    vehicle, credit, claim = placed.claim.vehicle, placed.vehicle.credit, placed.claim
    named = (vehicle.model_year, vehicle.make, vehicle.model)
    day = claim.purchase.placed_in_service
    entries: dict[str, Entry] = {
        "model_year": Entry(_text(vehicle.model_year)),
        "make": Entry(vehicle.make),
        "model": Entry(vehicle.model),
        "year_make_model": Entry(" ".join(_text(each) or "unknown" for each in named)),
        "vin": Entry(vehicle.vin),
        "placed_in_service": Entry(_text(day)),
        "day_on_old_form": Entry(_text(placed.result.governing_day)),
    }
    if credit is Credit.NEW_VEHICLE and not has_schedules(year):
        return entries | _new(placed, law) | _old_form(placed, law)
    for key, (code, negated) in _ANSWERS[credit].items():
        entries[key] = _answer(placed.result.find(code), negated=negated)
    for key, rule in _INCOMES.get(credit, {}).items():
        entries[key] = _answer(finding_of(rule, claim, law), negated=True)
    definition = placed.result.find(_DEFINITIONS[credit])
    asked = {code for code, _ in _ANSWERS[credit].values()}
    kind = [_answer(each) for each in _but_for(definition, asked)]
    entries["of_the_kind"] = _joint(kind)
    entries["of_the_kind_in_time"] = _joint([*kind, entries["acquired_in_time"]])
    return entries | _AMOUNTS[credit](placed, law) | _of_transfer(placed.outcome)


def _but_for(finding: Finding, codes: set[str]) -> Iterator[Finding]:
    """What a finding is made of, without the findings of some codes."""
    if finding.rule.mode is Mode.ALL and any(each.code in codes for each in finding.walk()):
        for branch in finding.branches:
            if branch.code not in codes:
                yield from _but_for(branch, codes)
    else:
        yield finding


def _joint(answers: list[Entry]) -> Entry:
    """Whether all answers are yes; it rests on the first that decides."""
    joint = reduce(Verdict.__and__, (each.answer for each in answers))
    return next(each for each in answers if each.answer is joint)


def _of_transfer(outcome: TransferOutcome | None) -> dict[str, Entry]:
    """What was transferred, and whether it is to be repaid."""
    if outcome is None:
        return {"transferred": Entry(Verdict.NOT_MET)}
    transferred = {"transferred": Entry(outcome.verdict, outcome.finding)}
    if outcome.verdict is Verdict.NOT_MET:
        return transferred
    return transferred | {
        "transferred_amount": Entry(outcome.payment, outcome.finding),
        "to_be_repaid": Entry(outcome.buyer_repays.more_than(_NOTHING), outcome.finding),
    }


def _old_form(placed: FiledVehicle, law: Law) -> dict[str, Entry]:
    if placed.result.verdict is Verdict.NOT_MET:
        return {}
    bound = section_of(Credit.NEW_VEHICLE).of(placed.claim, law)
    account = phase_out_account(placed.claim, bound)
    entries = {
        "amount_before_2023": Entry(account.amount),
        "phase_out_percent": Entry(account.percent),
        "after_phase_out": Entry(account.left),
    }
    few = placed.two_or_three_wheels
    if few is None:
        whole = use_of(account.left, placed.vehicle, placed.claim, law)
        shares = whole.business_part, whole.personal_part
    else:
        shares = few.business_share, few.personal_share
        entries |= {
            f"two_or_three_wheels.{name}": Entry(value) for name, value in few._asdict().items()
        }
    entries |= zip(("business_share", "personal_share"), map(Entry, shares), strict=True)
    return entries


def _new(placed: FiledVehicle, law: Law) -> dict[str, Entry]:
    lines = placed.use.lines
    return {
        "individual": _answer(finding_of(claimed_by_individual, placed.claim, law)),
        "tentative": Entry(placed.own, placed.basis),
        "business_percent": _stated(placed.vehicle.business_use_percent, ANY_PERCENT),
        "business_part": Entry(placed.use.business_part, lines[1]),
        "personal_part": Entry(placed.use.personal_part, lines[2]),
    }


def _used(placed: FiledVehicle, law: Law) -> dict[str, Entry]:
    bound = section_of(Credit.PREVIOUSLY_OWNED_VEHICLE).of(placed.claim, law)
    account = price_account(placed.claim, bound.binding)
    entries = {
        "sale_price": Entry(account.price),
        "used_credit": Entry(placed.own, placed.basis),
    }
    if placed.result.verdict is not Verdict.NOT_MET:
        entries["part_of_price"] = Entry(account.part)
        entries["price_limit"] = Entry(account.limit)
    return entries


def _commercial(placed: FiledVehicle, law: Law) -> dict[str, Entry]:
    bound = section_of(Credit.COMMERCIAL_VEHICLE).of(placed.claim, law)
    account = basis_account(placed.claim, bound.binding)
    purchase, vehicle = placed.claim.purchase, placed.claim.vehicle
    cost, deducted = _cost_and_deduction(placed.claim, account.basis)
    pounds = vehicle.gross_vehicle_weight_rating_lb
    entries = {
        "registered": Entry(Verdict.of(purchase.elective_payment_registered)),
        "engine": Entry(Verdict.of(vehicle.gasoline_or_diesel_engine)),
        "weight": Entry(None if pounds is None else f"{_text(pounds)} pounds"),
        "cost": Entry(cost),
        "section_179": Entry(deducted),
        "basis": Entry(account.basis),
        "commercial_credit": Entry(placed.own, placed.basis),
    }
    if placed.result.verdict is not Verdict.NOT_MET:
        entries["part_of_basis"] = Entry(account.of_basis)
        entries["incremental_cost"] = Entry(account.incremental_cost)
        entries["lesser"] = Entry(account.lesser)
        entries["weight_limit"] = Entry(account.limit)
    return entries


def _cost_and_deduction(
    claim: Claim, basis: Bounds[Decimal]
) -> tuple[Bounds[Decimal], Bounds[Decimal]]:
    """Cost or other basis, and the deduction under section 179, as far as they are stated."""
    parts = claim.purchase.basis_parts
    if parts is None:
        return Bounds(basis.lower, ENDLESS), ANY_AMOUNT
    before = attrs.evolve(parts, section_179_deduction=_NOTHING).basis
    return Bounds.of(before), Bounds.of(parts.section_179_deduction, ANY_AMOUNT)


_AMOUNTS: dict[Credit, Callable[[FiledVehicle, Law], dict[str, Entry]]] = {
    Credit.NEW_VEHICLE: _new,
    Credit.PREVIOUSLY_OWNED_VEHICLE: _used,
    Credit.COMMERCIAL_VEHICLE: _commercial,
}

#: Who has an income that the form requires; of a taxpayer of no stated kind it is assumed.
_WITH_INCOME = (None, TaxpayerKind.INDIVIDUAL, TaxpayerKind.ESTATE_OR_TRUST)
OWNERS = (TaxpayerKind.PARTNERSHIP, TaxpayerKind.S_CORPORATION)
_PARTS = (
    "adjusted_gross_income",
    "puerto_rico_exclusion",
    "foreign_income_exclusion",
    "foreign_housing_deduction",
    "american_samoa_exclusion",
)


def _of_income(taxpayer: Taxpayer) -> dict[str, Entry]:
    """Part I: the incomes of the two years."""
    if taxpayer.kind not in _WITH_INCOME:
        return {}
    entries = {}
    years = ("current_year",) if taxpayer.no_prior_year else ("current_year", "prior_year")
    for name in years:
        year = getattr(taxpayer, name)
        for part in _PARTS:
            otherwise = _ANY_INCOME if part == _PARTS[0] else ANY_AMOUNT
            value = None if year.income_parts is None else getattr(year.income_parts, part)
            entries[f"{name}.{part}"] = _stated(value, otherwise)
        total = "modified_adjusted_gross_income"
        entries[f"{name}.{total}"] = _stated(getattr(year, total), _ANY_INCOME)
    totals = [entry.value for key, entry in entries.items() if key.endswith(total)]
    known = (each for each in totals if isinstance(each, Bounds))
    entries["lesser_income"] = Entry(reduce(lesser_of, known))
    if not taxpayer.no_prior_year:
        status = taxpayer.prior_year.filing_status
        entries["preceding_filing_status"] = Entry(None if status is None else status.value)
    return entries


def _before(
    other: Bounds[Decimal], allowed: Bounds[Decimal], *, comes_first: bool | None
) -> Bounds[Decimal]:
    """The personal credits that come before one of the two, if the other does."""
    ways = {True: (allowed,), False: (NONE,), None: (allowed, NONE)}[comes_first]
    return reduce(Bounds.hull, (add_up((other, each)) for each in ways))


def entries_of_return(
    stated: CleanVehicleReturn,
    placed: tuple[FiledVehicle, ...],
    personal: PersonalCredits,
    passed: PassedThrough,
) -> dict[str, Entry]:
    """What is on the lines of the whole return."""

    def of(credit: Credit) -> list[FiledVehicle]:
        return [each for each in placed if each.vehicle.credit is credit]

    new, used = of(Credit.NEW_VEHICLE), of(Credit.PREVIOUSLY_OWNED_VEHICLE)
    business = add_up(each.use.business_part for each in new)
    commercial = add_up(each.own for each in of(Credit.COMMERCIAL_VEHICLE))
    tax = _stated(stated.tax_return.tax_before_credits)
    other = Bounds.of(stated.tax_return.other_personal_credits, ANY_AMOUNT)
    first, lines = personal.used_first, personal.lines
    second = None if first is None else not first
    return {
        **_of_income(stated.taxpayer),
        "new_business": Entry(business),
        "new_pass_through": Entry(passed.new_allowed, passed.income if passed.new.upper else None),
        "new_business_total": Entry(add_up((business, passed.new_allowed))),
        "new_personal": Entry(add_up(each.use.personal_part for each in new)),
        "tax": tax,
        "before_new": Entry(_before(other, personal.used_allowed, comes_first=first)),
        "left_for_new": Entry(personal.left_for_new, lines[3]),
        "new_allowed": Entry(personal.new_allowed, lines[4]),
        "used": Entry(add_up(each.own for each in used)),
        "before_used": Entry(_before(other, personal.new_allowed, comes_first=second)),
        "left_for_used": Entry(personal.left_for_used, lines[0]),
        "used_allowed": Entry(personal.used_allowed, lines[1]),
        "commercial": Entry(commercial),
        "commercial_pass_through": Entry(passed.commercial),
        "commercial_total": Entry(add_up((commercial, passed.commercial))),
        "new_repaid": Entry(add_up(each.repaid for each in new)),
        "used_repaid": Entry(add_up(each.repaid for each in used)),
    }
