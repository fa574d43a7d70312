"""Manufacturers, and how many vehicles each had sold: the limit on the credit before 2023.

Until the end of 2022 the credit for a manufacturer's vehicles was phased out after its 200,000th
(26 USC 30D(e) (2021)). Three manufacturers came that far.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import attrs

from evcredit.citation import Citation
from evcredit.data import load
from evcredit.errors import InvalidFactError, nearest

__all__ = ["Manufacturer", "Manufacturers", "Quarter", "known_manufacturers"]


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

    >>> print(Manufacturer(name="Tesla", makes=("Tesla",), quarter=Quarter(2018, 3)).quarter)
    2018 Q3
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

    def spelled(self) -> tuple[str, ...]:
        """Its own name and those of its makes."""
        return (self.name, *self.makes)

    def names(self) -> Iterator[str]:
        """The same without case and punctuation."""
        return map(_plain, self.spelled())


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
    spelled = {_plain(one): one for each in manufacturers for one in each.spelled()}
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
