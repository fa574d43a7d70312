"""Which part of the world's supply of a mineral comes from which country, by stage and year."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import attrs

from evcredit.algebra.field import Fault
from evcredit.data import load_rows
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import Activity, as_activity
from evcredit.facts.mineral import ApplicableMineral, mineral
from evcredit.facts.place import certain

__all__ = ["SupplyShare", "supply_products", "supply_shares"]


@attrs.frozen(kw_only=True)
class SupplyShare:
    """The share of one country in the world's supply of a mineral at one stage.

    Args:
        mineral: The mineral.
        activity: Extraction or processing.
        product: What was counted.
        year: The calendar year.
        country: Alpha-2; `None` for what the source does not give by country.
        share: The part of the world total that the source gives, 1 being all of it. That total is
            rounded, so shares can add up to slightly less or more than 1.
        quantity: How much, in `unit`; `None` if the source gives the share alone.
        unit: The unit.
        estimated: Whether the source calls it an estimate.
        recalled: Whether it is recalled, and was not seen in a source: for scenarios alone.
        source: The source.
        note: A remark.
    """

    mineral: ApplicableMineral = attrs.field(repr=lambda mineral: repr(mineral.identifier))
    activity: Activity
    product: str
    year: int
    country: str | None
    share: Fraction
    quantity: Decimal | None = None
    unit: str | None = None
    estimated: bool = False
    recalled: bool = False
    source: str
    note: str = ""


@cache
def _all() -> tuple[SupplyShare, ...]:
    return tuple(map(_share, load_rows("supply_shares.csv")))


def _share(row: dict[str, str]) -> SupplyShare:
    quantity = row.get("quantity")
    share = (
        Fraction(Fraction(row["share_percent"]), 100)
        if quantity is None
        else Fraction(Fraction(quantity), Fraction(row["world_total"]))
    )
    country = row.get("country")
    return SupplyShare(
        mineral=mineral(row["mineral"]),
        activity=Activity(row["activity"]),
        product=row["product"],
        year=int(row["year"]),
        country=None if country is None else certain(country),
        share=share,
        quantity=None if quantity is None else Decimal(quantity),
        unit=row.get("unit"),
        estimated=row.get("estimated") == "yes",
        recalled=row["mark"] == "R",
        source=row["source"],
        note=row.get("note", ""),
    )


def supply_products(
    name: ApplicableMineral | str, activity: Activity | str, year: int
) -> tuple[str, ...]:
    """The products that the package has shares of, for a mineral, stage and year.

    Args:
        name: The mineral.
        activity: The stage: extraction, processing or recycling.
        year: The calendar year of the shares.

    Raises:
        InvalidFactError: There is no such mineral or activity.

    >>> supply_products("cobalt", "processing", 2023)
    ('refined cobalt', 'refining', 'cobalt sulphate')
    """
    return tuple(dict.fromkeys(each.product for each in _of(name, activity, year)))


def _of(
    name: ApplicableMineral | str, activity: Activity | str, year: int
) -> tuple[SupplyShare, ...]:
    of = name if isinstance(name, ApplicableMineral) else mineral(name)
    stage: Any = as_activity(activity)
    if not isinstance(stage, Activity):
        remedy = stage.remedy if isinstance(stage, Fault) else "give an activity"
        raise InvalidFactError("activity", activity, remedy)
    return tuple(
        each for each in _all() if (each.mineral, each.activity, each.year) == (of, stage, year)
    )


def supply_shares(
    name: ApplicableMineral | str,
    activity: Activity | str,
    year: int,
    *,
    product: str | None = None,
) -> tuple[SupplyShare, ...]:
    """The shares of countries in the world's supply of a mineral.

    Mine production is that of the USGS for 2023 to 2025, refinery production of nickel and cobalt
    that of the BGS for 2023; the rest are shares as others print them. A share says where the
    world's supply comes from, and nothing of any one battery.

    Args:
        name: The mineral.
        activity: ``"extraction"`` or ``"processing"``.
        year: The calendar year.
        product: What was counted, where the package has more than one table: see
            `supply_products`.

    Raises:
        InvalidFactError: There is no such table, or more than one.

    >>> from evcredit.algebra.share import percent
    >>> shares = supply_shares("lithium", "extraction", 2023)
    >>> [(str(each.country), percent(each.share)) for each in shares[:2]]
    [('AR', '4.2'), ('AU', '45.0')]
    """
    found = _of(name, activity, year)
    products = tuple(dict.fromkeys(each.product for each in found))
    if product is None and len(products) == 1:
        return found
    if product not in products:
        known = ", ".join(map(repr, products))
        remedy = f"give one of {known}" if products else "the package has no shares of that year"
        raise InvalidFactError("product" if products else "year", product or year, remedy)
    return tuple(each for each in found if each.product == product)
