"""26 USC 30D(b), (e) and (g) as they stood before P.L. 117-169.

The amount was $2,500 and, for a battery of at least 5 kWh, $417 and another $417 for each
kilowatt hour above 5, fractions included, at most $5,000. It governs vehicles placed in service
to 17 April 2023. After a manufacturer's 200,000th vehicle the credit was phased out in quarters;
that limit governs vehicles sold to the end of 2022. Vehicles with two or three wheels had a
paragraph of their own: 10 percent of the cost, at most $2,500.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from evcredit.citation import Citation
from evcredit.expression import Binding, Day, Derived, Fact, Parameter, law_of
from evcredit.fact import Kind, UnknownFact
from evcredit.law import AmountRounding, Law, current_law
from evcredit.manufacturer import Manufacturer, Quarter
from evcredit.money import cents, dollars, in_dollars
from evcredit.quantity import (
    Quantity,
    Tabulated,
    choose,
    greatest,
    least,
    percent_of,
    quantity,
    rounded,
)
from evcredit.rule import FactRead, Finding, Mode, Rule, amount
from evcredit.section_30d.days import LIMIT_DAY, PLACED_IN_SERVICE, TITLE_PASSED
from evcredit.section_30d.provision import CLAIM, Statement, flag, provision
from evcredit.verdict import Verdict

__all__ = [
    "capacity_amount",
    "kilowatt_hour_amount",
    "manufacturer_limit",
    "manufacturer_percentage",
    "phase_out_percent",
    "small_vehicle_amount",
]

_CAPACITY: Fact = CLAIM.vehicle.battery.capacity_kwh
_WHEELS: Fact = CLAIM.vehicle.wheels
_COST: Fact = CLAIM.purchase.cost
_MAKER: Fact = CLAIM.vehicle.manufacturer
_MAKE: Fact = CLAIM.vehicle.make


# -- the amount by battery capacity ---------------------------------------------------------


def _by_capacity(capacity: Any, law: Any, on: Day | None) -> Quantity:
    """The base amount, and what the capacity adds to it, unrounded.

    Args:
        capacity: The capacity in kWh.
        law: The law, as rule bodies see it.
        on: The day on which its numbers are read; `None` if they are the same on every day.
    """

    def number(name: str) -> Any:
        schedule = getattr(law, name)
        return schedule.ever if on is None else schedule.on(on)

    start, each = number("capacity_amount_from_kwh"), quantity(number("capacity_amount_per_kwh"))
    above = greatest(quantity(capacity) - start, 0)
    added = least(each + each * above, number("capacity_amount_limit"))
    # Below the first of the kilowatt hours there is nothing but the base amount.
    short = quantity(start) > capacity
    return quantity(number("base_amount")) + choose(short, 0, added)


def _by_cost(cost: Any, law: Any, on: Day | None) -> Quantity:
    """A percentage of the cost, at most the limit, to the cent."""
    percent, limit = law.small_vehicle_percent, law.small_vehicle_limit
    if on is None:
        return least(rounded(percent_of(percent.ever, cost)), limit.ever)
    return least(rounded(percent_of(percent.on(on), cost)), limit.on(on))


_LAW = law_of(Law)
_TO_THE_DOLLAR = _LAW.readings.amount_rounding.is_one_of(AmountRounding.DOLLAR)


def _to_the_dollar_or_cent(exact: Quantity) -> Quantity:
    return choose(_TO_THE_DOLLAR, rounded(exact, "1"), rounded(exact))


def _dollars(amount: Quantity, law: Law | None) -> Decimal:
    """What an amount that reads no facts and no days comes to."""
    found = amount.bind(Binding(current_law() if law is None else law, {}))(None)
    if not found.is_exact:
        raise ValueError("the law has several amounts of this kind: assess a claim with its day")
    return dollars(cents(found.lower))


def kilowatt_hour_amount(capacity_kwh: Decimal, law: Law | None = None) -> Decimal:
    """The amount for a battery by 26 USC 30D(b) (2021), before any phase-out.

    Fractions of a kilowatt hour count, and the total is rounded to the dollar: the amounts
    that the Internal Revenue Service published can be reached in no other way.

    Args:
        capacity_kwh: The capacity in kWh, from full to empty.
        law: The law, for its numbers and its reading of the rounding; the current one if
            left out.

    Returns:
        US dollars.

    Raises:
        ValueError: The law has several such amounts, for different days.

    >>> kilowatt_hour_amount(Decimal("13.8")), kilowatt_hour_amount(Decimal("4.4"))
    (Decimal('6587.00'), Decimal('2500.00'))
    """
    return _dollars(_to_the_dollar_or_cent(_by_capacity(capacity_kwh, _LAW, None)), law)


def small_vehicle_amount(cost: Decimal, law: Law | None = None) -> Decimal:
    """The amount for a vehicle with two or three wheels by 26 USC 30D(g)(2) (2021).

    Args:
        cost: US dollars and whole cents.
        law: The law; the current one if left out.

    Returns:
        US dollars.

    Raises:
        ValueError: The law has several such amounts, for different days.

    >>> small_vehicle_amount(Decimal("13995")), small_vehicle_amount(Decimal("30000"))
    (Decimal('1399.50'), Decimal('2500.00'))
    """
    return _dollars(_by_cost(cost, _LAW, None), law)


def _small_vehicle(claim: Any, law: Any) -> Any:
    """Whether the vehicle has too few wheels for the amount by capacity."""
    then = law.small_vehicles_in_force.on(PLACED_IN_SERVICE)
    of_a_kind = law.two_wheels_in_force.on(TITLE_PASSED) | law.three_wheels_in_force.on(
        TITLE_PASSED
    )
    few = claim.vehicle.wheels < law.minimum_wheels.on(PLACED_IN_SERVICE)
    return then & of_a_kind & few


#: Whether the amount goes by the cost, as it did for vehicles of few wheels.
by_cost = _small_vehicle(CLAIM, _LAW)
_amount = choose(
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
    ends = ((start, start - (each - most) // each) for start, each, most in by_capacity)
    return {
        _CAPACITY.path: [turn for pair in ends for turn in pair],
        _COST.path: [0, *(most * 100 // percent for percent, most in by_cost)],
    }


def _note(code: str, title: str, citation: str) -> Rule:
    """A rule that only explains."""
    return Rule(code=code, title=title, citation=Citation.parse(citation), mode=Mode.BODY)


_base_rule = _note("base_amount", "base amount", "26 USC 30D(b)(2) (2021)")
_capacity_rule = _note(
    "battery_capacity_amount", "amount by battery capacity", "26 USC 30D(b)(3) (2021)"
)
_small_rule = _note(
    "small_vehicle_amount", "amount by the cost of the vehicle", "26 USC 30D(g)(2) (2021)"
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


capacity_amount = amount(
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
)


# -- the limit on the number of vehicles ------------------------------------------------------


def phase_out_percent(quarter: tuple[int, int] | None, sold: date, law: Law | None = None) -> int:
    """The percentage of the credit by 26 USC 30D(e) (2021).

    Args:
        quarter: Year and number of the quarter in which the manufacturer's 200,000th vehicle
            was sold for use in the United States; `None` if it never was.
        sold: The day the vehicle was sold; from 2023 on there is no limit.
        law: The law; the current one if left out.

    Returns:
        100, 50, 25 or 0.

    Raises:
        OutsideCoverage: The day lies before 2010.

    >>> (
    ...     phase_out_percent((2018, 3), date(2019, 6, 30)),
    ...     phase_out_percent((2018, 3), date(2020, 1, 1)),
    ... )
    (50, 0)
    """
    law = current_law() if law is None else law
    table: Any = law.phase_out_percentage.on(sold)
    # Whoever never sold so many stays where those stand that have only just done so.
    since = 0 if quarter is None else Quarter(*quarter).until(Quarter.of(sold))
    percent: int = table.reached(max(since, 0))
    return percent


def _turns(law: Law) -> tuple[date, ...]:
    """The first day there is, and the days on which a phase-out goes a step further."""
    steps = {
        later
        for table in law.phase_out_percentage.values()
        for later in table.categories()
        if later
    }
    quarters = (each.quarter for each in law.manufacturers if each.quarter)
    days = {(quarter + later).first_day for quarter in quarters for later in steps}
    covered = {*law.phase_out_percentage.boundaries(), *days}
    return tuple(sorted(day for day in covered if law.phase_out_percentage.covers(day)))


def _name(claim: Any) -> str | None:
    name: str | None = claim.vehicle.manufacturer or claim.vehicle.make
    return name


def _names_nobody(name: str | None, law: Law) -> bool:
    """Whether it is unknown who made the vehicle: not stated, or perhaps misspelled."""
    if name is None:
        return True
    if law.manufacturers.named(name) is not None:
        return False
    # A name that is nearly one of those with a limit may be meant for it.
    near = (law.manufacturers.named(each) for each in law.manufacturers.near(name))
    return any(each is not None and each.quarter for each in near)


def _maker(name: str | None, law: Law) -> Manufacturer | None:
    """The manufacturer of the vehicle, if it is on record."""
    return None if name is None else law.manufacturers.named(name)


def _quarters(name: str | None, law: Law) -> frozenset[Quarter | None]:
    """The quarters in which the maker may have sold its 200,000th vehicle; `None` for never."""
    if _names_nobody(name, law):
        return frozenset({None, *(each.quarter for each in law.manufacturers)})
    maker = _maker(name, law)
    return frozenset({None if maker is None else maker.quarter})


def _names(law: Law) -> tuple[str, ...]:
    """Every name on record."""
    return tuple(dict.fromkeys(name for each in law.manufacturers for name in each.spelled()))


_percentage = Tabulated(
    names=(_MAKER, _MAKE),
    day=LIMIT_DAY,
    keys=_quarters,
    known_names=_names,
    number=phase_out_percent,
    turns=_turns,
)


def _unknown_maker(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    if _names_nobody(_name(claim), binding.law):
        yield UnknownFact(_MAKER.path, _MAKER.declared)
    yield from LIMIT_DAY.unknown_in(claim, binding)


def _maker_samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    if unknown.path != _MAKER.path:
        return ()
    limited = tuple(each.name for each in law.manufacturers if each.quarter)
    return (*limited, "a manufacturer that never sold so many")


def _phase_out_days(law: Law) -> Mapping[str, Iterable[date]]:
    limited = law.manufacturer_limit_in_force
    return {PLACED_IN_SERVICE.path: [day for day in _turns(law) if limited.on(day)]}


_history_rule = _note(
    "manufacturer_history", "where the manufacturer stood", "26 USC 30D(e)(2) (2021)"
)


def _maker_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    law: Law = binding.law
    name, sold = _name(claim), LIMIT_DAY.of(claim, law)
    maker = _maker(name, law)
    read = FactRead(_MAKER.path, name, _MAKER.declared)
    vehicles = f"{law.manufacturer_limit_vehicles.values()[0]:,}"
    if _names_nobody(name, law):
        return (Finding(_history_rule, Verdict.UNKNOWN, facts=(read,), note=_who(name, law)),)
    if maker is None or maker.quarter is None:
        text = f"{name} is not on record as having sold {vehicles} vehicles before 2023"
        return (Finding(_history_rule, Verdict.MET, facts=(read,), note=text),)
    text = f"{maker.name} sold its {vehicles}th vehicle in {maker.quarter}"
    if maker.citation != _history_rule.citation:
        text += f" ({maker.citation})"
    verdict = Verdict.UNKNOWN
    if sold is not None:
        percent = phase_out_percent(maker.quarter, sold, law)
        verdict = Verdict.of(percent > 0)
        text += f"; {percent} percent of the credit is left for a vehicle sold on {sold}"
    return (Finding(_history_rule, verdict, facts=(read,), note=text),)


def _who(name: str | None, law: Law) -> str:
    if name is None:
        return "the manufacturer is unknown"
    near = " or ".join(law.manufacturers.near(name))
    return f"no manufacturer {name!r} is on record; did you mean {near}?"


def _derived_percentage(name: str, label: str, kind: Kind, body: Any) -> Derived:
    return Derived(
        name=name,
        label=label,
        kind=kind,
        body=body,
        unknown=_unknown_maker,
        findings=_maker_findings,
        samples=_maker_samples,
        breakpoints=_phase_out_days,
    )


manufacturer_percentage = amount(
    "26 USC 30D(e)(1) (2021)",
    "percentage of the credit that the number of the manufacturer's vehicles leaves",
    _derived_percentage(
        "manufacturer_percentage", "percentage of the credit left", Kind.PERCENT, _percentage
    ),
    in_force=flag("manufacturer_limit_in_force", LIMIT_DAY),
)


_something_left = _derived_percentage(
    "manufacturer_not_phased_out", "some of the credit is left", Kind.FLAG, _percentage > 0
)


@provision(
    "26 USC 30D(e) (2021)",
    "the number of the manufacturer's vehicles leaves some of the credit",
    in_force="manufacturer_limit_in_force",
    on=LIMIT_DAY,
)
def manufacturer_limit(claim: Any, law: Any) -> Statement:
    """The phase-out is not over."""
    return _something_left
