"""Bad tables of chains, steps and components: every fault at once, before any heavy work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Literal, NamedTuple, overload

import narwhals.stable.v2 as nw

from evcredit.algebra.field import as_choice
from evcredit.facts.chain import Activity
from evcredit.facts.component import ComponentKind
from evcredit.facts.country import alpha_2_codes
from evcredit.facts.mineral import applicable_minerals, as_mineral
from evcredit.facts.place import as_country
from evcredit.tables.checks import (
    PROBLEMS,
    Check,
    any_bad,
    checks_of,
    count_bad,
    key_checks,
    sort_out,
)
from evcredit.tables.column_types import wrong_types
from evcredit.tables.compiler.columns import AnyFrame, ColumnKind, FrameColumn
from evcredit.tables.compiler.reader import SCRATCH
from evcredit.tables.content.components import MOST_ALIKE, circles, has_circles, worth_inside
from evcredit.tables.content.qualifying import (
    MADE_HERE,
    NEEDED,
    OPTIONAL,
    WHAT,
    entered_tables,
    unlike_keys,
)
from evcredit.tables.content.shares import LARGEST_CENTS
from evcredit.tables.engines import numbered, unnumbered, wrapped
from evcredit.tables.problems import InvalidFrameError, Problem

__all__ = ["ContentTables", "check_content"]


class ContentTables(NamedTuple):
    """The tables that `qualifying_content` takes, under the names of its arguments.

    Args:
        vehicles: The vehicles.
        chains: The procurement chains; `None` if there is no such table.
        steps: Their steps; `None` if there is no such table.
        components: The components; `None` if there is no such table.
    """

    vehicles: Any
    chains: Any = None
    steps: Any = None
    components: Any = None


@overload
def check_content(
    vehicles: Any,
    *,
    chains: Any = ...,
    steps: Any = ...,
    components: Any = ...,
    strict: Literal[True] = ...,
) -> ContentTables: ...


@overload
def check_content(
    vehicles: Any,
    *,
    chains: Any = ...,
    steps: Any = ...,
    components: Any = ...,
    strict: Literal[False],
) -> tuple[ContentTables, ContentTables]: ...


def check_content(
    vehicles: Any,
    *,
    chains: Any = None,
    steps: Any = None,
    components: Any = None,
    strict: bool = True,
) -> Any:
    """Look for what `qualifying_content` would have to take for unknown, or cannot know of.

    That is: numbers, countries, minerals, activities and kinds that cannot be; keys that are
    unknown or the same in several rows; chains and components of no vehicle, steps of no chain,
    and components inside none that is there or inside themselves. A null is unknown and no fault,
    except in a key.

    Args:
        vehicles: As for `qualifying_content`.
        chains: As for `qualifying_content`.
        steps: As for `qualifying_content`.
        components: As for `qualifying_content`.
        strict: Whether a bad row is an error. Otherwise bad rows are sorted out, with all rows of
            their vehicle: what is left of a battery would have another content.

    Returns:
        The tables as they are. If not `strict`, a pair: the tables of the vehicles without any
        bad row, and those of the others, with the column ``problems``, which are lazy if they were
        lazy. Only whether components lie inside each other in a circle is found out at once.

    Raises:
        InvalidFrameError: Columns are missing, of a wrong type or with names that are needed, or
            rows are bad; all faults of all tables together.
        InvalidFactError: A table is of an engine that may not keep whole numbers.

    >>> import polars as pl
    >>> from datetime import date
    >>> vehicles = {"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]}
    >>> chains = {
    ...     "vehicle": [1, 1, 2],
    ...     "chain": [1, 1, 1],
    ...     "mineral": ["nickel", "nickel", "unobtainium"],
    ...     "value_cents": [500, 600, 700],
    ... }
    >>> check_content(pl.DataFrame(vehicles), chains=pl.DataFrame(chains))
    Traceback (most recent call last):
        ...
    evcredit.tables.problems.InvalidFrameError: chains.mineral: unknown category; ... 'unobtainium'
    chains.vehicle, chain: several rows have the same key (2 rows); for example (1, 1), (1, 1)
    chains.vehicle: no row of vehicles has this key (1 rows); for example 2
    """
    given = ContentTables(vehicles, chains, steps, components)
    if wrapped(vehicles).implementation.is_pandas():
        return _of_pandas(given, strict=strict)
    frames = entered_tables(
        {name: table for name, table in given._asdict().items() if table is not None}
    )
    problems = list(_of_columns(frames))
    if problems:
        raise InvalidFrameError(problems)
    checked = {name: _checked(name, frames) for name in frames}
    if strict:
        problems = [
            problem._replace(column=f"{name}.{problem.column}")
            for name, (frame, checks) in checked.items()
            for problem in count_bad(frame, checks)
        ]
        if problems:
            raise InvalidFrameError(problems)
        return given
    return _sorted_out(checked)


# -- columns -------------------------------------------------------------------------------

_KINDS = {
    "cents": ColumnKind.NUMBER,
    "text": ColumnKind.TEXT,
    "flag": ColumnKind.FLAG,
    "day": ColumnKind.DAY,
}


def _categories(column: str) -> tuple[str, ...]:
    """The texts that a column may hold."""
    if column == "mineral":
        return tuple(each.identifier for each in applicable_minerals())
    if column == "activity":
        return tuple(each.value for each in Activity)
    if column == "kind":
        return tuple(each.value for each in ComponentKind)
    return tuple(sorted(alpha_2_codes()))  # a country


_READS: Mapping[str, Callable[[Any], Any]] = {
    "mineral": as_mineral,
    "activity": partial(as_choice, Activity),
    "kind": partial(as_choice, ComponentKind),
}


def _columns(table: str, names: list[str]) -> list[FrameColumn]:
    """The columns of a table that are there and no keys."""
    return [
        FrameColumn(
            name,
            _KINDS[what],
            label=name.replace("_", " "),
            unit="cents" if what == "cents" else "",
            categories=_categories(name) if what == "text" else None,
            reads=_READS.get(name, as_country) if what == "text" else None,
        )
        for name, what in {**NEEDED[table], **OPTIONAL.get(table, {})}.items()
        if what in _KINDS and name in names
    ]


def _of_columns(frames: dict[str, AnyFrame]) -> Iterator[Problem]:
    """The columns that are missing, of the wrong type or in the way."""
    types, words = WHAT["key"]
    schemas = {name: frame.collect_schema() for name, frame in frames.items()}
    complete = True
    for table, schema in schemas.items():
        for name, what in NEEDED[table].items():
            if name not in schema:
                complete = False
                yield Problem(f"{table}.{name}", f"missing column; give {WHAT[what][1]}")
            elif what == "key" and not isinstance(schema[name], types):
                yield Problem(f"{table}.{name}", f"found {schema[name]}; give {words}")
        for problem in wrong_types(frames[table], _columns(table, schema.names())):
            yield problem._replace(column=f"{table}.{problem.column}")
        for name in schema:
            made = table == "vehicles" and name in MADE_HERE
            if made or name == PROBLEMS or name.startswith(SCRATCH):
                what = "the result has a column of that name; give yours another"
                yield Problem(f"{table}.{name}", what)
    if complete:
        for fault in unlike_keys(schemas):
            yield Problem(fault.path, f"found {fault.found}; {fault.remedy}")
    if "steps" in frames and "chains" not in frames:
        yield Problem("chains", "steps belong to chains; give their table too")


# -- rows ----------------------------------------------------------------------------------

#: The key of each table that has one.
_KEYS = {
    "vehicles": ("vehicle",),
    "chains": ("vehicle", "chain"),
    "components": ("vehicle", "component"),
}


def _of_pandas(given: ContentTables, *, strict: bool) -> Any:
    """Like the above, for pandas frames, by way of PyArrow."""
    frames = {name: each for name, each in given._asdict().items() if each is not None}
    tables: dict[str, Any] = {name: numbered(frame) for name, frame in frames.items()}
    if strict:
        check_content(**tables)
        return given
    good, bad = (
        ContentTables(
            **{name: unnumbered(frame, getattr(part, name)) for name, frame in frames.items()}
        )
        for part in check_content(**tables, strict=False)
    )
    return good, bad


#: Which table a row must have a match in, and by which columns.
_MATCHES = {
    "chains": (("vehicles", {"vehicle": "vehicle"}),),
    "steps": (("chains", {"vehicle": "vehicle", "chain": "chain"}),),
    "components": (
        ("vehicles", {"vehicle": "vehicle"}),
        ("components", {"vehicle": "vehicle", "inside": "component"}),
    ),
}


def _checked(table: str, frames: dict[str, AnyFrame]) -> tuple[AnyFrame, list[Check]]:
    """The rows of a table with what shows whether they are bad, and what they may not be."""
    frame = frames[table]
    checks: list[Check] = []
    for column in _columns(table, frame.collect_schema().names()):
        if column.kind is ColumnKind.NUMBER:
            here = nw.col(column.name)
            outside = ((here < 0) | (here > LARGEST_CENTS)).fill_null(value=False)
            checks.append(Check(column.name, f"give cents from 0 to {LARGEST_CENTS}", outside))
        else:
            checks += checks_of(frame, [column])
    if table in _KEYS:
        frame, told = key_checks(frame, _KEYS[table])
        checks += told
    for number, (other, keys) in enumerate(_MATCHES.get(table, ())):
        matched = f"{SCRATCH}match_{number}"
        held: Any = (
            frames[other]
            .select(*keys.values())
            .unique()
            .with_columns(**{matched: nw.lit(1, nw.Int64)})
        )
        left, right = list(keys), list(keys.values())
        frame = frame.join(held, left_on=left, right_on=right, how="left")
        lost = nw.col(matched).is_null()
        for key in keys:
            # An unknown key is reported as such, and one inside nothing is the outermost.
            lost = lost & ~nw.col(key).is_null()
        name = ", ".join(keys)
        checks.append(Check(name, f"no row of {other} has this key", lost, tuple(keys)))
    if table == "steps":
        for key in ("vehicle", "chain"):
            checks.append(
                Check(key, "the key of a row is unknown; give one", nw.col(key).is_null())
            )
    if table == "components":
        itself = (nw.col("inside") == nw.col("component")).fill_null(value=False)
        checks.append(Check("inside", "a component is inside itself", itself))
        if has_circles(frames[table]):
            circle = f"{SCRATCH}circle"
            told = circles(frames[table], circle)
            frame = frame.join(told, on=["vehicle", "component"], how="left")
            what = (
                "a component is inside itself through others, or inside "
                f"{MOST_ALIKE} that are worth the same; correct what it is inside"
            )
            checks.append(Check("inside", what, (nw.col(circle) == 1).fill_null(value=False)))
        held = f"{SCRATCH}held"
        frame = frame.join(
            worth_inside(frames[table], held), on=["vehicle", "component"], how="left"
        )
        over = (nw.col(held) > nw.col("value_cents")).fill_null(value=False)
        what = "what is in a component is worth more than the component; correct one of them"
        checks.append(Check("value_cents", what, over))
    return frame, checks


def _sorted_out(
    checked: dict[str, tuple[AnyFrame, list[Check]]],
) -> tuple[ContentTables, ContentTables]:
    """The rows of the vehicles without any bad row, and the others with what is wrong."""
    own: dict[str, Any] = {name: any_bad(checks) for name, (_, checks) in checked.items()}
    keys: Any = [frame.filter(own[name]).select("vehicle") for name, (frame, _) in checked.items()]
    spoilt = f"{SCRATCH}spoilt"
    vehicles = nw.concat(keys, how="vertical")
    marks = (
        vehicles.filter(~nw.col("vehicle").is_null())
        .unique()
        .with_columns(**{spoilt: nw.lit(1, nw.Int64)})
    )
    good, bad = {}, {}
    for name, (frame, checks) in checked.items():
        joined = frame.join(marks, on="vehicle", how="left")
        amounts = ~nw.col(spoilt).is_null() & ~own[name]
        with_it = Check("vehicle", "another row of this vehicle is bad", amounts)
        kept, others = sort_out(joined, [*checks, with_it], PROBLEMS)
        good[name], bad[name] = _plain(kept), _plain(others)
    return ContentTables(**good), ContentTables(**bad)


def _plain(frame: AnyFrame) -> Any:
    """The caller's own frame, without what was computed on the way."""
    names = frame.collect_schema().names()
    return frame.drop(*(name for name in names if name.startswith(SCRATCH))).to_native()
