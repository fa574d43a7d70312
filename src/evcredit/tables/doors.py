"""The door: what comes in as a frame of any engine, with columns on which rules can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.tables.columns import ColumnKind, FrameColumn

__all__ = [
    "DTYPES",
    "AnyFrame",
    "Problem",
    "by_partition",
    "enter",
    "numbered",
    "prepared",
    "to_arrow",
    "unnumbered",
    "with_arrow",
    "wrong_types",
]

AnyFrame = nw.DataFrame[Any] | nw.LazyFrame[Any]


class Problem(NamedTuple):
    """Something wrong with a column, or with some of its rows.

    Args:
        column: The column.
        what: What is wrong, and what to do.
        rows: In how many rows; `None` if it is the column as such.
        examples: Some of the values found.
    """

    column: str
    what: str
    rows: int | None = None
    examples: tuple[Any, ...] = ()

    def __str__(self) -> str:
        where = "" if self.rows is None else f" ({self.rows} rows)"
        shown = ", ".join(map(repr, self.examples))
        return f"{self.column}: {self.what}{where}{f'; for example {shown}' if shown else ''}"


def enter(frame: Any, columns: Iterable[FrameColumn] = ()) -> AnyFrame:
    """A frame of any engine, wrapped; of pandas, the columns that are read as Arrow columns.

    Args:
        frame: The frame.
        columns: The columns that are read.

    Raises:
        TypeError: It is no frame of an engine that is known.
    """
    entered: AnyFrame = nw.from_native(
        frame, pass_through=isinstance(frame, nw.DataFrame | nw.LazyFrame)
    )
    if entered.implementation.is_pandas() and columns:
        native: Any = entered.to_native()
        here = [column for column in columns if column.name in native]
        entered = nw.from_native(with_arrow(native, to_arrow(native, here), ()))
    return entered


#: The column that numbers the rows of a table made of a pandas frame.
_ROW = "evcredit_row"


def _pyarrow() -> Any:
    try:
        import pyarrow  # noqa: PLC0415  # for pandas and Dask only
    except ImportError:
        raise TypeError("frames of pandas need pyarrow beside it: pip install pyarrow") from None
    return pyarrow


def to_arrow(frame: Any, columns: Iterable[FrameColumn]) -> Any:
    """The columns of a pandas frame that are read, as a PyArrow table, and the number of the row.

    Columns of pandas hold nulls in several ways, some in none, and do not mix.

    Raises:
        TypeError: PyArrow is not installed.
    """
    arrow = _pyarrow()
    made = {_ROW: arrow.array(range(len(frame)), arrow.int64())}
    for column in columns:
        values = arrow.Array.from_pandas(frame[column.name])
        if column.kind is ColumnKind.DAY and arrow.types.is_timestamp(values.type):
            values = _as_days(arrow, values)
        if arrow.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if arrow.types.is_null(values.type):
            values = values.cast(_arrow_type(arrow, column.kind))
        made[column.name] = values
    return arrow.table(made)


def _arrow_type(arrow: Any, kind: ColumnKind) -> Any:
    return {
        ColumnKind.FLAG: arrow.bool_(),
        ColumnKind.DAY: arrow.date32(),
        ColumnKind.TEXT: arrow.string(),
        ColumnKind.NUMBER: arrow.int64(),
    }[kind]


def _as_days(arrow: Any, values: Any) -> Any:
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
        TypeError: PyArrow is not installed.
    """
    arrow = _pyarrow()
    table = arrow.Table.from_pandas(frame, preserve_index=False)
    return table.append_column(_ROW, arrow.array(range(len(frame)), arrow.int64()))


def unnumbered(frame: Any, table: Any) -> Any:
    """The rows of a pandas frame that are in a table made of it, with the columns added there."""
    return with_arrow(frame, table.sort_by(_ROW), map(str, frame.columns))


