"""The two contents of many batteries, from tables of chains, steps and components.

What `evcredit.section_30d.sourcing` does for one battery is done here for every vehicle of a
table, with the same numbers and places of the law and, as far as values allow, the same bounds.
Nothing is collected: a lazy frame stays lazy.

Values are whole cents, and comparisons are cross-multiplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.errors import InvalidFactError, raise_faults
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.section_30d.concern.makers import in_order
from evcredit.section_30d.sourcing.places import (
    first_sourcing_day,
    listing_days,
    value_added_threshold,
)
from evcredit.tables.content.components import content_of_components
from evcredit.tables.content.minerals import content_of_minerals
from evcredit.tables.content.shares import (
    CLEAN,
    COMPONENTS,
    DAY,
    OPEN,
    STANDING,
    TAINTED,
    TRACED,
    UNKNOWN_SHARE,
    WHOLE,
    CountingPlaces,
    Expr,
    Frame,
    columns_of_share,
    stretches_of,
    telling_stretches,
)
from evcredit.tables.engines import by_key, numbered, unnumbered, wrapped

__all__ = [
    "CONTENT_LAW",
    "MADE_HERE",
    "NEEDED",
    "OPTIONAL",
    "WHAT",
    "compare_content",
    "content_digest",
    "content_law",
    "differing_content",
    "entered_tables",
    "qualifying_content",
    "unlike_keys",
]


_BY_MINERALS = "minerals_from_foreign_entity_of_concern"
_BY_COMPONENTS = "components_from_foreign_entity_of_concern"

#: The engines this was tried on. In pandas whole numbers may become floats where some are missing.
_ENGINES = ("polars", "pyarrow", "duckdb", "pyspark")


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
    are of one engine, Polars, pandas, PyArrow, DuckDB, PySpark or Dask; lazy ones give a lazy
    result, of Dask in other partitions, in which the rows of a vehicle lie together.
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
            ``foreign_entity_of_concern``, whether it was by one, and ``maker_standing``, what its
            owners make of the maker, as `trace_owners` gives it. A chain without steps is
            unknown.
        components: The components: ``vehicle``, ``component``, a key within the vehicle,
            ``inside``, the key of the component it is in, null for an outermost one,
            ``value_cents`` and ``made_in``; optionally ``foreign_entity_of_concern``,
            ``maker_standing``, ``kind`` and ``nothing_inside``, true where a component is known
            to hold no other. One with none in it holds none if that is stated, or follows from
            its kind; otherwise what it holds is unknown.
        law: The law; `current_law` if omitted.

    Returns:
        The vehicles, with the bounds of three shares, each as four columns of whole numbers,
        ``..._lower_of`` over ``..._lower_in`` and ``..._upper_of`` over ``..._upper_in``:
        ``qualifying_critical_mineral_content`` by the 50 percent value added test,
        ``traced_critical_mineral_content`` by the traced qualifying value test and
        ``qualifying_battery_component_content``. They are null where there is no share to speak
        of: no mineral or no component, or a vehicle placed in service before the sourcing rules.
        What is unknown altogether is 0 of 1 to 1 of 1. Then two flags,
        ``minerals_from_foreign_entity_of_concern`` and
        ``components_from_foreign_entity_of_concern``: true, false, or null for unknown; and
        ``content_law``, the law that they were computed under, as `content_law` names it.

        What is invalid counts as unknown and never as no: an activity or a country that
        there is not, a value that is negative or more than `LARGEST_CENTS`, components worth
        less than what is in them, or inside something that is not there.

    Raises:
        InvalidFactError: A column is missing, or is of a type that is not exact, or a column of
            the result is there already; or a table is of another engine than the first, or of
            one that does not keep whole numbers.
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
    law = law_applied(law)
    given = {"vehicles": vehicles, "chains": chains, "steps": steps, "components": components}
    engine = wrapped(vehicles).implementation
    if engine.is_dask():
        there = {name: table for name, table in given.items() if table is not None}
        return by_key(there, "vehicle", partial(qualifying_content, law=law))
    if engine.is_pandas():
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
        found = found.with_columns(**_nothing_known(WHOLE, TRACED, concern="_minerals"))
    else:
        minerals = content_of_minerals(
            frames["vehicles"], frames["chains"], frames.get("steps"), law
        )
        found = found.join(minerals, on="vehicle", how="left")
    if components is None:
        found = found.with_columns(**_nothing_known(COMPONENTS, concern="_components"))
    else:
        parts = content_of_components(frames["vehicles"], frames["components"], law)
        found = found.join(parts, on="vehicle", how="left")
    found = found.with_columns(
        **_told(law, names, (WHOLE, TRACED), "minerals", first_sourcing_day(law)),
        **_told(
            law,
            names,
            (COMPONENTS,),
            "components",
            law.battery_components_percentage.boundaries()[0],
        ),
    )
    found = found.with_columns(nw.lit(content_law(law)).alias(CONTENT_LAW))
    return found.drop("_minerals", "_components").to_native()


def entered_tables(given: dict[str, Any]) -> dict[str, Frame]:
    """The tables that are given, wrapped.

    Raises:
        InvalidFactError: One is of an engine that may not keep whole numbers.
    """
    frames = {name: wrapped(each) for name, each in given.items() if each is not None}
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
    >>> from evcredit.law import current_law
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
    """The columns of `qualifying_content` that two laws compute differently."""
    first, second = _basis(one), _basis(other)
    found = tuple(name for name, basis in first.items() if basis != second[name])
    return (*found, CONTENT_LAW) if found else ()


#: The column that shows the law under which contents were computed.
CONTENT_LAW = "content_law"


@lru_cache(maxsize=256)
def content_law(law: Law) -> str:
    """Name all that contents take from a law, for rows that carry them: a digest, and its name.

    Laws that differ in nothing that contents take from them have the same digest.

    >>> from evcredit.law import current_law
    >>> law = current_law()
    >>> content_law(law).endswith(" current law")
    True
    """
    return f"{content_digest(law)} {law.name}"


@lru_cache(maxsize=256)
def content_digest(law: Law) -> str:
    """A fingerprint of all that contents take from a law."""
    return sha256(_written(_basis(law)).encode()).hexdigest()[:16]


def _written(value: Any) -> str:
    """A value as a text that is the same in every process, whatever the order of sets."""
    if isinstance(value, Mapping | frozenset):
        items = value.items() if isinstance(value, Mapping) else value
        return f"{{{','.join(sorted(map(_written, items)))}}}"
    if isinstance(value, tuple | list):
        return f"({','.join(map(_written, value))})"
    return repr(value)


def _basis(law: Law) -> dict[str, Any]:
    """For each column of the result, all that it takes from the law."""
    threshold = stretches_of(
        law.value_added_threshold_percent.boundaries(),
        lambda day: value_added_threshold(law, day),
    )
    traced = (CountingPlaces(law).groups, first_sourcing_day(law), listing_days(law))
    parts = (law.north_america.rows, law.battery_components_percentage.boundaries()[0])
    concern = (telling_stretches(law), in_order(law, "stated", "follows"))
    basis = {WHOLE: (*traced, threshold), TRACED: traced, COMPONENTS: parts}
    shares = {column: of for name, of in basis.items() for column in columns_of_share(name)}
    return {**shares, _BY_MINERALS: concern, _BY_COMPONENTS: concern}


def _nothing_known(*names: str, concern: str) -> dict[str, Expr]:
    """The columns of vehicles of which no row shows anything."""
    ends = {each: nw.lit(0, nw.Int64) for name in names for each in columns_of_share(name)}
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
    early = (nw.col(DAY) < first).fill_null(value=False)
    told: dict[str, Expr] = {}
    for name in names:
        for column, unknown in zip(columns_of_share(name), UNKNOWN_SHARE, strict=True):
            known = nw.when(rows).then(nw.col(column)).otherwise(unknown)
            told[column] = nw.when(~early & (rows | ~none)).then(known.cast(nw.Int64))
    clean = (code == CLEAN) | (~rows & none)
    flag = nw.when(code == TAINTED).then(nw.lit(value=True))
    follows = flag.otherwise(nw.when(clean).then(nw.lit(value=False)))
    stated = f"vehicle_battery_{parts}_from_foreign_entity_of_concern"
    if stated in given:
        told_of_it: Expr = nw.col(stated)
        if not law.readings.stated_standing_governs:
            # It says what nothing shows, and nothing that tracing may overturn.
            told_of_it = nw.when(code == OPEN).then(told_of_it)
        follows = nw.coalesce(*in_order(law, told_of_it, follows))
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
    "vehicles": {"vehicle": "key", DAY: "day"},
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
    "steps": {"performed_on": "day", "foreign_entity_of_concern": "flag", STANDING: "text"},
    "components": {
        "foreign_entity_of_concern": "flag",
        STANDING: "text",
        "kind": "text",
        "nothing_inside": "flag",
    },
}
#: The columns of the result.
MADE_HERE = frozenset(
    (
        *columns_of_share(WHOLE),
        *columns_of_share(TRACED),
        *columns_of_share(COMPONENTS),
        _BY_MINERALS,
        _BY_COMPONENTS,
        CONTENT_LAW,
    )
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
            yield InvalidFactError(f"{table}.{name}", str(schema[name]), "omit it; it is made")


def unlike_keys(schemas: dict[str, Any]) -> Iterator[InvalidFactError]:
    """The keys that are of another type than the column they represent."""
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
