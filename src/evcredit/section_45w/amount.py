"""26 USC 45W(b): the amount, and section 45W as a whole.

It is the minimum of a percentage of the basis, the incremental cost and a limit by weight. The
incremental cost is the difference to the price of a comparable vehicle; but for vehicles made for
public roads the Internal Revenue Service accepts an amount published for the class (Notices
2023-9, 2024-5 and 2025-9), and of a vehicle that another placed in service before a part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.kinds import DayFact, Flag, Number
from evcredit.algebra.lookup import PeriodLookup, RowLookup, YearOf
from evcredit.algebra.money import VAST, bounds_in_dollars, dollars, in_dollars
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.quantity import (
    Quantity,
    amount_of,
    as_bounds,
    holds,
    if_else,
    maximum,
    minimum,
    percent_of,
    quantity,
    rounded,
)
from evcredit.algebra.rule import Rule, all_of, amount
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.symbol import law_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.facts.claim import Claim
from evcredit.facts.vehicle import VehicleClass
from evcredit.law.incremental_cost import ModeledVehicle, ResidualClass
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM
from evcredit.provisions.provision import provision
from evcredit.provisions.section import CreditRules
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses
from evcredit.section_45w.days import IN_SERVICE
from evcredit.section_45w.definition import commercial_clean_vehicle
from evcredit.section_45w.limits import commercial_claimant, commercial_special_rules
from evcredit.section_45w.published import (
    published_cost,
    published_numbers,
    residual_percent,
)
from evcredit.section_45w.termination import commercial_acquisition

__all__ = [
    "BasisAccount",
    "basis_account",
    "commercial_amount",
    "composition",
    "credit_allowed",
    "incremental_cost",
    "no_published_number",
]

_LAW: LawView = law_of(Law)
_VEHICLE, _PURCHASE = CLAIM.vehicle, CLAIM.purchase
_BASIS: Number = _PURCHASE.basis
_COST: Number = _PURCHASE.cost
_COMPARABLE: Number = _PURCHASE.comparable_vehicle_price
_STATED: Number = _PURCHASE.incremental_cost
_DAY: DayFact = _PURCHASE.placed_in_service
_weight: Number = _VEHICLE.gross_vehicle_weight_rating_lb
# Elsewhere the model year is for the reader; of a used vehicle here it is needed.
_MODEL_YEAR = attrs.evolve(
    _VEHICLE.model_year, declared=_VEHICLE.model_year.declared._replace(optional=False)
)


# -- what sort of vehicle it is ------------------------------------------------------------

_light = _weight < _LAW.commercial_weight_division_lb.on(IN_SERVICE)
_hybrid: Flag = _VEHICLE.gasoline_or_diesel_engine
_car = _VEHICLE.vehicle_class.is_one_of(VehicleClass.OTHER)
_class_5 = _weight <= _LAW.class_5_weight_lb.on(IN_SERVICE)
_class_6 = _weight <= _LAW.class_6_weight_lb.on(IN_SERVICE)
_tractor = (_weight > _LAW.class_7_weight_lb.on(IN_SERVICE)) & _VEHICLE.tractor_cab


def _by_class(class_4_to_5: Any, class_6: Any, class_8_tractor: Any, class_7_to_8: Any) -> Quantity:
    """One of these, by the class of a heavy vehicle."""
    heavier = if_else(_tractor, class_8_tractor, class_7_to_8)
    return if_else(_class_5, class_4_to_5, if_else(_class_6, class_6, heavier))


def _published(year: Quantity) -> Quantity:
    """The incremental cost published for such a vehicle and a year."""

    def by_motor(kind: str) -> Quantity:
        battery, hybrid, fuel_cell = (
            published_cost(ModeledVehicle[f"{kind}_{motor}"], year)
            for motor in ("BATTERY", "HYBRID", "FUEL_CELL")
        )
        return if_else(_VEHICLE.fuel_cell, fuel_cell, if_else(_hybrid, hybrid, battery))

    below = if_else(
        _hybrid & _car & _VEHICLE.compact_car,
        published_cost(ModeledVehicle.COMPACT_HYBRID, year),
        published_cost(ModeledVehicle.LIGHT, year),
    )
    classes = ("CLASS_4_TO_5", "CLASS_6", "CLASS_8_TRACTOR", "CLASS_7_TO_8")
    return if_else(_light, below, _by_class(*map(by_motor, classes)))


def _residual(age: Quantity) -> Quantity:
    """The percentage of it that is left at an age."""

    def of(kind: ResidualClass) -> Quantity:
        return residual_percent(kind, age)

    below = if_else(_car, of(ResidualClass.PASSENGER_CAR), of(ResidualClass.LIGHT_TRUCK))
    heavy = _by_class(
        of(ResidualClass.CLASS_4_TO_5),
        of(ResidualClass.CLASS_6),
        of(ResidualClass.CLASS_8_TRACTOR),
        of(ResidualClass.CLASS_7_TO_8),
    )
    return if_else(_light, below, heavy)


# -- the three limbs -----------------------------------------------------------------------

_percent = if_else(
    _hybrid,
    _LAW.commercial_percent_with_engine.on(IN_SERVICE),
    _LAW.commercial_percent.on(IN_SERVICE),
)
_of_basis = rounded(percent_of(_percent, _BASIS))

# The published amounts are for vehicles made for public roads; of mobile machinery, and where the
# taxpayer would rather, prices are compared.
_by_prices = _PURCHASE.compares_prices | ~(
    _VEHICLE.clean_air_act_motor_vehicle & _VEHICLE.made_for_public_roads
)
_difference = maximum(quantity(_COST) - _COMPARABLE, 0)
_new: Flag = _PURCHASE.original_use_begins_with_taxpayer
_in_service = YearOf(
    _DAY,
    never_before=(
        _PURCHASE.contract_date,
        _PURCHASE.first_payment_date,
        _PURCHASE.sale_date,
        _PURCHASE.title_date,
    ),
)
_age = maximum(_in_service - _MODEL_YEAR, 0)
_when_new = _published(quantity(_MODEL_YEAR))
_left = _residual(_age)

#: The excess over the price of a comparable vehicle, or the amount published for it, unrounded.
#: One that the taxpayer states overrides both.
incremental_cost: Quantity = if_else(
    _STATED.is_stated,
    _STATED,
    if_else(
        _by_prices,
        _difference,
        if_else(_new, _published(_in_service), percent_of(_left, _when_new)),
    ),
)

_limit = if_else(
    _light,
    _LAW.commercial_light_limit.on(IN_SERVICE),
    _LAW.commercial_heavy_limit.on(IN_SERVICE),
)
_amount = minimum(minimum(_of_basis, rounded(incremental_cost)), _limit)


def no_published_number(claim: Claim, binding: Binding) -> tuple[str, ...]:
    """Why a published number that affects a claim may not be there.

    Args:
        claim: The claim.
        binding: The law and the days of the claim.
    """
    found = published_numbers(incremental_cost, claim, binding)
    return tuple(dict.fromkeys(why for each in found for why in each.open(claim, binding)))


class BasisAccount(NamedTuple):
    """How the amount for a commercial vehicle is computed, in US dollars and percent.

    Args:
        basis: The basis of the vehicle.
        percent: The percentage of it.
        of_basis: So much of the basis, to the cent.
        incremental_cost: The incremental cost, to the cent.
        lesser: The lesser of the two.
        limit: The most there is for a vehicle of such a weight.
        amount: The lesser of that and the limit.
    """

    basis: Bounds[Decimal]
    percent: Bounds[Decimal]
    of_basis: Bounds[Decimal]
    incremental_cost: Bounds[Decimal]
    lesser: Bounds[Decimal]
    limit: Bounds[Decimal]
    amount: Bounds[Decimal]


def basis_account(claim: Claim, binding: Binding) -> BasisAccount:
    """The account of the amount for a commercial vehicle.

    Args:
        claim: The claim.
        binding: The law and the days of the claim.
    """
    cost = rounded(incremental_cost)
    steps = (quantity(_BASIS), _percent, _of_basis, cost, minimum(_of_basis, cost), _limit, _amount)
    return BasisAccount(*(step.bind(binding)(claim) for step in steps))


# -- values to try of unknown facts --------------------------------------------------------


def _turns(law: Law) -> Mapping[str, Iterable[Any]]:
    """Where the percentage of the basis starts to count, and where it reaches a limit."""
    limits = (*law.commercial_light_limit.values(), *law.commercial_heavy_limit.values())
    percents = (*law.commercial_percent.values(), *law.commercial_percent_with_engine.values())
    full = [
        dollars(ceil(Fraction(100 * 100 * Fraction(most), Fraction(rate))))
        for most, rate in product(limits, percents)
        if rate
    ]
    return {_BASIS.path: [*map(dollars, range(5)), *full]}


def _samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    """Prices around each other and around the limits; years and days of every age."""
    if unknown.path == _MODEL_YEAR.path:
        return tuple(Decimal(year) for year in _model_years(claim, law))
    if unknown.path == _DAY.path:
        return tuple(date(year, 1, 1) for year in _years_in_service(claim, law))
    if unknown.path in (_COST.path, _COMPARABLE.path):
        return tuple(price for price in _prices(unknown, claim, law) if _within(price, unknown))
    return ()


def _within(price: Decimal, unknown: UnknownFact) -> bool:
    return unknown.within is None or price in unknown.within


def _prices(unknown: UnknownFact, claim: Any, law: Law) -> Iterator[Decimal]:
    """Prices so far from what is known of the other one that each outcome is reached."""
    cost = unknown.path == _COST.path
    other = claim.purchase.comparable_vehicle_price if cost else claim.purchase.cost
    limits = (*law.commercial_light_limit.values(), *law.commercial_heavy_limit.values())
    for start in (Decimal(0), *_known_ends(other)):
        for step in (Decimal(0), Decimal("0.01"), *limits, VAST):
            yield start + step
            yield max(start - step, Decimal(0))
    yield from _known_ends(unknown.within)


def _known_ends(price: Any) -> tuple[Decimal, ...]:
    """What is known of a price: itself, or the ends of its bounds that are finite."""
    ends = (price.lower, price.upper) if isinstance(price, Bounds) else (price,)
    return tuple(end for end in ends if end is not None and end.is_finite())


def _ages(law: Law) -> int:
    """How many ages the residual values tell apart."""
    tables = law.residual_value_percent.values()
    rows = [value for table in tables for value in table.values() if isinstance(value, tuple)]
    return max((len(row) for row in rows), default=1)


def _first_years(law: Law) -> list[int]:
    return [day.year for day in law.modeled_incremental_cost.boundaries()]


def _model_years(claim: Any, law: Law) -> range:
    day = claim.purchase.placed_in_service
    years = _first_years(law) if day is None else [day.year]
    return range(min(years) - _ages(law), max(years) + 2)


def _years_in_service(claim: Any, law: Law) -> list[int]:
    years, model_year = _first_years(law), claim.vehicle.model_year
    first, last = max(years), max(years) + 2  # some years more, if the age is unresolved anyway
    if isinstance(model_year, Decimal):
        first, last = max(int(model_year), min(years)), int(model_year) + _ages(law)
    return sorted({*years, *range(first, last + 1)})


# -- the account ---------------------------------------------------------------------------


def _note(code: str, title: str, citation: str) -> Topic:
    """A rule that only explains."""
    return Topic(code=code, title=title, citation=Citation.parse(citation), words=clauses)


_basis_rule = _note("part_of_the_basis", "a part of the basis", "26 USC 45W(b)(1)(A)")
_cost_rule = _note("incremental_cost", "the incremental cost", "26 USC 45W(b)(1)(B)")
_prices_rule = _note("price_difference", "the difference of prices", "26 USC 45W(b)(2)")
_residual_rule = _note(
    "residual_value", "what age leaves of the incremental cost", "26 CFR 1.45W-2(f)(3)"
)
_limit_rule = _note("commercial_limit", "the limit by weight", "26 USC 45W(b)(4)")
_comparable_rule = _note("comparable_vehicle", "a comparable vehicle", "26 USC 45W(b)(3)")


def _price(fact: Fact, claim: Any) -> str:
    """A price that is stated, in words."""
    value = fact.stated(claim, None)
    if value is None:
        return "unknown"
    return bounds_in_dollars(value if isinstance(value, Bounds) else Bounds.exactly(value))


class _Account:
    """The lines that show how the amount for one claim is computed."""

    def __init__(self, binding: Binding, claim: Any) -> None:
        self.binding = binding
        self.claim = claim

    def lines(self) -> Iterator[Finding]:
        """The part of the basis, the incremental cost, and the limit."""
        percent = self._number(_percent)
        amount = self._dollars(_of_basis)
        basis = f"{percent} percent of a basis of {_price(_BASIS, self.claim)}: {amount}"
        yield self._line(_basis_rule, _of_basis, basis, _BASIS)
        by_prices = _by_prices.bind(self.binding)(self.claim)
        if self.claim.purchase.incremental_cost is not None:
            stated = f"incremental cost as determined: {_price(_STATED, self.claim)}"
            yield self._line(_cost_rule, incremental_cost, stated, _STATED)
        else:
            if by_prices is not False:
                yield from self._prices()
            if not by_prices:
                yield from self._published()
        most = f"at most {self._dollars(_limit)} for a vehicle of such a weight"
        yield self._line(_limit_rule, _limit, most, _weight)

    def _prices(self) -> Iterator[Finding]:
        other = f"price of a comparable vehicle: {_price(_COMPARABLE, self.claim)}"
        yield self._line(_comparable_rule, quantity(_COMPARABLE), other, _COMPARABLE)
        more = self._dollars(_difference)
        text = f"what a price of {_price(_COST, self.claim)} is above that: {more}"
        yield self._line(_prices_rule, _difference, text, _COST)

    def _published(self) -> Iterator[Finding]:
        found = tuple(published_numbers(incremental_cost, self.claim, self.binding))
        costs = (each for each in found if isinstance(each, PeriodLookup))
        told = "; ".join(dict.fromkeys(line for each in costs for line in self._cost(each)))
        text = f"incremental cost, {self._dollars(incremental_cost)}: {told}"
        yield self._line(_cost_rule, incremental_cost, text)
        for each in found:
            if isinstance(each, RowLookup):
                why = "; ".join(each.open(self.claim, self.binding))
                low, high = _age.ends(self.binding)(self.claim)
                age = f"an age of {low} years" if low == high else "an unknown age"
                left = f"{self._number(each)} percent of it are left at {age}"
                yield self._line(_residual_rule, each, why or left, _MODEL_YEAR)

    def _cost(self, cost: PeriodLookup) -> Iterator[str]:
        """What was published for a kind of vehicle, in the years that may count."""
        yield from cost.open(self.claim, self.binding)
        for first, _, value, source in cost.within(self.claim, self.binding):
            if not isinstance(value, NoProvision):
                amount = in_dollars(Decimal(value))
                yield f"{amount} published for {first} ({source}): {cost.key.value}"

    def _line(self, rule: Topic, what: Quantity, note: str, *read: Fact) -> Finding:
        low, high = what.ends(self.binding)(self.claim)
        facts = (FactRead(fact.path, fact.stated(self.claim, None), fact.declared) for fact in read)
        known = Verdict.of(True if low == high else None)
        return Finding(rule, known, facts=tuple(facts), note=note)

    def _dollars(self, what: Quantity) -> str:
        low, high = rounded(what).ends(self.binding)(self.claim)
        return "not known exactly" if low < high else bounds_in_dollars(as_bounds((low, high)))

    def _number(self, what: Quantity) -> str:
        low, high = what.ends(self.binding)(self.claim)
        return str(low) if low == high else f"{low} to {high}"


# -- everything together -------------------------------------------------------------------

commercial_amount: Rule = amount(
    "26 USC 45W(b)",
    "amount for a commercial vehicle",
    Derived(
        name="commercial_amount",
        label="amount for a commercial vehicle",
        kind=Kind.MONEY,
        body=_amount,
        findings=lambda binding, claim: tuple(_Account(binding, claim).lines()),
        samples=_samples,
        breakpoints=_turns,
    ),
    words=clauses,
)

_something = Derived(
    name="commercial_amount_of_something",
    label="the amount is at least a cent",
    kind=Kind.FLAG,
    body=_amount > 0,
    findings=lambda binding, claim: (),
    samples=_samples,
    breakpoints=_turns,
)


@provision("26 USC 45W(b)(1)", "basis and incremental cost leave an amount of at least a cent")
def some_amount(claim: ClaimView, law: LawView) -> Expression:
    return _something


eligible: Rule = all_of(
    "eligible",
    "the vehicle and the taxpayer qualify",
    "26 USC 45W(a)",
    commercial_acquisition,
    commercial_clean_vehicle,
    commercial_special_rules,
    commercial_claimant,
)

credit_allowed: Rule = all_of(
    "credit_allowed",
    "a commercial clean vehicle credit is allowed",
    "26 USC 45W(a)",
    eligible,
    some_amount,
)

composition: CreditRules = CreditRules(
    credit_allowed,
    (commercial_amount,),
    if_else(holds(eligible), amount_of(commercial_amount), 0),
)
