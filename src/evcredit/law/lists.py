"""The rows of the published lists, and how to find a vehicle among them.

Source: 26 USC 30D(d)(3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import attrs

from evcredit.algebra.field import Fault, as_count, as_day, as_text
from evcredit.data import load, load_rows
from evcredit.errors import InvalidFactError, UnknownListing, nearest, shown
from evcredit.facts.company import company_names
from evcredit.facts.listing import ListedVehicle
from evcredit.facts.published_list import published_lists

__all__ = ["find_listed", "listings"]


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
    """A name without case, spaces and punctuation; a plus sign distinguishes models."""
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
    """The rows that may apply to a vehicle, on every list or on one.

    Names are compared without case, spaces and punctuation, makes also without "Inc.", "Motor
    Company" and the like. A model matches the rows that begin with it, word by word: ``Model 3``
    finds ``Model 3 Performance``, and ``Bolt`` finds ``Bolt EUV``. On a list that has none of
    these it matches the row that has the most of its beginning: ``Mustang Mach-E Standard Range``
    finds ``Mustang Mach-E``, and such a row says so in `ListedVehicle.asked_for`. Everything that
    fits is returned, in the order of `listings`; to choose is up to the caller. A row whose model
    years or days leave it open whether it fits is returned too: ask it with
    `ListedVehicle.speaks_for`.

    Args:
        make: The make; ``VW`` and ``Chevy`` are understood.
        model: The model, or the beginning of its name.
        model_year: Omits rows for other model years.
        day: Omits rows that do not apply to that day: the day placed in service, or
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
    >>> (row,) = find_listed(make="Chevy", model="Bolt EV", list_id="L2_2023-04-18")
    >>> row.model, row.asked_for
    ('Bolt', 'Bolt EV')
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
        raise UnknownListing(asked, f"there is no list {shown(wanted)}{known}", near)
    return [row for row in listings() if row.list_id == wanted]


def _of_make(asked: dict[str, Any], rows: Rows) -> Rows:
    wanted = _make(asked["make"])
    found = [row for row in rows if _folded(row.make or "") == wanted]
    if found:
        return found
    elsewhere = [row for row in listings() if _folded(row.make or "") == wanted]
    if elsewhere:
        raise UnknownListing(asked, f"the list {asked['list_id']} has no {elsewhere[0].make}", ())
    makes = {_folded(row.make or ""): row.make or "" for row in listings()}
    near = tuple(makes[each] for each in nearest(wanted, makes))
    raise UnknownListing(asked, f"no list has the make {shown(asked['make'])}", near)


def _make(name: str) -> str:
    """The make that a name means, as it is compared: a make on a list, if one is meant."""
    makes = {_folded(row.make or "") for row in listings()}
    for each in company_names(name):
        wanted = _folded(_make_aliases().get(each, each))
        if wanted in makes:
            return wanted
    return _folded(name)


def _of_model(asked: dict[str, Any], rows: Rows) -> Rows:
    wanted = _folded(asked["model"])
    apart = {row.list_id for row in rows if wanted in _beginnings(row.model or "")}
    beginnings = list(_beginnings(asked["model"]))
    longest: dict[str | None, str] = {}
    for row in rows:
        name = _folded(row.model or "")
        if row.list_id not in apart and name in beginnings:
            other = longest.get(row.list_id, name)
            longest[row.list_id] = max(name, other, key=len)
    found = []
    for row in rows:
        if wanted in _beginnings(row.model or ""):
            found.append(row)
        elif _folded(row.model or "") == longest.get(row.list_id):
            found.append(attrs.evolve(row, asked_for=asked["model"]))
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
    why = f"{none} {make} {shown(asked['model'])}"
    raise UnknownListing(asked, why, _near_models(wanted, rows))


def _near_models(wanted: str, rows: Rows) -> tuple[str, ...]:
    """Names that hold the one requested, or that are spelt much alike."""
    known: dict[str, str] = {}
    for row in rows:
        known |= _beginnings(row.model or "")
    if not wanted:
        return ()
    holding = [text for folded, text in known.items() if folded.endswith(wanted)]
    alike = [known[each] for each in nearest(wanted, known)]
    return tuple(dict.fromkeys((*holding, *alike)))[:3]


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
    """Years with neighbors drawn together.

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
