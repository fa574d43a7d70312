"""The parts of countries: states, provinces and their like, by the codes of ISO 3166-2.

The parts of the United States, Canada and Mexico are in the package's own table
(``data/subdivisions.csv``); those of other countries come from pycountry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from evcredit.data import load, load_rows
from evcredit.facts.country import plain_name, subdivision_rows

__all__ = [
    "Subdivision",
    "part_called",
    "parts_anywhere",
    "parts_in_north_america",
    "subdivisions_of",
]


class Subdivision(NamedTuple):
    """A state, province or other part of a country that ISO 3166-2 names.

    Args:
        code: The code of ISO 3166-2, for example ``US-TN``.
        name: Its name.
        kind: ``state``, ``province``, ``outlying area`` and so on.
        own: The alpha-2 code of ISO 3166-1 if it has one, as Puerto Rico has.
        also_called: Other names in use.
    """

    code: str
    name: str
    kind: str
    own: str | None = None
    also_called: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def country(self) -> str:
        """The alpha-2 code of the country that it is a part of."""
        return self.code.partition("-")[0]

    @property
    def letters(self) -> str:
        """What follows the hyphen of its code."""
        return self.code.partition("-")[2]


#: Places outside North America that ISO 3166-2 lists under a country although ISO 3166-1 gives
#: them a code of their own. Source: the remarks of ISO 3166-2 on CN, FI, FR, NL and NO.
_OWN_CODES: Mapping[str, str] = MappingProxyType(
    {f"CN-{code}": code for code in ("HK", "MO", "TW")}
    | {f"FR-{code}": code for code in ("BL", "MF", "NC", "PF", "PM", "TF", "WF")}
    | {"FR-971": "GP", "FR-972": "MQ", "FR-973": "GF", "FR-974": "RE", "FR-976": "YT"}
    | {f"NL-{code}": code for code in ("AW", "CW", "SX")}
    | dict.fromkeys(("NL-BQ1", "NL-BQ2", "NL-BQ3"), "BQ")
    | {"FI-01": "AX", "NO-21": "SJ", "NO-22": "SJ"}
)


@cache
def parts_in_north_america() -> tuple[Subdivision, ...]:
    """The states, provinces and territories in the package's own table."""
    return tuple(
        Subdivision(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            own=row.get("own"),
            also_called=tuple(row.get("also_called", "").split("|"))
            if "also_called" in row
            else (),
        )
        for row in load_rows("subdivisions.csv")
    )


@cache
def _also_called() -> Mapping[str, tuple[str, ...]]:
    """From code to other names in use, of parts outside North America."""
    table = load("countries.toml")["parts_also_called"]
    return MappingProxyType({code: tuple(names) for code, names in table.items()})


@cache
def subdivisions_of(country: str) -> tuple[Subdivision, ...]:
    """List the states, provinces and other parts of a country, by code.

    Source of the codes: ISO 3166-2; for the United States, Canada and Mexico the package's own
    table, for other countries pycountry.

    Args:
        country: Its alpha-2 code.

    Returns:
        The subdivisions; empty if the standard names none.

    >>> [each.name for each in subdivisions_of("US") if each.own]
    ['American Samoa', 'Guam', 'Northern Mariana Islands', 'Puerto Rico', \
'United States Minor Outlying Islands', 'Virgin Islands, U.S.']
    """
    own = tuple(each for each in parts_in_north_america() if each.country == country)
    return own or tuple(
        Subdivision(code, name, kind, _OWN_CODES.get(code), _also_called().get(code, ()))
        for code, name, kind in subdivision_rows().get(country, ())
    )


def _keys(subdivision: Subdivision) -> Iterator[str]:
    """The plain names under which a subdivision is found within its country."""
    yield plain_name(subdivision.code)
    yield plain_name(subdivision.letters)
    yield plain_name(subdivision.name)
    yield from map(plain_name, subdivision.also_called)


def part_called(text: str, country: str) -> Subdivision | None:
    """The subdivision of a country that text names exactly, by code or by name."""
    key = plain_name(text)
    found = [each for each in subdivisions_of(country) if key in _keys(each)]
    return found[0] if len(found) == 1 else None


#: Countries whose parts are in the package's own table.
_NORTH_AMERICA = ("US", "CA", "MX")


@cache
def parts_anywhere() -> Mapping[str, tuple[Subdivision, ...]]:
    """The states and provinces of all countries by plain name, those of North America first."""
    found: dict[str, list[Subdivision]] = {}
    for each in parts_in_north_america():
        for key in _keys(each):
            found.setdefault(key, []).append(each)
    for parent in subdivision_rows():
        for each in subdivisions_of(parent):
            # By letters alone, too many places would be near.
            for name in (each.name, *each.also_called):
                known = found.setdefault(plain_name(name), [])
                if each not in known and not any(one.country in _NORTH_AMERICA for one in known):
                    known.append(each)
    return MappingProxyType({key: tuple(places) for key, places in found.items()})
