"""Manufacturers, and how many vehicles each had sold: the limit on the credit before 2023.

Until the end of 2022 the credit for a manufacturer's vehicles was phased out after its 200,000th
(26 USC 30D(e) (2021)). Three manufacturers came that far.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

import attrs

from evcredit.citation import Citation
from evcredit.data import load
from evcredit.errors import InvalidFactError, nearest

__all__ = ["Manufacturer", "Manufacturers", "PhaseOutPeriod", "Quarter", "known_manufacturers"]


class PhaseOutPeriod(Enum):
    """Where a day lies relative to the phase-out of a manufacturer's credit."""

    BEFORE = "before the phase-out"
    FIRST = "first and second quarter"
    SECOND = "third and fourth quarter"
    OVER = "later quarters"


#: The phase-out begins with the second calendar quarter after the one with the 200,000th
#: vehicle (26 USC 30D(e)(2) (2021)), so this one and the next are still before it.
_QUARTERS_BEFORE = 2
_BY_QUARTER = (*[PhaseOutPeriod.FIRST] * 2, *[PhaseOutPeriod.SECOND] * 2)


class Quarter(NamedTuple):
    """A calendar quarter.

    >>> str(Quarter.of(date(2018, 9, 30))), Quarter(2018, 3) + 2
    ('2018 Q3', Quarter(year=2019, number=1))
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    def __add__(self, quarters: object) -> Quarter:
        if not isinstance(quarters, int):
            return NotImplemented
        years, number = divmod(self.number - 1 + quarters, 4)
        return Quarter(self.year + years, number + 1)

    def until(self, later: Quarter) -> int:
        """How many quarters `later` lies after this one.

        >>> Quarter(2018, 3).until(Quarter(2019, 1))
        2
        """
        return 4 * (later.year - self.year) + later.number - self.number

    def period(self, sold: date) -> PhaseOutPeriod:
        """Where a sale lies, if this is the quarter of the 200,000th vehicle.

        >>> Quarter(2018, 3).period(date(2018, 12, 31)), Quarter(2018, 3).period(date(2019, 1, 1))
        (<PhaseOutPeriod.BEFORE: 'before the phase-out'>, <PhaseOutPeriod.FIRST: 'first ...'>)
        """
        since = self.until(Quarter.of(sold)) - _QUARTERS_BEFORE
        if since < 0:
            return PhaseOutPeriod.BEFORE
        return _BY_QUARTER[since] if since < len(_BY_QUARTER) else PhaseOutPeriod.OVER

    def turns(self) -> tuple[date, ...]:
        """The first days of the phase-out, of its second half, and after it.

        >>> [str(day) for day in Quarter(2018, 3).turns()]
        ['2019-01-01', '2019-07-01', '2020-01-01']
        """
        return tuple((self + _QUARTERS_BEFORE + later).first_day for later in (0, 2, 4))

    def __str__(self) -> str:
        return f"{self.year} Q{self.number}"


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


_LIMIT = Citation.parse("26 USC 30D(e)(2) (2021)")


@attrs.frozen(kw_only=True)
class Manufacturer:
    """One manufacturer, with everything it counts together with (26 USC 30D(e)(4) (2021)).

    Args:
        name: Its name.
        makes: The makes it sells under.
        quarter: The quarter in which its 200,000th vehicle was sold; `None` if it never was.
        citation: Where that was published.
        note: A remark for the reader.

    Raises:
        InvalidFactError: The quarter has no such number.

    >>> Manufacturer(name="Tesla", makes=("Tesla",), quarter=Quarter(2018, 3)).quarter.turns()[0]
    datetime.date(2019, 1, 1)
    """

    name: str
    makes: tuple[str, ...]
    quarter: Quarter | None = None
    citation: Citation = _LIMIT
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if self.quarter is not None and self.quarter.number not in range(1, 5):
            raise InvalidFactError(
                "manufacturer.quarter", self.quarter, "the quarters of a year are 1, 2, 3 and 4"
            )

    def names(self) -> Iterator[str]:
        """Its own name and those of its makes, without case and punctuation."""
        yield _plain(self.name)
        yield from map(_plain, self.makes)


@attrs.frozen
class Manufacturers:
    """Every manufacturer whose sales are on record.

    >>> registry = known_manufacturers()
    >>> registry.named("Lexus").name, registry.named("lightyear")
    ('Toyota', None)
    """

    manufacturers: tuple[Manufacturer, ...]
    _by_name: dict[str, Manufacturer] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        by_name: dict[str, Manufacturer] = {}
        for each in self.manufacturers:
            for name in each.names():
                if by_name.setdefault(name, each) is not each:
                    raise InvalidFactError("manufacturers", name, "give each make one manufacturer")
        object.__setattr__(self, "_by_name", by_name)

    def __iter__(self) -> Iterator[Manufacturer]:
        return iter(self.manufacturers)

    def named(self, name: str) -> Manufacturer | None:
        """The manufacturer of that name, or that sells under it; `None` if none is on record."""
        return self._by_name.get(_plain(name))

    def near(self, name: str) -> tuple[str, ...]:
        """Names on record that are nearly this one.

        >>> known_manufacturers().near("Telsa")
        ('Tesla',)
        """
        return _near(self, name)

    def with_one(self, manufacturer: Manufacturer) -> Manufacturers:
        """The same with one more, which takes the place of any of its name."""
        others = tuple(each for each in self if each.name != manufacturer.name)
        return Manufacturers((*others, manufacturer))


@lru_cache(maxsize=1024)
def _near(manufacturers: Manufacturers, name: str) -> tuple[str, ...]:
    spelled = {_plain(one): one for each in manufacturers for one in (each.name, *each.makes)}
    return tuple(spelled[found] for found in nearest(_plain(name), spelled))


@lru_cache(maxsize=1)
def known_manufacturers() -> Manufacturers:
    """The manufacturers whose makes this package knows, three of them with a quarter.

    That nobody else had sold 200,000 vehicles by the end of 2022 is recalled.

    >>> [each.name for each in known_manufacturers() if each.quarter]
    ['Tesla', 'General Motors', 'Toyota']
    """
    return Manufacturers(tuple(map(_manufacturer, load("manufacturers.toml")["manufacturers"])))


def _manufacturer(row: dict[str, Any]) -> Manufacturer:
    name, makes, limit = row["name"], tuple(row["makes"]), row.get("limit")
    if limit is None:
        return Manufacturer(name=name, makes=makes)
    return Manufacturer(
        name=name,
        makes=makes,
        quarter=Quarter(limit["year"], limit["quarter"]),
        citation=Citation.parse(limit["citation"]),
        note=limit.get("note", ""),
    )
