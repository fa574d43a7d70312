"""Tables of the Mineral Commodity Summaries of the United States Geological Survey."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import Fault, as_quantity, as_text, repr_of_facts
from evcredit.facts.chain import Activity
from evcredit.facts.mineral import ApplicableMineral, as_mineral
from evcredit.importers.decode import as_bytes, digest, records, rows, text_of
from evcredit.importers.leaves import Leaves, Node
from evcredit.importers.report import Imported
from evcredit.importers.supply import as_listed_country

__all__ = ["CountryShare", "import_usgs"]

_WIDE = ("COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS")
_LONG = ("Section", "Commodity", "Country", "Statistics", "Statistics_detail", "Unit", "Year")

_PRODUCTION = re.compile(r"PROD_(EST_)?\s*(\d{4})")
_NUMBER = re.compile(r"(?P<sign>[<>])?\s*(?P<mark>[er])?\s*(?P<digits>\d[\d,]*(?:\.\d+)?)\s*e?")
_NOT_GIVEN = {
    "W": "withheld to avoid disclosing company data",
    "NA": "not available",
    "XX": "not applicable",
}
_DASHES = {"-", "–", "—"}
_NOTHING, _INFINITE = Decimal(0), Decimal("Infinity")


@attrs.frozen(kw_only=True, repr=False)
class CountryShare:
    """What one country produced of a mineral in a year, and its share of the world total.

    Attributes:
        mineral: The mineral.
        activity: Extraction for mine production, processing for that of smelters and refineries.
        product: What was counted, as the table has it.
        country: An alpha-2 code; `None` for all countries that the table does not name.
        year: The year.
        quantity: How much, in `unit`; bounds for ``>`` and ``<``; `None` if it is not given.
        unit: The unit.
        share: The part of the world total that the table states, 1 being all of it. The total
            is rounded, so these are bounds; `None` if either is not given. Where production of a
            country is withheld, the table does not say whether the total has it.
        evidence: The table.
    """

    __repr__ = repr_of_facts

    mineral: ApplicableMineral = attrs.field(repr=lambda mineral: repr(mineral.identifier))
    activity: Activity
    product: str
    country: str | None
    year: int
    quantity: Decimal | Bounds[Decimal] | None
    unit: str | None
    share: Bounds[Fraction] | None = None
    evidence: str


@attrs.define(eq=False)
class _Value:
    """One number of production, on its way to a share.

    Args:
        mineral: The mineral.
        activity: What was done.
        product: What was counted.
        country: The country; `None` for all others.
        is_total: Whether it is the total of the world.
        year: The year.
        unit: The unit.
        quantity: The number.
        cells: The cells that it comes from, by the fact they become.
    """

    mineral: ApplicableMineral
    activity: Activity
    product: str
    country: str | None
    is_total: bool
    year: int
    unit: str | None
    quantity: Decimal | Bounds[Decimal] | None
    cells: Mapping[str, Node]

    @property
    def group(self) -> tuple[Any, ...]:
        """What is added up together."""
        return (self.mineral.identifier, self.product, self.unit, self.year)


def import_usgs(data: bytes | str) -> Imported[tuple[CountryShare, ...]]:
    """Read production by country from Mineral Commodity Summaries 2025 or 2026.

    What may be stated from it: how much of a mineral the mines, or the smelters and refineries,
    of a country produced in a year, and which part of the world's total that was. It says nothing
    about a battery: which countries the minerals in one come from (26 USC 30D(e)(1)) is for its
    maker to show, and shares of the world serve scenarios alone. Cobalt by country of its mine
    is not where it is refined.

    Args:
        data: Comma-separated values: the wide table of world data of 2025, or the long table of
            commodities of 2026, which is in Windows-1252.

    Returns:
        A share for each country, stage and year, in the order of the table, also where the
        number is not given. What is left for countries without a name has no country.

    Raises:
        InvalidFactError: The file is neither table.

    >>> text = '''COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023
    ... Nickel,Indonesia,"Mine production, nickel content",metric tons,"2,030,000"
    ... Nickel,World total (rounded),"Mine production, nickel content",metric tons,3750000'''
    >>> (share,) = import_usgs(text).facts
    >>> print(share.country, share.share)
    ID 406/751 to 58/107
    """
    content = as_bytes(data)
    table = rows(text_of(content, otherwise="cp1252"))
    headings = {heading.strip() for heading in (table[0] if table else ())}
    is_long = "Statistics_detail" in headings
    found = records(table, "file", _LONG if is_long else _WIDE)
    source = f"USGS Mineral Commodity Summaries {'2026' if is_long else '2025'}"
    leaves = Leaves(source, digest(content))
    nodes = leaves.add(found).items()
    values = [value for node in nodes for value in (_long(node) if is_long else _wide(node))]
    totals = _totals(values, leaves)
    shares: list[CountryShare] = []
    for value in values:
        if value.is_total:
            continue
        total = totals.get(value.group)
        share = None if total is None or value.quantity is None else _share(value.quantity, total)
        place = f"[{len(shares)}]"
        for fact, node in value.cells.items():
            if getattr(value, fact) is not None:
                node.map(f"{place}.{fact}")
        if share is not None and total is not None:
            total.node.map(f"{place}.share")
        shares.append(
            CountryShare(
                mineral=value.mineral,
                activity=value.activity,
                product=value.product,
                country=value.country,
                year=value.year,
                quantity=value.quantity,
                unit=value.unit,
                share=share,
                evidence=source,
            )
        )
    return leaves.imported(tuple(shares))


# -- rows ----------------------------------------------------------------------------------------


def _wide(row: Node) -> Iterator[_Value]:
    """The numbers of a row of 2025: one for each year."""
    for name in row.value:
        if not _PRODUCTION.fullmatch(name):
            continue
        found = _value(
            row,
            ("COMMODITY", "TYPE", "COUNTRY", "UNIT_MEAS"),
            row.child(name),
            int(name[-4:]),
            {},
        )
        if found is not None:
            yield found


def _long(row: Node) -> Iterator[_Value]:
    """The number of a row of 2026, if it is one of production by country."""
    if row.child("Statistics").text != "Production" or not row.child("Section").text.startswith(
        "World"
    ):
        row.skip("no production by country")
        return
    year = row.child("Year")
    if not re.fullmatch(r"\d{4}", year.text):
        row.doubt("the year is not a single one")
        return
    names = ("Commodity", "Statistics_detail", "Country", "Unit")
    found = _value(row, names, row.child("Value"), int(year.text), {"year": year})
    if found is not None:
        yield found


def _value(
    row: Node,
    names: tuple[str, str, str, str],
    number: Node,
    year: int,
    cells: Mapping[str, Node],
) -> _Value | None:
    commodity, product, country, unit = (row.child(name) for name in names)
    mineral = as_mineral(commodity.text)
    if not isinstance(mineral, ApplicableMineral):
        row.skip(mineral.remedy)
        return None
    activity = _activity(product.text)
    if activity is None:
        row.doubt("neither mine production nor that of smelters or refineries")
        return None
    label = country.text.casefold()
    is_total = label.startswith("world total")
    others = label.startswith("other")
    code = None if is_total or others else country.peek(as_listed_country)
    if code is None and not is_total and not others:
        row.doubt("which country this is of is not known")
        return None
    return _Value(
        mineral=mineral,
        activity=activity,
        product=product.text,
        country=code,
        is_total=is_total,
        year=year,
        unit=unit.peek(as_text),
        quantity=number.peek(_quantity),
        cells={
            "mineral": commodity,
            "activity": product,
            "country": country,
            "unit": unit,
            "quantity": number,
            **cells,
        },
    )


def _activity(product: str) -> Activity | None:
    word = product.casefold()
    if word.startswith("mine"):
        return Activity.EXTRACTION
    return Activity.PROCESSING if word.startswith(("smelter", "refinery", "refined")) else None


def _quantity(value: Any) -> Any:
    """A number as the tables write it: thousands, estimates, ends."""
    if value in _NOT_GIVEN:
        return Fault(value, _NOT_GIVEN[value])
    if value in _DASHES:
        return Fault(value, "a dash: none was produced, or none is reported")
    match = _NUMBER.fullmatch(value)
    if match is None:
        return Fault(value, "this is not a number as the tables write one")
    number = as_quantity(match["digits"].replace(",", ""))
    if not isinstance(number, Decimal) or match["sign"] is None:
        return number
    return Bounds(number, _INFINITE) if match["sign"] == ">" else Bounds(_NOTHING, number)


# -- shares --------------------------------------------------------------------------------------


@attrs.frozen
class _Total:
    """The total of the world within its rounding.

    Args:
        lower: The minimum it may be.
        upper: The most it may be.
        node: Where it is.
    """

    lower: Fraction
    upper: Fraction
    node: Node


def _totals(values: Sequence[_Value], leaves: Leaves) -> dict[tuple[Any, ...], _Total]:
    """The total of each group that has one, and only one that its countries fit into."""
    stated: dict[tuple[Any, ...], list[_Value]] = {}
    sums: dict[tuple[Any, ...], Fraction] = {}
    for value in values:
        if value.is_total:
            stated.setdefault(value.group, []).append(value)
        elif value.quantity is not None:
            least = Bounds.of(value.quantity).lower
            sums[value.group] = sums.get(value.group, Fraction(0)) + Fraction(least)
    found = {}
    for group, totals in stated.items():
        node, quantity = totals[0].cells["quantity"], totals[0].quantity
        if len(totals) > 1:
            for total in totals:
                total.cells["quantity"].doubt("the total of the world is stated twice")
        elif isinstance(quantity, Decimal) and quantity > 0:
            half = Fraction(_rounded_to(quantity), 2)
            known = sums.get(group, Fraction(0))
            if known > Fraction(quantity) + half:
                node.doubt("the countries add up to more than the total of the world")
            else:
                lower = max(Fraction(quantity) - half, known)
                found[group] = _Total(lower, Fraction(quantity) + half, node)
    for group in dict.fromkeys(value.group for value in values):
        if group not in found:
            mineral, product, _, year = group
            leaves.notes.append(f"{mineral}, {product}, {year}: no shares without one total")
    return found


def _rounded_to(number: Decimal) -> Fraction:
    """The unit of the last digit of a number that is not 0.

    >>> _rounded_to(Decimal("290000")), _rounded_to(Decimal("12.5"))
    (Fraction(10000, 1), Fraction(1, 10))
    """
    _, digits, exponent = number.as_tuple()
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return Fraction(10) ** (int(exponent) + zeros)


def _share(quantity: Decimal | Bounds[Decimal], total: _Total) -> Bounds[Fraction]:
    ends = Bounds.of(quantity)
    lower = Fraction(ends.lower) * Fraction(total.upper.denominator, total.upper.numerator)
    if not ends.upper.is_finite():
        return Bounds(lower, Fraction(1))
    upper = Fraction(ends.upper) * Fraction(total.lower.denominator, total.lower.numerator)
    return Bounds(lower, min(upper, Fraction(1)))
