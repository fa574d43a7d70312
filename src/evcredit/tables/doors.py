"""The door: what comes in as a frame of any engine, with columns on which rules can be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.tables.schema import ColumnKind, FrameColumn

__all__ = ["DTYPES", "AnyFrame", "Problem", "enter", "prepared", "wrong_types"]

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
    """A frame of any engine, wrapped; classic pandas columns become Arrow columns.

    Args:
        frame: The frame.
        columns: The columns that are read.

    Raises:
        TypeError: It is no frame of an engine that is known.
    """
    wrapped: Any = nw.from_native(
        frame, pass_through=isinstance(frame, nw.DataFrame | nw.LazyFrame)
    )
    if wrapped.implementation.is_pandas():
        wrapped = nw.from_native(_with_arrow(wrapped.to_native(), columns))
    entered: AnyFrame = wrapped
    return entered


def _with_arrow(frame: Any, columns: Iterable[FrameColumn]) -> Any:
    """A pandas frame whose columns of interest can hold nulls: NumPy's cannot."""
    classic = [
        column
        for column in columns
        if column.name in frame and isinstance(frame[column.name].dtype.type, type)
        if not hasattr(frame[column.name].dtype, "na_value")
        or frame[column.name].dtype.kind in "Mm"
        or str(frame[column.name].dtype) in {"category", "str"}
    ]
    if not classic:
        return frame
    try:
        import pyarrow as arrow  # noqa: PLC0415  # only for pandas
    except ImportError:
        names = ", ".join(column.name for column in classic)
        raise TypeError(
            f"these columns cannot hold unknown values: {names}; install pyarrow and use "
            "frame.convert_dtypes(dtype_backend='pyarrow')"
        ) from None
    made = {}
    for column in classic:
        values = arrow.Array.from_pandas(frame[column.name])
        if column.kind is ColumnKind.DAY and arrow.types.is_timestamp(values.type):
            values = _as_days(arrow, values)
        if arrow.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        made[column.name] = frame[column.name].array.__class__ and _series(frame, values)
    return frame.assign(**made)


def _as_days(arrow: Any, values: Any) -> Any:
    try:
        return values.cast(arrow.date32())
    except arrow.ArrowInvalid:
        return values  # with times of day, which `wrong_types` tells


def _series(frame: Any, values: Any) -> Any:
    import pandas  # noqa: PLC0415  # it is there, as the frame is

    return pandas.Series(pandas.arrays.ArrowExtensionArray(values), index=frame.index)


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
