"""26 CFR 1.30D-3: a content averaged over many vehicles and a period.

A manufacturer may determine the two qualifying contents for a pool of vehicles instead of one by
one: over a limited period, such as a year, a quarter or a month, and over vehicles of the same
model line, plant or class, or a combination of these. The content of the pool is the qualifying
value of all its batteries over the total value of all of them; it is weighted by value and not
the mean of percentages.

The words of the regulation on averaging were not read for this; they are reported by others.
What rests on that is a choice here, and not decided: by what vehicles are pooled (`Pool.by`), the
period (`Pool.first_day`, `Pool.last_day`), and which day of a vehicle must lie in it
(`Pool.period_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from evcredit.battery import Battery
from evcredit.bounds import Bounds
from evcredit.errors import InvalidFactError
from evcredit.fact import (
    Fault,
    Kind,
    as_choice,
    as_count,
    as_day,
    as_text,
    as_tuple,
    check,
    declare,
)
from evcredit.law import Law
from evcredit.section_30d.components import component_parts
from evcredit.section_30d.minerals import mineral_parts
from evcredit.share import Fractions, Share, share_of
from evcredit.vehicle import VehicleClass, as_vehicle_class
from evcredit.verdict import Verdict

__all__ = [
    "Contribution",
    "PeriodDay",
    "Pool",
    "PoolBy",
    "PoolContent",
    "PoolMember",
    "pool_component_content",
    "pool_mineral_content",
]


class PoolBy(Enum):
    """What the vehicles of a pool have in common."""

    MODEL_LINE = "model line"
    PLANT = "plant"
    VEHICLE_CLASS = "vehicle class"


class PeriodDay(Enum):
    """Which day of a vehicle must lie in the period of a pool."""

    PLACED_IN_SERVICE = "placed in service"
    FINAL_ASSEMBLY = "final assembly"


def as_period_day(value: PeriodDay | str) -> Any:
    """Which day must lie in the period, by itself or by name."""
    return as_choice(PeriodDay, value)


def as_pool_by(value: Any) -> Any:
    """One or several of `PoolBy`, by themselves or by name; each once, in a fixed order."""
    several = value if isinstance(value, tuple | list | set | frozenset) else (value,)
    chosen = [as_choice(PoolBy, each) for each in several]
    for each in chosen:
        if isinstance(each, Fault):
            return each
    if not chosen or None in chosen:
        allowed = ", ".join(repr(each.value) for each in PoolBy)
        return Fault(value, f"say by what the vehicles are pooled: one or more of {allowed}")
    return tuple(each for each in PoolBy if each in chosen)


@attrs.frozen(kw_only=True)
class PoolMember:
    """So many vehicles with the same battery in a pool.

    Args:
        battery: The battery of each of them, with its procurement chains and components.
        vehicles: How many; bounds if that is not known exactly, `None` if not at all.
        placed_in_service: The day they are placed in service, on which the agreements must be in
            effect. Make a member for each day where that makes a difference.
        assembled: The day of their final assembly, for pools whose period goes by it.
        model_line: The model line.
        plant: Where they are assembled.
        vehicle_class: Their class.
        name: For the reader.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.
        InvalidFactsError: Several faults.

    >>> PoolMember(vehicles=1200, model_line="Crossover 75", placed_in_service="2024-06-03").plant
    """

    battery: Battery = attrs.field(
        factory=Battery, metadata=declare(Kind.PART, "battery", of=Battery)
    )
    vehicles: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_count, metadata=declare(Kind.COUNT, "number of vehicles")
    )
    placed_in_service: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day placed in service")
    )
    assembled: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of final assembly", optional=True),
    )
    model_line: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "model line", optional=True)
    )
    plant: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "plant", optional=True)
    )
    vehicle_class: VehicleClass | None = attrs.field(
        default=None,
        converter=as_vehicle_class,
        metadata=declare(Kind.CHOICE, "vehicle class", of=VehicleClass, optional=True),
    )
    name: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "name", optional=True)
    )

    def __attrs_post_init__(self) -> None:
        check(self)


_FACT_OF = {
    PoolBy.MODEL_LINE: "model_line",
    PoolBy.PLANT: "plant",
    PoolBy.VEHICLE_CLASS: "vehicle_class",
    PeriodDay.PLACED_IN_SERVICE: "placed_in_service",
    PeriodDay.FINAL_ASSEMBLY: "assembled",
}


_BY_THE_DAY = {
    PeriodDay.PLACED_IN_SERVICE: "by the day placed in service",
    PeriodDay.FINAL_ASSEMBLY: "by the day of final assembly",
}


@attrs.frozen(kw_only=True)
class Pool:
    """Vehicles over which a content is averaged (26 CFR 1.30D-3).

    Args:
        by: What the vehicles have in common: one or more of model line, plant and vehicle
            class. Every member must state it, and all must state the same.
        first_day: The first day of the period.
        last_day: The last day of the period.
        period_of: Which day of a vehicle must lie in the period. A member whose day is not
            stated is taken at its word.
        members: The vehicles.

    Raises:
        InvalidFactError: A fact cannot be true; a member does not belong into the pool.
        InvalidFactsError: Several faults.

    >>> pool = Pool.of_quarter(
    ...     2024, 2, by="model line", members=[PoolMember(vehicles=3, model_line="Crossover 75")]
    ... )
    >>> pool.first_day, pool.last_day
    (datetime.date(2024, 4, 1), datetime.date(2024, 6, 30))
    """

    by: tuple[PoolBy, ...] = attrs.field(converter=as_pool_by)
    first_day: date = attrs.field(
        converter=as_day, metadata=declare(Kind.DAY, "first day of the period")
    )
    last_day: date = attrs.field(
        converter=as_day, metadata=declare(Kind.DAY, "last day of the period")
    )
    period_of: PeriodDay = attrs.field(
        default=PeriodDay.PLACED_IN_SERVICE,
        converter=as_period_day,
        metadata=declare(Kind.CHOICE, "day that lies in the period", of=PeriodDay),
    )
    members: tuple[PoolMember, ...] = attrs.field(
        converter=as_tuple, metadata=declare(Kind.PARTS, "vehicles", of=PoolMember)
    )

    def __attrs_post_init__(self) -> None:
        check(self, _pool_faults)

    @classmethod
    def of_year(cls, year: int, **facts: Any) -> Pool:
        """A pool over a calendar year; `facts` are the other arguments."""
        return cls._of_months("year", year, 1, 12, facts)

    @classmethod
    def of_quarter(cls, year: int, quarter: int, **facts: Any) -> Pool:
        """A pool over a calendar quarter; `facts` are the other arguments.

        Raises:
            InvalidFactError: There is no such quarter.
        """
        _refuse_outside("quarter", quarter, 4)
        return cls._of_months("year", year, 3 * quarter - 2, 3 * quarter, facts)

    @classmethod
    def of_month(cls, year: int, month: int, **facts: Any) -> Pool:
        """A pool over a calendar month; `facts` are the other arguments.

        Raises:
            InvalidFactError: There is no such month.
        """
        _refuse_outside("month", month, 12)
        return cls._of_months("year", year, month, month, facts)

    @classmethod
    def _of_months(cls, name: str, year: int, first: int, last: int, facts: Any) -> Pool:
        _refuse_outside(name, year, 9998)
        # The last day is the one before the first of the month after.
        after = date(year + last // 12, last % 12 + 1, 1)
        return cls(first_day=date(year, first, 1), last_day=after - timedelta(days=1), **facts)


def _refuse_outside(name: str, number: Any, most: int) -> None:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
        raise InvalidFactError(f"pool.{name}", number, f"give a whole number from 1 to {most}")


def _pool_faults(pool: Pool) -> Iterator[tuple[str, Any, str]]:
    by: Any = pool.by
    if isinstance(by, Fault):
        yield "by", by.found, by.remedy
        return
    for name in ("first_day", "last_day", "period_of", "members"):
        if getattr(pool, name) is None:
            yield name, None, "a pool needs it; nothing can be left open here"
            return
    if pool.last_day < pool.first_day:
        yield "last_day", pool.last_day, f"must not lie before the first day, {pool.first_day}"
    if not pool.members:
        yield "members", pool.members, "give at least one"
    for index, member in enumerate(pool.members):
        for criterion in pool.by:
            yield from _group_fault(pool, index, member, criterion)
        day = getattr(member, _FACT_OF[pool.period_of])
        if day is not None and not pool.first_day <= day <= pool.last_day:
            yield (
                f"members[{index}].{_FACT_OF[pool.period_of]}",
                str(day),
                f"the period of the pool is {pool.first_day} to {pool.last_day}, "
                + _BY_THE_DAY[pool.period_of],
            )


def _group_fault(
    pool: Pool, index: int, member: PoolMember, criterion: PoolBy
) -> Iterator[tuple[str, Any, str]]:
    name = _FACT_OF[criterion]
    found, common = getattr(member, name), getattr(pool.members[0], name)
    if found is None:
        yield f"members[{index}].{name}", None, f"state it: the pool is by {criterion.value}"
    elif common is not None and found != common:
        words = [each.value if isinstance(each, Enum) else each for each in (found, common)]
        common = f"the pool is by {criterion.value} and members[0] states {words[1]!r}"
        yield f"members[{index}].{name}", words[0], f"{common}; make a pool for each"


# -- the content ---------------------------------------------------------------------------


class Contribution(NamedTuple):
    """What one member brings to the content of a pool.

    Args:
        member: The member.
        content: Its own content; `None` if it has nothing to count.
        total: The value of all its batteries that is counted, in US dollars; `None` if a value
            or the number of vehicles is not known exactly.
        qualifying: How much of that qualifies, in US dollars; `None` likewise.
    """

    member: PoolMember
    content: Share | None
    total: Fraction | None
    qualifying: Bounds[Fraction] | None


@attrs.frozen(kw_only=True)
class PoolContent:
    """The content of a pool.

    Attributes:
        share: The qualifying value over the total value, with bounds.
        contributions: What each member brings, in order.
    """

    share: Share
    contributions: tuple[Contribution, ...]

    @property
    def bounds(self) -> Bounds[Fraction]:
        """The content as bounds of exact fractions, 1 being the whole."""
        return self.share.bounds

    def reaches(self, percent: int) -> Verdict:
        """Whether the content is equal to or greater than so many percent, exactly."""
        return Verdict.of(self.share.at_least_percent(percent))

    @property
    def certified_percentage(self) -> Decimal | Bounds[Decimal]:
        """The percentage to state as certified on each claim for a vehicle of the pool.

        A share such as one third has no exact decimal form, so it is rounded down at the
        eighteenth decimal place, at both ends. Rounding down changes no comparison with a
        percentage that has no finer places, as those of the law: a share reaches it exactly if
        the rounded one does. Rounding up could lift a content over it.
        """
        ends = self.bounds
        lower, upper = _percent_rounded_down(ends.lower), _percent_rounded_down(ends.upper)
        return lower if ends.is_exact else Bounds(lower, upper)

    def __str__(self) -> str:
        return str(self.share)


#: The finest decimal place that a stated percentage may have.
_PLACES = 18


def _percent_rounded_down(share: Fraction) -> Decimal:
    """A share in percent, rounded down.

    >>> _percent_rounded_down(Fraction(2, 3)), _percent_rounded_down(Fraction(1, 2))
    (Decimal('66.666666666666666666'), Decimal('50'))
    """
    units = share.numerator * 100 * 10**_PLACES // share.denominator
    whole, rest = divmod(units, 10**_PLACES)
    decimals = f"{rest:0{_PLACES}d}".rstrip("0")
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def pool_mineral_content(pool: Pool, law: Law, *, traced: bool = False) -> PoolContent | None:
    """The qualifying critical mineral content of a pool (26 USC 30D(e)(1), 26 CFR 1.30D-3).

    Each battery is looked at under the agreements in effect on the day its vehicle is placed in
    service, which is the day that picks the law for that vehicle.

    Args:
        pool: The pool; certified percentages of its batteries are left aside.
        law: The law.
        traced: Whether to apply the traced qualifying value test instead of the 50 percent
            value added test.

    Returns:
        The content; `None` if no battery of the pool holds an applicable critical mineral.

    >>> from evcredit.examples import demonstration_battery
    >>> from evcredit.law import current_law
    >>> member = PoolMember(
    ...     battery=demonstration_battery(),
    ...     vehicles=1200,
    ...     placed_in_service="2024-06-03",
    ...     plant="Springfield",
    ... )
    >>> pool = Pool.of_month(2024, 6, by="plant", members=[member])
    >>> print(pool_mineral_content(pool, current_law()))
    84.1 %
    """
    return _content(
        pool,
        lambda member: mineral_parts(member.battery, law, member.placed_in_service, traced=traced),
    )


def pool_component_content(pool: Pool, law: Law) -> PoolContent | None:
    """The qualifying battery component content of a pool (26 USC 30D(e)(2), 26 CFR 1.30D-3).

    Args:
        pool: The pool; certified percentages of its batteries are left aside.
        law: The law.

    Returns:
        The content; `None` if no battery of the pool has components.
    """
    america = law.north_america.members
    return _content(pool, lambda member: component_parts(member.battery, america))


Parts = tuple[tuple[int | None, Fractions], ...]


class _Batteries(NamedTuple):
    """The batteries of one member: the parts of one, and between how many there are."""

    parts: Parts
    fewest: int
    most: int | None

    @property
    def has_value(self) -> bool:
        """Whether a battery has any known value, so that their number matters."""
        return any(value for value, _ in self.parts)

    @property
    def is_open(self) -> bool:
        """Whether their number is not known exactly."""
        return self.most != self.fewest

    def ratio(self, end: int) -> Fraction:
        """The least or the greatest part of the known value that qualifies; 0 without any."""
        known = [(value, fractions[end]) for value, fractions in self.parts if value]
        total = sum(value for value, _ in known)
        qualifying = sum((Fraction(value * each) for value, each in known), Fraction(0))
        return Fraction(qualifying, total or 1)

    def times(self, count: int) -> Iterator[tuple[int | None, Fractions]]:
        """The parts of so many batteries.

        A number without a limit adds value without a limit, in the proportion of one battery.
        A value that is unknown is so for any number, and where nothing has a known value the
        number makes no difference.
        """
        for value, fractions in self.parts:
            if value is None or count or not self.has_value:
                yield (value and value * count), fractions
        if self.most is None and self.has_value:
            yield None, (self.ratio(0), self.ratio(1))


def _batteries(parts: Parts, vehicles: Decimal | Bounds[Decimal] | None) -> _Batteries:
    if vehicles is None:
        return _Batteries(parts, 0, None)
    if isinstance(vehicles, Bounds):
        most = vehicles.upper
        return _Batteries(parts, int(vehicles.lower), int(most) if most.is_finite() else None)
    return _Batteries(parts, int(vehicles), int(vehicles))


def _content(pool: Pool, parts_of: Callable[[PoolMember], Parts]) -> PoolContent | None:
    each = [_batteries(parts_of(member), member.vehicles) for member in pool.members]
    share = _joint_share([one for one in each if one.most != 0])
    if share is None:
        return None
    contributions = (
        _contribution(member, one) for member, one in zip(pool.members, each, strict=True)
    )
    return PoolContent(share=share, contributions=tuple(contributions))


def _joint_share(each: Sequence[_Batteries]) -> Share | None:
    """The share over all batteries, whatever their numbers turn out to be.

    The share is a ratio of linear functions of each number, so its extremes lie where every
    number is as small or as great as it can be. The greatest share has the most of the
    batteries with the highest content and the fewest of the others, so it is found by going
    from the one to the other in order of content; the least likewise from below.
    """
    shares = [share_of(part for one in each for part in one.times(one.fewest))]
    finite = [index for index, one in enumerate(each) if one.is_open and one.most is not None]
    for end in (0, 1):
        order = sorted(finite, key=lambda index: each[index].ratio(end), reverse=end == 1)
        shares += [_share_with(each, order[: at + 1]) for at in range(len(order))]
    worthless = [one for one in each if not one.has_value]
    if any(one.is_open for one in worthless) and not any(
        one.fewest and one.has_value for one in each
    ):
        # Any of the batteries without value may be the only ones there are.
        shares += [share_of(one.parts) for one in worthless]
    found = [share for share in shares if share is not None]
    if len(found) < 2:
        return found[0] if found else None
    low = min(share.bounds.lower for share in found)
    high = max(share.bounds.upper for share in found)
    return Share(low.numerator, low.denominator, high.numerator, high.denominator)


def _share_with(each: Sequence[_Batteries], most_of: Sequence[int]) -> Share | None:
    """The share with as many as possible of some batteries, and as few of the others."""
    raised = frozenset(most_of)
    return share_of(
        part
        for index, one in enumerate(each)
        for part in one.times((index in raised and one.most) or one.fewest)
    )


def _contribution(member: PoolMember, batteries: _Batteries) -> Contribution:
    content = share_of(batteries.parts)
    count = batteries.fewest
    values = [value for value, _ in batteries.parts]
    if batteries.is_open or None in values:
        return Contribution(member, content, None, None)
    total = Fraction(sum(value or 0 for value in values) * count, _MILLION)
    lower, upper = (
        sum((Fraction(value or 0) * each[end] for value, each in batteries.parts), Fraction(0))
        for end in (0, 1)
    )
    per_dollar = Fraction(count, _MILLION)
    return Contribution(member, content, total, Bounds(lower * per_dollar, upper * per_dollar))


_MILLION = 1_000_000
