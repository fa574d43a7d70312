"""Published lists of qualifying vehicles: a partial record of them, to look things up in.

The Internal Revenue Service and the Department of Energy publish which vehicles their makers
have reported as qualifying, with the credit and the price limit. What is held here was read in
archives and in the press, row by row with its source (``data/listings.csv``), and is neither
complete nor the law: a vehicle qualifies by its own identification number and by the seller
report. A row says for which days and model years it speaks, and leaves open what its source
leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.data import load, load_rows
from evcredit.errors import InvalidFactError, UnknownListing, nearest
from evcredit.fact import (
    Fault,
    Kind,
    as_choice,
    as_count,
    as_day,
    as_flag,
    as_price,
    as_text,
    check,
    declare,
)
from evcredit.money import in_dollars

__all__ = [
    "DayCounted",
    "ListedVehicle",
    "Powertrain",
    "PublishedList",
    "Publisher",
    "find_listed",
    "listings",
    "published_lists",
]


class Publisher(Enum):
    """Who made a list. Archives and the press are where it was read."""

    INTERNAL_REVENUE_SERVICE = "Internal Revenue Service"
    DEPARTMENT_OF_ENERGY = "Department of Energy"
    MANUFACTURER = "manufacturer"


class DayCounted(Enum):
    """Which day of a vehicle the days of a list are about."""

    PLACED_IN_SERVICE = "placed in service"
    ACQUIRED = "acquired"


class Powertrain(Enum):
    """What drives a vehicle."""

    BATTERY_ELECTRIC = "battery electric"
    PLUG_IN_HYBRID = "plug-in hybrid"
    FUEL_CELL = "fuel cell"


def as_publisher(value: Publisher | str | None) -> Any:
    """A publisher, by itself or by name."""
    return as_choice(Publisher, value)


def as_day_counted(value: DayCounted | str | None) -> Any:
    """Which day is counted, by itself or by name."""
    return as_choice(DayCounted, value)


def as_powertrain(value: Powertrain | str | None) -> Any:
    """A powertrain, by itself or by name."""
    return as_choice(Powertrain, value)


_YEARS = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?")


def _years(text: str) -> tuple[int, ...] | None:
    """The model years that a list of years and ranges stands for; `None` if it is none."""
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


@attrs.frozen(kw_only=True)
class ListedVehicle:
    """One vehicle as a published list prints it. What the source does not say is `None`.

    A row speaks for days from its start to its end. Where the source does not state the two,
    or where sources differ, they lie between an earliest and a latest possible day, and whether
    the row speaks for a day in between is unknown.

    Args:
        list_id: A short name of the list, for example ``L4_2024_snapshot``.
        list_name: What the list is.
        section: The section of the Internal Revenue Code that the list is about; 30D if left
            out.
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

    Raises:
        InvalidFactError: A fact cannot be true or is not exact, for example a last day before
            the first.
        InvalidFactsError: Several faults.

    >>> row = ListedVehicle(make="Tesla", model="Model 3", model_years="2022-2023", credit=7500)
    >>> row.years, row.speaks_for_model_year(2024)
    ((2022, 2023), False)
    """

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
    #: The model years, one by one; `None` if they are not stated.
    years: tuple[int, ...] | None = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        check(self, _listing_faults)
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
        """Whether the row speaks for a vehicle of that day; `None` if that is unknown.

        It is the day of `counted_on`. False says that this row is silent, not that the vehicle
        does not qualify.

        Args:
            day: The day; `None` if it is unknown.

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
        """Whether the row speaks for a model year; `None` if either is not known well enough."""
        if self.years is None or model_year is None:
            return None
        if isinstance(model_year, Bounds):
            return None if any(year in model_year for year in self.years) else False
        return model_year in self.years

    def speaks_for(
        self, *, day: date | None, model_year: Decimal | Bounds[Decimal] | int | None
    ) -> bool | None:
        """Whether the row speaks for a vehicle of its model, of a day and a model year.

        Args:
            day: The day of `counted_on`; `None` if it is unknown.
            model_year: The model year; `None` if it is unknown.

        Returns:
            True, False, or `None` where it is unknown, as it is where the source means only
            certain vehicles of the model.

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

        >>> (row,) = find_listed(make="Acura", model="ZDX", list_id="L4_2024_snapshot")
        >>> row.battery_facts()
        {'externally_rechargeable': True}
        """
        return dict(self._reported("battery"))

    def _reported(self, part: str) -> Mapping[str, Any]:
        """The facts that the manufacturer reported of every vehicle, or of those with a battery."""
        report = _reports().get(self.list_id or "", {})
        if self.mark == "R" or self.only_certain_vehicles:
            return {}
        if part != "vehicle" and self.powertrain not in _WITH_BATTERY:
            return {}
        return report.get(part, {})

    @property
    def when(self) -> str:
        """From when to when the row speaks, in words.

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
        return f"{name}{years}{credit}{certain}, {self.when} ({self.list_id or 'no list'})"


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
            yield fault, last, f"must not lie before {first}; see the other days of the row"


_WITH_BATTERY = (Powertrain.BATTERY_ELECTRIC, Powertrain.PLUG_IN_HYBRID)


@attrs.frozen(kw_only=True)
class PublishedList:
    """A published list and what is known of it.

    Attributes:
        identifier: A short name, the `list_id` of its rows.
        name: What it is.
        section: The section of the Internal Revenue Code it is about.
        published_by: Who made it.
        counted_on: Which day of a vehicle its days are about.
        report: What manufacturers told of the vehicles on it, by a name in the data; `None`
            where nobody had to report anything.
        days: Why the days of its rows are as they are.
        conflicts: Where sources differ about the list as a whole.

    >>> published_lists()[0].counted_on.value
    'acquired'
    """

    identifier: str
    name: str
    section: str = "30D"
    published_by: Publisher
    counted_on: DayCounted
    report: str | None = None
    days: str
    conflicts: tuple[str, ...] = ()


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
def _reports() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
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


@cache
def listings() -> tuple[ListedVehicle, ...]:
    """Every row of every list, in the order of the lists and as they print them.

    >>> len(listings()), len({row.list_id for row in listings()})
    (304, 13)
    """
    held = {each.identifier: each for each in published_lists()}
    rows = []
    for row in load_rows("listings.csv"):
        cells: dict[str, Any] = dict(row)
        of = held[row["list_id"]]
        certain = cells.pop("only_certain_vehicles", None)
        rows.append(
            ListedVehicle(
                **cells,
                list_name=of.name,
                section=of.section,
                published_by=of.published_by,
                counted_on=of.counted_on,
                only_certain_vehicles=True if certain == "yes" else None,
            )
        )
    return tuple(rows)


# -- looking up ----------------------------------------------------------------------------

#: What is written in several ways, and how it is compared.
_SPELLINGS = (
    (re.compile(r"rear[\s-]*wheel[\s-]*drive"), "rwd"),
    (re.compile(r"all[\s-]*wheel[\s-]*drive"), "awd"),
    (re.compile(r"plug[\s-]*in[\s-]*hybrid"), "phev"),
)
_WORD = re.compile(r"[A-Za-z0-9+]+")


@cache
def _make_aliases() -> Mapping[str, str]:
    aliases: Mapping[str, str] = load("listings.toml")["make_aliases"]
    return aliases


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """A name without case, spaces and punctuation; a plus sign stays, as it tells models apart."""
    text = text.casefold()
    for spelling, short in _SPELLINGS:
        text = spelling.sub(short, text)
    return re.sub(r"[^a-z0-9+]", "", text)


@lru_cache(maxsize=4096)
def _beginnings(model: str) -> Mapping[str, str]:
    """What a model name begins with, word by word: each beginning, by how it is compared."""
    texts = [model[: word.end()] for word in _WORD.finditer(model)]
    return {_folded(text): text for text in texts}


def find_listed(
    *,
    make: str,
    model: str,
    model_year: Decimal | int | str | None = None,
    day: date | str | None = None,
    list_id: str | None = None,
) -> tuple[ListedVehicle, ...]:
    """The rows that may speak for a vehicle, on every list or on one.

    Names are compared without case, spaces and punctuation. A model matches the rows that
    begin with it, word by word: ``Model 3`` finds ``Model 3 Performance``, and ``Bolt`` finds
    ``Bolt EUV``, but not the other way round. Everything that fits is returned, in the order of
    `listings`; to choose is up to the caller. A row whose model years or days leave it open
    whether it fits is returned too: ask it with `ListedVehicle.speaks_for`.

    Args:
        make: The make; ``VW`` and ``Chevy`` are understood.
        model: The model, or the beginning of its name.
        model_year: Leaves out rows for other model years.
        day: Leaves out rows that do not speak for that day: the day placed in service, or
            acquired, as the row counts.
        list_id: Looks only in that list.

    Returns:
        At least one row.

    Raises:
        UnknownListing: No row fits; it says what does come near, or for which model years and
            days the vehicle is listed.
        InvalidFactError: An argument is of the wrong form.

    >>> for row in find_listed(make="Ford", model="Mustang Mach E", day=date(2023, 3, 1)):
    ...     print(row)
    Ford Mustang Mach-E: no amount, from 2023-01-01 to 2023-04-17 (L1b_2023-02-03_label)
    >>> find_listed(make="Ford", model="Mustang Mach E", day=date(2024, 3, 1))
    Traceback (most recent call last):
    evcredit.errors.UnknownListing: Ford Mustang Mach E is on no list for 2024-03-01; ...
    """
    asked: dict[str, Any] = {
        "make": _required("make", make),
        "model": _required("model", model),
        "model_year": _taken("model_year", model_year, as_count),
        "day": _taken("day", day, as_day),
        "list_id": _taken("list_id", list_id, as_text),
    }
    rows = _of_model(asked, _of_make(asked, _of_list(asked)))
    return _of_day(asked, _of_model_year(asked, rows))


def _taken(name: str, value: Any, convert: Callable[[Any], Any]) -> Any:
    found = convert(value)
    if isinstance(found, Fault):
        raise InvalidFactError(name, found.found, found.remedy)
    return found


def _required(name: str, value: Any) -> Any:
    if value is None:
        raise InvalidFactError(name, value, f"give a {name} to look for")
    return _taken(name, value, as_text)


Rows = Sequence[ListedVehicle]


def _of_list(asked: dict[str, Any]) -> Rows:
    wanted = asked["list_id"]
    if wanted is None:
        return listings()
    names = [each.identifier for each in published_lists()]
    if wanted not in names:
        begun = tuple(name for name in names if name.lower().startswith(wanted.lower()))
        near = begun or nearest(wanted, names)
        known = "" if near else f"; there are {', '.join(names)}"
        raise UnknownListing(asked, f"there is no list {wanted!r}{known}", near)
    return [row for row in listings() if row.list_id == wanted]


def _of_make(asked: dict[str, Any], rows: Rows) -> Rows:
    wanted = _folded(_make_aliases().get(_folded(asked["make"]), asked["make"]))
    found = [row for row in rows if _folded(row.make or "") == wanted]
    if found:
        return found
    elsewhere = [row for row in listings() if _folded(row.make or "") == wanted]
    if elsewhere:
        raise UnknownListing(asked, f"the list {asked['list_id']} has no {elsewhere[0].make}", ())
    makes = {_folded(row.make or ""): row.make or "" for row in listings()}
    near = tuple(makes[each] for each in nearest(wanted, makes))
    raise UnknownListing(asked, f"no list has the make {asked['make']!r}", near)


def _of_model(asked: dict[str, Any], rows: Rows) -> Rows:
    wanted = _folded(asked["model"])
    found = [row for row in rows if wanted in _beginnings(row.model or "")]
    if found:
        return found
    make = rows[0].make
    where = [
        row.list_id
        for row in listings()
        if row.make == make and wanted in _beginnings(row.model or "")
    ]
    if where:
        others = ", ".join(str(each) for each in dict.fromkeys(where))
        why = f"the list {asked['list_id']} has no {make} {asked['model']}; it is on {others}"
        raise UnknownListing(asked, why, ())
    none = "no list has a" if asked["list_id"] is None else f"the list {asked['list_id']} has no"
    why = f"{none} {make} {asked['model']!r}"
    raise UnknownListing(asked, why, _near_models(wanted, rows))


def _near_models(wanted: str, rows: Rows) -> tuple[str, ...]:
    """Names that hold the one asked for, that it goes on from, or that are spelt much alike."""
    known: dict[str, str] = {}
    for row in rows:
        known |= _beginnings(row.model or "")
    if not wanted:
        return ()
    holding = [text for folded, text in known.items() if folded.endswith(wanted)]
    shorter = [text for folded, text in known.items() if wanted.startswith(folded)]
    longest = [max(shorter, key=len)] if shorter else []
    alike = [known[each] for each in nearest(wanted, known)]
    return tuple(dict.fromkeys((*holding, *alike, *longest)))[:3]


def _of_model_year(asked: dict[str, Any], rows: Rows) -> Rows:
    wanted = asked["model_year"]
    if wanted is None:
        return rows
    found = [row for row in rows if row.speaks_for_model_year(wanted) is not False]
    if found:
        return found
    years = sorted({year for row in rows for year in row.years or ()})
    plural = "" if len(years) == 1 else "s"
    listed = f"model year{plural} {_ranges(years)}"
    why = f"{_vehicle(asked, rows)} is listed for {listed}, not for {wanted}"
    raise UnknownListing(asked, why, ())


def _of_day(asked: dict[str, Any], rows: Rows) -> tuple[ListedVehicle, ...]:
    wanted = asked["day"]
    if wanted is None:
        return tuple(rows)
    found = tuple(row for row in rows if row.speaks_for_day(wanted) is not False)
    if found:
        return found
    # Of all the times at which it is listed, the last one before the day and the next one after.
    ended = {row: row.last_day[1] or wanted for row in rows}
    begins = {row: row.first_day[0] or wanted for row in rows}
    before = [row for row in rows if ended[row] < wanted]
    after = [row for row in rows if begins[row] > wanted]
    near = [max(before, key=ended.__getitem__)] if before else []
    near += [min(after, key=begins.__getitem__)] if after else []
    spans = " and ".join(f"{row.when} ({row.list_id})" for row in near)
    where = "on no list" if asked["list_id"] is None else f"not on the list {asked['list_id']}"
    why = f"{_vehicle(asked, rows)} is {where} for {wanted}; listed {spans}"
    raise UnknownListing(asked, why, ())


def _vehicle(asked: dict[str, Any], rows: Rows) -> str:
    return f"{rows[0].make} {asked['model']}"


def _ranges(years: Iterable[int]) -> str:
    """Years with neighbours drawn together.

    >>> _ranges([2010, 2012, 2013, 2014])
    '2010, 2012 to 2014'
    """
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(
        str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans
    )
