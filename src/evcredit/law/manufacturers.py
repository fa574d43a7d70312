"""Manufacturers, and how many vehicles each had sold: the limit on the credit before 2023.

Until the end of 2022 the credit for a manufacturer's vehicles was phased out after its 200,000th
(26 USC 30D(e) (2021)). Three manufacturers came that far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.brief import some_of
from evcredit.algebra.citation import Citation
from evcredit.algebra.field import repr_of_facts
from evcredit.algebra.read_only import ReadOnlyDict
from evcredit.data import load
from evcredit.errors import InvalidFactError, nearest
from evcredit.facts.company import company_names, plain_company

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


_LIMIT = Citation.parse("26 USC 30D(e)(2) (2021)")


@attrs.frozen(kw_only=True, repr=False)
class Manufacturer:
    """One manufacturer, with everything it counts together with (26 USC 30D(e)(4) (2021)).

    Args:
        name: Its name.
        makes: The makes it sells under.
        also_called: Other names of the company, such as its abbreviation.
        quarter: The quarter in which its 200,000th vehicle was sold; `None` if it never was.
        citation: Where that was published.
        note: A remark for the reader.

    Raises:
        InvalidFactError: The quarter has no such number.

    >>> print(Manufacturer(name="Tesla", makes=("Tesla",), quarter=Quarter(2018, 3)).quarter)
    2018 Q3
    """

    __repr__ = repr_of_facts

    name: str
    makes: tuple[str, ...]
    also_called: tuple[str, ...] = ()
    quarter: Quarter | None = None
    citation: Citation = _LIMIT
    note: str = ""

    def __str__(self) -> str:
        return self.name

    def __attrs_post_init__(self) -> None:
        if self.quarter is not None and self.quarter.number not in range(1, 5):
            raise InvalidFactError(
                "manufacturer.quarter", self.quarter, "the quarters of a year are 1, 2, 3 and 4"
            )

    def spelled(self) -> tuple[str, ...]:
        """Its own name, those of its makes, and its other names."""
        return (self.name, *self.makes, *self.also_called)

    def names(self) -> Iterator[str]:
        """The same without case and punctuation."""
        return map(plain_company, self.spelled())


@attrs.frozen
class Manufacturers:
    """Every manufacturer whose sales are on record.

    Args:
        manufacturers: All of them, in order.

    >>> registry = known_manufacturers()
    >>> registry.named("Lexus").name, registry.named("GM").name, registry.named("lightyear")
    ('Toyota', 'General Motors', None)
    >>> registry.named("Toyota Motor Sales, U.S.A., Inc.").name
    'Toyota'
    """

    manufacturers: tuple[Manufacturer, ...]
    _by_name: Mapping[str, Manufacturer] = attrs.field(init=False, eq=False, repr=False)

    def __str__(self) -> str:
        return "manufacturers: " + some_of(
            [str(each) for each in self.manufacturers], 12, "manufacturers"
        )

    def __attrs_post_init__(self) -> None:
        by_name: dict[str, Manufacturer] = {}
        for each in self.manufacturers:
            for name in each.names():
                if by_name.setdefault(name, each) is not each:
                    raise InvalidFactError("manufacturers", name, "give each make one manufacturer")
        object.__setattr__(self, "_by_name", ReadOnlyDict(by_name))

    def __iter__(self) -> Iterator[Manufacturer]:
        return iter(self.manufacturers)

    def named(self, name: str) -> Manufacturer | None:
        """The manufacturer of a name; `None` if none is on record.

        Args:
            name: A brand, a company or its short name, with or without what follows the name
                proper ("Inc.", "Motor Company", "of America").
        """
        known = (self._by_name.get(each) for each in company_names(name))
        return next((each for each in known if each is not None), None)

    def near(self, name: str) -> tuple[str, ...]:
        """Names on record that are nearly this one.

        >>> known_manufacturers().near("Telsa")
        ('Tesla',)
        """
        return _near(self, name)

    def with_one(self, manufacturer: Manufacturer) -> Manufacturers:
        """The value with one more, which takes the place of any of its name."""
        others = tuple(each for each in self if each.name != manufacturer.name)
        return Manufacturers((*others, manufacturer))


@lru_cache(maxsize=1024)
def _near(manufacturers: Manufacturers, name: str) -> tuple[str, ...]:
    spelled = {plain_company(one): one for each in manufacturers for one in each.spelled()}
    return tuple(spelled[found] for found in nearest(plain_company(name), spelled))


@lru_cache(maxsize=1)
def known_manufacturers() -> Manufacturers:
    """The manufacturers whose makes this package knows, three of them with a quarter.

    That no one else had sold 200,000 vehicles by the end of 2022 is recalled.

    >>> [each.name for each in known_manufacturers() if each.quarter]
    ['Tesla', 'General Motors', 'Toyota']
    """
    return Manufacturers(tuple(map(_manufacturer, load("manufacturers.toml")["manufacturers"])))


def _manufacturer(row: dict[str, Any]) -> Manufacturer:
    limit = row.get("limit")
    names = {"name": row["name"], "makes": tuple(row["makes"])}
    names["also_called"] = tuple(row.get("also_called", ()))
    if limit is None:
        return Manufacturer(**names)
    return Manufacturer(
        **names,
        quarter=Quarter(limit["year"], limit["quarter"]),
        citation=Citation.parse(limit["citation"]),
        note=limit.get("note", ""),
    )
