"""26 USC 30D(b) and (g) as they were before P.L. 117-169: the amount of the credit.

The amount was $2,500 and, for a battery of at least 5 kWh, $417 and another $417 for each
kilowatt hour above 5, fractions included, at most $5,000. It governs vehicles placed in service
to 17 April 2023. Vehicles with two or three wheels had a separate paragraph: 10 percent of the
cost, at most $2,500.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.day import Day
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.kinds import Number
from evcredit.algebra.money import cents, dollars, in_dollars
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.quantity import (
    Quantity,
    if_else,
    maximum,
    minimum,
    percent_of,
    quantity,
    rounded,
)
from evcredit.algebra.rule import Rule, amount
from evcredit.algebra.symbol import law_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.law.readings import AmountRounding
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE, TITLE_PASSED
from evcredit.provisions.provision import flag
from evcredit.provisions.views import ClaimView, LawView, Scheduled
from evcredit.provisions.words import clauses

__all__ = ["capacity_amount", "kilowatt_hour_amount", "small_vehicle_amount"]

_CAPACITY = CLAIM.vehicle.battery.capacity_kwh
_WHEELS = CLAIM.vehicle.wheels
_COST = CLAIM.purchase.cost


def _by_capacity(capacity: Number | Decimal, law: LawView, on: Day | None) -> Quantity:
    """The base amount, and what the capacity adds to it, unrounded.

    Args:
        capacity: The capacity in kWh.
        law: The law, as rule bodies see it.
        on: The day on which its numbers are read; `None` if they are the same on every day.
    """

    def number(schedule: Scheduled[int]) -> Parameter[int]:
        return schedule.ever if on is None else schedule.on(on)

    start, each = (
        number(law.capacity_amount_from_kwh),
        quantity(number(law.capacity_amount_per_kwh)),
    )
    above = maximum(quantity(capacity) - start, 0)
    added = minimum(each + each * above, number(law.capacity_amount_limit))
    # Below the first of the kilowatt hours there is nothing but the base amount.
    short = quantity(start) > capacity
    return quantity(number(law.base_amount)) + if_else(short, 0, added)


def _by_cost(cost: Number | Decimal, law: LawView, on: Day | None) -> Quantity:
    """A percentage of the cost, at most the limit, to the cent."""
    percent, limit = law.small_vehicle_percent, law.small_vehicle_limit
    if on is None:
        return minimum(rounded(percent_of(percent.ever, cost)), limit.ever)
    return minimum(rounded(percent_of(percent.on(on), cost)), limit.on(on))


_LAW: LawView = law_of(Law)
_TO_THE_DOLLAR = _LAW.readings.amount_rounding.is_one_of(AmountRounding.DOLLAR)


def _to_the_dollar_or_cent(exact: Quantity) -> Quantity:
    return if_else(_TO_THE_DOLLAR, rounded(exact, "1"), rounded(exact))


def _dollars(amount: Quantity, law: Law | None) -> Decimal:
    """What an amount that reads no facts and no days evaluates to."""
    found = amount.bind(Binding(law_applied(law), {}))(None)
    if not found.is_exact:
        remedy = "it has several amounts of this kind: assess a claim with its day"
        raise InvalidFactError("law", law, remedy)
    return dollars(cents(found.lower))


def kilowatt_hour_amount(capacity_kwh: Decimal, law: Law | None = None) -> Decimal:
    """The amount for a battery by 26 USC 30D(b) (2021), before any phase-out.

    Fractions of a kilowatt hour count, and the total is rounded to the dollar: the amounts
    that the Internal Revenue Service published can be reached in no other way.

    Args:
        capacity_kwh: The capacity in kWh, from full to empty.
        law: The law, for its numbers and its reading of the rounding; the current one if omitted.

    Returns:
        US dollars.

    Raises:
        InvalidFactError: The law has several such amounts, for different days.

    >>> kilowatt_hour_amount(Decimal("13.8")), kilowatt_hour_amount(Decimal("4.4"))
    (Decimal('6587.00'), Decimal('2500.00'))
    """
    return _dollars(_to_the_dollar_or_cent(_by_capacity(capacity_kwh, _LAW, None)), law)


def small_vehicle_amount(cost: Decimal, law: Law | None = None) -> Decimal:
    """The amount for a vehicle with two or three wheels by 26 USC 30D(g)(2) (2021).

    Args:
        cost: US dollars and whole cents.
        law: The law; the current one if omitted.

    Returns:
        US dollars.

    Raises:
        InvalidFactError: The law has several such amounts, for different days.

    >>> small_vehicle_amount(Decimal("13995")), small_vehicle_amount(Decimal("30000"))
    (Decimal('1399.50'), Decimal('2500.00'))
    """
    return _dollars(_by_cost(cost, _LAW, None), law)


def _small_vehicle(claim: ClaimView, law: LawView) -> Expression:
    """Whether the vehicle has too few wheels for the amount by capacity."""
    then = law.small_vehicles_in_force.on(PLACED_IN_SERVICE)
    of_a_kind = law.two_wheels_in_force.on(TITLE_PASSED) | law.three_wheels_in_force.on(
        TITLE_PASSED
    )
    few = claim.vehicle.wheels < law.minimum_wheels.on(PLACED_IN_SERVICE)
    return then & of_a_kind & few


#: Whether the amount goes by the cost, as it did for vehicles of few wheels.
by_cost: Expression = _small_vehicle(CLAIM, _LAW)
_amount = if_else(
    by_cost,
    _by_cost(_COST, _LAW, PLACED_IN_SERVICE),
    _to_the_dollar_or_cent(_by_capacity(_CAPACITY, _LAW, PLACED_IN_SERVICE)),
)


def _capacity_turns(law: Law) -> Mapping[str, Iterable[Any]]:
    """Where the amount starts and stops growing."""
    by_capacity = product(
        law.capacity_amount_from_kwh.values(),
        law.capacity_amount_per_kwh.values(),
        law.capacity_amount_limit.values(),
    )
    by_cost = product(law.small_vehicle_percent.values(), law.small_vehicle_limit.values())
    ends = (
        (start, start + ceil(Fraction(Fraction(most - each), Fraction(each))) if each else start)
        for start, each, most in by_capacity
    )
    whole = [
        floor(Fraction(100 * Fraction(most), Fraction(part))) for part, most in by_cost if part
    ]
    return {
        _CAPACITY.path: [turn for pair in ends for turn in pair],
        _COST.path: [0, *whole],
    }


_base_rule = Topic(
    code="base_amount",
    title="base amount",
    citation=Citation.parse("26 USC 30D(b)(2) (2021)"),
    words=clauses,
)
_capacity_rule = Topic(
    code="battery_capacity_amount",
    title="amount by battery capacity",
    citation=Citation.parse("26 USC 30D(b)(3) (2021)"),
    words=clauses,
)
_small_rule = Topic(
    code="small_vehicle_amount",
    title="amount by the cost of the vehicle",
    citation=Citation.parse("26 USC 30D(g)(2) (2021)"),
    words=clauses,
)


def _told(binding: Binding, name: str) -> Any:
    """A number of the law on the day of the claim; the first of several on an unknown day."""
    return binding.entries(Parameter(name, PLACED_IN_SERVICE))[0].value


def _amount_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    if by_cost.bind(binding)(claim) is not False:
        paid = claim.purchase.cost
        cost = FactRead(_COST.path, paid, _COST.declared)
        most = in_dollars(Decimal(_told(binding, "small_vehicle_limit")))
        text = f"{_told(binding, 'small_vehicle_percent')} percent of the cost, at most {most}"
        if isinstance(paid, Decimal):
            text = f"cost of {in_dollars(paid)}: {text}"
        return (Finding(_small_rule, Verdict.MET, facts=(cost,), note=text),)
    capacity = claim.vehicle.battery.capacity_kwh
    read = FactRead(_CAPACITY.path, capacity, _CAPACITY.declared)
    each = in_dollars(Decimal(_told(binding, "capacity_amount_per_kwh")))
    most = in_dollars(Decimal(_told(binding, "capacity_amount_limit")))
    base_amount = Decimal(_told(binding, "base_amount"))
    text = (
        f"{each} for reaching {_told(binding, 'capacity_amount_from_kwh')} kWh and for each "
        f"kilowatt hour above it, at most {most}"
    )
    if isinstance(capacity, Decimal):
        whole = rounded(_by_capacity(_CAPACITY, _LAW, PLACED_IN_SERVICE)).bind(binding)(claim)
        added = in_dollars(whole.lower - base_amount)
        text = f"battery of {capacity:f} kWh: {added}; {text}"
    base = f"base amount: {in_dollars(base_amount)}"
    known = Verdict.of(None if capacity is None else True)
    return (
        Finding(_base_rule, Verdict.MET, note=base),
        Finding(_capacity_rule, known, facts=(read,), note=text),
    )


capacity_amount: Rule = amount(
    "26 USC 30D(b) (2021)",
    "amount before any phase-out",
    Derived(
        name="amount_by_capacity",
        label="amount before any phase-out",
        kind=Kind.MONEY,
        body=_amount,
        findings=_amount_findings,
        breakpoints=_capacity_turns,
    ),
    in_force=flag("capacity_amount_in_force"),
    words=clauses,
)
