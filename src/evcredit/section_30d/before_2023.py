"""26 USC 30D(b), (e) and (g) as they stood before P.L. 117-169.

The amount was $2,500 and, for a battery of at least 5 kWh, $417 and another $417 for each
kilowatt hour above 5, fractions included, at most $5,000. It governs vehicles placed in service
to 17 April 2023. After a manufacturer's 200,000th vehicle the credit was phased out in quarters;
that limit governs vehicles sold to the end of 2022. Vehicles with two or three wheels had a
paragraph of their own: 10 percent of the cost, at most $2,500.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact
from evcredit.fact import Kind, UnknownFact
from evcredit.law import AmountRounding, Law, current_law
from evcredit.manufacturer import Manufacturer, PhaseOutPeriod, Quarter
from evcredit.money import cents, dollars, in_dollars
from evcredit.rule import FactRead, Finding, Mode, Rule, amount
from evcredit.schedule import Schedule
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


def _only(schedule: Schedule[Any]) -> Any:
    """The value of a schedule with one entry."""
    return schedule.values()[0]


# -- the amount by battery capacity ---------------------------------------------------------


def _half_up(whole_cents: Fraction, to: int) -> int:
    """Cents, to the nearest multiple, half up."""
    numerator, denominator = whole_cents.numerator, whole_cents.denominator
    return (2 * numerator + to * denominator) // (2 * to * denominator) * to


def _for_capacity(capacity: Decimal, law: Law) -> Fraction:
    """What the capacity adds to the base amount, in cents, before rounding."""
    above = Fraction(capacity) - _only(law.capacity_amount_from_kwh)
    if above < 0:
        return Fraction(0)
    each: int = _only(law.capacity_amount_per_kwh)
    most: int = _only(law.capacity_amount_limit)
    added: Fraction = min(each + each * above, Fraction(most))
    return 100 * added


def _rounding(law: Law) -> int:
    return 100 if law.readings.amount_rounding is AmountRounding.DOLLAR else 1


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

    >>> kilowatt_hour_amount(Decimal("13.8")), kilowatt_hour_amount(Decimal("4.4"))
    (Decimal('6587.00'), Decimal('2500.00'))
    """
    law = current_law() if law is None else law
    exact = 100 * _only(law.base_amount) + _for_capacity(capacity_kwh, law)
    return dollars(_half_up(exact, _rounding(law)))


def small_vehicle_amount(cost: Decimal, law: Law | None = None) -> Decimal:
    """The amount for a vehicle with two or three wheels by 26 USC 30D(g)(2) (2021).

    Args:
        cost: US dollars and whole cents.
        law: The law; the current one if left out.

    Returns:
        US dollars.

    >>> small_vehicle_amount(Decimal("13995")), small_vehicle_amount(Decimal("30000"))
    (Decimal('1399.50'), Decimal('2500.00'))
    """
    law = current_law() if law is None else law
    part = _half_up(Fraction(cents(cost) * _only(law.small_vehicle_percent), 100), 1)
    return dollars(min(part, 100 * _only(law.small_vehicle_limit)))


def _over(
    value: Decimal | Bounds[Decimal] | None, of: Callable[[Decimal], Decimal], most: int
) -> Bounds[Decimal]:
    """What a growing amount can be, given what is known of what it grows with."""
    if value is None:
        return Bounds(of(Decimal(0)), dollars(100 * most))
    if not isinstance(value, Bounds):
        return Bounds.exactly(of(value))
    upper = of(value.upper) if value.upper.is_finite() else dollars(100 * most)
    return Bounds(of(value.lower), upper)


def _small(claim: Any, binding: Binding) -> bool | None:
    """Whether the vehicle has too few wheels for the amount by capacity."""
    law: Law = binding.law
    in_service, title = binding.day(PLACED_IN_SERVICE), binding.day(TITLE_PASSED)
    if in_service is not None and not law.small_vehicles_in_force.on(in_service):
        return False
    flags = (law.two_wheels_in_force, law.three_wheels_in_force)
    if title is not None and not any(schedule.on(title) for schedule in flags):
        return False
    wheels = claim.vehicle.wheels
    few = _only(law.minimum_wheels)
    if wheels is None:
        return None
    ends = (wheels.lower, wheels.upper) if isinstance(wheels, Bounds) else (wheels, wheels)
    return True if ends[1] < few else (False if ends[0] >= few else None)


def _amounts(binding: Binding) -> Callable[[Any], Bounds[Decimal]]:
    law: Law = binding.law
    most = _only(law.base_amount) + _only(law.capacity_amount_limit)

    def by_capacity(claim: Any) -> Bounds[Decimal]:
        capacity = claim.vehicle.battery.capacity_kwh
        return _over(capacity, lambda kwh: kilowatt_hour_amount(kwh, law), most)

    def by_cost(claim: Any) -> Bounds[Decimal]:
        limit = _only(law.small_vehicle_limit)
        return _over(claim.purchase.cost, lambda cost: small_vehicle_amount(cost, law), limit)

    def amounts(claim: Any) -> Bounds[Decimal]:
        small = _small(claim, binding)
        if small is None:
            return by_capacity(claim).hull(by_cost(claim))
        return by_cost(claim) if small else by_capacity(claim)

    return amounts


def _unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    small = _small(claim, binding)
    if small is None:
        yield from _WHEELS.unknown_in(claim, binding)
    if small is not True:
        yield from _CAPACITY.unknown_in(claim, binding)
    if small is not False:
        yield from _COST.unknown_in(claim, binding)


