"""Prices of minerals in a year, each with its source, and how to replace them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import attrs

from evcredit.algebra.field import Fault, as_choice, as_money
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.data import load_rows
from evcredit.errors import InvalidFactError
from evcredit.facts.mineral import ApplicableMineral, mineral

__all__ = ["MineralPrices", "PriceBasis", "mineral_prices"]


class PriceBasis(PlainEnum):
    """What a price is of."""

    COMMODITY = "commodity"
    BATTERY_GRADE = "battery grade"


def as_prices(prices: Mapping[str, Any] | tuple[tuple[str, Decimal], ...]) -> Any:
    """Prices by the identifier of the mineral, in order.

    Raises:
        InvalidFactError: There is no such mineral, two prices are of one, or a price is not exact.
    """
    try:
        named: dict[str, Any] = dict(prices)
    except (TypeError, ValueError) as error:
        raise InvalidFactError("prices", prices, "give a price for each mineral") from error
    found: dict[str, Decimal] = {}
    for name, price in named.items():
        identifier, exact = mineral(name).identifier, as_money(price)
        if not isinstance(exact, Decimal):
            remedy = exact.remedy if isinstance(exact, Fault) else "give a price, or omit it"
            raise InvalidFactError(f"prices[{name!r}]", price, remedy)
        if identifier in found:
            raise InvalidFactError(f"prices[{name!r}]", price, "give one price for each mineral")
        found[identifier] = exact
    return tuple(sorted(found.items()))


@attrs.frozen(kw_only=True)
class MineralPrices:
    """Prices of minerals, in US dollars for a kilogram of the contained mineral.

    Args:
        prices: A price for each mineral, by name or symbol. A mineral without one has an unknown
            value, not none.
        year: The calendar year they are of.
        source: Where they come from, for the reader.
        recalled: The minerals whose price is recalled and was not seen in a source.

    Raises:
        InvalidFactError: There is no such mineral, or a price is not exact.

    >>> prices = MineralPrices(prices={"Li": "60", "nickel": 16}, year=2024, source="a contract")
    >>> prices["lithium"], prices.get("cobalt")
    (Decimal('60'), None)
    """

    prices: tuple[tuple[str, Decimal], ...] = attrs.field(converter=as_prices)
    year: int
    source: str
    recalled: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"prices of {self.year}: {self.source}"

    def get(self, name: ApplicableMineral | str) -> Decimal | None:
        """The price of a mineral; `None` if there is none.

        Raises:
            InvalidFactError: There is no such mineral.
        """
        identifier = name.identifier if isinstance(name, ApplicableMineral) else None
        return dict(self.prices).get(identifier or mineral(str(name)).identifier)

    def __getitem__(self, name: ApplicableMineral | str) -> Decimal:
        """The price of a mineral.

        Raises:
            KeyError: There is none.
        """
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def replaced(self, source: str, **prices: Decimal | int | str) -> MineralPrices:
        """The same prices with some replaced.

        Args:
            source: Where the new prices come from.
            prices: US dollars for a kilogram, by mineral.

        Raises:
            InvalidFactError: There is no such mineral, or a price is not exact.

        >>> mineral_prices(2023).replaced("a contract", lithium=20)["lithium"]
        Decimal('20')
        """
        new = dict(as_prices(prices))
        return attrs.evolve(
            self,
            prices={**dict(self.prices), **new},
            source=f"{self.source}; {', '.join(new)}: {source}",
            recalled=tuple(each for each in self.recalled if each not in new),
        )


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return load_rows("mineral_prices.csv")


def mineral_prices(year: int, basis: PriceBasis | str = PriceBasis.BATTERY_GRADE) -> MineralPrices:
    """Prices of the five battery minerals of this package.

    Source: USGS Mineral Commodity Summaries 2026, data release. The prices of battery-grade
    graphite and manganese are recalled, not read, and the same in every year.

    Args:
        year: From 2023 to 2025; those of 2025 are estimates.
        basis: ``"battery grade"``, or ``"commodity"`` for ore and natural flake instead of what
            goes into a cell.

    Raises:
        InvalidFactError: No prices of that year are in the package, or there is no such basis.

    >>> prices = mineral_prices(2023)
    >>> prices["graphite"], prices.recalled
    (Decimal('6.000'), ('graphite', 'manganese'))
    >>> mineral_prices(2023, "commodity")["graphite"]
    Decimal('1.080')
    """
    chosen: Any = as_choice(PriceBasis, basis)
    if not isinstance(chosen, PriceBasis):
        remedy = chosen.remedy if isinstance(chosen, Fault) else "give a basis"
        raise InvalidFactError("basis", basis, remedy)
    years = sorted({int(row["year"]) for row in _rows()})
    if year not in years:
        raise InvalidFactError("year", year, f"give {', '.join(map(str, years))}, or own prices")
    own = {chosen.value, PriceBasis.COMMODITY.value}
    rows = [row for row in _rows() if row["year"] == str(year) and row["basis"] in own]
    # A row of battery grade comes after the one of the commodity, and replaces it.
    last = {row["mineral"]: row for row in rows}
    return MineralPrices(
        prices={name: row["usd_per_kg"] for name, row in last.items()},
        year=year,
        source=f"USGS Mineral Commodity Summaries 2026, {chosen.value} prices of {year}",
        recalled=tuple(sorted(name for name, row in last.items() if row["mark"] == "R")),
    )
