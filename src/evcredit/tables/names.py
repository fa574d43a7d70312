"""By which names a table may give a fact, and which other names look like one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evcredit.algebra.field import declared_facts
from evcredit.algebra.shorthand import shorthands
from evcredit.facts.claim import Claim
from evcredit.tables.compiler.columns import FrameColumn
from evcredit.tables.problems import Problem

__all__ = ["called", "meant_by", "short_names", "twice_given", "unread_facts"]

#: Words that are the last part of a fact's name and may be anything else in a table.
_COMMON = frozenset({"kind"})
#: What people call facts, without units, by the paths of the facts that may be meant.
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "price": ("vehicle.msrp", "purchase.sale_price"),
    "list_price": ("vehicle.msrp",),
    "sticker_price": ("vehicle.msrp",),
    "retail_price": ("vehicle.msrp",),
    "gvwr": ("vehicle.gross_vehicle_weight_rating_lb",),
    "gvw": ("vehicle.gross_vehicle_weight_rating_lb",),
    "gross_vehicle_weight": ("vehicle.gross_vehicle_weight_rating_lb",),
    "gross_vehicle_weight_rating": ("vehicle.gross_vehicle_weight_rating_lb",),
    "battery_size": ("vehicle.battery.capacity_kwh",),
    "kwh": ("vehicle.battery.capacity_kwh",),
    "vehicle_vehicle_class": ("vehicle.vehicle_class",),
    "body_class": ("vehicle.vehicle_class",),
    "body_type": ("vehicle.vehicle_class",),
    "assembly_country": ("vehicle.final_assembly_country",),
    "country_of_assembly": ("vehicle.final_assembly_country",),
    "final_assembly": ("vehicle.final_assembly_country",),
    "delivery_date": ("purchase.placed_in_service",),
    "date_placed_in_service": ("purchase.placed_in_service",),
    "placed_in_service_date": ("purchase.placed_in_service",),
    "in_service_date": ("purchase.placed_in_service",),
    "magi": (
        "taxpayer.current_year.modified_adjusted_gross_income",
        "taxpayer.prior_year.modified_adjusted_gross_income",
    ),
    "agi": (
        "taxpayer.current_year.modified_adjusted_gross_income",
        "taxpayer.prior_year.modified_adjusted_gross_income",
    ),
    "income": (
        "taxpayer.current_year.modified_adjusted_gross_income",
        "taxpayer.prior_year.modified_adjusted_gross_income",
    ),
}
#: How a name may end that says a unit, a right one or another.
_UNITS = (
    "_basis_points",
    "_watt_hours",
    "_percent",
    "_dollars",
    "_pounds",
    "_cents",
    "_usd",
    "_kwh",
    "_lbs",
    "_mph",
    "_pct",
    "_kg",
    "_lb",
    "_wh",
)
#: The shortest name in which a slip of spelling is looked for.
_LONG_ENOUGH = 6


def _plain(name: str) -> str:
    """A name in small letters with ``_`` for all that parts words."""
    return "_".join(name.casefold().replace(".", " ").replace("-", " ").replace("_", " ").split())


def _without_unit(name: str) -> str:
    """A name without the unit at its end."""
    return next((name.removesuffix(unit) for unit in _UNITS if name.endswith(unit)), name)


def _tails(column: FrameColumn) -> Iterator[str]:
    """The ends of the name of a column that begin with a part of the path of its fact."""
    parts = column.path.split(".")
    # A name that says no more than its last part has no shorter end.
    for place in range(1, 1 if column.name == parts[-1] else len(parts)):
        start = "_".join(parts[:place]) + "_"
        yield column.name.removeprefix(start)


def short_names(columns: Iterable[FrameColumn]) -> dict[str, tuple[str, ...]]:
    """The ends of names that only one column has, and names of several, with these columns.

    Args:
        columns: Every column that the rules may read.
    """
    columns = tuple(columns)
    whole = {column.name for column in columns}
    found: dict[str, set[str]] = {}
    for column in columns:
        for tail in _tails(column):
            found.setdefault(tail, set()).add(column.name)
    ends = {
        tail: tuple(names)
        for tail, names in found.items()
        if len(names) == 1 and tail not in whole and tail not in _COMMON
    }
    return ends | _together(columns)


def _together(columns: Sequence[FrameColumn]) -> dict[str, tuple[str, ...]]:
    """The names that state several facts at once, as of a claim (`shorthands`)."""
    by_path = {column.path: column.name for column in columns}
    found: dict[str, tuple[str, ...]] = {}
    for part, declared in declared_facts(Claim):
        for name, several in shorthands(declared.of).items():
            meant = tuple(by_path.get(f"{part}.{each}", "") for each in several)
            if all(meant):
                found |= dict.fromkeys((name, f"{part}_{name}"), meant)
    return found


def called(have: Iterable[str], short: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The columns of a table: by the names that rules require, those that the table gives them."""
    have = tuple(have)
    named = {name: name for name in have}
    by_short = {each: name for name in have for each in short.get(name, ())}
    return {**by_short, **named}


def twice_given(have: Sequence[str], short: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """The facts that a table gives under two names."""
    seen: dict[str, str] = {name: name for name in have}
    for name in have:
        others = dict.fromkeys(seen.setdefault(each, name) for each in short.get(name, ()))
        for other in others:
            if other != name:
                yield Problem(name, f"{other} gives the same fact; give it once")


def unread_facts(
    have: Iterable[str], read: Iterable[str], known: Iterable[str], columns: Sequence[FrameColumn]
) -> Iterator[Problem]:
    """The columns that nothing reads and that look like a fact that the table does not give.

    Args:
        have: The columns of the table.
        read: Those that rules read.
        known: Names of facts, of this credit or another: a column so named is no mistake.
        columns: Every column that the rules may read.
    """
    have, passed = tuple(have), {*read, *known}
    for name in have:
        if name not in passed:
            meant = [each for each in meant_by(name, columns) if each not in passed & {*have}]
            if meant:
                some = " or ".join(meant[:3])
                what = f"looks like a fact and is not read; did you mean {some}?"
                yield Problem(name, f"{what} Name it so, or otherwise if it is something else")


def meant_by(name: str, columns: Sequence[FrameColumn]) -> list[str]:
    """The columns that a name may be meant for, though it is not theirs."""
    plain = _plain(name)
    bare = _without_unit(plain)
    paths = _SYNONYMS.get(bare, ())
    found = [column.name for column in columns if column.path in paths]
    for column in columns:
        names = (column.name, *_tails(column))
        alike = plain in names or bare in {_without_unit(each) for each in names}
        near = any(_one_slip(plain, each) for each in names)
        if (alike and bare not in _COMMON) or near:
            found.append(column.name)
    return list(dict.fromkeys(found))


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is omitted, put in, or another, or two neighbors have changed places."""
    if min(len(one), len(other)) < _LONG_ENOUGH or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    if len(rest) == len(others):
        swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
        return swapped or rest[1:] == others[1:]
    return rest[1:] == others or rest == others[1:]
