"""A vehicle as a published list prints it.

Source: 26 USC 30D(d)(3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Fault,
    Kind,
    as_choice,
    as_day,
    as_flag,
    as_price,
    as_text,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.money import in_dollars
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.facts.published_list import (
    DayCounted,
    Publisher,
    as_day_counted,
    as_publisher,
    facts_reported,
)

__all__ = ["ListedVehicle", "Powertrain"]


class Powertrain(PlainEnum):
    """What drives a vehicle."""

    BATTERY_ELECTRIC = "battery electric"
    PLUG_IN_HYBRID = "plug-in hybrid"
    FUEL_CELL = "fuel cell"


def as_powertrain(value: Powertrain | str | None) -> Any:
    """A powertrain, as itself or by name."""
    return as_choice(Powertrain, value)


_YEARS = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?")


def _years(text: str) -> tuple[int, ...] | None:
    """The model years that a list of years and ranges represents; `None` if it is none."""
    found: list[int] = []
    for part in text.split(","):
        match = _YEARS.fullmatch(part.strip())
        if match is None:
            return None
        first = int(match[1])
        last = int(match[2] or first)
        if last < first:
            return None
        found += range(first, last + 1)
    return tuple(sorted(set(found)))


def as_model_years(value: str | int | None) -> Any:
    """Model years as text: single ones, ranges, or several of them."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if text is None or (isinstance(text, str) and _years(text)):
        return text
    return Fault(value, "give model years like 2023, 2012-2018 or 2010, 2012; None if not stated")


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class ListedVehicle:
    """One vehicle as a published list prints it. What the source does not say is `None`.

    A row applies to days from its start to its end. Where the source does not state the two,
    or where sources differ, they lie between an earliest and a latest possible day, and whether
    the row applies to a day in between is unknown.

    Args:
        list_id: A short name of the list, for example ``L4_2024_snapshot``.
        list_name: What the list is.
        section: The section of the Internal Revenue Code that the list is about; 30D if omitted.
        published_by: Who made it.
        as_of: The day or time of the list, in words.
        make: The make.
        model: The model, with its variant as printed.
        model_years: For example ``2023``, ``2012-2018`` or ``2010, 2012``.
        powertrain: What drives it; common knowledge where the list is silent.
        msrp_limit: The limit on the suggested retail price, US dollars.
        credit: The credit, US dollars; `None` where the list gives no amount.
        only_certain_vehicles: Whether the source says that only some vehicles of the model are
            meant, without saying which.
        valid_from: The first day, where the source states it.
        valid_to: The last day, where the source states it.
        earliest_start: The earliest possible first day, if that is not `valid_from`.
        latest_start: The latest possible first day, likewise.
        earliest_end: The earliest possible last day, if that is not `valid_to`.
        latest_end: The latest possible last day, likewise.
        counted_on: Which day of a vehicle all these are about.
        date_basis: The same in the terms of the source.
        mark: ``V`` read in the source named, ``V2`` in two sources, ``R`` recalled or inferred.
        source: Where it was read.
        note: Remarks; one that starts with ``conflict`` tells where sources differ.
        asked_for: The longer name of a model that `find_listed` was requested, where the list has
            no more than its beginning. Rows are equal whatever they were found for.

    Raises:
        InvalidFactError: A fact is invalid or is not exact, for example a last day before
            the first.
        InvalidFactsError: Several faults.

    >>> row = ListedVehicle(make="Tesla", model="Model 3", model_years="2022-2023", credit=7500)
    >>> row.years, row.speaks_for_model_year(2024)
    ((2022, 2023), False)
    """

    __repr__ = repr_of_facts

    list_id: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "list", optional=True)
    )
    list_name: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "name of list", optional=True)
    )
    section: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "section", optional=True)
    )
    published_by: Publisher | None = attrs.field(
        default=None,
        converter=as_publisher,
        metadata=declare(Kind.CHOICE, "publisher of the list", of=Publisher, optional=True),
    )
    as_of: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "time of list", optional=True)
    )
    make: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "listed make", optional=True)
    )
    model: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "listed model", optional=True)
    )
    model_years: str | None = attrs.field(
        default=None,
        converter=as_model_years,
        metadata=declare(Kind.TEXT, "listed model years", optional=True),
    )
    powertrain: Powertrain | None = attrs.field(
        default=None,
        converter=as_powertrain,
        metadata=declare(Kind.CHOICE, "listed powertrain", of=Powertrain, optional=True),
    )
    msrp_limit: Decimal | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "listed suggested retail price limit", optional=True),
    )
    credit: Decimal | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "listed credit", optional=True),
    )
    only_certain_vehicles: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "only certain vehicles of the model listed", optional=True),
    )
    valid_from: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "stated first day of the listing", optional=True),
    )
    valid_to: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "stated last day of the listing", optional=True),
    )
    earliest_start: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "earliest possible first day of the listing", optional=True),
    )
    latest_start: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "latest possible first day of the listing", optional=True),
    )
    earliest_end: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "earliest possible last day of the listing", optional=True),
    )
    latest_end: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "latest possible last day of the listing", optional=True),
    )
    counted_on: DayCounted | None = attrs.field(
        default=None,
        converter=as_day_counted,
        metadata=declare(Kind.CHOICE, "day counted by the listing", of=DayCounted, optional=True),
    )
    date_basis: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "basis of days", optional=True)
    )
    mark: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "mark", optional=True)
    )
    source: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "source", optional=True)
    )
    note: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "note", optional=True)
    )
    asked_for: str | None = attrs.field(
        default=None,
        eq=False,
        converter=as_text,
        metadata=declare(Kind.TEXT, "model requested", optional=True),
    )
    #: The model years, one by one; `None` if they are not stated.
    years: tuple[int, ...] | None = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _listing_faults, sound=sound)
        years = None if self.model_years is None else _years(self.model_years)
        object.__setattr__(self, "years", years)

    @property
    def first_day(self) -> tuple[date | None, date | None]:
        """The earliest and the latest possible first day; `None` where nothing is known."""
        return self.earliest_start or self.valid_from, self.latest_start or self.valid_from

    @property
    def last_day(self) -> tuple[date | None, date | None]:
        """The earliest and the latest possible last day; `None` where nothing is known."""
        return self.earliest_end or self.valid_to, self.latest_end or self.valid_to

    def speaks_for_day(self, day: date | None) -> bool | None:
        """Whether the row applies to a vehicle of that day; `None` if that is unknown.

        It is the day of `counted_on`. False says that this row is silent, not that the vehicle
        does not qualify.

        Args:
            day: The day; `None` if it is unknown.

        >>> from evcredit.law.lists import find_listed
        >>> (row,) = find_listed(make="Acura", model="ZDX", list_id="L4_2024_snapshot")
        >>> [row.speaks_for_day(date(2024, 4, day)) for day in (1, 2)]
        [False, True]
        """
        if day is None:
            return None
        (earliest_start, latest_start), (earliest_end, latest_end) = self.first_day, self.last_day
        if earliest_start is not None and day < earliest_start:
            return False
        if latest_end is not None and day > latest_end:
            return False
        begun = latest_start is not None and day >= latest_start
        lasts = earliest_end is not None and day <= earliest_end
        return True if begun and lasts else None

    def speaks_for_model_year(
        self, model_year: Decimal | Bounds[Decimal] | int | None
    ) -> bool | None:
        """Whether the row applies to a model year; `None` if either is not known well enough."""
        if self.years is None or model_year is None:
            return None
        if isinstance(model_year, Bounds):
            return None if any(year in model_year for year in self.years) else False
        return model_year in self.years

    def speaks_for(
        self, *, day: date | None, model_year: Decimal | Bounds[Decimal] | int | None
    ) -> bool | None:
        """Whether the row applies to a vehicle of its model, of a day and a model year.

        Args:
            day: The day of `counted_on`; `None` if it is unknown.
            model_year: The model year; `None` if it is unknown.

        Returns:
            True, False, or `None` where it is unknown, as it is where the source means only
            certain vehicles of the model.

        >>> from evcredit.law.lists import find_listed
        >>> (row,) = find_listed(make="Acura", model="ZDX", list_id="L4_2024_snapshot")
        >>> row.speaks_for(day=date(2024, 6, 3), model_year=2024)
        True
        """
        both = (self.speaks_for_day(day), self.speaks_for_model_year(model_year))
        if False in both:
            return False
        return None if None in both or self.only_certain_vehicles else True

    def vehicle_facts(self) -> dict[str, Any]:
        """What standing on the list implies of the vehicle, as arguments for `Vehicle`.

        Make and model, the model year if there is only one, and what the manufacturer reports
        of each vehicle before it is listed (Rev. Proc. 2022-42 sec. 4). That final assembly
        lies in North America is reported, but not the country; weight and battery capacity are
        reported, but not printed: none of these is among the facts. Only make and model are
        given where the row itself is recalled (mark ``R``), means only certain vehicles, or
        comes from a list that no authority published.

        >>> from evcredit.law.lists import find_listed
        >>> (row,) = find_listed(make="Acura", model="ZDX", list_id="L4_2024_snapshot")
        >>> row.vehicle_facts()["made_by_qualified_manufacturer"]
        True
        """
        named: dict[str, Any] = {"make": self.make, "model": self.model}
        if self.years is not None and len(self.years) == 1:
            named["model_year"] = self.years[0]
        known = {name: value for name, value in named.items() if value is not None}
        return {**known, **self._reported("vehicle"), **self._reported("battery_vehicle")}

    def battery_facts(self) -> dict[str, Any]:
        """What standing on the list implies of the battery, as arguments for `Battery`.

        >>> from evcredit.law.lists import find_listed
        >>> (row,) = find_listed(make="Acura", model="ZDX", list_id="L4_2024_snapshot")
        >>> row.battery_facts()
        {'externally_rechargeable': True}
        """
        return dict(self._reported("battery"))

    def _reported(self, part: str) -> Mapping[str, Any]:
        """The facts that the manufacturer reported of every vehicle, or of those with a battery."""
        report = facts_reported().get(self.list_id or "", {})
        if self.mark == "R" or self.only_certain_vehicles:
            return {}
        if part != "vehicle" and self.powertrain not in _WITH_BATTERY:
            return {}
        return report.get(part, {})

    @property
    def when(self) -> str:
        """From when to when the row speaks, in words.

        >>> from evcredit.law.lists import find_listed
        >>> (row,) = find_listed(make="Acura", model="ZDX", list_id="L4_2024_snapshot")
        >>> row.when
        'from 2024-04-02 to 2024-12-31'
        """
        return f"from {_between(*self.first_day)} to {_between(*self.last_day)}"

    def __str__(self) -> str:
        name = " ".join(each for each in (self.make, self.model) if each) or "unnamed vehicle"
        plural = "" if self.years is not None and len(self.years) == 1 else "s"
        years = f", model year{plural} {self.model_years}" if self.model_years else ""
        credit = f": {in_dollars(self.credit)}" if self.credit is not None else ": no amount"
        certain = ", only certain vehicles" if self.only_certain_vehicles else ""
        found = "" if self.asked_for is None else f", found for {self.asked_for!r}"
        return f"{name}{found}{years}{credit}{certain}, {self.when} ({self.list_id or 'no list'})"


def _between(earliest: date | None, latest: date | None) -> str:
    """A day that lies between two others, either of which may be unknown, in words."""
    if earliest is None:
        return "an unknown day" if latest is None else f"{latest} at the latest"
    if latest is None:
        return f"{earliest} at the earliest"
    return str(earliest) if earliest == latest else f"a day between {earliest} and {latest}"


def _listing_faults(row: ListedVehicle) -> Iterator[tuple[str, Any, str]]:
    for name in ("msrp_limit", "credit"):
        if isinstance(getattr(row, name), Bounds):
            yield name, getattr(row, name), "give one amount, or None if the list has none"
    (earliest_start, latest_start), (earliest_end, latest_end) = row.first_day, row.last_day
    # Of each pair the second day cannot lie before the first.
    for first, last, fault in (
        (earliest_start, latest_start, "latest_start"),
        (earliest_end, latest_end, "latest_end"),
        (earliest_start, earliest_end, "earliest_end"),
        (latest_start, latest_end, "latest_end"),
    ):
        if first is not None and last is not None and last < first:
            yield fault, last, f"may not lie before {first}; see the other days of the row"


_WITH_BATTERY = (Powertrain.BATTERY_ELECTRIC, Powertrain.PLUG_IN_HYBRID)
