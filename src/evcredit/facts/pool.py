"""The vehicles over which a manufacturer averages a content (26 CFR 1.30D-3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import (
    Any,
    Required,
    TypedDict,
    Unpack,
)

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Fault,
    Kind,
    as_choice,
    as_count,
    as_day,
    as_text,
    as_tuple,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.errors import InvalidFactError
from evcredit.facts.battery import Battery, as_battery
from evcredit.facts.vehicle import VehicleClass, as_vehicle_class

__all__ = ["PeriodDay", "Pool", "PoolBy", "PoolFacts", "PoolMember"]


class PoolBy(PlainEnum):
    """What the vehicles of a pool have in common."""

    MODEL_LINE = "model line"
    PLANT = "plant"
    VEHICLE_CLASS = "vehicle class"


class PeriodDay(PlainEnum):
    """Which day of a vehicle must lie in the period of a pool."""

    PLACED_IN_SERVICE = "placed in service"
    FINAL_ASSEMBLY = "final assembly"


def as_period_day(value: PeriodDay | str) -> Any:
    """Which day must lie in the period, as itself or by name."""
    return as_choice(PeriodDay, value)


def as_pool_by(value: PoolBy | str | Collection[PoolBy | str]) -> Any:
    """One or several of `PoolBy`, as themselves or by name; each once, in a fixed order."""
    several = value if isinstance(value, tuple | list | set | frozenset) else (value,)
    chosen = [as_choice(PoolBy, each) for each in several]
    for each in chosen:
        if isinstance(each, Fault):
            return each
    if not chosen or None in chosen:
        allowed = ", ".join(repr(each.value) for each in PoolBy)
        return Fault(value, f"say by what the vehicles are pooled: one or more of {allowed}")
    return tuple(each for each in PoolBy if each in chosen)


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
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
        InvalidFactError: A fact is invalid or is not exact.
        InvalidFactsError: Several faults.

    >>> PoolMember(vehicles=1200, model_line="Crossover 75", placed_in_service="2024-06-03").plant
    """

    __repr__ = repr_of_facts
    __str__ = brief

    battery: Battery = attrs.field(
        factory=Battery, converter=as_battery, metadata=declare(Kind.PART, "battery", of=Battery)
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

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, sound=sound)


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


def as_members(value: list[PoolMember] | tuple[PoolMember, ...]) -> Any:
    """A tuple of `PoolMember`, of a tuple or a list."""
    return as_tuple(value)


class PoolFacts(TypedDict, total=False):
    """Keyword arguments of the constructors of `Pool` by period."""

    by: Required[PoolBy | str | Collection[PoolBy | str]]
    period_of: PeriodDay | str
    members: Required[list[PoolMember] | tuple[PoolMember, ...]]


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
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
        InvalidFactError: A fact is invalid; a member does not belong into the pool.
        InvalidFactsError: Several faults.

    >>> pool = Pool.of_quarter(
    ...     2024, 2, by="model line", members=[PoolMember(vehicles=3, model_line="Crossover 75")]
    ... )
    >>> pool.first_day, pool.last_day
    (datetime.date(2024, 4, 1), datetime.date(2024, 6, 30))
    """

    __repr__ = repr_of_facts
    __str__ = brief

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
        converter=as_members, metadata=declare(Kind.PARTS, "vehicles", of=PoolMember)
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _pool_faults, sound=sound)

    @classmethod
    def of_year(cls, year: int, **facts: Unpack[PoolFacts]) -> Pool:
        """A pool over a calendar year; `facts` are the other arguments."""
        return cls._of_months("year", year, 1, 12, facts)

    @classmethod
    def of_quarter(cls, year: int, quarter: int, **facts: Unpack[PoolFacts]) -> Pool:
        """A pool over a calendar quarter; `facts` are the other arguments.

        Raises:
            InvalidFactError: There is no such quarter.
        """
        _refuse_outside("quarter", quarter, 4)
        return cls._of_months("year", year, 3 * quarter - 2, 3 * quarter, facts)

    @classmethod
    def of_month(cls, year: int, month: int, **facts: Unpack[PoolFacts]) -> Pool:
        """A pool over a calendar month; `facts` are the other arguments.

        Raises:
            InvalidFactError: There is no such month.
        """
        _refuse_outside("month", month, 12)
        return cls._of_months("year", year, month, month, facts)

    @classmethod
    def _of_months(cls, name: str, year: int, first: int, last: int, facts: PoolFacts) -> Pool:
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
        yield "last_day", pool.last_day, f"may not lie before the first day, {pool.first_day}"
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
