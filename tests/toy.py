"""A toy law with a toy claim, on which the algebra is tried apart from any tax.

A bridge: a car may pass that is not higher than the limit of the day and of its kind, and, on
days on which a toll is taken, whose driver has paid it. It shares nothing with the law of the
credit but the classes that both are written in.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.field import (
    Kind,
    as_choice,
    as_day,
    as_flag,
    as_price,
    as_quantity,
    as_tuple,
    check,
    declare,
)
from evcredit.algebra.schedule import Entry, NoProvision, Schedule, Table
from evcredit.facts.place import as_country
from evcredit.law.countries import CountryGroup

PLACE = Citation.parse("1 USC 1")


class Shape(Enum):
    """What a car is like."""

    LOW = "low"
    HIGH = "high"


@attrs.frozen(kw_only=True)
class Car:
    """A car; all facts may be unknown."""

    height: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_quantity,
        metadata=declare(Kind.QUANTITY, "height of the car", unit="m"),
    )
    shape: Shape | None = attrs.field(
        default=None,
        converter=lambda value: as_choice(Shape, value),
        metadata=declare(Kind.CHOICE, "shape of the car", of=Shape),
    )
    home: str | None = attrs.field(
        default=None, converter=as_country, metadata=declare(Kind.COUNTRY, "home of the car")
    )

    def __attrs_post_init__(self) -> None:
        check(self)


@attrs.frozen(kw_only=True)
class Trip:
    """A trip over the bridge."""

    day: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of the trip")
    )
    paid: bool | None = attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, "toll paid")
    )
    escorted: bool | None = attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, "under escort")
    )
    price: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "price of the load")
    )
    turned_back: bool | None = attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, "turned back", optional=True)
    )
    load: Shape | None = attrs.field(
        default=None,
        converter=lambda value: as_choice(Shape, value),
        metadata=declare(Kind.CHOICE, "shape of the load", of=Shape, optional=True),
    )
    car: Car = attrs.field(factory=Car, metadata=declare(Kind.PART, "car", of=Car))
    trailers: tuple[Car, ...] | None = attrs.field(
        default=None, converter=as_tuple, metadata=declare(Kind.PARTS, "trailers", of=Car)
    )

    def __attrs_post_init__(self) -> None:
        check(self)


def schedule(name: str, *steps: tuple[Any, date]) -> Schedule[Any]:
    """A schedule from values, each with its first day; the last one is unresolved-ended."""
    ends = [start for _, start in steps[1:]] + [None]
    return Schedule(
        name,
        tuple(
            Entry(value=value, start=start, end=end, citation=PLACE, known_from=date(2000, 1, 1))
            for (value, start), end in zip(steps, ends, strict=True)
        ),
    )


def by_shape(low: int, high: int) -> Table:
    """A limit for each shape."""
    return Table(((Shape.LOW, low, PLACE), (Shape.HIGH, high, PLACE)))


START, LATER, LAST = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)


@attrs.frozen(kw_only=True)
class Road:
    """The toy law."""

    height_limit: Schedule[int]
    shape_limit: Schedule[Table]
    price_limit: Schedule[int]
    toll_in_force: Schedule[bool]
    always: Schedule[bool]
    neighbours: CountryGroup

    def sample_countries(self) -> tuple[str, ...]:
        """One country of each standing."""
        return ("FR", "CH", "AQ")


ROAD = Road(
    height_limit=schedule("height limit", (3, START), (4, LATER)),
    shape_limit=schedule("limit by shape", (by_shape(2, 4), START), (by_shape(3, 4), LATER)),
    price_limit=schedule(
        "price limit", (100, START), (NoProvision("the limit was repealed"), LAST)
    ),
    toll_in_force=schedule("toll", (False, START), (True, LATER)),
    always=schedule("always", (True, START)),
    neighbours=CountryGroup("the neighbours", (("FR", True), ("CH", None)), PLACE),
)
