"""The columns of a table: which facts they hold, under what names, in what units.

A column is named after the path of its fact with ``_`` for the dots, and after its unit:
``vehicle_msrp_cents``, ``vehicle_battery_capacity_watt_hours``. All numbers are whole, 64 bits
wide; an unknown fact is a null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import attrs
import narwhals.stable.v2 as nw

from evcredit.algebra.expression import Fact
from evcredit.algebra.field import FactType, Kind, as_choice
from evcredit.errors import InvalidFactError
from evcredit.facts.country import alpha_2_codes
from evcredit.facts.place import as_country
from evcredit.facts.vehicle import VehicleClass, as_vehicle_class

__all__ = [
    "LARGEST",
    "AnyFrame",
    "ColumnKind",
    "FrameColumn",
    "Span",
    "cell",
    "column_name",
    "column_of",
    "share_column_names",
    "units_of",
    "units_of_type",
]

#: A table of any engine.
AnyFrame = nw.DataFrame[Any] | nw.LazyFrame[Any]
#: The maximum number a column may hold, so that no product in a rule exceeds 64 bits.
LARGEST = 10**13


class ColumnKind(Enum):
    """What a column holds, and as what."""

    FLAG = "boolean"
    DAY = "date"
    TEXT = "text, categorical or enumeration"
    NUMBER = "64-bit whole number"


class FrameColumn(NamedTuple):
    """One column of a table.

    Args:
        name: Its name.
        kind: What it holds, and as what.
        label: The fact in words.
        unit: The unit of a number: ``cents``, ``watt-hours``, ``pounds`` and so on.
        categories: The texts it may hold; `None` for any.
        least: The minimum number it may hold.
        optional: Whether it may be omitted, which says that the fact is not relied on.
        path: The path of the fact in a claim; what is computed of a battery has none.
        reads: The converter of the fact, which knows what other texts mean.
    """

    name: str
    kind: ColumnKind
    label: str
    unit: str = ""
    categories: tuple[str, ...] | None = None
    least: int = 0
    optional: bool = False
    path: str = ""
    reads: Callable[[Any], Any] | None = None


@attrs.frozen
class Span:
    """The days that the days of a column lie in.

    Args:
        first: The first day.
        last: The last day; `None` for open-ended.
    """

    first: date
    last: date | None = None

    def meets(self, start: date, end: date | None) -> bool:
        """Whether any of the days is one from `start` to the day before `end`."""
        return (end is None or self.first < end) and (self.last is None or start <= self.last)

    def ends_before(self, end: date) -> bool:
        """Whether all of the days lie before `end`."""
        return self.last is not None and self.last < end


# -- names and units -----------------------------------------------------------------------

#: How many units of a column make one of a fact, and the name of the unit.
_BY_KIND = {Kind.MONEY: (100, "cents"), Kind.PERCENT: (100, "basis_points")}
_BY_UNIT = {"kWh": (1000, "watt_hours")}


def _scale(declared: FactType) -> tuple[int, str]:
    return _BY_KIND.get(declared.kind) or _BY_UNIT.get(declared.unit, (1, ""))


def units_of(fact: Fact) -> int:
    """How many units of the column make one of the fact."""
    return units_of_type(fact.declared)


def units_of_type(declared: FactType) -> int:
    """How many units of the column make one of a fact so declared."""
    return _scale(declared)[0]


def column_name(fact: Fact) -> str:
    """The name of the column that holds a fact.

    >>> from evcredit.algebra.symbol import facts_of
    >>> from evcredit.facts.claim import Claim
    >>> column_name(facts_of(Claim).vehicle.battery.capacity_kwh)
    'vehicle_battery_capacity_watt_hours'
    """
    *above, last = fact.path.split(".")
    # A vehicle's class is `vehicle_class`: the name says it already.
    above = above[:-1] if above and last.startswith(f"{above[-1]}_") else above
    name, (_, unit) = "_".join((*above, last)), _scale(fact.declared)
    if not unit:
        return name
    plain = name.removesuffix("_" + fact.declared.unit.lower()) if fact.declared.unit else name
    return f"{plain}_{unit}"


def share_column_names(name: str) -> tuple[str, str, str, str]:
    """The names of the columns of a computed share: of and in, at the lower and the upper end."""
    lower_of, lower_in, upper_of, upper_in = (
        f"{name}_{end}_{part}" for end in ("lower", "upper") for part in ("of", "in")
    )
    return lower_of, lower_in, upper_of, upper_in


def cell(fact: Fact, value: Any) -> Any:
    """A value of a fact as its column holds it.

    Raises:
        InvalidFactError: It is known only in bounds, no whole number of the units of the column,
            or too large for one.
    """
    if isinstance(value, str):
        return str(value)  # of a place, its country
    if isinstance(value, bool | date):
        return value
    if isinstance(value, Enum):
        return value.value
    units = units_of(fact)
    try:
        exact = Fraction(value) * units
    except TypeError:
        raise InvalidFactError(fact.path, value, "a table holds no bounds") from None
    if exact.denominator != 1:
        remedy = f"a column holds a whole number of {column_of(fact).unit}"
        raise InvalidFactError(fact.path, value, remedy)
    if abs(exact) > LARGEST:
        raise InvalidFactError(fact.path, value, f"a column holds numbers up to {LARGEST}")
    return exact.numerator


_COLUMN_KINDS = {
    Kind.FLAG: ColumnKind.FLAG,
    Kind.DAY: ColumnKind.DAY,
    Kind.CHOICE: ColumnKind.TEXT,
    Kind.COUNTRY: ColumnKind.TEXT,
    Kind.TEXT: ColumnKind.TEXT,
}
#: Incomes can be negative.
_SIGNED = "modified_adjusted_gross_income"


def column_of(fact: Fact) -> FrameColumn:
    """The column that holds a fact."""
    declared = fact.declared
    categories: tuple[str, ...] | None = None
    if declared.kind is Kind.CHOICE:
        categories = tuple(member.value for member in declared.of)
    elif declared.kind is Kind.COUNTRY:
        categories = tuple(sorted(alpha_2_codes()))
    kind = _COLUMN_KINDS.get(declared.kind, ColumnKind.NUMBER)
    unit = _scale(declared)[1].replace("_", " ") or declared.unit
    return FrameColumn(
        name=column_name(fact),
        kind=kind,
        label=declared.label,
        unit=unit,
        categories=categories,
        least=-LARGEST if fact.path.endswith(_SIGNED) else 0,
        optional=declared.optional,
        path=fact.path,
        reads=None if categories is None else _converter(declared),
    )


def _converter(declared: FactType) -> Callable[[Any], Any]:
    """What takes in the text of a country or a choice."""
    if declared.kind is Kind.COUNTRY:
        return as_country
    return as_vehicle_class if declared.of is VehicleClass else partial(as_choice, declared.of)


def flag_column(name: str, label: str) -> FrameColumn:
    """The column of a flag that follows from the parts of a battery."""
    return FrameColumn(name=name, kind=ColumnKind.FLAG, label=label)


def share_columns(name: str, label: str) -> Iterator[FrameColumn]:
    """The columns of a share that follows from the parts of a battery.

    The share lies between ``lower_of / lower_in`` and ``upper_of / upper_in``.
    """
    for column in share_column_names(name):
        end, part = column.rsplit("_", 2)[1:]
        what = "numerator" if part == "of" else "denominator"
        yield FrameColumn(
            name=column,
            kind=ColumnKind.NUMBER,
            label=f"{label}: {what} of its {end} end",
            unit="cents, or any unit that numerator and denominator share",
            optional=True,
        )
