"""What comes in as a frame of any engine, with columns on which rules can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import time
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.errors import InvalidFactError
from evcredit.tables.compiler.columns import LARGEST, AnyFrame, ColumnKind, FrameColumn
from evcredit.tables.problems import EXAMPLES, InvalidFrameError, NotAFrameError, Problem

__all__ = [
    "by_key",
    "by_partition",
    "enter",
    "numbered",
    "to_arrow",
    "unnumbered",
    "with_arrow",
    "wrapped",
]


_MIDNIGHT = time()


def wrapped(frame: Any) -> AnyFrame:
    """A frame of any engine, wrapped.

    Raises:
        NotAFrameError: It is no frame of an engine that is known.
        InvalidFrameError: Several columns have one name.
    """
    if isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return frame
    # Narwhals reports repeated names in its own way, and of some engines not at all.
    repeated = _names_given_twice(frame)
    if repeated:
        raise InvalidFrameError(repeated)
    try:
        entered: AnyFrame = nw.from_native(frame)
    except TypeError:
        known = "Polars, pandas, PyArrow, DuckDB, PySpark or Dask"
        remedy = f"give a frame of {known}; assess_files takes the paths of files"
        raise NotAFrameError(frame, remedy) from None
    return entered


def _names_given_twice(frame: Any) -> list[Problem]:
    """The names that several columns have; a frame of Polars has each once."""
    if "polars" in type(frame).__module__:
        return []
    names = getattr(frame, "column_names", None)
    names = getattr(frame, "columns", ()) if names is None else names
    counted = Counter(map(str, names)) if isinstance(names, Iterable) else {}
    what = "several columns have this name; give each its own"
    return [Problem(name, what) for name, times in counted.items() if times > 1]


def enter(frame: Any, columns: Iterable[FrameColumn] = ()) -> AnyFrame:
    """A frame of any engine, wrapped; of pandas, the columns that are read as Arrow columns.

    Args:
        frame: The frame.
        columns: The columns that are read.

    Raises:
        NotAFrameError: It is no frame of an engine that is known.
        InvalidFrameError: Several columns have one name.
    """
    entered = wrapped(frame)
    if entered.implementation.is_pandas() and columns:
        native: Any = entered.to_native()
        here = [column for column in columns if column.name in native]
        # What is no column of one type stays what it is, which `wrong_types` reports.
        table, _ = to_arrow(native, here)
        entered = nw.from_native(with_arrow(native, table, ()))
    return entered


#: The column that numbers the rows of a table made of a pandas frame.
_ROW = "evcredit_row"


def _pyarrow() -> Any:
    try:
        import pyarrow  # noqa: PLC0415  # for pandas and Dask only
    except ImportError:
        remedy = "frames of pandas need pyarrow beside it: pip install pyarrow"
        raise NotAFrameError("no module pyarrow", remedy) from None
    return pyarrow


def to_arrow(
    frame: Any, columns: Iterable[FrameColumn], keys: Iterable[str] = ()
) -> tuple[Any, list[Problem]]:
    """The columns of a pandas frame that are read, as a PyArrow table, and the number of the row.

    Columns of pandas hold nulls in several ways, some in none, and do not mix.

    Args:
        frame: The frame.
        columns: The columns that hold facts.
        keys: Other columns, of any one type.

    Returns:
        The table, and what is wrong with the columns that it has not: they hold no values of one
        type, or of none that Arrow knows.

    Raises:
        NotAFrameError: PyArrow is not installed.
    """
    arrow = _pyarrow()
    made = {_ROW: arrow.array(range(len(frame)), arrow.int64())}
    problems = []
    for column in columns:
        given = frame[column.name]
        problem = _mixed(column, given) if given.dtype == object else None
        if problem is None:
            try:
                made[column.name] = _arrow_column(arrow, given, column)
            except _unfit(arrow):
                wanted = column.kind.value
                problem = Problem(column.name, f"found {given.dtype}; give {wanted}")
        if problem is not None:
            problems.append(problem)
    for key in keys:
        try:
            made[key] = arrow.Array.from_pandas(frame[key])
        except _unfit(arrow):
            problems.append(Problem(key, f"found {frame[key].dtype}; {_ONE_TYPE}"))
    return arrow.table(made), problems


#: What is wrong with a column of pandas that no column of Arrow can be made of.
_ONE_TYPE = "give values of one type that Arrow has"


def _unfit(arrow: Any) -> tuple[type[Exception], ...]:
    """What PyArrow raises for a column that it cannot hold."""
    return (arrow.ArrowException, OverflowError, TypeError, ValueError)


def _arrow_column(arrow: Any, given: Any, column: FrameColumn) -> Any:
    values = arrow.Array.from_pandas(given)
    if arrow.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if column.kind is ColumnKind.DAY and arrow.types.is_timestamp(values.type):
        values = _as_days(arrow, values)
    if arrow.types.is_null(values.type):
        values = values.cast(_arrow_type(arrow, column.kind))
    return values


#: What objects in a column of each kind are; `bool` is no number, and a time of day is no day.
_OBJECTS: dict[ColumnKind, tuple[str, ...]] = {
    ColumnKind.FLAG: ("bool", "bool_"),
    ColumnKind.DAY: ("date",),
    ColumnKind.TEXT: ("str",),
    ColumnKind.NUMBER: (
        "int",
        *(f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)),
    ),
}
#: Days as pandas holds them, at midnight and in no time zone.
_MIDNIGHTS = ({"datetime"}, {"Timestamp"})


def _mixed(column: FrameColumn, given: Any) -> Problem | None:
    """What is wrong with a pandas column of Python objects, which may be of any types."""
    there = given[~given.isna()]
    kinds = {type(value).__name__ for value in there}
    if column.kind is ColumnKind.DAY and kinds in _MIDNIGHTS:
        wrong = [value for value in there if value.tzinfo or value.time() != _MIDNIGHT]
    else:
        wrong = [value for value in there if type(value).__name__ not in _OBJECTS[column.kind]]
    if wrong:
        found = " and ".join(sorted(kinds))
        unit = f" of {column.unit}" if column.unit else ""
        what = f"found {found}; give {column.kind.value}{unit} in every row"
        return Problem(column.name, what, len(wrong), tuple(wrong[:EXAMPLES]))
    if column.kind is ColumnKind.NUMBER:
        large = [value for value in there if abs(value) > LARGEST]
        if large:
            what = f"give numbers from {column.least} to {LARGEST}"
            return Problem(column.name, what, len(large), tuple(large[:EXAMPLES]))
    return None


def _arrow_type(arrow: Any, kind: ColumnKind) -> Any:
    return {
        ColumnKind.FLAG: arrow.bool_(),
        ColumnKind.DAY: arrow.date32(),
        ColumnKind.TEXT: arrow.string(),
        ColumnKind.NUMBER: arrow.int64(),
    }[kind]


def _as_days(arrow: Any, values: Any) -> Any:
    """Days that are midnights, as pandas holds days; a midnight of a time zone is a moment."""
    if values.type.tz is not None:
        return values
    days = values.cast(arrow.date32())
    # Arrow leaves times of day away without a word; `wrong_types` tells them.
    return days if days.cast(values.type).equals(values) else values


def with_arrow(frame: Any, table: Any, columns: Iterable[str]) -> Any:
    """The rows of a pandas frame that a table has, with what the table has beside some columns."""
    import pandas  # noqa: PLC0415  # it is there, as the frame is

    rows = table.column(_ROW).to_numpy()
    kept = frame if len(rows) == len(frame) else frame.iloc[rows]
    read = {_ROW, *columns}
    added = {
        name: pandas.Series(pandas.arrays.ArrowExtensionArray(table.column(name)), index=kept.index)
        for name in table.column_names
        if name not in read
    }
    return kept.assign(**added)


def numbered(frame: Any) -> Any:
    """A pandas frame as a PyArrow table, with the number of the row.

    Raises:
        NotAFrameError: PyArrow is not installed.
        InvalidFrameError: It has columns that PyArrow has no type for.
    """
    arrow = _pyarrow()
    wrapped(frame)
    try:
        table = arrow.Table.from_pandas(frame, preserve_index=False)
    except _unfit(arrow):
        _, problems = to_arrow(frame, (), frame.columns)
        raise InvalidFrameError(problems) from None
    return table.append_column(_ROW, arrow.array(range(len(frame)), arrow.int64()))


def unnumbered(frame: Any, table: Any) -> Any:
    """The rows of a pandas frame that are in a table made of it, with the columns added there."""
    return with_arrow(frame, table.sort_by(_ROW), map(str, frame.columns))


def by_partition(
    frame: Any, strict: bool, assess: Callable[[Any], Any], keys: tuple[str, ...] = ()
) -> Any:
    """A Dask frame, each of whose partitions is a pandas frame: what Narwhals can do is too little.

    Args:
        frame: The frame.
        strict: Whether `assess` gives one frame and not two.
        assess: From a pandas frame to its results.
        keys: Columns; rows that have all of them in common are given to `assess` together.
    """
    empty = assess(frame._meta)  # noqa: SLF001  # how Dask says what the columns of a frame are
    if keys:
        frame = frame.shuffle(on=list(keys))
    if strict:
        return frame.map_partitions(assess, meta=empty)
    parts = (partial(_part, assess=assess, place=place) for place in (0, 1))
    return tuple(
        frame.map_partitions(part, meta=meta) for part, meta in zip(parts, empty, strict=True)
    )


def _part(frame: Any, *, assess: Callable[[Any], Any], place: int) -> Any:
    return assess(frame)[place]


#: The column by which rows of several Dask frames are distributed.
_PLACE = "evcredit_place"


def by_key(tables: dict[str, Any], key: str, work: Callable[..., Any]) -> Any:
    """What some work on pandas frames makes of Dask frames that have a key in common.

    Rows with the same key are brought into the same partition, so that each can be done alone.

    Args:
        tables: The frames by name; the result has the rows of the first.
        key: The column that they have in common.
        work: From pandas frames, given by these names, to the result.
    """
    for name, table in tables.items():
        engine = wrapped(table).implementation
        if not engine.is_dask():
            raise InvalidFactError(name, engine.value, "give a Dask frame, as the first table is")
    work_on = partial(_of_parts, names=tuple(tables), work=work)
    empty = work_on(*(table._meta for table in tables.values()))  # noqa: SLF001
    partitions = max(table.npartitions for table in tables.values())
    # Numbers of the same value have different hashes in different types, and the same text.
    first, *others = (
        table.assign(**{_PLACE: table[key].astype("string[pyarrow]")}).shuffle(
            on=_PLACE, npartitions=partitions
        )
        for table in tables.values()
    )
    return first.map_partitions(work_on, *others, meta=empty, align_dataframes=False)


def _of_parts(*parts: Any, names: tuple[str, ...], work: Callable[..., Any]) -> Any:
    given = (part.drop(columns=_PLACE, errors="ignore") for part in parts)
    return work(**dict(zip(names, given, strict=True)))
