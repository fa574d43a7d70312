"""Groups of countries that the law names, and how they follow from its readings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.read_only import ReadOnlyDict
from evcredit.algebra.schedule import Entry, Schedule
from evcredit.facts.country import TERRITORY_OF

__all__ = ["ELSEWHERE", "CountryGroup", "Members", "covered_nations_group", "north_america_group"]

#: Whether a country is in a group; an unknown country is there too, and is unknown.
Members = Mapping[str | None, bool | None]


@attrs.frozen
class CountryGroup:
    """A group of countries in the sense of a provision.

    Args:
        name: The group, in words.
        rows: Each country with `True`, or `None` where its membership is unresolved.
        citation: The provision.

    >>> group = CountryGroup("Iberia", (("ES", True), ("PT", True)), Citation.parse("15 USC 1"))
    >>> group.members["PT"], str(group)
    (True, 'Iberia')
    """

    name: str
    rows: tuple[tuple[str, bool | None], ...]
    citation: Citation
    members: Members = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        # An unknown country is unknown in every group.
        members: dict[str | None, bool | None] = {**dict(self.rows), None: None}
        object.__setattr__(self, "members", ReadOnlyDict(members))

    def __str__(self) -> str:
        return self.name


#: Antarctica: a code that represents a country in no group.
ELSEWHERE = "AQ"
US_TERRITORIES = tuple(sorted(code for code, state in TERRITORY_OF.items() if state == "US"))
_CHINESE_TERRITORIES = tuple(sorted(code for code, state in TERRITORY_OF.items() if state == "CN"))


@lru_cache(maxsize=9)
def north_america_group(puerto_rico: bool | None, others: bool | None) -> CountryGroup:
    """North America, with the territories of the United States or without them."""
    rows: tuple[tuple[str, bool | None], ...] = (("CA", True), ("MX", True), ("US", True))
    for code in US_TERRITORIES:
        inside = puerto_rico if code == "PR" else others
        if inside is not False:
            rows += ((code, inside),)
    return CountryGroup("North America", rows, Citation.parse("26 CFR 1.30D-2(b)(34)"))


@lru_cache(maxsize=64)
def covered_nations_group(
    schedule: Schedule[Any], day: date | None, territories_of_china: bool | None
) -> CountryGroup:
    """The covered nations on a day; on an unknown day, what all lists agree on is certain."""
    entries: tuple[Entry[Any], ...] = schedule.standing
    if day is not None:
        entries = (schedule.entry_on(day),)
    lists: list[Any] = [entry.value for entry in entries]
    members: dict[str, bool | None] = {}
    for code in sorted({code for each in lists for code in each}):
        members[code] = True if all(code in each for each in lists) else None
    if "CN" in members and territories_of_china is not False:
        here = territories_of_china and members["CN"]
        members.update((code, here) for code in _CHINESE_TERRITORIES)
    return CountryGroup("the covered nations", tuple(members.items()), entries[0].citation)
