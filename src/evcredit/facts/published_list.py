"""The published lists of eligible vehicles, and what manufacturers reported for each.

Source: 26 USC 30D(d)(3).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.calls import check_types
from evcredit.algebra.field import as_choice, repr_of_facts
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.data import load

__all__ = ["DayCounted", "PublishedList", "Publisher", "facts_reported", "published_lists"]


class Publisher(PlainEnum):
    """Who made a list. Archives and the press are where it was read."""

    INTERNAL_REVENUE_SERVICE = "Internal Revenue Service"
    DEPARTMENT_OF_ENERGY = "Department of Energy"
    MANUFACTURER = "manufacturer"


class DayCounted(PlainEnum):
    """Which day of a vehicle the days of a list are about."""

    PLACED_IN_SERVICE = "placed in service"
    ACQUIRED = "acquired"


def as_publisher(value: Publisher | str | None) -> Any:
    """A publisher, as itself or by name."""
    return as_choice(Publisher, value)


def as_day_counted(value: DayCounted | str | None) -> Any:
    """Which day is counted, as itself or by name."""
    return as_choice(DayCounted, value)


@attrs.frozen(kw_only=True, repr=False)
class PublishedList:
    """A published list and the known values.

    Attributes:
        identifier: A short name, the `list_id` of its rows.
        name: What it is.
        section: The section of the Internal Revenue Code it is about.
        published_by: Who made it.
        counted_on: Which day of a vehicle its days are about.
        report: What manufacturers reported about the vehicles on it, by a name in the data; `None`
            where no one had to report anything.
        days: Why the days of its rows are as they are.
        conflicts: Where sources differ about the list as a whole.

    >>> published_lists()[0].counted_on.value
    'acquired'
    """

    __repr__ = repr_of_facts
    __str__ = brief

    identifier: str
    name: str
    section: str = "30D"
    published_by: Publisher
    counted_on: DayCounted
    report: str | None = None
    days: str
    conflicts: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        check_types(self)


@cache
def published_lists() -> tuple[PublishedList, ...]:
    """The lists of which there is a record, the oldest first.

    >>> [each.identifier for each in published_lists()][-2:]
    ['L7_2025_mid', 'L7b_2025_Hyundai']
    """
    return tuple(
        PublishedList(
            identifier=row["identifier"],
            name=row["name"],
            section=row.get("section", "30D"),
            published_by=Publisher(row["published_by"]),
            counted_on=DayCounted(row["counted_on"]),
            report=row.get("report"),
            days=row["days"],
            conflicts=tuple(row.get("conflicts", ())),
        )
        for row in load("listings.toml")["lists"]
    )


@cache
def facts_reported() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """What manufacturers reported of the vehicles on each list, by list, part and fact."""
    reports = load("listings.toml")["reports"]
    return {
        each.identifier: {
            part: {
                name: _reported_value(value) for name, value in reports[each.report][part].items()
            }
            for part in ("vehicle", "battery_vehicle", "battery")
        }
        for each in published_lists()
        if each.report is not None
    }


def _reported_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Bounds(Decimal(value["at_least"]), Decimal("Infinity"))
    return value
