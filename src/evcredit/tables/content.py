"""The two contents of many batteries, from tables of chains, steps and components.

What `evcredit.section_30d.minerals` and `evcredit.section_30d.components` do for one battery is
done here for every vehicle of a table, with the same numbers and places of the law and, as far as
values allow, the same bounds. Nothing is collected: a lazy frame stays lazy.

How unknowns travel. A share of a whole is carried as sums over its parts and two small codes, of
which the greatest of a group decides, so that grouping needs sums and maxima alone:

* for the lower end 2 says that a part of unknown value may count for nothing, 1 the same of a part
  worth nothing, 0 that there is no such part, and -1 that there is no part at all;
* for the upper end 2 says that a part of unknown value may count, 1 that a part worth nothing or
  of unknown value does not, 0 and -1 as before.

Exactness. Values are whole cents, and comparisons are cross-multiplied. Only the traced qualifying
value of a chain, its value times a ratio, need not be whole: it is carried in millionths of a
dollar, rounded down for the lower and up for the upper end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from itertools import product
from operator import and_, or_
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.battery import ASSEMBLED, Activity, ComponentKind, incremental
from evcredit.country import alpha_2_codes
from evcredit.errors import InvalidFactError, raise_faults
from evcredit.law import Law, Members, current_law
from evcredit.mineral import applicable_minerals
from evcredit.section_30d.foreign_entity import in_order, telling_places
from evcredit.section_30d.minerals import (
    MOST_UNKNOWN_ACTIVITIES,
    counting_places,
    first_sourcing_day,
    listing_days,
    looked_at,
    value_added_threshold,
)
from evcredit.share import reaches
from evcredit.tables.doors import numbered, unnumbered

__all__ = [
    "LARGEST_CENTS",
    "MADE_HERE",
    "NEEDED",
    "OPTIONAL",
    "WHAT",
    "compare_content",
    "differing_content",
    "entered_tables",
    "qualifying_content",
    "unlike_keys",
]

#: The most cents a chain, a step or a component may be worth: ten million dollars. Products of
#: what is summed from up to nine thousand such values of a vehicle fit into 64 bits.
LARGEST_CENTS = 10**9
#: The largest sum that a share is worked out from; products of two such sums fit. Beyond it a
#: share is somewhere between nothing and the whole.
_LARGEST_SUM = 3 * LARGEST_CENTS
#: Millionths of a dollar in a cent, and the parts in which the share of a chain of unknown value
#: is carried, which is what a dollar has.
_FINE = 10_000
_PARTS = 100 * _FINE
#: How many components of unknown value may lie directly inside each other.
_MOST_HOLLOW = 6

_KEYS = ("vehicle", "chain")
_DAY = "purchase_placed_in_service"
_ENDS = ("lower_of", "lower_in", "upper_of", "upper_in")
_UNKNOWN_SHARE = (0, 1, 1, 1)
_WHOLE = "qualifying_critical_mineral_content"
_TRACED = "traced_critical_mineral_content"
_COMPONENTS = "qualifying_battery_component_content"
_BY_MINERALS = "minerals_from_foreign_entity_of_concern"
_BY_COMPONENTS = "components_from_foreign_entity_of_concern"
_MINED = tuple(each for each in Activity if each is not Activity.RECYCLING)

#: The engines this was tried on. In pandas whole numbers may become floats where some are missing.
_ENGINES = ("polars", "pyarrow", "duckdb", "pyspark")

Frame = Any
Expr = Any


class _Ends(NamedTuple):
    """What surely holds, and what may."""

    least: Expr
    most: Expr


class _Ratio(NamedTuple):
    """A part and its whole; the whole is never nothing."""

    of: Expr
    whole: Expr


# -- the interface -------------------------------------------------------------------------


def qualifying_content(
    vehicles: Any,
    *,
    chains: Any = None,
    steps: Any = None,
    components: Any = None,
    law: Law | None = None,
) -> Any:
    """The two contents of every vehicle of a table, from tables of what is in its battery.

    26 USC 30D(e)(1) and (e)(2), 26 CFR 1.30D-3, and for the flags 26 USC 30D(d)(7). All tables
    are of one engine, Polars, pandas, PyArrow, DuckDB or PySpark; lazy ones give a lazy result.
    Money is whole cents, countries are alpha-2 codes of ISO 3166-1, and a null is always unknown.

    Args:
        vehicles: One row for each vehicle: ``vehicle``, its key, and
            ``purchase_placed_in_service``, the day that picks the law. Optionally
            ``no_minerals`` and ``no_components``, true where the battery is known to hold none,
            and ``vehicle_battery_minerals_from_foreign_entity_of_concern`` and
            ``vehicle_battery_components_from_foreign_entity_of_concern``, what is stated of the
            battery as a whole. Other columns are passed through.
        chains: The procurement chains: ``vehicle``, ``chain``, a key within the vehicle,
            ``mineral``, its identifier, and ``value_cents``. The chains of a vehicle are all it
            has; a vehicle without any has unknown ones, unless ``no_minerals`` is true.
        steps: Their steps: ``vehicle``, ``chain``, ``activity``, ``country`` and
            ``value_added_cents``; optionally ``performed_on``, the day of the activity, and
            ``foreign_entity_of_concern``, whether it was by one. A chain without steps is
            unknown.
        components: The components: ``vehicle``, ``component``, a key within the vehicle,
            ``inside``, the key of the component it is in, null for an outermost one,
            ``value_cents`` and ``made_in``; optionally ``foreign_entity_of_concern``, ``kind`` and
            ``nothing_inside``, true where a component is known to hold no other. One with none
            in it holds none if that is stated, or follows from its kind; otherwise what it
            holds is unknown.
        law: The law; `current_law` if left out.

    Returns:
        The vehicles, with the bounds of three shares, each as four columns of whole numbers,
        ``..._lower_of`` over ``..._lower_in`` and ``..._upper_of`` over ``..._upper_in``:
        ``qualifying_critical_mineral_content`` by the 50 percent value added test,
        ``traced_critical_mineral_content`` by the traced qualifying value test and
        ``qualifying_battery_component_content``. They are null where there is no share to speak
        of: no mineral or no component, or a vehicle placed in service before the sourcing rules.
        What is unknown altogether is 0 of 1 to 1 of 1. Then two flags,
        ``minerals_from_foreign_entity_of_concern`` and
        ``components_from_foreign_entity_of_concern``: true, false, or null for unknown.

        What cannot be true counts as unknown and never as no: an activity or a country that
        there is not, a value that is negative or more than `LARGEST_CENTS`, components worth
        less than what is in them, or inside something that is not there.

    Raises:
        InvalidFactError: A column is missing, or is of a type that is not exact, or a column of
            the result is there already; or a table is of an engine that does not keep whole
            numbers, such as Dask.
        InvalidFactsError: Several faults.

    >>> import polars as pl
    >>> vehicles = pl.LazyFrame({"vehicle": [1], "purchase_placed_in_service": ["2024-06-03"]})
    >>> chains = pl.LazyFrame(
    ...     {"vehicle": [1, 1], "chain": [1, 2], "mineral": ["nickel"] * 2, "value_cents": [2, 3]}
    ... )
    >>> steps = pl.LazyFrame(
    ...     {
    ...         "vehicle": [1, 1],
    ...         "chain": [1, 2],
    ...         "activity": ["processing"] * 2,
    ...         "country": ["JP", "CN"],
    ...         "value_added_cents": [None, None],
    ...     },
    ...     schema_overrides={"value_added_cents": pl.Int64},
    ... )
    >>> found = qualifying_content(
    ...     vehicles.with_columns(pl.col("purchase_placed_in_service").str.to_date()),
    ...     chains=chains,
    ...     steps=steps,
    ... )
    >>> found.select(pl.col("^qualifying_critical.*lower.*$")).collect().row(0)
    (2, 5)
    """
    law = current_law() if law is None else law
    given = {"vehicles": vehicles, "chains": chains, "steps": steps, "components": components}
    if nw.from_native(vehicles).implementation.is_pandas():
        tables = {name: numbered(table) for name, table in given.items() if table is not None}
        return unnumbered(vehicles, qualifying_content(**tables, law=law))
    frames = entered_tables(given)
    schemas = {name: frame.collect_schema() for name, frame in frames.items()}
    raise_faults(fault for name, schema in schemas.items() for fault in _faults(name, schema))
    raise_faults(unlike_keys(schemas))
    if chains is None and steps is not None:
        raise InvalidFactError("chains", None, "steps belong to chains; give their table too")
    found = frames["vehicles"]
    names = set(found.collect_schema().names())
    if chains is None:
        found = found.with_columns(**_nothing_known(_WHOLE, _TRACED, concern="_minerals"))
    else:
        minerals = _minerals(frames["vehicles"], frames["chains"], frames.get("steps"), law)
        found = found.join(minerals, on="vehicle", how="left")
    if components is None:
        found = found.with_columns(**_nothing_known(_COMPONENTS, concern="_components"))
    else:
        parts = _of_components(frames["vehicles"], frames["components"], law)
        found = found.join(parts, on="vehicle", how="left")
    found = found.with_columns(
        **_told(law, names, (_WHOLE, _TRACED), "minerals", first_sourcing_day(law)),
        **_told(
            law,
            names,
            (_COMPONENTS,),
            "components",
            law.battery_components_percentage.boundaries()[0],
        ),
    )
    return found.drop("_minerals", "_components").to_native()


def entered_tables(given: dict[str, Any]) -> dict[str, Frame]:
    """The tables that are given, wrapped.

    Raises:
        InvalidFactError: One is of an engine that may not keep whole numbers.
    """
    frames = {name: nw.from_native(each) for name, each in given.items() if each is not None}
    for name, frame in frames.items():
        if frame.implementation.value not in _ENGINES:
            known = ", ".join(_ENGINES)
            remedy = f"convert it first; engines known to keep whole numbers: {known}"
            raise InvalidFactError(name, frame.implementation.value, remedy)
    return frames


def compare_content(
    vehicles: Any,
    before: Law,
    after: Law,
    *,
    chains: Any = None,
    steps: Any = None,
    components: Any = None,
) -> Any:
    """The two contents of every vehicle under two laws, for `compare_frames`.

    Args:
        vehicles: As for `qualifying_content`.
        before: The first law.
        after: The second law.
        chains: As for `qualifying_content`.
        steps: As for `qualifying_content`.
        components: As for `qualifying_content`.

    Returns:
        The vehicles, with every column that `qualifying_content` adds twice: with ``_before``
        and with ``_after`` at the end of its name.

    Raises:
        InvalidFactError: As for `qualifying_content`.
        InvalidFactsError: Several faults.

    >>> import polars as pl
    >>> from datetime import date
    >>> law = current_law()
    >>> vehicles = {"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]}
    >>> chain = {"vehicle": [1], "chain": [1], "mineral": ["nickel"], "value_cents": [500]}
    >>> step = {
    ...     "vehicle": [1],
    ...     "chain": [1],
    ...     "activity": ["processing"],
    ...     "country": ["JP"],
    ...     "value_added_cents": [300],
    ... }
    >>> found = compare_content(
    ...     pl.DataFrame(vehicles),
    ...     law.without_agreement("JPCMA"),
    ...     law,
    ...     chains=pl.DataFrame(chain),
    ...     steps=pl.DataFrame(step),
    ... )
    >>> found.select(pl.col("^qualifying_critical_.*_lower_of_.*$")).row(0)
    (0, 500)
    """
    tables = {"chains": chains, "steps": steps, "components": components}
    found = vehicles
    for law, end in ((before, BEFORE), (after, AFTER)):
        names = {name: name + end for name in MADE_HERE}
        content = nw.from_native(qualifying_content(found, **tables, law=law))
        found = content.rename(names).to_native()
    return found


#: How the names of columns end that hold something under the first and the second of two laws.
BEFORE, AFTER = "_before", "_after"


def differing_content(one: Law, other: Law) -> tuple[str, ...]:
    """The columns of `qualifying_content` that two laws work out differently."""
    first, second = _basis(one), _basis(other)
    return tuple(name for name, basis in first.items() if basis != second[name])


def _basis(law: Law) -> dict[str, Any]:
    """For each column of the result, all that it takes from the law."""
    threshold = _stretches(
        law.value_added_threshold_percent.boundaries(),
        lambda day: value_added_threshold(law, day),
    )
    traced = (_Places(law).groups, first_sourcing_day(law), listing_days(law))
    parts = (law.north_america.rows, law.battery_components_percentage.boundaries()[0])
    concern = (_telling(law), in_order(law, "stated", "follows"))
    basis = {_WHOLE: (*traced, threshold), _TRACED: traced, _COMPONENTS: parts}
    shares = {column: of for name, of in basis.items() for column in _columns(name)}
    return {**shares, _BY_MINERALS: concern, _BY_COMPONENTS: concern}


def _columns(name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{end}" for end in _ENDS)


def _nothing_known(*names: str, concern: str) -> dict[str, Expr]:
    """The columns of vehicles of which no row tells anything."""
    ends = {each: nw.lit(0, nw.Int64) for name in names for each in _columns(name)}
    # Less than any code: it says that there are no rows.
    return {**ends, concern: nw.lit(_NO_ROWS, nw.Int64)}


_NO_ROWS = -1


def _told(
    law: Law, given: set[str], names: Sequence[str], parts: str, first: date
) -> dict[str, Expr]:
    """The columns of the result: null where there is no share, unknown where there are no rows."""
    code = nw.col(f"_{parts}").fill_null(_NO_ROWS)
    rows = code != _NO_ROWS
    none: Expr = nw.lit(value=False)
    if f"no_{parts}" in given:
        none = nw.col(f"no_{parts}").fill_null(value=False)
    early = (nw.col(_DAY) < first).fill_null(value=False)
    told: dict[str, Expr] = {}
    for name in names:
        for column, unknown in zip(_columns(name), _UNKNOWN_SHARE, strict=True):
            known = nw.when(rows).then(nw.col(column)).otherwise(unknown)
            told[column] = nw.when(~early & (rows | ~none)).then(known.cast(nw.Int64))
    clean = (code == _CLEAN) | (~rows & none)
    flag = nw.when(code == _TAINTED).then(nw.lit(value=True))
    follows = flag.otherwise(nw.when(clean).then(nw.lit(value=False)))
    stated = f"vehicle_battery_{parts}_from_foreign_entity_of_concern"
    if stated in given:
        follows = nw.coalesce(*in_order(law, nw.col(stated), follows))
    told[f"{parts}_from_foreign_entity_of_concern"] = follows
    return told


# -- what a table must be ------------------------------------------------------------------

_INTEGERS = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32, nw.UInt64)
#: For each thing that a column may hold, its types, and the same in words.
WHAT: dict[str, tuple[tuple[Any, ...], str]] = {
    "key": ((*_INTEGERS, nw.String), "whole numbers or text"),
    "cents": (_INTEGERS, "whole cents as integers"),
    "text": ((nw.String, nw.Categorical, nw.Enum), "text"),
    "flag": ((nw.Boolean,), "true, false or null"),
    "day": ((nw.Date,), "dates"),
}
#: The columns that each table must have.
NEEDED = {
    "vehicles": {"vehicle": "key", _DAY: "day"},
    "chains": {"vehicle": "key", "chain": "key", "mineral": "text", "value_cents": "cents"},
    "steps": {
        "vehicle": "key",
        "chain": "key",
        "activity": "text",
        "country": "text",
        "value_added_cents": "cents",
    },
    "components": {
        "vehicle": "key",
        "component": "key",
        "inside": "key",
        "value_cents": "cents",
        "made_in": "text",
    },
}
#: The columns that each table may have.
OPTIONAL = {
    "vehicles": {
        "no_minerals": "flag",
        "no_components": "flag",
        f"vehicle_battery_{_BY_MINERALS}": "flag",
        f"vehicle_battery_{_BY_COMPONENTS}": "flag",
    },
    "steps": {"performed_on": "day", "foreign_entity_of_concern": "flag"},
    "components": {"foreign_entity_of_concern": "flag", "kind": "text", "nothing_inside": "flag"},
}
#: The columns of the result.
MADE_HERE = frozenset(
    (*_columns(_WHOLE), *_columns(_TRACED), *_columns(_COMPONENTS), _BY_MINERALS, _BY_COMPONENTS)
)


def _faults(table: str, schema: Any) -> Iterator[InvalidFactError]:
    """The columns that are missing or of the wrong type, and those that are in the way."""
    needed = NEEDED[table]
    for name, what in {**needed, **OPTIONAL.get(table, {})}.items():
        types, words = WHAT[what]
        found = schema.get(name)
        if found is None:
            if name in needed:
                yield InvalidFactError(f"{table}.{name}", None, f"give a column of {words}")
        elif not isinstance(found, types):
            yield InvalidFactError(f"{table}.{name}", str(found), f"give {words}")
    if table == "vehicles":
        for name in sorted(MADE_HERE.intersection(schema)):
            yield InvalidFactError(f"{table}.{name}", str(schema[name]), "leave it out; it is made")


def unlike_keys(schemas: dict[str, Any]) -> Iterator[InvalidFactError]:
    """The keys that are of another type than the column they stand for."""
    same = (
        ("chains", "vehicle", "vehicles", "vehicle"),
        ("steps", "vehicle", "vehicles", "vehicle"),
        ("steps", "chain", "chains", "chain"),
        ("components", "vehicle", "vehicles", "vehicle"),
        ("components", "inside", "components", "component"),
    )
    for table, name, other, key in same:
        if table in schemas and other in schemas and schemas[table][name] != schemas[other][key]:
            found, wanted = schemas[table][name], schemas[other][key]
            remedy = f"give {wanted}, the type of {other}.{key}"
            yield InvalidFactError(f"{table}.{name}", str(found), remedy)


# -- the law over columns ------------------------------------------------------------------

Stretches = tuple[tuple[date | None, Any], ...]


def _stretches(starts: Iterable[date], value_of: Callable[[date | None], Any]) -> Stretches:
    """What the law says on an unknown day, and from which day on it says what."""
    found: list[tuple[date | None, Any]] = [(None, value_of(None))]
    for start in starts:
        value = value_of(start)
        if len(found) == 1 or found[-1][1] != value:
            found.append((start, value))
    return tuple(found)


def _changes(stretches: Stretches) -> bool:
    """Whether the day makes a difference."""
    return any(value != stretches[0][1] for _, value in stretches)


def _on(day: Expr, stretches: Stretches, written: Callable[[Any], Expr]) -> Expr:
    """What the law says on the day of each row, each of its values written as an expression."""
    (_, unknown), (_, first), *later = stretches
    found: Expr = written(first)
    if not _changes(stretches):
        return found
    for start, value in later:
        found = nw.when(day >= start).then(written(value)).otherwise(found)
    return nw.when(day.is_null()).then(written(unknown)).otherwise(found)


def _surely(country: Expr, members: Members) -> Expr:
    """Whether a country is in a group for certain."""
    sure = sorted(code for code, known in members.items() if known and code is not None)
    return country.is_in(sure) if sure else nw.lit(value=False)


def _perhaps(country: Expr, members: Members) -> Expr:
    """Whether a country is or may be in a group: unless it is a country known to be outside."""
    return ~country.is_in(sorted(c for c in alpha_2_codes() if members.get(c, False) is False))


class _Places:
    """Where activities count, as expressions over the columns of steps."""

    def __init__(self, law: Law) -> None:
        minerals = [each.identifier for each in applicable_minerals()]
        starts = listing_days(law)
        self.groups: dict[Activity, tuple[tuple[Stretches, list[str]], ...]] = {}
        for activity in Activity:
            # Minerals for which the same places count on every day are looked at together.
            groups: dict[Any, tuple[Stretches, list[str]]] = {}
            for mineral in minerals:

                def places(
                    day: date | None, activity: Activity = activity, mineral: str = mineral
                ) -> Members:
                    return counting_places(law, activity, day, mineral)

                stretches = _stretches(starts, places)
                key = tuple((day, frozenset(members.items())) for day, members in stretches)
                groups.setdefault(key, (stretches, []))[1].append(mineral)
            self.groups[activity] = tuple(groups.values())

    @property
    def by_mineral(self) -> bool:
        """Whether the mineral makes a difference."""
        return any(len(groups) > 1 for groups in self.groups.values())

    @property
    def by_day(self) -> bool:
        """Whether the day makes a difference."""
        return any(_changes(each) for groups in self.groups.values() for each, _ in groups)

    def counts(self, activity: Activity) -> _Ends:
        """Whether a step counts if it is of an activity."""
        country, day, mineral = nw.col("country"), nw.col("day"), nw.col("mineral")
        ends = []
        for written, joined in ((_surely, and_), (_perhaps, or_)):

            def told(members: Members, written: Any = written) -> Expr:
                return written(country, members)

            each = [(_on(day, stretches, told), m) for stretches, m in self.groups[activity]]
            # Of an unknown mineral only what holds for every one is certain.
            found = reduce(joined, [inside for inside, _ in each])
            if len(each) > 1:
                for inside, names in each:
                    found = nw.when(mineral.is_in(names)).then(inside).otherwise(found)
            ends.append(found)
        return _Ends(*ends)


# Codes for foreign entities of concern: the greatest of a group is Kleene's "any".
_CLEAN, _OPEN, _TAINTED = 0, 1, 2


def _telling(law: Law) -> Stretches:
    starts = (entry.start for entry in law.covered_nations.standing)
    return _stretches(starts, lambda day: telling_places(law, day))


def _concern(law: Law, columns: Iterable[str], country: Expr) -> Expr:
    """Whether a row is by a foreign entity of concern, as stated or as its place tells."""
    tells = _on(nw.col("day"), _telling(law), lambda members: _surely(country, members))
    known: Expr = nw.when(tells).then(nw.lit(value=True))
    if "foreign_entity_of_concern" in columns:
        known = nw.coalesce(*in_order(law, nw.col("foreign_entity_of_concern"), known))
    open_or_clean = nw.when(known.is_null()).then(_OPEN).otherwise(_CLEAN)
    return nw.when(known).then(_TAINTED).otherwise(open_or_clean).cast(nw.Int64)


# -- shares over columns -------------------------------------------------------------------


def _number(flag: Expr) -> Expr:
    return nw.when(flag).then(1).otherwise(0).cast(nw.Int64)


def _where(flag: Expr, value: Any, otherwise: int = 0) -> Expr:
    return nw.when(flag).then(value).otherwise(otherwise).cast(nw.Int64)


def _cents(name: str) -> Expr:
    """A value, unknown where it cannot be true or does not fit."""
    value = nw.col(name).cast(nw.Int64)
    return nw.when((value >= 0) & (value <= LARGEST_CENTS)).then(value)


def _low_code(value: Expr, least: Expr) -> Expr:
    """What a part of unknown or no value does to the lower end."""
    worthless = nw.when(value == 0).then(1).otherwise(0)
    hollow = nw.when(value.is_null()).then(2).otherwise(worthless)
    return nw.when(least).then(0).otherwise(hollow).cast(nw.Int64)


def _high_code(value: Expr, most: Expr) -> Expr:
    """What a part of unknown or no value does to the upper end."""
    weightless = value.is_null()
    out = nw.when(~most & (weightless | (value == 0))).then(1).otherwise(0)
    return nw.when(weightless & most).then(2).otherwise(out).cast(nw.Int64)


def _lower(total: Expr, counting: Expr, code: Expr) -> _Ratio:
    """The lower end of a share, from the sums over its parts and their greatest code."""
    weighed = (total > 0) & (code < 2) & (total <= _LARGEST_SUM)
    return _Ratio(
        nw.when(weighed).then(counting).otherwise(_number((code == 0) & (total == 0))),
        nw.when(weighed).then(total).otherwise(1),
    )


def _upper(total: Expr, counting: Expr, code: Expr) -> _Ratio:
    """The upper end of a share."""
    weighed = (total > 0) & (code < 2) & (total <= _LARGEST_SUM)
    out = (code == -1) | ((code == 1) & (total == 0))
    return _Ratio(
        nw.when(weighed).then(counting).otherwise(_number(~out)),
        nw.when(weighed).then(total).otherwise(1),
    )


def _greatest(values: Sequence[Expr]) -> Expr:
    return values[0] if len(values) == 1 else nw.max_horizontal(*values)


def _grouped(
    frame: Frame,
    keys: Sequence[str],
    *,
    sums: Iterable[str] = (),
    greatest: Iterable[str] = (),
    least: Iterable[str] = (),
) -> Frame:
    """One row for each group; some engines widen a sum, and some take plain sums only."""
    sums = tuple(sums)
    found = frame.group_by(*keys).agg(
        *(nw.col(name).sum() for name in sums),
        *(nw.col(name).max() for name in greatest),
        *(nw.col(name).min() for name in least),
    )
    return found.with_columns(*(nw.col(name).cast(nw.Int64) for name in sums))


def _named(name: str, ratio: _Ratio) -> dict[str, Expr]:
    return {f"{name}_of": ratio.of, f"{name}_in": ratio.whole}


def _column(name: str) -> _Ratio:
    return _Ratio(nw.col(f"{name}_of"), nw.col(f"{name}_in"))


def _better(one: str, other: str, *, least: bool = False) -> _Ratio:
    """The greater of two ratios in columns, or the lesser."""
    this, that = _column(one), _column(other)
    first, second = this.of * that.whole, that.of * this.whole
    stays = first <= second if least else first >= second
    return _Ratio(*(nw.when(stays).then(a).otherwise(b) for a, b in zip(this, that, strict=True)))


# -- minerals ------------------------------------------------------------------------------


def _minerals(vehicles: Frame, chains: Frame, steps: Frame | None, law: Law) -> Frame:
    """For each vehicle with chains: the two shares, and the code for entities of concern."""
    threshold = _stretches(
        law.value_added_threshold_percent.boundaries(),
        lambda day: value_added_threshold(law, day),
    )
    named = chains.select(*_KEYS, value=_cents("value_cents"))
    if steps is None:
        unknown = {"lower_whole": 0, "upper_whole": 1, "lower_traced": 0, "concern": _OPEN}
        judged = named.with_columns(
            **{name: nw.lit(value, nw.Int64) for name, value in unknown.items()},
            upper_traced=_weight() * _FINE,
        )
        return _content_of_chains(judged.drop("chain"))
    places = _Places(law)
    rows = _steps(vehicles, chains, steps, places, law)
    grouped = _chains(named, rows)
    if _changes(threshold):
        grouped = _with_day(grouped, vehicles)
    grouped = grouped.with_columns(percent=_on(nw.col("day"), threshold, nw.lit))
    simple = (nw.col("open") == 0) | (nw.col("open") > MOST_UNKNOWN_ACTIVITIES)
    doubtful = grouped.filter(~simple).join(_open_steps(rows), on=list(_KEYS), how="inner")
    both = [_judged(_known_ends(grouped.filter(simple))), _judged(_possible_ends(doubtful))]
    judged = nw.concat(both, how="vertical")
    return _content_of_chains(judged)


def _with_day(frame: Frame, vehicles: Frame) -> Frame:
    days = vehicles.select("vehicle", day=nw.col(_DAY))
    return frame.join(days, on="vehicle", how="left")


def _steps(vehicles: Frame, chains: Frame, steps: Frame, places: _Places, law: Law) -> Frame:
    """Each step with its activity, its value and where it may count, as columns."""
    columns = steps.collect_schema().names()
    kept = [name for name in ("foreign_entity_of_concern",) if name in columns]
    text = {name: nw.col(name).cast(nw.String).fill_null("") for name in ("activity", "country")}
    by_activity = listing_days(law)[0] == date.min
    if by_activity and places.by_day:
        performed: Expr = nw.lit(None, nw.Date)
        if "performed_on" in columns:
            performed = nw.col("performed_on")
        text["performed_on"] = performed
    rows = steps.select(*_KEYS, *kept, **text, value=_cents("value_added_cents"))
    if _changes(_telling(law)) or (places.by_day and not by_activity):
        rows = _with_day(rows, vehicles)
    rows = rows.with_columns(concern=_concern(law, columns, nw.col("country")))
    if by_activity and places.by_day:
        rows = rows.with_columns(day=nw.col("performed_on"))
    if places.by_mineral:
        minerals = chains.select(*_KEYS, mineral=nw.col("mineral").cast(nw.String).fill_null(""))
        rows = rows.join(minerals, on=list(_KEYS), how="left")
    ends: dict[str, Expr] = {}
    for activity in Activity:
        ends[f"least_{activity.value}"], ends[f"most_{activity.value}"] = places.counts(activity)
    return rows.with_columns(**ends).with_columns(
        open=~nw.col("activity").is_in([activity.value for activity in Activity])
    )


_SUMS = tuple(f"{name}_{a.value}" for name in ("total", "low", "high") for a in Activity)
_CODES = tuple(f"{name}_{a.value}" for name in ("low_code", "high_code") for a in Activity)


def _chains(named: Frame, rows: Frame) -> Frame:
    """Each chain with the sums and codes of its activities: one grouping of chains and steps.

    A step whose chain has no row makes a chain of unknown value, so nothing is lost.
    """
    value = nw.col("value")
    cells: dict[str, Expr] = {}
    for activity in Activity:
        name = activity.value
        mine = nw.col("activity") == name
        least, most = nw.col(f"least_{name}"), nw.col(f"most_{name}")
        added = value.fill_null(0)
        cells[f"total_{name}"] = _where(mine, added)
        cells[f"low_{name}"] = _where(mine & least, added)
        cells[f"high_{name}"] = _where(mine & most, added)
        cells[f"low_code_{name}"] = _where(mine, _low_code(value, least), -1)
        cells[f"high_code_{name}"] = _where(mine, _high_code(value, most), -1)
    of_steps = rows.select(
        *_KEYS,
        **{name: cells[name] for name in _SUMS},
        **{name: cells[name].cast(nw.Int8) for name in _CODES},
        open=_number(nw.col("open")),
        steps=nw.lit(1, nw.Int64),
        concern=nw.col("concern"),
        value=nw.when(nw.lit(value=False)).then(nw.lit(0, nw.Int64)),
    )
    of_chains = named.select(
        *_KEYS,
        **{name: nw.lit(0, nw.Int64) for name in _SUMS},
        **{name: nw.lit(-1, nw.Int8) for name in _CODES},
        open=nw.lit(0, nw.Int64),
        steps=nw.lit(0, nw.Int64),
        concern=nw.lit(_CLEAN, nw.Int64),
        value=value,
    )
    return _grouped(
        nw.concat([of_steps, of_chains], how="vertical"),
        _KEYS,
        sums=(*_SUMS, "open"),
        greatest=(*_CODES, "steps", "concern", "value"),
    )


def _weight() -> Expr:
    """The cents of a chain; a dollar if they are unknown or none, for its share in millionths."""
    value = nw.col("value")
    return nw.when(value > 0).then(value).otherwise(_PARTS // _FINE)


def _sums(names: Sequence[str], activity: Activity) -> Expr:
    return reduce(lambda one, other: one + other, [nw.col(f"{n}_{activity.value}") for n in names])


def _recycled() -> Expr:
    return nw.col(f"low_code_{Activity.RECYCLING.value}") >= 0


def _if(stands: Expr, ratio: _Ratio) -> _Ratio:
    """A share if it may decide, otherwise nothing, so that it is never the greatest."""
    return _Ratio(
        nw.when(stands).then(ratio.of).otherwise(0), nw.when(stands).then(ratio.whole).otherwise(1)
    )


def _best(frame: Frame, end: str) -> Frame:
    """The greatest of the shares of the activities, by whose columns ``end`` is followed."""
    extraction, processing, recycling = (f"{end}_{activity.value}" for activity in Activity)
    return frame.with_columns(**_named(end, _better(extraction, processing))).with_columns(
        **_named(end, _better(end, recycling))
    )


def _known_ends(chains: Frame) -> Frame:
    """The bounds of the best share of chains whose activities are all known."""
    ends: dict[str, Expr] = {}
    for activity in Activity:
        name = activity.value
        total, low, high, low_code, high_code = (
            nw.col(f"{each}_{name}") for each in ("total", "low", "high", "low_code", "high_code")
        )
        stands = looked_at(nw.lit(activity is Activity.RECYCLING), _recycled())
        ends |= _named(f"lower_{name}", _if(stands, _lower(total, low, low_code)))
        ends |= _named(f"upper_{name}", _if(stands, _upper(total, high, high_code)))
    return _best(_best(_narrowed(chains, ends), "lower"), "upper")


def _narrowed(chains: Frame, ends: dict[str, Expr]) -> Frame:
    """The new columns, and of the old ones what is still needed of a chain."""
    kept = [nw.col(name) for name in ("vehicle", "value", "steps", "open", "concern", "percent")]
    return chains.select(*kept, **ends)


def _judged(chains: Frame) -> Frame:
    """Each chain with the least and the greatest part of it that counts under either test."""
    # Without steps, or with too many that may be anything, nothing is known of a chain.
    blank = (nw.col("steps") == 0) | (nw.col("open") > MOST_UNKNOWN_ACTIVITIES)
    lower, upper, percent = _column("lower"), _column("upper"), nw.col("percent")
    weight = _weight()
    ends = {
        "lower_of": _where(~blank, lower.of),
        "lower_in": lower.whole,
        "upper_of": nw.when(blank).then(upper.whole).otherwise(upper.of),
        "upper_in": upper.whole,
    }
    found = chains.select(
        "vehicle",
        "value",
        "percent",
        **ends,
        weight=weight,
        concern=_greatest([nw.col("concern"), _number(nw.col("steps") == 0)]),
    )
    weight = nw.col("weight")
    found = found.with_columns(
        lower_whole=_number(reaches(*lower, percent)),
        upper_whole=_number(reaches(*upper, percent)),
        lower_cents=weight * lower.of // lower.whole,
        upper_cents=weight * upper.of // upper.whole,
    )
    for end, ratio in (("lower", lower), ("upper", upper)):
        # Some engines divide in floating point, which may be one off; the rest tells.
        cents = nw.col(f"{end}_cents")
        rest = weight * ratio.of - cents * ratio.whole
        found = found.with_columns(rest=rest)
        more = _number(nw.col("rest") >= ratio.whole) - _number(nw.col("rest") < 0)
        found = found.with_columns(
            **{f"{end}_cents": cents + more},
            rest=(nw.col("rest") - more * ratio.whole) * _FINE,
        )
        up = ratio.whole - 1 if end == "upper" else 0
        found = found.with_columns(
            **{f"{end}_traced": cents * _FINE + (nw.col("rest") + up) // ratio.whole}
        )
    return found.select(
        "vehicle",
        "value",
        "lower_whole",
        "upper_whole",
        "lower_traced",
        "upper_traced",
        "concern",
    )


# -- chains with steps of unknown activity -------------------------------------------------
#
# A step that may have been anything is tried as everything it may have been. At the upper end
# that is easy: it is best to suppose the one activity to which every step that may count belongs.
# At the lower end a single such step outside North America could have been the only recycling,
# which leaves nothing; only where all lie inside the ways to spread them over the other
# activities are tried one by one.


def _numbered(rows: Frame) -> Frame:
    """The rows of each chain numbered from 1 on, in any order."""
    if isinstance(rows, nw.LazyFrame):
        rows = rows.with_columns(one=nw.lit(1, nw.Int64))
        return rows.with_columns(
            number=nw.col("one").cum_sum().over(*_KEYS, order_by="country").cast(nw.Int64)
        )
    # Not every engine that is eager counts within groups.
    rows = rows.sort(*_KEYS).with_row_index("one").with_columns(one=nw.col("one").cast(nw.Int64))
    return rows.with_columns(number=nw.col("one") - nw.col("one").min().over(*_KEYS) + 1)


def _open_steps(rows: Frame) -> Frame:
    """What the steps of unknown activity add to the sums and codes of their chain."""
    value = nw.col("value")
    added = value.fill_null(0)
    numbered = _numbered(rows.filter(nw.col("open")))
    sums, codes = {}, {}
    for activity in Activity:
        name = activity.value
        most = nw.col(f"most_{name}")
        sums[f"more_{name}"] = _where(most, added)
        codes[f"more_code_{name}"] = _where(most, _where(value.is_null(), 2), -1)
    inside = nw.col(f"least_{Activity.RECYCLING.value}")
    sums["fall"] = _where(~inside, added)
    codes["fall_code"] = _where(~inside, _low_code(value, inside), -1)
    for index, activity in product(range(MOST_UNKNOWN_ACTIVITIES), _MINED):
        this, name = nw.col("number") == index + 1, activity.value
        least = nw.col(f"least_{name}")
        sums[f"total{index}_{name}"] = _where(this, added)
        sums[f"low{index}_{name}"] = _where(this & least, added)
        codes[f"low_code{index}_{name}"] = _where(this, _low_code(value, least), -1)
    return _grouped(numbered.select(*_KEYS, **sums, **codes), _KEYS, sums=sums, greatest=codes)


def _possible_ends(chains: Frame) -> Frame:
    """The bounds of the best share of chains with steps of unknown activity."""
    recycling = Activity.RECYCLING
    ends: dict[str, Expr] = {}
    for activity in Activity:
        name = activity.value
        share = _upper(
            _sums(("total", "more"), activity),
            _sums(("high", "more"), activity),
            _greatest([nw.col(f"high_code_{name}"), nw.col(f"more_code_{name}")]),
        )
        looked = looked_at(nw.lit(activity is recycling), _recycled())
        # It may be a recycled chain whether or not it is known to be.
        ends |= _named(f"upper_{name}", share if activity is recycling else _if(looked, share))
    fallen = _lower(
        nw.col(f"total_{recycling.value}") + nw.col("fall"),
        nw.col(f"low_{recycling.value}"),
        _greatest([nw.col(f"low_code_{recycling.value}"), nw.col("fall_code")]),
    )
    ends |= _named("fallen", _if(_recycled(), fallen))
    ends["spread"] = ~_recycled() & (nw.col("fall_code") < 0)
    every = range(MOST_UNKNOWN_ACTIVITIES)
    spreads = list(product(_MINED, repeat=MOST_UNKNOWN_ACTIVITIES))
    for number, chosen in enumerate(spreads):
        for activity in _MINED:
            mine = [str(index) for index in every if chosen[index] is activity]
            codes = [nw.col(f"low_code{index}_{activity.value}") for index in ("", *mine)]
            share = _lower(
                _sums(["total", *(f"total{index}" for index in mine)], activity),
                _sums(["low", *(f"low{index}" for index in mine)], activity),
                _greatest(codes),
            )
            ends |= _named(f"spread{number}_{activity.value}", share)
    found = _best(_narrowed(chains, ends), "upper")
    names = [f"spread{number}" for number in range(len(spreads))]
    best: dict[str, Expr] = {}
    for name in names:
        best |= _named(name, _better(*(f"{name}_{activity.value}" for activity in _MINED)))
    found = found.with_columns(**best)
    while len(names) > 1:
        least: dict[str, Expr] = {}
        half = names[: len(names) // 2]
        for name, other in zip(half, names[len(half) :], strict=True):
            least |= _named(name, _better(name, other, least=True))
        found, names = found.with_columns(**least), half
    spread, aside = _column(names[0]), _column("fallen")
    chosen_ends = (
        nw.when(nw.col("spread")).then(a).otherwise(b) for a, b in zip(spread, aside, strict=True)
    )
    return found.with_columns(**_named("lower", _Ratio(*chosen_ends)))


# -- the content of vehicles ---------------------------------------------------------------


def _flagged(value: Expr, least: Expr, most: Expr) -> dict[str, Expr]:
    """What a part that counts whole or not at all adds to the sums and codes of its share."""
    known = value.fill_null(0)
    return {
        "total": known,
        "low": _where(least, known),
        "high": _where(most, known),
        "low_code": _low_code(value, least),
        "high_code": _high_code(value, most),
    }


def _share_columns(name: str, lower: _Ratio, upper: _Ratio) -> dict[str, Expr]:
    return dict(zip(_columns(name), (*lower, *upper), strict=True))


def _flagged_share(name: str) -> dict[str, Expr]:
    total = nw.col("total")
    return _share_columns(
        name,
        _lower(total, nw.col("low"), nw.col("low_code")),
        _upper(total, nw.col("high"), nw.col("high_code")),
    )


def _content_of_chains(chains: Frame) -> Frame:
    """The shares of a vehicle, from the parts of its chains that count."""
    value = nw.col("value")
    cells = _flagged(value, nw.col("lower_whole") == 1, nw.col("upper_whole") == 1)
    weighed = value.fill_null(0) > 0
    sums = {
        "traced_low": _where(weighed, nw.col("lower_traced")),
        "traced_high": _where(weighed, nw.col("upper_traced")),
    }
    # Millionths of chains of unknown value and of worthless ones, which are not weighed.
    cells["open_least"] = nw.when(value.is_null()).then(nw.col("lower_traced"))
    cells["open_most"] = nw.when(value.is_null()).then(nw.col("upper_traced"))
    cells["idle_least"] = nw.when(value == 0).then(nw.col("lower_traced"))
    cells["idle_most"] = nw.when(value == 0).then(nw.col("upper_traced"))
    grouped = _grouped(
        chains.select("vehicle", **cells, **sums, concern=nw.col("concern")),
        ["vehicle"],
        sums=("total", "low", "high", *sums),
        greatest=("low_code", "high_code", "open_most", "concern"),
        least=("open_least", "idle_least", "idle_most"),
    )
    return grouped.select(
        "vehicle",
        **_flagged_share(_WHOLE),
        **_share_columns(_TRACED, *_traced_share()),
        _minerals=nw.col("concern"),
    )


def _traced_share() -> tuple[_Ratio, _Ratio]:
    """The traced share of a vehicle: chains of unknown value pull it towards their own."""
    total = nw.col("total") * _FINE
    weighed, open_ = nw.col("total") > 0, ~nw.col("open_least").is_null()
    # The products below stay within 64 bits; beyond, only what is certain is said.
    fits = nw.col("total") <= LARGEST_CENTS - LARGEST_CENTS // 10
    safe = nw.when(fits).then(total).otherwise(0)
    low, high = nw.col("traced_low"), nw.col("traced_high")
    own_low, own_high = (nw.when(fits).then(each).otherwise(0) for each in (low, high))
    least, most = nw.col("open_least"), nw.col("open_most")
    pulled_down = weighed & open_ & (~fits | (least * safe < own_low * _PARTS))
    pulled_up = weighed & open_ & (~fits | (most * safe > own_high * _PARTS))
    idle_low = nw.min_horizontal(least, nw.col("idle_least"))
    idle_high = nw.coalesce(most, nw.col("idle_most"))

    def ratio(pulled: Expr, to: Expr, own: Expr, idle: Expr) -> _Ratio:
        aside = nw.when(weighed).then(to).otherwise(idle)
        stays = weighed & ~pulled
        return _Ratio(
            nw.when(stays).then(own).otherwise(aside),
            nw.when(stays).then(total).otherwise(_PARTS),
        )

    pulled_down, pulled_up = pulled_down.fill_null(value=False), pulled_up.fill_null(value=False)
    return (
        ratio(pulled_down, nw.when(fits).then(least).otherwise(0), low, idle_low),
        ratio(pulled_up, nw.when(fits).then(most).otherwise(_PARTS), high, idle_high),
    )


# -- components ----------------------------------------------------------------------------


def _of_components(vehicles: Frame, components: Frame, law: Law) -> Frame:
    """For each vehicle with components: the share, and the code for entities of concern.

    A component of unknown value, a hollow one, has no incremental value of its own: what it may
    be worth is part of the nearest component around it whose value is known, and so are the
    places where it may have arisen.
    """
    rows = _placed(_component_rows(vehicles, components, law))
    hollow = nw.col("value").is_null()
    inside = rows.filter(~hollow & ~nw.col("above").is_null()).select(
        "vehicle",
        key=nw.col("above"),
        own=nw.lit(0, nw.Int64),
        within=nw.col("value"),
        itself=nw.lit(0, nw.Int64),
        holds=nw.lit(1, nw.Int64),
        least=nw.lit(1, nw.Int64),
        most=nw.lit(0, nw.Int64),
        settled=nw.lit(0, nw.Int64),
        concern=nw.lit(_CLEAN, nw.Int64),
        tangled=nw.col("tangled"),
    )
    known = rows.filter(~hollow).select(
        "vehicle",
        key=nw.col("component"),
        own=nw.col("value"),
        within=nw.lit(0, nw.Int64),
        itself=nw.lit(1, nw.Int64),
        holds=nw.lit(0, nw.Int64),
        least=nw.col("least"),
        most=nw.col("most"),
        settled=nw.col("settled"),
        concern=nw.col("concern"),
        tangled=nw.col("tangled"),
    )
    grouped = _grouped(
        nw.concat([known, inside, _hollow_rows(rows)], how="vertical"),
        ["vehicle", "key"],
        sums=("own", "within"),
        greatest=("itself", "holds", "most", "settled", "concern", "tangled"),
        least=("least",),
    )
    itself = nw.col("itself") == 1
    contents_open = itself & (nw.col("holds") == 0) & (nw.col("settled") == 0)
    rest = incremental(nw.col("own"), nw.col("within"))
    stray = ~itself & ~nw.col("key").is_null()
    pieces = grouped.select(
        "vehicle",
        value=nw.when(itself & (rest >= 0)).then(rest),
        least=_where(~contents_open, nw.col("least")),
        most=nw.when(contents_open).then(1).otherwise(nw.col("most")).cast(nw.Int64),
        concern=nw.col("concern"),
        # What is inside something that is not there, or worth more than what it is in.
        wrong=_number((nw.col("tangled") == 1) | stray | (rest < 0)),
        doubt=_number(contents_open),
    )
    cells = _flagged(nw.col("value"), nw.col("least") == 1, nw.col("most") == 1)
    found = _grouped(
        pieces.select(
            "vehicle",
            **cells,
            wrong=nw.col("wrong"),
            concern=_greatest([nw.col("concern"), nw.col("wrong"), nw.col("doubt")]),
        ),
        ["vehicle"],
        sums=("total", "low", "high"),
        greatest=("low_code", "high_code", "wrong", "concern"),
    )
    wrong = nw.col("wrong") == 1
    share = _flagged_share(_COMPONENTS)
    return found.select(
        "vehicle",
        **{
            name: nw.when(wrong).then(unknown).otherwise(share[name])
            for name, unknown in zip(share, _UNKNOWN_SHARE, strict=True)
        },
        _components=nw.col("concern"),
    )


def _component_rows(vehicles: Frame, components: Frame, law: Law) -> Frame:
    """Each component with its value, where it was made and what is known to be inside."""
    columns = components.collect_schema().names()
    names = ("foreign_entity_of_concern", "nothing_inside")
    kept = [name for name in names if name in columns]
    # Without either column nothing tells that a component holds no other.
    simple = nw.lit(value=False)
    if "kind" in columns:
        kinds = [kind.value for kind in ComponentKind if kind not in ASSEMBLED]
        simple = nw.col("kind").cast(nw.String).fill_null("").is_in(kinds)
    if "nothing_inside" in columns:
        stated = nw.col("nothing_inside")
        simple = nw.when(stated.is_null()).then(simple).otherwise(stated)
    rows = components.select(
        "vehicle",
        "component",
        "inside",
        *kept,
        country=nw.col("made_in").cast(nw.String).fill_null(""),
        value=_cents("value_cents"),
        settled=_number(simple),
    )
    if _changes(_telling(law)):
        rows = _with_day(rows, vehicles)
    country, america = nw.col("country"), law.north_america.members
    return rows.with_columns(
        least=_number(_surely(country, america)),
        most=_number(_perhaps(country, america)),
        concern=_concern(law, columns, country),
    )


def _placed(rows: Frame) -> Frame:
    """Each component with the nearest one around it whose value is known, in ``above``."""
    hollow = rows.filter(nw.col("value").is_null())
    around = hollow.select(
        "vehicle", above=nw.col("component"), beyond=nw.col("inside"), hop=nw.lit(1, nw.Int64)
    )
    walk = hollow.select("vehicle", hollow=nw.col("component"), above=nw.col("inside"))
    for _ in range(_MOST_HOLLOW):
        walk = walk.join(around, on=["vehicle", "above"], how="left").select(
            "vehicle",
            "hollow",
            above=nw.when(nw.col("hop").is_null())
            .then(nw.col("above"))
            .otherwise(nw.col("beyond")),
        )
    # Whatever is still inside a hollow one lies too deep, or goes round in a circle.
    walk = walk.join(around, on=["vehicle", "above"], how="left").select(
        "vehicle",
        inside=nw.col("hollow"),
        past=nw.col("above"),
        tangled=nw.col("hop").fill_null(0),
        through=nw.lit(1, nw.Int64),
    )
    through = ~nw.col("through").is_null()
    return rows.join(walk, on=["vehicle", "inside"], how="left").with_columns(
        above=nw.when(through).then(nw.col("past")).otherwise(nw.col("inside")),
        tangled=nw.col("tangled").fill_null(0),
    )


def _hollow_rows(rows: Frame) -> Frame:
    """The components of unknown value, as parts of what is above them."""
    hollow = rows.filter(nw.col("value").is_null())
    holding = (
        rows.filter(~nw.col("through").is_null())
        .select("vehicle", component=nw.col("inside"), holds=nw.lit(1, nw.Int64))
        .unique()
    )
    open_ = nw.col("holds").is_null() & (nw.col("settled") == 0)
    return hollow.join(holding, on=["vehicle", "component"], how="left").select(
        "vehicle",
        key=nw.col("above"),
        own=nw.lit(0, nw.Int64),
        within=nw.lit(0, nw.Int64),
        itself=nw.lit(0, nw.Int64),
        holds=nw.lit(1, nw.Int64),
        least=_where(~open_, nw.col("least")),
        most=nw.when(open_).then(1).otherwise(nw.col("most")).cast(nw.Int64),
        settled=nw.lit(0, nw.Int64),
        concern=_greatest([nw.col("concern"), _number(open_)]),
        tangled=nw.col("tangled"),
    )