def _capacity_turns(law: Law) -> Mapping[str, Iterable[Any]]:
    """Where the amount starts and stops growing."""
    start, each = _only(law.capacity_amount_from_kwh), _only(law.capacity_amount_per_kwh)
    full = start + -(-(_only(law.capacity_amount_limit) - each) // each)
    percent = _only(law.small_vehicle_percent)
    return {
        _CAPACITY.path: (start, full),
        _COST.path: (0, _only(law.small_vehicle_limit) * 100 // percent),
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


def _amount_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    law: Law = binding.law
    if _small(claim, binding) is not False:
        paid = claim.purchase.cost
        cost = FactRead(_COST.path, paid, _COST.declared)
        most = in_dollars(Decimal(_only(law.small_vehicle_limit)))
        text = f"{_only(law.small_vehicle_percent)} percent of the cost, at most {most}"
        if isinstance(paid, Decimal):
            text = f"cost of {in_dollars(paid)}: {text}"
        return (Finding(_small_rule, Verdict.MET, facts=(cost,), note=text),)
    capacity = claim.vehicle.battery.capacity_kwh
    read = FactRead(_CAPACITY.path, capacity, _CAPACITY.declared)
    each = in_dollars(Decimal(_only(law.capacity_amount_per_kwh)))
    most = in_dollars(Decimal(_only(law.capacity_amount_limit)))
    text = (
        f"{each} for reaching {_only(law.capacity_amount_from_kwh)} kWh and for each kilowatt "
        f"hour above it, at most {most}"
    )
    if isinstance(capacity, Decimal):
        added = dollars(_half_up(_for_capacity(capacity, law), 1))
        text = f"battery of {capacity:f} kWh: {in_dollars(added)}; {text}"
    base = f"base amount: {in_dollars(Decimal(_only(law.base_amount)))}"
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
        unknown=_unknown,
        bind_value=_amounts,
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
    period = PhaseOutPeriod.BEFORE if quarter is None else Quarter(*quarter).period(sold)
    percent: int = table[period]
    return percent


def _names_nobody(claim: Any, law: Law) -> bool:
    """Whether it is unknown who made the vehicle: not stated, or perhaps misspelled."""
    name = claim.vehicle.manufacturer or claim.vehicle.make
    if name is None:
        return True
    if law.manufacturers.named(name) is not None:
        return False
    # A name that is nearly one of those with a limit may be meant for it.
    near = (law.manufacturers.named(each) for each in law.manufacturers.near(name))
    return any(each is not None and each.quarter for each in near)


def _maker(claim: Any, law: Law) -> Manufacturer | None:
    """The manufacturer of the vehicle, if it is on record."""
    name = claim.vehicle.manufacturer or claim.vehicle.make
    return None if name is None else law.manufacturers.named(name)


def _quarters(claim: Any, law: Law) -> set[Quarter | None]:
    """The quarters in which the maker may have sold its 200,000th vehicle; `None` for never."""
    if _names_nobody(claim, law):
        return {None, *(each.quarter for each in law.manufacturers)}
    maker = _maker(claim, law)
    return {None if maker is None else maker.quarter}


def _percentages(binding: Binding) -> Callable[[Any], Bounds[int]]:
    law: Law = binding.law

    def percentages(claim: Any) -> Bounds[int]:
        sold, quarters = LIMIT_DAY.of(claim, law), _quarters(claim, law)
        days = set() if sold is None else {sold}
        if sold is None:
            turns = (day for each in quarters if each for day in each.turns())
            days = {law.phase_out_percentage.boundaries()[0], *turns}
        found = [phase_out_percent(each, day, law) for each in quarters for day in days]
        return Bounds(min(found), max(found))

    return percentages


def _unknown_maker(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    if _names_nobody(claim, binding.law):
        yield UnknownFact(_MAKER.path, _MAKER.declared)
    yield from LIMIT_DAY.unknown_in(claim, binding)


def _maker_samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    if unknown.path != _MAKER.path:
        return ()
    limited = tuple(each.name for each in law.manufacturers if each.quarter)
    return (*limited, "a manufacturer that never sold so many")


def _phase_out_days(law: Law) -> Mapping[str, Iterable[date]]:
    days = {day for each in law.manufacturers if each.quarter for day in each.quarter.turns()}
    limited = law.manufacturer_limit_in_force
    return {PLACED_IN_SERVICE.path: sorted(day for day in days if limited.on(day))}


_history_rule = _note(
    "manufacturer_history", "where the manufacturer stood", "26 USC 30D(e)(2) (2021)"
)


def _maker_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    law: Law = binding.law
    maker, sold = _maker(claim, law), LIMIT_DAY.of(claim, law)
    name = claim.vehicle.manufacturer or claim.vehicle.make
    read = FactRead(_MAKER.path, name, _MAKER.declared)
    vehicles = f"{_only(law.manufacturer_limit_vehicles):,}"
    if _names_nobody(claim, law):
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


def _derived_percentage(name: str, label: str, kind: Kind, bind_value: Any) -> Derived:
    return Derived(
        name=name,
        label=label,
        kind=kind,
        unknown=_unknown_maker,
        bind_value=bind_value,
        findings=_maker_findings,
        samples=_maker_samples,
        breakpoints=_phase_out_days,
    )


manufacturer_percentage = amount(
    "26 USC 30D(e)(1) (2021)",
    "percentage of the credit that the number of the manufacturer's vehicles leaves",
    _derived_percentage(
        "manufacturer_percentage", "percentage of the credit left", Kind.PERCENT, _percentages
    ),
    in_force=flag("manufacturer_limit_in_force", LIMIT_DAY),
)


def _left(binding: Binding) -> Callable[[Any], bool | None]:
    percentages = _percentages(binding)

    def left(claim: Any) -> bool | None:
        found = percentages(claim)
        return True if found.lower > 0 else (None if found.upper > 0 else False)

    return left


_something_left = _derived_percentage(
    "manufacturer_not_phased_out", "some of the credit is left", Kind.FLAG, _left
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