def by_partition(frame: Any, strict: bool, assess: Callable[[Any], Any]) -> Any:
    """A Dask frame, each of whose partitions is a pandas frame: what Narwhals can do is too little.

    Args:
        frame: The frame.
        strict: Whether `assess` gives one frame and not two.
        assess: From a pandas frame to its results.
    """
    empty = assess(frame._meta)  # noqa: SLF001  # how Dask says what the columns of a frame are
    if strict:
        return frame.map_partitions(assess, meta=empty)
    parts = (partial(_part, assess=assess, place=place) for place in (0, 1))
    return tuple(
        frame.map_partitions(part, meta=meta) for part, meta in zip(parts, empty, strict=True)
    )


def _part(frame: Any, *, assess: Callable[[Any], Any], place: int) -> Any:
    return assess(frame)[place]


# -- types ---------------------------------------------------------------------------------

_INTEGERS = (
    nw.Int8,
    nw.Int16,
    nw.Int32,
    nw.Int64,
    nw.UInt8,
    nw.UInt16,
    nw.UInt32,
    nw.UInt64,
)
_ACCEPTED: dict[ColumnKind, tuple[Any, ...]] = {
    ColumnKind.FLAG: (nw.Boolean,),
    ColumnKind.DAY: (nw.Date,),
    ColumnKind.TEXT: (nw.String, nw.Categorical, nw.Enum),
    ColumnKind.NUMBER: _INTEGERS,
}
_NOTHING = (nw.Unknown,)
#: The type in which a column of each kind is read.
DTYPES: dict[ColumnKind, Any] = {
    ColumnKind.FLAG: nw.Boolean,
    ColumnKind.DAY: nw.Date,
    ColumnKind.TEXT: nw.String,
    ColumnKind.NUMBER: nw.Int64,
}


def wrong_types(frame: AnyFrame, columns: Iterable[FrameColumn]) -> list[Problem]:
    """The columns whose type does not fit what they hold."""
    types = frame.collect_schema()
    found = []
    for column in columns:
        dtype: Any = types[column.name]
        if not isinstance(dtype, (*_ACCEPTED[column.kind], *_NOTHING)):
            found.append(Problem(column.name, _remedy(column, dtype)))
    return found


def _remedy(column: FrameColumn, dtype: Any) -> str:
    if column.kind is ColumnKind.DAY and isinstance(dtype, nw.Datetime):
        return f"found {dtype}; give dates without a time: the law counts days"
    if column.kind is ColumnKind.NUMBER and isinstance(dtype, nw.Float32 | nw.Float64):
        unit = f" of {column.unit}" if column.unit else ""
        return f"found {dtype}, which is not exact; give whole numbers{unit} as 64-bit integers"
    if column.kind is ColumnKind.NUMBER and isinstance(dtype, nw.Decimal):
        unit = f" of {column.unit}" if column.unit else ""
        return f"found {dtype}; give whole numbers{unit} as 64-bit integers"
    return f"found {dtype}; give {column.kind.value}"


def prepared(frame: AnyFrame, columns: Iterable[FrameColumn]) -> AnyFrame:
    """The same frame with numbers 64 bits wide, and texts that can be compared with any other."""
    types = frame.collect_schema()
    casts = []
    for column in columns:
        dtype: Any = types[column.name]
        wanted = DTYPES[column.kind]
        if isinstance(dtype, nw.Enum):
            wanted = _full(column, dtype, frame)
        elif isinstance(dtype, nw.Categorical) and frame.implementation.is_polars():
            continue
        if wanted is not None and dtype != wanted:
            casts.append(nw.col(column.name).cast(wanted))
    return frame.with_columns(*casts) if casts else frame


def _full(column: FrameColumn, dtype: Any, frame: AnyFrame) -> Any:
    """The enumeration to read; comparing one with a text that it lacks is an error."""
    known = column.categories
    if not frame.implementation.is_polars() or known is None:
        return nw.String
    if set(dtype.categories) == set(known):
        return None
    return nw.Enum(known) if set(dtype.categories) <= set(known) else nw.String
